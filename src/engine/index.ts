export { type AssignRegisters, writeAssignOperands } from "./assign-layout.ts";
export { CODES } from "./kernels/assign.ts";
export { Bound } from "./kernels/serve.ts";
export { Opcode } from "./opcode.ts";
export { type Fault, type Plan, type PlanCheck, type PlanColumn, type PlanVariable, Shape } from "./plan.ts";
export { PlanBuilder, type PlanWindow, type Register } from "./plan-builder.ts";
export { applyScalar } from "./scalar.ts";
export {
  SETTLE_OUTPUTS,
  type SettleContractRegisters,
  type SettleOutput,
  writeSettleOperands,
} from "./settle-layout.ts";
export { plainInputs, type Sink, simulate } from "./simulate.ts";
export {
  STOCK_OUTPUTS,
  type StockPartOutput,
  type StockPartRegisters,
  writeStockOperands,
} from "./stock-layout.ts";
export { blockSizeFor, createWorkspace, type Workspace } from "./workspace.ts";
