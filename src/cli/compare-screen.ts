import {
  type ComparedFigure,
  type Comparison,
  compareFigures,
  type DifferingInput,
  paretoOf,
} from "../analysis/compare/comparison.ts";
import { measureConcentration } from "../analysis/compare/concentration.ts";
import { type Book, headlinesOf } from "../analysis/compare/headlines.ts";
import { visibleText } from "../diagnostics/visible.ts";
import { decimalsFor, screenNumber } from "../export/number-text.ts";
import { drawColumns, drawFacts, type ScreenColumn, wrapText } from "./draw-columns.ts";
import { emphasise } from "./streams.ts";

const screenWidth = 80;

/** How a figure is shown where scenarios are rows: words over three lines and what one shown unit is of the figure's. */
const shortColumns: Readonly<
  Record<string, { readonly heading: readonly [string, string, string]; readonly scale: number }>
> = {
  cost_provider_pv_usd: { heading: ["cost", "PV", "B USD"], scale: 1e9 },
  npv_provider_usd: { heading: ["provider's", "NPV", "B USD"], scale: 1e9 },
  levelised_cost_usd_per_effective_fp4_eflop_hour: { heading: ["levelised", "USD per", "EFLOP-h"], scale: 1 },
  final_cumulative_effective_fp4_yflop: { heading: ["effective", "FP4", "YFLOP"], scale: 1 },
  peak_facility_power_mw: { heading: ["peak", "power", "MW"], scale: 1 },
  peak_chips_energised: { heading: ["chips", "peak", "thousand"], scale: 1e3 },
};

/** What `compare` shows beside its tables. */
export type CompareScreen = {
  readonly comparisons: readonly Comparison[];
  readonly inputs: readonly DifferingInput[];
  readonly book: Book;
  /** What the mixes have in common in the buyer's book. */
  readonly holds?: string | undefined;
  readonly folder?: string | undefined;
};

/** Draws what `compare` shows: the headline figures of each basis, what differs, what each leans on. */
export function drawCompareScreen({ comparisons, inputs, book, holds, folder }: CompareScreen): string {
  const [first] = comparisons;
  const names = first?.runs.map(({ name }) => name) ?? [];
  const lines = comparisons.flatMap((comparison) => [
    emphasise(capitalise(comparison.basis)),
    "",
    ...(comparison.runs.length === 2 ? drawPair(comparison, book) : drawRows(comparison)),
    "",
  ]);
  const held = holds ? `; between mixes the ${holds.replace("_", " ")} is held fixed in the buyer's` : "";
  const facts = drawFacts(
    [
      ["Book", `the ${book}'s${held}`],
      ["Values", "uncertain values at their medians; ratios and differences are to the first scenario"],
      ["Inputs", inputText(inputs)],
      ...(first
        ? first.runs.map((run) => ["Leans on", `${visibleText(run.name)}: ${leanText(run)}`] as const)
        : []),
      ...(folder
        ? [["Written", `${visibleText(folder)}: compare.csv differences.csv concentration.csv`] as const]
        : []),
    ],
    screenWidth,
  );
  return `${[emphasise(`${names.length} scenarios, ${visibleText(names[0] ?? "")} first`), "", ...lines, ...facts].join("\n")}\n`;
}

/** Two scenarios: a row a figure. */
function drawPair(comparison: Comparison, book: Book): string[] {
  const figures = compareFigures(comparison);
  const names = headlinesOf([...new Set(figures.map(({ metric }) => metric))], book);
  const at = (metric: string, run: number) => figures.find((one) => one.metric === metric && one.run === run);
  const column = (heading: string, cellOf: (metric: string) => string): ScreenColumn => ({
    side: "right",
    cells: [heading, ...names.map(cellOf)],
  });
  return drawColumns([
    { side: "left", cells: ["figure", ...names] },
    ...comparison.runs.map(({ name }, run) =>
      column(visibleText(name).slice(0, 18), (metric) => short(at(metric, run)?.value ?? 0)),
    ),
    column("difference", (metric) => short(at(metric, 1)?.difference ?? 0)),
    column("ratio", (metric) => ratioText(at(metric, 1))),
  ]);
}

/** Many scenarios: a row each, the figures in columns, cost and compute with their ratios. */
function drawRows(comparison: Comparison): string[] {
  const figures = compareFigures(comparison);
  const best = paretoOf(figures, comparison.runs.length);
  const of = (metric: string) => figures.filter((one) => one.metric === metric);
  const columns = Object.entries(shortColumns).flatMap(([metric, { heading, scale }]): ScreenColumn[] => {
    const own = of(metric);
    if (own.length === 0) return [];
    const values = own.map(({ value }) => value / scale);
    const decimals = Math.min(2, decimalsFor(values));
    const shown = {
      side: "right" as const,
      cells: [...heading, ...values.map((value) => screenNumber(value, decimals))],
    };
    const hasRatio = metric === "cost_provider_pv_usd" || metric === "final_cumulative_effective_fp4_yflop";
    return hasRatio ? [shown, { side: "right", cells: ["", "", "ratio", ...own.map(ratioText)] }] : [shown];
  });
  const names = comparison.runs.map(
    ({ name }, run) => `${best[run] ? "*" : " "}${shorten(visibleText(name))}`,
  );
  const scales = comparison.runs.map(({ scale }) => (scale === undefined ? "" : scale.toFixed(3)));
  const scaled: ScreenColumn[] = scales.some((text) => text !== "")
    ? [{ side: "right", cells: ["", "", "scale", ...scales] }]
    : [];
  return [
    ...drawColumns([{ side: "left", cells: ["", "", " scenario", ...names] }, ...scaled, ...columns]),
    "* no other costs less and computes as much, or computes more for as much",
  ];
}

/** Widest name of a scenario on the screen. */
const longestName = 26;

function shorten(name: string): string {
  return name.length <= longestName ? name : `${name.slice(0, longestName - 1)}…`;
}

function ratioText(figure: ComparedFigure | undefined): string {
  return figure?.ratio === undefined ? "-" : figure.ratio.toFixed(3);
}

/** A number of any size with four digits and a magnitude. */
function short(value: number): string {
  const magnitudes = [
    [1e12, " T"],
    [1e9, " B"],
    [1e6, " M"],
  ] as const;
  const [size, letter] = magnitudes.find(([each]) => Math.abs(value) >= each) ?? [1, ""];
  const shown = value / size;
  return `${screenNumber(shown, decimalsFor([shown]))}${letter}`;
}

function inputText(inputs: readonly DifferingInput[]): string {
  const shown = inputs.slice(0, 6).map(({ path }) => path);
  const more =
    inputs.length > shown.length ? ` and ${inputs.length - shown.length} more, see differences.csv` : "";
  return inputs.length === 0 ? "the same in all" : `${inputs.length} differ: ${shown.join(", ")}${more}`;
}

function leanText(run: Comparison["runs"][number]): string {
  const shares = measureConcentration(run);
  return (["vendor", "site", "contract"] as const)
    .flatMap((by) => {
      const own = shares.filter((share) => share.by === by);
      const largest = [...own].sort((a, b) => b.computeShare - a.computeShare)[0];
      if (!largest) return [];
      return [
        `${by} ${visibleText(largest.name)} ${(largest.computeShare * 100).toFixed(0)} % of FP4 (HHI ${largest.computeHhi.toFixed(2)})`,
      ];
    })
    .join("; ");
}

function capitalise(text: string): string {
  return wrapText(text.charAt(0).toUpperCase() + text.slice(1), screenWidth).join("\n");
}
