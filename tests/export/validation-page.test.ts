import { expect, test } from "vitest";
import { makeValidationPage } from "../../src/export/validation-page.ts";
import type { Column, Table } from "../../src/metrics/table.ts";

const texts = {
  id: "B1",
  case: '<img src=x onerror="alert(1)"> | a [link](javascript:x)',
  given: "1 GW",
  chips: "gb300 `code`",
  basis: "facility",
  unit: "MW",
  verdict: "outside",
  independent: "yes",
  remark: "</td><script>alert(1)</script>\nnew line",
  source_says: "a & b",
  date: "2026-01",
  url: "javascript:alert(1)",
};
const numbers = { predicted: 1, predicted_p5: 1, predicted_p95: 2, published: 3, ratio: 0.3 };

function tableOf(more: Readonly<Record<string, string>> = {}): Table {
  const columns = [
    ...Object.entries({ ...texts, ...more }).map(([name, text]) => ({
      name,
      type: "string",
      text: name,
      values: [text],
    })),
    ...Object.entries(numbers).map(([name, value]) => ({
      name,
      type: "number",
      text: name,
      values: [value],
    })),
  ] as unknown as Column[];
  return { name: "backtest", text: "", columns, rowCount: 1, primaryKey: ["id"] } as unknown as Table;
}

function pageOf(more?: Readonly<Record<string, string>>): string {
  const summary = { points: 1, independentPoints: 1, meanAbsoluteError: 0.1, shareInside: 1 };
  const part = { table: tableOf(more), summary, chart: "a.svg" };
  const kinds = { ...tableOf({ kind: "power", ...more }), name: "kinds" };
  return makeValidationPage({ deployments: part, demand: part, kinds, others: tableOf(more), notes: "" });
}

test("texts of a case are shown as they are, never as HTML, cells or links", () => {
  const page = pageOf();
  const body = page.slice(page.indexOf("# Validation"));
  expect(body).not.toMatch(/<(?!!--)/);
  expect(body).toContain('&lt;img src=x onerror="alert(1)"&gt; \\| a \\[link\\](javascript:x)');
  expect(body).toContain("&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt; new line");
  expect(body).toContain("- B1: a &amp; b javascript:alert(1) 2026-01");
});

test("an address of the web becomes a link, one that would leave its brackets does not", () => {
  expect(pageOf({ url: "https://example.org/a?b=1" })).toContain("[2026-01](https://example.org/a?b=1)");
  expect(pageOf({ url: "https://example.org/) <b>" })).toContain("https://example.org/) &lt;b&gt; 2026-01");
});
