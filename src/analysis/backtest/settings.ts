import type { Basis, Case } from "./case.ts";

/** Names in the templates. */
const [site, fleet] = ["sites.site", "fleets.built"];

/**
 * What a case changes in its template, as `--set` takes it, on one reading of the basis of its power.
 *
 * Chips without numbers share what is given in equal parts: by number where chips are given, else by power.
 *
 * Fails: never.
 */
export function settingsOf(one: Case, basis: Basis | undefined): readonly string[] {
  const { month, given, designPue, predict } = one;
  const isPower = /W$/.test(given);
  const common = [`start=${month}`, `${fleet}.size=${given}`, ...chipSettings(one, isPower)];
  if (designPue !== "") common.push(`${site}.pue_design=${designPue}`);
  if (isPower && basis) common.push(`${fleet}.basis=${basis}`);
  // The chips of an announced date are only there to wait for it.
  if (predict === "months_late") return [...common, `${site}.power={ ${month}: ${given} }`];
  return [...common, `${fleet}.deliver.at=${month}`];
}

function chipSettings({ chips }: Case, isPower: boolean): readonly string[] {
  const [first, ...others] = chips;
  if (others.length === 0) return [`${fleet}.chip=${first.chip}`];
  const total = chips.reduce((sum, { parts }) => sum + parts, 0);
  const shares = others.map(({ chip, parts }) => `${chip}: ${parts / total}`);
  return [
    `${fleet}.chip=null`,
    `${fleet}.mix={ ${[`${first.chip}: rest`, ...shares].join(", ")} }`,
    `${fleet}.by=${isPower ? "power" : "chips"}`,
  ];
}
