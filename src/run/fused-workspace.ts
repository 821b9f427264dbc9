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
  type Workspace,
} from "../engine/index.ts";

/** Bytes of a page of WebAssembly memory, and of a number. */
const PAGE_BYTES = 65_536;
export const NUMBER_BYTES = 8;

/** Names of the errors of WebAssembly that has no memory, and of one that is forbidden. */
const WITHOUT: ReadonlySet<string> = new Set(["RangeError", "CompileError"]);

/** A workspace, and the memory of WebAssembly that it lies in, if it lies in one. */
export type FusedWorkspace = Workspace & { readonly engine?: WebAssembly.Memory };

/**
 * Memory for a Plan whose runs and kernels are compiled to WebAssembly. Without WebAssembly SIMD the engine's own loops
 * execute them, with the same numbers bit for bit.
 *
 * Fails: never, but for a lack of memory. Cost: compiling them, some milliseconds once a thread.
 *
 * @param lengthWith numbers that the memory shall have, given those of the workspace, which stands first
 * @param spare      memory of a workspace that nothing uses any more, to take instead of new memory
 */
export function createFusedWorkspace(
  plan: Plan,
  blockSize: number,
  lengthWith: (workspaceLength: number) => number = (length) => length,
  spare?: WebAssembly.Memory,
): FusedWorkspace {
  const createPlain = () =>
    createWorkspace(plan, blockSize, (length) => new Float64Array(lengthWith(length)));
  if (blockSize % 2 === 1 || typeof WebAssembly === "undefined") return createPlain();
  try {
    return createFused(plan, blockSize, lengthWith, spare) ?? createPlain();
  } catch (error) {
    // No memory for it (a limit of the process, or of the engine), or a page whose policy forbids to compile.
    if (error instanceof Error && WITHOUT.has(error.name)) return createPlain();
    throw error;
  }
}

/** The same in WebAssembly, if it knows vectors. */
function createFused(
  plan: Plan,
  blockSize: number,
  lengthWith: (workspaceLength: number) => number,
  spare: WebAssembly.Memory | undefined,
): FusedWorkspace | undefined {
  let engine: WebAssembly.Memory | undefined;
  let kernels: EncodedKernels["kernels"] = [];
  const workspace = createWorkspace(plan, blockSize, (length, offsets) => {
    const encoded = encodeKernels(plan, offsets, blockSize, length);
    kernels = encoded.kernels;
    const bytes = lengthWith(length + encoded.room) * NUMBER_BYTES;
    engine = takeMemory(Math.ceil(bytes / PAGE_BYTES), spare);
    encoded.write(engine.buffer);
    return new Float64Array(engine.buffer);
  });
  const runs = findRuns(plan);
  const between = encodeBetween(plan, workspace);
  const bytes = encodeModule([
    ...numberFunctions(),
    ...encodeRuns(plan, workspace, runs),
    ...[...kernels, ...between].map(({ name, code }) => ({ ...code, name })),
  ]);
  if (!engine || !WebAssembly.validate(bytes)) return undefined;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { engine: { memory: engine } });
  for (const { name, start, end } of [...runs, ...kernels, ...between]) {
    workspace.fused.set(start, { end, compute: exports[name] as () => number | undefined });
  }
  return { ...workspace, engine };
}

/** Memory of so many pages, all 0: the spare one, unless it is more than twice as large, or a new one. */
function takeMemory(pages: number, spare: WebAssembly.Memory | undefined): WebAssembly.Memory {
  const sparePages = (spare?.buffer.byteLength ?? 0) / PAGE_BYTES;
  if (!spare || sparePages > 2 * pages) return new WebAssembly.Memory({ initial: pages });
  if (sparePages < pages) spare.grow(pages - sparePages);
  new Float64Array(spare.buffer).fill(0);
  return spare;
}
