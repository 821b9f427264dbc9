import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { prepareSample, runMonteCarlo } from "../../../src/analysis/sample/montecarlo.ts";
import type { SampleSettings } from "../../../src/analysis/sample/sample-request.ts";
import { readOver, readSweepSection, type Sweep } from "../../../src/analysis/sweep/axes.ts";
import { indicesOf, setsOf } from "../../../src/analysis/sweep/points.ts";
import { type LoadWith, prepareSweep } from "../../../src/analysis/sweep/prepare-sweep.ts";
import {
  createPointRunner,
  type PointRunner,
  runSweep,
  type SweepChunk,
  type SweepRow,
} from "../../../src/analysis/sweep/run-sweep.ts";
import { makeSweepTable } from "../../../src/analysis/sweep/sweep-table.ts";
import { makeFigures } from "../../../src/analysis/tables/summary-table.ts";
import { JOURNAL_NAME, openJournal } from "../../../src/cli/sweep/sweep-journal.ts";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { load, loaded, scenarioText } from "../../scenario/load-files.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-sweep-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const text = scenarioText({
  lets: "let:\n  share: 40 %\n",
  fleets:
    "fleets:\n  first:\n    mix: { trainium4: share, gb300: rest }\n    site: east\n    size: 20 MW\n    deliver: { from: 2026-03, to: 2027-02 }\n",
});
const loadWith: LoadWith = (sets) => load(text, { sets });

function over(...texts: string[]): Sweep {
  const { sweep, diagnostics } = readOver(texts);
  if (!sweep) throw new Error(diagnostics.map(headlineOf).join("\n"));
  return sweep;
}

function faultsOver(...texts: string[]): string[] {
  return readOver(texts).diagnostics.map((one) => `${one.code}: ${headlineOf(one)}`);
}

const chunkPoints = 32;

/** All points of a sweep. */
const whole = ({ count }: Sweep) => ({ first: 0, end: count });

function pointRunner(sweep: Sweep, loader: LoadWith = loadWith, sample?: SampleSettings): PointRunner {
  const { prepared, diagnostics } = prepareSweep(sweep, loader);
  if (!prepared) throw new Error(diagnostics.map(headlineOf).join("\n"));
  return createPointRunner(prepared, loader, createThreadRunner(), sample);
}

function chunksOf(sweep: Sweep, firstPoint = 0): AsyncGenerator<SweepChunk> {
  return runSweep({ first: firstPoint, end: sweep.count }, [pointRunner(sweep)], chunkPoints);
}

async function rowsOf(sweep: Sweep, firstPoint = 0): Promise<SweepRow[]> {
  const rows: SweepRow[] = [];
  for await (const chunk of chunksOf(sweep, firstPoint)) rows.push(...chunk.rows);
  return rows;
}

test("a range goes from its start by its step to its end, in the unit that is written", () => {
  const valuesOf = (range: string) => {
    const [axis] = over(`let.share=${range}`).axes;
    return Array.from({ length: axis.count }, (_, index) => axis.valueAt(index));
  };
  expect(valuesOf("0%..20%..5%")).toEqual(["0 %", "5 %", "10 %", "15 %", "20 %"]);
  expect(valuesOf("0..1..0.1")).toHaveLength(11);
  expect(valuesOf("0..1..0.1")[3]).toBe("0.3");
  expect(valuesOf("6..0..-2 months")).toEqual(["6 months", "4 months", "2 months", "0 months"]);
  expect(valuesOf("2026-11..2027-02..1 month")).toEqual(["2026-11", "2026-12", "2027-01", "2027-02"]);
  expect(valuesOf("1..2..0.75 GW")).toEqual(["1 GW", "1.75 GW"]);
  expect(valuesOf("1 chip..3 chips..1 chips")).toEqual(["1 chip", "2 chip", "3 chip"]);
  expect(valuesOf("0 months..2 months..1 month")).toEqual(["0 months", "1 months", "2 months"]);
  expect(valuesOf("[20 %, 1/3]")).toEqual(["20 %", "1/3"]);
});

