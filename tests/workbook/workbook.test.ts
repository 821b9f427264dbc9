import fc from "fast-check";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { differingInputs } from "../../src/analysis/compare/comparison.ts";
import { runPlain } from "../../src/analysis/results/plain-run.ts";
import { columnKey } from "../../src/analysis/results/results.ts";
import { interpret, interpretMonths } from "../../src/analysis/trace/interpret.ts";
import { columnOf, runForTrace } from "../../src/analysis/trace/trace-run.ts";
import { listEntities } from "../../src/compile/entities.ts";
import { registerColumn } from "../../src/compile/record/open-program.ts";
import { formulaIn } from "../../src/compile/uses.ts";
import { METRICS } from "../../src/metrics/index.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { columnName, dayOfMonth, MovedFormula, type Workbook } from "../../src/workbook/cells.ts";
import { formatOf } from "../../src/workbook/formats.ts";
import { OPEN_FIELDS } from "../../src/workbook/formulas/open-fields.ts";
import { Translator } from "../../src/workbook/formulas/translate.ts";
import { findExcess, makeCompareWorkbook, runForWorkbook, writeXlsxFile } from "../../src/workbook/index.ts";
import { InputBook } from "../../src/workbook/input-book.ts";
import { layOut } from "../../src/workbook/layout.ts";
import { makeTableSheet } from "../../src/workbook/other-sheets.ts";
import { loadWith, plainPlan, scenarioOf } from "../demand/demand-files.ts";
import { SEED } from "../engine/random-scenario.ts";
import { loadMoney, makeMoneyUncertain, moneyOf } from "../money/random-contracts.ts";
import { workbookOf } from "./recalculate.ts";

const plan = plainPlan(
  "  chat: { kind: inference, model: m, requests: 200 requests/s, prompt: 1000 tokens, answer: 100 tokens, speed: 20 tokens/s, value: 1 USD/(million tokens) }\n",
);

const made = new Map<string, Promise<Workbook | undefined>>();

/** The workbook of the plan, made once for all tests. */
async function make(title = "Plan"): Promise<Workbook> {
  const known = made.get(title) ?? workbookOf(scenarioOf(loadWith("t.yaml", plan)), title);
  made.set(title, known);
  const workbook = await known;
  if (!workbook) throw new Error("no workbook");
  return workbook;
}

/** Texts of the parts of an XLSX file by name. */
async function partsOf(workbook: Workbook): Promise<ReadonlyMap<string, string>> {
  const decoder = new TextDecoder();
  const files = unzipSync(Buffer.concat([...(await writeXlsxFile(workbook))]));
  return new Map(Object.entries(files).map(([name, bytes]) => [name, decoder.decode(bytes)]));
}

test("columns are lettered and months counted as spreadsheets do", () => {
  expect([0, 25, 26, 701, 702].map(columnName)).toEqual(["A", "Z", "AA", "ZZ", "AAA"]);
  // 1 January 2026 is day 46,023 of Excel.
  expect(dayOfMonth(2026 * 12)).toBe(46_023);
});

