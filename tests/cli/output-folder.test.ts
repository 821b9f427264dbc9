/** What a file system refuses: said in words, with nothing half written and what was there before untouched. */

import fs from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { writeFiles } from "../../src/cli/io/output-folder.ts";
import { limitOf } from "../../src/cli/io/system-limits.ts";
import { makeFolder, shell, smallScenario } from "./gigafleet.ts";

const folder = makeFolder();
const out = path.join(folder, "out");
const old = { name: "a.csv", text: "month,chips\n2026-01,1\n" };
const files = [
  { name: "a.csv", text: "month,chips\n2026-01,2\n" },
  { name: "b.csv", text: ["month,chips\n", "2026-01,3\n"] },
];

beforeEach(async () => {
  fs.rmSync(out, { recursive: true, force: true });
  expect(await writeFiles(out, [old])).toBeUndefined();
});
afterEach(() => vi.restoreAllMocks());

/** Lets a function of the file system fail at its n-th call, as the kernel does with this code. */
function failAt(
  call: number,
  name: "openSync" | "writeFileSync" | "renameSync" | "linkSync" | "copyFileSync",
  code: string,
) {
  const real = fs[name] as (...given: unknown[]) => unknown;
  let calls = 0;
  vi.spyOn(fs, name).mockImplementation(((...given: unknown[]) => {
    if (++calls === call) throw Object.assign(new Error(`${code}: refused`), { code });
    return real(...given);
  }) as never);
}

describe("a folder into which a run wrote before", () => {
  test("is as it was if the process ends while a piece is awaited", async () => {
    const before = process.listeners("exit");
    const seen: (readonly string[])[] = [];
    async function* pieces() {
      yield Buffer.from("PK");
      // The tables are written meanwhile.
      await new Promise(setImmediate);
      seen.push(fs.readdirSync(out));
      // What Node calls when a signal ends the process.
      for (const listener of process.listeners("exit")) if (!before.includes(listener)) listener(130);
      seen.push(fs.readdirSync(out));
      throw new Error("ended");
    }
    await writeFiles(out, [...files, { name: "c.xlsx", text: pieces() }]);
    expect(seen[0]).toHaveLength(4);
    expect(seen[1]).toEqual(["a.csv"]);
    expect(fs.readFileSync(path.join(out, "a.csv"), "utf8")).toBe(old.text);
    expect(process.listeners("exit")).toEqual(before);
  });

  test.each([
    [4, "openSync", "EMFILE", "b.csv", "this process may open no more files (`ulimit -n`)"],
    [4, "openSync", "ENFILE", "b.csv", "the machine has too many files open"],
    [1, "openSync", "EACCES", "a.csv", "permission denied"],
    [1, "openSync", "EROFS", "a.csv", "the file system is read-only"],
    [3, "writeFileSync", "ENOSPC", "b.csv", "no space left on the device"],
    [2, "writeFileSync", "EDQUOT", "b.csv", "the disk quota is used up"],
    [1, "copyFileSync", "ENOSPC", "a.csv", "no space left on the device"],
    [2, "renameSync", "EACCES", "b.csv", "permission denied"],
    [1, "writeFileSync", "EIO", "a.csv", "EIO: refused"],
  ] as const)("is as it was where call %i of %s ends with %s", async (call, name, code, file, reason) => {
    failAt(call, name, code);
    // A copy is made where the file system has no links.
    if (name === "copyFileSync") failAt(1, "linkSync", "EPERM");
    const fault = await writeFiles(out, files);
    vi.restoreAllMocks();
    expect(fault?.code).toBe("unwritable-output");
    expect(fault?.values).toEqual({ file: path.join(out, file), reason });
    expect(fs.readdirSync(out)).toEqual(["a.csv"]);
    expect(fs.readFileSync(path.join(out, "a.csv"), "utf8")).toBe(old.text);
    expect(await writeFiles(out, files)).toBeUndefined();
  });
});

test("stays as it was where a piece of a file cannot be made", async () => {
  async function* lost() {
    yield new Uint8Array(9);
    throw new Error("the thread that makes it stopped");
  }
  const fault = await writeFiles(out, [...files, { name: "plan.xlsx", text: lost() }]);
  expect(fault?.values).toEqual({
    file: path.join(out, "plan.xlsx"),
    reason: "the thread that makes it stopped",
  });
  expect(fs.readdirSync(out)).toEqual(["a.csv"]);
  expect(fs.readFileSync(path.join(out, "a.csv"), "utf8")).toBe(old.text);
});

test("is written where the file system has no links", async () => {
  failAt(1, "linkSync", "EPERM");
  expect(await writeFiles(out, files)).toBeUndefined();
  expect(fs.readdirSync(out).sort()).toEqual(["a.csv", "b.csv"]);
  expect(fs.readFileSync(path.join(out, "a.csv"), "utf8")).toBe(files[0].text);
});

test.each([
  ["EROFS", "the file system is read-only"],
  ["EACCES", "permission denied"],
  ["ENOSPC", "no space left on the device"],
])("a folder that cannot be made for %s leaves no parent behind", async (code, reason) => {
  const deep = path.join(folder, "new", "deeper", "out");
  const real = fs.mkdirSync;
  vi.spyOn(fs, "mkdirSync").mockImplementation(((name: string) => {
    if (name === deep) throw Object.assign(new Error(`${code}: refused`), { code });
    return real(name);
  }) as never);
  const fault = await writeFiles(deep, files);
  vi.restoreAllMocks();
  expect(fault?.values).toEqual({ file: deep, reason });
  expect(fs.existsSync(path.join(folder, "new"))).toBe(false);
});

test("a process that may open few files does its work or says so, and reports no fault of the program", () => {
  fs.writeFileSync(path.join(folder, "a.yaml"), smallScenario);
  // How many Node needs before the program begins differs by its version.
  const ended = [19, 24, 32, 44, 52].map((most) =>
    shell(folder, `ulimit -n ${most}; gigafleet run a.yaml --out few`),
  );
  const works = ended.filter(({ code }) => code === 0);
  expect(works.length).toBeGreaterThan(0);
  for (const { stderr } of ended) expect(stderr).not.toContain("internal error");
  expect(fs.existsSync(path.join(folder, "few"))).toBe(true);
  const refused = Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" });
  expect(limitOf(refused)).toBe("this process may open no more files (`ulimit -n`)");
  expect(limitOf(new Error("another"))).toBeUndefined();
});
