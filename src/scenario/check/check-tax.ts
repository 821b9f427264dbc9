import type { FieldPath } from "../fields/index.ts";
import { type CheckContext, isGiven, reportInvalid, reportMissing } from "../read/check-context.ts";

const CLASSES = [
  { name: "tax.chips", depreciation: "tax.chips.depreciation", life: "tax.chips.life", usual: "macrs_5" },
  {
    name: "tax.facility",
    depreciation: "tax.facility.depreciation",
    life: "tax.facility.life",
    usual: "macrs_15",
  },
] as const satisfies readonly { depreciation: FieldPath; life: FieldPath; name: string; usual: string }[];

/**
 * Checks that tax has a rate, and a way to depreciate chips and facilities.
 *
 * Fails: never; faults are added to the context.
 */
export function checkTax(context: CheckContext): void {
  if (![...context.fields.keys()].some((path) => path.startsWith("tax."))) return;
  if (!isGiven(context, "tax.rate"))
    reportMissing(context, "tax", "rate", "write `rate: 25 %`, the share of taxable income that is paid");
  for (const { name, depreciation, life, usual } of CLASSES) {
    const method = context.fields.get(depreciation)?.choice;
    if (!isGiven(context, depreciation)) {
      const help = `write \`depreciation: ${usual}\`, \`full\`, or \`straight_line\` with a \`life\``;
      reportMissing(context, name, "depreciation", help);
    } else if (method === "straight_line" && !isGiven(context, life))
      reportMissing(context, name, "life", "write `life: 5 years`, the time of straight-line depreciation");
    else if (method !== undefined && method !== "straight_line" && isGiven(context, life)) {
      const reason = `\`${method}\` has its own years`;
      const help = "leave out `life`, or write `depreciation: straight_line`";
      reportInvalid(context, life, reason, { beside: depreciation, help });
    }
  }
}
