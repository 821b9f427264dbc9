import type { Extent } from "../operations/months.ts";

/** Comparisons with a limit hold within this relative difference: rounding alone would call 1 GW short of 1 GW. */
const TOLERANCE = 1e-9;

/**
 * What the stock kernel knows of one part, as offsets into the block's memory; -1 where absent.
 * Slabs are [month][trial], `power` and `life` are [trial].
 */
export type StockPart = {
  /** Cumulative chips due, without replacements (slab). */
  readonly due: number;
  /** Facility power per chip [W]. */
  readonly power: number;
  /** Service life [months]. */
  readonly life: number;
  /** Survival S, cumulative (slab), and the hazard of the month (slab). */
  readonly survival: number;
  readonly hazard: number;
  /** 1 where spares replace what fails. */
  readonly spares: number;
  /** Months that power may be away when chips land, or -1: they land when due. */
  readonly wait: number;
  /** First window month in which the chip can land [trial]; successors that are due earlier wait for it. */
  readonly available: number;
  /** Successors landing by month (slab). */
  readonly successors: number;
  /** 1 in the months after which deliveries may land (slab, or -1: always), and whether they may in the first [trial]. */
  readonly gate: number;
  readonly gateAtFirst: number;
  /** Chips due that wait for money (slab). */
  readonly unfunded: number;
  readonly landed: number;
  readonly energisedNew: number;
  /** Cumulative energised, survival-normalised: N. */
  readonly cumulative: number;
  readonly energised: number;
  readonly stranded: number;
  readonly curtailed: number;
  readonly retired: number;
  readonly failed: number;
  readonly replaced: number;
  readonly held: number;
};

/** One site: its limit (slab, facility W) and its parts in order of priority. */
export type StockSite = {
  readonly limit: number;
  readonly parts: readonly number[];
  /** For each rank of equal priority, the position after its last part. */
  readonly rankEnds: readonly number[];
};

/** What retires in one part is replaced in another, `ratio` (slab) for one, `lead` [trial] months earlier. */
export type StockReplacement = {
  readonly from: number;
  readonly to: number;
  readonly ratio: number;
  readonly lead: number;
};

export type StockLayout = {
  readonly parts: readonly StockPart[];
  /** Scratch: the shortest life of each part in the block at hand [months]; nothing retires before it. */
  readonly shortestLives: Float64Array;
  readonly sites: readonly StockSite[];
  readonly replacements: readonly StockReplacement[];
};

/** Rows of a block that the stock kernel works on; the caller owns them. */
export type StockScratch = {
  readonly used: Float64Array;
  readonly free: Float64Array;
  readonly asked: Float64Array;
  readonly share: Float64Array;
  readonly committed: Float64Array;
};

export function createStockScratch(blockSize: number): StockScratch {
  const row = () => new Float64Array(blockSize);
  return { used: row(), free: row(), asked: row(), share: row(), committed: row() };
}

/**
 * Carries every part through the window: retire, fail, land, energise, month by month.
 *
 * There is no ledger of cohorts: what was energised in month e and is alive in month w is S_w times the growth of the
 * survival-normalised cumulative N, so a retirement is a gather at [w - life]. Nothing is made or lost:
 *
 *     energised + stranded - (month before) = landed - retired - (failed - replaced)
 *
 * Shapes: see `StockPart`; all slabs [monthCount][blockSize]. Memory: overwrites the output slabs, allocates nothing.
 * `feedBack` computes, after each month, what the gates of the next one read.
 *
 * Fails: never, for a Plan the compiler made. Cost: months x parts x trials.
 * Source: docs/model.md sections 5, 6 and 10.5.
 */
export function runStock(
  memory: Float64Array,
  layout: StockLayout,
  scratch: StockScratch,
  extent: Extent,
  feedBack: (month: number) => void,
): void {
  prepareParts(memory, layout, extent);
  for (let month = 0; month < extent.monthCount; month++) {
    for (const replacement of layout.replacements) replace(memory, layout, replacement, month, extent);
    for (const part of layout.parts) land(memory, part, month, extent.blockSize);
    for (const site of layout.sites) allocateSite(memory, layout, site, scratch, month, extent);
    feedBack(month);
  }
}

