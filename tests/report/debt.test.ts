/** What a report says and draws of loans and tax, against the loan that tests/cases works by hand. */
import fs from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Results } from "../../src/analysis/results/results.ts";
import { HALF } from "../../src/charts/kit/picture.ts";
import { plainSentence, type Sentence } from "../../src/charts/kit/sentence.ts";
import { comparePictures } from "../../src/report/compare-pictures.ts";
import { debtPicture } from "../../src/report/money/debt-pictures.ts";
import { leftSentences } from "../../src/report/money/left-answer.ts";
import { readPlan } from "../../src/report/plan.ts";
import { tellRun } from "../../src/report/run-report.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { createTracer } from "../../src/web/engine/figure-trace.ts";
import { run } from "../money/plain-figures.ts";
import { loaded } from "../scenario/load-files.ts";

/** Ten chips borrowed whole: 100 USD are due in April against 3,600, 8,332.50 in May against 3,720. */
const text =
  /```yaml scenario\n(.*?)```/s.exec(
    fs.readFileSync("tests/cases/loan-sweep-and-covenant.case.md", "utf8"),
  )?.[1] ?? "";
const TAX = "tax: { rate: 25 %, chips: { depreciation: full }, facility: { depreciation: full } }\n";

type Ran = { readonly scenario: Scenario; readonly results: Results };
const ran = async (of: string): Promise<Ran> => ({
  scenario: loaded(of, { catalog: [] }),
  results: await run(of),
});
const leftOf = ({ scenario, results }: Ran) =>
  leftSentences(scenario, results).map((one) =>
    plainSentence(one)
      .replace(/\u202f/g, " ")
      .replace(/\u2212/g, "-"),
  );

let levered: Ran;
let taxed: Ran;
beforeAll(async () => {
  [levered, taxed] = [await ran(text), await ran(text + TAX)];
});

describe("sentences on what is left", () => {
  test("tell equity after debt, and the twelve months over which cash covers least", () => {
    const [equity, cover, ...others] = leftOf(levered);
    expect(others).toEqual([]);
    expect(equity).toMatch(
      /^After debt, equity is worth [\d.]+ thousand USD at 0 % a year(?: and earns [\d.]+ % a year)?\.$/,
    );
    expect(cover).toBe(
      "Over the worst twelve months cash covers 0.868 times what is due on chips; its covenant of 1.2 is missed in 1 month.",
    );
  });

  test("tell the month from which cover counts, since cash may have covered less before", async () => {
    const later = text.replace(/covenant: \{ (?!from)/, "covenant: { from: 2027-05, ");
    expect(later).not.toBe(text);
    const [, cover] = leftOf(await ran(later));
    expect(cover).toMatch(/^From May 2027 on, over the worst twelve months cash covers /);
  });

  test("join tax and equity, each at its own rate, and tell tax alone without loans", async () => {
    const [joined] = leftOf(taxed);
    expect(joined).toMatch(
      /^After tax the provider’s NPV is -?[\d. ]+ (?:thousand )?USD at 0 % a year without debt; after debt and tax, equity is worth -?[\d. ]+ (?:thousand )?USD at 0 % a year/,
    );
    const unlevered = await ran(text.replace(/^debt:\n.*\n/m, "") + TAX);
    const [alone, ...others] = leftOf(unlevered);
    expect(others).toEqual([]);
    expect(alone).toMatch(
      /^After tax the provider’s NPV is .* at 0 % a year; it pays [\d. ]+ (?:thousand )?USD of tax over the horizon\.$/,
    );
  });

  test("say nothing where there is neither, and of a loan without a covenant that equity pays what is missing", async () => {
    expect(leftOf(await ran(text.replace(/^debt:\n.*\n/m, "")))).toEqual([]);
    const [, cover] = leftOf(await ran(text.replace(/, covenant: \{[^}]*\}/, "")));
    expect(cover).toBe(
      "Over the worst twelve months cash covers 0.868 times what is due on chips, and equity pays the rest.",
    );
    // Power dearer than what the hours earn.
    const [, none] = leftOf(
      await ran(text.replace(/electricity: [^,}\n]*/, "electricity: 10 thousand USD/MWh")),
    );
    expect(none).toBe(
      "Over the worst twelve months operation leaves no cash to pay what is due on chips; its covenant of 1.2 is missed in 2 months.",
    );
  });

  test("stand in the answer and among the key figures", async () => {
    // Equity pays half of dearer chips, so that it has a rate of return.
    const dear = text.replace("price: 1000 USD", "price: 3000 USD");
    const half = await ran(dear.replace("share: 100 %", "share: 50 %") + TAX);
    const { answer, keys } = tellRun(half.scenario, half.results);
    expect(answer.map(plainSentence).join(" ")).toContain("after debt and tax, equity is worth");
    expect(keys.map(({ label }) => label).filter((label) => /equity/i.test(label))).toEqual([
      "Return on equity, after tax",
    ]);
  });
});

