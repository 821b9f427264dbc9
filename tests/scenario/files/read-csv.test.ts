import { expect, test } from "vitest";
import { faultsOf, load, loaded, scenarioText } from "../load-files.ts";

const SITES = `sites:
  east:
    power: { csv: ./tables/power.csv, column: power_gw, unit: GW }
    pue: 1.15
    pue_design: 1.25
    electricity: 58 USD/MWh
    facility: 12 USD/W
`;

function files(csv: string, sites = SITES): Record<string, string> {
  return { "x/a.yaml": scenarioText({ sites }), "x/tables/power.csv": csv };
}

function faults(csv: string, sites = SITES): string[] {
  return faultsOf(load(files(csv, sites), { path: "x/a.yaml" }));
}

test("a column of a CSV is the same as the table written out", () => {
  const csv =
    '\ufeffmonth,note,power_gw\r\n2027-01,late,1.4\r\n2026-01,"first, ""small""",0.6\r\n2026-06,,\r\n';
  const fromCsv = loaded(files(csv), { path: "x/a.yaml" }).fields.get("sites.east.power")?.expr;
  const written = loaded(
    scenarioText({ sites: SITES.replace(/\{ csv.*\}/, "{ 2026-01: 0.6 GW, 2027-01: 1.4 GW }") }),
  ).fields.get("sites.east.power")?.expr;
  const numbers = (expr: typeof fromCsv) =>
    expr?.kind === "table"
      ? expr.points.map(({ month, value }) => [month, value.kind === "number" && value.value])
      : [];
  expect(numbers(fromCsv)).toEqual([
    [2026 * 12, 0.6e9],
    [2027 * 12, 1.4e9],
  ]);
  expect(numbers(fromCsv)).toEqual(numbers(written));
});

test.each([
  ["semicolons and decimal commas", 'month;note;power_gw\r\n2026-01;"a;b";0,6\r\n2027-01-31;;1,4\r\n'],
  ["tabs", "month\tnote\tpower_gw\n2026-01\tx\t0,6\n2027-Q1\t\t1,4\n"],
  ["semicolons and points", '\ufeff"month";note;power_gw\n2026-01;x;0.6\n2027-01;;1.4\n'],
  // A comma that can only be decimal shows how the others are meant.
  ["a comma before three digits", "month;note;power_gw\n2026-01;x;0,6\n2027-01;x;1,400\n"],
])("a file with %s is the same table", (_, csv) => {
  const result = load(files(csv), { path: "x/a.yaml" });
  const expr = result.scenario?.fields.get("sites.east.power")?.expr;
  const points =
    expr?.kind === "table"
      ? expr.points.map(({ month, value }) => [month, value.kind === "number" && value.value])
      : [];
  expect(points).toEqual([
    [2026 * 12, 0.6e9],
    [2027 * 12, 1.4e9],
  ]);
  const hasComma = csv.includes("0,6");
  expect(result.diagnostics.map(({ code }) => code)).toEqual(hasComma ? ["decimal-comma"] : []);
});

test("a value out of range points into the CSV", () => {
  expect(faults("month,power_gw\n2026-01,1\n2027-01,2000\n")).toEqual([
    "x/tables/power.csv:3:9+4 out-of-range `sites.east.power` is out of range: needs a power between 0 W and 1 TW, got 2 TW in 2027-01",
  ]);
});

