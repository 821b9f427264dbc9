export { type AssignRegisters, writeAssignOperands } from "./assign-layout.ts";
export { factorise } from "./cholesky.ts";
export {
  type Figure,
  placeInStore,
  Reduction,
  type SampleStore,
  storeLength,
  TILE,
} from "./figures.ts";
export { encodeRuns } from "./fused/encode-runs.ts";
export { type FusedRun, findRuns } from "./fused/find-runs.ts";
export type { Register } from "./instruction.ts";
export { CODES } from "./kernels/assign.ts";
export { Bound } from "./kernels/serve.ts";
export { normalCdf, normalQuantile } from "./normal.ts";
export { Opcode } from "./opcode.ts";
export { createRankScratch, rankOf, selectRank, selectRanks } from "./order-statistics.ts";
export { type Fault, type Plan, type PlanCheck, type PlanColumn, type PlanVariable, Shape } from "./plan.ts";
export { PlanBuilder } from "./plan-builder.ts";
export { slotsToHold } from "./rank-search.ts";
export { applyScalar } from "./scalar.ts";
export {
  SETTLE_OUTPUTS,
  type SettleContractRegisters,
  type SettleOutput,
  writeSettleOperands,
} from "./settle-layout.ts";
export { plainInputs, type Sink, simulate } from "./simulate.ts";
export {
  OPTIONAL_STOCK_OUTPUTS,
  STOCK_OUTPUTS,
  type StockPartOutput,
  type StockPartRegisters,
  writeStockOperands,
} from "./stock-layout.ts";
export {
  type Chunk,
  createSummary,
  createSummaryScratch,
  needsAnotherPass,
  RANDOM_BLOCK,
  readStatistics,
  type Statistics,
  type SummaryScratch,
  type SummaryState,
  summariseChunk,
} from "./summary.ts";
export { blockSizeFor, createWorkspace, type Workspace } from "./workspace.ts";
