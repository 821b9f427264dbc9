import { offerNearest } from "../../diagnostics/nearest.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { decimalsFor, screenNumber } from "../../export/number-text.ts";
import { listCatalogFiles, readText } from "../../node/package-files.ts";
import { hiddenValue, type ShownField, showScenario } from "../../scenario/describe/show.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { type LoadResult, loadScenario } from "../../scenario/load.ts";
import { loadCatalog } from "../../scenario/load-catalog.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import type { Quality, Scenario } from "../../scenario/scenario.ts";
import {
  type Command,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  textOf,
  textOption,
} from "../io/command.ts";
import { exitCodeFor, formatOption, reportDiagnostics } from "../io/diagnostics.ts";
import { ExitCode, UsageError } from "../io/exit-code.ts";
import { emphasise, printResult } from "../io/streams.ts";
import { drawColumns, drawFacts, type Fact, SCREEN_WIDTH } from "../screens/draw-columns.ts";
import { executeStale } from "./catalog-stale.ts";

/** `catalog`: shows the chips that come with the program, with the source of every figure. */
export const catalogCommand: Command = {
  usage: "catalog [chip]",
  text: "List the chips that come with the program, or every figure of one with its source.",
  positionals: { chip: { type: "string", description: "Name of a chip, for all that is known of it" } },
  options: {
    stale: textOption("List figures older than this, such as '12 months', to be looked up again"),
    "as-of": textOption("Date from which --stale counts (default today)"),
    json: flagOption("Print an array of JSON objects"),
    format: formatOption,
  },
  examples: [
    ["gigafleet catalog", "One line a chip"],
    ["gigafleet catalog gb300", "Every figure of one, with source, date and quality"],
    ["gigafleet catalog --stale '12 months'", "What to look up again, the oldest first"],
  ],
  execute,
};

function execute(given: Given, environment: Environment): ExitCode {
  const age = textOf(given, "stale");
  if (age !== undefined) return executeStale(age, given, environment);
  const { scenario, diagnostics, sources } = loadAll(environment);
  if (!scenario) {
    reportDiagnostics(diagnostics, sources, given);
    return exitCodeFor(diagnostics);
  }
  const chip = textOf(given, "chip");
  if (chip !== undefined && !scenario.names.chips.includes(chip)) {
    const names = offerNearest(chip, scenario.names.chips) ?? scenario.names.chips.join(", ");
    throw new UsageError(`the catalog has no chip \`${chip}\`; it has ${names}`);
  }
  const chips = chip === undefined ? scenario.names.chips : [chip];
  if (isGiven(given, "json"))
    printResult(`${JSON.stringify(describeChips(scenario, chips), undefined, 2)}\n`);
  else printResult(chip === undefined ? drawList(scenario) : drawChip(scenario, chip));
  return ExitCode.done;
}

/** The catalog alone, as a scenario reads it that names every chip: the same layers, checks and defaults as everywhere. */
function loadAll(environment: Environment): LoadResult {
  const catalog = listCatalogFiles(environment);
  const { chips } = loadCatalog({ catalog, read: readText });
  const file = "catalog";
  const text = `schema_version: 1\nstart: 2026-01\ndescription: ${chips.join(" ")}\n`;
  return loadScenario({ path: file, read: (path) => (path === file ? text : readText(path)), catalog });
}

/** A column of the list: field of the chip, words over two lines and what one shown unit is of the canonical one. */
const listColumns = [
  { name: "fp4", heading: ["FP4", "PFLOPS"], scale: 1e15 },
  { name: "fp8", heading: ["FP8", "PFLOPS"], scale: 1e15 },
  { name: "bf16", heading: ["BF16", "PFLOPS"], scale: 1e15 },
  { name: "hbm", heading: ["HBM", "GB"], scale: 1e9 },
  { name: "hbm_bandwidth", heading: ["HBM", "TB/s"], scale: 1e12 },
  { name: "it_power", heading: ["IT", "kW"], scale: 1e3 },
  { name: "price", heading: ["price", "k USD"], scale: 1e3 },
] as const;

