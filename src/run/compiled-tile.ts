import {
  columnsByTrial,
  encodeBlocks,
  encodeTile,
  type Fault,
  monthsOfColumn,
  type Plan,
  placeTile,
  runInstruction,
  STRIP,
  TILE,
  type TileLayout,
  type TileModule,
  type TilePlaces,
  type TileRoom,
} from "../engine/index.ts";
import {
  type CompiledPlan,
  compilePlan,
  type FusedWorkspace,
  NUMBER_BYTES,
  unlessForbidden,
} from "./fused-workspace.ts";

/** Trials `from` and behind with their uniforms, [variable][trial]. */
export type TileTrials = {
  readonly inputs: Float64Array<ArrayBuffer>;
  readonly from: number;
  readonly trials: number;
};

/** What is simulated into tiles, and canonical units per shown unit, by column; cloneable. */
export type TileContent = {
  readonly plan: Plan;
  readonly scales: Float64Array;
  readonly layout: TileLayout;
};

/** Trials of a block in WebAssembly, a part of a strip: of two pairs slabs are short enough to stay in the cache (measured: 2, 4, 8, 16). */
export const FUSED_BLOCK = STRIP / 2;

/** What a thread needs to compute tiles of a Plan by WebAssembly; cloneable. */
export type CompiledTile = CompiledPlan & {
  /** What goes through the Plan for all blocks of a tile, and works on its rows. */
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
  const places = placeTile(compiled.length, roomOf(plan, layout));
  const blocks = encodeBlocks(plan, layout, compiled.functions, places, blockSize);
  const tile = unlessForbidden(() => new WebAssembly.Module(encodeTile(places, blocks)));
  return tile && { ...compiled, tile };
}

/** What a tile of a Plan has room for. */
export function roomOf(
  { variables, columns }: Plan,
  { rowCount, entries, figureRows }: TileLayout,
): TileRoom {
  return {
    ...{ rowCount, entries, figures: figureRows.length },
    ...{ variables: variables.length, columns: columns.length },
  };
}

/** The functions of a compiled tile, bound to its memory. */
export type BoundTile = TileModule & {
  /** Simulates trials, and gives draws outside their admissible ranges. */
  readonly simulateTrials: (trials: TileTrials) => readonly Fault[];
};

/** Binds a compiled tile to the memory of its workspace. Fails: never. Cost: once a thread. */
export function bindTile(
  content: TileContent,
  { tile, functions }: CompiledTile,
  workspace: FusedWorkspace & { readonly engine: WebAssembly.Memory },
  places: TilePlaces,
): BoundTile {
  const { plan } = content;
  const { memory, blockSize, fused } = workspace;
  writeTables(content, workspace, places);
  let block = { firstTrial: 0, trials: 0, faults: new Map<number, Fault>() };
  const execute = (at: number, start: number): void => {
    const { firstTrial, trials, faults } = block;
    const count = Math.min(blockSize, trials - start);
    runInstruction(plan, workspace, at, { firstTrial: firstTrial + start, count, faults });
  };
  const computed = functions.map(({ name, start }) => [name, fused.get(start)?.compute]);
  const engine = { memory: workspace.engine, execute, ...Object.fromEntries(computed) };
  const { exports } = new WebAssembly.Instance(tile, { engine });
  const bound = exports as unknown as TileModule;
  return {
    ...bound,
    simulateTrials: ({ inputs, trials, from }) => {
      block = { firstTrial: from, trials, faults: new Map() };
      for (let variable = 0; variable < plan.variables.length; variable++) {
        const row = variable * trials;
        const target = places.inputs + variable * TILE;
        memory.set(inputs.subarray(row, row + trials), target);
        // The last block is filled up with copies of its last trial.
        memory.fill(inputs[row + trials - 1], target + trials, target + TILE);
      }
      bound.simulate(trials);
      return [...block.faults.values()];
    },
  };
}

/** Writes where registers of variables stand, columns and their rows, and rows of figures. */
function writeTables(
  { plan, scales, layout }: TileContent,
  { memory, offsets, monthStrides }: FusedWorkspace,
  places: TilePlaces,
): void {
  for (const [index, { register }] of plan.variables.entries())
    memory[places.variables + index] = offsets[register] * NUMBER_BYTES;
  for (const [figure, row] of layout.figureRows.entries())
    memory[places.figures + figure] = (places.rows + row * STRIP) * NUMBER_BYTES;
  let at = places.columns;
  for (const column of columnsByTrial(plan, layout)) {
    const { register } = plan.columns[column];
    const months = monthsOfColumn(plan, column);
    const first = months === 1 ? 0 : plan.originMonth * monthStrides[register];
    const row = (places.rows + layout.columnRows[column] * STRIP) * NUMBER_BYTES;
    memory[at++] = (offsets[register] + first) * NUMBER_BYTES;
    memory[at++] = monthStrides[register] * NUMBER_BYTES;
    memory[at++] = months;
    memory[at++] = row;
    memory[at++] = scales[column];
  }
}
