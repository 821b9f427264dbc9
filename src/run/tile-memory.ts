import {
  areRowsEqual,
  blockSizeFor,
  encodeTile,
  type Plan,
  placeTile,
  RANDOM_BLOCK,
  ROW,
  type SiftedTile,
  type SortValues,
  sift,
  sortPlainly,
  sumRows,
  TILE,
  type TileLayout,
  type TileModule,
  type Workspace,
} from "../engine/index.ts";
import { createFusedWorkspace, NUMBER_BYTES } from "./fused-workspace.ts";

/** A thread's memory for tiles of a sample: the workspace that simulates blocks of them, and the tile behind it. */
export type TileMemory = SiftedTile & {
  readonly workspace: Workspace;
  /** Whether the engine's own loops compute it, for want of WebAssembly. */
  readonly isPlain: boolean;
  /** Copies a column of a block to rows of the tile; places are elements of the memory. */
  readonly copyRows: (column: BlockColumn, target: number) => void;
  /** Makes the rows of figures that are sums of months: [first row, months, row of the figure], one after the other. */
  readonly sumRows: (sums: Int32Array) => void;
  /** Sorts values of trials that are held, while no tile is sifted. */
  readonly sort: SortValues;
};

/** Where a block holds the months of a column, and their scale. */
export type BlockColumn = {
  readonly source: number;
  readonly monthStride: number;
  readonly trialStride: number;
  readonly months: number;
  readonly scale: number;
};

/** Trials of a block in WebAssembly: of two pairs slabs are short enough to stay in the cache (measured: 2, 4, 8, 16). */
export const FUSED_BLOCK = 4;

/**
 * Memory for a Plan whose tiles are computed by WebAssembly; where there is none, or none with vectors, by the engine's own
 * loops, with the same numbers bit for bit.
 *
 * Fails: never, but for a lack of memory. Cost: compiling, some milliseconds once a thread.
 */
export function createTileMemory(plan: Plan, { rowCount }: TileLayout, blockSize = FUSED_BLOCK): TileMemory {
  let places = placeTile(0, rowCount);
  const createWith = (size: number) =>
    createFusedWorkspace(plan, size, (length) => {
      places = placeTile(length, rowCount);
      return places.end;
    });
  const fused = createWith(blockSize);
  const workspace = fused.engine ? fused : createWith(blockSizeFor(plan, TILE));
  const { memory, engine } = workspace;
  const shared = { memory, places, workspace, isPlain: engine === undefined };
  const plain: TileMemory = {
    ...shared,
    copyRows: (column, target) => copyRows(memory, column, target, workspace.blockSize),
    sumRows: (sums) => {
      for (let at = 0; at < sums.length; at += 3) {
        const [source, target] = [places.rows + sums[at] * ROW, places.rows + sums[at + 2] * ROW];
        sumRows(memory, source, sums[at + 1], target);
      }
    },
    sift: (figures, trials) => sift(memory, places, figures, trials),
    areEqual: (row, other, trials) => areRowsEqual(memory, places, row, other, trials),
    sort: sortPlainly,
  };
  if (!engine) return plain;
  const module = new WebAssembly.Module(encodeTile(places));
  const { exports } = new WebAssembly.Instance(module, { engine: { memory: engine } });
  const tile = exports as unknown as TileModule;
  const sorted = memory.subarray(places.near + RANDOM_BLOCK, places.near + 2 * RANDOM_BLOCK);
  const blockBytes = blockSize * NUMBER_BYTES;
  const rowAt = (row: number) => (places.rows + row * ROW) * NUMBER_BYTES;
  return {
    ...shared,
    copyRows: (column, target) => {
      const { source, monthStride, trialStride, months, scale } = column;
      const [from, stride, to] = [source * NUMBER_BYTES, monthStride * NUMBER_BYTES, target * NUMBER_BYTES];
      if (trialStride === 0) plain.copyRows(column, target);
      else if (scale === 1) tile.copyRows(from, stride, months, to, blockBytes);
      else tile.scaleRows(from, stride, months, to, blockBytes, scale);
    },
    sumRows: (sums) => {
      for (let at = 0; at < sums.length; at += 3)
        tile.sumRows(rowAt(sums[at]), sums[at + 1], rowAt(sums[at + 2]));
    },
    sift: tile.sift,
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

function copyRows(
  memory: Float64Array,
  { source, monthStride, trialStride, months, scale }: BlockColumn,
  target: number,
  trials: number,
): void {
  for (let month = 0; month < months; month++) {
    for (let trial = 0; trial < trials; trial++) {
      const value = memory[source + month * monthStride + trial * trialStride];
      memory[target + month * ROW + trial] = value / scale;
    }
  }
}
