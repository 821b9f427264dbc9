import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Backtest,
  type Reading,
  runBacktest,
  summarise,
} from "../../../src/analysis/backtest/backtest.ts";
import {
  type Case,
  type DeploymentCase,
  isIndependent,
  type Subject,
} from "../../../src/analysis/backtest/case.ts";
import { errorsByKind, makeKindTable } from "../../../src/analysis/backtest/kinds.ts";
import { readCases } from "../../../src/analysis/backtest/read-cases.ts";
import { DEPLOYMENT_COLUMNS } from "../../../src/analysis/backtest/read-deployment.ts";
import { makeBacktestTable } from "../../../src/analysis/backtest/table.ts";
import { svgFile } from "../../../src/charts/kit/svg-file.ts";
import { drawBacktestChart } from "../../../src/export/backtest-chart.ts";
import { makeValidationPage } from "../../../src/export/validation-page.ts";
import { reportBacktest } from "../../../src/report/backtest/backtest-report.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { type Catalog, loadCatalog } from "../../../src/scenario/load-catalog.ts";
import { expectShown, picturesOf } from "../../report/shown-pictures.ts";
import { faultsOf } from "../../scenario/load-files.ts";
import { catalogFiles, packed } from "../../scenario/shipped-catalog.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const read = (file: string): string | undefined => {
  const full = path.join(root, file);
  return fs.existsSync(full) ? fs.readFileSync(full, "utf8") : undefined;
};
const files = ["scenarios/validation/cases.csv", "scenarios/validation/demand-cases.csv"];

let backtest: Backtest;
let catalog: Catalog;
beforeAll(async () => {
  backtest = await runBacktest({ files, catalog: catalogFiles, packed, read }, createThreadRunner());
  catalog = loadCatalog({ catalog: catalogFiles, read });
  // A hundred loads and 256 trials of each: minutes where the machine is busy.
}, 480_000);

function reading(id: string, basis?: string): Reading {
  const found = backtest.readings.find(({ of, basis: one }) => of.id === id && (!basis || one === basis));
  if (!found) throw new Error(`no reading of ${id}`);
  return found;
}

function deployments(): readonly (Reading & { readonly of: DeploymentCase })[] {
  return backtest.readings.flatMap((one) =>
    one.of.subject === "deployments" ? [{ ...one, of: one.of }] : [],
  );
}

