import type { FieldSpec } from "./field.ts";
import { choice, perTrial, portion } from "./field-kinds.ts";

/** How a cost is written down for tax. */
const DEPRECIATION = [
  "straight_line",
  "full",
  "macrs_3",
  "macrs_5",
  "macrs_7",
  "macrs_10",
  "macrs_15",
  "macrs_20",
] as const;

/** Tax on the provider's income: docs/model.md section 10.8. */
export const taxFields = [
  {
    path: "tax.rate",
    ...perTrial("fraction"),
    range: ["0 %", "95 %"],
    usual: [undefined, "60 %"],
    example: "25 %",
    text: "Share of taxable income that is paid as tax in the last month of the fiscal year. Without it there is no tax.",
    seeAlso: ["fiscal_year_start"],
  },
  {
    path: "tax.loss_limit",
    ...portion,
    example: "80 %",
    text: "The most of a fiscal year's income that losses carried forward may offset; all of it where absent.",
  },
  {
    path: "tax.discount_rate",
    ...perTrial("fraction"),
    range: ["-20 %", "100 %"],
    usual: [undefined, "50 %"],
    example: "8 %",
    text: "Yearly rate at which cash after tax is discounted; `provider.discount_rate`, a rate before tax, where absent.",
  },
  {
    path: "tax.chips.depreciation",
    ...choice(...DEPRECIATION),
    example: "macrs_5",
    text: "How chips and network are depreciated for tax: in equal months over `life`, in full in the month of service, or by a half-year table of MACRS. Needed where there is tax.",
    seeAlso: ["tax.chips.life"],
  },
  {
    path: "tax.chips.life",
    ...perTrial("duration"),
    range: ["1 month", "50 years"],
    example: "5 years",
    text: "Months of straight-line depreciation of chips and network for tax.",
    seeAlso: ["tax.chips.depreciation"],
  },
  {
    path: "tax.chips.credit",
    ...portion,
    example: "6 %",
    text: "Tax credit as a share of the cost of chips and network put into service; none where absent.",
  },
  {
    path: "tax.facility.depreciation",
    ...choice(...DEPRECIATION),
    example: "macrs_15",
    text: "How facilities and refitted halls are depreciated for tax; the choices of `tax.chips.depreciation`. Needed where there is tax.",
    seeAlso: ["tax.facility.life"],
  },
  {
    path: "tax.facility.life",
    ...perTrial("duration"),
    range: ["1 month", "50 years"],
    example: "39 years",
    text: "Months of straight-line depreciation of facilities for tax.",
    seeAlso: ["tax.facility.depreciation"],
  },
  {
    path: "tax.facility.credit",
    ...portion,
    example: "30 %",
    text: "Tax credit as a share of the cost of facilities put into service; none where absent.",
  },
] as const satisfies readonly FieldSpec[];
