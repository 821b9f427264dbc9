import {
  areRowsEqual,
  blockSizeFor,
  countRows,
  createWorkspace,
  type Fault,
  type HeldValues,
  holdPlainly,
  monthsOfColumn,
  placeOf,
  placeTile,
  RANDOM_BLOCK,
  type ReducedTile,
  type RowsReader,
  readRows,
  Shape,
  type SiftedTile,
  type SortValues,
  STRIP,
  sift,
  simulate,
  sortPlainly,
  sumRows,
  TILE,
  type TilePlaces,
} from "../engine/index.ts";
import { bindTile, type CompiledTile, roomOf, type TileContent, type TileTrials } from "./compiled-tile.ts";
import { createCompiledWorkspace, type FusedWorkspace, NUMBER_BYTES } from "./fused-workspace.ts";

/** A thread's memory for tiles of a sample: the workspace that simulates blocks of them, and the tile behind it. */
export type TileMemory = SiftedTile &
  ReducedTile & {
    readonly workspace: FusedWorkspace;
    /** Whether the engine's own loops compute it, for want of WebAssembly. */
    readonly isPlain: boolean;
    /** What it is computed with, for other threads. */
    readonly compiled: CompiledTile | undefined;
    /** Simulates trials into rows of columns, in the units shown; gives draws outside their admissible ranges. */
    readonly simulate: (trials: TileTrials) => readonly Fault[];
    /** Makes the rows of figures that are sums of months: [first row, months, row of the figure], one after the other. */
    readonly sumRows: (sums: Int32Array) => void;
    /** Reads rows of figures, in memory that is overwritten as a tile is sifted. */
    readonly readRows: RowsReader;
    /** Values of a search, while no tile is sifted. */
    readonly held: HeldValues;
    /** Sorts values of trials that are held, while no tile is sifted. */
    readonly sort: SortValues;
  };

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
  content: TileContent,
  compiled: CompiledTile | undefined,
  spare?: TileMemory,
): TileMemory {
  const { plan, layout } = content;
  const room = roomOf(plan, layout);
  let places = placeTile(0, room);
  const lengthWith = (length: number): number => {
    places = placeTile(length, room);
    return places.end;
  };
  const fused = compiled && createCompiledWorkspace(plan, compiled, lengthWith, spare?.workspace.engine);
  const workspace: FusedWorkspace =
    fused ??
    createWorkspace(plan, blockSizeFor(plan, TILE), (length) => new Float64Array(lengthWith(length)));
  const { memory, engine } = workspace;
  const copyColumn = columnCopier(content, workspace, places);
  // What is the same in all trials is copied once.
  for (const [column, { register }] of plan.columns.entries()) {
    if (plan.shapes[register] >= Shape.trial) continue;
    for (let trial = 0; trial < TILE; trial += workspace.blockSize) copyColumn(column, trial);
  }
  const shared = { memory, places, workspace, isPlain: engine === undefined, compiled };
  const plain: TileMemory = {
    ...shared,
    simulate: ({ inputs, trials, from }) =>
      simulate(plan, inputs, trials, (column, first) => copyColumn(column, first - from), workspace, from),
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
    readRows: (first, end) => readRows(memory, places, layout.figureRows, first, end),
    sift: (range, nearStart) => sift(memory, places, range, nearStart),
    areEqual: (row, other, trials) => areRowsEqual(memory, places, row, other, trials),
    held: holdPlainly(memory.subarray(places.near, places.end)),
    sort: sortPlainly,
  };
  if (!compiled || !engine) return plain;
  const tile = bindTile(content, compiled, { ...workspace, engine }, places);
  const sorted = memory.subarray(places.near + RANDOM_BLOCK, places.near + 2 * RANDOM_BLOCK);
  const rowAt = (row: number) => placeOf(places, row, 0) * NUMBER_BYTES;
  return {
    ...shared,
    simulate: tile.simulateTrials,
    sumRows: (sums) => {
      for (let at = 0; at < sums.length; at += 3)
        tile.sumRows(rowAt(sums[at]), sums[at + 1], rowAt(sums[at + 2]));
    },
    countRows: (row, months, target, code) => tile.countRows(rowAt(row), months, rowAt(target), code),
    readRows: (first, end) => {
      tile.readRows(first, end);
      return memory.subarray(places.near, places.near + (end - first) * TILE);
    },
    sift: ({ first, end, trials }, nearStart) => tile.sift(first, end, trials, nearStart),
    // Behind them, as many numbers as are compared at a time.
    held: { ...tile, numbers: memory.subarray(places.near, places.end - 8) },
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

/** Copies a column of the block that the workspace holds to its rows, if a figure reads it, from a trial of the tile on. */
function columnCopier(
  { plan, scales, layout }: TileContent,
  { memory, offsets, blockSize, monthStrides, trialStrides }: FusedWorkspace,
  places: TilePlaces,
): (column: number, first: number) => void {
  return (column, first) => {
    const row = layout.columnRows[column];
    if (row < 0) return;
    const { register } = plan.columns[column];
    const months = monthsOfColumn(plan, column);
    const [monthStride, trialStride] = [monthStrides[register], trialStrides[register]];
    const source = offsets[register] + (months === 1 ? 0 : plan.originMonth * monthStride);
    for (let month = 0; month < months; month++) {
      for (let trial = 0; trial < blockSize; trial++) {
        const value = memory[source + month * monthStride + trial * trialStride];
        memory[placeOf(places, row + month, first + trial)] = value / scales[column];
      }
    }
  };
}
