import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { decimalExponentOf, powerOfTen } from "../../numbers/decimal.ts";
import { listWords } from "../../scenario/fields/words.ts";
import { type BuiltProgram, buildProgram, OBJECTIVE_FLOP } from "./build-program.ts";
import { findConflict } from "./conflict/find-conflict.ts";
import { placeConflict } from "./conflict/place-conflict.ts";
import { describeLimits, groupLimits, type Limit, MILLION } from "./limits.ts";
import {
  boundObjective,
  type OpenProgram,
  type ProgramSolution,
  type Solver,
  type SolverOptions,
} from "./linear-program.ts";
import { type Purchase, priceColumns, readPurchases } from "./purchases.ts";
import type { Task } from "./read-task.ts";
import { type BookValues, costInBook, type Situation } from "./situation.ts";

/** The shadow price of a limit: the change of the objective per additional unit. */
export type ShadowPrice = Limit & {
  /** In USD for least cost, in EFLOP-hours for most compute; 0 for a limit that does not bind. */
  readonly value: number;
};

/** The best plan found; its values follow from the program's coefficients and include fleets that stay [USD, FLOP]. */
export type Optimum = BookValues & {
  readonly purchases: readonly Purchase[];
  readonly flop: number;
  readonly shadowPrices: readonly ShadowPrice[];
  /** Share of the required supply that is met; 1 except along the frontier. */
  readonly supplyShare: number;
  /** Largest possible distance from the best objective, as a share of it: 0 for an optimum, absent if nothing is proved. */
  readonly gap?: number;
  readonly isOptimal: boolean;
};

/** Distance kept from the limits of feasibility, where the solver's tolerance would decide [relative]. */
const EDGE = 1e-7;

/** Below this share of the largest a shadow price is dust. */
const PRICE_DUST = 1e-6;

/** An optimum, or the fault that prevents it. */
export type OptimizeResult = { readonly optimum?: Optimum; readonly diagnostics: readonly Diagnostic[] };

/**
 * Solves the program of a situation.
 *
 * Fails: never; an infeasible program returns its conflicting limits, and an unbounded one is rejected.
 */
export function optimize(situation: Situation, solver: Solver, options: SolverOptions = {}): OptimizeResult {
  const unfit = refuse(situation);
  if (unfit) return { diagnostics: [unfit] };
  const built = buildProgram(situation);
  return withProgram(built, solver, options, (open) => {
    const solution = open.solve();
    const fault = faultOf(situation, built, solution, solver, options);
    if (fault) return { diagnostics: [fault] };
    return { optimum: readOptimum(situation, built, solution), diagnostics: [] };
  });
}

/**
 * Solves for the frontier: least cost for even shares of the largest possible supply, or most compute for even steps from
 * the least possible cost to the budget. One program stays open, so that each point starts from the previous basis.
 *
 * Fails: never. Cost: one solution for the first point, little for each further one.
 */
export function findFrontier(
  situation: Situation,
  solver: Solver,
  points: number,
  options: SolverOptions = {},
): { readonly frontier?: readonly Optimum[]; readonly diagnostics: readonly Diagnostic[] } {
  const unfit = refuse(situation);
  if (unfit) return { diagnostics: [unfit] };
  const isCost = situation.task.goal === "minimize_cost";
  const edge = buildProgram(situation, isCost ? "most_supply" : "least_cost");
  const found = withProgram(edge, solver, options, (open) => {
    const solution = open.solve();
    return { solution, fault: faultOf(situation, edge, solution, solver, options) };
  });
  if (found.fault) return { diagnostics: [found.fault] };
  const largest = isCost ? found.solution.columns[edge.supplyColumn] * (1 - EDGE) : 1;
  const least = isCost ? 0 : found.solution.objective * (1 + EDGE);
  const built = buildProgram(situation);
  return withProgram(built, solver, options, (open) => {
    const frontier: Optimum[] = [];
    // Starts from the tightest point, so that each further one only relaxes.
    for (let point = points; point >= 1; point--) {
      const share = (largest * point) / points;
      if (isCost) open.changeColumn(built.supplyColumn, share, share);
      else if (built.costRow !== undefined)
        open.changeRow(
          built.costRow,
          Number.NEGATIVE_INFINITY,
          least + (built.program.rowUpper[built.costRow] - least) * share,
        );
      const solution = open.solve();
      const fault = faultOf(situation, built, solution, solver, options);
      if (fault) return { diagnostics: [fault] };
      frontier.unshift(readOptimum(situation, built, solution));
    }
    return { frontier, diagnostics: [] };
  });
}

