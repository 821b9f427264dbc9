import { WATTS_PER_MEGAWATT } from "../../metrics/unit-factors.ts";
import { addCommitments, addShortfalls } from "./commitment-rows.ts";
import { addDemand } from "./demand-rows.ts";
import { addBudget, addChipSupply, addPower, addShares, addSupply, addVendorSpend } from "./limit-rows.ts";
import { type AddLimit, type Limit, MILLION } from "./limits.ts";
import { type LinearProgram, ProgramBuilder } from "./linear-program.ts";
import { costInBook, type Situation } from "./situation.ts";

/** A program with the meaning of its rows and columns. */
export type BuiltProgram = {
  readonly program: LinearProgram;
  readonly limits: readonly Limit[];
  /** Column of the share of the required supply: 1, except along the frontier. */
  readonly supplyColumn: number;
  /** Row that bounds the present value of cost, if there is one. */
  readonly costRow?: number;
};

/** FLOP per unit of the objective of most compute. */
export const OBJECTIVE_FLOP = 1e27;

/** The objective, besides the task's goal: the largest share of the supply that can be met, or the least cost. */
export type Aim = "goal" | "most_supply" | "least_cost";

/**
 * Builds the linear program of a task: a column for each chip, site and landing month (in MW of facility power bought), for
 * each shortfall of a commitment and for each workload's chips in each fleet, and rows for all limits.
 *
 * Fails: never. Cost: columns x months.
 */
export function buildProgram(situation: Situation, aim: Aim = "goal"): BuiltProgram {
  const { task, choices } = situation;
  const builder = new ProgramBuilder();
  const limits: Limit[] = [];
  const isCost = aim === "least_cost" || (aim === "goal" && task.goal === "minimize_cost");
  const costs = choices.map(
    (choice) => (costInBook(task, choice) * WATTS_PER_MEGAWATT) / choice.size / MILLION,
  );
  for (const [column, { flop, size }] of choices.entries()) {
    const objective = isCost ? costs[column] : (flop / OBJECTIVE_FLOP) * (WATTS_PER_MEGAWATT / size);
    builder.column(aim === "most_supply" ? 0 : objective);
  }
  const supplyColumn = aim === "most_supply" ? builder.column(1) : builder.column(0, 1, 1);
  const add: AddLimit = (limit, entries, lower, upper) => {
    limits.push({ ...limit, row: builder.row(entries, lower, upper) });
  };
  const pays = task.book === "buyer" && !task.usesCommitments && !task.without.has("commitments");
  const shortfalls = pays
    ? addShortfalls(situation, builder, (pricePv) => (isCost ? pricePv / MILLION : 0))
    : [];
  if (!task.without.has("power")) addPower(situation, add);
  // If demand must be served, only a stated supply is required.
  const isStated = situation.scenario.fields.has("optimize.supply");
  if (isStated || (task.goal === "minimize_cost" && situation.served.length === 0))
    addSupply(situation, supplyColumn, add);
  if (!task.without.has("chip_supply")) addChipSupply(situation, add);
  if (!task.without.has("budget")) addBudget(situation, shortfalls, add);
  if (!task.without.has("shares")) addShares(situation, add);
  if (!task.without.has("vendor_spend")) addVendorSpend(situation, add);
  if (!task.without.has("commitments")) addCommitments(situation, shortfalls, add);
  addDemand(situation, builder, supplyColumn, add);
  let costRow: number | undefined;
  if (aim === "goal" && !isCost && !task.without.has("budget")) {
    const most = task.budgetPv ?? costInBook(task, situation.own);
    const unit = { unit: "USD", scale: MILLION, kind: "cost", name: "", period: "" } as const;
    const entries: [number, number][] = [
      ...costs.entries(),
      ...shortfalls.map(({ column, interval }): [number, number] => [column, interval.pricePv]),
    ];
    add(unit, entries, Number.NEGATIVE_INFINITY, (most - costInBook(task, situation.kept)) / MILLION);
    costRow = limits.at(-1)?.row;
  }
  const sense = isCost ? "minimize" : "maximize";
  return {
    program: builder.build(sense),
    limits,
    supplyColumn,
    ...(costRow === undefined ? {} : { costRow }),
  };
}
