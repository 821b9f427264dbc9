import type { Extent } from "../operations/months.ts";

/**
 * Splits the cost of chips that wait for power between those energised in the month and those still waiting, at one average cost.
 *
 *     energisedCost = (pool + landedCost) x energisedNew / (energisedNew + stranded)
 *
 * Shapes: all slabs, but for `pool`, which is [trial]: the cost that waits, carried from month to month.
 * Fails: never. Source: docs/model.md section 9.1.
 */
export function runPool(
  memory: Float64Array,
  landedCost: number,
  energisedNew: number,
  stranded: number,
  energisedCost: number,
  pool: number,
  { fromMonth, endMonth, blockSize }: Extent,
): void {
  for (let trial = 0; trial < blockSize; trial++) {
    let held = fromMonth === 0 ? 0 : memory[pool + trial];
    for (let month = fromMonth; month < endMonth; month++) {
      const at = month * blockSize + trial;
      const energised = memory[energisedNew + at];
      const waiting = memory[stranded + at];
      const cost = held + memory[landedCost + at];
      const moved = waiting === 0 ? cost : cost * (energised / (energised + waiting));
      memory[energisedCost + at] = moved;
      held = waiting === 0 ? 0 : cost - moved;
    }
    memory[pool + trial] = held;
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
export function runBook(memory: Float64Array, layout: BookLayout, extent: Extent): void {
  const { fromMonth, endMonth, blockSize } = extent;
  for (let month = fromMonth; month < endMonth; month++) {
    // Written off before the month's cost is added: it concerns what was energised earlier.
    if (layout.writtenOff >= 0) writeOff(memory, layout, month, blockSize);
    addCost(memory, layout, month, blockSize);
    if (layout.inService >= 0) findInService(memory, layout, month, blockSize);
    if (layout.depreciation >= 0) depreciate(memory, layout, month, blockSize);
    if (layout.bookValue >= 0) findBookValue(memory, layout, month, blockSize);
  }
}

/** K or M of a month, 0 before the window. */
function sumAt(memory: Float64Array, slab: number, month: number, blockSize: number, trial: number): number {
  return month >= 0 ? memory[slab + month * blockSize + trial] : 0;
}

function addCost(memory: Float64Array, layout: BookLayout, month: number, blockSize: number): void {
  const { cumulative, moment, cost, survival } = layout;
  const row = month * blockSize;
  const before = row - blockSize;
  for (let trial = 0; trial < blockSize; trial++) {
    const normalised = memory[cost + row + trial] / memory[survival + row + trial];
    memory[cumulative + row + trial] = (month > 0 ? memory[cumulative + before + trial] : 0) + normalised;
    memory[moment + row + trial] = (month > 0 ? memory[moment + before + trial] : 0) + month * normalised;
  }
}

function findInService(memory: Float64Array, layout: BookLayout, month: number, blockSize: number): void {
  const { cumulative, survival, life, inService } = layout;
  const row = month * blockSize;
  for (let trial = 0; trial < blockSize; trial++) {
    const gone = sumAt(memory, cumulative, month - memory[life + trial], blockSize, trial);
    memory[inService + row + trial] =
      memory[survival + row + trial] * (memory[cumulative + row + trial] - gone);
  }
}

function depreciate(memory: Float64Array, layout: BookLayout, month: number, blockSize: number): void {
  const { cumulative, survival, depreciation } = layout;
  const row = month * blockSize;
  for (let trial = 0; trial < blockSize; trial++) {
    const commissioning = memory[layout.commissioning + trial];
    const bookLife = memory[layout.bookLife + trial];
    const life = memory[layout.life + trial];
    const reach = Math.min(life, commissioning + bookLife);
    const newest = sumAt(memory, cumulative, month - commissioning, blockSize, trial);
    const oldest = sumAt(memory, cumulative, month - reach, blockSize, trial);
    memory[depreciation + row + trial] =
      commissioning < life ? (memory[survival + row + trial] * (newest - oldest)) / bookLife : 0;
  }
}

/** What retires, and what fails, with what is left of its cost. */
function writeOff(memory: Float64Array, layout: BookLayout, month: number, blockSize: number): void {
  const { cumulative, moment, writtenOff } = layout;
  const row = month * blockSize;
  for (let trial = 0; trial < blockSize; trial++) {
    const commissioning = memory[layout.commissioning + trial];
    const bookLife = memory[layout.bookLife + trial];
    const life = memory[layout.life + trial];
    const survival = memory[layout.survival + row + trial];
    const survivalBefore = month > 0 ? memory[layout.survival + row - blockSize + trial] : 1;
    const leftAtRetirement = Math.max(0, 1 - Math.max(0, life - commissioning) / bookLife);
    const retired =
      sumAt(memory, cumulative, month - life, blockSize, trial) -
      sumAt(memory, cumulative, month - life - 1, blockSize, trial);
    let lost = survivalBefore * retired * leftAtRetirement;
    if (survival !== survivalBefore) {
      const newest = Math.min(month - 1, month - commissioning);
      const oldest = month - Math.min(life, commissioning + bookLife);
      const k = sumAt(memory, cumulative, oldest, blockSize, trial);
      const aged =
        newest > oldest
          ? ((month - commissioning) * (sumAt(memory, cumulative, newest, blockSize, trial) - k) -
              (sumAt(memory, moment, newest, blockSize, trial) -
                sumAt(memory, moment, oldest, blockSize, trial))) /
            bookLife
          : 0;
      // A cohort fully written down, or retired this month, has nothing left to lose.
      const left = sumAt(memory, cumulative, month - 1, blockSize, trial) - k - aged;
      lost += (survivalBefore - survival) * Math.max(0, left);
    }
    memory[writtenOff + row + trial] = lost;
  }
}

function findBookValue(memory: Float64Array, layout: BookLayout, month: number, blockSize: number): void {
  const { cumulative, moment, bookValue } = layout;
  const row = month * blockSize;
  for (let trial = 0; trial < blockSize; trial++) {
    const commissioning = memory[layout.commissioning + trial];
    const bookLife = memory[layout.bookLife + trial];
    const newest = Math.min(month, month + 1 - commissioning);
    const oldest = month - Math.min(memory[layout.life + trial], commissioning + bookLife - 1);
    const k = sumAt(memory, cumulative, oldest, blockSize, trial);
    const aged =
      newest > oldest
        ? ((month + 1 - commissioning) * (sumAt(memory, cumulative, newest, blockSize, trial) - k) -
            (sumAt(memory, moment, newest, blockSize, trial) -
              sumAt(memory, moment, oldest, blockSize, trial))) /
          bookLife
        : 0;
    const left = memory[layout.survival + row + trial] * (memory[cumulative + row + trial] - k - aged);
    memory[bookValue + row + trial] = Math.max(0, left);
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
