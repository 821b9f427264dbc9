import fs from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { type Backtest, type Reading, runBacktest } from "../../src/analysis/backtest/backtest.ts";
import { isIndependent, type WorkCase } from "../../src/analysis/backtest/case.ts";
import { readCases } from "../../src/analysis/backtest/read-cases.ts";
import { WORK_COLUMNS } from "../../src/analysis/backtest/read-work.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { faultsOf } from "../scenario/load-files.ts";
import { catalogFiles, packed } from "../scenario/shipped-catalog.ts";

const file = "scenarios/validation/demand-cases.csv";
const read = (path: string) => (fs.existsSync(path) ? fs.readFileSync(path, "utf8") : undefined);

let backtest: Backtest;
beforeAll(async () => {
  backtest = await runBacktest({ files: [file], catalog: catalogFiles, packed, read }, createThreadRunner());
}, 240_000);

function reading(id: string): Reading {
  const found = backtest.readings.find(({ of }) => of.id === id);
  if (!found) throw new Error(`no reading of ${id}`);
  return found;
}

const median = (low: number, high: number) => Math.sqrt(low * high);

test("points that a stack is calibrated on are rows of a file of cases, and do not count", () => {
  const more = "scenarios/validation/serving-points.csv";
  const { cases, diagnostics } = readCases(read(more) ?? "", more);
  expect(diagnostics).toEqual([]);
  const all = new Map([...backtest.readings.map(({ of }) => of), ...cases].map((of) => [of.id, of]));
  const points = [
    ...(read("scenarios/catalog/stacks.yaml") ?? "").matchAll(/\b(?:M\d{2}|IX-[\w-]+)(?=[,\]\n])/g),
  ];
  expect(points).toHaveLength(31);
  for (const [id] of points) expect(all.get(id)?.feeds, id).toMatch(/^(chips\.serving and )?stacks\.\w+/);
});

test("all points are predicted, none is without place or reason", () => {
  expect(faultsOf(backtest)).toEqual([]);
  expect(backtest.readings).toHaveLength(76);
  expect(backtest.summaries.demand).toMatchObject({ points: 76, independentPoints: 50 });
  expect(backtest.summaries.deployments.points).toBe(0);
  for (const { of, predicted, p5, p95, ratio, isInside } of backtest.readings) {
    expect(Number.isFinite(ratio) && ratio > 0, of.id).toBe(true);
    expect(p5 * (1 - 1e-9) <= predicted && predicted <= p95 * (1 + 1e-9), of.id).toBe(true);
    expect(isInside, of.id).toBe(p5 <= of.published && of.published <= p95);
    if (!isInside) expect(of.remark, of.id).not.toBe("");
    expect(of.url, of.id).toMatch(/^https:\/\//);
  }
});

test("calibration rows are those of 1,000 in and 1,000 out, or 5,000 in and 500 out, and do not count", () => {
  for (const { of } of backtest.readings) {
    if (of.subject !== "demand" || !of.url.includes("TensorRT-LLM")) continue;
    const request = `${of.promptTokens}/${of.answerTokens}`;
    expect(isIndependent(of), of.id).toBe(!["1000/1000", "5000/500"].includes(request));
  }
});

test("a family's chips have one set of figures, whatever the row", () => {
  // Without a column for them no row can have its own; what a row may set is what its source says.
  expect(WORK_COLUMNS.filter((name) => /compute_share|bandwidth|mfu|exchange/.test(name))).toEqual([]);
});

test("days of training are FLOP over chips, peak, utilisation and what starts and interruptions take, by hand", () => {
  // Llama 3.1 405B: 6 N tokens on 16,384 H100 of 989.4 TFLOP/s in BF16; an interruption stops the whole job.
  const flop = 6 * 405e9 * 15.6e12;
  const goodput = 1 / (1 + 16384 * (median(8.7, 17) / 100 / 8766) * median(0.1, 0.34));
  const { predicted } = reading("M66");
  const days = (mfu: number) => flop / (16384 * 989.4e12 * mfu * goodput * (1 - 0.12)) / 86400;
  expect(predicted).toBeGreaterThan(days(0.47));
  expect(predicted).toBeLessThan(days(0.36));
  expect(predicted / days(median(0.36, 0.47))).toBeCloseTo(1, 2);
});

test("prefill is arithmetic or exchange, whichever is longer, and a quarter of the shorter, by hand", () => {
  // DeepSeek-V3 on 32 H100, 2,000 tokens: 37 B active, those in routed experts (634 / (1 - 8/256) x 8/256 B) 1.24 times; 61 layers,
  // 128 heads of 160 (mean of keys and values). Shares: prefill 0.608, of it for experts 0.502, of 1,979 TFLOP/s; attention in BF16.
  const [prefill, sparse] = [median(0.48, 0.77), median(0.36, 0.7)];
  const imbalance = median(1.1, 1.4);
  const routed = ((671e9 - 37e9) / (1 - 8 / 256)) * (8 / 256);
  const products = (2 * (37e9 + (imbalance - 1) * routed)) / (prefill * sparse * 1979e12);
  const attention = (4 * 128 * 160 * 61 * 1000) / (prefill * 989.4e12);
  // Four servers: 3 (1 - (3/4)^8) of the other ones, 3 bytes for each of 7,168 values, 50 GB/s at 0.69.
  const link = median(0.6, 0.8);
  const exchange = (3 * imbalance * 61 * 7168 * 3 * (1 - 0.75 ** 8)) / (link * 50e9);
  const [long, short] = [Math.max(products + attention, exchange), Math.min(products + attention, exchange)];
  // The cache is sent too: 576 values of 2 bytes in 61 layers a token, 450 GB/s at 0.69.
  const sending = (576 * 2 * 61) / (link * 450e9);
  expect(reading("M56").predicted * (long + 0.25 * short + sending)).toBeCloseTo(1, 2);
});

test("published points are met with one set of utilisation figures a family", () => {
  const counted = backtest.readings.filter(({ of }) => isIndependent(of));
  const within = (factor: number) =>
    counted.filter(({ ratio }) => ratio <= factor && ratio >= 1 / factor).length / counted.length;
  // One set of figures a family: all published points within a factor of 1.7, nine of ten within 1.3.
  expect(within(1.7)).toBe(1);
  expect(within(1.3)).toBeGreaterThan(0.85);
  const errors = counted.map(({ ratio }) => Math.abs(ratio - 1));
  expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.15);
  expect(counted.filter(({ isInside }) => isInside).length / counted.length).toBeGreaterThan(0.8);
});

