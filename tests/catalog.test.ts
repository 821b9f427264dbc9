/** The catalog: every figure with unit, source, date and quality, and within what physics and markets allow. */

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { MOST_PER_WATT } from "../src/scenario/check/warn-of-chips.ts";
import { evaluatePlain } from "../src/scenario/language/evaluate.ts";
import { loadScenario } from "../src/scenario/load.ts";
import { loadCatalog } from "../src/scenario/load-catalog.ts";
import type { FieldValue } from "../src/scenario/scenario.ts";
import { toCanonical } from "../src/units/dimension.ts";
import { faultsOf } from "./scenario/load-files.ts";

const folder = fileURLToPath(new URL("../scenarios/catalog", import.meta.url));
const files = fs.readdirSync(folder).sort();
const read = (file: string) =>
  fs.existsSync(path.join(folder, file)) ? fs.readFileSync(path.join(folder, file), "utf8") : undefined;
const { chips, fields, defaults, diagnostics } = loadCatalog({ catalog: files, read });

/** A scenario that mentions every chip, for the names that figures read. */
const { scenario } = loadScenario({
  path: "all",
  catalog: files,
  read: (file) =>
    file === "all" ? `schema_version: 1\nstart: 2026-01\ndescription: ${chips.join(" ")}\n` : read(file),
});
const lets = scenario?.lets ?? [];
const definitions = new Map(
  lets.flatMap(({ path: at, expr }) => (expr ? [[at.slice("let.".length), expr]] : [])),
);

/** Figures that the files themselves write, each once; what a stack is by definition has no source. */
const leaves = [
  ...[...fields.values()].filter(
    ({ origin, path: at }) => origin.layer === "catalog" && origin.declaredAt === at,
  ),
  ...defaults.values(),
  ...lets,
].filter(
  ({ spec, path: at }) =>
    spec.kind !== "text" && !/^stacks\.\w+\.(points|default_for|mode|attention)$/.test(at),
);

/** Value of a chip's field at medians in canonical units, a price in its first month; nothing where it has none. */
function median(chip: string, name: string): number | undefined {
  const value = fields.get(`chips.${chip}.${name}`);
  if (!value?.expr) return undefined;
  const plain = (one: FieldValue, month: number) =>
    one.expr
      ? evaluatePlain(one.expr, { month, startMonth: month, lets: definitions, inflation: 0.025 })
      : Number.NaN;
  const from = fields.get(`chips.${chip}.available_from`);
  const start = from ? plain(from, 2026 * 12) : 2026 * 12;
  const si = plain(value, start);
  return value.expr.isDate ? si : toCanonical(si, value.expr.vector, value.dimension ?? "number");
}

function expectWithin(value: number, low: number, high: number, what: string): void {
  expect(value, `${what} is ${value}, not ${low} to ${high}`).toBeGreaterThanOrEqual(low);
  expect(value, `${what} is ${value}, not ${low} to ${high}`).toBeLessThanOrEqual(high);
}

test("loads without fault and has the chips of the reference scenario", () => {
  expect(faultsOf({ diagnostics }, true)).toEqual([]);
  expect(chips).toEqual(expect.arrayContaining(["gb200", "gb300", "h100", "h200", "trainium3", "trainium4"]));
  expect(leaves.length).toBeGreaterThan(150);
});