describe("a workbook", () => {
  test("has the sheets in the order in which a reader opens them", async () => {
    const { sheets } = await make();
    expect(sheets.map(({ name }) => name)).toEqual(
      "Summary Annual Quarterly Costs Charts Monthly Fleets Sites Workloads Demand Figures Inputs InputsByMonth About".split(
        " ",
      ),
    );
  });

  test("has heads that are read whole, and months beside names that do not touch them", async () => {
    const { sheets } = await make();
    for (const name of ["Monthly", "Fleets", "Sites", "Workloads", "Demand"]) {
      const sheet = sheets.find((one) => one.name === name);
      const [heads, , ...months] = [...(sheet?.rows ?? [])];
      const keys = heads.slice(0, 5).map((cell) => String(cell?.value));
      for (const [column, head] of keys.entries()) expect(sheet?.widths[column]).toBeGreaterThan(head.length);
      expect(months.find((row) => row.length > 0)?.[0]?.style).toEqual({
        kind: "period",
        format: "yyyy\\-mm",
      });
    }
    const table = {
      text: "Ranges.",
      rowCount: 2,
      columns: [
        { name: "year", type: "string", values: ["2026", "2026"] },
        { name: "unit", type: "string", values: ["USD", "1"] },
        { name: "p5", type: "number", values: [1_234_567, 0.5] },
        { name: "share", type: "number", values: [1, 0.25] },
      ],
    } as unknown as Parameters<typeof makeTableSheet>[1];
    const formats = [...makeTableSheet("Ranges", table).rows]
      .slice(2)
      .map((row) => row.map((cell) => cell?.style?.format));
    expect(formats).toEqual([
      [undefined, undefined, formatOf("USD"), "0.0%"],
      [undefined, undefined, "0.0%", "0.0%"],
    ]);
  });

  test("writes names, frozen heads, formats, groups, filters, protection and charts", async () => {
    const parts = await partsOf(await make());
    const [book, styles] = ["xl/workbook.xml", "xl/styles.xml"].map((name) => parts.get(name) ?? "");
    expect(book).toContain('name="in_provider_discount_rate"');
    expect(book).toMatch(/<definedName name="in_sites_s_electricity">Inputs!\$B\$\d+<\/definedName>/);
    // Every printed page has the heads, and says whose months it shows.
    expect(book).toMatch(/<definedName name="_xlnm.Print_Titles"[^>]*>Annual!\$1:\$2,Annual!\$A:\$A</);
    expect(book).toMatch(/<definedName name="_xlnm.Print_Titles"[^>]*>Fleets!\$1:\$2,Fleets!\$A:\$D</);
    expect(styles).toContain("#,##0.0,,&quot;M&quot;");
    expect(styles).toContain("yyyy\\-mm");
    const sheets = [...parts]
      .filter(([name]) => name.startsWith("xl/worksheets/sheet"))
      .map(([, text]) => text);
    const all = sheets.join("\n");
    expect(all).toContain("<autoFilter ");
    expect(all).toContain('state="frozen"');
    expect(all).toContain('outlineLevel="1"');
    expect(all).toContain("<sheetProtection ");
    expect([...parts.keys()].filter((name) => /^xl\/charts\/chart\d+\.xml$/.test(name))).toHaveLength(2);
  });

  test("says what figures mean in words, without marks of Markdown", async () => {
    const { sheets } = await make();
    for (const name of ["Summary", "Figures", "About"])
      for (const cells of sheets.find((sheet) => sheet.name === name)?.rows ?? [])
        for (const cell of cells) expect(String(cell?.value)).not.toContain("`");
  });

  test("charts name years and round numbers along their axes", async () => {
    const parts = await partsOf(await make());
    const charts = [...parts]
      .filter(([name]) => /^xl\/charts\/chart\d+\.xml$/.test(name))
      .map(([, xml]) => xml);
    const [costs = "", power = ""] = charts;
    const axis = (xml: string, kind: string) =>
      new RegExp(`<c:${kind}>.*?</c:${kind}>`, "s").exec(xml)?.[0] ?? "";
    expect(axis(costs, "valAx")).toContain('formatCode="[&gt;=1000000000]#,##0.0,,,&quot;B&quot;;');
    expect(axis(costs, "catAx")).not.toContain("tickLblSkip");
    expect(axis(power, "valAx")).toContain('formatCode="#,##0"');
    expect(axis(power, "catAx")).toContain('<c:tickLblSkip val="12"/>');
    expect(axis(power, "catAx")).toContain('formatCode="yyyy\\-mm"');
  });

  test("charts each category of cost and never their total", async () => {
    const { sheets } = await make();
    const [heads = []] = sheets.find(({ name }) => name === "Costs")?.rows ?? [];
    const names = heads.map((cell) => cell?.value);
    const [costs] = sheets.find(({ name }) => name === "Charts")?.charts ?? [];
    expect(names.at(-1)).toBe("provider_cash_usd");
    expect(costs?.series.map(({ name }) => name)).toEqual(names.slice(2, -1));
    for (const [index, { values }] of (costs?.series ?? []).entries())
      expect(values).toContain(`Costs!$${columnName(2 + index)}$`);
  });

  test("names every input with its source and quality, and says why one is locked", async () => {
    const rows = [...((await make()).sheets.find(({ name }) => name === "Inputs")?.rows ?? [])];
    const found = (label: string) => rows.find(([head]) => head?.value === label)?.map((cell) => cell?.value);
    expect(found("sites.s.electricity")?.slice(0, 5)).toEqual([
      "sites.s.electricity",
      50,
      "USD/MWh",
      "yes",
      "50 USD/MWh",
    ]);
    // Those that can be changed stand first, by name.
    const kinds = rows.slice(2).map((cells) => cells[1]?.style?.kind);
    const count = kinds.filter((kind) => kind === "live").length;
    expect(kinds.slice(0, count).every((kind) => kind === "live")).toBe(true);
    const names = rows.slice(2, 2 + count).map(([head]) => String(head?.value));
    expect(names).toEqual([...names].sort());
    const lead = rows.find(([head]) => String(head?.value).endsWith(".lead"));
    expect(lead?.[3]?.value).toContain("whole months");
    const power = rows.find(([head]) => String(head?.value).endsWith(".it_power"));
    expect(power?.[3]?.value).toMatch(/^the program also computes \w+ from it/);
    expect(power?.[1]?.style?.kind).toBe("locked");
    // The longest reason is read whole, and numbers without a unit have few digits.
    const sheet = (await make()).sheets.find(({ name }) => name === "Inputs");
    expect(sheet?.widths[3]).toBeGreaterThanOrEqual(
      Math.max(...rows.map((row) => String(row[3]?.value).length)),
    );
    expect(rows.slice(2).map((row) => row[1]?.style?.format)).not.toContain("General");
  });

  test("locks what rent pays for: no scenario can state it", async () => {
    const rented = scenarioOf(loadWith("scenarios/rent-1gw-gb300.yaml"));
    const sheet = (await workbookOf(rented, "rented"))?.sheets.find(({ name }) => name === "Inputs");
    const there = [...(sheet?.rows ?? [])].filter(([head]) =>
      String(head?.value).startsWith("sites.elsewhere."),
    );
    expect(there.length).toBeGreaterThan(5);
    expect(new Set(there.map((cells) => cells[3]?.value))).toEqual(
      new Set(["the rent of rented chips pays for it"]),
    );
    expect(new Set(there.map((cells) => cells[1]?.style?.kind))).toEqual(new Set(["locked"]));
  });

  test("moves what is like another with that one, and locks both where one of them sets how many chips are bought", async () => {
    const likeC = (size: string) =>
      plainPlan(
        "",
        `  f: { chip: c, site: s, size: 1000 chips, deliver: { at: 2026-01 } }
  g: { chip: d, site: s, size: ${size}, deliver: { at: 2026-01 } }
`,
      ).replace("\nmodels:", "\n  d: { like: c }\nmodels:");
    const cellsOf = async (size: string) => {
      const workbook = await workbookOf(scenarioOf(loadWith("t.yaml", likeC(size))));
      const rows = [...(workbook?.sheets.find(({ name }) => name === "Inputs")?.rows ?? [])];
      return ["chips.c.price", "chips.d.price"].map((label) => {
        const [, value, , change] = rows.find(([head]) => head?.value === label) ?? [];
        return [value?.style?.kind, value?.formula, change?.value];
      });
    };
    expect(await cellsOf("500 chips")).toEqual([
      ["live", undefined, "yes"],
      ["live", "in_chips_c_price", "yes; until then it follows chips.c.price"],
    ]);
    // What the second chip's price sets, the first one's sets too.
    const bought = "the program also computes chips_landed from it: change it in the scenario";
    expect(await cellsOf("5 million USD")).toEqual([
      ["locked", undefined, bought],
      ["locked", undefined, bought],
    ]);
  });

  test("sums what many fleets leave by its name, since no formula holds an address for each", async () => {
    const fleets = Array.from(
      { length: 30 },
      (_, index) =>
        `  f${index}: { chip: c, site: s, size: ${index + 1} chips, deliver: { at: 2026-01 }, residual_haircut: 10 % }\n`,
    );
    const workbook = await workbookOf(scenarioOf(loadWith("t.yaml", plainPlan("", fleets.join("")))));
    const rowsOf = (name: string) => [...(workbook?.sheets.find((sheet) => sheet.name === name)?.rows ?? [])];
    const total = rowsOf("Summary").find(([, figure]) => figure?.value === "provider_residual_usd")?.[2];
    const sum = /SUMIFS\(Figures!\$C\$(\d+):\$C\$(\d+),Figures!\$B\$\1:\$B\$\2,"chip_residual_usd"\)/;
    const [, first, last] = sum.exec(String(total?.formula)) ?? [];
    const figures = rowsOf("Figures");
    const named = (rows: typeof figures, name: string) =>
      rows.filter(([, figure]) => figure?.value === name).map((cells) => Number(cells[2]?.value));
    const chips = named(figures.slice(Number(first) - 1, Number(last)), "chip_residual_usd");
    expect(chips).toHaveLength(30);
    const parts = [...chips, ...named(figures, "facility_residual_usd")];
    const left = parts.reduce((all, one) => all + one, 0);
    expect(left).toBeGreaterThan(0);
    expect(total?.value).toBeCloseTo(left, 6);
  });

  test("moves a default of what is like another with that one, as a value stated there moves both", async () => {
    const fleets = `  f: { chip: c, site: s, size: 1000 chips, deliver: { at: 2026-01 } }
  g: { like: f, chip: c, size: 500 chips }
  h: { like: g, chip: c, size: 200 chips, residual_haircut: 20 % }
`;
    const workbook = await workbookOf(scenarioOf(loadWith("t.yaml", plainPlan("", fleets))));
    const rows = [...(workbook?.sheets.find(({ name }) => name === "Inputs")?.rows ?? [])];
    const formulaOf = (label: string) => rows.find(([head]) => head?.value === label)?.[1]?.formula;
    expect(formulaOf("fleets.f.residual_haircut")).toBeUndefined();
    expect(formulaOf("fleets.g.residual_haircut")).toBe("in_fleets_f_residual_haircut");
    // Stated for itself, with nothing to follow.
    expect(rows.some(([head]) => head?.value === "fleets.h.residual_haircut")).toBe(true);
    expect(formulaOf("fleets.h.residual_haircut")).toBeUndefined();
  });

  test("is the same bytes whenever and wherever it is written", async () => {
    const zone = process.env.TZ;
    try {
      const bytes = [];
      for (const place of ["UTC", "Pacific/Auckland"]) {
        process.env.TZ = place;
        bytes.push(Buffer.concat([...(await writeXlsxFile(await make()))]).toString("base64"));
      }
      expect(bytes[0]).toBe(bytes[1]);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  test.each(['=HYPERLINK("http://x")', "-2+3", "@SUM(A1) <b>&\u0001</b> ]]> _x0041_"])(
    "keeps the title %j a text",
    async (title) => {
      const parts = await partsOf(await make(title));
      const formulas = [...parts.values()].flatMap((text) =>
        [...text.matchAll(/<f>([^<]*)<\/f>/g)].map(([, formula]) => formula ?? ""),
      );
      expect(formulas.length).toBeGreaterThan(100);
      expect(formulas.filter((formula) => /HYPERLINK|^\+1|^-2\+3|@SUM/.test(formula))).toEqual([]);
      for (const [name, text] of parts)
        if (name.endsWith(".xml"))
          for (const raw of ["<b>", "\u0001"]) expect(text.includes(raw), name).toBe(false);
      // Spreadsheets would read this as the letter A.
      expect(parts.get("xl/worksheets/sheet1.xml")).not.toContain(" _x0041_");
    },
  );
});

test("the workbook of a comparison sets scenarios side by side, under headings that are read whole", async () => {
  const runs = [];
  for (const [name, set] of [
    ["a-plan", []],
    ["the-same-plan-at-twice-the-price", ["chips.c.price=20 thousand USD"]],
  ] as const) {
    const scenario = scenarioOf(loadWith("t.yaml", plan, { sets: set }));
    const { results } = await runPlain(scenario, createThreadRunner());
    if (!results) throw new Error("no results");
    runs.push({ name, scenario, results });
  }
  const origin = { title: "t", description: undefined, version: "1", command: "", files: [] };
  const { sheets } = makeCompareWorkbook(
    { basis: "as written", runs },
    differingInputs(runs.map(({ scenario }) => scenario)),
    origin,
  );
  expect(sheets.map(({ name }) => name)).toEqual(["Summary", "Annual", "Differences", "About"]);
  for (const { rows, widths } of sheets.slice(0, 2))
    for (const [column, cell] of ([...rows][1] ?? []).entries())
      expect(widths[column], String(cell?.value)).toBeGreaterThan(Math.min(40, String(cell?.value).length));
  const [summary, , differences] = sheets.map(({ rows }) => [...rows]);
  const capital = summary?.findIndex(([figure]) => figure?.value === "provider_capex_total_usd") ?? -1;
  const [, , one, other, difference, ratio] = summary?.[capital] ?? [];
  expect(Number(other?.value)).toBeGreaterThan(Number(one?.value));
  const [first, second] = [`$C${capital + 1}`, `D${capital + 1}`];
  expect(difference?.formula).toBe(`IF(COUNT(${first},${second})=2,${second}-${first},"")`);
  expect(difference?.value).toBe(Number(other?.value) - Number(one?.value));
  expect(ratio?.value).toBeCloseTo(Number(other?.value) / Number(one?.value), 12);
  expect(differences?.slice(2).map((cells) => cells.map((cell) => cell?.value))).toEqual([
    ["chips.c.price", "10 thousand USD", "20 thousand USD"],
  ]);
});

test("the run that a workbook is made of is the plain run, bit for bit", async () => {
  const drafts = fc.sample(moneyOf(), { seed: SEED, numRuns: 3 });
  const scenarios = [
    scenarioOf(loadWith("t.yaml", plan)),
    ...drafts.map((draft) => loadMoney(makeMoneyUncertain(draft))),
  ];
  for (const scenario of scenarios)
    expect(runForWorkbook(scenario)?.plain).toEqual(await runPlain(scenario, createThreadRunner()));
});

describe("values of registers", () => {
  const scenario = loadMoney(fc.sample(moneyOf(), { seed: SEED, numRuns: 1 })[0]);

  test("are kept once, and computed from others, as the program computes them bit for bit, where cells compute them", () => {
    const run = runForWorkbook(scenario);
    // A reader that computes nothing itself has a column of each register.
    const all = runForTrace(scenario, { ...OPEN_FIELDS, canCompute: () => false }).run;
    if (!run || !all?.program) throw new Error("no run");
    expect(new Set(run.columns.values()).size).toBeLessThan(0.7 * run.columns.size);
    const { chain } = new Translator(layOut(run), new InputBook(run, run.program), run.program);
    let computed = 0;
    for (const register of run.program.followed.keys()) {
      const kept = all.columns.get(columnKey("total", registerColumn(register), ""));
      if (!kept) continue;
      if (!run.columns.has(columnKey("total", registerColumn(register), ""))) computed++;
      const wrong = chain.valuesOf(register).findIndex((value, month) => !Object.is(value, kept[month]));
      expect(wrong, `register ${register}`).toBe(-1);
    }
    expect(computed).toBeGreaterThan(200);
  });
});

test("values of columns beside the metrics are those of each month, bit for bit", () => {
  const run = runForWorkbook(scenarioOf(loadWith("t.yaml", plan)));
  if (!run) throw new Error("no run");
  let count = 0;
  for (const entity of listEntities(run.entities))
    for (const { name, level, formula } of METRICS) {
      if (!formula || level !== entity.level || !columnOf(run, name, entity)) continue;
      // Sums over months take as many months for each; they are interpreted month by month anyway.
      if (/"(total|running)"/.test(JSON.stringify(formula))) continue;
      const own = formulaIn(run.scenario, formula);
      const values = interpretMonths(run, own, entity);
      const wrong = values.findIndex(
        (value, month) => !Object.is(value, interpret(run, own, entity, month).value),
      );
      expect(wrong, `${name} of ${entity.level}`).toBe(-1);
      count++;
    }
  expect(count).toBeGreaterThan(80);
});

describe("rows that are made while they are read", () => {
  test("are written before the last one is made, and folded where they are to be", async () => {
    const style = { kind: "kernel", format: "0.0" } as const;
    let count = 0;
    const sheet: Workbook["sheets"][number] = {
      name: "Fleets",
      widths: [9, 9],
      frozen: { rows: 0, columns: 0 },
      foldedRows: new Set([1]),
      rows: {
        length: 20_000,
        ahead: { styles: [style], longestText: 0, longestFormula: 0 },
        *[Symbol.iterator]() {
          for (; count < 20_000; count++) yield count === 2 ? [] : [{ value: count, style }];
        },
      },
    };
    const pieces: Uint8Array[] = [];
    let made = 0;
    for (const piece of await writeXlsxFile({ title: "", names: [], sheets: [sheet] })) {
      pieces.push(piece);
      if (count > 0 && made === 0) made = count;
    }
    expect(made).toBeLessThan(10_000);
    const xml = new TextDecoder().decode(unzipSync(Buffer.concat(pieces))["xl/worksheets/sheet1.xml"]);
    expect(xml).toContain('<dimension ref="A1:B20000"/>');
    expect(xml).toMatch(
      /<row r="1"><c r="A1" s="(\d+)"><v>0<\/v><\/c><\/row><row r="2" hidden="1" outlineLevel="1"><c r="A2" s="\1">/,
    );
    expect(xml).not.toContain('<row r="3"');
    expect(xml).toContain('<row r="20000">');
  });

  test("share the text of a formula that is filled down, unless it reads another sheet or a row that stays", async () => {
    const columns = [
      ["A", 1, "*2"],
      ["Monthly!A", 1, "*2"],
      ["A", 1, "+B7"],
      ["A$", 1, ""],
      ["$A", 1, "+$B$7+in_a1"],
    ];
    const filled = columns.map((pieces) => ({ pieces, count: 3 }));
    const rows = [0, 1, 2].map((moved) =>
      filled.map((each) => ({ value: moved, formula: new MovedFormula(each, moved) })),
    );
    const sheets = [{ name: "Fleets", widths: [9], rows, frozen: { rows: 0, columns: 0 } }];
    const xml = (await partsOf({ title: "", names: [], sheets })).get("xl/worksheets/sheet1.xml") ?? "";
    const formulas = [...xml.matchAll(/<f[^>]*?(?:\/>|>.*?<\/f>)/g)].map(([text]) => text);
    expect(formulas).toEqual([
      '<f t="shared" ref="A1:A3" si="0">A1*2</f>',
      "<f>Monthly!A1*2</f>",
      "<f>A1+B7</f>",
      "<f>A$1</f>",
      '<f t="shared" ref="E1:E3" si="1">$A1+$B$7+in_a1</f>',
      '<f t="shared" si="0"/>',
      "<f>Monthly!A2*2</f>",
      "<f>A2+B7</f>",
      "<f>A$2</f>",
      '<f t="shared" si="1"/>',
      '<f t="shared" si="0"/>',
      "<f>Monthly!A3*2</f>",
      "<f>A3+B7</f>",
      "<f>A$3</f>",
      '<f t="shared" si="1"/>',
    ]);
  });
});

describe("what no spreadsheet can hold is found", () => {
  const sheetOf = (rows: Workbook["sheets"][number]["rows"], columns = 1): Workbook => ({
    title: "",
    names: [],
    sheets: [
      { name: "Fleets", widths: new Array<number>(columns).fill(9), rows, frozen: { rows: 0, columns: 0 } },
    ],
  });

  test("rows, columns and long texts", async () => {
    expect(findExcess(await make())).toBeUndefined();
    expect(findExcess(sheetOf(Array.from({ length: 1_048_577 }, () => [])))).toBe(
      "the sheet Fleets has 1,048,577 rows; spreadsheets hold 1,048,576: plan fewer months, parts or changes",
    );
    expect(findExcess(sheetOf([], 16_385))).toContain("16,385 columns");
    expect(findExcess(sheetOf([[{ value: "x".repeat(32_768) }]]))).toContain(
      "32,768 characters; spreadsheets hold 32,767: shorten it",
    );
    expect(findExcess(sheetOf([[{ value: 1, formula: `1${"+1".repeat(4096)}` }]]))).toBe(
      "a formula on the sheet Fleets has 8,193 characters; spreadsheets hold 8,192: plan fewer months, parts or changes",
    );
  });

  test("texts and formulas in rows that are made while they are read", async () => {
    const { sheets } = await make();
    const fleets = sheets.find(({ name }) => name === "Fleets");
    const cells = [...(fleets?.rows ?? [])].flat();
    const lengths = (texts: readonly unknown[]) => Math.max(...texts.map((text) => `${text ?? ""}`.length));
    expect(fleets?.rows.ahead?.longestFormula).toBe(lengths(cells.map((cell) => cell?.formula)));
    expect(fleets?.rows.ahead?.longestText).toBe(
      lengths(cells.flatMap((cell) => (typeof cell?.value === "string" ? [cell.value] : []))),
    );
    const rowsWith = (ahead: { readonly longestText: number; readonly longestFormula: number }) =>
      sheetOf(Object.assign([[]], { ahead: { styles: [], ...ahead } }));
    expect(findExcess(rowsWith({ longestText: 32_767, longestFormula: 8_192 }))).toBeUndefined();
    expect(findExcess(rowsWith({ longestText: 32_768, longestFormula: 0 }))).toContain(
      "32,768 characters; spreadsheets hold 32,767: shorten it",
    );
    expect(findExcess(rowsWith({ longestText: 0, longestFormula: 8_193 }))).toBe(
      "a formula on the sheet Fleets has 8,193 characters; spreadsheets hold 8,192: plan fewer months, parts or changes",
    );
  });
});
