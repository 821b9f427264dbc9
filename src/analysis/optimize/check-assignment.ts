import { compile } from "../../compile/compile.ts";
import { type EntitySource, entitySourceOf } from "../../compile/entities.ts";
import { hoursOfMonths } from "../../compile/window.ts";
import { InternalError } from "../../diagnostics/diagnostic.ts";
import { plainInputs } from "../../engine/index.ts";
import type { MetricLevel } from "../../metrics/metric.ts";
import type { Table } from "../../metrics/table.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import type { Runner } from "../../run/runner.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { columnKey, columnsByKey } from "../results/results.ts";
import { months, numbers, tableOf } from "../tables/table-of.ts";
import { type LinearProgram, ProgramBuilder, type Solver } from "./linear-program.ts";

/** The value served by the rule and by a linear program, month by month. */
export type AssignmentCheck = {
  readonly ruleUsd: readonly number[];
  readonly optimumUsd: readonly number[];
  /** The largest share of a month's value that the rule forgoes, and the share over all months. */
  readonly worstShare: number;
  readonly share: number;
  readonly table: Table;
};

/** Units of chips and money in the programs, which keep their figures near 1. */
const CHIPS = 1e3;
const DOLLARS = 1e6;

/**
 * Solves the linear program that the rule of assignment approximates (docs/model.md section 15.6), for each month of the
 * plain run, and reports the value that the rule forgoes.
 *
 * A month's demand is that of the rule, including its backlog. Parts that the rule may not use, because they have no rate
 * or too few chips, are left out here too.
 *
 * Fails: throws `InternalError` without an optimum: serving nothing is always allowed.
 */
export async function checkAssignment(
  scenario: Scenario,
  runner: Runner,
  solver: Solver,
): Promise<AssignmentCheck> {
  const columns = await runForCheck(scenario, runner);
  const source = entitySourceOf(scenario);
  const hours = hoursOfMonths(scenario.startMonth, scenario.monthCount);
  const months = Array.from(hours, (_, month) => monthOf(source, columns, month, hours[month]));
  const ruleUsd = months.map(({ value }) => value);
  const optimumUsd = months.map((month) => {
    if (month.terms.length === 0) return month.value;
    return solveOnce(solver, buildProgram(month)) * DOLLARS;
  });
  const left = optimumUsd.map((optimum, month) => Math.max(0, optimum - ruleUsd[month]));
  const sum = (values: readonly number[]) => values.reduce((x, y) => x + y, 0);
  const shares = left.map((value, month) => (optimumUsd[month] > 0 ? value / optimumUsd[month] : 0));
  return {
    ruleUsd,
    optimumUsd,
    worstShare: Math.max(0, ...shares),
    share: sum(optimumUsd) > 0 ? sum(left) / sum(optimumUsd) : 0,
    table: makeTable(scenario, ruleUsd, optimumUsd, left),
  };
}

type Columns = (level: MetricLevel, metric: string, entity: string) => Float64Array;

async function runForCheck(scenario: Scenario, runner: Runner): Promise<Columns> {
  const plan = compile(scenario, {
    metrics: [
      "chips_productive",
      "rate_units_per_chip_hour",
      "demand_required_units",
      "demand_served_units",
      "demand_backlog_units",
    ],
    formulaInputs: ["workload.peak_over_mean", "workload.value", "workload.min_chips"],
  });
  const output = await runner.run(plan, { inputs: plainInputs(plan), trials: 1 });
  const found = columnsByKey(plan, output.columns);
  return (level, metric, entity) => found.get(columnKey(level, metric, entity)) ?? new Float64Array(0);
}

/** One workload on one part in one month. */
type Term = {
  readonly workload: number;
  readonly part: number;
  /** Units and dollars per chip held, or per chip used by work that can wait for the trough. */
  readonly units: number;
  readonly dollars: number;
  readonly reserve: number;
  readonly isDeferrable: boolean;
};

type Month = {
  readonly value: number;
  readonly asks: readonly number[];
  readonly chips: readonly number[];
  readonly terms: readonly Term[];
};

