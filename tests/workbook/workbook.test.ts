import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { columnName, dayOfMonth, type Workbook } from "../../src/workbook/cells.ts";
import { findExcess, writeXlsxFile } from "../../src/workbook/index.ts";
import { loadWith, plainPlan, scenarioOf } from "../demand/demand-files.ts";
import { workbookOf } from "./recalculate.ts";

const plan = plainPlan(
  "  chat: { kind: inference, model: m, requests: 200 requests/s, prompt: 1000 tokens, answer: 100 tokens, speed: 20 tokens/s, value: 1 USD/(million tokens) }\n",
);

async function make(title = "Plan"): Promise<Workbook> {
  const workbook = await workbookOf(scenarioOf(loadWith("t.yaml", plan)), title);
  if (!workbook) throw new Error("no workbook");
  return workbook;
}

/** Texts of the parts of an XLSX file by name. */
async function partsOf(workbook: Workbook): Promise<ReadonlyMap<string, string>> {
  const decoder = new TextDecoder();
  const files = unzipSync(await writeXlsxFile(workbook));
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

  test("writes names, frozen heads, formats, groups, filters, protection and charts", async () => {
    const parts = await partsOf(await make());
    const [book, styles] = ["xl/workbook.xml", "xl/styles.xml"].map((name) => parts.get(name) ?? "");
    expect(book).toContain('name="in_provider_discount_rate"');
    expect(book).toMatch(/<definedName name="in_sites_s_electricity">Inputs!\$B\$\d+<\/definedName>/);
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

  test("names every input with its source and quality, and says why one is locked", async () => {
    const rows = (await make()).sheets.find(({ name }) => name === "Inputs")?.rows ?? [];
    const found = (label: string) => rows.find(([head]) => head?.value === label)?.map((cell) => cell?.value);
    expect(found("sites.s.electricity")?.slice(0, 5)).toEqual([
      "sites.s.electricity",
      50,
      "USD/MWh",
      "yes",
      "50 USD/MWh",
    ]);
    const lead = rows.find(([head]) => String(head?.value).endsWith(".lead"));
    expect(lead?.[3]?.value).toContain("whole months");
    const power = rows.find(([head]) => String(head?.value).endsWith(".it_power"));
    expect(power?.[3]?.value).toMatch(/^the program also computes \w+ from it/);
    expect(power?.[1]?.style?.kind).toBe("locked");
  });

  test("is the same bytes whenever and wherever it is written", async () => {
    const zone = process.env.TZ;
    try {
      const bytes = [];
      for (const place of ["UTC", "Pacific/Auckland"]) {
        process.env.TZ = place;
        bytes.push(Buffer.from(await writeXlsxFile(await make())).toString("base64"));
      }
      expect(bytes[0]).toBe(bytes[1]);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  test.each(['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "<b>&\u0001</b>", "]]>"])(
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
    },
  );
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
      "the sheet Fleets has 1,048,577 rows; spreadsheets hold 1,048,576",
    );
    expect(findExcess(sheetOf([], 16_385))).toContain("16,385 columns");
    expect(findExcess(sheetOf([[{ value: "x".repeat(32_768) }]]))).toContain("32,768 characters");
  });
});
