import { add, type FormulaLike, input, per, previous, running, subtract } from "./formula.ts";
import type { Metric } from "./metric.ts";
import { DOLLAR, FRACTION } from "./units.ts";

const flow = { ...DOLLAR, level: "contract", adds: true, time: "flow", group: "contract" } as const;
const stock = { ...DOLLAR, level: "contract", adds: true, time: "stock", group: "contract" } as const;
const scalar = {
  level: "contract",
  adds: false,
  isScalar: true,
  time: "ratio",
  group: "contract",
  scale: 1,
} as const;

/** A rate that the commitment implies over the term: the commitment over an amount. */
function implied(name: string, unit: string, amount: FormulaLike, words: string): Metric {
  return {
    ...scalar,
    name,
    unit,
    formula: per("contract_commitment_usd", amount),
    text: `Commitment over ${words} of the fleets under the contract, over the term: nominal, without overage or shortfall.`,
  };
}

/** Contracts and tranches: docs/model.md section 10. */
export const contractMetrics: readonly Metric[] = [
  {
    ...flow,
    name: "contract_billable_chip_hours",
    unit: "chip-hours",
    kernel: { name: "settle" },
    text: "Chip-hours drawn down, used or not; overage is not among them.",
  },
  {
    ...flow,
    name: "contract_drawdown_usd",
    kernel: {
      name: "settle",
      identity: subtract(
        previous("contract_remaining_usd"),
        "contract_remaining_usd",
        "contract_shortfall_usd",
        "contract_relief_usd",
      ),
    },
    text: "Use billed against the commitment.",
  },
  {
    ...flow,
    name: "contract_shortfall_usd",
    kernel: {
      name: "settle",
      identity: subtract(
        previous("contract_remaining_usd"),
        "contract_remaining_usd",
        "contract_drawdown_usd",
        "contract_relief_usd",
      ),
    },
    text: "Charged for what a fulfilment interval fell short by, in the month after it.",
  },
  {
    ...flow,
    name: "contract_relief_usd",
    kernel: { name: "settle" },
    text: "Taken off the commitment for what the provider was late with.",
  },
  {
    ...flow,
    name: "contract_overage_usd",
    kernel: { name: "settle" },
    text: "Use that no commitment took.",
  },
  {
    ...flow,
    name: "contract_payment_usd",
    kernel: { name: "settle" },
    text: "What the buyer pays: drawdown, shortfall and overage less upfront credit used, and the upfront payment.",
  },
  {
    ...stock,
    name: "contract_remaining_usd",
    kernel: { name: "settle" },
    text: "Commitment not yet drawn, charged or relieved: the remaining obligation; for one of usage, its chip-hours at the mean rate of the first month.",
  },
  {
    ...FRACTION,
    level: "contract",
    adds: false,
    time: "ratio",
    group: "contract",
    name: "contract_burn_rate",
    kernel: { name: "burn" },
    text: "Share of the commitment gone: drawn, charged or relieved.",
  },
  {
    ...flow,
    name: "contract_revenue_usd",
    group: "book",
    kernel: { name: "revenue" },
    text: "Revenue by the month it is earned: bills less upfront credit, and the upfront payment spread over the term.",
  },
  {
    ...FRACTION,
    level: "contract",
    adds: false,
    time: "code",
    group: "contract",
    name: "contract_status",
    kernel: { name: "status" },
    words: ["pending", "active", "exhausted", "expired"],
    text: "FOCUS ContractCommitmentLifecycleStatus of the month.",
  },
  {
    ...scalar,
    name: "contract_unsettled_usd",
    unit: "USD",
    kernel: { name: "unsettled" },
    text: "Payments under the contract that fall due after the horizon, the last shortfall among them, overage after its end not: in no figure of the horizon.",
  },
  {
    ...scalar,
    name: "contract_commitment_usd",
    unit: "USD",
    kernel: { name: "commitment" },
    text: "The commitment in money; for one of usage, its chip-hours at the mean rate of the first month.",
  },
  {
    ...scalar,
    name: "contract_term_chip_hours",
    unit: "chip-hours",
    kernel: { name: "term" },
    text: "Billable chip-hours over the term of the fleets whose list names the contract.",
  },
  {
    ...scalar,
    name: "contract_term_rate_card_usd",
    unit: "USD",
    kernel: { name: "term" },
    text: "The same chip-hours at the rate card.",
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
    text: "Effective FP4 work of these fleets over the term, in the precision really run.",
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
    unit: "months from start",
    kernel: { name: "exhaustion" },
    text: "Month in which use draws the last of the commitment; empty where it does not within the months simulated, or where a shortfall or relief settles what is left.",
  },
  {
    ...DOLLAR,
    level: "tranche",
    adds: true,
    time: "flow",
    group: "contract",
    name: "tranche_receipt_usd",
    kernel: { name: "tranche" },
    text: "Paid to the buyer by financing. Equity: in the buyer's cash, in no cost or revenue.",
  },
  {
    ...scalar,
    level: "tranche",
    name: "tranche_unlock_month",
    unit: "months from start",
    kernel: { name: "tranche" },
    text: "First month whose end meets the tranche's condition; empty where none does in time.",
  },
  {
    ...stock,
    name: "contract_paid_to_date_usd",
    formula: running("contract_payment_usd", "window"),
    text: "Payments so far, those before `start` included.",
  },
  {
    ...flow,
    name: "contract_billed_usd",
    formula: add("contract_drawdown_usd", "contract_shortfall_usd", "contract_overage_usd"),
    text: "Bill of the month before upfront credit.",
  },
];
