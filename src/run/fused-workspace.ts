import {
  createWorkspace,
  type EncodedKernels,
  encodeKernels,
  encodeModule,
  encodeRuns,
  findRuns,
  numberFunctions,
  type Plan,
  type Workspace,
} from "../engine/index.ts";

/** Bytes of a page of WebAssembly memory. */
const PAGE_BYTES = 65_536;

/**
 * Memory for a Plan whose runs and kernels are compiled by WebAssembly; where there is none, or none with vectors, they are executed by
 * the engine's own loops, with the same numbers bit for bit.
 *
 * Fails: never, but for a lack of memory. Cost: compiling them, some milliseconds once a thread.
 */
export function createFusedWorkspace(plan: Plan, blockSize: number): Workspace {
  if (blockSize % 2 === 1 || typeof WebAssembly === "undefined") return createWorkspace(plan, blockSize);
  let memory: WebAssembly.Memory | undefined;
  let kernels: EncodedKernels["kernels"] = [];
  const workspace = createWorkspace(plan, blockSize, (length, offsets) => {
    const encoded = encodeKernels(plan, offsets, blockSize, length);
    kernels = encoded.kernels;
    memory = new WebAssembly.Memory({ initial: Math.ceil(((length + encoded.room) * 8) / PAGE_BYTES) });
    encoded.write(memory.buffer);
    return new Float64Array(memory.buffer, 0, length);
  });
  const runs = findRuns(plan);
  const bytes = encodeModule([
    ...numberFunctions(),
    ...encodeRuns(plan, workspace, runs),
    ...kernels.map(({ name, code }) => ({ ...code, name })),
  ]);
  if (!WebAssembly.validate(bytes)) return workspace;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { engine: { memory } });
  for (const { name, start, end } of [...runs, ...kernels]) {
    workspace.fused.set(start, { end, compute: exports[name] as () => void });
  }
  return workspace;
}
