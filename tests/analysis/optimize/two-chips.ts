import { scenarioText } from "../../scenario/load-files.ts";

/**
 * A site of 10 MW for 8,000 chips of 1 kW, and a fleet that may be planned anew: trainium4 costs half of gb300, and both compute the
 * same.
 *
 * @param trainium4 further fields of trainium4, such as `available_from: 2026-09`
 */
export function twoChips(trainium4?: string): string {
  const fields = ["price: 12.5 thousand USD", trainium4, "mfu: { training: { bf16: 40 % } }"].filter(Boolean);
  return scenarioText({
    sites:
      "sites:\n  east:\n    power: 10 MW\n    pue: 1.15\n    pue_design: 1.25\n    electricity: 58 USD/MWh\n    facility: 12 USD/W\n",
    fleets:
      "fleets:\n  first:\n    chip: gb300\n    site: east\n    size: 4000 chips\n    life: 10 years\n    deliver: { from: 2026-03, to: 2026-06 }\n",
    chips: `chips:\n  gb300: { mfu: { training: { bf16: 40 % } } }\n  trainium4: { ${fields.join(", ")} }\n`,
    optimize: "optimize:\n  replace: [first]\n  chips: [gb300, trainium4]\n",
  });
}
