import {
  add,
  type Formula,
  type FormulaLike,
  input,
  multiply,
  per,
  previous,
  running,
  subtract,
} from "./formula.ts";
import type { Metric } from "./metric.ts";
import { DOLLAR, FRACTION, MONTHS_FROM_START } from "./units.ts";

/** Payments between the two books: better for one is worse for the other. */
const common = { level: "contract", group: "contract", better: "neither" } as const;
const flow = { ...common, ...DOLLAR, adds: true, time: "flow" } as const;
const stock = { ...flow, time: "stock" } as const;
const scalar = { ...common, adds: false, isScalar: true, time: "ratio", scale: 1 } as const;

/** A rate implied by the commitment: the commitment over an amount of the term. */
function implied(name: string, unit: string, amount: FormulaLike, words: string): Metric {
  const commitment = "contract_commitment_usd";
  return {
    ...scalar,
    name,
    better: "less",
    unit,
    // Times commitment over commitment: where nothing is committed that is 0 over 0, and the cell is empty rather than 0.
    formula: per(multiply(commitment, commitment), multiply(commitment, amount)),
    text: `Commitment over ${words} of the fleets under the contract, over the term: nominal, without overage or shortfall. Empty where nothing is committed.`,
  };
}

/** What a month takes off the remaining obligation, apart from relief, release and one more flow. */
function drawnBut(other: string): Formula {
  const after = "contract_remaining_usd";
  return subtract(previous(after), after, other, "contract_relief_usd", "contract_released_usd");
}

