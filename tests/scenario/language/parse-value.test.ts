import { exp, log } from "../../../src/numbers/plain.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";
import { formatExpr } from "../../../src/scenario/language/format-expr.ts";
import { functionNames } from "../../../src/scenario/language/language.ts";
import { DIMENSIONS } from "../../../src/units/dimension.ts";
import { equalVectors } from "../../../src/units/vector.ts";
import { exprOf, faultOf, names, numberOf, parse } from "./context.ts";

const secondsPerMonth = 2_629_800;

describe("a value", () => {
  test.each([
    ["2 GW", 2e9],
    ["1.005 kW", 1005],
    ["55 %", 0.55],
    ["-20 %", -0.2],
    ["18 months", 18 * secondsPerMonth],
    ["2026-05", 2026 * 12 + 4],
    ["cap * 2", 4e9],
    ["1.4 kW/chip * 10 chips", 14_000],
    ["2 GW / 2 MW", 1000],
    ["cap / 2 GW", 1],
    ["(1 + 2) GW", 3e9],
    ["2 * -3 GW", -6e9],
    ["-2^2", -4],
    ["2^-1", 0.5],
    ["2^3^2", 512],
    ["10 - 3 - 2", 5],
    ["min(3, 1, 2) + max(1, 2)", 3],
    ["abs(-3) + round(2.5) + floor(-0.5) + ceil(0.2)", 3 + 3 - 1 + 1],
    ["sqrt(cap * cap)", 2e9],
    ["exp(log(5))", exp(log(5))],
    ["1 < 2 ? 3 : 4", 3],
    ["1 < 2 < 2 ? 3 : 4", 4],
    ["1 == 1 and not (2 != 2) or 0 > 1", 1],
    ["pue <= 1.2 ? cap : 0 W", 2e9],
    ["ipo - date(2026, 1)", 4 * secondsPerMonth],
    ["ipo + term", 2027 * 12 + 10],
    ["term + ipo", 2027 * 12 + 10],
    ["ipo - 6 months", 2025 * 12 + 10],
    ["max(ipo, date(2026, 7))", 2026 * 12 + 6],
    ["ipo > date(2026, 1) ? term : 0 months", 18 * secondsPerMonth],
    ["round(term * 1.03)", 19 * secondsPerMonth],
    ["calendar_year + month_of_year / 100", 2026.01],
  ])("%s is %d", (text, value) => {
    expect(numberOf(text)).toBe(value);
  });

  test("reads the calendar of its month", () => {
    const december2025 = 2026 * 12 - 1;
    expect(numberOf("calendar_year", 0.5, december2025)).toBe(2025);
    expect(numberOf("month_of_year", 0.5, december2025)).toBe(12);
    expect(numberOf("elapsed_months", 0.5, december2025)).toBe(-1);
  });

  test("is the same number as a literal and inside an expression", () => {
    for (const text of [
      "58 USD/MWh",
      "1.005 kW",
      "0.3 hours",
      "180 USD/(kW month)",
      "0.12 / year",
      "288 GiB",
    ]) {
      expect(numberOf(`(${text})`), text).toBe(numberOf(text));
    }
  });

  test("has the dimension that its arithmetic gives", () => {
    const cases = [
      ["58 USD/MWh * cap * 1 year", "money"],
      ["cap * 3 hours", "energy"],
      ["sqrt(cap ^ 2)", "power"],
      ["cap ^ (1 / 2) * cap ^ 0.5", "power"],
      ["ipo - filing", "duration"],
      ["3 billion USD / cap", "price_per_power"],
    ] as const;
    for (const [text, name] of cases) {
      expect(equalVectors(exprOf(text).vector, DIMENSIONS[name].vector), text).toBe(true);
    }
    expect(exprOf("ipo + 1 month").isDate).toBe(true);
    expect(exprOf("ipo - filing").isDate).toBe(false);
  });

  test("is bound as finely as what it reads", () => {
    expect(exprOf("cap * pue").binding).toBe("constant");
    expect(exprOf("cap * growth").binding).toBe("month");
    expect(exprOf("cap * share").binding).toBe("trial");
    expect(exprOf("1 to 2").binding).toBe("trial");
    expect(exprOf("growth * share").binding).toBe("month-trial");
    expect(exprOf("between(growth, 2 * growth)").binding).toBe("month-trial");
  });

  test("keys its distributions by the path, outer before inner, from left to right", () => {
    const keysOf = (text: string): string[] =>
      JSON.stringify(exprOf(text))
        .match(/"variable":"[^"]*"/g)
        ?.map((found) => found.slice(12, -1))
        .sort() ?? [];
    expect(keysOf("1 to 2")).toEqual(["sites.a.power"]);
    expect(keysOf("between(1, 2) + normal(1, 2) * uniform(0, 1)")).toEqual([
      "sites.a.power",
      "sites.a.power#1",
      "sites.a.power#2",
    ]);
    const nested = exprOf("between(1, 2) to 3 + uniform(0, 1)");
    expect(nested.kind === "distribution" && nested.variable).toBe("sites.a.power");
    expect(keysOf("between(1, 2) to 3 + uniform(0, 1)")).toHaveLength(3);
  });

  test("leaves the tree as it was written", () => {
    expect(formatExpr(exprOf("(1 - 2) - (3 - 4) / (5 * 6)"))).toBe("1 - 2 - (3 - 4) / (5 * 6)");
    expect(formatExpr(exprOf("1 + (2 + 3)"))).toBe("1 + (2 + 3)");
    expect(formatExpr(exprOf("(2 ^ 3) ^ 2"))).toBe("(2 ^ 3) ^ 2");
  });

  test("overflows to infinity, which the caller checks", () => {
    expect(numberOf("2^2^2^2^2^2")).toBe(Number.POSITIVE_INFINITY);
    expect(numberOf("1 / 0")).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("`to`", () => {
  test("splits at the top of a value, with any value on each side", () => {
    for (const text of [
      "1 % to 3 %",
      "cap to 3 GW",
      "2026-05 to 2026-09",
      "min(1 GW, cap) to (cap + 1 GW)",
    ]) {
      expect(exprOf(text), text).toMatchObject({ kind: "distribution", family: "interval" });
    }
  });

  test.each([
    [
      "2 GW to 1 GW",
      "invalid-distribution",
      "P5 is above P95: 2 GW and 1 GW",
      "write the lower end first: `1 GW to 2 GW`",
    ],
    ["1 to 3 %", "invalid-distribution", "P5 is above P95", "write the unit at both ends: `1 % to 3 %`"],
    [
      "2 to 3 GW",
      "unit-mismatch",
      "got a plain number and a power",
      "write the unit at both ends: `2 GW to 3 GW`",
    ],
    ["2 GW to 3 MWh", "unit-mismatch", "got a power and an energy", undefined],
    [
      "2 GW to MW",
      "invalid-expression",
      "does not convert units",
      "write `2 GW`; units are converted where the value is read",
    ],
    ["to 3 GW", "invalid-expression", "there is no value before `to`", undefined],
    ["3 GW to", "invalid-expression", "there is no value after `to`", undefined],
    ["1 to 2 to 3", "invalid-expression", "`to` occurs more than once", undefined],
    ["(1 to 2) * 3", "forbidden-expression", "`to` inside an expression", undefined],
  ])("%s is %s", (text, code, headline, help) => {
    const fault = faultOf(text);
    expect(fault.code).toBe(code);
    expect(headlineOf(fault)).toContain(headline);
    if (help) expect(fault.help).toBe(help);
  });

  test("is a certain value where both ends are equal", () => {
    expect(numberOf("3 GW to 3 GW", 0.9)).toBe(3e9);
  });
});

describe("a fault of dimensions says what was expected", () => {
  test.each([
    ["cap + energy", "`sites.a.power` needs values of one kind around `+`, got a power and an energy"],
    ["cap - 5", "`sites.a.power` needs values of one kind around `-`, got a power and a plain number"],
    ["max(cap, 0)", "`sites.a.power` needs values of one kind around `max`, got a power and a plain number"],
    [
      "cap > energy ? 1 : 2",
      "`sites.a.power` needs values of one kind around `>`, got a power and an energy",
    ],
    [
      "share > 0.5 ? cap : ipo",
      "`sites.a.power` needs values of one kind around `?`, got a power and a date",
    ],
    ["cap ? 1 : 2", "`sites.a.power` needs a condition before `?`, got a power"],
    ["exp(cap)", "`sites.a.power` needs a plain number in `exp`, got a power"],
    ["round(cap)", "`sites.a.power` needs a plain number or a duration in `round`, got a power"],
    ["cap ^ share", "`sites.a.power` needs a fixed exponent where the base has a unit, got a power ^ share"],
    ["2 ^ cap", "`sites.a.power` needs a plain number as the exponent, got a power"],
    ["ipo + ipo", "`sites.a.power` needs a date and a duration around `+`, got two dates"],
    ["ipo + 3", "`sites.a.power` needs a date and a duration around `+`, got a date and a plain number"],
    ["3 months - ipo", "`sites.a.power` needs a date and a duration around `-`, got a duration and a date"],
    ["ipo * 2", "`sites.a.power` needs quantities around `*`, got a date"],
    ["sqrt(ipo)", "`sites.a.power` needs quantities around `sqrt`, got a date"],
    ["ipo == 3", "`sites.a.power` needs values of one kind around `==`, got a date and a plain number"],
    [
      "normal(cap, 3)",
      "`sites.a.power` needs values of one kind in `normal`, got a power and a plain number",
    ],
    ["lognormal(cap, 1)", "`sites.a.power` needs plain numbers in `lognormal`, got a power"],
    ["normal(ipo, 3 months)", "`sites.a.power` needs quantities in `normal`, got a date"],
  ])("%s: %s", (text, headline) => {
    const fault = faultOf(text);
    expect(fault.code).toBe("unit-mismatch");
    expect(headlineOf(fault)).toBe(headline);
  });
});

describe("a name", () => {
  test("that is unknown is reported with near ones, and where it stands", () => {
    expect(faultOf("cap * shrae")).toMatchObject({
      code: "unknown-name",
      help: "did you mean `share`?",
      span: { column: 7, length: 5 },
    });
    expect(faultOf("calender_year + 1").help).toContain("`calendar_year`");
    expect(faultOf("5 gw * pue")).toMatchObject({ code: "unknown-unit", help: "did you mean `GW`?" });
    expect(faultOf("floor + 1").help).toContain("write `floor(x)`");
  });

  test("of the calendar, or that varies by month, is refused where nothing varies by month", () => {
    for (const text of ["calendar_year", "2 * growth"]) {
      const fault = faultOf(text, { allowMonth: false });
      expect(fault.code).toBe("forbidden-expression");
      expect(headlineOf(fault)).toContain("which varies by month");
    }
  });

  test("that is faulty itself leaves the value out without another fault", () => {
    const faulty = { lookup: () => "faulty" as const, known: [] };
    expect(parse("2 * anything", { names: faulty })).toEqual({ diagnostics: [] });
  });

  test("of everything objects have is no name and no function", () => {
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"]) {
      expect(faultOf(`${name} + 1`).code, name).toBe("unknown-name");
      expect(faultOf(`${name}(1)`).code, name).toBe("forbidden-expression");
    }
  });
});

describe("what is no arithmetic is refused by name", () => {
  test.each([
    ["x = 1", "an assignment (`=`)"],
    ["f(x) = x", "the definition of a function"],
    ['import("fs")', "text in quotes"],
    ["import(1)", "the function `import`"],
    ["createUnit(1)", "the function `createUnit`"],
    ["evaluate(1)", "the function `evaluate`"],
    ["parse(1)", "the function `parse`"],
    ["zeros(1e9)", "the function `zeros`"],
    ["cap.constructor", "a dotted name (`.`)"],
    ["cap.constructor(1)", "a call of something other than a name"],
    ["cap[1]", "an array or an index (`[ ]`)"],
    ["[1, 2]", "an array or an index (`[ ]`)"],
    ["{a: 1}", "an object (`{ }`)"],
    ["1:1e9", "a range (`:`)"],
    ["1; 2", "more than one statement"],
    ["1\n2", "more than one statement"],
    ["1 # 2", "a comment (`#`)"],
    ["cap'", "a quote (`'`)"],
    ["5!", "`!` (factorial)"],
    ["5 mod 3", "`mod`"],
    ["12 % 5", "`%` inside an expression"],
    ["100 + 5 %", "`%` inside an expression"],
    ["1 & 2", "`&`"],
    ["1 | 2", "`|`"],
    ["1 << 2", "the operator `<<`"],
    ["1 xor 2", "`xor`"],
    ["1 .* 2", "`.*`"],
    ["true", "`true`"],
    ["null", "`null`"],
    ["2026-05 + 6 months", "a date such as `2026-05` inside an expression"],
  ])("%s: %s", (text, what) => {
    const fault = faultOf(text);
    expect(fault.code).toBe("forbidden-expression");
    expect(fault.values.what).toBe(what);
  });

  test("and says what to write", () => {
    expect(faultOf("cap * 5 %").help).toBe("write `0.05`, or give `5 %` a name under `let`");
    expect(faultOf("between(1 %, 3 %)").help).toContain("write `0.01`");
    expect(faultOf("2026-05 + 6 months").help).toContain("write `date(2026, 5)`");
    expect(faultOf("if(1, 2, 3)").help).toBe("write `condition ? a : b`");
    expect(faultOf("nromal(1, 2)").help).toBe("did you mean `normal`?");
  });

  test.each([
    ["1 +", "invalid-expression"],
    ["2 share", "invalid-expression"],
    ["2 (3 + 4)", "invalid-expression"],
    ["1/2 GW", "invalid-expression"],
    ["cap / kW month", "invalid-expression"],
    ["150 USD/kW month", "invalid-value"],
    ["GW", "invalid-value"],
    ["$5 billion", "invalid-value"],
    ["1,000 chips", "invalid-value"],
    ["38 B USD", "invalid-value"],
    ["", "invalid-expression"],
    ["min(1)", "invalid-expression"],
    ["date(2026, 13)", "invalid-date"],
    ["date(cap, 1)", "invalid-date"],
    ["2026-05-01", "invalid-date"],
    ["2026-5", "invalid-date"],
    ["2026-00", "invalid-date"],
    ["1e400", "not-finite"],
    ["Infinity", "not-finite"],
    ["1 * 1e308 TW", "not-finite"],
  ])("%s is %s", (text, code) => {
    expect(faultOf(text).code).toBe(code);
  });
});

describe("size", () => {
  test.each([
    ["a long text", `${"1+".repeat(250)}1`, "too-large"],
    ["a long sum", `${"1+".repeat(120)}1`, "too-deep"],
    ["many values", `min(${"1,".repeat(210)}1)`, "too-large"],
    ["nested brackets", `${"(".repeat(200)}1${")".repeat(200)}`, "too-deep"],
    ["brackets left open", "(".repeat(490), "too-deep"],
    ["nested calls", `${"abs(".repeat(60)}1${")".repeat(60)}`, "too-deep"],
    ["signs", `${"-".repeat(300)}1`, "too-deep"],
    ["powers", `${"2^".repeat(150)}2`, "too-deep"],
    ["choices", `${"1?1:".repeat(90)}1`, "too-deep"],
    ["negations", `${"not ".repeat(120)}1`, "too-deep"],
  ])("%s is refused", (_, text, code) => {
    expect(parse(text).diagnostics[0].code).toBe(code);
  });
});

describe("no text makes the parser throw", () => {
  const pieces = [
    ...[
      "1",
      "2.5",
      "1e3",
      "GW",
      "MWh",
      "USD",
      "chip",
      "month",
      "%",
      "to",
      "2026-05",
      "cap",
      "share",
      "ipo",
      "growth",
    ],
    ...[
      "+",
      "-",
      "*",
      "/",
      "^",
      "(",
      ")",
      ",",
      "?",
      ":",
      "<",
      "==",
      "and",
      "not",
      "in",
      "mod",
      "=",
      ".",
      "[",
      "{",
      '"',
    ],
    ...[
      "'",
      ";",
      "#",
      "!",
      "&",
      "|",
      "~",
      "$",
      "\\",
      "\n",
      "\u0000",
      "\u202e",
      "π",
      "end",
      "i",
      "x",
      "__proto__",
    ],
    ...functionNames.map((name) => `${name}(`),
  ];

  test("of pieces of the language", () => {
    const words = fc
      .array(fc.constantFrom(...pieces, " "), { maxLength: 40 })
      .map((words) => words.join(" "));
    fc.assert(
      fc.property(words, fc.boolean(), (text, allowMonth) => {
        const { expr, diagnostics } = parse(text, { allowMonth });
        expect(expr !== undefined || diagnostics.length > 0).toBe(true);
        if (expr) expect(typeof formatExpr(expr)).toBe("string");
        for (const diagnostic of diagnostics) expect(headlineOf(diagnostic)).not.toContain("undefined");
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  test("of any characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
        const { expr, diagnostics } = parse(text);
        expect(expr !== undefined || diagnostics.length > 0).toBe(true);
      }),
      { numRuns: 2000, seed: 2 },
    );
  });

  test("and what it shows of a tree reads back to the same tree", () => {
    const leaf = fc.constantFrom("1", "2.5", "pue", "share", "3", "between(1, 2)");
    const tree = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc
          .tuple(tie("tree"), fc.constantFrom("+", "-", "*", "/", "^", "<", "and"), tie("tree"))
          .map((p) => `(${p.join(" ")})`),
        fc.tuple(tie("tree"), tie("tree"), tie("tree")).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
        tie("tree").map((a) => `(-${a})`),
        tie("tree").map((a) => `(not(${a}))`),
        fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => `min(${a}, ${b})`),
      ),
    })).tree;
    const withoutPlaces = (text: string): unknown =>
      JSON.parse(JSON.stringify(exprOf(text), (key, value) => (key === "span" ? undefined : value)));
    fc.assert(
      fc.property(tree, (text) => {
        fc.pre(parse(text).expr !== undefined);
        const shown = formatExpr(exprOf(text));
        // At the top an interval is shown as `A to B`, which reads back too.
        expect(withoutPlaces(shown)).toEqual(withoutPlaces(text));
      }),
      { numRuns: 1000, seed: 3 },
    );
  });
});

test("the names of the tests are all defined", () => {
  expect(names.known).toHaveLength(8);
});
