import { TOLERANCE } from "../../metrics/tolerance.ts";
import { WATTS_PER_MEGAWATT } from "../../metrics/unit-factors.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { type AddLimit, THOUSAND } from "./limits.ts";
import type { ProgramBuilder } from "./linear-program.ts";
import type { ServedWorkload } from "./read-demand.ts";
import type { Situation } from "./situation.ts";

/** An owner of chips: a new fleet, or a part that stays. */
type Holder = {
  readonly key: string;
  /** Thousands of productive chips in a month: per megawatt bought, by column, and those of parts that stay. */
  readonly chipsOf: (month: number) => readonly (readonly [column: number, chips: number])[];
  readonly kept: Float64Array | undefined;
};

/** Thousands of chips that a workload holds at one owner in a month. */
type Use = {
  readonly column: number;
  readonly workload: ServedWorkload;
  readonly month: number;
  /** Units served per thousand chips held. */
  readonly units: number;
};

/** Receives the rows of served demand, and the column of the share of the demand that is met. */
type ServedRows = {
  readonly builder: ProgramBuilder;
  readonly supplyColumn: number;
  readonly add: AddLimit;
};

/**
 * Adds the demand that must be served: a column for the chips that each workload holds of each fleet in each month, rows
 * that prevent holding a chip twice, and rows for the served demand (docs/model.md section 14).
 *
 * @param supplyColumn column of the share of the demand that is met
 */
export function addDemand(
  situation: Situation,
  builder: ProgramBuilder,
  supplyColumn: number,
  add: AddLimit,
): void {
  const { served, scenario } = situation;
  if (served.length === 0) return;
  const uses: Use[] = [];
  const holders = listHolders(situation);
  for (let month = 0; month < scenario.monthCount; month++) {
    const asking = served.filter(({ required }) => required[month] > 0);
    for (const holder of holders) uses.push(...addHolder(situation, holder, month, asking, builder));
  }
  for (const workload of served) {
    const own = uses.filter((use) => use.workload === workload);
    const addServed = workload.isTraining ? addTraining : addServing;
    addServed(situation, workload, own, { builder, supplyColumn, add });
  }
}

function listHolders({ choices, keptProductive }: Situation): readonly Holder[] {
  const fleets = [...new Set(choices.map(({ candidate }) => candidate.fleet))];
  return [
    ...fleets.map((key): Holder => {
      const own = [...choices.entries()].filter(([, { candidate }]) => candidate.fleet === key);
      return {
        key,
        kept: undefined,
        chipsOf: (month) =>
          own.flatMap(([column, { productive, size }]) =>
            productive[month] > 0
              ? [[column, (productive[month] * WATTS_PER_MEGAWATT) / size / THOUSAND] as const]
              : [],
          ),
      };
    }),
    ...[...keptProductive].map(([key, kept]): Holder => ({ key, kept, chipsOf: () => [] })),
  ];
}

/** The chips of one owner in one month: held for peaks by work that cannot wait, and used by all work. */
function addHolder(
  { hours }: Situation,
  { key, chipsOf, kept }: Holder,
  month: number,
  asking: readonly ServedWorkload[],
  builder: ProgramBuilder,
): readonly Use[] {
  const able = asking.filter(({ rates }) => rates.has(key));
  const bought = chipsOf(month);
  const there = (kept?.[month] ?? 0) / THOUSAND;
  if (able.length === 0 || (bought.length === 0 && there === 0)) return [];
  const uses = able.map((workload): Use => {
    const units = ((workload.rates.get(key) ?? 0) * hours[month] * THOUSAND) / workload.reserve;
    return { column: builder.column(0), workload, month, units };
  });
  const supply = bought.map(([column, chips]) => [column, -chips] as const);
  const held = uses.filter(({ workload }) => !workload.isDeferrable);
  const limit = (entries: readonly (readonly [number, number])[]) =>
    builder.row([...entries, ...supply], Number.NEGATIVE_INFINITY, there);
  if (held.length > 0) limit(held.map(({ column }) => [column, 1]));
  // Work that can wait may use the chips that others hold for their peaks.
  if (held.length < uses.length) limit(uses.map(({ column, workload }) => [column, 1 / workload.reserve]));
  return uses;
}

/** Each month's share of the required demand. */
function addServing(
  { scenario }: Situation,
  { name, required, share }: ServedWorkload,
  uses: readonly Use[],
  { supplyColumn, add }: ServedRows,
): void {
  for (const [month, need] of required.entries()) {
    if (need <= 0) continue;
    const entries = uses
      .filter((use) => use.month === month)
      .map(({ column, units }): [number, number] => [column, units / need]);
    const period = formatMonth(scenario.startMonth + month);
    add(
      { kind: "serve", name, period, unit: "% of demand", scale: 100 },
      [...entries, [supplyColumn, -share * (1 - TOLERANCE)]],
      0,
      Number.POSITIVE_INFINITY,
    );
  }
}

/** The run's share by the end of its window; a month serves work that is due or overdue, and nothing in advance. */
function addTraining(
  { scenario }: Situation,
  { name, required, share }: ServedWorkload,
  uses: readonly Use[],
  { builder, supplyColumn, add }: ServedRows,
): void {
  const due = [...required.keys()].filter((month) => required[month] > 0);
  const whole = due.reduce((sum, month) => sum + required[month], 0);
  const entriesUpTo = (month: number) =>
    uses
      .filter((use) => use.month <= month)
      .map(({ column, units }): [number, number] => [column, units / whole]);
  let soFar = 0;
  for (const month of due.slice(0, -1)) {
    soFar += required[month] / whole;
    builder.row([...entriesUpTo(month), [supplyColumn, -soFar]], Number.NEGATIVE_INFINITY, 0);
  }
  const [first = 0, last = 0] = [due[0], due.at(-1)];
  if (whole <= 0) return;
  const period = `${formatMonth(scenario.startMonth + first)} to ${formatMonth(scenario.startMonth + last)}`;
  add(
    { kind: "serve", name, period, unit: "% of demand", scale: 100 },
    [...entriesUpTo(last), [supplyColumn, -share * (1 - TOLERANCE)]],
    0,
    Number.POSITIVE_INFINITY,
  );
}
