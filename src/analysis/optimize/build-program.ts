import { monthText, quarterText, yearOf } from "../calendar.ts";
import { type LinearProgram, ProgramBuilder } from "./linear-program.ts";
import { plainValue } from "./read-coefficients.ts";
import type { Situation } from "./situation.ts";

/** What a row of a program limits, in the words of the scenario. */
export type Limit = {
  readonly kind: "power" | "supply" | "chip_supply" | "budget" | "cost" | "min_share" | "max_share";
  /** Site or chip, empty where the limit is of the whole. */
  readonly name: string;
  /** Month, quarter or year, empty where the limit is of the whole horizon. */
  readonly period: string;
  readonly row: number;
  /** Unit of the bound as people write it, and how many of the program's units are one. */
  readonly unit: string;
  readonly scale: number;
};

/** A program with the meaning of its rows and columns. */
export type BuiltProgram = {
  readonly program: LinearProgram;
  readonly limits: readonly Limit[];
  /** Column of the share of the required supply: 1, unless it is moved along the frontier. */
  readonly supplyColumn: number;
  /** Row that bounds the present value of cost, where there is one. */
  readonly costRow?: number;
};

/** Units of a program: megawatts bought, EFLOP/s, million USD, thousand chips; all near 1, as solvers like it. */
const [MEGAWATT, EXAFLOPS, MILLION, THOUSAND] = [1e6, 1e18, 1e6, 1e3];

/** FLOP in a unit of the objective of most compute. */
export const OBJECTIVE_FLOP = 1e27;

/** Rounding of the engine is no reason to call a plan short [relative]. */
const SLACK = 1e-9;

/** What a program is after, beside the task's goal: the largest share of the supply that can be met at all. */
export type Aim = "goal" | "most_supply";

/**
 * Builds the linear program of a task: a column for each chip, site and landing month (in MW of facility power bought), and
 * rows for power, supply, chips, budget and shares.
 *
 * Fails: never. Cost: columns x months.
 */
export function buildProgram(situation: Situation, aim: Aim = "goal"): BuiltProgram {
  const { task, choices } = situation;
  const builder = new ProgramBuilder();
  const limits: Limit[] = [];
  const isCost = task.goal === "minimize_cost";
  for (const { costPv, residualPv, flop, size } of choices) {
    const perMegawatt = MEGAWATT / size;
    const cost = costPv - (task.countsResidual ? residualPv : 0);
    const objective = isCost ? cost / MILLION : flop / OBJECTIVE_FLOP;
    builder.column(aim === "goal" ? objective * perMegawatt : 0);
  }
  const supplyColumn = aim === "goal" ? builder.column(0, 1, 1) : builder.column(1);
  const add = (
    limit: Omit<Limit, "row">,
    entries: Iterable<readonly [number, number]>,
    lower: number,
    upper: number,
  ) => {
    limits.push({ ...limit, row: builder.row(entries, lower, upper) });
  };
  const entriesOf = (read: (choice: (typeof choices)[number]) => number): [number, number][] =>
    choices.map((choice, column) => [column, (read(choice) * MEGAWATT) / choice.size]);
  if (!task.without.has("power")) addPower(situation, add);
  if (isCost || aim === "most_supply" || situation.scenario.fields.has("optimize.supply"))
    addSupply(situation, supplyColumn, add);
  if (!task.without.has("chip_supply")) addChipSupply(situation, add);
  if (!task.without.has("budget")) addBudget(situation, add);
  if (!task.without.has("shares")) addShares(situation, add);
  let costRow: number | undefined;
  if (!isCost && aim === "goal" && !task.without.has("budget")) {
    const budget =
      task.budgetPv ?? situation.own.costPv - (task.countsResidual ? situation.own.residualPv : 0);
    const kept = situation.keptCostPv - (task.countsResidual ? situation.keptResidualPv : 0);
    const unit = { unit: "USD", scale: MILLION, kind: "cost", name: "", period: "" } as const;
    const entries = entriesOf(
      ({ costPv, residualPv }) => (costPv - (task.countsResidual ? residualPv : 0)) / MILLION,
    );
    add(unit, entries, Number.NEGATIVE_INFINITY, (budget - kept) / MILLION);
    costRow = limits.at(-1)?.row;
  }
  const sense = isCost && aim === "goal" ? "minimize" : "maximize";
  return {
    program: builder.build(sense),
    limits,
    supplyColumn,
    ...(costRow === undefined ? {} : { costRow }),
  };
}

type Add = (
  limit: Omit<Limit, "row">,
  entries: Iterable<readonly [number, number]>,
  lower: number,
  upper: number,
) => void;

function addPower({ firstMonth, choices, freePower }: Situation, add: Add): void {
  for (const [site, free] of freePower) {
    for (const [month, limit] of free.entries()) {
      const entries: [number, number][] = [];
      for (const [column, choice] of choices.entries())
        if (choice.candidate.site === site) entries.push([column, choice.power[month] / choice.size]);
      const period = monthText(firstMonth + month);
      add(
        { kind: "power", name: site, period, unit: "MW", scale: 1 },
        entries,
        Number.NEGATIVE_INFINITY,
        limit / MEGAWATT,
      );
    }
  }
}

