import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headlineOf } from "../../src/diagnostics/diagnostic.ts";
import { DIMENSIONS, type DimensionName } from "../../src/units/dimension.ts";
import { formatQuantity } from "../../src/units/format.ts";
import { hasQuantityShape, parseQuantity, parseQuantityAs } from "../../src/units/quantity.ts";

/** The canonical number of a text; fails the test if there is none. */
function readAs(text: string, name: DimensionName): number | undefined {
  const { value, diagnostics } = parseQuantityAs(text, name);
  expect(diagnostics, text).toEqual([]);
  return value;
}

/** Code, headline and help of the one diagnostic of a text. */
function faultOf(
  text: string,
  name: DimensionName = "number",
): { code?: string; headline?: string; help?: string | undefined } {
  const { value, diagnostics } = parseQuantityAs(text, name);
  expect(value, text).toBeUndefined();
  expect(diagnostics, text).toHaveLength(1);
  const [fault] = diagnostics;
  return fault ? { code: fault.code, headline: headlineOf(fault), help: fault.help } : {};
}

describe("literals convert exactly", () => {
  const exact: readonly (readonly [string, DimensionName, number])[] = [
    ["2 GW", "power", 2e9],
    ["1.4 GW", "power", 1.4e9],
    ["2GW", "power", 2e9],
    ["  40 MW ", "power", 4e7],
    // 1.005 * 1000 is 1004.9999999999999 in doubles.
    ["1.005 kW", "power", 1005],
    ["1.1 mW", "power", 0.0011],
    ["12 months", "duration", 12],
    ["1 year", "duration", 12],
    ["7 years", "duration", 84],
    ["1 year", "hours", 8766],
    ["8766 h", "duration", 12],
    ["6 hours", "hours", 6],
    ["5 min", "hours", 5 / 60],
    ["1 day", "hours", 24],
    ["1.4 MWh", "energy", 1.4e6],
    ["1 TWh", "energy", 1e12],
    ["1 GW hour", "energy", 1e9],
    ["38 billion USD", "money", 38e9],
    ["4.35 billion USD", "money", 4_350_000_000],
    ["1.5 trillion USD", "money", 1.5e12],
    ["200 thousand chips", "chips", 200_000],
    ["1e3 chips", "chips", 1000],
    ["1 chip", "chips", 1],
    [".5 million chips", "chips", 500_000],
    ["30000 USD", "price_per_chip", 30_000],
    ["30000 USD/chip", "price_per_chip", 30_000],
    ["1.4 kW", "power_per_chip", 1400],
    ["1.4 kW/chip", "power_per_chip", 1400],
    ["2.5 PFLOPS", "flop_rate_per_chip", 2.5e15],
    ["2.5 PFLOP/s/chip", "flop_rate_per_chip", 2.5e15],
    ["1 EFLOPS", "flop_rate", 1e18],
    ["2 ZFLOP", "flop", 2e21],
    ["288 GB", "memory_per_chip", 288e9],
    ["1 GiB", "memory", 2 ** 30],
    ["1 PB", "memory", 1e15],
    ["8 bit", "memory", 1],
    ["8 TB/s", "bandwidth", 8e12],
    ["8 TB/s/chip", "bandwidth_per_chip", 8e12],
    ["40 %", "fraction", 0.4],
    ["40%", "fraction", 0.4],
    ["-2.5 %", "fraction", -0.025],
    ["7 %", "fraction", 0.07],
    ["1.2", "number", 1.2],
    ["0.4", "fraction", 0.4],
    ["15 trillion tokens", "tokens", 15e12],
    ["2 million tokens/s", "token_rate", 2e6],
    ["5 million sessions", "sessions", 5e6],
    ["2 billion requests", "requests", 2e9],
    ["12 USD/W", "price_per_power", 12],
    ["12 million USD/MW", "price_per_power", 12],
  ];
  test.each(exact)("%s as %s is %d", (text, name, value) => {
    expect(readAs(text, name)).toBe(value);
  });

  // Prices per time pass through seconds and back, which may cost one unit in the last place.
  const close: readonly (readonly [string, DimensionName, number])[] = [
    ["58 USD/MWh", "price_per_energy", 58e-6],
    ["0.07 USD/kWh", "price_per_energy", 7e-5],
    ["3.1 USD/chip/hour", "price_per_chip_hour", 3.1],
    ["3.1 USD/(chip hour)", "price_per_chip_hour", 3.1],
    ["3.1 USD/hour", "price_per_chip_hour", 3.1],
    ["150 USD/(kW month)", "price_per_power_month", 0.15],
    ["150 USD/kW/month", "price_per_power_month", 0.15],
    ["150 USD/(kW*month)", "price_per_power_month", 0.15],
    ["24 USD/(kW year)", "price_per_power_month", 0.002],
    ["9 %/year", "rate_per_year", 0.09],
    ["0.5 /year", "rate_per_year", 0.5],
    ["0.01 /month", "rate_per_year", 0.12],
    ["2 USD/(million tokens)", "price_per_token", 2e-6],
  ];
  test.each(close)("%s as %s is %d to one unit in the last place", (text, name, value) => {
    const ulp = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 52);
    expect(Math.abs((readAs(text, name) ?? Number.NaN) - value)).toBeLessThanOrEqual(ulp);
  });

  test("a number without a unit is bare, a percentage or a magnitude is not", () => {
    expect(parseQuantity("5").value?.isBare).toBe(true);
    expect(parseQuantity("5 %").value?.isBare).toBe(false);
    expect(parseQuantity("5 million").value?.isBare).toBe(false);
  });
});

