import v8 from "node:v8";
import { runInNewContext } from "node:vm";

/** V8's garbage collector; undefined where its flags cannot be set. */
export function garbageCollector(): typeof globalThis.gc {
  v8.setFlagsFromString("--expose-gc");
  const collect: typeof globalThis.gc = runInNewContext("globalThis.gc");
  // V8's stored code is bound to the flags of every start.
  v8.setFlagsFromString("--no-expose-gc");
  return collect;
}

/**
 * Gives memory that nothing refers to back at once. V8 does so only while a thread allocates: one that waits for others would keep
 * what it used before, hundreds of megabytes after a trial sample. Where there is no collector, it does nothing.
 */
export function collectGarbage(): void {
  garbageCollector()?.();
}
