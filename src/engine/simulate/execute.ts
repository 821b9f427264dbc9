import { readKernel } from "../kernels/read-kernel.ts";
import { preparePlain } from "../language/plain.ts";
import { applyElementwise, applySelect, type Operand } from "../operations/elementwise.ts";
import { type Extent, gather, scan, totalMonths } from "../operations/months.ts";
import { HEADER, Opcode } from "../operations/opcode.ts";
import { lookUpQuantile } from "../operations/quantile-table.ts";
import { type Plan, Shape } from "../plan/plan.ts";
import { operandCount } from "../plan/plan-builder.ts";
import type { Workspace } from "./workspace.ts";

/** Executes one instruction that computes, for the months of the extent. */
export function execute(plan: Plan, workspace: Workspace, at: number, extent: Extent): void {
  const { program } = plan;
  const { memory, offsets, blockSize } = workspace;
  const opcode = program[at];
  const p = at + HEADER;
  if (opcode < Opcode.tableLookup) {
    executeElementwise(plan, workspace, opcode, p, extent);
    return;
  }
  const offset = (index: number) => offsets[program[p + index]];
  switch (opcode) {
    case Opcode.tableLookup: {
      const size = plan.shapes[program[p]] === Shape.slab ? plan.monthCount * blockSize : blockSize;
      for (let i = 0; i < size; i++) {
        const score = memory[offset(1) + i];
        memory[offset(0) + i] = lookUpQuantile(plan.tables, program[p + 2], program[p + 3], score);
      }
      break;
    }
    case Opcode.behind:
    case Opcode.behindHold:
    case Opcode.ahead:
    case Opcode.aheadHold:
      gather(memory, opcode, offset(0), offset(1), offset(2), extent, workspace.steps);
      break;
    case Opcode.difference:
    case Opcode.cumulate:
    case Opcode.runningMax:
    case Opcode.runningProduct:
      scan(memory, opcode, offset(0), offset(1), extent);
      break;
    case Opcode.total:
      totalMonths(memory, offset(0), offset(1), program[p + 2], program[p + 3], blockSize);
      break;
    case Opcode.kernel:
      executeKernel(plan, workspace, at, extent);
      break;
    case Opcode.sweep:
      executeSweep(plan, workspace, at, extent);
      break;
    default:
      throw new Error(`plan has an unknown operation ${opcode}`);
  }
}

function executeElementwise(
  plan: Plan,
  workspace: Workspace,
  opcode: number,
  p: number,
  extent: Extent,
): void {
  const { program, shapes } = plan;
  const { memory, offsets, blockSize } = workspace;
  const target = program[p];
  const count = operandCount(opcode);
  const slab = shapes[target] === Shape.slab;
  // Where every operand is a slab or a constant, all months are one row; those of a single trial always are.
  let flat = slab;
  for (let i = 1; i <= count && blockSize > 1; i++) {
    const shape = shapes[program[p + i]];
    if (shape === Shape.trial || shape === Shape.month) flat = false;
  }
  const from = slab ? extent.fromMonth : 0;
  const months = slab ? extent.endMonth - extent.fromMonth : 1;
  const rows = flat ? 1 : months;
  const width = flat ? months * blockSize : blockSize;
  const x = operandOf(workspace, program[p + 1], from);
  const y = count > 1 ? operandOf(workspace, program[p + 2], from) : x;
  const start = offsets[target] + from * blockSize;
  if (opcode === Opcode.select) {
    applySelect(memory, start, x, y, operandOf(workspace, program[p + 3], from), rows, width);
  } else {
    applyElementwise(memory, opcode, start, x, y, rows, width);
  }
}

function operandOf(
  { blockSize, offsets, monthStrides, trialStrides }: Workspace,
  register: number,
  from: number,
): Operand {
  const monthStride = monthStrides[register];
  const trialStride = blockSize === 1 ? monthStride : trialStrides[register];
  return { offset: offsets[register] + from * monthStride, monthStride, trialStride };
}

/** Computes the instructions of a sweep together, month by month. */
function executeSweep(plan: Plan, workspace: Workspace, at: number, extent: Extent): void {
  const { program } = plan;
  const end = at + HEADER + program[at + 1];
  for (let month = extent.fromMonth; month < extent.endMonth; month++) {
    const oneMonth = { ...extent, fromMonth: month, endMonth: month + 1 };
    for (let inner = at + HEADER; inner < end; inner += HEADER + program[inner + 1])
      execute(plan, workspace, inner, oneMonth);
  }
}

/** Computes a kernel on plain numbers. */
function executeKernel(plan: Plan, workspace: Workspace, at: number, { fromMonth, endMonth }: Extent): void {
  let kernel = workspace.kernels.get(at);
  if (!kernel) {
    const { items, kernel: read } = readKernel(plan, at, workspace.offsets);
    const block = { ...workspace.extent, blockSize: workspace.blockSize };
    kernel = preparePlain(read, items, workspace.memory, block);
    workspace.kernels.set(at, kernel);
  }
  if (fromMonth === 0) kernel.begin();
  for (let month = fromMonth; month < endMonth; month++) kernel.month(month);
  if (endMonth === plan.program[at + 3]) kernel.end();
}