describe("faults", () => {
  test.each([
    ["$8B", "write `8 billion USD`"],
    ["$ 8.5 bn", "write `8.5 billion USD`"],
    ["US$30", "write `30 USD`"],
    ["8B$", "write `8 billion USD`"],
    ["38 B USD", "write `38 billion USD`"],
    ["38B USD", "write `38 billion USD`"],
    ["5 M USD/chip", "write `5 million USD/chip`"],
    ["3 T USD", "write `3 trillion USD`"],
    ["200 k chips", "write `200 thousand chips`"],
    ["1,000 chips", "write `1000 chips` or `1 chips`"],
    ["1_000_000 USD", "write `1000000 USD`"],
    ["150 USD/kW month", "write `150 USD/(kW month)`"],
    ["3 USD/million tokens", "write `3 USD/(million tokens)`"],
    ["many chips", "write a number and its unit, such as `40 MW`"],
    ["", "write a number and its unit, such as `40 MW`"],
    ["USD 5", "write `5 USD`"],
  ])("%s is invalid, with help: %s", (text, help) => {
    expect(faultOf(text)).toMatchObject({ code: "invalid-value", help });
  });

  test.each([
    ["2 gw", "write `2 GW`"],
    ["2 KW", "write `2 kW`"],
    ["1 Gwh", "write `1 GWh`"],
    ["1 GWhr", "write `1 GWh`"],
    ["1 KB", "write `1 kB`"],
    ["1 Mbps", "write `1 Mb/s`"],
    ["1 pflops", "write `1 PFLOPS` or `1 PFLOP`"],
    ["4 PFLOPs", "write `4 PFLOPS` or `4 PFLOP`"],
    ["8 bn", "write `8 billion`"],
    ["20k", "write `20 thousand`"],
    ["30M", "write `30 million`"],
    ["8 BUSD", "write `8 billion USD`"],
    ["5 Mtokens", "write `5 million tokens`"],
    ["100 GPUs", "write `100 chips`"],
    ["58 usd/mwh", "write `58 USD/mwh`"],
    ["40 percent", "write `40 %`"],
  ])("%s has an unknown unit, with help: %s", (text, help) => {
    expect(faultOf(text)).toMatchObject({ code: "unknown-unit", help });
  });

  test.each([
    "2 __proto__",
    "2 constructor",
    "2 toString",
    "2 degC",
    "2 VAR",
    "2 $",
    "1 W-h",
    "2 GW * 3",
    "2 * 3",
    "40 % chips",
    "2 (W",
    "2 W)",
    "2 W^99",
    "2 W^",
    "2 /",
    "0x1F",
    "0b1",
    "1.2.3 W",
    "2 W/",
    "5 && 5",
    "2 µW",
    "2 ((((((((((((W))))))))))))",
    "3..5",
    "1e5.5",
    "- 5 W",
    "2 [W]",
  ])("%s is refused", (text) => {
    expect(["invalid-value", "unknown-unit"]).toContain(faultOf(text).code);
  });

  test.each(["NaN", "Infinity", "-.inf", "1e999 W", "1e300 YFLOP", "1e-400 W"])(
    "%s is not finite",
    (text) => {
      expect(faultOf(text).code).toBe("not-finite");
    },
  );

  test("zero is a number", () => {
    expect(readAs("0 W", "power")).toBe(0);
    expect(readAs("0.0e5", "number")).toBe(0);
  });

  test("a long text is refused unread", () => {
    expect(faultOf(`1 ${"W ".repeat(300)}`)).toMatchObject({ code: "too-large" });
    expect(faultOf(`1 ${"W".repeat(490)}`)).toMatchObject({ code: "unknown-unit" });
  });

  test.each(["W", "W ", "1", "1,", "1 ", "1.1.", "per ", "$", "- ", "~ ", "(", "m^2 ", "% ", "k USD "])(
    "a text of many `%s` is refused without going through all ways to read it",
    (piece) => {
      for (const head of ["", "1 ", "1 W per ", "$ "]) {
        const text = head + piece.repeat(Math.floor((512 - head.length) / piece.length));
        expect(parseQuantity(text).value).toBeUndefined();
      }
    },
  );

  test("a wrong dimension names both, and a bare number lacks its unit", () => {
    expect(faultOf("40 MWh", "power").headline).toBe("the value needs a power, got an energy");
    expect(faultOf("40", "power").headline).toBe("missing unit: needs a power, got the bare number `40`");
    expect(faultOf("5 %", "chips").code).toBe("missing-unit");
    expect(faultOf("5 USD/chip", "money").headline).toBe(
      "the value needs an amount of money, got a price per chip",
    );
  });

  test("carets narrow to the faulty word of a plain text, and stay whole for a quoted one", () => {
    const span = { file: "a.yaml", line: 3, column: 10, length: 10 };
    expect(parseQuantity("58 USD/mwh", { span }).diagnostics[0]?.span).toEqual({
      ...span,
      column: 17,
      length: 3,
    });
    const quoted = { ...span, length: 12 };
    expect(parseQuantity("58 USD/mwh", { span: quoted }).diagnostics[0]?.span).toEqual(quoted);
  });
});

