import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, gigafleet, shell, smallScenario } from "../cli/gigafleet.ts";
import { type Slurm, startSlurm, until } from "./slurm.ts";

/** Slurm's folder and that of the jobs, in one that is removed at the end. */
const top = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-slurm-"));
const folder = path.join(top, "work");
const shards = 8;
const sweep = [
  "sweep",
  "plan.yaml",
  "--over",
  "fleets.f.size=1..320..1 chips",
  "--trials",
  "20000",
  "--seed",
  "s",
];

/**
 * The program as jobs call it. Two first attempts go wrong: that of task 5 is killed in mid-work, and that of task 7 hangs until it
 * is requeued.
 */
const program = `#!/bin/bash
if [ "$SLURM_ARRAY_TASK_ID" = 5 ] && [ -z "$SLURM_RESTART_COUNT" ]; then
  "${process.execPath}" "${cli}" "$@" &
  until [ "$(cat parts/part-5-of-8.jsonl 2>/dev/null | wc -l)" -ge 4 ]; do sleep 0.02; done
  kill -KILL $!
  wait $!
  code=$?
  wc -l < parts/part-5-of-8.jsonl > killed
  exit $code
fi
if [ "$SLURM_ARRAY_TASK_ID" = 7 ] && [ -z "$SLURM_RESTART_COUNT" ]; then
  touch hanging
  exec sleep 3600
fi
exec "${process.execPath}" "${cli}" "$@"
`;

let slurm: Slurm;
beforeAll(async () => {
  fs.mkdirSync(folder);
  fs.mkdirSync(path.join(top, "bin"));
  fs.mkdirSync(path.join(top, "slurm"));
  fs.writeFileSync(path.join(top, "bin", "gigafleet"), program, { mode: 0o755 });
  fs.copyFileSync("docs/cluster/shards.sbatch", path.join(folder, "shards.sbatch"));
  fs.writeFileSync(
    path.join(folder, "plan.yaml"),
    smallScenario.replace("price: 10 thousand USD", "price: 8 thousand USD to 14 thousand USD"),
  );
  slurm = await startSlurm(path.join(top, "slurm"), {
    PATH: `${path.join(top, "bin")}${path.delimiter}${process.env.PATH}`,
  });
}, 600_000);
afterAll(async () => {
  await slurm?.stop();
  fs.rmSync(top, { recursive: true, force: true });
}, 600_000);

const call = (command: string, ...words: string[]) => slurm.call(folder, command, words).trim();
/** Waits until no job is left, and shows what is where one stays. */
async function emptyQueue(): Promise<void> {
  const isEmpty = () => call("squeue", "--noheader") === "";
  await until("the queue is empty", isEmpty).catch((error: Error) => {
    throw new Error(`${error.message}\n${call("squeue", "--long")}\n${call("scontrol", "show", "node")}`);
  });
}
const merge = (...words: string[]) => gigafleet(folder, ["merge", "parts", ...words]);
const wholeParts = () => {
  const { stdout } = merge("--status", "--json");
  const { parts } = JSON.parse(stdout) as { parts: { shard: number; state: string }[] };
  return parts.filter(({ state }) => state === "whole").map(({ shard }) => shard);
};

test("an array with a killed, a hanging and a cancelled task ends with the bytes of one machine", async () => {
  const job = call(
    "sbatch",
    "--parsable",
    "--hold",
    `--array=1-${shards}`,
    "shards.sbatch",
    String(shards),
    ...sweep,
    "--out",
    "parts",
  );
  call("scancel", `${job}_3`);
  call("scontrol", "release", job);

  await until("task 7 hangs", () => fs.existsSync(path.join(folder, "hanging")));
  // Tasks go on while there is no controller.
  await slurm.crashController();
  call("scontrol", "requeue", `${job}_7`);
  await emptyQueue();

  expect(wholeParts()).toEqual([1, 2, 4, 5, 6, 7, 8]);
  const lines = Number(fs.readFileSync(path.join(folder, "killed"), "utf8"));
  expect(lines).toBeGreaterThanOrEqual(4);
  expect(lines).toBeLessThan(320 / shards + 2);
  const logs = fs.readdirSync(folder).filter((name) => name.endsWith("_5.log"));
  expect(fs.readFileSync(path.join(folder, logs[0]), "utf8")).toContain("were done before and are kept");

  const refused = merge("--out", "merged");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("`parts` lacks parts 3 of 8");
  expect(fs.existsSync(path.join(folder, "merged"))).toBe(false);
  const line = /^ +Slurm +sbatch (.*)$/m.exec(refused.stderr)?.[1] ?? "";
  expect(line).toMatch(/^--array=3 shards\.sbatch 8 sweep plan\.yaml /);
  // The line as it was printed, by a shell.
  const filled = shell(folder, `printf '%s\\0' ${line}`);
  call("sbatch", ...filled.stdout.split("\0").slice(0, -1));
  await emptyQueue();

  expect(merge("--out", "merged")).toMatchObject({ code: 0, stderr: expect.not.stringContaining("error") });
  expect(gigafleet(folder, [...sweep, "--out", "one"]).code).toBe(0);
  const names = fs.readdirSync(path.join(folder, "one")).sort();
  expect(names).toEqual(["datapackage.json", "report.html", "sweep.csv"]);
  expect(fs.readdirSync(path.join(folder, "merged")).sort()).toEqual(names);
  for (const name of names)
    expect(fs.readFileSync(path.join(folder, "merged", name))).toEqual(
      fs.readFileSync(path.join(folder, "one", name)),
    );
}, 1_800_000);

test("an array that counts from 0 is refused in every task, and none is tried twice", async () => {
  call("sbatch", "--array=0-1", "--output=zero-%a.log", "shards.sbatch", "2", ...sweep, "--out", "zero");
  await emptyQueue();
  for (const task of [0, 1])
    expect(fs.readFileSync(path.join(folder, `zero-${task}.log`), "utf8")).toBe(
      "gigafleet: the array counts from 0, and shards from 1: submit it with `--array=1-n`\n",
    );
  expect(fs.existsSync(path.join(folder, "zero"))).toBe(false);
}, 600_000);
