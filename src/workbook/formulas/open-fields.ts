import type { OpenFields } from "../../compile/record/open-program.ts";
import { type Instruction, Opcode, type Register } from "../../engine/index.ts";
import type { FieldPath } from "../../scenario/fields/index.ts";
import { hasTerm } from "./operation-terms.ts";

/** Prices, rates and shares that a person in finance changes. Kernels read most of them. */
const ROWS: readonly FieldPath[] = [
  "provider.discount_rate",
  "provider.equity_rate",
  "buyer.discount_rate",
  "chips.*.price",
  "chips.*.network",
  "fleets.*.maintenance",
  "fleets.*.pay_on_order",
  "fleets.*.residual_haircut",
  "fleets.*.lease_buyout",
  "sites.*.facility",
  "sites.*.retrofit",
  "sites.*.electricity",
  "sites.*.electricity_growth",
  "sites.*.lease",
  "sites.*.lease_growth",
  "sites.*.maintenance",
  "sites.*.staff",
  "sites.*.demand_charge",
  "sites.*.demand_minimum",
  "sites.*.residual_haircut",
  "debt.*.share",
  "debt.*.rate",
  "debt.*.fee",
  "debt.*.sweep",
  "tax.rate",
  "tax.loss_limit",
  "tax.discount_rate",
  "tax.chips.credit",
  "tax.facility.credit",
];

/**
 * Kernels that cells can say, which neither search nor choose a place by a number that moves, and what their columns without
 * a metric are called.
 */
export const KERNEL_HEADINGS: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(
  Object.entries<Readonly<Record<string, string>>>({
    pool: {},
    chipBook: {
      cumulative: "cost energised so far, each divided by survival in its month",
      moment: "the same, each times its month",
    },
    chipResidual: { worth: "worth of the chips in service" },
    facilityBook: {
      moment: "cost of steps so far, each times its month",
      spent: "facility cash so far",
    },
    facilityResidual: { worth: "worth of the facility in service" },
    demandCharge: {},
    loan: { age: "months in service", planned: "planned principal" },
    tax: { soFar: "income of the fiscal year so far" },
  }),
);

/** Operations that read another month, in which direction, and whether they hold the value of the last month they reach. */
export const SHIFTS: ReadonlyMap<number, { readonly sign: 1 | -1; readonly holds: boolean }> = new Map<
  number,
  { readonly sign: 1 | -1; readonly holds: boolean }
>([
  [Opcode.behind, { sign: -1, holds: false }],
  [Opcode.behindHold, { sign: -1, holds: true }],
  [Opcode.ahead, { sign: 1, holds: false }],
  [Opcode.aheadHold, { sign: 1, holds: true }],
]);

const ALONG_MONTHS: ReadonlySet<number> = new Set([
  Opcode.total,
  Opcode.cumulate,
  Opcode.difference,
  Opcode.runningMax,
  Opcode.runningProduct,
]);

/** What the workbook follows: fields that are worth changing, as far as cells can say what comes of them. */
export const OPEN_FIELDS: OpenFields = {
  rows: new Set(ROWS),
  canFollow,
  canCompute: ({ opcode }) => hasTerm(opcode),
};

function canFollow(
  { opcode, inputs, kernels, items }: Instruction,
  isOpen: (register: Register) => boolean,
): boolean {
  // Months cannot be counted by a number that moves.
  if (SHIFTS.has(opcode)) return !isOpen(inputs[1]);
  if (opcode !== Opcode.kernel) return ALONG_MONTHS.has(opcode) || hasTerm(opcode);
  const [kernel] = kernels ?? [];
  if (!kernel || !KERNEL_HEADINGS.has(kernel.name)) return false;
  // A sculpted loan follows the plan of another run, at a place that moves.
  const loans = items?.loans ?? [];
  return loans.every(({ profile, serviceShare }) => profile === -1 && serviceShare === -1);
}
