import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { columnOf, gigafleet, makeFolder, smallScenario } from "./gigafleet.ts";

const folder = makeFolder();
// A hundred chips land in March for 10 to 30 thousand USD each.
const scenario = `${smallScenario.replace("price: 10 thousand USD", "price: uniform(10 thousand USD, 30 thousand USD)")}events:
  dear: total.chip_landed_cost > 2.5 million USD
  half_stranded: total.chips_stranded >= 50 chips
  all_on: total.chips_energised >= 100 chips
`;
fs.writeFileSync(path.join(folder, "a.yaml"), scenario);
const run = (...words: readonly string[]) => gigafleet(folder, ["run", "a.yaml", "--no-report", ...words]);
const wordsOf = (stdout: string) => stdout.replace(/\s+/g, " ");

test("the screen tells each event with its chance by year and its first month", () => {
  const { code, stdout } = run("--trials", "1000", "--out", "sampled", "--draws", "trials.csv");
  expect(code).toBe(0);
  const screen = wordsOf(stdout);
  expect(screen).toContain(
    "Event half_stranded: true in 0 % of trials by the end of 2027; first month P5 after the horizon, P50 after the horizon, P95 after the horizon",
  );
  expect(screen).toContain(
    "Event all_on: true in 100 % of trials by the end of 2027; first month P5 2027-05, P50 2027-05, P95 2027-05",
  );
  const [, share] = /Event dear: true in ([\d.]+) % of trials/.exec(screen) ?? [];
  // A price above 25 thousand: a quarter of trials.
  expect(Math.abs(Number(share) - 25)).toBeLessThan(4);
});

test("trials.csv has the first month of each event in each trial", () => {
  run("--trials", "1000", "--out", "sampled", "--draws", "trials.csv");
  const file = path.join(folder, "sampled", "trials.csv");
  const prices = columnOf(file, "chips.tiny.price").map(Number);
  const first = columnOf(file, "event_dear_first_month");
  expect(first).toHaveLength(1000);
  expect(first).toEqual(prices.map((price) => (price > 25e3 ? "2027-03" : "")));
  expect(new Set(columnOf(file, "event_all_on_first_month"))).toEqual(new Set(["2027-05"]));
  expect(new Set(columnOf(file, "event_half_stranded_first_month"))).toEqual(new Set([""]));
  const share = first.filter((month) => month !== "").length / 1000;
  const events = path.join(folder, "sampled", "events.csv");
  const rows = columnOf(events, "event").map((event, row) => [event, row] as const);
  const last = rows.filter(([event]) => event === "dear").at(-1)?.[1] ?? 0;
  expect(Number(columnOf(events, "probability_by")[last])).toBeCloseTo(share, 12);
});

test("without a sample an event is told at medians", () => {
  const { stdout } = run("--trials", "0", "--out", "plain");
  const screen = wordsOf(stdout);
  expect(screen).toContain("Event all_on: first true in 2027-05 at medians");
  expect(screen).toContain("Event dear: never true at medians");
});

test("sensitivity explains an event, and a figure of a month or year, in units people read", () => {
  const explain = (...words: readonly string[]) =>
    gigafleet(folder, ["sensitivity", "a.yaml", "--no-report", "--trials", "256", "--out", "why", ...words]);
  const dear = explain("--event", "dear");
  expect(dear.code).toBe(0);
  expect(wordsOf(dear.stdout)).toMatch(
    /what the event dear at any time from 2027-01 to 2027-12 depends on At medians 0\.0, mean 2\d\.\d+ %, standard deviation 4\d\.\d+ points; [\d,]+ trials/,
  );
  const capex = explain("--metric", "provider_capex_usd", "--month", "2027-03");
  expect(wordsOf(capex.stdout)).toMatch(
    /what provider_capex_usd in 2027-03 depends on At medians 2\.000, mean \d\.\d+, standard deviation 0\.\d+ M USD/,
  );
  const table = fs.readFileSync(path.join(folder, "why", "sensitivity.csv"), "utf8");
  expect(table).toContain(",provider_capex_usd,in 2027-03,USD\n");
  const refused = explain("--metric", "provider_capex_usd", "--year", "2031");
  expect([refused.code, refused.stdout]).toEqual([2, ""]);
  expect(refused.stderr).toContain("`2031` is outside the horizon, 2027-01 to 2027-12");
});