describe("the shipped cases", () => {
  test("hold every point of the register, without a fault", () => {
    expect(faultsOf(backtest)).toEqual([]);
    const numbers = [
      2, 3, 4, 8, 9, 10, 11, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 32, 33, 34, 35, 37, 38,
      40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55,
    ];
    const expected = numbers.map((number) => `B${String(number).padStart(2, "0")}`);
    expect([...new Set(deployments().map(({ of }) => of.id))]).toEqual(expected);
  });

  test("are predicted as by hand from the catalog's medians", () => {
    const median = (low: number, high: number) => Math.sqrt(low * high);
    const pue = median(1.15, 1.36);
    // What lies beyond the range of a field is cut off its distribution, which moves medians by less than 1e-5.
    const expectNear = (id: string, value: number) =>
      expect(reading(id).predicted / value, id).toBeCloseTo(1, 4);
    expectNear("B02", 0.1 * median(1200, 1500) * pue);
    expect(reading("B09").predicted).toBeCloseTo(1.2e9 / 1.4 / median(1850, 2230), 3);
    expect(reading("B10").predicted).toBeCloseTo(200e6 / median(1850, 2230), 4);
    // A connection with its reserve: the class of gross power, not the design PUE.
    expectNear("B41", 526 * median(1.25, 1.5));
    expect(reading("B18", "it").predicted).toBeCloseTo(
      5e9 / median(1980, 2330) + 5e9 / median(2650, 3800),
      2,
    );
    expect(reading("B46", "it").predicted / reading("B46", "facility").predicted).toBeCloseTo(pue, 5);
    // 250,000 H100 at the price of 2024 and their network.
    expect(reading("B32").predicted).toBeCloseTo((2.5e5 * (median(28e3, 36e3) + median(4e3, 9e3))) / 1e9, 6);
    expect(reading("B34").predicted).toBeCloseTo(13.8 * 15, 9);
    expect(reading("B37").predicted).toBeCloseTo(100e3 / (2000 * 8), 9);
    expect(reading("B40").predicted).toBe(4);
  });

  test("have both readings where the words of the source fit neither basis", () => {
    for (const id of ["B27", "B46", "B47"])
      expect(backtest.readings.filter(({ of }) => of.id === id).map(({ basis }) => basis)).toEqual([
        "facility",
        "it",
      ]);
  });

  test("count one reading where words decide the basis, and predict the other beside it", () => {
    const bases = (readings: readonly Reading[]) => new Map(readings.map(({ of, basis }) => [of.id, basis]));
    const [counted, other] = [bases(backtest.readings), bases(backtest.others)];
    expect([...other.keys()]).toEqual([
      "B08",
      "B14",
      "B18",
      "B21",
      "B22",
      "B23",
      "B24",
      "B25",
      "B33",
      "B44",
      "B50",
      "B52",
    ]);
    for (const [id, basis] of other) expect([basis, counted.get(id)].sort(), id).toEqual(["facility", "it"]);
  });

  test("say why where a prediction lies outside, and hold the prediction within its own range", () => {
    for (const { of, isInside, predicted, p5, p95 } of backtest.readings) {
      if (!isInside) expect(of.remark, of.id).not.toBe("");
      expect(p5 * (1 - 1e-9) <= predicted && predicted <= p95 * (1 + 1e-9), of.id).toBe(true);
    }
  });

  test("do not count where the catalog names their source for a figure they read", () => {
    for (const { of } of deployments().filter((one) => isIndependent(one.of))) {
      const names = of.chips.map(({ chip }) => `chips.${chip}.`);
      const isRead = (of_: string) => {
        const field = of_.split(".").at(-1) ?? "";
        const power = ["it_power"];
        const money = ["price", "network"];
        const wanted =
          of.predict === "capital" ? [...power, ...money] : of.predict === "months_late" ? [] : power;
        return wanted.includes(field) && names.some((name) => of_.startsWith(name));
      };
      const fed = catalog.figures.filter(({ path: of_, origin }) => isRead(of_) && origin.url === of.url);
      expect(
        fed.map(({ path: of_ }) => of_),
        of.id,
      ).toEqual([]);
    }
  });

  test("differ only in what a source can say", () => {
    for (const { of } of deployments()) {
      expect(of.designPue, of.id).toMatch(/^(|1\.\d+|pue_design_gross)$/);
      if (of.designPue === "pue_design_gross") expect(of.says).toMatch(/gross|with reserve/);
      else if (of.designPue !== "") expect(of.says).toContain("design PUE");
      expect(["deployment.yaml", "announced-date.yaml"]).toContain(of.template);
    }
  });
});

describe("docs/validation.md", () => {
  test("is that of the present cases and catalog; `npm run docs` makes it", () => {
    const part = (subject: Subject, chart: string) => ({
      table: makeBacktestTable(backtest.readings.filter(({ of }) => of.subject === subject)),
      summary: backtest.summaries[subject],
      chart,
    });
    const [built, work] = [part("deployments", "validation.svg"), part("demand", "validation-demand.svg")];
    const page = makeValidationPage({
      deployments: built,
      demand: work,
      kinds: makeKindTable(backtest.readings, backtest.others),
      others: makeBacktestTable(backtest.others),
      notes: read("scenarios/validation/notes.md") ?? "",
    });
    expect(read("docs/validation.md")).toBe(page);
    expect(read("docs/validation.svg")).toBe(drawBacktestChart(built.table));
    expect(read("docs/validation-demand.svg")).toBe(drawBacktestChart(work.table));
  });

  test("is shown by the picture of docs/pictures", () => {
    const report = reportBacktest(backtest, { version: "", command: "", files: [], changes: [] });
    const pictures = report.sections.flatMap((section) => section.pictures ?? []);
    expectShown(picturesOf("backtest"), (name) => {
      const picture = pictures.find(({ id }) => id === name);
      return picture && svgFile(picture);
    });
  });

  test("ends its report with every published figure and every input of catalog and templates, with their sources", () => {
    const report = reportBacktest(backtest, { version: "", command: "", files: [], changes: [] });
    const folded = report.sections.find(({ id }) => id === "assumptions")?.folded ?? [];
    const cells = folded.flatMap(({ table }) => table.rows).map((row) => row.join(" | "));
    for (const { of } of backtest.readings)
      expect(cells.filter((row) => row.startsWith(`${of.id} `) && row.includes(of.url))).not.toEqual([]);
    const inputs = folded.slice(2).flatMap(({ table }) => table.rows);
    const chip = inputs.find(([field]) => field === "chips.gb300.it_power") ?? [];
    const own = backtest.inputs.find(({ declaredAt }) => declaredAt === "chips.gb300.it_power");
    expect([chip[3], chip[4]]).toEqual([own?.quality, own?.source]);
    expect(own?.source).not.toBe("");
    // What a case sets stands with its figure, and is no input of all.
    expect(cells.some((row) => row.includes("fleets.built.chip=gb300"))).toBe(true);
    expect(backtest.inputs.filter(({ from }) => from.startsWith("--set"))).toEqual([]);
    // A dot a reading in the overview, and a mark a reading in the pictures of each kind.
    const pictures = report.sections.flatMap((section) => section.pictures ?? []);
    const marks = pictures.map(({ draw }) => draw(540).body.match(/<circle/g)?.length ?? 0);
    expect(marks[0]).toBe(backtest.readings.length);
    expect(marks.slice(1).reduce((sum, one) => sum + one, 0)).toBe(backtest.readings.length);
    expect(new Set(pictures.map(({ id }) => id)).size).toBe(pictures.length);
  });

  test("says error and share of the independent points, of deployments and of demand", () => {
    for (const { meanAbsoluteError, shareInside } of Object.values(backtest.summaries)) {
      expect(read("docs/validation.md")).toContain(
        `mean absolute error is **${Math.round(meanAbsoluteError * 100)} %**, and **${Math.round(shareInside * 100)} %** lie inside`,
      );
    }
  });
});

