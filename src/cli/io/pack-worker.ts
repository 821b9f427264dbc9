/** The program of a thread that compresses a workbook: the library that does so, and nothing else. */
import { parentPort } from "node:worker_threads";
import { Packer } from "../../workbook/archive.ts";
import type { Packed, ToPack } from "./pack-thread.ts";

let pieces: Uint8Array[] = [];
const packer = new Packer((piece) => pieces.push(piece));

parentPort?.on("message", (message: ToPack) => {
  if (message instanceof Uint8Array) packer.add(message);
  else if (message.begin === undefined) packer.end();
  else packer.begin(message.begin);
  const read = message instanceof Uint8Array ? message.length : 0;
  parentPort?.postMessage({ pieces, read } satisfies Packed);
  pieces = [];
});