/** Contracts and tranches: docs/model.md section 10. */
export const contractMetrics: readonly Metric[] = [
  {
    ...flow,
    name: "contract_billable_chip_hours",
    unit: "chip-hours",
    kernel: { name: "settle" },
    text: "Chip-hours drawn down, used or not, without overage.",
  },
  {
    ...flow,
    name: "contract_drawdown_usd",
    kernel: { name: "settle", identity: drawnBut("contract_shortfall_usd") },
    text: "Use billed against the commitment.",
  },
  {
    ...flow,
    name: "contract_shortfall_usd",
    kernel: { name: "settle", identity: drawnBut("contract_drawdown_usd") },
    text: "Charge for the shortfall of a fulfilment interval, in the month after it.",
  },
  {
    ...flow,
    name: "contract_relief_usd",
    kernel: { name: "settle" },
    text: "Amount deducted from the commitment for late deliveries of the provider.",
  },
  {
    ...flow,
    name: "contract_overage_usd",
    kernel: { name: "settle" },
    text: "Use beyond the commitment while a contract of the fleet's list is open.",
  },
  {
    ...flow,
    name: "contract_standing_usd",
    only: "standing",
    kernel: { name: "standing" },
    text: "Due for capacity and as a fee, drawn from the commitment or beyond it.",
  },
  {
    ...flow,
    name: "contract_released_usd",
    only: "terminable",
    kernel: { name: "termination" },
    text: "Remaining obligation that a termination releases, in the month in which it takes effect.",
  },
  {
    ...flow,
    name: "contract_termination_fee_usd",
    only: "terminable",
    kernel: { name: "termination" },
    text: "Fee for a termination, in the month in which it takes effect.",
  },
  {
    ...flow,
    name: "contract_payment_usd",
    kernel: { name: "settle" },
    text: "The buyer's payments: drawdown, shortfall, overage and termination fee less upfront credit used, plus the upfront payment.",
  },
  {
    ...stock,
    name: "contract_remaining_usd",
    kernel: { name: "settle" },
    text: "Remaining obligation: commitment not yet drawn, charged, relieved or released; for a commitment of usage, its chip-hours at the mean rate of the first month.",
  },
  {
    ...common,
    ...FRACTION,
    adds: false,
    time: "ratio",
    name: "contract_burn_rate",
    kernel: { name: "burn" },
    text: "Share of the commitment drawn, charged, relieved or released; empty where nothing is committed.",
  },
  {
    ...flow,
    name: "contract_revenue_usd",
    group: "book",
    kernel: { name: "revenue" },
    text: "Revenue by the month it is earned: bills less upfront credit, with the upfront payment spread over the term.",
  },
  {
    ...common,
    ...FRACTION,
    adds: false,
    time: "code",
    name: "contract_status",
    kernel: { name: "status" },
    words: ["pending", "active", "exhausted", "expired"],
    text: "FOCUS ContractCommitmentLifecycleStatus of the month. Exhausted: in force, nothing left; expired: past its end.",
  },
  {
    ...scalar,
    name: "contract_unsettled_usd",
    better: "less",
    unit: "USD",
    kernel: { name: "unsettled" },
    text: "Payments under the contract due after the horizon, including the last shortfall. In no figure of the horizon.",
  },
  {
    ...scalar,
    name: "contract_commitment_usd",
    unit: "USD",
    kernel: { name: "commitment" },
    text: "The commitment in money; for a commitment of usage, its chip-hours at the mean rate of the first month.",
  },
  {
    ...scalar,
    name: "contract_term_chip_hours",
    unit: "chip-hours",
    kernel: { name: "term" },
    text: "Billable chip-hours over the term, of the fleets whose list names the contract.",
  },
  {
    ...scalar,
    name: "contract_term_rate_card_usd",
    unit: "USD",
    kernel: { name: "term" },
    text: "These chip-hours at the rate card.",
  },
  {
    ...scalar,
    name: "contract_term_mw_years",
    unit: "MW-years",
    kernel: { name: "term" },
    text: "Energised facility power of these fleets over the term.",
  },
  {
    ...scalar,
    name: "contract_term_effective_fp4_eflop_hours",
    unit: "EFLOP-hours",
    kernel: { name: "term" },
    text: "Effective FP4 work of these fleets over the term, in the precision actually run.",
  },
  implied("implied_usd_per_chip_hour", "USD/chip-hour", "contract_term_chip_hours", "billable chip-hours"),
  implied(
    "implied_rate_card_multiple",
    "1",
    "contract_term_rate_card_usd",
    "rate-card value of the billable chip-hours",
  ),
  implied("implied_usd_per_mw_year_energised", "USD/MW-year", "contract_term_mw_years", "energised MW-years"),
  implied(
    "implied_usd_per_mw_year_nameplate",
    "USD/MW-year",
    input("contract.nameplate_mw_years"),
    "nameplate MW-years (`capacity` times term)",
  ),
  implied(
    "implied_usd_per_effective_fp4_eflop_hour",
    "USD/EFLOP-hour",
    "contract_term_effective_fp4_eflop_hours",
    "effective FP4 EFLOP-hours",
  ),
  {
    ...scalar,
    name: "contract_exhaustion_month",
    unit: MONTHS_FROM_START,
    kernel: { name: "exhaustion" },
    text: "Month in which use draws the last of the commitment; empty if there is none within the simulated months, or if a shortfall or relief settles the rest.",
  },
  {
    ...scalar,
    name: "contract_end_month",
    unit: MONTHS_FROM_START,
    only: "optional",
    kernel: { name: "contract_end" },
    text: "First month in which the contract is over, with the extensions granted and the termination given.",
  },
  {
    ...flow,
    level: "tranche",
    name: "tranche_receipt_usd",
    kernel: { name: "tranche" },
    text: "Payments from financing to the buyer. Equity: part of the buyer's cash, in neither cost nor revenue.",
  },
  {
    ...scalar,
    level: "tranche",
    name: "tranche_unlock_month",
    better: "less",
    unit: MONTHS_FROM_START,
    kernel: { name: "tranche" },
    text: "First month at the end of which the tranche's condition is true; empty if there is none in time.",
  },
  {
    ...stock,
    name: "contract_paid_to_date_usd",
    formula: running("contract_payment_usd", "window"),
    text: "Payments to date, including those before `start`.",
  },
  {
    ...flow,
    name: "contract_billed_usd",
    formula: add("contract_drawdown_usd", "contract_shortfall_usd", "contract_overage_usd"),
    text: "Bill of the month before upfront credit.",
  },
];
