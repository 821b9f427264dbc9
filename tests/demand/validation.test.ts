import fs from "node:fs";
import { expect, test } from "vitest";
import { columnOf, loadWith, resultsOf, scenarioOf } from "./demand-files.ts";

type Case = Readonly<Record<string, string>>;

/** The published points; a row holds no quotation mark, so that commas in quotes are all there is to mind. */
function readCases(): Case[] {
  const [head = "", ...lines] = fs
    .readFileSync("scenarios/validation/demand-cases.csv", "utf8")
    .trim()
    .split("\n");
  const cells = (line: string) =>
    [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map(([, plain, quoted]) => quoted ?? plain);
  const names = head.split(",");
  return lines.map((line) =>
    Object.fromEntries(names.map((name, index) => [name, cells(line)[index] ?? ""])),
  );
}

/** A plan with nothing but the case: no loss, so that what is compared is the roofline or the step's MFU. */
function planOf(cases: readonly Case[]): string {
  const chips = [...new Set(cases.map(({ chip }) => chip))];
  const nemotron = [
    "models:",
    "  nemotron_4_340b: { parameters: 340 billion, layers: 96, heads: 96, kv_heads: 8, head_dim: 192, attention: gqa,",
    "    context: 4096 tokens, weight_precision: fp8, compute_precision: fp8, kv_precision: fp8 }",
  ];
  const shapes = cases.flatMap(({ id, model, weights, compute, kv, kind }) =>
    kind === "training" ? [] : [shapeOf(`model_${id.toLowerCase()}`, model, { weights, compute, kv })],
  );
  return [
    "schema_version: 1",
    "start: 2026-01",
    "years: 1",
    "sites: { s: { power: 10 GW, pue: 1.1, pue_design: 1.2, electricity: 50 USD/MWh, facility: 10 USD/W } }",
    "defaults:",
    "  fleets: { scheduling_goodput: 100 %, recovery: 0 hours }",
    "  chips: { availability: 100 % }",
    "chips:",
    ...chips.map(
      (chip) => `  ${chip}: { availability: 100 %, interruption_rate: 0 / year${domainOf(cases, chip)} }`,
    ),
    ...nemotron,
    ...shapes,
    "fleets:",
    ...chips.map(
      (chip) => `  ${chip}: { chip: ${chip}, site: s, size: 20000 chips, deliver: { at: 2026-01 } }`,
    ),
    "workloads:",
    ...cases.map(workloadOf),
  ].join("\n");
}

/** Replicas across nodes need a domain as wide; those that give their chips are not touched by it. */
function domainOf(cases: readonly Case[], chip: string | undefined): string {
  const domains = cases
    .filter((each) => each.chip === chip && each.domain !== "")
    .map(({ domain }) => Number(domain));
  return domains.length > 0 ? `, scale_up_domain: ${Math.max(...domains)} chips` : "";
}

/** The catalog's model in the formats of the case. */
function shapeOf(
  name: string,
  model: string | undefined,
  formats: Readonly<Record<string, string | undefined>>,
): string {
  const { fields } = scenarioOf(loadWith("base.yaml", BASE));
  const own = [...fields.values()].filter(({ path }) => path.startsWith(`models.${model}.`));
  const renamed: Readonly<Record<string, string | undefined>> = {
    weight_precision: formats.weights,
    compute_precision: formats.compute,
    kv_precision: formats.kv,
  };
  const pairs = own.map(({ path, text }) => {
    const field = path.split(".").at(-1) ?? "";
    return `${field}: ${field === "title" ? '"x"' : (renamed[field] ?? text)}`;
  });
  return `  ${name}: { ${pairs.join(", ")} }`;
}

const BASE = [
  "schema_version: 1",
  "start: 2026-01",
  "years: 1",
  "sites: { s: { power: 1 GW, pue: 1.1, pue_design: 1.2, electricity: 50 USD/MWh, facility: 10 USD/W } }",
  "fleets: { f: { chip: h100, site: s, size: 8 chips, deliver: { at: 2026-01 } } }",
].join("\n");

function workloadOf({ id, kind, chip, chips, model, prompt, answer, speed, compute }: Case): string {
  const name = (id ?? "").toLowerCase();
  if (kind === "training")
    return `  ${name}: { kind: training, model: ${model}, fleets: [${chip}], training_tokens: ${prompt} tokens, precision: ${compute}, from: 2026-01, to: 2026-12, min_chips: ${chips} chips, value: 1 USD/EFLOP }`;
  return `  ${name}: { kind: inference, model: model_${name}, fleets: [${chip}], requests: 1 request/s, prompt: ${prompt} tokens, answer: ${answer} tokens, speed: ${speed} tokens/s, replica: ${chips} chips, value: 1 USD/(million tokens) }`;
}

test("published points are met with one set of utilisation figures a family", async () => {
  const cases = readCases();
  const results = await resultsOf(scenarioOf(loadWith("cases.yaml", planOf(cases))));
  const predicted = (one: Case): number => {
    const name = (one.id ?? "").toLowerCase();
    const pair = `${name}/${one.chip}/${one.chip}`;
    const of = (metric: string) => columnOf(results, "assignment", metric, pair)[0] ?? 0;
    if (one.kind === "training") {
      const flop = columnOf(results, "workload", "demand_required_units", name).reduce((x, y) => x + y, 0);
      return flop / (of("rate_units_per_chip_hour") * Number(one.chips) * 24);
    }
    if (one.kind === "decode") return of("decode_tokens_per_second_per_chip");
    if (one.kind === "prefill")
      return (1000 * Number(one.prompt)) / (of("prefill_chip_ms_per_token") * Number(one.answer));
    return of("rate_units_per_chip_hour") / 3600;
  };
  const ratios = cases.map((one) => ({ one, ratio: predicted(one) / Number(one.measured) }));
  const counted = ratios.filter(({ one }) => one.calibration === "no");
  const within = (factor: number) =>
    counted.filter(({ ratio }) => ratio <= factor && ratio >= 1 / factor).length;
  const log = counted.map(({ ratio }) => Math.abs(Math.log(ratio))).sort((x, y) => x - y);
  console.log(
    [
      ...ratios.map(
        ({ one, ratio }) =>
          `${one.id} ${one.kind} ${one.model} on ${one.chips} ${one.chip} ${one.prompt}/${one.answer}: ${one.measured} ${one.unit}, predicted / published ${ratio.toFixed(2)}${one.calibration === "yes" ? " (calibration, not counted)" : ""}`,
      ),
      `counted ${counted.length}: within 1.25 ${within(1.25)}, within 1.5 ${within(1.5)}, within 2 ${within(2)}; median factor ${Math.exp(log[Math.floor(log.length / 2)] ?? 0).toFixed(2)}`,
    ].join("\n"),
  );
  for (const { one, ratio } of ratios) expect(Number.isFinite(ratio) && ratio > 0, one.id).toBe(true);
  expect(counted.length).toBeGreaterThanOrEqual(8);
  // A roofline with one set of figures a family: nine of ten published points within a factor of two.
  expect(within(2) / counted.length).toBeGreaterThan(0.85);
  expect(within(1.5) / counted.length).toBeGreaterThan(0.65);
});