test("errors by kind are means over points, a point of two readings half each; a point that feeds is in none", () => {
  const reading = (id: string, predict: string, ratio: number, isInside: boolean, feeds = ""): Reading => ({
    of: { id, feeds, predict, subject: "deployments", published: 1 } as Case,
    predicted: ratio,
    p5: ratio * 0.9,
    p95: ratio * 1.3,
    ratio,
    isInside,
  });
  const readings = [
    reading("a", "power", 1.2, true),
    reading("a", "power", 0.8, false),
    reading("b", "it_power", 1.5, false),
    reading("c", "chips", 1, true),
    reading("d", "chips", 9, false, "chips.x"),
  ];
  const kinds = errorsByKind(readings, []);
  expect(kinds.map(({ kind, points }) => [kind, points])).toEqual([
    ["power", 2],
    ["chips", 1],
  ]);
  const [power, chips] = kinds;
  expect(power.meanAbsoluteError).toBeCloseTo((0.2 + 0.5) / 2, 12);
  expect(power.bias).toBeCloseTo(0.25, 12);
  expect(power.shareInside).toBeCloseTo(0.25, 12);
  expect(power.width).toBeCloseTo(0.4, 12);
  // The published figure is 1: of a's readings 0.9 x 0.8 to 1.3 x 0.8 holds it alone, and b's 1.35 to 1.95 does not.
  expect(power.coverage).toBeCloseTo(0.25, 12);
  expect(chips.coverage).toBe(1);
  expect(makeKindTable(readings, []).columns.find(({ name }) => name === "ranges")?.values).toEqual([
    "",
    "too wide",
  ]);
});

test("errors by kind also say what they were, if words decided no basis", () => {
  const reading = (id: string, ratio: number, isInside: boolean): Reading => ({
    of: { id, feeds: "", predict: "power", subject: "deployments", published: 1 } as Case,
    predicted: ratio,
    p5: ratio,
    p95: ratio,
    ratio,
    isInside,
  });
  const counted = [reading("printed", 1.1, true), reading("worded", 1, true)];
  const [power] = errorsByKind(counted, [reading("worded", 0.8, false)]);
  expect(power).toMatchObject({ points: 2, shareInside: 1, insideOfBoth: 0.75 });
  expect(power.meanAbsoluteError).toBeCloseTo(0.1 / 2, 12);
  expect(power.errorOfBoth).toBeCloseTo((0.1 + (0 + 0.2) / 2) / 2, 12);
});

test("a case of work states how much its answers differ in length, as a share", () => {
  const text = read("scenarios/validation/demand-cases.csv") ?? "";
  expect(readCases(text, "x.csv").diagnostics).toEqual([]);
  const [fault] = faultsOf(readCases(text.replace(",100 %,", ",100,"), "x.csv"));
  expect(fault).toMatch(/^x\.csv:\d+:\d+\+\d+ invalid-csv .*answer_spread: write a share such as 100 %/);
});

test("a case of work states how its chips are split, and a slot's share of time", () => {
  const text = read("scenarios/validation/serving-points.csv") ?? "";
  const [head, ...rows] = text.split("\n");
  const place = (head ?? "").split(",").indexOf("attention");
  const row = rows.find((one) => one.startsWith("IX-dsr1-gb200-dynamo-trt-fp4-1k1k-n36-c4,")) ?? "";
  expect(row).toContain(",tensor,0.125,,");
  const faults = (attention: string, ratio: string, share: string) =>
    faultsOf(
      readCases(`${head}\n${row.replace(",tensor,0.125,,", `,${attention},${ratio},${share},`)}\n`, "x.csv"),
    );
  expect(place).toBeGreaterThan(0);
  expect(faults("data", "2", "90 %")).toEqual([]);
  const told = faults("expert", "0", "all").join("\n");
  for (const words of ["attention: write tensor or data", "prefill_ratio: ", "occupancy: write a share"])
    expect(told).toContain(words);
});

