import { describe, expect, test } from "vitest";
import { columnKey } from "../../../src/analysis/results/results.ts";
import { type FigureRequest, placeholderStatistics } from "../../../src/analysis/results/spread.ts";
import { makeSpecimenResults, makeSpecimenTables } from "../../../src/analysis/sample/specimen.ts";
import {
  makeAnnual,
  makeByChipAnnual,
  makeCosts,
  makeFleets,
  makeMonthly,
  makeQuarterly,
  makeSites,
  makeSummary,
  makeTables,
  readSampleTables,
} from "../../../src/analysis/tables/index.ts";
import { chooseColumns, findUnknownColumn } from "../../../src/analysis/tables/standard-columns.ts";
import { EVENT } from "../../../src/compile/compile.ts";
import { METRICS } from "../../../src/metrics/index.ts";
import type { Table } from "../../../src/metrics/table.ts";
import { byMonth, makeResults } from "../compare/hand-made-results.ts";

function valuesOf(table: Table, name: string): unknown[] {
  const column = table.columns.find((each) => each.name === name);
  if (!column) throw new Error(`${table.name} has no ${name}`);
  return Array.from(column.values as ArrayLike<unknown>);
}

function namesOf(table: Table): string[] {
  return table.columns.map(({ name }) => name);
}

describe("the annual table", () => {
  const annual = makeAnnual(makeResults());

  test("has a row for each calendar year the horizon touches, with its months", () => {
    expect(valuesOf(annual, "year")).toEqual([2026, 2027, 2028]);
    expect(valuesOf(annual, "months")).toEqual([2, 12, 1]);
  });

  test("adds up flows", () => {
    // 1 + 2, then 3 + .. + 14, then 15.
    expect(valuesOf(annual, "energy_gwh")).toEqual([3, 102, 15]);
    expect(namesOf(annual)).not.toContain("energy_gwh_average");
  });

  test("takes stocks of the last month, with the mean of the months beside them", () => {
    expect(valuesOf(annual, "chips_energised")).toEqual([102, 126, 128]);
    expect(valuesOf(annual, "chips_energised_average")).toEqual([101, 115, 128]);
    const names = namesOf(annual);
    expect(names.indexOf("chips_energised_average")).toBe(names.indexOf("chips_energised") + 1);
  });

  test("gives no mean of what has been running since the start", () => {
    expect(valuesOf(annual, "cumulative_effective_fp4_yflop")).toEqual([0.1, 1.3, 1.4]);
    expect(namesOf(annual)).not.toContain("cumulative_effective_fp4_yflop_average");
  });

  test("names what bound most months", () => {
    // 2027 has six months of each of power and none: the earlier counts.
    expect(valuesOf(annual, "binding")).toEqual(["chips", "power", "none"]);
  });
});

test("a quarter is a sum of its months, and the first and last may be short", () => {
  const results = makeResults({
    [columnKey("total", "provider_cash_usd")]: byMonth((index) => index + 1),
    [columnKey("total", "chip_cash_usd")]: byMonth(() => 2),
  });
  const quarterly = makeQuarterly(results);
  expect(valuesOf(quarterly, "quarter")).toEqual([
    "2026Q4",
    "2027Q1",
    "2027Q2",
    "2027Q3",
    "2027Q4",
    "2028Q1",
  ]);
  expect(valuesOf(quarterly, "months")).toEqual([2, 3, 3, 3, 3, 1]);
  expect(valuesOf(quarterly, "provider_cash_usd")).toEqual([3, 12, 21, 30, 39, 15]);
  expect(valuesOf(quarterly, "chip_cash_usd")).toEqual([4, 6, 6, 6, 6, 2]);
});

describe("the columns of the files", () => {
  const tables = makeSpecimenTables();
  const chosen = (name: string, choice: Parameters<typeof chooseColumns>[1] = "standard") =>
    namesOf(chooseColumns(tables.find((table) => table.name === name) as Table, choice));

  test("are the same 40 by year, quarter and month, after the period", () => {
    const annual = chosen("annual");
    expect(annual).toHaveLength(40);
    expect(annual.slice(0, 3)).toEqual(["year", "months", "chips_planned"]);
    expect(annual.at(-1)).toBe("binding");
    expect(chosen("quarterly")).toEqual(["quarter", ...annual.slice(1)]);
    expect(chosen("monthly")).toEqual(["month", ...annual.slice(1)]);
  });

  test("are 40 for a plan without workloads and contracts too, those empty", () => {
    const annual = chooseColumns(makeAnnual(makeResults()), "standard");
    expect(namesOf(annual)).toEqual(chosen("annual"));
    expect(valuesOf(annual, "output_tokens_served_billion")).toEqual([null, null, null]);
  });

  test("are all, or those named, in the order named", () => {
    expect(chosen("annual", "all").length).toBeGreaterThan(100);
    expect(chosen("monthly", ["energy_gwh", "binding", "chips_energised_average"])).toEqual([
      "month",
      "months",
      "energy_gwh",
      "binding",
    ]);
    expect(chosen("annual", ["chips_energised_average"])).toEqual([
      "year",
      "months",
      "chips_energised_average",
    ]);
    expect(chosen("fleets", ["energy_gwh"]).length).toBeGreaterThan(30);
  });

  test("are refused by name where the whole plan has no such column", () => {
    expect(findUnknownColumn(tables, ["energy_gwh", "binding"])).toBeUndefined();
    expect(findUnknownColumn(tables, ["energy_gwhs"])).toEqual({
      name: "energy_gwhs",
      reason: expect.stringContaining("`energy_gwh`"),
    });
    expect(findUnknownColumn(tables, ["chip_price_usd"])?.reason).toBe(
      "is a figure of a part, not of the whole plan by month; it is in fleets.csv",
    );
    expect(findUnknownColumn(tables, ["provider_irr"])?.reason).toContain("summary.csv");
    expect(findUnknownColumn(tables, [""])?.reason).toContain("is not a column");
  });
});