describe("every figure", () => {
  test.each(leaves.map((leaf) => [leaf.path, leaf] as const))(
    "%s",
    (_path, { spec, text, expr, choice, curve, dimension, origin }) => {
      expect(expr ?? choice ?? curve, "a value").toBeDefined();
      if (spec.kind === "quantity") {
        expect(dimension, "a dimension").toBeDefined();
        const isPlain = spec.dimensions?.some((name) => name === "number");
        // A unit or a per cent sign stands behind a number; what is made of names has theirs.
        const isMade = [...definitions.keys()].some((name) => text.includes(name));
        if (!isPlain && !isMade) expect(text).toMatch(/\d\s*(%|[A-Za-z(/])/);
      }
      const { source = "", url, asOf = "", quality, note = "" } = origin;
      expect(source.trim(), "source").not.toBe("");
      expect(asOf, "date").toMatch(/^20[12]\d-(0[1-9]|1[0-2])(-\d\d)?$/);
      expect(quality, "quality").toMatch(/^(official|reported|estimate|derived|assumed)$/);
      if (quality !== "assumed" && quality !== "derived") expect(url, "url").toMatch(/^https?:\/\/\S+\.\S+/);
      else expect(note.trim().length, "the reasoning").toBeGreaterThan(10);
      // A tag of our research notes, such as [R] for "read in the repository", is no part of a source.
      for (const words of [source, note]) expect(words).not.toMatch(/^\s*\[[A-Z]{1,2}\]/);
    },
  );
});

describe.each(chips)("%s", (chip) => {
  const of = (name: string): number => median(chip, name) ?? Number.NaN;
  const rates = ["bf16", "fp8", "fp4"].flatMap((name) => {
    const rate = median(chip, name);
    return rate === undefined ? [] : [{ name, rate }];
  });

  test("is not slower in a narrower format", () => {
    const found = rates.map(({ rate }) => rate);
    expect(found).toEqual([...found].sort((one, other) => one - other));
    expect(rates[0]?.name).toBe("bf16");
  });

  test("makes no more than ten times the best known of a watt, and no less than a fortieth", () => {
    // Best published of a package: GB200 in BF16 and FP8 (2.5 and 5 PFLOP/s at 1.2 kW), GB300 in FP4 (15 at 1.4 kW).
    const best: Record<string, number> = { bf16: 2.5e15 / 1200, fp8: 5e15 / 1200, fp4: 15e15 / 1400 };
    for (const { name, rate } of rates)
      expectWithin(rate / of("it_power"), best[name] / 40, best[name] * 10, `${name} per watt`);
  });

  test("reads its memory once in 5 to 100 ms", () => {
    // H100: 80 GB at 3.35 TB/s in 24 ms; A100 39 ms, HBM4 parts about 15 ms.
    expectWithin((1000 * of("hbm")) / of("hbm_bandwidth"), 5, 100, "memory over bandwidth [ms]");
  });

  test("computes 50 to 2,000 BF16 FLOP for a byte it reads", () => {
    // H100: 295; A100: 153.
    expectWithin(of("bf16") / of("hbm_bandwidth"), 50, 2000, "FLOP per byte");
  });

  test("takes more power with host and network than the package alone, but not three times as much", () => {
    const chipPower = median(chip, "chip_power");
    if (chipPower !== undefined)
      expectWithin(of("it_power") / chipPower, 1, 3, "IT power over the package's");
    expectWithin(of("it_power"), 100, 10_000, "IT power [W]");
  });

  test("costs what accelerators cost", () => {
    // A100: 63 thousand USD for a PFLOP/s in BF16; Trainium2: 9 thousand.
    expectWithin(of("price") / (of("bf16") / 1e15), 2000, 200_000, "USD for a PFLOP/s in BF16");
    expectWithin(of("network") / of("price"), 0.01, 1, "network over price");
  });

  test("has shares that are shares, and a date in our time", () => {
    for (const name of ["availability", "mfu.training.fp8", "mfu.training.bf16"])
      expectWithin(of(name), 0.01, 1, name);
    for (const use of ["training", "inference"])
      for (const { name } of rates) expectWithin(of(`mfu.${use}.${name}`), 0.001, 0.75, `mfu.${use}.${name}`);
    expectWithin(of("available_from"), 2018 * 12, 2035 * 12, "availability [month]");
  });
});

test.each(["bf16", "fp8", "fp4"] as const)(
  "the bound for %s of a watt in scenarios is ten times the best chip",
  (name) => {
    const best = Math.max(
      ...chips.map((chip) => (median(chip, name) ?? 0) / (median(chip, "it_power") ?? Number.NaN)),
    );
    expectWithin(MOST_PER_WATT[name] / best, 9, 11, `${name}: bound over best`);
  },
);

test("an interval is no wider than its ends make sense: tenfold", () => {
  for (const { path: at, expr } of leaves) {
    if (expr?.kind !== "distribution" || expr.family !== "interval" || expr.isDate) continue;
    const [low, high] = expr.parameters.map((one) => (one.kind === "number" ? one.value : Number.NaN));
    if (low > 0) expectWithin(high / low, 1, 10, at);
  }
});

describe("chips without a measurement of serving", () => {
  const shares = ["prefill", "compute", "sparse", "bandwidth"] as const;
  /** How a chip's share comes about: its own figure, or the named value that stands for its family. */
  const qualityOf = (chip: string, share: string) => {
    const value = fields.get(`chips.${chip}.serving.${share}`);
    const name = value?.expr?.kind === "name" ? value.expr.name : undefined;
    return (lets.find(({ path: at }) => at === `let.${name}`) ?? value)?.origin.quality;
  };

  test.each(shares)("reach no more of their %s than the best measured chip of today", (share) => {
    const best = median("gb200", `serving.${share}`) ?? 0;
    const assumed = chips.filter((chip) => qualityOf(chip, share) === "assumed");
    expect(assumed).toContain("tpu_v7");
    for (const chip of assumed)
      expect(median(chip, `serving.${share}`), `chips.${chip}.serving.${share}`).toBeLessThanOrEqual(best);
  });
});