test("a point of two readings counts once, and one that feeds the catalog not at all", () => {
  const of = (id: string, feeds = "") => ({ id, feeds }) as Case;
  const one = (id: string, ratio: number, isInside: boolean, feeds?: string): Reading => ({
    of: of(id, feeds),
    predicted: ratio,
    p5: ratio,
    p95: ratio,
    ratio,
    isInside,
  });
  const readings = [
    one("a", 1.1, true),
    one("b", 0.8, false),
    one("b", 1, true),
    one("c", 3, false, "chips.x.price"),
  ];
  const summary = summarise(readings);
  expect(summary).toMatchObject({ points: 3, independentPoints: 2 });
  expect(summary.meanAbsoluteError).toBeCloseTo((0.1 + (0.2 + 0) / 2) / 2, 12);
  expect(summary.shareInside).toBe(0.75);
  expect(summarise([])).toMatchObject({ meanAbsoluteError: 0, shareInside: 0 });
});

describe("a file of cases", () => {
  const head = DEPLOYMENT_COLUMNS.join(",");
  const good: Readonly<Record<string, string>> = {
    id: "X1",
    case: "A hall",
    template: "deployment.yaml",
    month: "2026-03",
    chips: "gb300",
    given: "100 chips",
    basis: "it",
    predict: "power",
    published: "2",
    low: "1",
    high: "3",
    unit: "MW",
    independent: "yes",
    url: "https://example.org",
    date: "2026-03",
  };
  const faults = (changes: Readonly<Record<string, string>>) => {
    const row = DEPLOYMENT_COLUMNS.map((name) => ({ ...good, ...changes })[name] ?? "").join(",");
    return faultsOf(readCases(`${head}\n${row}\n`, "x.csv"));
  };

  test.each([
    [{ predict: "powr" }, "predict: write one of power, facility_power"],
    [{ unit: "GW" }, "unit: a prediction of power is in MW"],
    [{ month: "2026" }, "month: write a month such as 2026-01"],
    [{ published: "4" }, "published: it is outside its own band"],
    [{ high: "" }, "high: `` is not a positive number"],
    [{ basis: "gross" }, "basis: write facility or it where the source prints it"],
    [{ chips: "GB300" }, "chips: write names of chips"],
    [{ independent: "no" }, "feeds: fill it if the point is not independent, and only then"],
    [{ independent: "maybe" }, "independent: write yes or no"],
    [{ predict: "rate", unit: "M USD/MW-year", term_years: "5" }, "amount_busd: `` is not a positive number"],
  ])("%j is refused at its cell", (changes, reason) => {
    const found = faults(changes);
    expect(found[0]).toContain(reason);
    expect(found[0]).toMatch(/^x\.csv:2:\d+\+\d+ invalid-csv /);
  });

  test("without fault, and with a column or a row that is amiss", () => {
    expect(faults({})).toEqual([]);
    expect(faultsOf(readCases("id,fact\nX1,S1\n", "x.csv"))[0]).toContain("there is no column `case`");
    expect(faultsOf(readCases(`${head},more\n`, "x.csv"))[0]).toContain("unknown column `more`");
    expect(faultsOf(readCases(`${head}\nX1,S1\n`, "x.csv"))[0]).toContain("the row has 2 cells");
  });

  test("an unknown chip or template is a fault at what the case sets", async () => {
    const run = async (changes: Readonly<Record<string, string>>) => {
      const row = DEPLOYMENT_COLUMNS.map((name) => ({ ...good, ...changes })[name] ?? "").join(",");
      const text = `${head}\n${row}\n`;
      const file = "scenarios/validation/x.csv";
      const result = await runBacktest(
        { files: [file], catalog: catalogFiles, packed, read: (one) => (one === file ? text : read(one)) },
        createThreadRunner(),
      );
      return faultsOf(result);
    };
    expect((await run({ chips: "gb3000" }))[0]).toContain("unknown-chip");
    expect((await run({ template: "none.yaml" })).join("\n")).toContain(
      "missing file `scenarios/validation/none.yaml`",
    );
    expect((await run({ given: "100 MWh" }))[0]).toContain("unit-mismatch");
  });
});