test("a ratio of a quarter is that of the sums of its months", () => {
  const flow = (metric: string, values: (index: number) => number) =>
    [columnKey("total", metric), byMonth(values)] as const;
  const quarterly = makeQuarterly(
    makeResults(
      Object.fromEntries([
        flow("demand_unserved_share", () => 0.5),
        flow("demand_unserved_value_usd", (index) => index),
        flow("demand_settled_value_usd", () => 10),
      ]),
    ),
  );
  // Months 0 and 1, then 2 to 4: 1 of 20, 9 of 30; the mean of the months' shares would differ.
  expect(valuesOf(quarterly, "demand_unserved_share").slice(0, 2)).toEqual([1 / 20, 9 / 30]);
});

test("the mix by year adds a chip's fleets up, and leaves nothing out", () => {
  const tables = makeSpecimenTables();
  expect(tables.map(({ name }) => name)).toContain("by_chip_annual");
  const results = makeResults();
  const [mix, fleets] = [makeByChipAnnual(results), makeFleets(results)];
  expect(valuesOf(mix, "chip").slice(0, 2)).toEqual(["new", "old"]);
  expect(mix.rowCount).toBe(6);
  const months = valuesOf(fleets, "month");
  const chips = valuesOf(fleets, "chip");
  const energised = valuesOf(fleets, "chips_energised");
  for (const [row, year] of valuesOf(mix, "year").entries()) {
    const last = { 2026: "2026-12", 2027: "2027-12", 2028: "2028-01" }[year as 2026 | 2027 | 2028];
    const own = energised.filter((_, at) => months[at] === last && chips[at] === valuesOf(mix, "chip")[row]);
    expect(valuesOf(mix, "chips_energised")[row]).toBe(
      own.reduce((sum: number, one) => sum + Number(one), 0),
    );
  }
});

test("months are written as year and month, codes as their words", () => {
  const monthly = makeMonthly(makeResults());
  expect(valuesOf(monthly, "month").slice(0, 3)).toEqual(["2026-11", "2026-12", "2027-01"]);
  expect(valuesOf(monthly, "binding").slice(0, 3)).toEqual(["chips", "chips", "power"]);
});

test("a code without a word is a fault of ours, not a number in a file", () => {
  const broken = makeResults({ [columnKey("total", "binding")]: byMonth(() => 99) });
  expect(() => makeMonthly(broken)).toThrow("binding has no word for 99");
});

test("fleets go month by month through the parts, with the precision really run", () => {
  const fleets = makeFleets(makeResults());
  expect(fleets.rowCount).toBe(30);
  expect(valuesOf(fleets, "month").slice(0, 4)).toEqual(["2026-11", "2026-11", "2026-12", "2026-12"]);
  expect(valuesOf(fleets, "chip").slice(0, 4)).toEqual(["new", "old", "new", "old"]);
  expect(valuesOf(fleets, "chips_energised").slice(0, 4)).toEqual([0, 100, 1, 101]);
  expect(valuesOf(fleets, "fp4_runs_as").slice(0, 2)).toEqual(["fp4", "fp8"]);
  expect(namesOf(fleets)).not.toContain("chip_residual_usd");
});

test("sites go month by month through the sites", () => {
  const sites = makeSites(makeResults());
  expect(valuesOf(sites, "site").slice(0, 3)).toEqual(["a", "b", "a"]);
  expect(valuesOf(sites, "chips_energised").slice(0, 3)).toEqual([0, 100, 1]);
});

test("costs hold the cost and book metrics and nothing else", () => {
  const costs = makeCosts(
    makeResults({ [columnKey("total", "provider_cash_usd")]: byMonth((index) => index) }),
  );
  expect(namesOf(costs)).toEqual(["month", "year", "quarter", "provider_cash_usd"]);
  expect(valuesOf(costs, "year").slice(0, 3)).toEqual([2026, 2026, 2027]);
  expect(valuesOf(costs, "quarter").slice(1, 3)).toEqual(["2026Q4", "2027Q1"]);
});

