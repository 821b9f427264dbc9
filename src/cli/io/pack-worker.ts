/** The program of a thread that compresses a workbook: the library that does so, and nothing else. */
import { parentPort } from "node:worker_threads";
import { Packer } from "../../workbook/archive.ts";
import { garbageCollector } from "./collect-garbage.ts";
import type { Packed, ToPack } from "./pack-thread.ts";

/** Messages between collections of the thread's garbage, most of 64 KiB. */
const MESSAGES_AT_ONCE = 16;

let pieces: Uint8Array[] = [];
let messages = 0;
const packer = new Packer((piece) => pieces.push(piece));

// The library's garbage is three times what it reads, and V8 counts only the small objects in it: it would collect after some 50 MB.
const collect = garbageCollector();

parentPort?.on("message", (message: ToPack) => {
  if (message instanceof Uint8Array) packer.add(message);
  else if (message.begin === undefined) packer.end();
  else packer.begin(message.begin);
  const read = message instanceof Uint8Array ? message.length : 0;
  parentPort?.postMessage({ pieces, read } satisfies Packed);
  pieces = [];
  if (++messages % MESSAGES_AT_ONCE === 0) collect?.({ type: "minor" });
});
