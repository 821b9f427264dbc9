import { scaleLinear } from "d3-scale";
import { describe, expect, test } from "vitest";
import { linearScale, logMarks, scaleFromZero, timeAxis, yearTicks } from "../../src/charts/kit/axes.ts";
import { measureOf } from "../../src/charts/kit/measure.ts";
import { monthSpans } from "../../src/charts/kit/month-spans.ts";
import { daysOf, isoMonth, longMonth, readMonth, shortMonth } from "../../src/charts/kit/months.ts";
import { alike, brief, fixed, listed, percent, signed, significant } from "../../src/charts/kit/numbers.ts";
import {
  COLOURS,
  colourChips,
  contrastOf,
  fillOf,
  labelColour,
  onColour,
  PAPER,
} from "../../src/charts/kit/palette.ts";
import { areaPath } from "../../src/charts/kit/path.ts";
import { plainSentence } from "../../src/charts/kit/sentence.ts";
import { escapeText, fitText, keepApart, widthOf, wrapLines } from "../../src/charts/kit/svg.ts";

/** Narrow spaces and the true minus as a keyboard has them. */
const typed = (text: string) => text.replace(/\u202f/g, " ").replace(/\u2212/g, "-");

describe("numbers", () => {
  test("have three significant digits, thin separators and a true minus", () => {
    const shown = [2474.3, 64.23, 0.34812, -36.71, 1234567, 0, Number.NaN].map((value) =>
      typed(significant(value)),
    );
    expect(shown).toEqual(["2 470", "64.2", "0.348", "-36.7", "1 230 000", "0", "\u2013"]);
    expect(significant(-5)).toBe("\u22125.00");
    expect(significant(999.6)).toBe("1\u202f000");
  });

  test("of rates and floors have no zeros at their end", () => {
    expect([8, 10.84, 1.2, 0.05, 100, 0].map(brief)).toEqual(["8", "10.8", "1.2", "0.05", "100", "0"]);
  });

  test("that stand together share the decimals of the largest", () => {
    expect(alike([4.3, 20.94, 48.41])).toEqual(["4.3", "20.9", "48.4"]);
    expect(alike([0.1, 0.34, 1.236])).toEqual(["0.10", "0.34", "1.24"]);
  });

  test("show no minus for what rounds to nothing, and a sign for a difference", () => {
    expect(fixed(-0.04, 1)).toBe("0.0");
    expect(signed(0.04, (value) => fixed(value, 1))).toBe("0.0");
    expect(signed(1.26, (value) => fixed(value, 1))).toBe("+1.3");
    expect(signed(-1.26, (value) => fixed(value, 1))).toBe("\u22121.3");
  });

  test("per cent are whole from ten on, and never 0 or 100 for what is neither", () => {
    const shares = [0, 0.0001, 0.0123, 0.099, 0.123, 0.9912, 0.9999, 1];
    expect(shares.map((share) => typed(percent(share)))).toEqual([
      "0 %",
      "<0.1 %",
      "1.2 %",
      "9.9 %",
      "12 %",
      "99.1 %",
      ">99.9 %",
      "100 %",
    ]);
  });

  test("are listed as people do", () => {
    expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listed)).toEqual(["", "a", "a and b", "a, b and c"]);
  });
});

describe("a measure", () => {
  test("takes the largest unit of which there is at least one", () => {
    const unitFor = (unit: string, largest: number) => measureOf(unit, [1, largest]).unit;
    expect(unitFor("USD", 6.4e10)).toBe("B USD");
    expect(unitFor("USD", 8.2e6)).toBe("M USD");
    expect(unitFor("MW", 2474)).toBe("GW");
    expect(unitFor("MW", 40)).toBe("MW");
    expect(measureOf("MW", [0.08]).unit).toBe("kW");
    expect(unitFor("chips", 1.2e6)).toBe("million chips");
    expect(unitFor("chips", 120_000)).toBe("thousand chips");
    expect(unitFor("billion tokens", 150_000)).toBe("trillion tokens");
    expect(unitFor("YFLOP", 314_000)).toBe("thousand YFLOP");
    expect(unitFor("parsecs", 3)).toBe("parsecs");
  });

  test("writes text, tick and tooltip alike", () => {
    const measure = measureOf("USD", [53.8e9, 77.1e9]);
    expect(measure.text(4.28e9)).toBe("4.3");
    expect(measure.short(4.28e9)).toBe("4.28");
    expect(typed(measure.full(64.23e9))).toBe("64.2 B USD");
    expect([0, 5e9, 10e9].map((value) => measure.tick(value, 5e9))).toEqual(["0", "5", "10"]);
    const share = measureOf("1", [0.5]);
    expect([share.unit, share.text(0.123), typed(share.full(0.123)), share.tick(0.25, 0.25)]).toEqual([
      "%",
      "12",
      "12 %",
      "25",
    ]);
  });

  test("of nothing, zeros or NaN still shows them", () => {
    for (const values of [[], [0, 0], [Number.NaN]]) expect(measureOf("USD", values).text(0)).toBe("0");
    expect(measureOf("USD", [1]).text(Number.NaN)).toBe("\u2013");
  });
});

