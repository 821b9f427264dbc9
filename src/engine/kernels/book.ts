import type { Extent } from "../months.ts";

/**
 * Splits the cost of chips that wait for power between those energised in the month and those still waiting, at one average cost.
 *
 *     energisedCost = (pool + landedCost) x energisedNew / (energisedNew + stranded)
 *
 * Shapes: all slabs. Fails: never. Source: docs/model.md section 9.1.
 */
export function runPool(
  memory: Float64Array,
  landedCost: number,
  energisedNew: number,
  stranded: number,
  energisedCost: number,
  { monthCount, blockSize }: Extent,
): void {
  for (let trial = 0; trial < blockSize; trial++) {
    let pool = 0;
    for (let month = 0; month < monthCount; month++) {
      const at = month * blockSize + trial;
      const energised = memory[energisedNew + at];
      const waiting = memory[stranded + at];
      const cost = pool + memory[landedCost + at];
      const moved = waiting === 0 ? cost : cost * (energised / (energised + waiting));
      memory[energisedCost + at] = moved;
      pool = waiting === 0 ? 0 : cost - moved;
    }
  }
}

/** Registers of the book kernel, as offsets: slabs, but for the lags, which are [trial] of whole months. */
export type BookLayout = {
  /** Cost energised in the month, and survival S. */
  readonly cost: number;
  readonly survival: number;
  readonly commissioning: number;
  readonly bookLife: number;
  readonly life: number;
  /** Outputs: K = running sum of cost / S, M = running sum of month x cost / S, and the book. */
  readonly cumulative: number;
  readonly moment: number;
  readonly inService: number;
  readonly depreciation: number;
  readonly writtenOff: number;
  readonly bookValue: number;
};

/**
 * Writes every cohort down in equal parts from its productive month and what is left of it off at retirement or failure.
 *
 * All cohorts at once: sums over the months in which what is alive was energised are differences of K, and sums
 * weighted by age are differences of M. Cost energised so far = book value + depreciation and write-offs so far.
 * Fails: never. Cost: months x trials. Source: docs/model.md section 9.1.
 */
export function runBook(memory: Float64Array, layout: BookLayout, { monthCount, blockSize }: Extent): void {
  for (let trial = 0; trial < blockSize; trial++) {
    const commissioning = memory[layout.commissioning + trial];
    const bookLife = memory[layout.bookLife + trial];
    const life = memory[layout.life + trial];
    const reach = Math.min(life, commissioning + bookLife);
    const valueReach = Math.min(life, commissioning + bookLife - 1);
    const leftAtRetirement = Math.max(0, 1 - Math.max(0, life - commissioning) / bookLife);
    const k = (month: number) => (month >= 0 ? memory[layout.cumulative + month * blockSize + trial] : 0);
    const m = (month: number) => (month >= 0 ? memory[layout.moment + month * blockSize + trial] : 0);
    let cumulative = 0;
    let moment = 0;
    let survivalBefore = 1;
    for (let month = 0; month < monthCount; month++) {
      const at = month * blockSize + trial;
      const survival = memory[layout.survival + at];
      // Written off before the month's cost is added: it concerns what was energised earlier.
      let writtenOff = survivalBefore * (k(month - life) - k(month - life - 1)) * leftAtRetirement;
      if (survival !== survivalBefore) {
        const newest = Math.min(month - 1, month - commissioning);
        const oldest = month - reach;
        const aged =
          newest > oldest
            ? ((month - commissioning) * (k(newest) - k(oldest)) - (m(newest) - m(oldest))) / bookLife
            : 0;
        // A cohort fully written down, or retired this month, has nothing left to lose.
        writtenOff += (survivalBefore - survival) * Math.max(0, k(month - 1) - k(oldest) - aged);
      }
      const normalised = memory[layout.cost + at] / survival;
      cumulative += normalised;
      moment += month * normalised;
      memory[layout.cumulative + at] = cumulative;
      memory[layout.moment + at] = moment;
      memory[layout.inService + at] = survival * (cumulative - k(month - life));
      memory[layout.depreciation + at] =
        commissioning < life ? (survival * (k(month - commissioning) - k(month - reach))) / bookLife : 0;
      memory[layout.writtenOff + at] = writtenOff;
      const newest = Math.min(month, month + 1 - commissioning);
      const oldest = month - valueReach;
      const aged =
        newest > oldest
          ? ((month + 1 - commissioning) * (k(newest) - k(oldest)) - (m(newest) - m(oldest))) / bookLife
          : 0;
      memory[layout.bookValue + at] = Math.max(0, survival * (cumulative - k(oldest) - aged));
      survivalBefore = survival;
    }
  }
}

/**
 * What the chips in service are worth at the end of the horizon: cost less a straight line over economic life by age.
 *
 * Shapes: `cumulative`, `moment`, `survival` slabs; `economicLife`, `life` and `target` [trial].
 * Fails: never. Source: docs/model.md section 9.3.
 */
export function runChipResidual(
  memory: Float64Array,
  cumulative: number,
  moment: number,
  survival: number,
  life: number,
  economicLife: number,
  target: number,
  { originMonth, horizonMonths, blockSize }: Extent,
): void {
  const end = originMonth + horizonMonths;
  const last = (end - 1) * blockSize;
  for (let trial = 0; trial < blockSize; trial++) {
    const economic = memory[economicLife + trial];
    const oldest = end - 1 - Math.min(memory[life + trial], economic);
    const k =
      memory[cumulative + last + trial] - (oldest >= 0 ? memory[cumulative + oldest * blockSize + trial] : 0);
    const m = memory[moment + last + trial] - (oldest >= 0 ? memory[moment + oldest * blockSize + trial] : 0);
    memory[target + trial] = Math.max(0, memory[survival + last + trial] * (k - (end * k - m) / economic));
  }
}