test.each([
  ["", "x/a.yaml:5:12+55 invalid-csv invalid CSV in `x/tables/power.csv`: it is empty"],
  ["month,power_gw\n", "x/a.yaml:5:12+55 invalid-csv invalid CSV in `x/tables/power.csv`: it has no rows"],
  [
    "date,power_gw\n2026-01,1\n",
    "x/tables/power.csv:1:1+4 invalid-csv invalid CSV in `x/tables/power.csv`: the heading of the first column is not `month`",
  ],
  [
    "month;power_gw\n2026-01;1,5\n2026-02;1.5\n",
    "x/tables/power.csv:3:9+3 invalid-csv invalid CSV in `x/tables/power.csv`: `1.5` has a point and `1,5` a comma; use one decimal sign in the column",
  ],
  [
    "month;power_gw\n2026-01;1,250\n",
    "x/tables/power.csv:2:9+5 invalid-csv invalid CSV in `x/tables/power.csv`: `1,250` may be 1.25 or 1250; write it without a comma or with other decimals",
  ],
  [
    "month;power_gw\n2026-01;1.250\n2026-02;900\n",
    "x/tables/power.csv:2:9+5 invalid-csv invalid CSV in `x/tables/power.csv`: `1.250` may be 1.25 or 1250; write it without a point or with other decimals",
  ],
  [
    "month\tpower_gw\n2026-01\t1.251\n",
    "x/tables/power.csv:2:9+5 invalid-csv invalid CSV in `x/tables/power.csv`: `1.251` may be 1.251 or 1251; write it without a point or with other decimals",
  ],
  [
    "month;power_gw\n2026-01;1;2\n",
    "x/tables/power.csv:2:1+7 invalid-csv invalid CSV in `x/tables/power.csv`: the row has 3 cells, the heading 2",
  ],
  [
    "month,power_gw\n2026-01-32,1\n",
    "x/tables/power.csv:2:1+10 invalid-csv invalid CSV in `x/tables/power.csv`: `2026-01-32` is not a month such as 2027-01",
  ],
  [
    "month,power\n2026-01,1\n",
    "x/a.yaml:5:47+8 invalid-csv invalid CSV in `x/tables/power.csv`: there is no column `power_gw`",
  ],
  [
    "month,power_gw\n2026-01,1,2\n",
    "x/tables/power.csv:2:1+7 invalid-csv invalid CSV in `x/tables/power.csv`: the row has 3 cells, the heading 2",
  ],
  [
    "month,power_gw\n2026,1\n",
    "x/tables/power.csv:2:1+4 invalid-csv invalid CSV in `x/tables/power.csv`: `2026` is not a month such as 2027-01",
  ],
  [
    "month,power_gw\n2026-01,1\n2026-01,2\n",
    "x/tables/power.csv:3:1+7 invalid-csv invalid CSV in `x/tables/power.csv`: a second row for 2026-01",
  ],
  [
    'month,power_gw\n2026-01,"1\n',
    "x/tables/power.csv:2:9+1 invalid-csv invalid CSV in `x/tables/power.csv`: a quote is not closed, or occurs inside a cell",
  ],
  [
    "month,power_gw\n2026-01,=1+1\n",
    "x/tables/power.csv:2:9+4 invalid-csv invalid CSV in `x/tables/power.csv`: `=1+1` is not a finite number",
  ],
  [
    "month,power_gw\n2026-01,1e999\n",
    "x/tables/power.csv:2:9+5 invalid-csv invalid CSV in `x/tables/power.csv`: `1e999` is not a finite number",
  ],
  [
    "month,power_gw\n2026-01,0x10\n",
    "x/tables/power.csv:2:9+4 invalid-csv invalid CSV in `x/tables/power.csv`: `0x10` is not a finite number",
  ],
  [
    "month,power_gw\n2026-01,Infinity\n",
    "x/tables/power.csv:2:9+8 invalid-csv invalid CSV in `x/tables/power.csv`: `Infinity` is not a finite number",
  ],
])("the CSV %j is refused with its place", (csv, expected) => {
  expect(faults(csv)).toEqual([expected]);
});

test("a missing file, a wrong unit and a strange key are reported where they are written", () => {
  const sites = SITES.replace("power.csv", "powr.csv");
  expect(faults("month,power_gw\n2026-01,1\n", sites)).toEqual([
    "x/a.yaml:5:19+17 missing-file missing file `x/tables/powr.csv`",
  ]);
  expect(faults("month,power_gw\n2026-01,1\n", SITES.replace("unit: GW", "unit: gw, sheet: 2"))).toEqual([
    "x/a.yaml:5:63+2 unknown-unit unknown unit `gw` for `sites.east.power.unit`",
    "x/a.yaml:5:67+5 unknown-key unknown key `sheet` in `sites.east.power`",
  ]);
});

test("a table of the wrong dimension is reported once, not row by row", () => {
  const csv = `month,power_gw\n${Array.from({ length: 12 }, (_, month) => `2026-${String(month + 1).padStart(2, "0")},1\n`).join("")}`;
  expect(faults(csv, SITES.replace("unit: GW", "unit: GWh"))).toEqual([
    "x/tables/power.csv:2:9+1 unit-mismatch `sites.east.power` needs a power, got an energy",
  ]);
});

test("a field that does not vary by month takes no CSV", () => {
  const sites = `${SITES.replace(/\{ csv.*\}/, "1 GW")}    delay: { csv: ./tables/power.csv, column: power_gw, unit: months }\n`;
  expect(faults("month,power_gw\n2026-01,1\n", sites)).toEqual([
    "x/a.yaml:10:12+59 invalid-table invalid table for `sites.east.delay`: the field does not vary by month, so it takes one value",
  ]);
});

test.each([
  ["2026-01,0.1", "2026-01-01,0.2"],
  ["2026-01-01,0.1", "2026-01,0.2"],
  ["2026-01-01,0.1", "2026-01-01,0.2"],
])("a month has one row, with its first day or without: %s and %s", (first, second) => {
  expect(faults(`month,power_gw\n${first}\n${second}\n`)).toEqual([
    `x/tables/power.csv:3:1+${second.indexOf(",")} invalid-csv invalid CSV in \`x/tables/power.csv\`: a second row for 2026-01`,
  ]);
});

test("a table of too many columns is refused, however many they are", () => {
  const names = Array.from({ length: 500_000 }, (_, i) => `c${i}`).join(",");
  expect(faults(`month,power_gw,${names}\n2026-01,1\n`)).toEqual([
    "x/a.yaml:5:12+55 invalid-csv invalid CSV in `x/tables/power.csv`: more than 2000 columns",
  ]);
});
