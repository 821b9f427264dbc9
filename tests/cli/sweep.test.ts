import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { columnOf, gigafleet, gigafleetEnded, makeFolder, smallScenario } from "./gigafleet.ts";

const folder = makeFolder();
const uncertain = smallScenario.replace("price: 10 thousand USD", "price: 8 thousand USD to 14 thousand USD");
fs.writeFileSync(path.join(folder, "a.yaml"), uncertain);

const sweep = (...words: readonly string[]) => gigafleet(folder, ["sweep", "a.yaml", ...words]);
const read = (...parts: readonly string[]) => fs.readFileSync(path.join(folder, ...parts), "utf8");

/** Enough trials for two threads, in some ten chunks. */
const many = [
  ...["--over", "fleets.f.size=1..128..1 chips", "--over", "sites.a.pue=[1, 1.1]"],
  ...["--trials", "16"],
];

test("a killed sweep ends with the same bytes, on any number of threads", () => {
  const whole = sweep(...many, "--threads", "2", "--out", "whole");
  expect(whole.code).toBe(0);
  expect(whole.stderr).toBe("256 points, 16 trials each: fleets.f.size (128) x sites.a.pue (2)\n");
  for (const [out, signal, code] of [
    ["killed", "SIGKILL", null],
    ["stopped", "SIGTERM", 143],
  ] as const) {
    const words = ["sweep", "a.yaml", ...many, "--threads", "2", "--out", out];
    expect(gigafleetEnded(folder, words, signal).code).toBe(code);
    expect(fs.readdirSync(path.join(folder, out))).toEqual(["sweep.journal.jsonl"]);
    const again = sweep(...many, "--threads", "1", "--out", out);
    expect(again.stderr).toMatch(/[\d,]+ of them were done before and are kept/);
    for (const file of ["sweep.csv", "datapackage.json"]) expect(read(out, file)).toBe(read("whole", file));
    expect(fs.readdirSync(path.join(folder, out)).sort()).toEqual([
      "datapackage.json",
      "report.html",
      "sweep.csv",
    ]);
  }
}, 240_000);

test("trials at each point are the same draws, on any number of threads, and told of in the data package", () => {
  const words = [
    "--over",
    "fleets.f.size=[50 chips, 100 chips]",
    "--over",
    "fleets.f.spares=[replace, none]",
  ];
  const sample = (threads: string) =>
    sweep(...words, "--trials", "1100", "--seed", "s", "--threads", threads, "--out", `threads${threads}`);
  expect(sample("1").code).toBe(0);
  expect(sample("2").stderr).toContain("4 points, 1,100 trials each");
  expect(read("threads2", "sweep.csv")).toBe(read("threads1", "sweep.csv"));
  const mean = columnOf(path.join(folder, "threads1", "sweep.csv"), "cost_provider_pv_usd_mean").map(Number);
  // Cost is chips x price, and the price of a trial is the same at each point.
  expect(mean[2] / mean[0]).toBeCloseTo(2, 9);
  const run = gigafleet(folder, [
    "run",
    "a.yaml",
    "--trials",
    "1100",
    "--seed",
    "s",
    "--out",
    "run",
    "--quiet",
  ]);
  expect(run.code).toBe(0);
  const metrics = columnOf(path.join(folder, "run", "summary.csv"), "metric");
  const means = columnOf(path.join(folder, "run", "summary.csv"), "value_mean");
  expect(String(mean[2])).toBe(means[metrics.indexOf("cost_provider_pv_usd")]);
  const { gigafleet: made } = JSON.parse(read("threads1", "datapackage.json"));
  expect(made).toMatchObject({ seed: "s", trials: 1100 });
  expect(made.sweep).toEqual({
    kind: "grid",
    points: 4,
    axes: [
      { path: "fleets.f.size", count: 2, first: "50 chips", last: "100 chips" },
      { path: "fleets.f.spares", count: 2, first: "replace", last: "none" },
    ],
  });
});

test.each([
  [["--over", "fleets.f.size=1..0..1 chips"], "it has no points"],
  [["--over", "fleets.f.size=1..10000000..1 chips"], "10,000,000 points, at most 1,000,000"],
  [["--over", "let.sise=[1, 2]"], "unused name `sise`"],
  [["--over", "fleets.f.size=[1 chips, 2 MWh]"], "MWh"],
  [["--over", "fleets.f.size=[1 chips]", "--trials", "-1"], "is less than 0"],
  [
    ["--over", "fleets.f.size=1..1000..1 chips", "--trials", "1e9"],
    "1,000,000,000 trials at each of 1,000 points",
  ],
  [[], "nothing to sweep"],
])("`sweep %j` is refused as wrong usage", (words, reason) => {
  const ended = sweep(...words, "--out", "refused");
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(reason);
  expect(fs.existsSync(path.join(folder, "refused"))).toBe(false);
});

