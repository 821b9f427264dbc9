/** The same scenario gives the same bytes on every line of Node that we support, with and without WebAssembly. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { otherNodes } from "../nodes.mjs";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-bits-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** The tables of 40 trials of the reference scenario, by name. */
function tablesFrom(program: string, flags: readonly string[] = []): ReadonlyMap<string, Buffer> {
  const out = path.join(folder, `${fs.readdirSync(folder).length}`);
  const words = [
    "run",
    "scenarios/openai-aws.yaml",
    "--trials",
    "40",
    "--threads",
    "1",
    "--no-report",
    "--out",
  ];
  const { status, stderr } = spawnSync(program, [...flags, "dist/cli.js", ...words, out], {
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return new Map(fs.readdirSync(out).map((name) => [name, fs.readFileSync(path.join(out, name))]));
}

let here: ReadonlyMap<string, Buffer> | undefined;

function expectSame(tables: ReadonlyMap<string, Buffer>): void {
  here ??= tablesFrom(process.execPath);
  expect([...here.keys()]).toContain("summary.csv");
  expect([...tables.keys()]).toEqual([...here.keys()]);
  for (const [name, bytes] of tables) expect(here.get(name)?.equals(bytes), name).toBe(true);
}

test("without WebAssembly", () => {
  expectSame(tablesFrom(process.execPath, ["--no-expose-wasm"]));
});

for (const { version, program, isThere } of otherNodes) {
  if (!isThere) console.log(`Node ${version} is not there (node tests/nodes.mjs fetches it): not compared`);
  test.runIf(isThere)(`on Node ${version}`, () => {
    expectSame(tablesFrom(program));
  });
}
