import { makeSpecimenTables } from "../../analysis/sample/specimen.ts";
import { CODES, findCode } from "../../diagnostics/codes.ts";
import { offerNearest } from "../../diagnostics/nearest.ts";
import { formatFormula } from "../../metrics/formula.ts";
import { findMetric, METRICS } from "../../metrics/index.ts";
import type { Metric, TimeRule } from "../../metrics/metric.ts";
import type { Table } from "../../metrics/table.ts";
import { shippedCatalog } from "../../node/package-files.ts";
import { LANGUAGE_WORDS } from "../../scenario/describe/language-words.ts";
import { usedDefaults } from "../../scenario/describe/used-defaults.ts";
import type { FieldSpec } from "../../scenario/fields/field.ts";
import { FIELD_TREE, type FieldNode, fieldNodeAt } from "../../scenario/fields/field-tree.ts";
import { kindInWords, rangeInWords, varianceInWords } from "../../scenario/fields/field-words.ts";
import { FIELDS } from "../../scenario/fields/index.ts";
import { loadCatalog } from "../../scenario/load-catalog.ts";
import { type Command, type Environment, type Given, textOf } from "../io/command.ts";
import { ExitCode, UsageError } from "../io/exit-code.ts";
import { emphasise, printResult } from "../io/streams.ts";
import { drawFacts, type Fact, SCREEN_WIDTH, wrapText } from "../screens/draw-columns.ts";

/** `explain`: explains a field, a word of the language, a column or a diagnostic code. */
export const explainCommand: Command = {
  usage: "explain <name>",
  text: "Explain a field or word of the scenario language, a column of the tables, or a diagnostic code.",
  positionals: {
    name: {
      type: "string",
      description: "Path or last key of a field, word of the language, column, or code",
      demandOption: true,
    },
  },
  options: {},
  examples: [
    ["gigafleet explain sites.main.pue_design", "A field: allowed values, default, example"],
    ["gigafleet explain at_most", "A word of the language: meaning and usage"],
    ["gigafleet explain facility_power_mw", "A column: unit, formula, files that contain it"],
    ["gigafleet explain unit-mismatch", "A diagnostic: cause and remedy"],
  ],
  execute,
};

/** A heading with an explanation below it. */
type Entry = { readonly heading: string; readonly text: string; readonly facts: readonly Fact[] };

function execute(given: Given, environment: Environment): ExitCode {
  const name = textOf(given, "name") ?? "";
  const tables = makeSpecimenTables();
  const entries = [
    ...explainFields(name, environment),
    ...explainSections(name),
    ...explainWords(name),
    ...explainChoices(name),
    ...explainColumn(name, tables),
    ...explainCode(name),
  ];
  if (entries.length === 0) throw new UsageError(describeUnknown(name, tables));
  printResult(entries.map(drawEntry).join("\n"));
  return ExitCode.done;
}

function drawEntry({ heading, text, facts }: Entry): string {
  const lines = [...wrapText(text, SCREEN_WIDTH - 2), ...drawFacts(facts, SCREEN_WIDTH - 2)].map(
    (line) => `  ${line}`,
  );
  return `${[emphasise(heading), ...lines].join("\n")}\n`;
}

/** The field with this path, with names or `*`; otherwise every field that ends with it. */
function explainFields(name: string, environment: Environment): Entry[] {
  const node = fieldNodeAt(name.split("."));
  const specs = node?.spec
    ? [node.spec]
    : FIELDS.filter(({ path }) => path === name || path.endsWith(`.${name}`));
  if (specs.length === 0) return [];
  const { figures } = loadCatalog(shippedCatalog(environment));
  const defaults = usedDefaults(figures);
  return specs.map((spec) => explainField(spec, defaults.get(spec.path)));
}

function explainField(spec: FieldSpec, usedDefault: string | undefined): Entry {
  const facts: Fact[] = [
    ["takes", [kindInWords(spec), rangeInWords(spec)].filter((word) => word !== "").join(", ")],
  ];
  if (spec.varies) facts.push(["varies", varianceInWords(spec)]);
  if (spec.required) facts.push(["required", "yes"]);
  if (usedDefault !== undefined) facts.push(["default", usedDefault]);
  const key = spec.path.split(".").at(-1);
  facts.push(["example", `${key === "*" ? "NAME" : key}: ${spec.example}`]);
  if (spec.seeAlso) facts.push(["see also", spec.seeAlso.join(", ")]);
  return { heading: `${spec.path} (field)`, text: spec.text, facts };
}

/** The section with this path, with names or `*`; otherwise every section with this name. */
function explainSections(name: string): Entry[] {
  const at = fieldNodeAt(name.split("."));
  if (at) return at.spec ? [] : [explainSection(at)];
  return sectionsBelow(FIELD_TREE)
    .filter(({ pattern }) => pattern.endsWith(`.${name}`))
    .map(explainSection);
}

/** Every section of the table of fields. */
function sectionsBelow(node: FieldNode): readonly FieldNode[] {
  if (node.spec) return [];
  const below = [...node.children.values(), ...(node.named ? [node.named] : [])];
  return [...(node.pattern === "" ? [] : [node]), ...below.flatMap(sectionsBelow)];
}

