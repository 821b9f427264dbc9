import fs from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { runPlain } from "../../src/analysis/results/plain-run.ts";
import { prepareSample, runMonteCarlo } from "../../src/analysis/sample/montecarlo.ts";
import { makeTables } from "../../src/analysis/tables/index.ts";
import { drawRunScreen } from "../../src/cli/screens/run-screen.ts";
import { type Diagnostic, hasErrors, headlineOf } from "../../src/diagnostics/diagnostic.ts";
import { renderConcise, renderFull, renderJson } from "../../src/diagnostics/render.ts";
import { toCsv } from "../../src/export/csv.ts";
import type { Table } from "../../src/metrics/table.ts";
import { writePage } from "../../src/report/page/page.ts";
import { reportRun } from "../../src/report/run-report.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { showScenario } from "../../src/scenario/describe/show.ts";
import { readPacked } from "../../src/scenario/files/packed-catalog.ts";
import { loadScenario } from "../../src/scenario/load.ts";
import { type BrokenFile, brokenFiles } from "./broken-files.ts";

/** How many files are broken; `GIGAFLEET_FUZZ=10000` takes many, and `GIGAFLEET_FUZZ_SEED` others. */
const COUNT = Number(process.env.GIGAFLEET_FUZZ ?? 40);
const SEED = Number(process.env.GIGAFLEET_FUZZ_SEED ?? 20261128);

/** Longer than any file of this size may take, even where other programs keep the processor busy [ms]. */
const HANG = 60_000;

/** One in so many files that still run is sampled and made into a report, too. */
const SAMPLED = 16;

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (file: string): string | undefined =>
  fs.existsSync(file) && fs.statSync(file).isFile() ? fs.readFileSync(file, "utf8") : undefined;
const yamlIn = (folder: string) =>
  fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => folder + name);
const catalog = yamlIn(`${root}scenarios/catalog/`);
const packed = readPacked(fs.readFileSync(`${root}dist/catalog.packed`, "utf8"));
// Small ones twice: they run in little time, so that more of them can be broken.
const small = [...yamlIn(`${root}tests/faults/scenarios/`), `${root}scenarios/starter.yaml`];
const bases = [...small, ...small, ...yamlIn(`${root}scenarios/`)].map((file) => read(file) ?? "");
const runner = createThreadRunner();

/** How many files were refused, and how many run. */
type Answered = { refused: number; run: number };

/** What is wrong with how the program answers a broken file, each fault as `kind: what`. */
async function faultsOf(
  file: BrokenFile,
  isSampled: boolean,
  answered: Answered,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const started = performance.now();
  try {
    for await (const fault of answer(file, isSampled, answered)) faults.push(fault);
  } catch (error) {
    faults.push(`crash: ${error instanceof Error ? error.stack : error}`);
  }
  return performance.now() - started > HANG ? [...faults, "hang"] : faults;
}

async function* answer(
  { text, csv }: BrokenFile,
  isSampled: boolean,
  answered: Answered,
): AsyncGenerator<string> {
  const own = new Map([
    [`${root}scenarios/broken.yaml`, text],
    [`${root}scenarios/x.csv`, csv],
  ]);
  const { scenario, diagnostics, sources } = loadScenario({
    path: `${root}scenarios/broken.yaml`,
    catalog,
    packed,
    // A broken file lies beside the shipped ones, and finds what it extends in either folder.
    read: (name) =>
      own.get(name) ?? read(name) ?? read(name.replace("/scenarios/", "/tests/faults/scenarios/")),
  });
  if ((scenario === undefined) !== hasErrors(diagnostics)) yield "errors and a scenario, or neither";
  yield* wrongMessages(diagnostics);
  const rendered = renderFull(diagnostics, { sources }) + renderConcise(diagnostics);
  if (/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(rendered.replace(/[\n\t]/g, "")))
    yield `control character: ${rendered}`;
  renderJson(diagnostics);
  answered[scenario ? "run" : "refused"]++;
  if (!scenario) return;
  showScenario(scenario);
  const plain = await runPlain(scenario, runner);
  yield* wrongMessages(plain.diagnostics);
  if (!plain.results) return;
  yield* wrongCells(makeTables(plain.results));
  yield* wrongText(drawRunScreen(scenario, plain.results, makeTables(plain.results), undefined));
  if (!isSampled) return;
  const prepared = prepareSample(scenario, plain.results, { trials: 130, seed: "1" });
  const sample = await runMonteCarlo(prepared, plain.results, runner);
  yield* wrongMessages(sample.diagnostics);
  if (!sample.results) return;
  yield* wrongCells(makeTables(sample.results));
  const report = reportRun(scenario, sample.results, { command: "", version: "", files: [], changes: [] });
  yield* wrongText(writePage(report, () => "").replace(/<style>.*?<\/style>|<script>.*?<\/script>/gs, ""));
}

/** A message without a place or a text, or with what a variable holds instead of words. */
function* wrongMessages(diagnostics: readonly Diagnostic[]): Generator<string> {
  for (const one of diagnostics) {
    const headline = headlineOf(one);
    if (!one.span) yield `no place: ${one.code}: ${headline}`;
    const said = `${headline} ${one.help ?? ""} ${one.expected ?? ""}`;
    if (/\bundefined\b|\[object/.test(said)) yield `odd words: ${one.code}: ${said}`;
  }
}

function* wrongCells(tables: readonly Table[]): Generator<string> {
  for (const table of tables) {
    toCsv(table);
    for (const { name, values } of table.columns)
      for (const value of values)
        if (typeof value === "number" && !Number.isFinite(value)) {
          yield `not finite: ${table.name}.${name} is ${value}`;
          break;
        }
  }
}

function* wrongText(text: string): Generator<string> {
  const odd = /.{0,60}\b(NaN|Infinity|undefined|\[object).{0,40}/.exec(text);
  if (odd) yield `odd text: ${odd[0]}`;
}

/** Files of one test: of many a part fails by itself, and progress is seen. */
const PART = 200;

test.each(
  Array.from({ length: Math.ceil(COUNT / PART) }, (_, part) => ({
    seed: SEED + part,
    count: Math.min(PART, COUNT - part * PART),
  })),
)(
  "broken files are read or refused, without crash, hang, cell that is not a number, or message without a place (seed $seed)",
  async ({ seed, count }) => {
    const found: string[] = [];
    const kinds = new Map<string, number>();
    const answered = { refused: 0, run: 0 };
    for (const [index, file] of fc.sample(brokenFiles(bases), { numRuns: count, seed }).entries()) {
      for (const fault of await faultsOf(file, index % SAMPLED === 0, answered)) {
        const kind = fault.slice(0, 60);
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        // One file of each kind is enough to look at.
        if (kinds.get(kind) === 1) found.push(`${fault}\n${file.text}\n${file.csv}`);
      }
    }
    expect([...kinds.entries()], found.join("\n\n========\n\n")).toEqual([]);
    // Files that all are refused, or all run, would test half of what is meant.
    expect(Math.min(answered.refused, answered.run)).toBeGreaterThanOrEqual(Math.max(1, count / 50));
  },
  COUNT > PART ? 3_600_000 : 240_000,
);
