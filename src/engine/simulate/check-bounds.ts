import type { PlanCheck } from "../plan/plan.ts";

/** The ends between which a check's values must lie: a draw may lie on a bound but for rounding. */
export function checkBounds({ low, high }: PlanCheck): { readonly least: number; readonly most: number } {
  return { least: low - Math.abs(low) * 1e-12, most: high + Math.abs(high) * 1e-12 };
}
