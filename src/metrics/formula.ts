import { MONTHS_PER_YEAR, WATTS_PER_MEGAWATT } from "./unit-factors.ts";

/**
 * Formulas of the metric table, as data: the compiler fuses them, `trace` walks them, tests interpret them, and the
 * reference page prints them. Values are in canonical units; months are those of the engine's window.
 */
export type Formula =
  /** Another metric, of the same entity, month and trial, or of a coarser level as it is. */
  | { readonly kind: "metric"; readonly name: string }
  /** An input: a field of the entity's chip, fleet or site, or of the run. */
  | { readonly kind: "input"; readonly name: InputName }
  | { readonly kind: "number"; readonly value: number }
  /** Hours of the month. */
  | { readonly kind: "hours" }
  /** Years from `start` to the month; negative before. */
  | { readonly kind: "years" }
  | { readonly kind: "operation"; readonly operator: Operator; readonly operands: readonly Formula[] }
  /** Sum of a metric over the entities inside the entity; for assignments, over the pairs with the workload or part. */
  | { readonly kind: "sum"; readonly over: SumOver; readonly name: string }
  /** The value a month earlier; 0 before the window. */
  | { readonly kind: "previous"; readonly of: Formula }
  /** The value some months earlier (`behind`) or later (`ahead`); outside the window 0, or its nearest value if `hold`. */
  | {
      readonly kind: "shifted";
      readonly direction: "behind" | "ahead";
      readonly of: Formula;
      readonly by: InputName;
      readonly hold: boolean;
    }
  /** Sum from the first month up to this one. */
  | { readonly kind: "running"; readonly of: Formula; readonly from: "window" | "horizon" }
  /**
   * Sum over months to the horizon's end: one number per trial. `costed` starts with the window, or with the horizon if the
   * past is sunk.
   */
  | { readonly kind: "total"; readonly of: Formula; readonly from: "horizon" | "before" | "costed" }
  /** Discount factor of the month's end, at someone's rate. */
  | { readonly kind: "discount"; readonly by: Discounter }
  /** Discount factor of the horizon's end. */
  | { readonly kind: "final_discount"; readonly by: Discounter };

/** Whose rate discounts: the provider's, the buyer's, or that of the provider's equity. */
export type Discounter = "provider" | "buyer" | "equity";

/** Entities that a sum goes over. */
export type SumOver = "parts" | "sites" | "contracts" | "tranches" | "loans" | "workloads" | "assignments";

/** If the divisor is 0, `divide` gives 0 and `per` gives nothing, because a rate per unit without units does not exist. */
export type Operator = "add" | "subtract" | "multiply" | "divide" | "per" | "min" | "max" | "power";

/** Inputs a formula may read, each a field of the table of fields or made of some as `DERIVED_INPUTS` or docs/model.md says. */
export type InputName =
  | "chip.it_power"
  | "chip.price"
  | "chip.network"
  | "chip.lead"
  | "chip.hbm"
  | "chip.hbm_bandwidth"
  | "chip.availability"
  | "chip.interruption_rate"
  | "chip.run_fp4"
  | "chip.run_fp8"
  | "chip.run_bf16"
  | "chip.mfu_fp4"
  | "chip.mfu_fp8"
  | "chip.mfu_bf16"
  | "fleet.load_factor"
  | "fleet.scheduling_goodput"
  | "fleet.job_chips"
  | "fleet.recovery"
  | "fleet.maintenance"
  | "buyer.chip_price"
  | "buyer.chip_network"
  | "buyer.maintenance"
  | "fleet.pay_on_order"
  | "fleet.size_chips"
  | "site.pue"
  | "site.pue_design"
  | "site.electricity"
  | "site.electricity_growth"
  | "site.electricity_index"
  | "site.facility_maintenance"
  | "site.staff"
  | "site.lease"
  | "site.lease_growth"
  | "site.lease_index"
  | "provider.discount_rate"
  | "run.idle_rate"
  | "contract.capacity"
  | "contract.term"
  | "contract.nameplate_mw_years"
  | "buyer.opening"
  | "basis.h100_fp8"
  | "basis.h100_bf16"
  | "basis.h100_hbm_bandwidth"
  | DemandInputName;