/** Clears what is added to, and what stays 0 in most months; finds each part's shortest life. */
function prepareParts(
  memory: Float64Array,
  { parts, shortestLives }: StockLayout,
  { monthCount, blockSize }: Extent,
): void {
  const slabSize = monthCount * blockSize;
  for (const [index, part] of parts.entries()) {
    for (const slab of [
      part.successors,
      part.curtailed,
      part.held,
      part.unfunded,
      part.retired,
      part.replaced,
    ]) {
      if (slab >= 0) memory.fill(0, slab, slab + slabSize);
    }
    let shortest = Number.POSITIVE_INFINITY;
    for (let trial = 0; trial < blockSize; trial++) {
      shortest = Math.min(shortest, memory[part.life + trial]);
    }
    shortestLives[index] = shortest;
  }
}

/**
 * Retires and fails chips, and adds the power of those left to `used`.
 *
 * `energised` holds, after this, the chips energised before the month's landing: S_w (N_{w-1} - N_{w-L}).
 */
function retireAndFail(
  memory: Float64Array,
  part: StockPart,
  month: number,
  shortestLife: number,
  used: Float64Array,
): void {
  const blockSize = used.length;
  const row = month * blockSize;
  const energised = part.energised + row;
  if (month === 0) {
    memory.fill(0, energised, energised + blockSize);
    if (part.failed >= 0) memory.fill(0, part.failed, part.failed + blockSize);
    return;
  }
  const survival = part.survival + row;
  const before = part.cumulative + row - blockSize;
  const { power } = part;
  if (month < shortestLife) {
    for (let trial = 0; trial < blockSize; trial++) {
      const left = memory[survival + trial] * memory[before + trial];
      memory[energised + trial] = left;
      used[trial] += left * memory[power + trial];
    }
  } else {
    retire(memory, part, month, blockSize);
    for (let trial = 0; trial < blockSize; trial++) {
      used[trial] += memory[energised + trial] * memory[power + trial];
    }
  }
  if (part.failed >= 0 || part.replaced >= 0) fail(memory, part, month, blockSize);
}

function retire(memory: Float64Array, part: StockPart, month: number, blockSize: number): void {
  const row = month * blockSize;
  const before = row - blockSize;
  for (let trial = 0; trial < blockSize; trial++) {
    const retiring = month - memory[part.life + trial];
    const gone = retiring >= 0 ? memory[part.cumulative + retiring * blockSize + trial] : 0;
    const left = memory[part.cumulative + before + trial] - gone;
    memory[part.energised + row + trial] = memory[part.survival + row + trial] * left;
    if (part.retired < 0) continue;
    const goneBefore = retiring >= 1 ? memory[part.cumulative + (retiring - 1) * blockSize + trial] : 0;
    memory[part.retired + row + trial] = memory[part.survival + before + trial] * (gone - goneBefore);
  }
}

/** What fails of the chips left after retirement; spares replace it at once. */
function fail(memory: Float64Array, part: StockPart, month: number, blockSize: number): void {
  const row = month * blockSize;
  const before = row - blockSize;
  for (let trial = 0; trial < blockSize; trial++) {
    const survivalBefore = memory[part.survival + before + trial];
    const retiring = month - memory[part.life + trial];
    const gone = retiring >= 0 ? memory[part.cumulative + retiring * blockSize + trial] : 0;
    const left = survivalBefore * (memory[part.cumulative + before + trial] - gone);
    if (part.spares === 1) {
      const failed = left * memory[part.hazard + row + trial];
      if (part.failed >= 0) memory[part.failed + row + trial] = failed;
      if (part.replaced >= 0) memory[part.replaced + row + trial] = failed;
    } else if (part.failed >= 0) {
      memory[part.failed + row + trial] = left * (1 - memory[part.survival + row + trial] / survivalBefore);
    }
  }
}

function land(memory: Float64Array, part: StockPart, month: number, blockSize: number): void {
  if (month > 0 && part.gate < 0 && part.wait < 0) {
    landWhenDue(memory, part, month, blockSize);
    return;
  }
  const row = month * blockSize;
  const before = row - blockSize;
  for (let trial = 0; trial < blockSize; trial++) {
    let due = memory[part.due + row + trial] - (month > 0 ? memory[part.due + before + trial] : 0);
    // Successors take power that is there already, so they never queue for it.
    let successors = memory[part.successors + row + trial];
    if (part.gate >= 0) {
      const waiting = (month > 0 ? memory[part.unfunded + before + trial] : 0) + due + successors;
      const isOpen = memory[month > 0 ? part.gate + before + trial : part.gateAtFirst + trial] !== 0;
      memory[part.unfunded + row + trial] = isOpen ? 0 : waiting;
      due = isOpen ? waiting : 0;
      successors = 0;
    }
    if (part.wait < 0) {
      memory[part.landed + row + trial] = due + successors;
    } else {
      memory[part.landed + row + trial] = successors;
      memory[part.held + row + trial] = due + (month > 0 ? memory[part.held + before + trial] : 0);
    }
  }
}