test("axes that make no sense are refused with the reason", () => {
  expect(faultsOver("let.share=5%..1%..1%")[0]).toContain("it has no points");
  expect(faultsOver("let.share=[]")[0]).toContain("it has no values");
  expect(faultsOver("let.share=0%..1%..0%")[0]).toContain("its step is 0");
  expect(faultsOver("let.share=0 MW..1 GW..1 MW")[0]).toContain("in one unit");
  expect(faultsOver("let.share=0%..10%")[0]).toContain("`from..to..step`");
  expect(faultsOver("0%..10%..1%")[0]).toContain("`path=` is missing");
  expect(faultsOver("let.share=[1, 2]", "let.share=[3]")[0]).toContain("it occurs twice");
  expect(faultsOver("let.share=0..1..0.0000001")).toEqual([
    "too-large: the sweep is out of range: 10,000,001 points, at most 1,000,000",
  ]);
  expect(faultsOver("let.a=1..10000..1", "let.b=1..10000..1")[0]).toContain("100,000,000 points");
});

test("the last axis of a grid varies fastest", () => {
  const sweep = over("let.a=[1, 2]", "let.b=[1, 2, 3]");
  expect(Array.from({ length: 6 }, (_, point) => indicesOf(sweep, point).join(""))).toEqual([
    "00",
    "01",
    "02",
    "10",
    "11",
    "12",
  ]);
});

test("a file may hold a grid, a zip or a list of points", () => {
  const read = (section: string) => readSweepSection(loaded(`${text}sweep:\n${section}`));
  expect(
    read("  grid:\n    let.share: 0 %..100 %..50 %\n    sites.east.delay: [0 months, 6 months]\n")?.sweep
      ?.count,
  ).toBe(6);
  expect(
    read("  zip: { let.share: [10 %, 20 %], sites.east.delay: [0 months, 6 months] }\n")?.sweep?.count,
  ).toBe(2);
  expect(
    read("  zip: { let.share: [10 %, 20 %], sites.east.delay: [0 months] }\n")?.diagnostics.map(headlineOf),
  ).toEqual([
    "invalid axis `sites.east.delay`: it has 1 values but `let.share` has 2; all axes of a zip need the same number of values",
  ]);
  const list = read(
    "  list: { early: { let.share: 10 %, sites.east.delay: 0 months }, late: { let.share: 10 %, sites.east.delay: 1 year } }\n",
  );
  expect(list?.sweep?.names).toEqual(["early", "late"]);
  expect(list?.sweep && setsOf(list.sweep, [1, 1])).toEqual(["let.share=10 %", "sites.east.delay=1 year"]);
  expect(
    read("  list: { early: { let.share: 10 % }, late: { sites.east.delay: 1 year } }\n")?.diagnostics,
  ).toHaveLength(1);
});

test("a path that the scenario does not have is a fault with its place", () => {
  const { prepared, diagnostics } = prepareSweep(over("sites.eats.delay=[0 months, 1 year]"), loadWith);
  expect(prepared).toBeUndefined();
  expect(diagnostics.map(({ code }) => code)).toEqual(["unknown-key"]);
});

test("points of one Plan are what each would be alone, bit for bit", async () => {
  const sweep = over(
    "let.share=[0 %, 37 %, 100 %]",
    "sites.east.pue_design=[1.2, 1.31]",
    "fleets.first.life=60..72..12 months",
    "chips.gb300.price=[29.5 thousand USD, 31 thousand USD]",
    "fleets.first.spares=[replace, none]",
  );
  const { prepared } = prepareSweep(sweep, loadWith);
  expect(prepared?.keys.map((key) => key !== undefined)).toEqual([true, true, true, true, false]);
  const rows = await rowsOf(sweep);
  expect(rows).toHaveLength(48);
  // Every fifth alone: each value of each axis is among them.
  for (const [point, row] of rows.entries()) {
    if (point % 5 !== 0) continue;
    const { scenario } = loadWith(setsOf(sweep, indicesOf(sweep, point)));
    const { results } = await runPlain(scenario ?? loaded(text), createThreadRunner());
    const alone = results ? makeFigures(results).map(({ value }) => value) : [];
    expect(row).toEqual({ cells: [point + 1, ...row.cells.slice(1, 1 + sweep.axes.length), ...alone] });
  }
});

