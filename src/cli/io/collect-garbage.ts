import v8 from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Gives memory that nothing refers to back at once. V8 does so only while a thread allocates: one that waits for others would keep
 * what it used before, hundreds of megabytes after a trial sample. Where V8's flags cannot be set, it does nothing.
 */
export function collectGarbage(): void {
  v8.setFlagsFromString("--expose-gc");
  const collect: (() => void) | undefined = runInNewContext("globalThis.gc");
  v8.setFlagsFromString("--no-expose-gc");
  collect?.();
}
