import {
  areRowsEqual,
  blockSizeFor,
  countRows,
  createWorkspace,
  encodeTile,
  monthsOfColumn,
  type Plan,
  placeOf,
  placeTile,
  RANDOM_BLOCK,
  type ReducedTile,
  type RowReader,
  readRow,
  type SiftedTile,
  type SortValues,
  STRIP,
  sift,
  sortPlainly,
  sumRows,
  TILE,
  type TileLayout,
  type TileModule,
} from "../engine/index.ts";
import {
  type CompiledPlan,
  compilePlan,
  createCompiledWorkspace,
  type FusedWorkspace,
  NUMBER_BYTES,
  unlessForbidden,
} from "./fused-workspace.ts";

/** A thread's memory for tiles of a sample: the workspace that simulates blocks of them, and the tile behind it. */
export type TileMemory = SiftedTile &
  ReducedTile & {
    readonly workspace: FusedWorkspace;
    /** Whether the engine's own loops compute it, for want of WebAssembly. */
    readonly isPlain: boolean;
    /** What it is computed with, for other threads. */
    readonly compiled: CompiledTile | undefined;
    /** Copies a column of a block to rows of the tile, from a row and a trial on; `scale` is canonical units per unit of rows. */
    readonly copyRows: (column: number, scale: number, row: number, trial: number) => void;
    /** Makes the rows of figures that are sums of months: [first row, months, row of the figure], one after the other. */
    readonly sumRows: (sums: Int32Array) => void;
    /** Reads the first trials of a row, in memory that is overwritten as a tile is sifted. */
    readonly readRow: RowReader;
    /** Sorts values of trials that are held, while no tile is sifted. */
    readonly sort: SortValues;
  };

/** Where in the memory a block holds the months of a column. */
type BlockColumn = {
  readonly source: number;
  readonly monthStride: number;
  readonly trialStride: number;
  readonly months: number;
};

/** Trials of a block in WebAssembly, a part of a strip: of two pairs slabs are short enough to stay in the cache (measured: 2, 4, 8, 16). */
export const FUSED_BLOCK = STRIP / 2;

/** What a thread needs to compute tiles of a Plan by WebAssembly; cloneable. */
export type CompiledTile = CompiledPlan & {
  /** What works on rows of the tile. */
  readonly tile: WebAssembly.Module;
};

/** Compiles a Plan and what works on its tiles; undefined as `compilePlan`. */
export function compileTile(
  plan: Plan,
  layout: TileLayout,
  blockSize = FUSED_BLOCK,
): CompiledTile | undefined {
  const compiled = compilePlan(plan, blockSize);
  if (!compiled) return undefined;
  const places = placeTile(compiled.length, layout);
  const tile = unlessForbidden(() => new WebAssembly.Module(encodeTile(places, blockSize)));
  return tile && { ...compiled, tile };
}

/**
 * Memory for a Plan whose tiles are computed by WebAssembly; where there is none, or none with vectors, by the engine's own
 * loops, with the same numbers bit for bit.
 *
 * Fails: never, but for a lack of memory. Cost: some milliseconds once a thread.
 *
 * @param compiled what `compileTile` made of the Plan and these rows
 * @param spare    a tile that nothing uses any more: its memory is taken instead of new memory
 */