/** Inputs of demand: of a workload, of its model, and of the chip it runs on (docs/model.md section 15). */
export type DemandInputName =
  | "model.parameters"
  | "model.active_parameters"
  | "model.expert_parameters"
  | "model.unread_share"
  | "model.routed_parameters"
  | "workload.imbalance"
  | "model.weight_bytes"
  | "model.kv_bytes"
  | "model.layers"
  | "model.full_layers"
  | "model.local_layers"
  | "model.local_window"
  | "model.heads"
  | "model.head_dim"
  | "model.decode_dim"
  | "workload.is_training"
  | "workload.is_serving"
  | "workload.keeps_state"
  | "workload.in_hbm"
  | "workload.input"
  | "workload.prefix"
  | "workload.stateless_prefix"
  | "workload.prompt"
  | "workload.answer"
  | "workload.answer_spread"
  | "workload.turns"
  | "workload.state_tokens"
  | "workload.arrivals"
  | "workload.active"
  | "workload.idle"
  | "workload.tier_price"
  | "workload.reload_bandwidth"
  | "workload.peak_over_mean"
  | "workload.min_chips"
  | "workload.value"
  | "workload.run_flop"
  | "workload.overhead"
  | "chip.serving_peak"
  | "chip.attention_peak"
  | "chip.serving_prefill"
  | "chip.serving_products"
  | "chip.serving_compute"
  | "chip.serving_bandwidth"
  | "chip.serving_reserve"
  | "chip.serving_exchange"
  | "chip.training_peak"
  | "chip.training_mfu";

/** A formula, or shorthand for one: a number, or the name of a metric. */
export type FormulaLike = Formula | number | string;

/** A formula from shorthand: a number, or the name of a metric. */
function formulaOf(like: FormulaLike): Formula {
  if (typeof like === "number") return { kind: "number", value: like };
  return typeof like === "string" ? { kind: "metric", name: like } : like;
}

function operation(operator: Operator, operands: readonly FormulaLike[]): Formula {
  return { kind: "operation", operator, operands: operands.map(formulaOf) };
}

/** Sum of terms. */
export const add = (...operands: FormulaLike[]): Formula => operation("add", operands);
/** The first term less all others. */
export const subtract = (...operands: FormulaLike[]): Formula => operation("subtract", operands);
/** Product of factors. */
export const multiply = (...operands: FormulaLike[]): Formula => operation("multiply", operands);
/** Quotient; 0 if the divisor is 0. */
export const divide = (dividend: FormulaLike, divisor: FormulaLike): Formula =>
  operation("divide", [dividend, divisor]);
/** Quotient; nothing if the divisor is 0, because a rate per unit without units does not exist. */
export const per = (amount: FormulaLike, units: FormulaLike): Formula => operation("per", [amount, units]);
/** The largest term. */
export const max = (...operands: FormulaLike[]): Formula => operation("max", operands);
/** The smallest term. */
export const min = (...operands: FormulaLike[]): Formula => operation("min", operands);
/** Base to the power of an exponent. */
export const power = (base: FormulaLike, exponent: FormulaLike): Formula =>
  operation("power", [base, exponent]);