test("a point has the figures of its contracts, and none of one that it does not have", async () => {
  const contract = (name: string) =>
    `  ${name}: { commitment: 3 million USD, start: 2026-01, term: 12 months, rates: { gb300: 2 USD/chip/hour } }\n`;
  const contracted = `${scenarioText({
    fleets:
      "fleets:\n  first:\n    chip: gb300\n    site: east\n    size: 100 chips\n    deliver: { at: 2026-03 }\n    procurement: { contract: [nov, dec] }\n",
  })}contracts:\n${contract("dec")}${contract("nov")}`;
  const loader: LoadWith = (sets) => load(contracted, { sets });
  const sweep = over(
    "fleets.first.size=[100 chips, 200 chips]",
    "fleets.first.procurement.contract=[nov, dec]",
  );
  const sample = { trials: 8, seed: "s", probabilities: [0.5] };
  const { results: specimen } = await runPlain(loaded(contracted), createThreadRunner());
  if (!specimen) throw new Error("no results");
  for (const sampled of [undefined, sample]) {
    const rows = await pointRunner(sweep, loader, sampled)(0, 4);
    const table = makeSweepTable(sweep, rows, specimen, sampled);
    const implied = table.columns.find(({ name }) => name === "nov.implied_usd_per_chip_hour");
    for (const point of [0, 1, 2, 3]) {
      const { results } = await runPlain(
        loaded(contracted, { sets: setsOf(sweep, indicesOf(sweep, point)) }),
        createThreadRunner(),
      );
      const alone = results && makeFigures(results).find(({ metric }) => metric === implied?.name);
      const value = typeof alone?.value === "number" ? alone.value : null;
      expect(implied?.values[point]).toBe(value);
      // Only at points where a fleet draws on it does it exist.
      expect(value === null).toBe(point % 2 === 1);
    }
    expect(rows.map(({ cells }) => cells.length)).toEqual(Array(4).fill(table.columns.length));
  }
});

test("a point that lacks a contract of the first leaves its cells empty, and the others in their columns", async () => {
  const named = (name: string) =>
    `contracts:\n  ${name}: { commitment: 3 million USD, start: 2026-01, term: 12 months, rates: { gb300: 2 USD/chip/hour } }\n`;
  const loader: LoadWith = (sets) =>
    load(
      `${scenarioText()}${named(sets.includes("let.which=1") ? "aaa" : "zzz")}let:\n  which: 1\nprovider: { discount_rate: which * 0.01 }\n`,
      {
        sets,
      },
    );
  // An expression, so that each point is loaded anew.
  const sweep = over("let.which=[1, 1 + 1]", "fleets.first.spares=[replace, none]");
  const rows = await pointRunner(sweep, loader)(0, 4);
  const { results: first } = await runPlain(
    loader(["let.which=1"]).scenario ?? loaded(text),
    createThreadRunner(),
  );
  if (!first) throw new Error("no results");
  const table = makeSweepTable(sweep, rows, first);
  const valuesOf = (name: string) => table.columns.find((column) => column.name === name)?.values;
  expect(valuesOf("aaa.contract_commitment_usd")).toEqual([3e6, 3e6, null, null]);
  expect(valuesOf("zzz.contract_commitment_usd")).toBeUndefined();
  // A hundred chips at each point.
  expect(valuesOf("peak_chips_energised")).toEqual([100, 100, 100, 100]);
});

