import { expect, test } from "vitest";
import { KERNELS } from "../../../src/engine/kernels/kernels.ts";
import { partlySet } from "../../../src/engine/language/coverage.ts";
import type { Kernel } from "../../../src/engine/language/operations.ts";
import { PHASES, record, type Step } from "../../../src/engine/language/record.ts";
import { isUpToHorizon, looksAhead, prune, usesOf } from "../../../src/engine/language/uses.ts";

const SCHEMA = {
  items: {
    x: "slab",
    y: "slab",
    delay: "trial",
    isUp: "flag",
    sum: "output",
    squares: "output",
    sometimes: "output",
    own: "state",
    last: "result",
  },
} as const;

/** The sum so far, squares nobody else reads, and a value that is set in some months only. */
const kernel: Kernel<typeof SCHEMA> = {
  name: "recorded",
  schema: SCHEMA,
  month(o, { items }) {
    o.each(items, (item) => {
      const x = o.now(item.x);
      o.set(item.sum, o.add(o.before(item.sum), x));
      o.set(item.squares, o.multiply(x, o.sqrt(o.abs(x))));
      o.set(item.own, o.ahead(item.y, o.now(item.delay)));
      o.where(o.less(x, o.lag(item.sum, o.now(item.delay))), () => o.set(item.sometimes, o.now(item.own)));
      o.when(item.isUp, () => o.set(item.last, x));
    });
  },
};

const items = (more: Readonly<Record<string, number>> = {}) => ({
  items: [{ x: 0, y: 10, delay: 20, isUp: 0, sum: 30, squares: 40, sometimes: 50, last: 60, ...more }],
});

test("the record says how a kernel uses each column", () => {
  const uses = new Map(usesOf(record(kernel)).map(({ name, uses }) => [name, [...uses].sort()]));
  expect(Object.fromEntries(uses)).toEqual({
    x: ["now"],
    y: ["ahead"],
    delay: ["now"],
    isUp: ["asked for"],
    sum: ["before", "lag", "set"],
    squares: ["set"],
    sometimes: ["set"],
    own: ["now", "set"],
    last: ["set"],
  });
  expect(looksAhead(kernel)).toBe(true);
  expect(isUpToHorizon(kernel)).toBe(false);
});

/** Names of what is computed anywhere in a record. */
function namesOf(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => {
    const own = "name" in step && (step.do === "unary" || step.do === "binary") ? [step.name] : [];
    const inner =
      "body" in step ? namesOf(step.body) : step.do === "when" ? namesOf([...step.yes, ...step.no]) : [];
    return [...own, ...inner];
  });
}

test("what nobody wants is left out, with all that it alone needs", () => {
  const recording = record(kernel);
  expect(namesOf(recording.month)).toEqual(["add", "abs", "sqrt", "multiply", "less"]);
  const kept = prune(recording, ({ name }) => name !== "squares");
  expect(namesOf(kept.month)).toEqual(["add", "less"]);
  // The sum is read by the kernel itself: it stays, whoever wants it.
  const least = prune(recording, ({ name }) => name === "last");
  expect(namesOf(least.month)).toEqual(["add"]);
});

test("outputs that are not set in every month are cleared, and no others", () => {
  expect(partlySet(record(kernel), items())).toEqual([50]);
  expect(partlySet(record(kernel), items({ sometimes: -1 }))).toEqual([]);
});

test("every kernel sets what it makes, reads what it is given, and has a name of its own", () => {
  for (const one of KERNELS) {
    for (const { list, name, kind, uses } of usesOf(record(one))) {
      const where = `${one.name} ${list}.${name}`;
      if (kind === "output" || kind === "result") expect(uses.has("set"), where).toBe(true);
      else if (kind === "state") expect(uses.size, where).toBeGreaterThan(1);
      else expect(uses.size, where).toBeGreaterThan(0);
    }
    expect(PHASES.some((phase) => record(one)[phase].length > 0)).toBe(true);
  }
  expect(new Set(KERNELS.map(({ name }) => name)).size).toBe(KERNELS.length);
});