test("a point in the middle at fault is named, and the others are written", () => {
  const values = "[none, nune, replace]";
  const typed = sweep("--over", `fleets.f.spares=${values}`, "--out", "middle");
  expect(typed.code).toBe(1);
  expect(typed.stderr).toMatch(/error\[invalid-point\]: invalid point `2` .*fleets\.f\.spares=nune/);
  expect(typed.stderr).toContain("1 error; all other points were written");
  const file = path.join(folder, "middle", "sweep.csv");
  expect(columnOf(file, "fault").map((cell) => cell.slice(0, 14))).toEqual(["", "invalid-value:", ""]);
  expect(columnOf(file, "peak_chips_energised")).toEqual(["100", "", "100"]);
  // The same from a file, and again after an interruption.
  fs.writeFileSync(
    path.join(folder, "a.middle.yaml"),
    `${uncertain}sweep: { grid: { fleets.f.spares: ${values} } }\n`,
  );
  expect(gigafleet(folder, ["sweep", "a.middle.yaml", "--out", "middle"]).code).toBe(1);
});

test("of many points at fault the screen names ten, and the table all", () => {
  const values = `[none, ${Array.from({ length: 15 }, (_, index) => `nune${index}`).join(", ")}, replace]`;
  const { code, stderr } = sweep("--over", `fleets.f.spares=${values}`, "--out", "many-faults");
  expect(code).toBe(1);
  expect(stderr.match(/error\[invalid-point\]/g)).toHaveLength(10);
  expect(stderr).toContain("5 more are named in the column `fault` of sweep.csv");
  const faults = columnOf(path.join(folder, "many-faults", "sweep.csv"), "fault");
  expect(faults.filter((cell) => cell !== "")).toHaveLength(15);
});

test.each([
  ["grid: { let.sise: [1, 2] }", "unused name `sise`"],
  ["grid: { fleets.f.spares: [none, nune] }", "nune"],
  ["grid: { fleets.f.size: 1..10000000..1 chips }", "10,000,000 points, at most 1,000,000"],
])("a section `sweep` with `%s` is a fault of the scenario", (section, reason) => {
  fs.writeFileSync(path.join(folder, "a.section.yaml"), `${uncertain}sweep: { ${section} }\n`);
  const ended = gigafleet(folder, ["sweep", "a.section.yaml", "--out", "refused"]);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain(reason);
  // What is typed beside it is not.
  expect(gigafleet(folder, ["sweep", "a.section.yaml", "--set", "yeers=1", "--out", "refused"]).code).toBe(2);
  expect(fs.existsSync(path.join(folder, "refused"))).toBe(false);
});

describe("a journal that is not as it was written", () => {
  const words = ["--over", "fleets.f.size=1..200..1 chips", "--threads", "1", "--no-report"];
  const journalOf = (out: string) => path.join(folder, out, "sweep.journal.jsonl");
  let left = { journal: "", whole: "" };

  beforeAll(() => {
    // A journal as an interruption leaves it: the result cannot be written where a folder has its name.
    const blocked = path.join(folder, "blocked", "sweep.csv");
    fs.mkdirSync(blocked, { recursive: true });
    expect(sweep(...words, "--out", "blocked").code).toBe(3);
    const journal = fs.readFileSync(journalOf("blocked"), "utf8");
    fs.rmdirSync(blocked);
    expect(sweep(...words, "--out", "blocked").code).toBe(0);
    left = { journal, whole: read("blocked", "sweep.csv") };
  });

  test.each([
    [
      "a flipped digit",
      (text: string) => text.replace(/\d(?=\]\}\n$)/, (digit) => String((Number(digit) + 1) % 10)),
    ],
    ["cells that are a number", (text: string) => damageShape(text, () => 5)],
    ["cells that are lists", (text: string) => damageShape(text, (cells) => cells.map(() => []))],
    ["a row of another width", (text: string) => damageShape(text, (cells) => [...cells, 1])],
    ["a line that is moved", (text: string) => text.replace(/^(.*\n)(.*\n)(.*\n)/, "$1$3$2")],
    ["a cut last line", (text: string) => text.slice(0, -3)],
  ])("is read up to %s, and the rest is computed again", (_, damage) => {
    expect(damage(left.journal)).not.toBe(left.journal);
    fs.mkdirSync(path.join(folder, "damaged"), { recursive: true });
    fs.writeFileSync(journalOf("damaged"), damage(left.journal));
    expect(sweep(...words, "--out", "damaged").code).toBe(0);
    expect(read("damaged", "sweep.csv")).toBe(left.whole);
  });

  test("is never written through a link", () => {
    const target = path.join(folder, "precious.txt");
    fs.writeFileSync(target, "keep");
    fs.mkdirSync(path.join(folder, "linked"));
    fs.symlinkSync(target, journalOf("linked"));
    const { code, stderr } = sweep(...words, "--out", "linked");
    expect(code).toBe(3);
    expect(stderr).toContain("is a symbolic link; remove it");
    expect(fs.readFileSync(target, "utf8")).toBe("keep");
  });
});

/** Changes the cells of the last line and gives it the hash it then ought to have. */
function damageShape(text: string, change: (cells: unknown[]) => unknown): string {
  const lines = text.trimEnd().split("\n");
  const last = lines.pop() ?? "";
  const row = JSON.parse(last.slice(last.indexOf(" ") + 1));
  const json = JSON.stringify({ ...row, cells: change(row.cells) });
  const before = lines.at(-1)?.split(" ")[0] ?? "";
  const hash = createHash("sha256").update(`${before}${json}`).digest("hex").slice(0, 32);
  return `${[...lines, `${hash} ${json}`].join("\n")}\n`;
}
