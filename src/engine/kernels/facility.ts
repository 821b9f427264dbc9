import type { Extent } from "../months.ts";

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
  const { monthCount, blockSize, originMonth } = extent;
  for (let trial = 0; trial < blockSize; trial++) {
    const buildTime = memory[layout.buildTime + trial];
    const delay = memory[layout.delay + trial];
    const bookLife = memory[layout.bookLife + trial];
    const cost = (month: number) =>
      month < 0 ? 0 : memory[layout.cost + Math.min(month, monthCount - 1) * blockSize + trial];
    const moment = (month: number) => (month < 0 ? 0 : memory[layout.moment + month * blockSize + trial]);
    const planned = (month: number) => (month < 0 ? 0 : (cost(month + buildTime) - cost(month)) / buildTime);
    let momentSoFar = 0;
    for (let month = 0; month < monthCount; month++) {
      const at = month * blockSize + trial;
      momentSoFar += month * (cost(month) - cost(month - 1));
      memory[layout.moment + at] = momentSoFar;
      if (month < originMonth) memory[layout.cash + at] = planned(month);
      else memory[layout.cash + at] = month - delay >= originMonth ? planned(month - delay) : 0;
      const newest = month - delay;
      const inService = cost(newest);
      memory[layout.inService + at] = inService;
      memory[layout.depreciation + at] = (inService - cost(newest - bookLife)) / bookLife;
      const oldest = newest + 1 - bookLife;
      const alive = inService - cost(oldest);
      const aged = ((newest + 1) * alive - (moment(newest) - moment(oldest))) / bookLife;
      memory[layout.bookValue + at] = Math.max(0, alive - aged);
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