test("months are named, read and as long as they are", () => {
  const month = 2029 * 12 + 11;
  expect([longMonth(month), shortMonth(month), isoMonth(month)]).toEqual([
    "December 2029",
    "Dec 2029",
    "2029-12",
  ]);
  expect(readMonth("2029-12")).toBe(month);
  expect(["2029-13", "2029", "none"].map(readMonth)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  const days = (year: number) =>
    Array.from({ length: 12 }, (_, index) => daysOf(year * 12 + index)).reduce((sum, own) => sum + own, 0);
  expect([2027, 2028, 2100, 2000].map(days)).toEqual([365, 366, 365, 366]);
});

describe("colours", () => {
  test("of labels can be read on paper, and texts on their fills, in light and dark", () => {
    for (const mode of ["light", "dark"] as const)
      for (const name of COLOURS) {
        expect(contrastOf(labelColour(name, mode), PAPER[mode].paper), name).toBeGreaterThanOrEqual(4.5);
        // Names stand inside the bands of chips alone.
        if (/^chip-|^others$/.test(name))
          expect(contrastOf(onColour(name, mode), fillOf(name, mode)), name).toBeGreaterThanOrEqual(4.5);
      }
    expect(contrastOf("#000000", "#ffffff")).toBeCloseTo(21, 9);
  });

  test("of chips are the vendor's, darker with each generation, and the same whatever else is shown", () => {
    const chip = (name: string, vendor: string, since: string) => ({ name, vendor, since });
    const all = [
      chip("old", "NVIDIA", "2024-06"),
      chip("new", "NVIDIA", "2025-09"),
      chip("train", "AWS", "2027-08"),
      chip("own", "Somebody", ""),
    ];
    const colours = colourChips(all);
    expect(Object.fromEntries(colours)).toEqual({
      old: "chip-nvidia-1",
      new: "chip-nvidia-3",
      train: "chip-aws-2",
      own: "chip-other-0",
    });
    expect(colourChips(all.slice(1, 2)).get("new")).toBe("chip-nvidia-3");
    // Two of one shade are told apart; those that find none are grey.
    const many = colourChips(Array.from({ length: 8 }, (_, index) => chip(`c${index}`, "NVIDIA", "2025-09")));
    expect(new Set([...many.values()].slice(0, 5)).size).toBe(5);
    expect([...many.values()].slice(5)).toEqual(["others", "others", "others"]);
  });
});

describe("texts", () => {
  test("are escaped, and what XML does not allow is replaced", () => {
    expect(escapeText(`<script>"&'\u0000\u0007`)).toBe("&lt;script&gt;&quot;&amp;'\ufffd\ufffd");
    expect(escapeText("\ud800 lone")).toBe("\ufffd lone");
    expect(escapeText("日本 😀 עברית")).toBe("日本 😀 עברית");
  });

  test("fit their room", () => {
    const long = "A title of two hundred letters ".repeat(7);
    expect(widthOf(fitText(long, 120))).toBeLessThanOrEqual(120);
    expect(fitText("short", 120)).toBe("short");
    const lines = wrapLines(long, 200, 3);
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(200);
    expect(wrapLines("", 200)).toEqual([]);
    expect(fitText("😀".repeat(60), 100)).not.toMatch(/[\ud800-\udbff]\u2026$/);
  });

  test("are kept apart in their order", () => {
    expect(keepApart([10, 12, 50], 14, 0, 100)).toEqual([10, 24, 50]);
    expect(keepApart([98, 99, 97], 10, 0, 100)).toEqual([90, 100, 80]);
  });
});

describe("axes", () => {
  test("lay months evenly and name each year in the middle of its span", () => {
    const axis = timeAxis(2026 * 12, 96, 40, 1000);
    expect(axis.at(2026 * 12)).toBe(40);
    expect(axis.at(2034 * 12)).toBe(1000);
    expect(axis.middle(2026 * 12)).toBe(45);
    const names = [...yearTicks(axis, 200).matchAll(/<text x="([\d.]+)"[^>]*>(\d{4})</g)];
    expect(names.map(([, x, year]) => [Number(x), Number(year)])).toEqual(
      Array.from({ length: 8 }, (_, index) => [100 + index * 120, 2026 + index]),
    );
  });

  test("name a single month, months within a year, and some years of many", () => {
    expect(yearTicks(timeAxis(2027 * 12, 1, 0, 300), 10)).toContain(">Jan 2027<");
    const few = yearTicks(timeAxis(2027 * 12 + 1, 6, 0, 300), 10);
    expect(few).toContain(">Feb 2027<");
    expect(few).toContain(">Jul 2027<");
    const texts = [...yearTicks(timeAxis(2026 * 12, 360, 0, 300), 10).matchAll(/<text x="([\d.]+)"/g)];
    expect(texts.length).toBeGreaterThan(4);
    for (let index = 1; index < texts.length; index++)
      expect(Number(texts[index][1]) - Number(texts[index - 1][1])).toBeGreaterThan(18);
  });

  test("of numbers place every value where d3-scale does, to the bit", () => {
    const values = [-7.3, 0, 1 / 3, 41.7, 1e9, Number.NaN];
    for (const [domain, nice] of [
      [[0, 97.3], undefined],
      [[0, 97.3], 4],
      [[-3.1, 12], 6],
      [[12, -3.1], 5],
      [[4, 4], undefined],
    ] as const) {
      const expected = scaleLinear().domain(domain).range([290, 34.7]);
      if (nice !== undefined) expected.nice(nice);
      const scale = linearScale(domain, [290, 34.7], nice);
      expect(values.map(scale)).toEqual(values.map((value) => expected(value) ?? Number.NaN));
      expect([scale.domain(), scale.range(), scale.ticks(5)]).toEqual([
        expected.domain(),
        expected.range(),
        expected.ticks(5),
      ]);
    }
  });

  test("hold zero and all values, and stand where all is zero or nothing", () => {
    expect(scaleFromZero([3, 97], 100, 0).domain()).toEqual([0, 100]);
    expect(scaleFromZero([-40, 12], 100, 0).domain()).toEqual([-40, 20]);
    for (const values of [[], [0], [Number.NaN]])
      expect(scaleFromZero(values, 1, 0).domain()).toEqual([0, 1]);
  });

  test("of logarithms end at the ticks around the values", () => {
    expect(logMarks(0.06, 9.4)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]);
    const wide = logMarks(1e-3, 1e6);
    expect(wide[0]).toBeLessThanOrEqual(1e-3);
    expect(wide.at(-1)).toBeGreaterThanOrEqual(1e6);
    expect(wide.length).toBeLessThanOrEqual(10);
  });
});