function withProgram<Result>(
  built: BuiltProgram,
  solver: Solver,
  options: SolverOptions,
  use: (open: OpenProgram) => Result,
): Result {
  const open = solver.open(built.program, options);
  try {
    return use(open);
  } finally {
    open.close();
  }
}

function refuse({ choices, task }: Situation): Diagnostic | undefined {
  if (choices.length > 0) return undefined;
  const chips = task.chips.map((chip) => `\`${chip}\``).join(", ");
  const reason =
    task.book === "buyer"
      ? `no contract of the replaced fleets bills any of ${chips}, so the buyer's book has no payments`
      : `none of the chips ${chips} can land within the horizon`;
  return diagnose("unfit-program", { values: { reason }, path: "optimize" });
}

function faultOf(
  situation: Situation,
  built: BuiltProgram,
  { status, isFeasible, rowDuals }: ProgramSolution,
  solver: Solver,
  options: SolverOptions,
): Diagnostic | undefined {
  if (status === "optimal" || (status === "time_limit" && isFeasible)) return undefined;
  if (status === "infeasible") return describeConflict(situation, built, solver, options);
  if (status === "unbounded") {
    const without = [...situation.task.without];
    const left =
      without.length > 0
        ? `${without.map((kind) => `\`${kind}\``).join(" and ")} ${without.length === 1 ? "is" : "are"} left out, and`
        : "";
    const reason = `${left} nothing limits the purchases`.trim();
    return diagnose("unbounded-program", { values: { reason } });
  }
  if (status !== "time_limit") return diagnose("unmet-plan", { values: { reason: "the solver gave up" } });
  const reason = `${options.timeLimitSeconds} s were not enough to find one that meets all limits`;
  return diagnose("unmet-plan", { values: { reason }, help: helpOfTime(situation, built, rowDuals) });
}

/** The remedy after a time limit, and the proved bound on the cost of any plan. */
function helpOfTime({ task, kept }: Situation, built: BuiltProgram, rowDuals: Float64Array): string {
  const landing = task.byQuarter ? "" : ", land by quarter with `optimize.landing: quarter`";
  const help = `allow more with \`--time-limit\`${landing}, or leave out a kind of limit with \`--without\`; a plan may exist`;
  if (task.goal !== "minimize_cost") return help;
  const least = costInBook(task, kept) + boundObjective(built.program, rowDuals) * MILLION;
  const isProved = Number.isFinite(least) && least > 0;
  return isProved ? `${help}, but none costs less than ${amountText(least)}` : help;
}

/** The limits in conflict and, if the budget is one of them, the cost of the cheapest plan. */
function describeConflict(
  situation: Situation,
  built: BuiltProgram,
  solver: Solver,
  options: SolverOptions,
): Diagnostic {
  const groups = groupLimits(built.limits).map((group) => group.map(({ row }) => row));
  const rows = new Set(findConflict(built.program, groups, solver, options));
  const inConflict = built.limits.filter(({ row }) => rows.has(row));
  const list = describeLimits(inConflict);
  const limits =
    list.length > 1
      ? `${listWords(list, "and")} cannot hold together`
      : `no purchase of the allowed chips meets ${list[0] ?? "the limits"}`;
  const isOfMoney = inConflict.some(({ kind }) => kind === "cost");
  const placed = inConflict.length > 0 ? placeConflict(situation, inConflict) : undefined;
  const help = isOfMoney ? helpOfMoney(situation, solver, options) : placed?.help;
  return diagnose("infeasible-program", { values: { limits }, ...placed, help });
}

