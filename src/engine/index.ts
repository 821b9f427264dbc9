export { encodeBetween } from "./fused/encode-between.ts";
export { columnsByTrial, encodeBlocks, type PlanFunction } from "./fused/encode-blocks.ts";
export { type EncodedKernels, encodeKernels } from "./fused/encode-kernels.ts";
export { encodeRuns } from "./fused/encode-runs.ts";
export { type FusedRun, findRuns } from "./fused/find-runs.ts";
export { assign, CODES } from "./kernels/assign.ts";
export { chipBook } from "./kernels/chip-book.ts";
export { chipResidual } from "./kernels/chip-residual.ts";
export { demandCharge } from "./kernels/demand-charge.ts";
export { facilityBook } from "./kernels/facility-book.ts";
export { facilityResidual } from "./kernels/facility-residual.ts";
export { hire } from "./kernels/hire.ts";
export { internalRate } from "./kernels/internal-rate.ts";
export { loan } from "./kernels/loan.ts";
export { monthFromWhich, monthOfFirst } from "./kernels/months-found.ts";
export { pool } from "./kernels/pool.ts";
export { sculpt } from "./kernels/sculpt.ts";
export { Bound, serve } from "./kernels/serve.ts";
export { settle } from "./kernels/settle.ts";
export { stock } from "./kernels/stock.ts";
export { afterTaxPrice, tax } from "./kernels/tax.ts";
export type { GivenLists, MadeLists } from "./language/given.ts";
export type {
  Column,
  Kernel,
  List,
  Operations,
  Schema,
  State,
  Step,
  Table,
} from "./language/operations.ts";
export { factorise } from "./operations/cholesky.ts";
export { Opcode } from "./operations/opcode.ts";
export { applyScalar } from "./operations/scalar.ts";
export type { DraftProgram, PlanOutline } from "./plan/assemble-plan.ts";
export type { Instruction, Register } from "./plan/instruction.ts";
export {
  type Fault,
  type Plan,
  type PlanCheck,
  type PlanColumn,
  type PlanVariable,
  Shape,
} from "./plan/plan.ts";
export { PlanBuilder } from "./plan/plan-builder.ts";
export { plainInputs, runInstruction, type Sink, simulate } from "./simulate/simulate.ts";
export { blockSizeFor, createWorkspace, type Workspace } from "./simulate/workspace.ts";
export { partFigures, shareEqualFigures } from "./statistics/equal-figures.ts";
export { countRows, type Figure, Reduction, STRIP, sumRows, TILE } from "./statistics/figures.ts";
export { type HeldValues, holdPlainly, seekNumber, selectHeld } from "./statistics/held-values.ts";
export { createRankScratch, rankOf, selectRank, selectRanks } from "./statistics/order-statistics.ts";
export { slotsToHold } from "./statistics/rank-search.ts";
export {
  areRowsEqual,
  placeOf,
  placeTile,
  readRows,
  sift,
  type TilePlaces,
  type TileRoom,
} from "./statistics/sift.ts";
export { type Chunk, type SiftedTile, siftTile, takeTiles } from "./statistics/sift-tiles.ts";
export {
  holdTile,
  needsAnotherPass,
  openFigures,
  RANDOM_BLOCK,
  READ_TOGETHER,
  type ReducedTile,
  type RowsReader,
  readStatistics,
  reduceFigures,
  type SortValues,
  type Statistics,
  searchAgain,
  sortPlainly,
} from "./statistics/summary.ts";
export {
  copyHeld,
  countGroups,
  createSummary,
  createSummaryScratch,
  type SummaryScratch,
  type SummaryState,
} from "./statistics/summary-state.ts";
export { layOutTile, monthsOfColumn, type TileLayout } from "./statistics/tile.ts";
export { encodeTile, type TileModule } from "./wasm/encode-tile.ts";
export { encodeModule } from "./wasm/module.ts";
export { numberFunctions } from "./wasm/number-functions.ts";