/** A field of the scenario, or a value derived from fields (`InputName`). */
export const input = (name: InputName): Formula => ({ kind: "input", name });
/** Hours of the month. */
export const hours: Formula = { kind: "hours" };
/** The provider's discount factor of the month's end. */
export const discount: Formula = { kind: "discount", by: "provider" };
/** The buyer's discount factor of the month's end. */
export const buyerDiscount: Formula = { kind: "discount", by: "buyer" };
/** The provider's discount factor of the horizon's end. */
export const finalDiscount: Formula = { kind: "final_discount", by: "provider" };
/** The buyer's discount factor of the horizon's end. */
export const finalBuyerDiscount: Formula = { kind: "final_discount", by: "buyer" };
/** The discount factors of equity: of the month's end, and of the horizon's. */
export const equityDiscount: Formula = { kind: "discount", by: "equity" };
export const finalEquityDiscount: Formula = { kind: "final_discount", by: "equity" };
/** Sum of a metric over the entities inside the entity. */
export const sum = (over: SumOver, name: string): Formula => ({ kind: "sum", over, name });
/** The value a month earlier; 0 before the window. */
export const previous = (of: FormulaLike): Formula => ({ kind: "previous", of: formulaOf(of) });
/** The value a number of months later; outside the window 0, or the last value where `hold`. */
export const ahead = (of: FormulaLike, by: InputName, hold = false): Formula => ({
  kind: "shifted",
  direction: "ahead",
  of: formulaOf(of),
  by,
  hold,
});
/** The value some months earlier; outside the window 0, or the first value if `hold`. */
export const behind = (of: FormulaLike, by: InputName, hold = false): Formula => ({
  kind: "shifted",
  direction: "behind",
  of: formulaOf(of),
  by,
  hold,
});
/** Sum from the first month up to this one. */
export const running = (of: FormulaLike, from: "window" | "horizon"): Formula => ({
  kind: "running",
  of: formulaOf(of),
  from,
});
/** Sum over months to the horizon's end: one number per trial. */
export const total = (of: FormulaLike, from: "horizon" | "before" | "costed"): Formula => ({
  kind: "total",
  of: formulaOf(of),
  from,
});

/** The factor by which something grows at a yearly rate from `start` to the month. */
const growth = (rate: InputName): Formula => power(add(1, input(rate)), { kind: "years" });

/** Inputs that are made of others. */
export const DERIVED_INPUTS: ReadonlyMap<InputName, Formula> = new Map([
  ["site.electricity_index", growth("site.electricity_growth")],
  ["site.lease_index", growth("site.lease_growth")],
  ["run.idle_rate", subtract(power(add(1, input("provider.discount_rate")), 1 / MONTHS_PER_YEAR), 1)],
  [
    "contract.nameplate_mw_years",
    divide(
      multiply(input("contract.capacity"), input("contract.term")),
      MONTHS_PER_YEAR * WATTS_PER_MEGAWATT,
    ),
  ],
]);

const SIGNS: Record<Operator, string> = {
  add: " + ",
  subtract: " - ",
  multiply: " x ",
  divide: " / ",
  per: " / ",
  min: ", ",
  max: ", ",
  power: " ^ ",
};

/** Inputs that a formula reads, those that it is shifted by included. */
export function inputsIn(formula: Formula): readonly InputName[] {
  if (formula.kind === "input") return [formula.name];
  if (formula.kind === "operation") return formula.operands.flatMap(inputsIn);
  const within = "of" in formula ? inputsIn(formula.of) : [];
  return formula.kind === "shifted" ? [formula.by, ...within] : within;
}

/** A formula in words, for the reference page, `explain` and `trace`. */
export function formatFormula(formula: Formula): string {
  switch (formula.kind) {
    case "metric":
    case "input":
      return formula.name;
    case "number":
      return String(formula.value);
    case "hours":
      return "hours of the month";
    case "years":
      return "years since start";
    case "discount":
      return `${formula.by}'s discount factor`;
    case "final_discount":
      return `${formula.by === "provider" ? "" : `${formula.by}'s `}discount factor of the horizon's end`;
    case "sum":
      return `sum over ${formula.over} of ${formula.name}`;
    case "previous":
      return `${formatFormula(formula.of)} of the month before`;
    case "shifted":
      return `${formatFormula(formula.of)} ${formula.by} ${formula.direction === "ahead" ? "later" : "earlier"}`;
    case "running":
      return `running sum of ${formatFormula(formula.of)}`;
    case "total":
      return `sum over months of ${formatFormula(formula.of)}`;
    case "operation": {
      const operands = formula.operands.map((operand) =>
        operand.kind === "operation" && formula.operator !== "min" && formula.operator !== "max"
          ? `(${formatFormula(operand)})`
          : formatFormula(operand),
      );
      const joined = operands.join(SIGNS[formula.operator]);
      return formula.operator === "min" || formula.operator === "max"
        ? `${formula.operator}(${joined})`
        : joined;
    }
  }
}