/** The usual case: nothing waits for power or money. */
function landWhenDue(memory: Float64Array, part: StockPart, month: number, blockSize: number): void {
  const due = part.due + month * blockSize;
  const before = due - blockSize;
  const successors = part.successors + month * blockSize;
  const landed = part.landed + month * blockSize;
  for (let trial = 0; trial < blockSize; trial++) {
    memory[landed + trial] = memory[due + trial] - memory[before + trial] + memory[successors + trial];
  }
}

/** Successors of what retires `lead` months from now land now, or when their chip is available. */
function replace(
  memory: Float64Array,
  layout: StockLayout,
  replacement: StockReplacement,
  month: number,
  { monthCount, blockSize }: Extent,
): void {
  const old = layout.parts[replacement.from];
  const successor = layout.parts[replacement.to];
  for (let trial = 0; trial < blockSize; trial++) {
    const retirement = month + memory[replacement.lead + trial];
    if (retirement >= monthCount) continue;
    const energisedAt = retirement - memory[old.life + trial];
    if (energisedAt < 0) continue;
    const survival = retirement > 0 ? memory[old.survival + (retirement - 1) * blockSize + trial] : 1;
    const gone = memory[old.cumulative + energisedAt * blockSize + trial];
    const goneBefore = energisedAt >= 1 ? memory[old.cumulative + (energisedAt - 1) * blockSize + trial] : 0;
    const ratio = memory[replacement.ratio + month * blockSize + trial];
    const landing = Math.max(month, memory[successor.available + trial]);
    if (landing >= monthCount) continue;
    memory[successor.successors + landing * blockSize + trial] += survival * (gone - goneBefore) * ratio;
  }
}

function allocateSite(
  memory: Float64Array,
  layout: StockLayout,
  site: StockSite,
  scratch: StockScratch,
  month: number,
  extent: Extent,
): void {
  const { used, free } = scratch;
  const { blockSize } = extent;
  const row = month * blockSize;
  used.fill(0);
  for (const index of site.parts) {
    retireAndFail(memory, layout.parts[index], month, layout.shortestLives[index], used);
  }
  let exceeded = false;
  for (let trial = 0; trial < blockSize; trial++) {
    const limit = memory[site.limit + row + trial];
    if (used[trial] > limit * (1 + TOLERANCE)) exceeded = true;
    free[trial] = limit > used[trial] ? limit - used[trial] : 0;
  }
  if (exceeded) curtail(memory, layout, site, used, month, blockSize);
  if (site.parts.some((index) => layout.parts[index].wait >= 0))
    release(memory, layout, site, scratch, month, extent);
  let first = 0;
  for (const end of site.rankEnds) {
    energiseRank(memory, layout, site, first, end, scratch, month, blockSize);
    first = end;
  }
}

/** Cuts use to a limit that has fallen below it, lowest priority first, in proportion to power within a priority. */
function curtail(
  memory: Float64Array,
  layout: StockLayout,
  site: StockSite,
  used: Float64Array,
  month: number,
  blockSize: number,
): void {
  const row = month * blockSize;
  for (let trial = 0; trial < blockSize; trial++) {
    const limit = memory[site.limit + row + trial];
    let excess = used[trial] - limit;
    if (used[trial] <= limit * (1 + TOLERANCE)) continue;
    for (let rank = site.rankEnds.length - 1; rank >= 0 && excess > 0; rank--) {
      const first = rank === 0 ? 0 : site.rankEnds[rank - 1];
      let rankPower = 0;
      for (let position = first; position < site.rankEnds[rank]; position++) {
        const part = layout.parts[site.parts[position]];
        rankPower += memory[part.energised + row + trial] * memory[part.power + trial];
      }
      if (rankPower === 0) continue;
      const cut = excess < rankPower ? excess / rankPower : 1;
      for (let position = first; position < site.rankEnds[rank]; position++) {
        const part = layout.parts[site.parts[position]];
        memory[part.curtailed + row + trial] = memory[part.energised + row + trial] * cut;
      }
      excess -= rankPower;
    }
  }
}

