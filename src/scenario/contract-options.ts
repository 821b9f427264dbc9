import { pathOf } from "./fields/index.ts";
import type { Scenario } from "./scenario.ts";

/** Notice of an option that states none [months]. */
const USUAL_NOTICE = 12;

/** Notice of an option, as stated or as usual [months]. */
export function noticeOf(stated: number | undefined): number {
  return stated ?? USUAL_NOTICE;
}

/** How often a contract may be extended: 0 without an extension, 1 unless it says more. */
export function timesOf(fields: Scenario["fields"], contract: string): number {
  if (!fields.has(pathOf("contracts.*.extension.when", contract))) return 0;
  return fields.get(pathOf("contracts.*.extension.times", contract))?.integer ?? 1;
}
