import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";
import { evaluatePlain } from "../../../src/scenario/language/evaluate.ts";
import { resolveLets } from "../../../src/scenario/language/resolve-lets.ts";
import { rawLetOf, spanOf } from "./context.ts";

function resolve(definitions: Readonly<Record<string, string>>) {
  return resolveLets(Object.entries(definitions).map(([name, text]) => rawLetOf(name, text, spanOf(text))));
}

const headlines = (definitions: Readonly<Record<string, string>>): readonly string[] =>
  resolve(definitions).diagnostics.map(headlineOf);

describe("definitions under `let`", () => {
  test("are read in an order in which each reads only earlier ones, whatever their order in the file", () => {
    const definitions = { total: "half * 2", half: "base / 2", base: "3 GW", other: "1 % to 2 %" };
    const { lets, diagnostics } = resolve(definitions);
    expect(diagnostics).toEqual([]);
    expect([...lets.keys()]).toEqual(["base", "other", "half", "total"]);
    const reversed = resolve(Object.fromEntries(Object.entries(definitions).reverse()));
    expect([...reversed.lets.keys()]).toEqual([...lets.keys()]);
    const total = lets.get("total");
    expect(total && evaluatePlain(total, { month: 0, startMonth: 0, lets, inflation: 0 })).toBe(3e9);
  });

  test("have the path of their line as the variable", () => {
    expect(resolve({ growth: "1 % to 3 %" }).lets.get("growth")).toMatchObject({ variable: "let.growth" });
  });

  test("may be distributions, whose parameters read other names", () => {
    const entry = (key: string, text: string) => ({ key, text, span: spanOf(text) });
    const { lets, diagnostics } = resolveLets([
      rawLetOf("delay", [entry("p5", "least"), entry("p95", "least + 6 months")], spanOf("x")),
      rawLetOf("least", "3 months", spanOf("3 months")),
    ]);
    expect(diagnostics).toEqual([]);
    expect([...lets.keys()]).toEqual(["least", "delay"]);
  });

  test("that are constant are known to later checks", () => {
    expect(headlines({ low: "3", wide: "low + 1 to 2" })).toEqual([
      "invalid distribution for `let.wide`: P5 is above P95: low + 1 and 2",
    ]);
    expect(headlines({ n: "2", area: "(3 GW)^n" })).toEqual([]);
  });

  test("in a circle are reported once, by the whole circle", () => {
    expect(headlines({ cat: "ant", ant: "bee + 1", bee: "cat * 2", dog: "ant + 1", fine: "1" })).toEqual([
      "invalid `let`: the names depend on each other in a circle (ant -> bee -> cat -> ant)",
    ]);
    expect(headlines({ a: "a + 1" })).toEqual([
      "invalid `let`: the names depend on each other in a circle (a -> a)",
    ]);
    expect(headlines({ ant: "bee", bee: "ant", x: "y", y: "x" })).toHaveLength(2);
    expect([...resolve({ ant: "bee", bee: "ant", fine: "1" }).lets.keys()]).toEqual(["fine"]);
  });

  test("with a fault do not spoil those that read them a second time", () => {
    const { lets, diagnostics } = resolve({ ant: "1 + ", bee: "ant * 2", cat: "bee to 3" });
    expect(diagnostics.map(({ path }) => path)).toEqual(["let.ant"]);
    expect(lets.size).toBe(0);
  });

  test.each([
    ["h", "it is a unit"],
    ["gw", undefined],
    ["min", "it is a unit"],
    ["to", "it is a unit"],
    ["date", "it is a unit"],
    ["rest", "it is a unit"],
    ["calendar_year", "it is a unit"],
    ["between", "it is a unit"],
    ["pert", "it is a unit"],
    ["constructor", "it is a unit"],
    ["Share", "names are lower-case letters"],
    ["my-share", "names are lower-case letters"],
    ["2x", "names are lower-case letters"],
    ["", "names are lower-case letters"],
  ])("named %s", (name, reason) => {
    const { diagnostics } = resolveLets([rawLetOf(name, "1", spanOf("1"))]);
    if (reason === undefined) expect(diagnostics).toEqual([]);
    else expect(headlineOf(diagnostics[0])).toContain(reason);
  });

  test("keep a unit a unit where a name would hide it", () => {
    const { lets, diagnostics } = resolve({ h: "3", energy: "10 h" });
    expect(diagnostics).toHaveLength(1);
    const energy = lets.get("energy");
    expect(energy && evaluatePlain(energy, { month: 0, startMonth: 0, lets, inflation: 0 })).toBe(36_000);
  });

  test("in a long chain neither overflow the stack nor take exponential time", () => {
    const definitions: Record<string, string> = { x0: "1" };
    for (let index = 1; index <= 5000; index++)
      definitions[`x${index}`] = `x${index - 1} + x${index - 1} * 0`;
    const { lets, diagnostics } = resolve(definitions);
    expect(diagnostics).toEqual([]);
    const last = lets.get("x5000");
    expect(last && evaluatePlain(last, { month: 0, startMonth: 0, lets, inflation: 0 })).toBe(1);
  });

  test("never make the resolver throw", () => {
    const names = fc.constantFrom("a", "b", "c", "h", "min", "X", "__proto__");
    const texts = fc
      .array(fc.constantFrom("a", "b", "c", "1", "GW", "+", "*", "to", "(", ")", "between("), {
        maxLength: 8,
      })
      .map((words) => words.join(" "));
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(names, texts), { selector: ([name]) => name }), (definitions) => {
        const { lets, diagnostics } = resolveLets(
          definitions.map(([name, text]) => rawLetOf(name, text, spanOf(text))),
        );
        expect(lets.size === definitions.length || diagnostics.length > 0).toBe(true);
        for (const expr of lets.values())
          evaluatePlain(expr, { month: 0, startMonth: 0, lets, inflation: 0 });
      }),
      { numRuns: 1000, seed: 4 },
    );
  });
});
