import { visibleText } from "../../diagnostics/visible.ts";
import { decimalsFor, screenNumber } from "../../export/number-text.ts";
import { hiddenValue, type ShownField, showScenario } from "../../scenario/describe/show.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import { QUALITIES } from "../../scenario/read/annotation.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { emphasise } from "../io/streams.ts";
import { drawColumns, drawFacts, type Fact, SCREEN_WIDTH } from "./draw-columns.ts";

/** A column of the list: field of the chip, heading over two lines, and canonical units per shown unit. */
const LIST_COLUMNS = [
  { name: "fp4", heading: ["FP4", "PFLOPS"], scale: 1e15 },
  { name: "fp8", heading: ["FP8", "PFLOPS"], scale: 1e15 },
  { name: "bf16", heading: ["BF16", "PFLOPS"], scale: 1e15 },
  { name: "hbm", heading: ["HBM", "GB"], scale: 1e9 },
  { name: "hbm_bandwidth", heading: ["HBM", "TB/s"], scale: 1e12 },
  { name: "it_power", heading: ["IT", "kW"], scale: 1e3 },
  { name: "price", heading: ["price", "k USD"], scale: 1e3 },
] as const;

/** Draws one line per chip: its main figures and their lowest quality. */
export function drawCatalogScreen(scenario: Scenario): string {
  const { chips } = scenario.names;
  const numbers = LIST_COLUMNS.map(({ name, heading, scale }) => {
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
    ...numbers.map((cells) => ({ side: "right" as const, cells })),
    left("", "from", ...chips.map((chip) => monthOf(scenario, chip))),
    left("weakest", "figure", ...chips.map((chip) => weakestOf(scenario, chip))),
  ];
  const notes = "Dense peaks; ~ marks the median of a range; price in the first month of volume.";
  return `${[...drawColumns(columns), "", notes, "`gigafleet catalog CHIP` shows every figure with its source."].join("\n")}\n`;
}

/** Median of a chip's quantity in the first month of volume, in the canonical unit, and whether it is uncertain. */
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

/** The lowest quality among the listed figures. */
function weakestOf(scenario: Scenario, chip: string): string {
  const marks = [...LIST_COLUMNS.map(({ name }) => name), "available_from"].map((name) =>
    QUALITIES.indexOf(scenario.fields.get(`chips.${chip}.${name}`)?.origin.quality ?? "official"),
  );
  return QUALITIES[Math.max(0, ...marks)] ?? "";
}

/** Draws every figure of a chip with its source. */
export function drawChipScreen(scenario: Scenario, chip: string): string {
  const title = scenario.fields.get(`chips.${chip}.title`)?.text ?? "";
  const facts = showScenario(scenario)
    .filter(({ path }) => path.startsWith(`chips.${chip}.`))
    .flatMap((field) => chipFacts(scenario, field));
  return `${[emphasise(`${chip}  ${visibleText(title)}`), ...drawFacts(facts, SCREEN_WIDTH)].join("\n")}\n`;
}

/** A field with its value on the first line, and its quality and source below. */
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
