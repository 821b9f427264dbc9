import { describe, expect, test } from "vitest";
import { factorise } from "../../src/engine/index.ts";
import { nearestCorrelation } from "../../src/scenario/check/nearest-correlation.ts";
import { listCorrelatedGroups } from "../../src/scenario/correlations.ts";
import { faultsOf, load, loaded, scenarioText } from "./load-files.ts";

const LETS =
  "let:\n  low_price: 1 to 2\n  mid_price: 2 to 3\n  top_price: 3 to 4\n  fixed: 2\n  both: low_price + mid_price\n";

/** A scenario with these correlations; its values are used, so that nothing else is said of them. */
function withCorrelations(correlation: string) {
  const fleets =
    "fleets:\n  first:\n    chip: gb300\n    site: east\n    size: 100 chips * (low_price + mid_price + top_price + fixed + both)\n    deliver: { at: 2026-03 }\n";
  return scenarioText({ let: LETS, fleets, correlation: `correlation:\n${correlation}` });
}

test("pairs that share a value are one group, in sorted order, with its Cholesky factor", () => {
  const scenario = loaded(
    withCorrelations(
      "  two: { between: [let.top_price, let.mid_price], value: 0.5 }\n  one: { between: [let.low_price, let.mid_price], value: 60 % }\n",
    ),
  );
  const [{ keys, lower }] = listCorrelatedGroups(scenario);
  expect(keys).toEqual(["let.low_price", "let.mid_price", "let.top_price"]);
  expect(lower[0]).toBe(1);
  expect(lower[3]).toBe(0.6);
  expect(lower[3] * lower[6] + lower[4] * lower[7]).toBeCloseTo(0.5, 14);
});

describe("a correlation is refused", () => {
  test.each([
    ["that names one value", "  x: { between: [let.low_price], value: 0.5 }\n", /names 1 values, not two/],
    [
      "that names what is not there",
      "  x: { between: [let.low_price, let.bbb], value: 0.5 }\n",
      /no value has the path `let.bbb`/,
    ],
    [
      "of a value that is certain",
      "  x: { between: [let.low_price, let.fixed], value: 0.5 }\n",
      /is not a distribution of its own/,
    ],
    [
      "of a value that only reads others",
      "  x: { between: [let.top_price, let.both], value: 0.5 }\n",
      /is not a distribution of its own/,
    ],
    [
      "of a value with itself",
      "  x: { between: [let.low_price, let.low_price], value: 0.5 }\n",
      /both are the same value/,
    ],
    ["without a value", "  x: { between: [let.low_price, let.mid_price] }\n", /missing `value`/],
    ["above 1", "  x: { between: [let.low_price, let.mid_price], value: 1.2 }\n", /out of range/],
    [
      "that is stated twice",
      "  x: { between: [let.low_price, let.mid_price], value: 0.5 }\n  y: { between: [let.mid_price, let.low_price], value: 0.4 }\n",
      /same two values/,
    ],
    ["of 1", "  x: { between: [let.low_price, let.mid_price], value: 1 }\n", /contradict each other/],
  ])("%s", (_, text, reason) => {
    const faults = faultsOf(load(withCorrelations(text)));
    expect(faults.join("\n")).toMatch(reason);
    expect(faults).toHaveLength(1);
  });

  test("that cannot hold with the others, and the nearest that can are offered", () => {
    const result = load(
      withCorrelations(
        "  ab: { between: [let.low_price, let.mid_price], value: 0.9 }\n  bc: { between: [let.mid_price, let.top_price], value: 0.9 }\n  ac: { between: [let.low_price, let.top_price], value: -0.9 }\n",
      ),
    );
    const [fault] = result.diagnostics;
    expect(fault.code).toBe("invalid-correlation");
    const offered = Object.fromEntries(
      [...(fault.help ?? "").matchAll(/(ab|bc|ac) (-?[\d.]+)/g)].map((m) => [m[1], m[2]]),
    );
    const accepted = load(
      withCorrelations(
        `  ab: { between: [let.low_price, let.mid_price], value: ${offered.ab} }\n  bc: { between: [let.mid_price, let.top_price], value: ${offered.bc} }\n  ac: { between: [let.low_price, let.top_price], value: ${offered.ac} }\n`,
      ),
    );
    expect(faultsOf(accepted)).toEqual([]);
  });
});

test("the nearest correlation matrix is that of Higham's example", () => {
  // N. J. Higham (2002), section 4: the tridiagonal matrix of ones.
  const nearest = nearestCorrelation(Float64Array.of(1, 1, 0, 1, 1, 1, 0, 1, 1), 3);
  expect(nearest[1]).toBeCloseTo(0.7607, 3);
  expect(nearest[2]).toBeCloseTo(0.1573, 3);
  expect(factorise(nearest, 3)).toBeDefined();
});
