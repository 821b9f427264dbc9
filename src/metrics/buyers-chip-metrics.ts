import { add, behind, buyerDiscount, finalBuyerDiscount, input, multiply, sum, total } from "./formula.ts";
import type { Metric } from "./metric.ts";
import { partBook, partFlow, partResidual, runMoney } from "./money-rows.ts";
import { inProgress, maintained, paid } from "./purchases.ts";

const only = "buyers_chips";
const flow = { ...partFlow, only } as const;
const book = { ...partBook, only } as const;
const figure = { ...runMoney, only } as const;

/** Price of the month in which a chip was ordered. */
const price = behind(input("buyer.chip_price"), "chip.lead", true);
const network = behind(input("buyer.chip_network"), "chip.lead", true);

/** What the buyer pays for chips of its own. */
export const BUYERS_CHIP_COSTS = ["buyer_chip_cash_usd", "buyer_chip_upkeep_usd"] as const;

/** Chips that the buyer owns: docs/model.md section 9.6. */
export const buyersChipMetrics: readonly Metric[] = [
  {
    ...flow,
    name: "buyer_chip_landed_cost_usd",
    formula: multiply("chips_landed", add(price, network)),
    text: "Cost of the buyer's own chips that land in the month, with their network, whenever it is paid.",
  },
  {
    ...flow,
    name: "buyer_chip_cash_usd",
    formula: paid("buyer_chip_landed_cost_usd"),
    text: "Cash the buyer pays for chips of its own and their network.",
  },
  {
    ...flow,
    name: "buyer_chip_upkeep_usd",
    formula: add(maintained("buyer.maintenance"), multiply("chips_replaced", price)),
    text: "What the buyer pays for maintenance of its own chips and their network, and for spares.",
  },
  {
    ...flow,
    name: "buyer_chip_depreciation_usd",
    kernel: { name: "book" },
    text: "Straight-line depreciation of the buyer's own chips and their network from the productive month.",
  },
  {
    ...flow,
    name: "buyer_chip_write_off_usd",
    kernel: { name: "book" },
    text: "Book value of the buyer's own chips written off at retirement and, without spares, at failure.",
  },
  {
    ...book,
    name: "buyer_chip_book_value_usd",
    kernel: { name: "book" },
    text: "Book value of the buyer's own energised chips and their network at the end of the month.",
  },
  {
    ...book,
    name: "buyer_stranded_cost_usd",
    better: "less",
    kernel: { name: "pool" },
    text: "Cost of the buyer's own chips that wait for power, and of their network.",
  },
  {
    ...book,
    name: "buyer_chip_construction_in_progress_usd",
    formula: inProgress("buyer_stranded_cost_usd", "buyer_chip_landed_cost_usd"),
    text: "Cash the buyer has spent on chips and network that are not energised yet: stranded chips and prepayments.",
  },
  {
    ...partResidual,
    name: "buyer_chip_residual_usd",
    only,
    kernel: { name: "residual" },
    text: "Residual value of the buyer's own chips and their network at the end of the horizon.",
  },
  {
    ...figure,
    name: "buyer_chip_pv_usd",
    better: "less",
    formula: total(multiply(add(...BUYERS_CHIP_COSTS), buyerDiscount), "costed"),
    text: "Present value at the buyer's rate of what chips of its own cost it, upkeep included: part of buyer_cost_pv_usd.",
  },
  {
    ...figure,
    name: "buyer_residual_usd",
    better: "more",
    formula: sum("parts", "buyer_chip_residual_usd"),
    text: "Residual value of the buyer's own chips at the end of the horizon, in money of that month.",
  },
  {
    ...figure,
    name: "buyer_residual_pv_usd",
    better: "more",
    formula: multiply("buyer_residual_usd", finalBuyerDiscount),
    text: "Present value of that residual value at the buyer's rate; part of npv_buyer_usd, never of its cost.",
  },
];
