import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { collectParts, faultsOfParts } from "../../src/cli/shards/collect-parts.ts";
import { readShard, shareOf } from "../../src/cli/shards/shard-options.ts";
import {
  cli,
  type Ended,
  gigafleet,
  gigafleetEnded,
  gigafleetProcess,
  makeFolder,
  shell,
  smallScenario,
} from "../cli/gigafleet.ts";

const folder = makeFolder();
const uncertain = smallScenario.replace("price: 10 thousand USD", "price: 8 thousand USD to 14 thousand USD");
fs.writeFileSync(path.join(folder, "plan.yaml"), uncertain);

const run = (...words: readonly string[]) => gigafleet(folder, words);
const inFolder = (...parts: readonly string[]) => path.join(folder, ...parts);
const partOf = (out: string, shard: number, shards: number) =>
  inFolder(out, `part-${shard}-of-${shards}.jsonl`);

/** Files of a folder that are no parts, with their bytes. */
function resultsOf(out: string): ReadonlyMap<string, string> {
  const names = fs.readdirSync(inFolder(out)).filter((name) => !name.startsWith("part-"));
  return new Map(names.sort().map((name) => [name, fs.readFileSync(inFolder(out, name), "latin1")]));
}

/** Runs shards of a command into a folder, those of `order`. */
function runShards(words: readonly string[], out: string, shards: number, order: readonly number[]): void {
  for (const shard of order) {
    const { code, stderr } = run(...words, "--shard", `${shard}/${shards}`, "--out", out);
    expect(stderr).toContain(`shard ${shard} of ${shards}: `);
    expect(code).toBe(0);
  }
}

/** Orders that no task may rely on. */
const ORDERS = [[1], [2, 1], [4, 7, 2, 6, 1, 3, 5]] as const;

const sampledSweep = [
  "sweep",
  "plan.yaml",
  "--over",
  "fleets.f.spares=[none, nune, replace]",
  "--over",
  "fleets.f.size=[50 chips, 80 chips, 100 chips]",
  "--set",
  "sites.a.pue=1.1",
  "--trials",
  "300",
  "--seed",
  "s",
];

test("a sweep in 1, 2 or 7 shards ends with the bytes of one machine, points at fault included", () => {
  const one = run(...sampledSweep, "--out", "one");
  expect(one.code).toBe(1);
  expect(one.stderr.match(/error\[invalid-point\]/g)).toHaveLength(3);
  for (const order of ORDERS) {
    const shards = order.length;
    runShards(sampledSweep, `sweep${shards}`, shards, order);
    const merged = run("merge", `sweep${shards}`, "--out", `merged${shards}`);
    expect({ ...merged, stdout: "" }).toEqual({
      ...one,
      stdout: "",
      stderr: one.stderr.replace(/^9 points.*\n/m, ""),
    });
    expect(resultsOf(`merged${shards}`)).toEqual(resultsOf("one"));
  }
  // The data package lists every file with its hash.
  expect(run("verify", "merged7").code).toBe(0);
});

test("a merge takes the options of what is written, and may write beside the parts", () => {
  const words = ["sweep", "plan.yaml", "--over", "fleets.f.size=1..4..1 chips"];
  const how = ["--bom", "--delimiter", ";", "--charts", "svg", "--no-report"];
  expect(run(...words, ...how, "--out", "how").code).toBe(0);
  runShards(words, "beside", 2, [1, 2]);
  const { stdout } = run("merge", "beside", ...how, "--json");
  expect(JSON.parse(stdout)).toHaveLength(4);
  expect(resultsOf("beside")).toEqual(resultsOf("how"));
  expect(fs.existsSync(partOf("beside", 1, 2))).toBe(true);
});

test("a scenario of several files is read from the parts, wherever they are merged", () => {
  fs.mkdirSync(inFolder("deep/er"), { recursive: true });
  fs.writeFileSync(inFolder("deep/er/child.yaml"), "extends: ../../plan.yaml\nname: Child\n");
  const words = ["sweep", "deep/er/child.yaml", "--over", "fleets.f.size=1..4..1 chips"];
  expect(run(...words, "--out", "child", "--no-report").code).toBe(0);
  runShards(words, "moved/parts", 2, [2, 1]);
  const elsewhere = makeFolder();
  fs.renameSync(inFolder("moved"), path.join(elsewhere, "moved"));
  expect(gigafleet(elsewhere, ["merge", "moved/parts", "--out", "merged", "--no-report"]).code).toBe(0);
  fs.renameSync(path.join(elsewhere, "merged"), inFolder("child-merged"));
  expect(resultsOf("child-merged")).toEqual(resultsOf("child"));
});

