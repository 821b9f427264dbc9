import type { Extent } from "../operations/months.ts";

/** Registers of the facility kernel, as offsets: slabs, but for the lags, which are [trial] of whole months. */
export type FacilityLayout = {
  /** Cumulative cost of the undelayed steps, C. */
  readonly cost: number;
  readonly buildTime: number;
  readonly delay: number;
  readonly bookLife: number;
  /** Outputs; `moment` is the running sum of month x step cost, undelayed. */
  readonly moment: number;
  readonly cash: number;
  readonly inService: number;
  readonly depreciation: number;
  readonly bookValue: number;
};

/**
 * The cash, service and book of one site's facility.
 *
 * A step is paid for evenly over the build time before its undelayed month; a delay moves what is unspent at the start
 * of the horizon, and moves when the step enters service. Cash so far = construction in progress + cost in service.
 * Fails: never. Cost: months x trials. Source: docs/model.md section 9.2.
 */
export function runFacility(memory: Float64Array, layout: FacilityLayout, extent: Extent): void {
  const { cost, moment, buildTime, delay, bookLife } = layout;
  const { endMonth, monthCount, blockSize, originMonth } = extent;
  const costAt = (month: number, trial: number): number =>
    month < 0 ? 0 : memory[cost + (month < monthCount ? month : monthCount - 1) * blockSize + trial];
  const momentAt = (month: number, trial: number): number =>
    month < 0 ? 0 : memory[moment + month * blockSize + trial];
  for (let month = 0; month < endMonth; month++) {
    const row = month * blockSize;
    for (let trial = 0; trial < blockSize; trial++) {
      const step = costAt(month, trial) - costAt(month - 1, trial);
      memory[moment + row + trial] = momentAt(month - 1, trial) + month * step;
    }
    if (layout.cash >= 0) {
      for (let trial = 0; trial < blockSize; trial++) {
        const paid = month < originMonth ? month : month - memory[delay + trial];
        const build = memory[buildTime + trial];
        const isPaid = month < originMonth || (paid >= originMonth && paid >= 0);
        memory[layout.cash + row + trial] = isPaid
          ? (costAt(paid + build, trial) - costAt(paid, trial)) / build
          : 0;
      }
    }
    for (let trial = 0; trial < blockSize; trial++) {
      const newest = month - memory[delay + trial];
      const life = memory[bookLife + trial];
      const inService = costAt(newest, trial);
      if (layout.inService >= 0) memory[layout.inService + row + trial] = inService;
      if (layout.depreciation >= 0) {
        memory[layout.depreciation + row + trial] = (inService - costAt(newest - life, trial)) / life;
      }
      if (layout.bookValue < 0) continue;
      const oldest = newest + 1 - life;
      const alive = inService - costAt(oldest, trial);
      const aged = ((newest + 1) * alive - (momentAt(newest, trial) - momentAt(oldest, trial))) / life;
      memory[layout.bookValue + row + trial] = Math.max(0, alive - aged);
    }
  }
}

/** What one site's facility is worth at the end of the horizon, by the age of each step. Shapes as in `runFacility`. */
export function runFacilityResidual(
  memory: Float64Array,
  cost: number,
  moment: number,
  delay: number,
  economicLife: number,
  target: number,
  { originMonth, horizonMonths, blockSize }: Extent,
): void {
  const end = originMonth + horizonMonths;
  for (let trial = 0; trial < blockSize; trial++) {
    const economic = memory[economicLife + trial];
    const shifted = end - memory[delay + trial];
    const at = (register: number, month: number) =>
      month < 0 ? 0 : memory[register + month * blockSize + trial];
    const newest = shifted - 1;
    const oldest = shifted - 1 - economic;
    const alive = at(cost, newest) - at(cost, oldest);
    const aged = (shifted * alive - (at(moment, newest) - at(moment, oldest))) / economic;
    memory[target + trial] = Math.max(0, alive - aged);
  }
}