describe("the summary", () => {
  const summary = makeSummary(makeResults());
  const cell = (metric: string, column: string) =>
    valuesOf(summary, column)[valuesOf(summary, "metric").indexOf(metric)];

  test("holds the figures of the run with their units", () => {
    expect(cell("cost_provider_pv_usd", "value")).toBe(123.5);
    expect(cell("cost_provider_pv_usd", "unit")).toBe("USD");
  });

  test("names peaks with their first month, and ends", () => {
    expect(cell("peak_facility_power_mw", "value")).toBe(9);
    expect(cell("peak_facility_power_mw_month", "value_text")).toBe("2027-03");
    expect(cell("peak_facility_power_mw_month", "value")).toBeNull();
    expect(cell("final_chips_undelivered", "value")).toBe(6);
  });

  test("names no month for what never is", () => {
    const never = makeSummary(makeResults({ [columnKey("total", "chips_stranded")]: byMonth(() => 0) }));
    const index = valuesOf(never, "metric").indexOf("peak_chips_stranded_month");
    expect(valuesOf(never, "value_text")[index]).toBe("none");
  });

  test("counts the months that each cause binds", () => {
    expect(cell("months_bound_by_power", "value")).toBe(6);
    expect(cell("months_bound_by_chips", "value")).toBe(2);
    expect(cell("months_bound_by_money", "value")).toBe(0);
  });

  test("says how the figures are to be read", () => {
    expect(cell("quantities", "value_text")).toBe("medians");
    expect(cell("uncertain_values", "value")).toBe(2);
    expect(cell("sized", "value_text")).toBe("each_trial: f");
    expect(cell("reference_use", "value_text")).toBe("training");
  });
});

describe("every table", () => {
  const tables = makeSpecimenTables();

  test("has columns of one length, unique names, a text for each, and a key among them", () => {
    for (const { name, columns, rowCount, primaryKey } of tables) {
      const names = columns.map((column) => column.name);
      expect(new Set(names).size, name).toBe(names.length);
      expect(names, name).toEqual(expect.arrayContaining([...primaryKey]));
      for (const column of columns) {
        expect(column.values.length, `${name}.${column.name}`).toBe(rowCount);
        expect(column.text, `${name}.${column.name}`).toMatch(/^[A-Z].*\.$/);
      }
    }
  });

  test("gives every number of a metric its unit", () => {
    for (const { name, columns } of tables) {
      if (name === "summary") continue;
      for (const column of columns) {
        if (column.type === "number") expect(column.unit, `${name}.${column.name}`).toBeTruthy();
      }
    }
  });

  test("leaves no metric of a level below the run unseen, the residuals of parts and sites apart", () => {
    const shown = new Set(tables.flatMap(({ columns }) => columns.map((column) => column.name)));
    const summary = tables.find(({ name }) => name === "summary") as Table;
    // Figures of a contract, tranche or loan have its name in front.
    const figures = valuesOf(summary, "metric").map((name) =>
      String(name).replace(/^(contract|tranche|loan)\./, ""),
    );
    const listed = new Set([...shown, ...figures]);
    const unseen = METRICS.filter(({ name }) => !listed.has(name)).map(({ name }) => name);
    expect(unseen).toEqual(["chip_residual_usd", "facility_residual_usd", "buyer_chip_residual_usd"]);
  });

  test("every ratio of the whole is one of the year too, of the year's sums", () => {
    const [monthly, annual] = ["monthly", "annual"].map(
      (name) => tables.find((table) => table.name === name) as Table,
    );
    const ratios = METRICS.filter(({ time }) => time === "ratio").map(({ name }) => name);
    const met = namesOf(monthly).filter((name) => ratios.includes(name));
    expect(met).toContain("demand_unserved_share");
    expect(namesOf(annual).filter((name) => ratios.includes(name))).toEqual(met);
  });
});

test("reading what tables show of a sample asks for every figure that any table shows", () => {
  const specimen = makeSpecimenResults();
  const columns = new Map([
    ...specimen.columns,
    [columnKey("total", EVENT, "short"), new Float64Array(specimen.monthCount)],
  ]);
  const askedBy = (read: (results: typeof specimen) => unknown): readonly FigureRequest[] => {
    const asked: FigureRequest[] = [];
    const note = (request: FigureRequest) => {
      asked.push(request);
      return placeholderStatistics(1);
    };
    read({ ...specimen, columns, spread: { probabilities: [0.5], trials: 1, seed: "", read: note } });
    return asked;
  };
  const asked = askedBy(readSampleTables);
  expect(asked.length).toBeGreaterThan(1000);
  expect(asked).toEqual(askedBy(makeTables));
  expect(asked.some(({ metric }) => metric === EVENT)).toBe(true);
});
