import type { FieldSpec } from "./field.ts";
import { byMonth, choice, perTrial, portion } from "./field-kinds.ts";

/** Whose chips a fleet's are, and what is paid for those of others. */
export const tenureFields = [
  {
    path: "fleets.*.tenure",
    ...choice("owned", "leased", "rented"),
    example: "rented",
    text: "Whether the provider buys the chips (`owned`, as without this field), leases them for a site of its own, or rents them where someone else runs them.",
    seeAlso: ["fleets.*.lease", "fleets.*.rent"],
  },
  {
    path: "fleets.*.owner",
    ...choice("provider", "buyer"),
    example: "buyer",
    text: "Who buys the chips: the provider, as without this field, or the buyer, who maintains them at the provider's site and pays for hosting by a contract's `capacity_price` or `fee`.",
    seeAlso: ["fleets.*.tenure", "contracts.*.capacity_price.price", "contracts.*.fee"],
  },
  {
    path: "fleets.*.lease",
    short: "lease of chips",
    ...byMonth("price_per_chip_month"),
    range: ["0 USD/chip/month", "10 million USD/chip/month"],
    usual: ["1 USD/chip/month", "100 thousand USD/chip/month"],
    example: "900 USD/chip/month",
    text: "What a leased chip with its network costs a month; each chip keeps the rate of the month it is energised in.",
    seeAlso: ["fleets.*.lease_term", "fleets.*.lease_end"],
  },
  {
    path: "fleets.*.lease_term",
    ...perTrial("duration"),
    range: ["1 month", "30 years"],
    example: "5 years",
    text: "How long a leased chip is leased, from its energised month.",
  },
  {
    path: "fleets.*.lease_end",
    ...choice("return", "buy", "extend"),
    example: "buy",
    text: "What happens at the end of a lease: the chips leave (`return`, as without this field), are bought, or are leased on for the rest of their life.",
    seeAlso: ["fleets.*.lease_buyout", "fleets.*.lease_extension"],
  },
  {
    path: "fleets.*.lease_buyout",
    ...portion,
    example: "10 %",
    text: "Price of a chip at the end of its lease, as a share of its cost, network included, at landing; for `lease_end: buy`.",
  },
  {
    path: "fleets.*.lease_extension",
    ...byMonth("price_per_chip_month"),
    range: ["0 USD/chip/month", "10 million USD/chip/month"],
    usual: ["1 USD/chip/month", "100 thousand USD/chip/month"],
    example: "300 USD/chip/month",
    text: "Rate from the end of a lease to the end of the chips' life; for `lease_end: extend`.",
  },
  {
    path: "fleets.*.rent",
    short: "rent of chips",
    ...byMonth("price_per_chip_hour"),
    range: ["0 USD/chip/hour", "10 thousand USD/chip/hour"],
    usual: ["0.01 USD/chip/hour", "200 USD/chip/hour"],
    example: "3 USD/chip/hour",
    text: "What a rented chip costs an hour, with site, energy and upkeep; each chip keeps the rate of the month it is energised in.",
    seeAlso: ["fleets.*.rent_term", "fleets.*.rent_minimum", "fleets.*.deposit"],
  },
  {
    path: "fleets.*.rent_term",
    ...perTrial("duration"),
    range: ["1 month", "30 years"],
    example: "6 years",
    text: "How long a rented chip is rented, from its energised month. Then it leaves.",
  },
  {
    path: "fleets.*.rent_minimum",
    ...portion,
    example: "80 %",
    text: "Share of all hours that is paid at least, used or not; all of them without this field.",
  },
  {
    path: "fleets.*.deposit",
    ...portion,
    example: "10 %",
    text: "Share of the least rent of the full term that is paid when the chips are energised; bills are drawn from it first.",
  },
] as const satisfies readonly FieldSpec[];