function explainSection({ pattern, children, named }: FieldNode): Entry {
  const keys = [...children.keys(), ...(named ? ["names of your choice"] : [])];
  const facts: Fact[] = [["holds", keys.join(", ")]];
  if (named && named.children.size > 0) facts.push(["each with", [...named.children.keys()].join(", ")]);
  const prefix = named ? `${pattern}.*` : pattern;
  const [first] = (named ?? { children }).children.keys();
  const text = "A section of the scenario.";
  const more = first === undefined ? "" : ` \`gigafleet explain '${prefix}.${first}'\` explains a key.`;
  return { heading: `${pattern} (section)`, text: `${text}${more}`, facts };
}

function explainWords(name: string): Entry[] {
  return LANGUAGE_WORDS.filter(({ word }) => word === name).map(({ word, kind, text, example }) => ({
    heading: `${word} (${kind})`,
    text,
    facts: [["example", example]],
  }));
}

/** The fields that have a word as one of their choices. */
function explainChoices(name: string): Entry[] {
  const fields = FIELDS.filter(({ kind, choices }) => kind === "choice" && choices?.includes(name));
  if (fields.length === 0) return [];
  const facts = fields.map(({ path, text }): Fact => [path, text]);
  return [{ heading: `${name} (choice)`, text: "A choice of some fields.", facts }];
}

const TIME_RULES: Readonly<Record<TimeRule, string>> = {
  flow: "a flow: the value of a year is the sum of its months",
  stock: "a stock: the value of a year is that of its last month; the mean of its months is a second column",
  ratio: "a ratio: months are never added",
  code: "a word: the value of a year is the most frequent one of its months",
};

/** A column of the tables, or a row of summary.csv. */
function explainColumn(name: string, tables: readonly Table[]): Entry[] {
  const places = tables.flatMap((table) => {
    const column = table.columns.find((each) => each.name === name);
    return column ? [{ file: `${table.name}.csv`, text: column.text, unit: column.unit }] : [];
  });
  const row = summaryRow(name, tables);
  const metric = findMetric(name);
  const [first] = [...places, ...(row ? [row] : [])];
  if (!first && !metric) return [];
  const facts: Fact[] = [];
  const unit = metric?.unit ?? first?.unit;
  if (unit && metric?.time !== "code") facts.push(["unit", unit === "1" ? "1 (a plain number)" : unit]);
  if (metric) facts.push(...metricFacts(metric));
  const files = [...places.map(({ file }) => file), ...(row ? ["summary.csv"] : [])];
  if (files.length > 0) facts.push(["in", files.join(" ")]);
  return [{ heading: `${name} (column)`, text: metric?.text ?? first?.text ?? "", facts }];
}

function metricFacts({ level, adds, time, better, formula, kernel, words }: Metric): Fact[] {
  const whose = {
    part: "each chip of each fleet",
    fleet: "each fleet",
    site: "each site",
    contract: "each contract",
    tranche: "each tranche of financing",
    loan: "each loan",
    total: "the whole",
    run: "the whole run",
    workload: "each workload",
    assignment: "each workload on each chip of each fleet",
  }[level];
  const facts: Fact[] = [["of", adds ? `${whose}, summed over sites and the whole` : whose]];
  if (level !== "run") facts.push(["in time", TIME_RULES[time]]);
  if (better !== "neither") facts.push(["better", better]);
  if (words) facts.push(["words", words.join(", ")]);
  if (formula) facts.push(["formula", formatFormula(formula)]);
  if (kernel) facts.push(["comes from", `the engine's kernel ${kernel.name} (docs/model.md)`]);
  if (kernel?.identity) facts.push(["identity", formatFormula(kernel.identity)]);
  return facts;
}

function summaryRow(
  name: string,
  tables: readonly Table[],
): { text: string; unit: string | undefined } | undefined {
  const summary = tables.find((table) => table.name === "summary");
  const cells = (column: string) => summary?.columns.find((each) => each.name === column)?.values ?? [];
  const index = Array.from(cells("metric")).indexOf(name);
  const unit = cells("unit")[index];
  return index < 0
    ? undefined
    : { text: String(cells("text")[index]), unit: unit ? String(unit) : undefined };
}

function explainCode(name: string): Entry[] {
  const code = findCode(name);
  if (!code) return [];
  return [{ heading: `${name} (${code.severity})`, text: code.explanation, facts: [["do", code.remedy]] }];
}

function describeUnknown(name: string, tables: readonly Table[]): string {
  const columns = tables.flatMap((table) => table.columns.map((column) => column.name));
  const fields = FIELDS.flatMap(({ path }) => [path, path.split(".").at(-1) ?? path]);
  const words = [
    ...LANGUAGE_WORDS.map(({ word }) => word),
    ...sectionsBelow(FIELD_TREE).map(({ pattern }) => pattern.split(".").at(-1) ?? ""),
    ...FIELDS.flatMap(({ choices = [] }) => choices),
  ];
  const known = [
    ...METRICS.map((metric) => metric.name),
    ...columns,
    ...fields,
    ...words,
    ...Object.keys(CODES),
  ];
  const near = offerNearest(name, known);
  return `\`${name}\` is not a field, word, column or code; ${near ? `similar: ${near}` : "the pages in docs/reference list all of them"}`;
}