/** The cost of the cheapest plan within the other limits, and the part already committed. */
function helpOfMoney(situation: Situation, solver: Solver, options: SolverOptions): string | undefined {
  const { task, kept } = situation;
  const cheapest = buildProgram(situation, "least_cost");
  const { status, objective } = withProgram(cheapest, solver, options, (open) => open.solve());
  if (status !== "optimal") return undefined;
  const stays = costInBook(task, kept);
  const least = stays + objective * MILLION * (1 + EDGE);
  return `the cheapest plan within the other limits costs ${amountText(least)}, of which ${amountText(stays)} is already committed; write at least \`--budget '${amountText(least)}'\``;
}

/** An amount with four digits, rounded up, so that it suffices when typed again. */
function amountText(usd: number): string {
  const step = powerOfTen(decimalExponentOf(Math.max(1, usd)) - 3);
  const shown = Math.ceil(usd / step) * step;
  const [size, word] = shown >= 1e9 ? [1e9, "billion"] : [1e6, "million"];
  return `${Number((shown / size).toPrecision(6))} ${word} USD`;
}

const FLOP_PER_EFLOP_HOUR = 1e18 * 3600;

/** A smaller dual is the solver's rounding error [units of the program]. */
const DUAL_DUST = 1e-7;

/** USD, or EFLOP-hours for most compute, in one unit of the program's objective. */
export function objectiveUnit({ goal }: Task): number {
  return goal === "minimize_cost" ? MILLION : OBJECTIVE_FLOP / FLOP_PER_EFLOP_HOUR;
}

function readOptimum(situation: Situation, built: BuiltProgram, solution: ProgramSolution): Optimum {
  const { columns, rowDuals, status, objective } = solution;
  const isOptimal = status === "optimal";
  const bound = isOptimal ? objective : boundObjective(built.program, rowDuals);
  const gap = Math.abs(objective - bound) / Math.max(Math.abs(objective), Number.MIN_VALUE);
  const unit = objectiveUnit(situation.task);
  return {
    ...priceColumns(situation, columns),
    purchases: readPurchases(situation.choices, columns),
    // Prices of a plan that is not optimal do not value a limit.
    shadowPrices: (isOptimal ? built.limits : []).map((limit) => {
      const dual = rowDuals[limit.row];
      return { ...limit, value: Math.abs(dual) < DUAL_DUST ? 0 : (dual * unit) / limit.scale };
    }),
    supplyShare: columns[built.supplyColumn],
    ...(Number.isFinite(gap) ? { gap } : {}),
    isOptimal,
  };
}

/** Prices of one kind and name, and the one that is worth most. */
export type PricedLimit = {
  readonly kind: ShadowPrice["kind"];
  readonly name: string;
  readonly prices: readonly ShadowPrice[];
  readonly peak: ShadowPrice;
};

/** Limits that bind, those with most periods first. */
export function bindingLimits({ shadowPrices }: Optimum): readonly PricedLimit[] {
  const largest = Math.max(0, ...shadowPrices.map(({ value }) => Math.abs(value)));
  const groups = new Map<string, ShadowPrice[]>();
  for (const price of shadowPrices) {
    if (Math.abs(price.value) <= PRICE_DUST * largest) continue;
    const key = `${price.kind} ${price.name}`;
    groups.set(key, [...(groups.get(key) ?? []), price]);
  }
  const found = [...groups.values()].map((prices): PricedLimit => {
    const peak = prices.reduce((most, one) => (Math.abs(one.value) > Math.abs(most.value) ? one : most));
    return { kind: peak.kind, name: peak.name, prices, peak };
  });
  return found.sort(
    (a, b) => b.prices.length - a.prices.length || Math.abs(b.peak.value) - Math.abs(a.peak.value),
  );
}