function monthOf(
  { workloads, parts, pairs }: EntitySource,
  columns: Columns,
  month: number,
  hours: number,
): Month {
  const of = (name: string, metric: string) => columns("workload", metric, name)[month] ?? 0;
  const backlog = (name: string) =>
    month > 0 ? (columns("workload", "demand_backlog_units", name)[month - 1] ?? 0) : 0;
  const chips = parts.map(({ key }) => columns("part", "chips_productive", key)[month] ?? 0);
  const asks = workloads.map(({ name }) => of(name, "demand_required_units") + Math.max(0, backlog(name)));
  const terms = pairs.flatMap(({ workload, part }) => {
    const [w, p] = [workloads.indexOf(workload), parts.indexOf(part)];
    const rate = columns("assignment", "rate_units_per_chip_hour", `${workload.name}/${part.key}`)[0] ?? 0;
    const isBelow = chips[p] < of(workload.name, "input workload.min_chips") * (1 - TOLERANCE);
    if (rate <= 0 || chips[p] <= 0 || asks[w] <= 0 || isBelow) return [];
    const reserve = workload.deferrable ? 1 : of(workload.name, "input workload.peak_over_mean");
    const units = (rate * hours) / reserve;
    const dollars = units * of(workload.name, "input workload.value");
    return [{ workload: w, part: p, units, dollars, reserve, isDeferrable: workload.deferrable }];
  });
  const value = workloads.reduce(
    (sum, { name }) => sum + of(name, "demand_served_units") * of(name, "input workload.value"),
    0,
  );
  return { value, asks, chips, terms };
}

/** A column per term, in chips; a row per workload's demand, and two per part: chips held and chips used. */
function buildProgram({ asks, chips, terms }: Month): LinearProgram {
  const program = new ProgramBuilder();
  for (const { dollars } of terms) program.column((dollars * CHIPS) / DOLLARS);
  const limit = (entries: readonly (readonly [number, number])[], most: number) => {
    if (entries.length > 0) program.row(entries, Number.NEGATIVE_INFINITY, most);
  };
  const columns = terms.map((term, column) => ({ ...term, column }));
  for (const [workload, ask] of asks.entries()) {
    const own = columns.filter((term) => term.workload === workload);
    limit(
      own.map(({ column, units }) => [column, (units * CHIPS) / ask]),
      1,
    );
  }
  for (const [part, count] of chips.entries()) {
    const here = columns.filter((term) => term.part === part);
    const held = here.filter(({ isDeferrable }) => !isDeferrable);
    limit(
      held.map(({ column }) => [column, 1]),
      count / CHIPS,
    );
    // Work that can wait may use the chips that others hold for their peaks.
    limit(
      here.map(({ column, reserve }) => [column, 1 / reserve]),
      count / CHIPS,
    );
  }
  return program.build("maximize");
}

/** Fails: throws `InternalError` without an optimum: serving nothing is always allowed, and chips are limited. */
function solveOnce(solver: Solver, program: LinearProgram): number {
  const open = solver.open(program);
  const { status, objective } = open.solve();
  open.close();
  if (status !== "optimal") throw new InternalError(`the program of the assignment is ${status}`);
  return objective;
}

function makeTable(
  { startMonth }: Scenario,
  rule: readonly number[],
  optimum: readonly number[],
  left: readonly number[],
): Table {
  return tableOf(
    "assignment",
    "Value served by the rule of assignment and by a linear program over the same chips, month by month.",
    ["month"],
    rule,
    [
      months("month", "Calendar month.", (_, month) => formatMonth(startMonth + month)),
      numbers("rule_value_usd", "USD", "Value served by the rule.", (value) => value),
      numbers(
        "optimum_value_usd",
        "USD",
        "Value served by the linear program.",
        (_, month) => optimum[month],
      ),
      numbers("left_value_usd", "USD", "Value that the rule forgoes.", (_, month) => left[month]),
    ],
  );
}
