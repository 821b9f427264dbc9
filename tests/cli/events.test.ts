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
const run = (...words: readonly string[]) => gigafleet(folder, ["run", "a.yaml", ...words]);
const sampled = run("--trials", "1000", "--out", "sampled", "--draws", "trials.csv");
const wordsOf = (stdout: string) => stdout.replace(/\s+/g, " ");

test("the screen tells each event with its chance by year and its first month", () => {
  const { code, stdout } = sampled;
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
  const { stdout } = run("--trials", "0", "--out", "plain", "--no-report");
  const screen = wordsOf(stdout);
  expect(screen).toContain("Event all_on: first true in 2027-05 at medians");
  expect(screen).toContain("Event dear: never true at medians");
});

test("compare tells each event for every scenario, on the screen, in events.csv and in the report", () => {
  // Dearer by half: above 25 thousand when the draw is above 16.7 of 10 to 30, two thirds of trials.
  const dearer = scenario
    .replaceAll("chip_landed_cost >", "chip_landed_cost * 1.5 >")
    .replace("half_stranded", "other");
  fs.writeFileSync(path.join(folder, "b.yaml"), dearer);
  const words = ["compare", "a.yaml", "b.yaml", "--trials", "1000", "--out", "compared"];
  const { code, stdout } = gigafleet(folder, words);
  expect(code).toBe(0);
  const screen = wordsOf(stdout);
  expect(screen).toMatch(
    /Event dear: share of trials in which it has been true by the end of each year, then quantiles of its first month; later: after the horizon scenario by 2027 P5 P50 P95 A \d+ % 2027-03 later later B 6\d % 2027-03 2027-03 later/,
  );
  // An event that only one states is told of that one.
  expect(screen).toMatch(/Event other: .*? A - - - - B 0 % later later later/);
  const file = path.join(folder, "compared", "events.csv");
  const shares = columnOf(file, "probability_by").map(Number);
  const rows = columnOf(file, "event").map((event, row) => `${columnOf(file, "scenario")[row]} ${event}`);
  expect(rows).toEqual(["a all_on", "a dear", "a half_stranded", "b all_on", "b dear", "b other"]);
  expect(Math.abs(shares[1] - 1 / 4)).toBeLessThan(0.04);
  expect(Math.abs(shares[4] - 2 / 3)).toBeLessThan(0.05);
  expect(columnOf(file, "first_month_p50")).toEqual(["2027-05", "", "", "2027-05", "2027-03", ""]);
  const report = fs.readFileSync(path.join(folder, "compared", "report.html"), "utf8");
  expect(report).toContain("<summary>Event dear</summary>");
});

test("sweep tells each event at every point, sampled or at medians", () => {
  const sweep = (...words: readonly string[]) =>
    gigafleet(folder, [
      ...["sweep", "a.yaml", "--over", "fleets.f.size=[100 chips, 200 chips]", "--out", "swept", ...words],
    ]);
  const plain = sweep("--no-report");
  expect(wordsOf(plain.stdout)).toContain(
    "Event dear: first month in which it is true, at medians point first month 100 chips never 200 chips 2027-03",
  );
  const drawn = sweep("--trials", "500");
  // 200 chips cost more than 2.5 million USD above 12.5 of 10 to 30 thousand: seven eighths of trials.
  expect(wordsOf(drawn.stdout)).toMatch(
    /Event dear: .*? point by 2027 P5 P50 P95 100 chips 2\d % 2027-03 later later 200 chips 8\d % 2027-03 2027-03 later/,
  );
  const file = path.join(folder, "swept", "sweep.csv");
  const [one, two] = columnOf(file, "event_dear_by_2027").map(Number);
  expect([Math.abs(one - 1 / 4) < 0.05, Math.abs(two - 7 / 8) < 0.05]).toEqual([true, true]);
  expect(columnOf(file, "event_dear_first_month")).toEqual(["none", "2027-03"]);
  expect(fs.readFileSync(path.join(folder, "swept", "report.html"), "utf8")).toContain("Event dear");
});

test("the report of a run has a line an event", () => {
  const report = fs.readFileSync(path.join(folder, "sampled", "report.html"), "utf8");
  const [section] = /<section id="events">.*?<\/section>/s.exec(report) ?? [""];
  expect(section.match(/<tr/g)).toHaveLength(4);
  expect(section).toMatch(/all_on.*?100\u202f%.*?2027-05/s);
});

test("sensitivity explains an event, and a figure of a month or year, in units people read", () => {
  const explain = (...words: readonly string[]) =>
    gigafleet(folder, ["sensitivity", "a.yaml", "--no-report", "--trials", "256", "--out", "why", ...words]);
  const dear = explain("--event", "dear");
  expect(dear.code).toBe(0);
  expect(wordsOf(dear.stdout)).toMatch(
    /what the event dear at any time from 2027-01 to 2027-12 depends on Price of Tiny, a value without a stated quality, accounts for 100 % \(\d+ % to 100 %\) of the variance of the event dear at any time from 2027-01 to 2027-12, .* At medians 0\.0, mean 2\d\.\d+ %, standard deviation 4\d\.\d+ points; [\d,]+ trials/,
  );
  const capex = explain("--metric", "provider_capex_usd", "--month", "2027-03");
  expect(wordsOf(capex.stdout)).toMatch(
    /what provider_capex_usd in 2027-03 depends on .*\. With this input at its P10 the figure is .* At medians 2\.000, mean \d\.\d+, standard deviation 0\.\d+ M USD/,
  );
  const table = fs.readFileSync(path.join(folder, "why", "sensitivity.csv"), "utf8");
  expect(table).toContain(",provider_capex_usd,in 2027-03,USD\n");
  const refused = explain("--metric", "provider_capex_usd", "--year", "2031");
  expect([refused.code, refused.stdout]).toEqual([2, ""]);
  expect(refused.stderr).toContain("`2031` is outside the horizon, 2027-01 to 2027-12");
});