const good: Readonly<Record<string, string>> = {
  id: "X1",
  case: "A model on chips",
  template: "published-serving.yaml",
  kind: "service",
  chips: "8 h100",
  model: "deepseek_v3",
  prompt: "1000",
  answer: "500",
  speed: "10",
  published: "100",
  unit: "tokens/s/chip",
  independent: "yes",
  url: "https://example.org",
  date: "2026-03",
};
const textOf = (changes: Readonly<Record<string, string>>) =>
  `${WORK_COLUMNS.join(",")}\n${WORK_COLUMNS.map((name) => ({ ...good, ...changes })[name] ?? "").join(",")}\n`;

test.each([
  [{ kind: "servce" }, "kind: write one of service, decode, prefill, training"],
  [{ unit: "tokens/s" }, "unit: a prediction of service is in tokens/s/chip"],
  [{ chips: "h100" }, "chips: write one chip with its number, such as 8 h100"],
  [{ chips: "8 h100 + 8 h200" }, "chips: write one chip with its number"],
  [{ prompt: "0" }, "prompt: `0` is not a positive number"],
  [{ answer: "" }, "answer: `` is not a positive number"],
  [{ speed: "-1" }, "speed: `-1` is not a positive number"],
  [{ published: "NaN" }, "published: `NaN` is not a positive number"],
  [{ weights: "int8" }, "weights: write fp4, fp8 or bf16, or leave it empty"],
  [{ training_tokens: "1e12" }, "training_tokens: serving has none"],
  [{ kind: "training", unit: "days" }, "prompt: a training run has none"],
  [{ independent: "no" }, "feeds: fill it if the point is not independent, and only then"],
  [{ model: "" }, "model: the cell is empty"],
])("%j is refused at its cell", (changes, reason) => {
  const found = faultsOf(readCases(textOf(changes), "x.csv"));
  expect(found.join("\n")).toContain(reason);
  expect(found[0]).toMatch(/^x\.csv:2:\d+\+\d+ invalid-csv /);
});

test("a sound row is read, an unknown model or chip is a fault of what the row sets, and ids are one a run", async () => {
  const read1 = readCases(textOf({ domain: "16" }), "x.csv");
  expect(faultsOf(read1)).toEqual([]);
  expect(read1.cases[0]).toMatchObject({
    predict: "service",
    low: 100,
    high: 100,
  } satisfies Partial<WorkCase>);
  const faults = async (changes: Readonly<Record<string, string>>, more: readonly string[] = []) => {
    const own = "scenarios/validation/x.csv";
    const files = [own, ...more];
    const reader = (path: string) => (path === own ? textOf(changes) : read(path));
    return faultsOf(
      await runBacktest({ files, catalog: catalogFiles, packed, read: reader }, createThreadRunner()),
    ).join("\n");
  };
  expect(await faults({ chips: "8 h1000" })).toContain("unknown-chip");
  expect(await faults({ model: "deepseek_v4" })).toContain("deepseek_v4");
  expect(await faults({ prompt: "900000" })).toContain("the model's context holds 163.8 thousand tokens");
  expect(await faults({}, ["scenarios/validation/x.csv"])).toContain("a second case `X1`");
});
