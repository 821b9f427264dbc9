import { expect, test } from "vitest";
import {
  firstMonthOf,
  firstMonthOfQuarter,
  periodWords,
  quarterText,
  yearOf,
  yearText,
} from "../../src/scenario/calendar.ts";
import { loadWith, plainPlan } from "../demand/demand-files.ts";

const month = (year: number, number: number) => year * 12 + number - 1;

test("a fiscal year is named for the calendar year it ends in", () => {
  expect(yearOf(month(2026, 6), 7)).toBe(2026);
  expect(yearOf(month(2026, 7), 7)).toBe(2027);
  expect(yearOf(month(2027, 6), 7)).toBe(2027);
  // NVIDIA's fiscal 2027 ends in January 2027, Microsoft's in June.
  expect(yearOf(month(2026, 2), 2)).toBe(2027);
  expect(yearOf(month(2026, 1), 2)).toBe(2026);
  expect([yearOf(month(2026, 12), 1), yearOf(month(2026, 12), 12)]).toEqual([2026, 2027]);
  expect([yearText(2027, 7), yearText(2027, 1)]).toEqual(["FY2027", "2027"]);
});

test("quarters count from the month that the year begins in", () => {
  expect([7, 10, 1, 4].map((number) => quarterText(month(2026, number), 7))).toEqual([
    "FY2027Q1",
    "FY2027Q2",
    "FY2026Q3",
    "FY2026Q4",
  ]);
  expect(quarterText(month(2026, 4), 1)).toBe("2026Q2");
  expect(firstMonthOfQuarter(month(2026, 4), 2)).toBe(month(2026, 2));
  expect(firstMonthOfQuarter(month(2026, 4), 1)).toBe(month(2026, 4));
});

test("every month lies within its year, whatever month that begins in", () => {
  for (let start = 1; start <= 12; start++)
    for (let each = month(2026, 1); each <= month(2027, 12); each++) {
      const year = yearOf(each, start);
      expect(firstMonthOf(year, start)).toBeLessThanOrEqual(each);
      expect(each).toBeLessThan(firstMonthOf(year + 1, start));
      expect(firstMonthOf(year, start) % 12).toBe(start - 1);
    }
  expect(periodWords("year", 7)).toBe("fiscal year, named for the year it ends in, from July on");
});

test.each(["0", "13", "1.5", "July"])("a year that starts in month %s is refused", (start) => {
  const plan = plainPlan(
    "  w: { kind: inference, model: m, requests: 1 requests/s, prompt: 10 tokens, answer: 1 tokens }\n",
  );
  const { diagnostics } = loadWith("t.yaml", plan, { sets: [`fiscal_year_start=${start}`] });
  const refused = diagnostics.filter(({ path }) => path === "fiscal_year_start").map(({ code }) => code);
  expect(refused).toEqual([start === "0" || start === "13" ? "out-of-range" : "invalid-value"]);
});