test("the shape of a quantity tells it from an expression", () => {
  for (const text of ["1.4 GW", "40 %", "9 %/year", "2 gw", "1.2", "3 USD/(kW month)", "2 m^2"])
    expect(hasQuantityShape(text), text).toBe(true);
  for (const text of [
    "growth",
    "2 * growth",
    "2 GW + 1 MW",
    "max(1, 2)",
    "1 to 3",
    "5 max(1, 2)",
    "58 USD/MWh * 1.1",
    "2^-",
    "38 billion USD / 7 years",
  ]) {
    expect(hasQuantityShape(text), text).toBe(false);
  }
});

describe("formatting", () => {
  const shown: readonly (readonly [number, DimensionName, string])[] = [
    [1.4e9, "power", "1.4 GW"],
    [999_960, "power", "1 MW"],
    [0, "power", "0 W"],
    [-0, "power", "0 W"],
    [-5e6, "power", "-5 MW"],
    [38e9, "money", "38 billion USD"],
    [1234, "money", "1234 USD"],
    [123_456, "chips", "123.5 thousand chips"],
    [1, "chips", "1 chip"],
    [2.52e15, "flop_rate", "2.52 PFLOP/s"],
    [58e-6, "price_per_energy", "58 USD/MWh"],
    [0.07, "fraction", "7 %"],
    [0.09, "rate_per_year", "9 %/year"],
    [12, "price_per_power", "12 million USD/MW"],
    [1, "duration", "1 month"],
    [18, "duration", "18 months"],
    [1400, "power_per_chip", "1.4 kW/chip"],
    [288e9, "memory", "288 GB"],
    [1 / 3, "number", "0.3333"],
    [Number.NaN, "power", "NaN"],
  ];
  test.each(shown)("%d as %s is %s", (value, name, text) => {
    expect(formatQuantity(value, name)).toBe(text);
  });

  test("a shown text is read back to its four digits, in every dimension", () => {
    const names = Object.keys(DIMENSIONS) as DimensionName[];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.integer({ min: -12, max: 20 }),
        fc.double({ min: 1, max: 9.999, noNaN: true }),
        (name, tens, digits) => {
          const value = digits * 10 ** tens;
          const back = readAs(formatQuantity(value, name), name) ?? Number.NaN;
          // Half a unit of the fourth digit.
          expect(Math.abs(back / value - 1)).toBeLessThan(5.1e-4);
        },
      ),
      { seed: 7 },
    );
  });
});

test("the example of every dimension is read as that dimension", () => {
  for (const dimension of Object.values(DIMENSIONS))
    expect(readAs(dimension.example, dimension.name), dimension.name).toBeGreaterThan(0);
});

test("no text makes the parser throw", () => {
  const pieces = fc.constantFrom(
    "1",
    "2.5",
    "e",
    "GW",
    "USD",
    "/",
    "(",
    ")",
    "^",
    "%",
    " ",
    "$",
    "chip",
    "-",
    "__proto__",
    "·",
    "\u0000",
    "😀",
  );
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join("")),
      (text) => {
        const { value, diagnostics } = parseQuantity(text);
        expect(diagnostics).toHaveLength(value ? 0 : 1);
      },
    ),
    { seed: 7, numRuns: 2000 },
  );
});