describe("a run of named figures", () => {
  // Four random blocks and 904 trials of a fifth.
  const sample = ["--trials", "5000", "--seed", "s", "--quantiles", "1,50,99"];
  const names = [
    "npv_provider_usd",
    "cost_provider_pv_usd",
    "provider_payback_month",
    "peak_chips_energised",
  ];
  const figures = ["run", "plan.yaml", ...names.flatMap((name) => ["--metric", name]), ...sample];

  test("has the rows of a whole run", () => {
    expect(run("run", "plan.yaml", ...sample, "--out", "all", "--quiet").code).toBe(0);
    expect(run(...figures, "--out", "some").code).toBe(0);
    expect(fs.readdirSync(inFolder("some")).sort()).toEqual(["datapackage.json", "summary.csv"]);
    const rowsOf = (out: string) =>
      fs.readFileSync(inFolder(out, "summary.csv"), "utf8").trimEnd().split("\n");
    const [all, some] = [rowsOf("all"), rowsOf("some")];
    expect(some[0]).toBe(all[0]);
    expect(all).toEqual(expect.arrayContaining(some));
    const shown = some.map((row) => row.split(",")[0]);
    expect(shown).toEqual(expect.arrayContaining([...names, "trials", "seed"]));
    expect(shown).not.toContain("cost_buyer_pv_usd");
  });

  test("in 2 or 5 shards ends with the bytes of one machine", () => {
    const one = run(...figures, "--out", "figures");
    expect(one.stdout).toContain("5,000 trials, seed s");
    for (const order of [
      [2, 1],
      [4, 2, 5, 1, 3],
    ]) {
      const shards = order.length;
      runShards(figures, `run${shards}`, shards, order);
      const merged = run("merge", `run${shards}`, "--out", "figures-merged");
      expect(merged).toEqual({
        ...one,
        stdout: one.stdout.replace("figures/summary", "figures-merged/summary"),
      });
      expect(resultsOf("figures-merged")).toEqual(resultsOf("figures"));
    }
  });

  test("of a figure that no trial has is merged too", () => {
    const words = ["run", "plan.yaml", "--metric", "provider_payback_month", "--trials", "2000"];
    expect(run(...words, "--out", "none").code).toBe(0);
    runShards(words, "none-parts", 2, [1, 2]);
    expect(run("merge", "none-parts", "--out", "none-merged").code).toBe(0);
    expect(resultsOf("none-merged")).toEqual(resultsOf("none"));
  });

  test("goes on behind the blocks that are whole", () => {
    runShards(figures, "stopped", 2, [1, 2]);
    const [file, lines] = [partOf("stopped", 2, 2), 3];
    const whole = fs.readFileSync(file, "utf8");
    fs.writeFileSync(file, whole.split("\n").slice(0, lines).join("\n").concat("\nhalf a li"));
    const { code, stderr } = run(...figures, "--shard", "2/2", "--out", "stopped");
    expect(code).toBe(0);
    expect(stderr).toContain("2,048 of them were done before and are kept");
    expect(fs.readFileSync(file, "utf8")).toBe(whole);
  });

  test.each([
    [
      ["--shard", "1/2"],
      /needs `--metric`: all [\d,]+ figures of 5,000 trials would fill [\d,]+ MB\nname figures/,
    ],
    [
      ["--metric", "npv_provider_usd", "--shard", "1/6"],
      /6 shards are more than 5 random blocks of 1,024 trials; take at most 5/,
    ],
    [["--metric", "npv_provider_uds"], /unknown metric `npv_provider_uds`[\s\S]*`npv_provider_usd`/],
    [["--metric", "peak_chips_energised_month"], /it is a word or a month without statistics/],
    [["--metric", "npv_provider_usd", "--draws", "a.csv"], /`--draws` is of a whole run/],
    [["--metric", "npv_provider_usd", "--shard", "1/2", "--json"], /give `--json` to `gigafleet merge`/],
    [
      ["--metric", "npv_provider_usd", "--shard", "1/2", "--trials", "1e9"],
      /1,000,000,000 trials are 8 GB, and `merge` takes 2.2 GB/,
    ],
    [["--metric", "npv_provider_usd", "--shard", "1/2", "--trials", "0"], /there are no trials to divide/],
  ])("with `%j` is refused before anything is written", (words, reason) => {
    const { code, stderr } = run(
      "run",
      "plan.yaml",
      ...(words.includes("--trials") ? [] : sample),
      ...words,
      "--out",
      "refused",
    );
    expect(stderr).toMatch(reason);
    expect(code).toBe(2);
    expect(fs.existsSync(inFolder("refused"))).toBe(false);
  });

  test("whose draws leave their range ends as any fault of `--set`, and its part is not whole", () => {
    const words = [
      "run",
      "plan.yaml",
      "--set",
      "sites.a.pue=1.1 - between(0.01, 0.19)",
      "--metric",
      "npv_provider_usd",
      "--trials",
      "2000",
    ];
    const { code, stderr } = run(...words, "--shard", "2/2", "--out", "odd");
    expect(stderr).toContain("out of range");
    expect(code).toBe(2);
    const first = Number(/first in trial (\d+)/.exec(stderr)?.[1]);
    expect(first).toBeGreaterThanOrEqual(1024);
    expect(run("merge", "odd", "--status").code).toBe(1);
  });
});