test("a path around an area goes along the top and back along the bottom, and is broken where an end is not known", () => {
  const high = [9, 8, Number.NaN, 6, 5];
  const area = areaPath([0, 10, 20, 30, 40], [0, 1, 2, 3, 4], high);
  expect(area).toBe("M0,9L10,8L10,1L0,0ZM30,6L40,5L40,4L30,3Z");
});

describe("months in words", () => {
  const horizon = { startMonth: 2026 * 12, monthCount: 48 };
  const range = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index);
  test.each([
    [[13], "in February 2027"],
    [[0, 1], "in January and February 2026"],
    [[11, 12], "in December 2026 and January 2027"],
    [range(2, 4), "from March to May 2026"],
    [range(12, 23), "throughout 2027"],
    [range(11, 23), "from December 2026 to December 2027"],
    [range(40, 47), "from May 2029 on"],
    [[47], "in December 2029"],
    [range(0, 47), "in every month"],
    [
      [0, 1, ...range(12, 23), ...range(40, 47)],
      "in January and February 2026, throughout 2027 and from May 2029 on",
    ],
    [[0, 2, 4, 6, 8], "in 5 of 48 months, first in January 2026"],
  ])("%j are %s", (months, words) => {
    expect(plainSentence(monthSpans(months, horizon, (_, text) => text))).toBe(words);
  });
});
