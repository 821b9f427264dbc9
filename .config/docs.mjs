// Writes docs/reference/ from the tables in src/, the catalog and the help of the built command line (npm run docs).
//
//   node .config/docs.mjs           writes what has changed
//   node .config/docs.mjs --check   names the pages that are stale, and ends with 1 if there are any
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const folder = path.join("docs", "reference");

/** What pages are made of, from the TypeScript sources. */
const sources = `
export { makeReference } from "./src/scenario/describe/reference.ts";
export { METRICS } from "./src/metrics/index.ts";
export { formatFormula } from "./src/metrics/formula.ts";
export { CODES } from "./src/diagnostics/codes.ts";
export { makeSpecimenTables } from "./src/analysis/sample/specimen.ts";
export { loadCatalog } from "./src/scenario/load-catalog.ts";
export { loadScenario } from "./src/scenario/load.ts";
export { FIELDS } from "./src/scenario/fields/index.ts";
`;

async function loadSources() {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-docs-"));
  const outfile = path.join(temporary, "sources.mjs");
  try {
    await build({
      stdin: { contents: sources, resolveDir: root, loader: "ts" },
      bundle: true,
      format: "esm",
      platform: "node",
      outfile,
      logLevel: "warning",
      banner: {
        js: 'import{createRequire as makeRequire}from"node:module";const require=makeRequire(import.meta.url);',
      },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

const made = (what) => `<!-- Made by npm run docs of ${what}; change it there. -->`;

/** A cell of a Markdown table. */
const cell = (text) => String(text).replaceAll("|", "\\|").replaceAll("\n", " ");
const row = (cells) => `| ${cells.map(cell).join(" | ")} |`;
const table = (heading, rows) => [row(heading), row(heading.map(() => "---")), ...rows.map(row)];
const page = (lines) => `${lines.join("\n")}\n`;

const groupTitles = {
  chips: "Chips",
  power: "Power and energy",
  compute: "Compute and memory",
  funnel: "From peak to effective",
  binding: "What binds",
  cost: "Cost and cash",
  book: "Books",
  contract: "Contracts and financing",
  result: "Figures of the whole run",
};
const timeWords = { flow: "sum", stock: "last month", ratio: "-", code: "most frequent" };
const levelWords = {
  part: "chip of a fleet",
  fleet: "fleet",
  site: "site",
  contract: "contract",
  tranche: "tranche",
  total: "the whole",
  run: "run",
};

function metricsPage({ METRICS, formatFormula, makeSpecimenTables }) {
  const tables = makeSpecimenTables();
  const filesOf = (name) =>
    tables
      .filter(
        ({ columns }) =>
          columns.some((column) => column.name === name) ||
          columns.some((column) => column.name === "metric" && column.values?.includes?.(name)),
      )
      .map((one) => one.name)
      .join(", ");
  const lines = [
    made("the metric table in src/metrics"),
    "# Metrics",
    "",
    "Every column of the tables and every figure of a run. A metric exists for what stands under *of*; where it adds, coarser",
    "levels are its sums. *Year* says how months make a calendar year, *better* which way a figure is. Formulas name other metrics and inputs: `chip.`, `fleet.`",
    "and `site.` are fields of the scenario, `run.` and `basis.` are derived as [the model](../model.md) says; amounts are in",
    "canonical units (W, FLOP/s, USD) until they are shown. `gigafleet trace` takes a figure apart by them.",
  ];
  const groups = [...new Set(METRICS.map(({ group }) => group))];
  for (const group of groups) {
    const rows = METRICS.filter((metric) => metric.group === group).map((metric) => {
      const { name, unit, level, adds, time, better, formula, kernel, words, text } = metric;
      const identity = kernel?.identity ? `; ${name} = ${formatFormula(kernel.identity)}` : "";
      const how = formula ? formatFormula(formula) : `kernel ${kernel?.name ?? ""}${identity}`;
      const choices = words ? ` One of ${words.join(", ")}.` : "";
      const of = `${levelWords[level] ?? level}${adds ? ", adds" : ""}`;
      return [`\`${name}\``, unit, of, timeWords[time], better, `${text}${choices}`, how, filesOf(name)];
    });
    lines.push("", `## ${groupTitles[group] ?? group}`, "");
    lines.push(...table(["metric", "unit", "of", "year", "better", "meaning", "how", "tables"], rows));
  }
  return page(lines);
}

function diagnosticsPage({ CODES }) {
  const lines = [
    made("the table of codes in src/diagnostics/codes.ts"),
    "# Diagnostics",
    "",
    "Everything that can be said of a scenario or a command. Errors stop a run; a warning is accepted with `allow: [CODE]` in the",
    "scenario. Each has a worked example among the [cases](../../tests/diagnostics/cases), but for those of the command line.",
  ];
  for (const severity of ["error", "warning"]) {
    lines.push("", severity === "error" ? "## Errors" : "## Warnings");
    for (const [code, entry] of Object.entries(CODES)) {
      if (entry.severity !== severity) continue;
      lines.push("", `### ${code}`, "", entry.explanation, "", entry.remedy);
    }
  }
  return page(lines);
}

function help(...names) {
  const run = spawnSync(process.execPath, [path.join("dist", "cli.js"), ...names, "--help"], {
    encoding: "utf8",
    env: { ...process.env, COLUMNS: "80", NO_COLOR: "1" },
  });
  if (run.status !== 0) throw new Error(`gigafleet ${names.join(" ")} --help failed: ${run.stderr}`);
  return run.stdout.trimEnd();
}

/** Commands as the top-level help lists them. */
function listCommands() {
  const [list = ""] = help().split("Examples:");
  return [...list.matchAll(/^ {2}gigafleet ([a-z]+)/gm)].map(([, name]) => name ?? "");
}

function commandsPage() {
  const block = (text) => ["```", text, "```"];
  const lines = [made("the help of the commands"), "# Commands", "", ...block(help())];
  for (const name of listCommands().filter((one) => one !== "completion"))
    lines.push("", `## ${name}`, "", ...block(help(name)));
  return page(lines);
}

function catalogPage({ loadCatalog, loadScenario, FIELDS }) {
  const place = path.join("scenarios", "catalog");
  const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined);
  const catalog = fs
    .readdirSync(place)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => path.posix.join("scenarios", "catalog", name));
  const { chips, fields, defaults, diagnostics } = loadCatalog({ catalog, read });
  if (diagnostics.length > 0) throw new Error(`the catalog has faults: ${JSON.stringify(diagnostics)}`);
  const trivial = "schema_version: 1\nstart: 2026-01\n";
  const { scenario } = loadScenario({
    path: "scenario",
    catalog,
    read: (file) => (file === "scenario" ? trivial : read(file)),
  });
  const order = FIELDS.map((spec) => spec.path);
  const inOrder = (values) => [...values].sort((a, b) => order.indexOf(a.spec.path) - order.indexOf(b.spec.path));
  const rowOf = (value, name) => {
    const { quality = "", asOf = "", source = "", url, note = "" } = value.origin;
    const where = url ? `[${source}](${url})` : source;
    const money = value.expr?.kind === "inflated" ? ` in money of ${value.expr.currencyYear}` : "";
    return [`\`${name}\``, `${value.text}${money}`, quality, asOf, where, note];
  };
  const heading = ["field", "value", "quality", "as of", "source", "note"];
  const section = (values, prefix) =>
    table(
      heading,
      inOrder(values).map((value) => rowOf(value, value.path.slice(prefix.length))),
    );
  const isFigure = (value) => value.spec.kind !== "text";
  const shared = [...(scenario?.fields.values() ?? [])].filter(
    ({ path: at, origin }) => origin.layer === "catalog" && !/^(chips|sites|fleets)\./.test(at),
  );
  const lines = [
    made("the files in scenarios/catalog"),
    "# Catalog",
    "",
    "Every figure that comes with the program. `A to B` is a 90 % interval. Quality falls from official over reported, estimate and",
    "derived to assumed; what is derived or assumed says in its note how. `gigafleet catalog` lists the chips, `gigafleet catalog CHIP`",
    "shows one.",
    "",
    "## Money and defaults",
    "",
    "What holds where a scenario, site, fleet or chip does not say otherwise.",
    "",
    ...section(shared, ""),
  ];
  for (const collection of ["sites", "fleets", "chips"]) {
    const prefix = `defaults.${collection}.`;
    const own = [...defaults.values()].filter((value) => value.path.startsWith(prefix) && isFigure(value));
    if (own.length > 0) lines.push("", `### Of all ${collection}`, "", ...section(own, prefix));
  }
  for (const chip of chips) {
    const prefix = `chips.${chip}.`;
    const own = [...fields.values()].filter(
      ({ path: at, origin }) => at.startsWith(prefix) && origin.layer === "catalog" && origin.declaredAt === at,
    );
    const word = (name) => fields.get(prefix + name)?.text;
    const facts = [word("vendor"), word("system")].filter(Boolean).join(", ");
    lines.push("", `## ${chip}: ${word("title") ?? chip}`, "", ...(facts ? [`${facts}.`, ""] : []));
    lines.push(...section(own.filter(isFigure), prefix));
  }
  return page(lines);
}

async function makePages() {
  const all = await loadSources();
  return {
    "fields.md": all.makeReference(),
    "metrics.md": metricsPage(all),
    "diagnostics.md": diagnosticsPage(all),
    "commands.md": commandsPage(),
    "catalog.md": catalogPage(all),
  };
}

const pages = await makePages();
const isCheck = process.argv.includes("--check");
const present = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
const stale = [
  ...Object.entries(pages)
    .filter(([name, text]) => !present.includes(name) || fs.readFileSync(path.join(folder, name), "utf8") !== text)
    .map(([name]) => name),
  ...present.filter((name) => !(name in pages)),
];
for (const name of stale) {
  const file = path.join(folder, name);
  console.log(isCheck ? `${file} is stale: npm run docs` : file);
  if (isCheck) process.exitCode = 1;
  else if (name in pages) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(file, pages[name]);
  } else fs.rmSync(file);
}
