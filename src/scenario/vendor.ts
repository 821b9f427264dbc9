import type { Scenario } from "./scenario.ts";

/** Name of a chip's vendor as a key of the scenario: small letters, digits and `_`; empty if none is given. */
export function vendorKey(fields: Scenario["fields"], chip: string): string {
  const vendor = fields.get(`chips.${chip}.vendor`)?.text ?? "";
  return vendor
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
}

/** Keys of the vendors of chips, each once, sorted. */
export function vendorsOf(fields: Scenario["fields"], chips: readonly string[]): readonly string[] {
  const keys = new Set(chips.map((chip) => vendorKey(fields, chip)));
  return [...keys].filter((key) => key !== "").sort();
}