describe("a return on equity that may be nearly anything", () => {
  /** The run with a sample in which equity earns so much at P5, P50 and P95, and is worth 1, 2 and 3 million USD. */
  const sampled = ({ scenario, results }: Ran, low: number, middle: number, high: number): Ran => {
    const quantilesOf = (metric: string) =>
      metric.startsWith("equity_irr") ? [low, middle, high] : [1e6, 2e6, 3e6];
    const spread = {
      trials: 1000,
      seed: "1",
      probabilities: [0.05, 0.5, 0.95],
      read: ({ metric }: { readonly metric: string }) => ({
        mean: 0,
        deviation: 0,
        quantiles: quantilesOf(metric),
      }),
    };
    return { scenario, results: { ...results, spread } as unknown as Results };
  };
  const toldOf = (ran: Ran) => {
    const labels = tellRun(ran.scenario, ran.results).keys.map(({ label }) => label);
    return [leftOf(ran)[0], labels.find((label) => /equity/i.test(label))];
  };
  const dear = text.replace("price: 1000 USD", "price: 3000 USD").replace("share: 100 %", "share: 50 %");

  test("is told by its range alone, and what equity is worth is the key figure", async () => {
    const plain = await ran(dear);
    expect(toldOf(sampled(plain, 0.05, 0.7, 1.05))).toEqual([
      expect.stringMatching(/ a year and earns 70 % \(5.0 to 105 %\) a year\.$/),
      "Return on equity",
    ]);
    expect(toldOf(sampled(plain, 0.04, 0.7, 1.05))).toEqual([
      expect.stringMatching(/ a year; what it earns a year is open \(4.0 to 105 %\)\.$/),
      "Equity\u2019s NPV after debt",
    ]);
    expect(toldOf(sampled(await ran(dear + TAX), -0.37, 0.7, 22.41))[1]).toBe(
      "Equity\u2019s NPV after debt and tax",
    );
  });
});

describe("a comparison of what is left", () => {
  // Worth nothing at the end of the year, ten months after they land.
  const own = text.replace("economic_life: 12 months", "economic_life: 10 months");
  const dearer = own.replace("price: 1000 USD", "price: 1100 USD");
  /** Columns of the differences but the first, with the cell of the second scenario in USD. */
  const comparedOf = async (...texts: readonly string[]) => {
    const runs = (await Promise.all(texts.map(ran))).map((one, index) => ({ ...one, name: `plan ${index}` }));
    const [{ numbers }] = comparePictures({ basis: "as written", runs }, "provider", undefined);
    const cells = numbers.rows[0].map((cell) =>
      Number(cell.replace(/[\u202f+]/g, "").replace("\u2212", "-")),
    );
    return new Map(
      numbers.columns.map(({ name, unit }, at) => [
        name,
        unit === "thousand USD" ? cells[at] * 1e3 : cells[at],
      ]),
    );
  };

  test("shows the last of NPV after tax and equity that all have, as worked by hand", async () => {
    // Ten chips cost 100 USD more each, and all of it is deducted in the year: 1,000 USD less before tax, 750 after 25 %.
    const untaxed = own.replace(/^debt:\n.*\n/m, "");
    const unlevered = await comparedOf(untaxed + TAX, dearer.replace(/^debt:\n.*\n/m, "") + TAX);
    expect(unlevered.get("Provider\u2019s NPV over the horizon")).toBe(-1000);
    expect(unlevered.get("Provider\u2019s NPV after tax")).toBe(-750);
    // Interest of 110 and, after a sweep of half of 3,600 - 110, 92.55 USD: 20.05 more than 182.50.
    const levered = await comparedOf(own, dearer);
    expect(levered.get("Equity\u2019s NPV after debt")).toBeCloseTo(-1020.05, -1);
    expect(levered.has("Provider\u2019s NPV after tax")).toBe(false);
    const both = await comparedOf(own + TAX, dearer + TAX);
    expect(both.get("Equity\u2019s NPV after debt and tax")).toBeCloseTo(-1020.05 * 0.75, -1);
    expect(both.has("Equity\u2019s NPV after debt")).toBe(false);
    // What one of them lacks is not compared.
    const [, ...names] = (await comparedOf(own + TAX, untaxed)).keys();
    expect(names.filter((name) => /tax|equity/i.test(name))).toEqual([]);
  });
});