describe("which shard a task runs", () => {
  const given = (words: Readonly<Record<string, string>>) => words;
  test.each([
    [{ shard: "3/8" }, {}, { shard: 3, shards: 8 }],
    [{ shard: "3/8" }, { SLURM_ARRAY_TASK_ID: "3" }, { shard: 3, shards: 8 }],
    [
      { shards: "8" },
      { SLURM_ARRAY_TASK_ID: "3", SLURM_ARRAY_TASK_COUNT: "1", SLURM_ARRAY_TASK_MIN: "3" },
      { shard: 3, shards: 8, from: "SLURM_ARRAY_TASK_ID=3" },
    ],
    [{ shards: "8" }, { JOB_COMPLETION_INDEX: "0" }, { shard: 1, shards: 8, from: "JOB_COMPLETION_INDEX=0" }],
    [
      { shards: "8" },
      { AWS_BATCH_JOB_ARRAY_INDEX: "7" },
      { shard: 8, shards: 8, from: "AWS_BATCH_JOB_ARRAY_INDEX=7" },
    ],
    [
      { shards: "8" },
      { SLURM_ARRAY_TASK_ID: "", JOB_COMPLETION_INDEX: "2" },
      { shard: 3, shards: 8, from: "JOB_COMPLETION_INDEX=2" },
    ],
    [{}, { SLURM_ARRAY_TASK_ID: "3" }, undefined],
  ])("is read from %j and %j", (words, variables, shard) => {
    expect(readShard(given(words as Record<string, string>), variables as NodeJS.ProcessEnv)).toEqual(shard);
  });

  test.each([
    [{ shard: "9/8" }, {}, "`--shard 9/8` is not one of 8 shards"],
    [{ shard: "0/8" }, {}, "which count from 1"],
    [{ shard: "1/0" }, {}, "0 shards; take 1 to 100,000"],
    [{ shard: "1/100001" }, {}, "100,001 shards; take 1 to 100,000"],
    [{ shard: "3" }, {}, "write `--shard 3/8` for the third of eight"],
    [{ shard: "-1/8" }, {}, "is not a shard"],
    [{ shard: "1.5/8" }, {}, "is not a shard"],
    [{ shards: "eight" }, { SLURM_ARRAY_TASK_ID: "1" }, "is not a number of shards"],
    [
      { shards: "8" },
      {},
      "none of `SLURM_ARRAY_TASK_ID`, `JOB_COMPLETION_INDEX`, `AWS_BATCH_JOB_ARRAY_INDEX` is set",
    ],
    [{ shards: "8" }, { SLURM_ARRAY_TASK_ID: "9" }, "`SLURM_ARRAY_TASK_ID=9` is not one of 8 shards"],
    [{ shards: "8" }, { JOB_COMPLETION_INDEX: "8" }, "is not one of 8 shards"],
    [{ shards: "8" }, { SLURM_ARRAY_TASK_ID: "0" }, "submit it with `--array=1-n`"],
    [
      { shards: "8" },
      { SLURM_ARRAY_TASK_ID: "5", SLURM_ARRAY_TASK_MIN: "0" },
      "submit it with `--array=1-n`",
    ],
    [{ shards: "8" }, { SLURM_ARRAY_TASK_ID: "x" }, "is not the number of a task"],
    [{ shards: "8", shard: "1/8" }, { SLURM_ARRAY_TASK_ID: "1" }, "not both"],
    [
      { shard: "3/8" },
      { SLURM_ARRAY_TASK_ID: "4" },
      "`--shard 3/8` and `SLURM_ARRAY_TASK_ID=4`, which is shard 4, disagree",
    ],
    [
      { shards: "8" },
      { SLURM_ARRAY_TASK_ID: "4", JOB_COMPLETION_INDEX: "4" },
      "is shard 4, and `JOB_COMPLETION_INDEX=4` is shard 5: unset one",
    ],
    [
      { shards: "8", delimiter: ";" },
      { SLURM_ARRAY_TASK_ID: "4" },
      "give `--delimiter` to `gigafleet merge`",
    ],
  ])("is refused for %j and %j", (words, variables, reason) => {
    expect(() => readShard(given(words as Record<string, string>), variables as NodeJS.ProcessEnv)).toThrow(
      reason,
    );
  });

  test("shares have every item once, and differ by one at most", () => {
    for (const [items, shards] of [
      [1, 1],
      [10, 3],
      [1_000_000, 7],
      [100, 100],
      [1e9, 99_991],
    ] as const) {
      let next = 0;
      const sizes = new Set<number>();
      for (let shard = 1; shard <= shards; shard++) {
        const { first, end } = shareOf(shard, shards, items);
        if (first !== next) expect(first).toBe(next);
        sizes.add(end - first);
        next = end;
      }
      expect(next).toBe(items);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  test("a variable of a scheduler alone divides nothing, and more shards than points are refused", () => {
    const words = ["sweep", "plan.yaml", "--over", "fleets.f.size=1..4..1 chips", "--out", "alone"];
    const alone = gigafleet(folder, [...words, "--no-report"], { SLURM_ARRAY_TASK_ID: "3" });
    expect(alone.code).toBe(0);
    expect(fs.existsSync(inFolder("alone/sweep.csv"))).toBe(true);
    const many = gigafleet(folder, [...words, "--shards", "5"], { JOB_COMPLETION_INDEX: "3" });
    expect([many.code, many.stderr]).toEqual([
      2,
      expect.stringContaining("5 shards are more than 4 points; take at most 4"),
    ]);
    const named = gigafleet(folder, [...words, "--shards", "4"], { JOB_COMPLETION_INDEX: "3" });
    expect(named.stderr).toContain("shard 4 of 4 (JOB_COMPLETION_INDEX=3): points 4 to 4 of 4");
  });
});

describe("parts that do not belong together or are not whole", () => {
  const words = ({ seed = "s", size = "1..12..1 chips", trials = "64", file = "plan.yaml" } = {}) => [
    "sweep",
    file,
    "--over",
    `fleets.f.size=${size}`,
    "--trials",
    trials,
    "--seed",
    seed,
  ];
  const merge = (...more: readonly string[]) => run("merge", ...more, "--no-report");
  let merged: Ended;
  beforeAll(() => {
    runShards(words(), "whole", 4, [1, 2, 3, 4]);
    merged = merge("whole", "--out", "whole-merged");
    expect(merged.code).toBe(0);
  });

  /** A copy of the whole parts to spoil. */
  const spoil = (out: string, how: (file: (shard: number) => string) => void): Ended => {
    fs.cpSync(inFolder("whole"), inFolder(out), { recursive: true });
    how((shard) => partOf(out, shard, 4));
    const ended = run("merge", out, "--out", `${out}-merged`);
    expect(fs.existsSync(inFolder(`${out}-merged`))).toBe(false);
    return ended;
  };

  test("a missing one is named with the commands that fill it, and they do", () => {
    const { code, stderr } = spoil("lacking", (file) => [2, 4].map((shard) => fs.rmSync(file(shard))));
    expect(code).toBe(1);
    expect(stderr).toContain("error[missing-part]: `lacking` lacks parts 2,4 of 4");
    expect(stderr).toContain("; nothing was merged");
    expect(stderr).toContain(
      "sbatch --array=2,4 shards.sbatch 4 sweep plan.yaml --over 'fleets.f.size=1..12..1 chips' ",
    );
    expect(stderr).toContain("kubectl replace --force -f indexed-job.yaml");
    const here = /^ +here +(.*)$/m.exec(stderr)?.[1] ?? "";
    expect(here).toContain("--shard 2/4");
    expect(shell(folder, here).code).toBe(0);
    expect(run("merge", "lacking").stderr).toContain("lacks parts 4 of 4");
    expect(shell(folder, here.replace("2/4", "4/4")).code).toBe(0);
    expect(merge("lacking", "--out", "filled").code).toBe(0);
    expect(resultsOf("filled")).toEqual(resultsOf("whole-merged"));
  });

  test("the status says how far each is, and exits with 1 until all are whole", () => {
    spoil("partial", (file) => {
      fs.rmSync(file(4));
      fs.writeFileSync(file(2), fs.readFileSync(file(2), "utf8").split("\n").slice(0, 3).join("\n"));
      expect(run(...words({ seed: "other" }), "--shard", "3/4", "--out", "partial").code).toBe(0);
    });
    const status = run("merge", "partial", "--status");
    expect(status.code).toBe(1);
    expect(status.stdout).toBe(
      [
        "partial: 1 of 4 parts are whole, 4 of 12 points are done",
        "whole           1",
        "not whole       2: 1 of 3 points",
        "missing         4",
        "of another job  3",
        "",
      ].join("\n"),
    );
    const { parts } = JSON.parse(run("merge", "partial", "--status", "--json").stdout);
    expect(parts[1]).toEqual({ shard: 2, state: "begun", done: 1, items: 3 });
    expect(run("merge", "whole", "--status")).toMatchObject({ code: 0, stderr: "" });
  });

  test.each([
    ["seed", words({ seed: "t" }), "its seed is `t`, and that of the other parts `s`"],
    ["trials", words({ trials: "65" }), "its trials is `65`, and that of the other parts `64`"],
    ["axes", words({ size: "2..13..1 chips" }), "it has other axes than the other parts"],
    [
      "changes",
      [...words(), "--set", "sites.a.pue=1.1"],
      "it has other changes (`--set`, `--override`, `--scenario`) than the other parts",
    ],
    ["scenario", words({ file: "other.yaml" }), "it has another scenario than the other parts"],
  ])("one with other %s is named, and its own task replaces it", (aspect, other, reason) => {
    fs.writeFileSync(inFolder("other.yaml"), `${uncertain}# edited\n`);
    const out = `other-${aspect}`;
    const { code, stderr } = spoil(out, () =>
      expect(run(...other, "--shard", "2/4", "--out", out).code).toBe(0),
    );
    expect(code).toBe(1);
    expect(stderr).toContain(`conflicting parts, see \`part-2-of-4.jsonl\`: ${reason}`);
    expect(run(...words(), "--shard", "2/4", "--out", out).code).toBe(0);
    expect(merge(out, "--out", `${out}-again`).code).toBe(0);
    expect(resultsOf(`${out}-again`)).toEqual(resultsOf("whole-merged"));
  });

  test("parts of two numbers of shards are refused with the way out", () => {
    const { code, stderr } = spoil("numbers", () => {
      expect(run(...words(), "--shard", "1/3", "--out", "numbers").code).toBe(0);
    });
    expect(code).toBe(1);
    expect(stderr).toContain("error[conflict-parts]");
    expect(stderr).toContain("it holds parts of 3 and of 4 shards");
    expect(stderr).toContain("part-*-of-3.jsonl");
  });

  test.each([
    ["version", "its version is `0.0.9`, and that of this program", "npx gigafleet@0.0.9 merge"],
    ["catalog", "it has another catalog than this program", "merge with the program that wrote the parts"],
  ])("parts of another %s than this program's are refused", (aspect, reason, help) => {
    const { code, stderr } = spoil(`foreign-${aspect}`, (file) => {
      for (const shard of [1, 2, 3, 4])
        rewrite(file(shard), (contents) => [
          { ...contents[0], job: { ...(contents[0].job as object), [aspect]: "0.0.9" } },
          ...contents.slice(1),
        ]);
    });
    expect(code).toBe(1);
    expect(stderr).toContain(reason);
    expect(stderr).toContain(help);
  });

  test.each([
    [
      "a row of another width",
      (contents: Content[]) => replaceAt(contents, 2, { ...contents[2], cells: [1] }),
    ],
    [
      "a cell that is a list",
      (contents: Content[]) => replaceAt(contents, 2, { ...contents[2], cells: [[]] }),
    ],
    [
      "a fault that is a number",
      (contents: Content[]) => replaceAt(contents, 2, { ...contents[2], fault: 1 }),
    ],
  ])("one with right hashes and %s is refused", (name, change) => {
    const { code, stderr } = spoil(`forged ${name}`, (file) => rewrite(file(2), change));
    expect(stderr).toContain("invalid part `part-2-of-4.jsonl`");
    expect(code).toBe(1);
  });

  test.each([
    ["a row too few", (contents: Content[]) => splice(contents, 2, 1)],
    ["another range", (contents: Content[]) => replaceAt(contents, 0, { ...contents[0], first: 0 })],
    ["another shard's head", (contents: Content[]) => replaceAt(contents, 0, { ...contents[0], shard: 1 })],
    [
      "options that are none",
      (contents: Content[]) => replaceAt(contents, 0, { ...contents[0], given: { quiet: true } }),
    ],
    [
      "options that are a list",
      (contents: Content[]) => replaceAt(contents, 0, { ...contents[0], given: [1] }),
    ],
    [
      "texts that are numbers",
      (contents: Content[]) => replaceAt(contents, 0, { ...contents[0], texts: [[1, 2]] }),
    ],
    ["something behind its end", (contents: Content[]) => [...contents, { at: 6 }]],
    ["no head", (contents: Content[]) => contents.slice(1)],
    ["nothing", () => []],
  ])("one with right hashes and %s is not whole", (_, change) => {
    fs.cpSync(inFolder("whole"), inFolder("forged"), { recursive: true });
    rewrite(partOf("forged", 2, 4), change);
    expect(faultsIn("forged")).toEqual(["invalid-part"]);
  });

  test("one whose scenario was edited is refused, although its hashes are right", () => {
    const { code, stderr } = spoil("edited", (file) => {
      for (const shard of [1, 2, 3, 4])
        rewrite(file(shard), ([head, ...rest]) => [
          { ...head, texts: (head.texts as string[][]).map(([name, text]) => [name, `${text}# more\n`]) },
          ...rest,
        ]);
    });
    expect(code).toBe(1);
    expect(stderr).toContain("it has another scenario than this program");
  });

  test("one that is damaged at random in a hundred ways is never merged", () => {
    const random = generator(18);
    const at = (length: number) => Math.floor(random() * length);
    const whole = fs.readFileSync(partOf("whole", 3, 4));
    const lines = whole.toString("latin1").trimEnd().split("\n");
    const joined = (some: readonly string[]) => Buffer.from(`${some.join("\n")}\n`, "latin1");
    const damages: readonly (() => Buffer)[] = [
      () => whole.subarray(0, at(whole.length)),
      () => {
        const damaged = Buffer.from(whole);
        damaged[at(whole.length)] ^= 1 << at(8);
        return damaged;
      },
      () => joined(splice(lines, at(lines.length), 1)),
      () => {
        const line = at(lines.length);
        return joined(splice(lines, line, 0, lines[line]));
      },
      () => {
        const line = at(lines.length - 1);
        return joined(splice(lines, line, 2, lines[line + 1], lines[line]));
      },
      () => {
        // A hole, as two tasks leave it where one was killed.
        const damaged = Buffer.from(whole);
        const from = at(whole.length - 1);
        return damaged.fill(0, from, from + 1 + at(whole.length - from - 1));
      },
      () => Buffer.concat([whole, Buffer.from([32 + at(90)])]),
      () => Buffer.concat([whole.subarray(0, at(whole.length)), whole]),
      () => {
        // A line of another part of the job.
        const other = fs.readFileSync(partOf("whole", 2, 4), "latin1").split("\n");
        return joined(replaceAt(lines, 1 + at(lines.length - 1), other[1 + at(2)]));
      },
      () => Buffer.from(Array.from({ length: at(5000) }, () => at(256))),
    ];
    fs.cpSync(inFolder("whole"), inFolder("random"), { recursive: true });
    const file = partOf("random", 3, 4);
    expect(faultsIn("random")).toEqual([]);
    for (let round = 0; round < 100; round++) {
      const damaged = damages[round % damages.length]();
      if (damaged.equals(whole)) continue;
      fs.writeFileSync(file, damaged);
      expect(faultsIn("random"), `round ${round}`).toEqual(["invalid-part"]);
    }
  });

  test("a folder without parts, and none at all, end with 3", () => {
    fs.mkdirSync(inFolder("empty"));
    for (const out of ["empty", "nowhere", "plan.yaml"]) {
      const { code, stderr } = run("merge", out);
      expect([code, stderr]).toEqual([3, expect.stringContaining(`no parts can be read from ${out}`)]);
    }
  });
});

describe("a task", () => {
  const words = [
    "sweep",
    "plan.yaml",
    "--over",
    "fleets.f.size=1..150..1 chips",
    "--over",
    "sites.a.pue=[1, 1.1]",
    "--trials",
    "48",
  ];
  const shard = (out: string, ...more: string[]) =>
    run(...words, "--shard", "2/3", "--threads", "1", "--out", out, ...more);
  let whole = "";
  beforeAll(() => {
    expect(shard("task").code).toBe(0);
    whole = fs.readFileSync(partOf("task", 2, 3), "utf8");
  });

  test("leaves a whole part as it is", () => {
    const before = fs.statSync(partOf("task", 2, 3)).mtimeMs;
    const again = shard("task");
    expect(again.stderr).toContain("part-2-of-3.jsonl is there and whole; nothing to do");
    expect(again.code).toBe(0);
    expect(fs.statSync(partOf("task", 2, 3)).mtimeMs).toBe(before);
  });

  test("goes on behind what a killed one wrote, with any number of threads", () => {
    fs.mkdirSync(inFolder("resumed"));
    fs.writeFileSync(partOf("resumed", 2, 3), whole.slice(0, whole.length / 2));
    const { code, stderr } = run(...words, "--shard", "2/3", "--threads", "2", "--out", "resumed");
    expect(stderr).toMatch(/[\d,]+ of them were done before and are kept/);
    expect(code).toBe(0);
    expect(fs.readFileSync(partOf("resumed", 2, 3), "utf8")).toBe(whole);
  });

  test("writes a part that another one writes at the same time", async () => {
    const start = (threads: string) =>
      new Promise((resolve) => {
        const args = [cli, ...words, "--shard", "2/3", "--threads", threads, "--out", "twice"];
        spawn(process.execPath, args, { cwd: folder, stdio: "ignore" }).on("exit", resolve);
      });
    expect(await Promise.all([start("1"), start("2")])).toEqual([0, 0]);
    expect(fs.readFileSync(partOf("twice", 2, 3), "utf8")).toBe(whole);
  });

  test("on a full disk ends with 3, and goes on once there is room", () => {
    // Files of at most 64 blocks of 1,024 bytes.
    const line = `trap '' XFSZ; ulimit -f 64; gigafleet ${words.map((word) => `'${word}'`).join(" ")} --shard 2/3 --threads 1 --out full`;
    const { code, stderr } = shell(folder, line);
    expect(stderr).toContain("cannot write `full/part-2-of-3.jsonl`: the file would be too large");
    expect(code).toBe(3);
    expect(run("merge", "full").code).toBe(1);
    expect(shard("full").stderr).toContain("were done before and are kept");
    expect(fs.readFileSync(partOf("full", 2, 3), "utf8")).toBe(whole);
  });

  test("is ended by a scheduler with 143, and its lines stay", () => {
    const taken = [...words, "--shard", "2/3", "--threads", "1", "--out", "ended"];
    expect(gigafleetEnded(folder, taken, "SIGTERM").code).toBe(143);
    expect(shard("ended").stderr).toContain("were done before and are kept");
    expect(fs.readFileSync(partOf("ended", 2, 3), "utf8")).toBe(whole);
  });

  test("never writes through a link, nor to what is not a file", () => {
    fs.mkdirSync(inFolder("linked"));
    fs.writeFileSync(inFolder("precious.txt"), "keep");
    fs.symlinkSync(inFolder("precious.txt"), partOf("linked", 2, 3));
    const linked = shard("linked");
    expect([linked.code, linked.stderr]).toEqual([
      3,
      expect.stringContaining("it is a symbolic link; remove it"),
    ]);
    expect(fs.readFileSync(inFolder("precious.txt"), "utf8")).toBe("keep");
    expect(run("merge", "linked").code).toBe(3);
    fs.mkdirSync(partOf("folders", 2, 3), { recursive: true });
    expect(shard("folders")).toMatchObject({ code: 3, stderr: expect.stringContaining("it is not a file") });
  });
});

test("in a folder that cannot rename and lists files late, shards work, and merge says where to write", () => {
  // As object stores mounted as folders are: no rename, no writing in the middle, and names that appear late.
  fs.writeFileSync(
    inFolder("store.cjs"),
    `const fs = require("node:fs");
const inStore = (file) => String(file).includes("store");
const { renameSync, readdirSync, ftruncateSync } = fs;
const refuse = () => { throw Object.assign(new Error("ENOSYS: function not implemented"), { code: "ENOSYS", syscall: "rename" }); };
fs.renameSync = (from, to) => (inStore(to) ? refuse() : renameSync(from, to));
fs.ftruncateSync = refuse;
fs.readdirSync = (folder, ...more) =>
  readdirSync(folder, ...more).filter((name) => !(inStore(folder) && /^part-[23]/.test(name)));
`,
  );
  const store = { NODE_OPTIONS: `--require ${inFolder("store.cjs")}` };
  const words = ["sweep", "plan.yaml", "--over", "fleets.f.size=1..12..1 chips"];
  for (const shard of ["1/3", "2/3", "3/3"])
    expect(gigafleetProcess(folder, [...words, "--shard", shard, "--out", "store"], store).code).toBe(0);
  const beside = gigafleetProcess(folder, ["merge", "store"], store);
  expect([beside.code, beside.stderr]).toEqual([
    3,
    expect.stringContaining("its file system cannot rename files"),
  ]);
  expect(resultsOf("store").size).toBe(0);
  const onDisk = ["merge", "store", "--out", "on-disk", "--no-report"];
  expect(gigafleetProcess(folder, onDisk, store).code).toBe(0);
  expect(run(...words, "--out", "no-store", "--no-report").code).toBe(0);
  expect(resultsOf("on-disk")).toEqual(resultsOf("no-store"));
});

test("long work on one machine is refused with its time, and told that it can be divided", () => {
  const words = ["sweep", "plan.yaml", "--over", "fleets.f.size=1..1000..1 chips", "--trials", "1e9"];
  const one = run(...words, "--out", "long");
  expect([one.code, one.stderr]).toEqual([
    2,
    expect.stringMatching(/1,000,000,000 trials at each of 1,000 points take about [\d,]+ (hours|days)/),
  ]);
  expect(one.stderr).toContain("docs/cluster.md");
  expect(fs.existsSync(inFolder("long"))).toBe(false);
});

test("a shard says how long it takes and does not ask", async () => {
  const words = ["sweep", "plan.yaml", "--over", "fleets.f.size=1..1000..1 chips", "--trials", "1e9"];
  const child = spawn(process.execPath, [cli, ...words, "--shard", "1/2", "--out", "said"], { cwd: folder });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (!child.killed && stderr.includes("take about")) child.kill("SIGTERM");
  });
  expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(143);
  expect(stderr).toMatch(/trials at each of 500 points take about [\d,]+ (hours|days)/);
});

/** A list with other items from `at` on in place of `removed` ones. */
function splice<Item>(list: readonly Item[], at: number, removed: number, ...items: Item[]): Item[] {
  return [...list.slice(0, at), ...items, ...list.slice(at + removed)];
}

function replaceAt<Item>(list: readonly Item[], at: number, item: Item): Item[] {
  return splice(list, at, 1, item);
}

/** A line of a part, without its hash. */
type Content = Record<string, unknown>;

/** Codes of the faults that keep the parts of a folder from being merged. */
function faultsIn(out: string): readonly string[] {
  const found = collectParts(inFolder(out));
  if (!found || "code" in found) throw new Error("no parts");
  return faultsOfParts(found, out).map(({ code }) => code);
}

/** Rewrites a part with the hashes that its lines then ought to have. */
function rewrite(file: string, change: (contents: Content[]) => readonly Content[]): void {
  const lines = fs.readFileSync(file, "utf8").trimEnd().split("\n");
  let hash = "";
  const text = change(lines.map((line) => JSON.parse(line.slice(33)))).map((content) => {
    const json = JSON.stringify(content);
    hash = createHash("sha256").update(`${hash}${json}`).digest("hex").slice(0, 32);
    return `${hash} ${json}\n`;
  });
  fs.writeFileSync(file, text.join(""));
}

/** Numbers from 0 to 1 (mulberry32), the same in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