function drawList(scenario: Scenario): string {
  const { chips } = scenario.names;
  const numbers = listColumns.map(({ name, heading, scale }) => {
    const cells = chips.map((chip) => cellOf(scenario, chip, name));
    const shown = cells.map((cell) => cell && { ...cell, value: cell.value / scale });
    const decimals = Math.min(2, decimalsFor(shown.flatMap((cell) => cell?.value ?? [])));
    return [
      ...heading,
      ...shown.map((cell) => (cell ? `${cell.mark}${screenNumber(cell.value, decimals)}` : "-")),
    ];
  });
  const left = (...cells: string[]) => ({ side: "left" as const, cells });
  const columns = [
    left("", "chip", ...chips),
    left(
      "",
      "vendor",
      ...chips.map((chip) => visibleText(scenario.fields.get(`chips.${chip}.vendor`)?.text ?? "")),
    ),
    ...numbers.map((cells) => ({ side: "right" as const, cells })),
    left("", "from", ...chips.map((chip) => monthOf(scenario, chip))),
    left("weakest", "figure", ...chips.map((chip) => weakestOf(scenario, chip))),
  ];
  const notes = "Dense peaks; ~ marks the median of a range; price in the first month of volume.";
  return `${[...drawColumns(columns), "", notes, "`gigafleet catalog CHIP` shows every figure with its source."].join("\n")}\n`;
}

/** Median of a quantity of a chip in the month its volume starts, in the canonical unit, and whether it is uncertain. */
function cellOf(scenario: Scenario, chip: string, name: string) {
  const path = `chips.${chip}.${name}`;
  const value = plainValue(scenario, path, availableFrom(scenario, chip));
  return value === undefined
    ? undefined
    : { value, mark: scenario.fields.get(path)?.expr?.binding.includes("trial") ? "~" : "" };
}

function availableFrom(scenario: Scenario, chip: string): number | undefined {
  return plainValue(scenario, `chips.${chip}.available_from`);
}

function monthOf(scenario: Scenario, chip: string): string {
  const month = availableFrom(scenario, chip);
  return month === undefined ? "-" : formatMonth(month);
}

const qualities: readonly Quality[] = ["official", "reported", "estimate", "derived", "assumed"];

/** The weakest mark among the figures of the list. */
function weakestOf(scenario: Scenario, chip: string): string {
  const marks = [...listColumns.map(({ name }) => name), "available_from"].map((name) =>
    qualities.indexOf(scenario.fields.get(`chips.${chip}.${name}`)?.origin.quality ?? "official"),
  );
  return qualities[Math.max(0, ...marks)] ?? "";
}

/** Every field of some chips with what is known of it. */
function describeChips(scenario: Scenario, chips: readonly string[]) {
  return showScenario(scenario)
    .filter(({ path }) => chips.some((chip) => path.startsWith(`chips.${chip}.`)))
    .map(({ overrode: _overrode, ...shown }) => {
      const { asOf = "", note = "" } = scenario.fields.get(shown.path)?.origin ?? {};
      return { chip: shown.path.split(".")[1] ?? "", ...shown, asOf, note };
    });
}

function drawChip(scenario: Scenario, chip: string): string {
  const title = scenario.fields.get(`chips.${chip}.title`)?.text ?? "";
  const facts = showScenario(scenario)
    .filter(({ path }) => path.startsWith(`chips.${chip}.`))
    .flatMap((field) => chipFacts(scenario, field));
  return `${[emphasise(`${chip}  ${visibleText(title)}`), ...drawFacts(facts, SCREEN_WIDTH)].join("\n")}\n`;
}

/** A field with its value on the first line, and under it how sure it is and where it comes from. */
function chipFacts(scenario: Scenario, field: ShownField): Fact[] {
  const { path, text, quality, source, url, declaredAt } = field;
  const { asOf = "", note = "" } = scenario.fields.get(path)?.origin ?? {};
  const hidden = hiddenValue(scenario, field);
  const shared = declaredAt === path ? "" : `(${declaredAt})`;
  const lines = [
    hidden === "" ? text : `${text} (${hidden})`,
    [quality, asOf, shared].filter((part) => part !== "").join(" "),
    source,
    url,
    note,
  ];
  const name = path.split(".").slice(2).join(".");
  return lines
    .filter((line) => line !== "")
    .map((line, index) => [index === 0 ? name : "", visibleText(line)] as const);
}