export function createTileMemory(
  plan: Plan,
  layout: TileLayout,
  compiled: CompiledTile | undefined,
  spare?: TileMemory,
): TileMemory {
  let places = placeTile(0, layout);
  const lengthWith = (length: number): number => {
    places = placeTile(length, layout);
    return places.end;
  };
  const fused = compiled && createCompiledWorkspace(plan, compiled, lengthWith, spare?.workspace.engine);
  const workspace: FusedWorkspace =
    fused ??
    createWorkspace(plan, blockSizeFor(plan, TILE), (length) => new Float64Array(lengthWith(length)));
  const { memory, engine } = workspace;
  const shared = { memory, places, workspace, isPlain: engine === undefined, compiled };
  // Noted once: made anew for each block, these were most of what a sample left to the garbage collector.
  const columns = plan.columns.map((_, column) => placeColumn(plan, workspace, column));
  const plain: TileMemory = {
    ...shared,
    copyRows: (column, scale, row, first) => {
      const { source, monthStride, trialStride, months } = columns[column];
      for (let month = 0; month < months; month++) {
        for (let trial = 0; trial < workspace.blockSize; trial++) {
          const value = memory[source + month * monthStride + trial * trialStride];
          memory[placeOf(places, row + month, first + trial)] = value / scale;
        }
      }
    },
    sumRows: (sums) => {
      for (let at = 0; at < sums.length; at += 3) {
        for (let trial = 0; trial < TILE; trial += STRIP) {
          const [source, target] = [placeOf(places, sums[at], trial), placeOf(places, sums[at + 2], trial)];
          sumRows(memory, source, sums[at + 1], target);
        }
      }
    },
    countRows: (row, months, target, code) => {
      for (let trial = 0; trial < TILE; trial += STRIP)
        countRows(memory, placeOf(places, row, trial), months, placeOf(places, target, trial), code);
    },
    readRow: (row, trials) => readRow(memory, places, row, trials),
    sift: (range, nearStart) => sift(memory, places, range, nearStart),
    areEqual: (row, other, trials) => areRowsEqual(memory, places, row, other, trials),
    sort: sortPlainly,
  };
  if (!compiled || !engine) return plain;
  const { exports } = new WebAssembly.Instance(compiled.tile, { engine: { memory: engine } });
  const tile = exports as unknown as TileModule;
  const wholeRow = memory.subarray(places.near, places.near + TILE);
  const sorted = memory.subarray(places.near + RANDOM_BLOCK, places.near + 2 * RANDOM_BLOCK);
  const rowAt = (row: number, trial = 0) => placeOf(places, row, trial) * NUMBER_BYTES;
  return {
    ...shared,
    copyRows: (column, scale, row, trial) => {
      const { source, monthStride, trialStride, months } = columns[column];
      const [from, stride, to] = [source * NUMBER_BYTES, monthStride * NUMBER_BYTES, rowAt(row, trial)];
      if (trialStride === 0) plain.copyRows(column, scale, row, trial);
      else if (scale === 1) tile.copyRows(from, stride, months, to);
      else tile.scaleRows(from, stride, months, to, scale);
    },
    sumRows: (sums) => {
      for (let at = 0; at < sums.length; at += 3)
        tile.sumRows(rowAt(sums[at]), sums[at + 1], rowAt(sums[at + 2]));
    },
    countRows: (row, months, target, code) => tile.countRows(rowAt(row), months, rowAt(target), code),
    readRow: (row, trials) => {
      tile.readRow(rowAt(row));
      return trials === TILE ? wholeRow : wholeRow.subarray(0, trials);
    },
    sift: ({ first, end, trials }, nearStart) => tile.sift(first, end, trials, nearStart),
    sort: (values) => {
      if (values.length !== RANDOM_BLOCK) return plain.sort(values);
      memory.set(values, places.near);
      tile.sort();
      return sorted;
    },
    areEqual: (row, other, trials) =>
      tile.haveDifference(rowAt(row), rowAt(other), (trials + (trials % 2)) * NUMBER_BYTES) === 0,
  };
}

function placeColumn(
  plan: Plan,
  { offsets, monthStrides, trialStrides }: FusedWorkspace,
  column: number,
): BlockColumn {
  const { register } = plan.columns[column];
  const months = monthsOfColumn(plan, column);
  const [monthStride, trialStride] = [monthStrides[register], trialStrides[register]];
  const source = offsets[register] + (months === 1 ? 0 : plan.originMonth * monthStride);
  return { source, monthStride, trialStride, months };
}
