/** The program of a thread that compresses a workbook: the library that does so, and nothing else. */
import v8 from "node:v8";
import vm from "node:vm";
import { parentPort } from "node:worker_threads";
import { Packer } from "../../workbook/archive.ts";
import type { Packed, ToPack } from "./pack-thread.ts";

/** Messages between collections of the thread's garbage, most of 64 KiB. */
const MESSAGES_AT_ONCE = 16;

let pieces: Uint8Array[] = [];
let messages = 0;
const packer = new Packer((piece) => pieces.push(piece));

// The library leaves behind three times what it reads, of which V8 sees small objects alone: it would wait for some 50 MB.
v8.setFlagsFromString("--expose-gc");
const collect: NonNullable<typeof globalThis.gc> = vm.runInNewContext("gc");
// V8's stored code is bound to the flags of every start.
v8.setFlagsFromString("--no-expose-gc");

parentPort?.on("message", (message: ToPack) => {
  if (message instanceof Uint8Array) packer.add(message);
  else if (message.begin === undefined) packer.end();
  else packer.begin(message.begin);
  const read = message instanceof Uint8Array ? message.length : 0;
  parentPort?.postMessage({ pieces, read } satisfies Packed);
  pieces = [];
  if (++messages % MESSAGES_AT_ONCE === 0) collect({ type: "minor" });
});
