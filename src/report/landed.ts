import type { Comparison } from "../analysis/compare/comparison.ts";
import { findColumn, type Results } from "../analysis/results/results.ts";
import type { FigureName } from "../charts/kit/figure-name.ts";
import { largestOf } from "../charts/kit/numbers.ts";
import { readPlain } from "./readings.ts";

/** The runs of a search, in their order: the plan searched for and the one found. */
const SIDES = ["scenario", "plan"] as const;
type Side = (typeof SIDES)[number];

/** Chips landed by month of a kind at a site in both runs, and by side the parts whose figures these are. */
export type Landed = Readonly<Record<Side, readonly number[]>> & {
  readonly chip: string;
  readonly site: string;
  readonly parts: Readonly<Record<Side, readonly string[]>>;
};

/** Less of a chip is the solver's rounding [chips]. */
const DUST = 0.5;

/** Chips landed by chip and site in both runs, those that neither has left out. Fails: never. */
export function landedRows({ runs }: Comparison): readonly Landed[] {
  const [own, plan] = runs;
  type Row = { chip: string; site: string; parts: Record<Side, string[]> } & Record<Side, number[]>;
  const rows = new Map<string, Row>();
  const months = Math.min(own.results.monthCount, plan.results.monthCount);
  for (const [side, { results }] of [["scenario", own] as const, ["plan", plan] as const])
    for (const { key, chip, site } of results.parts) {
      const values = landedOf(results, key);
      const row = rows.get(`${site} ${chip}`) ?? {
        chip,
        site,
        plan: new Array<number>(months).fill(0),
        scenario: new Array<number>(months).fill(0),
        parts: { scenario: [], plan: [] },
      };
      row.parts[side].push(key);
      for (let month = 0; month < months; month++) row[side][month] += values[month];
      rows.set(`${site} ${chip}`, row);
    }
  return [...rows.values()].filter((row) => largestOf(row.plan) + largestOf(row.scenario) > DUST);
}

/** Whether the plan found lands the same chips in the same months as the scenario. */
export function landsTheSame(comparison: Comparison): boolean {
  return landedRows(comparison).every(({ plan, scenario }) =>
    plan.every((chips, month) => Math.abs(chips - scenario[month]) <= DUST),
  );
}

const [LANDED, SUCCESSORS] = ["chips_landed", "chips_successors_landed"];

/** Chips landed by month, without those that replace others. */
function landedOf(results: Results, part: string): readonly number[] {
  const landed = readPlain(results, "part", LANDED, part);
  const successors = findColumn(results, "part", SUCCESSORS, part);
  return successors ? landed.map((value, month) => Math.max(0, value - successors[month])) : landed;
}

/** Chips landed in a month of one side without those that replace others; undefined where the run has none of the parts. */
export function landedFigure(
  { runs }: Comparison,
  { parts }: Landed,
  side: Side,
  when: string,
): FigureName | undefined {
  const own = parts[side];
  if (own.length === 0) return undefined;
  const run = SIDES.indexOf(side);
  const replaces = own.some((part) => findColumn(runs[run].results, "part", SUCCESSORS, part));
  const metric = replaces ? `${LANDED} -${SUCCESSORS}` : LANDED;
  return { metric, entity: own.join(" "), when, run };
}
