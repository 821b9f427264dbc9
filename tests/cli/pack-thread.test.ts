import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { PackThread } from "../../src/cli/io/pack-thread.ts";
import { packed } from "../../src/workbook/archive.ts";
import { cli } from "./gigafleet.ts";

const program = pathToFileURL(path.join(path.dirname(cli), "pack-worker.js"));

/** A file of more bytes than may wait for the thread, all pieces of which stand in the same memory, and an empty one. */
const parts = () => [
  {
    name: "large",
    *pieces() {
      const memory = new Uint8Array(1 << 20);
      for (let piece = 0; piece < 5; piece++) yield memory.fill(piece);
    },
  },
  { name: "empty", *pieces() {} },
];
const inPieces = () => parts().map(({ name, pieces }) => ({ name, pieces: pieces() }));

async function join(thread: PackThread): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of thread.pack(inPieces())) pieces.push(piece);
  return Buffer.concat(pieces);
}

test("a thread compresses files to the same bytes", async () => {
  const archive = await join(new PackThread(program));
  expect(archive.equals(Buffer.concat([...packed(inPieces())]))).toBe(true);
});

test("no more than 4 MiB wait for the thread: the fifth piece of 1 MiB is the last before it has answered", async () => {
  let made = 0;
  function* pieces() {
    for (; made < 12; made++) yield new Uint8Array(1 << 20);
  }
  const archive = new PackThread(program).pack([{ name: "large", pieces: pieces() }]);
  const first = archive.next();
  expect(made).toBe(4);
  await first;
  await archive.return(undefined);
});

test.each([
  ["setTimeout(() => process.exit(9))", "exit code 9"],
  ["throw new Error('no memory')", "no memory"],
])("a thread that ends early is reported: %s", async (text, reason) => {
  const thread = new PackThread(new URL(`data:text/javascript,${encodeURIComponent(text)}`));
  await expect(join(thread)).rejects.toThrow(
    `the thread that compresses it stopped before its work was done (${reason})`,
  );
});
