// Random scenarios that the earlier program can read: drawn by the generators of its own day, so that they never change
// while the generators of the tree learn new fields.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { BaselineError } from "./build.mjs";

/** Bundles the generators of the earlier tests into a module and loads it. */
async function loadGenerators(packageFolder) {
  const base = path.dirname(packageFolder);
  const outfile = path.join(base, "generators.mjs");
  if (!fs.existsSync(outfile)) {
    const tests = path.join(packageFolder, "tests");
    const whole = `${outfile}.${process.pid}`;
    await build({
      stdin: {
        contents: `export { default as fc } from "fast-check";
export { draftText, makeUncertain, monthAt, scenarioOf } from "./${findFile(tests, "random-scenario.ts")}";
export { makeMoneyUncertain, moneyOf, moneyText } from "./${findFile(tests, "random-contracts.ts")}";`,
        resolveDir: tests,
      },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: whole,
      logLevel: "warning",
      banner: { js: 'import{createRequire as r}from"node:module";const require=r(import.meta.url);' },
    });
    fs.renameSync(whole, outfile);
  }
  return import(pathToFileURL(outfile).href);
}

/** By name alone, since the folders of tests change from commit to commit. */
function findFile(folder, name) {
  const found = fs.readdirSync(folder, { recursive: true }).find((file) => path.basename(file) === name);
  if (!found)
    throw new BaselineError(`the tests of that commit have no ${name}, which draws random scenarios`);
  return found.split(path.sep).join("/");
}

/**
 * Gives random scenarios: of ten, four are chips, sites and fleets, four have contracts and tranches over them, two have
 * workloads too. Every second one has uncertain values. The same number gives the same text on every machine.
 *
 * @return of each its name, its text, and whether values are uncertain
 */
export async function drawInputs(packageFolder, count) {
  const { fc, ...from } = await loadGenerators(packageFolder);
  const draw = (arbitrary, index) => fc.sample(arbitrary, { seed: 20270101 + index, numRuns: 1 })[0];
  const engine = from.scenarioOf();
  const money = from.moneyOf();
  return Array.from({ length: count }, (_, index) => {
    const isUncertain = index % 2 === 1;
    const name = `random-${String(index + 1).padStart(3, "0")}`;
    const kind = Math.floor(index / 2) % 5;
    const text =
      kind < 2
        ? from.draftText(change(draw(engine, index), isUncertain && from.makeUncertain))
        : from.moneyText(change(draw(money, index), isUncertain && from.makeMoneyUncertain));
    const sections = { ...JSON.parse(text), ...PLANS };
    const whole = kind < 4 ? sections : { ...sections, ...draw(workOf(fc, from.monthAt), index) };
    return { name, text: `${withoutZeros(JSON.stringify(whole, null, 1))}\n`, isUncertain };
  });
}

/** Decimals without zeros at their end: the program of today refuses `5.000`, which is five thousand in some countries. */
const withoutZeros = (text) => text.replace(/(\d)\.0+(?!\d)/g, "$1").replace(/(\d\.\d*[1-9])0+(?!\d)/g, "$1");

const change = (draft, by) => (by ? by(draft) : draft);

/** What `optimize` may buy, in every scenario: chips that each of them has. */
const PLANS = { optimize: { chips: ["a", "b", "c"] } };

/** Two kinds of inference, sessions and a training run on a model of ten billion parameters. */
function workOf(fc, monthAt) {
  const whole = (low, high, unit) => fc.integer({ min: low, max: high }).map((value) => `${value} ${unit}`);
  const tenths = (low, high, unit = "") =>
    fc.integer({ min: 10 * low, max: 10 * high }).map((value) => `${value / 10} ${unit}`.trim());
  const common = {
    model: fc.constant("m"),
    priority: fc.integer({ min: 1, max: 5 }).map(String),
  };
  const request = {
    ...common,
    kind: fc.constant("inference"),
    requests: whole(1, 90_000, "thousand requests/day"),
    prompt: whole(100, 3000, "tokens"),
    answer: whole(50, 900, "tokens"),
    speed: whole(10, 60, "tokens/s"),
    growth: whole(0, 90, "%"),
    peak_over_mean: tenths(1, 2),
    value: tenths(1, 9, "USD/(million tokens)"),
  };
  const session = {
    ...common,
    kind: fc.constant("stateful"),
    sessions: whole(1, 900, "thousand sessions/day"),
    turns: fc.constant("5"),
    prompt: whole(50, 300, "tokens"),
    history: fc.constant("2000 tokens"),
    answer: whole(50, 400, "tokens"),
    speed: fc.constant("30 tokens/s"),
    idle: whole(10, 900, "s"),
    tier: fc.constantFrom("hbm", "host", "none"),
    tier_price: tenths(0, 1, "USD/(TB hour)"),
    reload_bandwidth: whole(20, 60, "GB/s"),
    peak_over_mean: fc.constant("1.4"),
    value: tenths(1, 9, "USD/(million tokens)"),
  };
  const training = {
    ...common,
    kind: fc.constant("training"),
    deferrable: fc.constantFrom("true", "false"),
    training_tokens: whole(10, 900, "billion tokens"),
    from: fc.integer({ min: 0, max: 4 }).map(monthAt),
    to: fc.integer({ min: 6, max: 11 }).map(monthAt),
    min_chips: whole(1, 300, "chips"),
    value: tenths(1, 4, "USD/EFLOP"),
  };
  return fc
    .record({
      chat: fc.record(request),
      agents: fc.record({ ...request, deferrable: fc.constant("true") }),
      memory: fc.record(session),
      run: fc.record(training),
    })
    .map((workloads) => ({ models: { m: MODEL }, workloads }));
}

const MODEL = {
  parameters: "10 billion",
  layers: "10",
  heads: "10",
  head_dim: "100",
  attention: "mha",
  context: "100 thousand tokens",
  weight_precision: "bf16",
  compute_precision: "bf16",
  kv_precision: "bf16",
};