/** Lets held chips land as far as the site's limit `wait` months ahead has room for them. */
function release(
  memory: Float64Array,
  layout: StockLayout,
  site: StockSite,
  { used, asked, committed }: StockScratch,
  month: number,
  { monthCount, blockSize }: Extent,
): void {
  const row = month * blockSize;
  committed.set(used);
  for (const index of site.parts) {
    const part = layout.parts[index];
    for (let trial = 0; trial < blockSize; trial++) {
      const stranded = month > 0 ? memory[part.stranded + row - blockSize + trial] : 0;
      committed[trial] += (stranded + memory[part.landed + row + trial]) * memory[part.power + trial];
    }
  }
  let first = 0;
  for (const end of site.rankEnds) {
    asked.fill(0);
    for (let position = first; position < end; position++) {
      const part = layout.parts[site.parts[position]];
      if (part.wait < 0) continue;
      for (let trial = 0; trial < blockSize; trial++) {
        asked[trial] += memory[part.held + row + trial] * memory[part.power + trial];
      }
    }
    for (let trial = 0; trial < blockSize; trial++) {
      const rankAsked = asked[trial];
      if (rankAsked === 0) continue;
      const already = committed[trial];
      for (let position = first; position < end; position++) {
        const part = layout.parts[site.parts[position]];
        if (part.wait < 0) continue;
        const at = Math.min(month + memory[part.wait + trial], monthCount - 1);
        const room = Math.max(0, memory[site.limit + at * blockSize + trial] - already);
        const held = memory[part.held + row + trial];
        const landed = rankAsked <= room * (1 + TOLERANCE) ? held : held * (room / rankAsked);
        memory[part.landed + row + trial] += landed;
        memory[part.held + row + trial] = held - landed;
        committed[trial] += landed * memory[part.power + trial];
      }
    }
    first = end;
  }
}

/** Gives one rank its share of the free power: all it asks, or each part in proportion to its ask. */
function energiseRank(
  memory: Float64Array,
  layout: StockLayout,
  site: StockSite,
  first: number,
  end: number,
  { asked, free, share }: StockScratch,
  month: number,
  blockSize: number,
): void {
  asked.fill(0);
  for (let position = first; position < end; position++) {
    ask(memory, layout.parts[site.parts[position]], asked, month, blockSize);
  }
  const limit = site.limit + month * blockSize;
  for (let trial = 0; trial < blockSize; trial++) {
    if (asked[trial] <= free[trial] + TOLERANCE * memory[limit + trial]) {
      share[trial] = 1;
      free[trial] = free[trial] > asked[trial] ? free[trial] - asked[trial] : 0;
    } else {
      share[trial] = free[trial] / asked[trial];
      free[trial] = 0;
    }
  }
  for (let position = first; position < end; position++) {
    const part = site.parts[position];
    energise(memory, layout.parts[part], share, month, layout.shortestLives[part], blockSize);
  }
}

/** Adds the power that a part's waiting chips ask for; `stranded` holds, after this, the chips that wait. */
function ask(
  memory: Float64Array,
  part: StockPart,
  asked: Float64Array,
  month: number,
  blockSize: number,
): void {
  const landed = part.landed + month * blockSize;
  const stranded = part.stranded + month * blockSize;
  const before = stranded - blockSize;
  const { power } = part;
  for (let trial = 0; trial < blockSize; trial++) {
    const waiting = (month > 0 ? memory[before + trial] : 0) + memory[landed + trial];
    memory[stranded + trial] = waiting;
    asked[trial] += waiting * memory[power + trial];
  }
}

/** Energises a part's share of the waiting chips. */
function energise(
  memory: Float64Array,
  part: StockPart,
  share: Float64Array,
  month: number,
  shortestLife: number,
  blockSize: number,
): void {
  const row = month * blockSize;
  const stranded = part.stranded + row;
  const survival = part.survival + row;
  const cumulative = part.cumulative + row;
  const energised = part.energised + row;
  const { energisedNew } = part;
  const isRetiring = month >= shortestLife;
  for (let trial = 0; trial < blockSize; trial++) {
    const waiting = memory[stranded + trial];
    const moved = waiting * share[trial];
    const alive = memory[survival + trial];
    const total = (month > 0 ? memory[cumulative - blockSize + trial] : 0) + moved / alive;
    if (energisedNew >= 0) memory[energisedNew + row + trial] = moved;
    memory[stranded + trial] = waiting - moved;
    memory[cumulative + trial] = total;
    if (!isRetiring) memory[energised + trial] = alive * total;
  }
  if (!isRetiring) return;
  for (let trial = 0; trial < blockSize; trial++) {
    const retiring = month - memory[part.life + trial];
    const gone = retiring >= 0 ? memory[part.cumulative + retiring * blockSize + trial] : 0;
    memory[energised + trial] = memory[survival + trial] * (memory[cumulative + trial] - gone);
  }
}