test("a value that another field falls back to moves both", async () => {
  const bare = text.replace("    pue_design: 1.25\n", "");
  const bareLoad: LoadWith = (sets) => load(bare, { sets });
  const sweep = over("sites.east.pue=[1.1, 1.4]");
  for await (const { rows } of runSweep(whole(sweep), [pointRunner(sweep, bareLoad)], chunkPoints)) {
    const chips = rows.map(({ cells }) => cells[2 + makeNames().indexOf("peak_chips_energised")]);
    expect(Number(chips[0]) / Number(chips[1])).toBeCloseTo(1.4 / 1.1, 9);
  }
  function makeNames(): string[] {
    return names;
  }
});

const { results: specimen } = await runPlain(loaded(text), createThreadRunner());
const names = specimen ? makeFigures(specimen).map(({ metric }) => metric) : [];

test("a point at fault has no figures and says why, and all others stand", async () => {
  const shares = text
    .replace("trainium4: share", "trainium4: 2 * share")
    .replace("share: 40 %", "share: 10 %");
  const shareLoad: LoadWith = (sets) => load(shares, { sets });
  // The shares of one point add to more than all; the maintenance of another is a word.
  const sweep = over("let.share=[10 %, 60 %, 20 %]", "fleets.first.spares=[replace, nune, none]");
  const rows = await pointRunner(sweep, shareLoad)(0, 9);
  const faulty = rows.map(({ fault }) => fault !== undefined);
  expect(faulty).toEqual([false, true, false, true, true, true, false, true, false]);
  expect(rows[3]).toEqual({
    cells: [4, "60 %", "replace"],
    fault: expect.stringMatching(/^out-of-range: .*120 %/),
  });
  expect(rows[1].fault).toMatch(/^invalid-value: .*nune/);
  // The others are what they are in a sweep without it.
  const sound = over("let.share=[10 %, 20 %]", "fleets.first.spares=[replace, none]");
  const alone = await pointRunner(sound, shareLoad)(0, 4);
  const figures = (row: SweepRow) => row.cells.slice(3);
  expect([0, 2, 6, 8].map((point) => figures(rows[point]))).toEqual(alone.map(figures));
  const { results: first } = await runPlain(loaded(shares), createThreadRunner());
  if (!first) throw new Error("no results");
  const table = makeSweepTable(sweep, rows, first);
  const last = table.columns.at(-1);
  expect([last?.name, Array.from(last?.values ?? [], (value) => value !== null)]).toEqual(["fault", faulty]);
  expect(Array.from(table.columns[3].values, (value) => value === null)).toEqual(faulty);
  // A table without one has no such column.
  expect(makeSweepTable(sound, alone, first).columns).toHaveLength(table.columns.length - 1);
});

test("a sampled point whose draws leave their range is at fault as a whole", async () => {
  const wide = text.replace("share: 40 %", "share: 10 %").replace("    pue_design: 1.25\n", "");
  const loader: LoadWith = (sets) => load(wide, { sets });
  const sweep = over("sites.east.pue=[1.2, '1.1 - between(0.01, 0.19)', 1.3]");
  const rows = await pointRunner(sweep, loader, { trials: 64, seed: "s", probabilities: [0.5] })(0, 3);
  expect(rows.map(({ fault }) => fault?.replace(/:.*/, ""))).toEqual([undefined, "out-of-range", undefined]);
});

test("an axis over a name that nothing reads is refused with the nearest", () => {
  const { prepared, diagnostics } = prepareSweep(over("let.shares=[10 %, 20 %]"), loadWith);
  expect(prepared).toBeUndefined();
  expect(diagnostics.map((one) => `${headlineOf(one)}; ${one.expected}`)).toEqual([
    "unused name `shares`: nothing reads it, so setting `let.shares` changes nothing; `share`",
  ]);
});

test("an axis may be over a name that a scenario adds to the one it builds on", () => {
  const files = {
    "a.yaml": "extends: ./base.yaml\nlet:\n  late: 1 month\nsites: { east: { delay: late } }\n",
  };
  const loadFiles: LoadWith = (sets) => load({ ...files, "base.yaml": text }, { sets });
  const { prepared, diagnostics } = prepareSweep(over("let.late=[0 months, 2 months]"), loadFiles);
  expect(diagnostics.map(headlineOf)).toEqual([]);
  expect(prepared?.sweep.count).toBe(2);
  // One that nobody has is still refused there.
  expect(prepareSweep(over("let.lat=[0 months, 2 months]"), loadFiles).diagnostics).toHaveLength(1);
});

