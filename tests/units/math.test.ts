import { expect, test } from "vitest";
import { parseMath } from "../../src/units/math.ts";
import { makeUnits } from "../../src/units/mathjs-units.ts";

const Unit = makeUnits();

test.each([
  ["3*x+2 GW", "3 * x + 2 GW"],
  ["a ? b : c", "a ? b : c"],
  ["x^2 <= 3 and not y", "x ^ 2 <= 3 and not y"],
  ["max(1, growth) % 2", "max(1, growth) % 2"],
  ["1e3 * 0.5", "1000 * 0.5"],
])("%s is parsed", (text, shown) => {
  expect(parseMath(text).toString()).toBe(shown);
});

test.each([
  "1 + 1",
  "cos.constructor",
  'cos.constructor("return 1")',
  "[1, 2][1]",
  "import({})",
  'createUnit("x")',
  'evaluate("1")',
  "x[1] = 2",
])("the tree of %s cannot be evaluated", (text) => {
  const node = parseMath(text);
  expect(() => node.compile().evaluate({ x: [1] })).toThrow();
});

test("a fault of grammar is a SyntaxError", () => {
  for (const text of ["1 +", "(", "2 ** 3", "x y ="])
    expect(() => parseMath(text), text).toThrow(SyntaxError);
});

test("mathjs has month and year as parts of each other", () => {
  const year = Unit.parse("1 year").value;
  expect(year).toBe(8766 * 3600);
  expect(Unit.parse("12 months").value).toBe(year);
});

test("the parser of units and that of expressions read a word after a divisor differently, so the literal is refused elsewhere", () => {
  // In a unit, kW month multiplies the whole; in an expression, it is the divisor.
  expect(Unit.parse("USD/kW month").units.map((part) => part.power)).toEqual([1, -1, 1]);
  expect(parseMath("USD/kW month").toString({ parenthesis: "all" })).toBe("USD / (kW month)");
});
