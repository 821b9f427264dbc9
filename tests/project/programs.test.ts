import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findCommand, missingPrograms, programs, testsOf } from "../programs.mjs";

test("a program counts as installed when every command of it is found", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-programs-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  const slurm = programs.find(({ name }) => name === "slurm")!;
  const isMissing = () => missingPrograms(folder).some(({ name }) => name === "slurm");
  // Administrators' folders are searched too, so only a command that lies elsewhere can be missing.
  const isElsewhere = slurm.commands.every((command) => findCommand(command, "") !== undefined);
  expect(isMissing()).toBe(!isElsewhere);
  for (const command of slurm.commands) fs.writeFileSync(path.join(folder, command), "");
  expect(isMissing()).toBe(false);
  expect(findCommand("sbatch", folder)).toBe(path.join(folder, "sbatch"));
});

test("a folder is no command, and an empty PATH finds none", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-programs-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.mkdirSync(path.join(folder, "chromium"));
  expect(findCommand("chromium", folder)).toBeUndefined();
  expect(findCommand("no-such-command", "")).toBeUndefined();
});

test("a test file that names a program names one of the list", () => {
  const kinds = new Set(["analytic", "property", ...programs.map(({ name }) => name)]);
  const files = fs
    .readdirSync("tests", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.basename(file, ".test.ts"))
    .filter((name) => name.includes("."));
  expect(files.filter((name) => !kinds.has(name.slice(name.lastIndexOf(".") + 1)))).toEqual([]);
  expect(testsOf(programs[0])).toBe("tests/**/*.chromium.test.ts");
});
