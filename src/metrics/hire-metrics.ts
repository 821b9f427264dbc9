import { add, discount, multiply, previous, subtract, total } from "./formula.ts";
import type { Metric } from "./metric.ts";
import { partBook, partFlow, runMoney } from "./money-rows.ts";

/** Chips that others own: docs/model.md section 9.5. */
export const hireMetrics: readonly Metric[] = [
  {
    ...partFlow,
    name: "chip_lease_cost_usd",
    only: "leased",
    kernel: { name: "hire" },
    text: "Paid to lessors of chips in the month.",
  },
  {
    ...partFlow,
    name: "chip_buyout_usd",
    only: "bought_out",
    kernel: { name: "buyout" },
    text: "Paid for chips at the end of their lease: capital of the month.",
  },
  {
    ...partFlow,
    name: "chip_rent_cost_usd",
    only: "rented",
    kernel: { name: "hire" },
    text: "Paid for rented chips in the month: deposits, and bills as far as deposits do not cover them.",
  },
  {
    ...partFlow,
    name: "rent_paid_chip_hours",
    better: "neither",
    unit: "chip-hours",
    group: "compute",
    only: "rented",
    kernel: { name: "hire" },
    text: "Chip-hours of rent paid in the month, those prepaid included: what rent a rate of 1 USD would cost.",
  },
  {
    ...partBook,
    name: "chip_deposit_usd",
    only: "rented",
    kernel: {
      name: "hire",
      identity: subtract(add(previous("chip_deposit_usd"), "chip_rent_cost_usd"), "chip_rent_bill_usd"),
    },
    text: "What is left of deposits for rented chips.",
  },
  {
    ...partFlow,
    name: "chip_rent_bill_usd",
    only: "rented",
    group: "book",
    kernel: { name: "hire" },
    text: "Bill for rented chips of the month, whether paid from a deposit or not.",
  },
  {
    ...partBook,
    name: "chip_hire_obligation_usd",
    better: "less",
    only: "hired",
    kernel: { name: "hire" },
    text: "What is still owed for the leased and rented chips in use, to the end of their terms: the least of it, less deposits, not discounted.",
  },
  {
    ...runMoney,
    name: "chip_rent_pv_usd",
    better: "less",
    only: "rented",
    formula: total(multiply("chip_rent_cost_usd", discount), "costed"),
    text: "Present value of what is paid for rented chips.",
  },
  {
    ...runMoney,
    name: "rent_discounted_chip_hours",
    better: "neither",
    unit: "chip-hours",
    only: "rented",
    formula: total(multiply("rent_paid_chip_hours", discount), "costed"),
    text: "Chip-hours of rent discounted by the month they are paid: the present value of a rent of 1 USD an hour.",
  },
];
