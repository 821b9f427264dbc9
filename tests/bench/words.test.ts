/** Benchmarks say what is wrong with the words that they are given, without a trace of the stack. */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";

function runBench(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  return { status, text: stdout + stderr };
}

test.each([
  ["tests/bench/native/run.mjs", "nowhere.yaml", "there is no file nowhere.yaml that can be read"],
  ["tests/bench/native/run.mjs", "scenarios", "there is no file scenarios that can be read"],
  ["tests/bench/page.mjs", "nowhere.yaml", "nowhere.yaml that can be read"],
  ["tests/bench/run.mjs", "many", "many is not a whole number above 0"],
  ["tests/bench/startup.mjs", "many", "many is not a whole number above 0"],
  ["tests/bench/plain_blocked.mjs", "many", "many is not a whole number above 0"],
])("%s refuses the word %s", (bench, word, reason) => {
  const { status, text } = runBench(bench, word);
  expect(text).toContain(reason);
  expect(text).toContain("usage: ");
  expect(text).not.toContain("    at ");
  expect(status).toBe(2);
});

test("the benchmark of native code says what is wrong with a scenario", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-bench-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, "wrong.yaml");
  fs.writeFileSync(file, "schema_version: 1\nstrat: 2026-01\n");
  const { status, text } = runBench("tests/bench/native/run.mjs", file);
  expect(text).toContain("wrong.yaml:2:1: error[unknown-key]: unknown key `strat`");
  expect(text).not.toContain("    at ");
  expect(status).toBe(1);
});