function addSupply(situation: Situation, supplyColumn: number, add: Add): void {
  const { choices, keptCompute, required, hours, task } = situation;
  for (const { period, months } of periodsOf(situation, task.supplyPerYear ? "year" : "month")) {
    const total = months.reduce((sum, month) => sum + hours[month], 0);
    const meanOf = (values: Float64Array) =>
      months.reduce((sum, month) => sum + values[month] * hours[month], 0) / total;
    const need = meanOf(required) * (1 - SLACK);
    // A month in which nothing is required needs no row.
    if (need <= 0) continue;
    const entries: [number, number][] = choices.map((choice, column) => [
      column,
      (meanOf(choice.compute) * MEGAWATT) / choice.size / EXAFLOPS,
    ]);
    entries.push([supplyColumn, -need / EXAFLOPS]);
    add(
      { kind: "supply", name: "", period, unit: "EFLOP/s", scale: 1 },
      entries,
      -meanOf(keptCompute) / EXAFLOPS,
      Number.POSITIVE_INFINITY,
    );
  }
}

function addChipSupply({ scenario, choices }: Situation, add: Add): void {
  for (const [path, field] of scenario.fields) {
    const chip = /^optimize\.chip_supply\.(.*)$/.exec(path)?.[1];
    if (chip === undefined) continue;
    const quarters = new Map<string, [number, number][]>();
    for (const [column, { candidate, landing, size }] of choices.entries()) {
      if (candidate.chip !== chip) continue;
      const quarter = quarterText(landing);
      quarters.set(quarter, [...(quarters.get(quarter) ?? []), [column, MEGAWATT / size / THOUSAND]]);
    }
    for (const [period, entries] of quarters) {
      const [first = 0] = entries.map(([column]) => choices[column].landing - (choices[column].landing % 3));
      const limit = plainValue(scenario, field, first);
      add(
        { kind: "chip_supply", name: chip, period, unit: "chip", scale: THOUSAND },
        entries,
        Number.NEGATIVE_INFINITY,
        limit / THOUSAND,
      );
    }
  }
}

function addBudget(situation: Situation, add: Add): void {
  const { scenario, choices, keptCash } = situation;
  const field = scenario.fields.get("optimize.budget");
  if (!field) return;
  for (const { period, months } of periodsOf(situation, "year")) {
    const sumOf = (values: Float64Array) => months.reduce((sum, month) => sum + values[month], 0);
    const entries: [number, number][] = choices.map((choice, column) => [
      column,
      (sumOf(choice.cash) * MEGAWATT) / choice.size / MILLION,
    ]);
    const limit = plainValue(scenario, field, scenario.startMonth + months[0]) - sumOf(keptCash);
    add(
      { kind: "budget", name: "", period, unit: "USD", scale: MILLION },
      entries,
      Number.NEGATIVE_INFINITY,
      limit / MILLION,
    );
  }
}

/** Shares are of all megawatts bought over the horizon. */
function addShares({ scenario, choices }: Situation, add: Add): void {
  for (const [path, field] of scenario.fields) {
    const [, kind, chip] = /^optimize\.(min_share|max_share)\.(.*)$/.exec(path) ?? [];
    if (kind !== "min_share" && kind !== "max_share") continue;
    const share = plainValue(scenario, field, scenario.startMonth);
    const entries: [number, number][] = choices.map(({ candidate }, column) => [
      column,
      (candidate.chip === chip ? 1 : 0) - share,
    ]);
    const limit = { kind, name: chip ?? "", period: "", unit: "MW", scale: 1 } as const;
    if (kind === "min_share") add(limit, entries, 0, Number.POSITIVE_INFINITY);
    else add(limit, entries, Number.NEGATIVE_INFINITY, 0);
  }
}

/** Months of the horizon by what they are limited together with. */
function periodsOf(
  { scenario }: Situation,
  by: "month" | "year",
): readonly { readonly period: string; readonly months: readonly number[] }[] {
  const periods = new Map<string, number[]>();
  for (let month = 0; month < scenario.monthCount; month++) {
    const absolute = scenario.startMonth + month;
    const period = by === "month" ? monthText(absolute) : String(yearOf(absolute));
    periods.set(period, [...(periods.get(period) ?? []), month]);
  }
  return [...periods].map(([period, months]) => ({ period, months }));
}

/**
 * Limits as a sentence would name them: those of one kind and name together, with the first and the last period.
 *
 * Fails: never.
 */
export function describeLimits(limits: readonly Limit[]): readonly string[] {
  const groups = new Map<string, Limit[]>();
  for (const limit of limits) {
    const key = `${limit.kind} ${limit.name}`;
    groups.set(key, [...(groups.get(key) ?? []), limit]);
  }
  return [...groups.values()].map((group) => {
    const periods = group.map(({ period }) => period).sort();
    const [first = "", last = ""] = [periods[0], periods.at(-1)];
    const when =
      first === ""
        ? ""
        : first === last
          ? ` in ${first}`
          : ` in ${group.length} periods from ${first} to ${last}`;
    return `${subjectOf(group[0])}${when}`;
  });
}

function subjectOf({ kind, name }: Limit): string {
  switch (kind) {
    case "power":
      return `power of \`sites.${name}\``;
    case "supply":
      return "required supply";
    case "cost":
      return "the budget";
    case "budget":
      return "`optimize.budget`";
    default:
      return `\`optimize.${kind}.${name}\``;
  }
}
