import {
  createWorkspace,
  type EncodedKernels,
  encodeBetween,
  encodeKernels,
  encodeModule,
  encodeRuns,
  findRuns,
  numberFunctions,
  type Plan,
  type PlanFunction,
  type Workspace,
} from "../engine/index.ts";
import { takeBack } from "./take-back.ts";

/** Bytes of a page of WebAssembly memory, and of a number. */
const PAGE_BYTES = 65_536;
export const NUMBER_BYTES = 8;

/** Names of the errors of WebAssembly that has no memory, and of one that is forbidden. */
const WITHOUT: ReadonlySet<string> = new Set(["RangeError", "CompileError"]);

/** A workspace, and the memory of WebAssembly that it lies in, if it lies in one. */
export type FusedWorkspace = Workspace & { readonly engine?: WebAssembly.Memory };

/** Runs and kernels of a Plan for blocks of one size, compiled to WebAssembly; cloneable, so that one thread compiles it for all. */
export type CompiledPlan = {
  readonly module: WebAssembly.Module;
  readonly blockSize: number;
  /** Functions of the module, by the places of the instructions that each computes. */
  readonly functions: readonly PlanFunction[];
  /** Numbers of a workspace with what kernels read behind it, and these. */
  readonly length: number;
  readonly behind: Float64Array;
};

/**
 * Compiles the runs and kernels of a Plan to WebAssembly. Undefined where there is none, or none with vectors, where a policy forbids
 * it, and for blocks of an odd number of trials: the engine's own loops then execute them, with the same numbers bit for bit.
 *
 * Fails: never, but for a lack of memory. Cost: some milliseconds, up to seconds for a thousand fleets.
 */
export function compilePlan(plan: Plan, blockSize: number): CompiledPlan | undefined {
  if (blockSize % 2 === 1 || typeof WebAssembly === "undefined") return undefined;
  let start = 0;
  let encoded: EncodedKernels | undefined;
  const workspace = createWorkspace(plan, blockSize, (length, offsets) => {
    start = length;
    encoded = encodeKernels(plan, offsets, blockSize, length);
    return new Float64Array(length + encoded.room);
  });
  const kernels = encoded?.kernels ?? [];
  encoded?.write(workspace.memory.buffer);
  const runs = findRuns(plan);
  const between = encodeBetween(plan, workspace);
  const numbers = numberFunctions();
  const bytes = encodeModule(
    [
      ...numbers.functions,
      ...encodeRuns(plan, workspace, runs),
      ...[...kernels, ...between].map(({ name, code }) => ({ ...code, name })),
    ],
    { globals: numbers.globals },
  );
  const module = unlessForbidden(() =>
    WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined,
  );
  if (!module) return undefined;
  const functions = [...runs, ...kernels, ...between].map(({ name, start, end }) => ({ name, start, end }));
  const { memory } = workspace;
  const compiled = { module, blockSize, functions, length: memory.length, behind: memory.slice(start) };
  takeBack(memory);
  return compiled;
}

/**
 * Memory for a Plan whose runs and kernels are compiled to WebAssembly, and for one that is not compiled: see `compilePlan`.
 *
 * Fails: never, but for a lack of memory.
 */
export function createFusedWorkspace(plan: Plan, blockSize: number): FusedWorkspace {
  const compiled = compilePlan(plan, blockSize);
  return (compiled && createCompiledWorkspace(plan, compiled)) ?? createWorkspace(plan, blockSize);
}

/**
 * Memory for a compiled Plan; undefined where WebAssembly has none.
 *
 * @param endWith numbers that the memory shall have, given those that the Plan takes, which stand first
 * @param spare   memory of a workspace that nothing uses any more, to take instead of new memory
 */
export function createCompiledWorkspace(
  plan: Plan,
  { module, blockSize, functions, behind }: CompiledPlan,
  endWith: (length: number) => number = (length) => length,
  spare?: WebAssembly.Memory,
): FusedWorkspace | undefined {
  return unlessForbidden(() => {
    let engine: WebAssembly.Memory | undefined;
    const workspace = createWorkspace(plan, blockSize, (length) => {
      const bytes = endWith(length + behind.length) * NUMBER_BYTES;
      engine = takeMemory(Math.ceil(bytes / PAGE_BYTES), spare);
      const memory = new Float64Array(engine.buffer);
      memory.set(behind, length);
      return memory;
    });
    if (!engine) return undefined;
    const { exports } = new WebAssembly.Instance(module, { engine: { memory: engine } });
    for (const { name, start, end } of functions)
      workspace.fused.set(start, { end, compute: exports[name] as () => number | undefined });
    return { ...workspace, engine };
  });
}

/** Memory of so many pages, all 0: the spare one, unless it is more than twice as large, or a new one. */
function takeMemory(pages: number, spare: WebAssembly.Memory | undefined): WebAssembly.Memory {
  const sparePages = (spare?.buffer.byteLength ?? 0) / PAGE_BYTES;
  if (!spare || sparePages > 2 * pages) return new WebAssembly.Memory({ initial: pages });
  if (sparePages < pages) spare.grow(pages - sparePages);
  new Float64Array(spare.buffer).fill(0);
  return spare;
}

/** Undefined where WebAssembly has no memory (a limit of the process, or of the engine), or a page's policy forbids to compile. */
export function unlessForbidden<Result>(make: () => Result): Result | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof Error && WITHOUT.has(error.name)) return undefined;
    throw error;
  }
}