test("chunks come in the order of the points, whoever is done first", async () => {
  const sweep = over("let.share=0..1..0.1");
  const slow: PointRunner = async (firstPoint, count) => {
    await new Promise((resolve) => setTimeout(resolve, firstPoint === 0 ? 30 : 1));
    return Array.from({ length: count }, (_, index) => ({ cells: [firstPoint + index + 1] }));
  };
  const points: unknown[] = [];
  for await (const { rows } of runSweep(whole(sweep), [slow, slow, slow], 2))
    points.push(...rows.flatMap(({ cells }) => cells));
  expect(points).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
});

test("a sampled point has the statistics of a run with its values, bit for bit", async () => {
  const uncertain = `${text}chips:\n  gb300: { price: 20 thousand USD to 40 thousand USD }\n`;
  const loader: LoadWith = (sets) => load(uncertain, { sets });
  const sweep = over("let.share=[10 %, 80 %]", "fleets.first.spares=[replace, none]");
  const sample = { trials: 300, seed: "s", probabilities: [0.05, 0.5, 0.95] };
  const rows = await pointRunner(sweep, loader, sample)(0, 4);
  const { results: first } = await runPlain(loaded(uncertain), createThreadRunner());
  if (!first) throw new Error("no results");
  const table = makeSweepTable(sweep, rows, first, sample);
  for (const point of [0, 1, 2, 3]) {
    const scenario = loaded(uncertain, { sets: setsOf(sweep, indicesOf(sweep, point)) });
    const { results: plain } = await runPlain(scenario, createThreadRunner());
    if (!plain) throw new Error("no results");
    const prepared = prepareSample(scenario, plain, { ...sample, memory: 2 ** 30 });
    const { results } = await runMonteCarlo(prepared, plain, createThreadRunner());
    const cost = results && makeFigures(results).find(({ metric }) => metric === "cost_provider_pv_usd");
    const cellsOf = (...suffixes: string[]) =>
      suffixes.map(
        (suffix) => table.columns.find(({ name }) => name === `cost_provider_pv_usd${suffix}`)?.values[point],
      );
    const { mean, standardError, quantiles, share } = cost?.statistics ?? { quantiles: [] };
    expect(standardError).toBeGreaterThan(0);
    expect(cellsOf("", "_mean", "_se", "_p5", "_p50", "_p95", "_share")).toEqual([
      cost?.value,
      mean,
      standardError,
      ...quantiles,
      share,
    ]);
  }
});

test("a sweep that was killed goes on where it stopped and ends with the same rows", async () => {
  const sweep = over(`let.share=0..1..${1 / (chunkPoints * 2 + 40)}`);
  expect(sweep.count).toBeGreaterThan(2 * chunkPoints);
  const all = await rowsOf(sweep);
  const journal = openJournal(folder, { job: "same" });
  let chunks = 0;
  for await (const chunk of chunksOf(sweep, journal.rows.length)) {
    journal.append(chunk.firstPoint, chunk.rows);
    if (++chunks === 2) break;
  }
  // The kill came in the middle of the last line.
  const file = path.join(folder, JOURNAL_NAME);
  fs.truncateSync(file, fs.statSync(file).size - 10);
  const again = openJournal(folder, { job: "same" });
  expect(again.rows).toHaveLength(2 * chunkPoints - 1);
  const rest = await rowsOf(sweep, again.rows.length);
  expect(JSON.stringify([...again.rows, ...rest])).toBe(JSON.stringify(all));
  // Another sweep begins from the start.
  expect(openJournal(folder, { job: "other" }).rows).toHaveLength(0);
  again.remove();
  expect(fs.readdirSync(folder)).toEqual([]);
});