describe("the picture of debt", () => {
  test("has the balance, the service and the cover of each year", () => {
    const [{ numbers, note }] = debtPicture(readPlan(levered.scenario, levered.results));
    expect(numbers.columns.map(({ name }) => name)).toEqual([
      "Year",
      "Owed at its end",
      "Interest",
      "Principal",
      "Cash available",
      "chips",
    ]);
    // Thousands: 100 + 82.50 of interest, 10,000 of principal; 3,600 + 3,720 in the two months in which 100 + 8,332.50 are due.
    const [year, owed, ...cells] = numbers.rows[0].map((cell) => cell.replace(/\u202f/g, ""));
    expect([year, Number(owed)]).toEqual(["2027", 0]);
    expect(cells.map(Number)).toEqual([0.2, 10, 7.3, 0.87]);
    expect(plainSentence(note as Sentence)).toBe(
      "Least cover of twelve months: chips: 0.868, covenant 1.2, below it in 1 month.",
    );
  });

  test("opens the trace of what is paid and of the cash for it, without months that do not count", async () => {
    const tracedIn = async (of: string) => {
      const { scenario, results } = await ran(of);
      const [{ numbers }] = debtPicture(readPlan(scenario, results));
      const tracer = createTracer(scenario, results);
      return numbers.columns.slice(2, -1).map(({ name }, index) => {
        const figure = numbers.figureAt?.(0, index + 2);
        const traced = figure && tracer(figure);
        if (!traced || "refusal" in traced) throw new Error(`${name} has no trace`);
        const { canonical, children, notes } = traced.tree;
        return [name, Number(canonical.toFixed(6)), children.map(({ month }) => month), notes];
      });
    };
    // As tests/cases works it by hand: cash of April and May alone, and interest and fees but those added to the loan.
    expect(await tracedIn(text)).toEqual([
      ["Interest", 182.5, ["2027-04", "2027-05"], ["not of months in which loan_capitalised_usd is above 0"]],
      ["Principal", 10_000, ["2027-04", "2027-05"], undefined],
      ["Cash available", 7320, ["2027-04", "2027-05"], ["only of months in which loan_due_usd is above 0"]],
    ]);
    const added = /```yaml scenario\n(.*?)```/s.exec(
      fs.readFileSync("tests/cases/loan-capitalised-interest.case.md", "utf8"),
    )?.[1];
    const months = ["2027-03", "2027-04", "2027-05"];
    expect((await tracedIn(added ?? "")).map((row) => row.slice(0, 3))).toEqual([
      ["Interest", 103.02, months],
      ["Principal", 5151, months],
      ["Cash available", 0, []],
    ]);
  });

  test("draws principal on interest to the height of what is paid, and the cash as a line", () => {
    const [picture] = debtPicture(readPlan(levered.scenario, levered.results));
    const { body, height } = picture.draw(HALF);
    expect(body).not.toMatch(/NaN|Infinity|undefined/);
    const bars = [
      ...body.matchAll(
        /<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" class="f-(limit-money|main)">/g,
      ),
    ];
    const [interest, principal] = bars.map(([, y, high]) => [Number(y), Number(high)]);
    // One on the other, 182.50 to 10,000.
    expect(principal[0] + principal[1]).toBeCloseTo(interest[0], 0);
    expect(interest[1] / principal[1]).toBeCloseTo(182.5 / 10_000, 2);
    const cash =
      /<line x1="[\d.]+" y1="([\d.]+)" x2="[\d.]+" y2="([\d.]+)" class="s-ink" stroke-width="2.2"/.exec(body);
    const bottom = interest[0] + interest[1];
    expect((bottom - Number(cash?.[1])) / principal[1]).toBeCloseTo(0.732, 1);
    expect(height).toBeGreaterThan(Math.max(...bars.map(([, y]) => Number(y))));
  });

  test("names beside the picture the loans whose cover is drawn, the largest six", async () => {
    const [, terms = ""] = /^debt:\n *chips: (.*)\n/m.exec(text) ?? [];
    const named = (name: string, share: number) =>
      `  ${name}: ${terms.replace("share: 100 %", `share: ${share} %`)}\n`;
    const loans = ["small", "b", "c", "d", "e", "f", "g"].map((name) =>
      named(name, name === "small" ? 1 : 16),
    );
    const many = await ran(text.replace(/^debt:\n.*\n/m, `debt:\n${loans.join("")}`));
    const [{ note }] = debtPicture(readPlan(many.scenario, many.results));
    const words = plainSentence(note as Sentence);
    expect(words).toMatch(/^Least cover of twelve months: b: .*; g: /);
    expect(words).toContain("The cover of the 6 largest of 7 loans is drawn.");
  });

  test("is not drawn without a loan, or for one that draws nothing", async () => {
    const none = await ran(text.replace("share: 100 %", "share: 0 %"));
    expect(debtPicture(readPlan(none.scenario, none.results))).toEqual([]);
    expect(leftOf(none)).toHaveLength(1);
  });
});
