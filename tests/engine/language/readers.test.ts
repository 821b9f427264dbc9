import { describe, expect, test } from "vitest";
import type { Kernel, Operations } from "../../../src/engine/language/operations.ts";
import { Opcode } from "../../../src/engine/operations/opcode.ts";
import { operandCount } from "../../../src/engine/plan/plan-builder.ts";
import { readEmitted, readPlain, type TestItems } from "./readers.ts";

/** Numbers at which operations differ most. */
const odd = [0, -0, 1, -1, 0.5, -2.5, 3, 1e308, -1e308, 5e-324, 0.1, 2.5, Infinity, -Infinity, Number.NaN];
const window = { blockSize: 1, monthCount: 5, originMonth: 2, horizonMonths: 2 };

const pairAt = (month: number, trial: number) => month * 31 + trial;
const x = (month: number, trial: number) => odd[pairAt(month, trial) % odd.length];
const y = (month: number, trial: number) => odd[Math.floor(pairAt(month, trial) / odd.length) % odd.length];
const lags = (_: number, trial: number) => trial % 7;

/** Both readers must make the same bits, signs of zero included; with two pairs of trials side by side, and with one. */
function expectSame(kernel: Kernel, items: TestItems, trials = 47, block = window): readonly number[][] {
  const plain = readPlain(kernel, items, block, trials);
  for (const count of [trials, Math.max(1, trials - 2)]) {
    const emitted = readEmitted(kernel, items, block, count);
    for (const [trial, numbers] of emitted.entries()) expect(numbers, `trial ${trial}`).toEqual(plain[trial]);
  }
  return plain;
}

const ELEMENTS = {
  items: { x: "slab", y: "slab", z: "output" },
} as const;

type Elementwise = <N, T>(o: Operations<N, T>, x: N, y: N) => N;
const asNumber = <N, T>(o: Operations<N, T>, truth: T) => o.select(truth, o.constant(1), o.constant(-0));

describe("both readers compute the same bits of", () => {
  const operations: Readonly<Record<string, Elementwise>> = {
    add: (o, x, y) => o.add(x, y),
    subtract: (o, x, y) => o.subtract(x, y),
    multiply: (o, x, y) => o.multiply(x, y),
    divide: (o, x, y) => o.divide(x, y),
    min: (o, x, y) => o.min(x, y),
    max: (o, x, y) => o.max(x, y),
    floor: (o, x) => o.floor(x),
    ceil: (o, x) => o.ceil(x),
    abs: (o, x) => o.abs(x),
    sqrt: (o, x) => o.sqrt(x),
    power: (o, x, y) => o.power(x, y),
    powers: (o, x, y) => {
      const powerOf = o.powers(x);
      return o.add(powerOf(y), powerOf(o.constant(0.5)));
    },
    log: (o, x) => o.log(x),
    log2: (o, x) => o.log2(x),
    less: (o, x, y) => asNumber(o, o.less(x, y)),
    atMost: (o, x, y) => asNumber(o, o.atMost(x, y)),
    equal: (o, x, y) => asNumber(o, o.equal(x, y)),
    both: (o, x, y) => asNumber(o, o.both(o.less(x, y), o.less(x, o.constant(0)))),
    either: (o, x, y) => asNumber(o, o.either(o.less(x, y), o.less(x, o.constant(0)))),
    not: (o, x, y) => asNumber(o, o.not(o.less(x, y))),
    month: (o, x) => o.add(x, o.month()),
    "the window": (o, x) => o.add(x, o.add(o.monthCount(), o.multiply(o.originMonth(), o.horizonEnd()))),
  };
  test.each(Object.keys(operations))("%s", (name) => {
    const kernel: Kernel<typeof ELEMENTS> = {
      name,
      schema: ELEMENTS,
      month: (o, { items }) =>
        o.each(items, (item) => o.set(item.z, operations[name](o, o.now(item.x), o.now(item.y)))),
    };
    expectSame(kernel, { items: [{ x, y, z: "made" }] });
    expectSame(kernel, {
      items: [
        { x, y, z: "made" },
        { x: y, y: x, z: "absent" },
        { x: y, y: x, z: "made" },
      ],
    });
  });
});

/** Both ways of computing these are compared in tests/numbers. */
const FUNCTIONS: ReadonlySet<string> = new Set(["exp", "log", "power", "normalQuantile", "normalCdf"]);
const ELEMENTWISE = Object.entries(Opcode).filter(
  ([name, opcode]) => opcode < Opcode.tableLookup && !FUNCTIONS.has(name),
);

test.each(ELEMENTWISE)(
  "a Plan's elementwise operation %s gives the same bits in both readers",
  (_, opcode) => {
    const kernel: Kernel<typeof ELEMENTS> = {
      name: "elementwise",
      schema: ELEMENTS,
      month: (o, { items }) =>
        o.each(items, ({ x, y, z }) => {
          const inputs = [o.now(x), o.now(y), o.constant(0.5)].slice(0, operandCount(opcode));
          o.set(z, o.elementwise(opcode, inputs));
        }),
    };
    expectSame(kernel, { items: [{ x, y, z: "made" }] });
  },
);

describe("columns", () => {
  const SCHEMA = {
    items: {
      x: "slab",
      lag: "trial",
      factor: "number",
      previous: "output",
      first: "output",
      lagged: "output",
      later: "output",
      table: "table",
      found: "output",
      sometimes: "output",
      sum: "state",
      total: "result",
    },
  } as const;
  const kernel: Kernel<typeof SCHEMA> = {
    name: "columns",
    schema: SCHEMA,
    begin: (o, { items }) => o.each(items, ({ sum, factor }) => o.set(sum, o.now(factor))),
    month: (o, { items }) =>
      o.each(items, (item) => {
        o.set(item.previous, o.before(item.x));
        o.set(item.first, o.before(item.previous, o.constant(11)));
        o.set(item.lagged, o.lag(item.previous, o.now(item.lag)));
        o.set(item.later, o.ahead(item.x, o.subtract(o.now(item.lag), o.constant(2))));
        o.set(item.found, o.lookUp(item.table, o.subtract(o.now(item.lag), o.constant(1))));
        o.where(o.less(o.now(item.x), o.constant(1)), () => o.set(item.sometimes, o.now(item.x)));
        o.set(item.sum, o.add(o.now(item.sum), o.month()));
      }),
    end: (o, { items }) => o.each(items, ({ total, sum, x }) => o.set(total, o.add(o.now(sum), o.now(x)))),
  };
  const one = {
    x: (month: number, trial: number) => 10 * month + trial,
    lag: lags,
    factor: 100,
    previous: "made",
    first: "made",
    lagged: "made",
    later: "made",
    table: Float64Array.of(5, 6, 7),
    found: "made",
    sometimes: "made",
    total: "made",
  } as const;

  test("are read in this month, the one before, earlier and later ones, and hold what is set", () => {
    const [, , trial2] = expectSame(kernel, { items: [one] });
    const [months] = [5];
    const slab = (index: number) => trial2.slice(2 + months * index, 2 + months * (index + 1));
    // The numbers of trial 2: x, lag 2, factor, previous, first, lagged, later, found, sometimes, total.
    expect(trial2.slice(0, 5)).toEqual([2, 12, 22, 32, 42]);
    expect(trial2.slice(5, 7)).toEqual([2, 100]);
    expect(slab(1)).toEqual([0, 2, 12, 22, 32]);
    expect(slab(2)).toEqual([11, 0, 2, 12, 22]);
    expect(slab(3)).toEqual([0, 0, 0, 2, 12]);
    expect(slab(4)).toEqual([2, 12, 22, 32, 42]);
    expect(slab(5)).toEqual([6, 6, 6, 6, 6]);
    expect(slab(6)).toEqual([0, 0, 0, 0, 0]);
    // 100 + 0 + 1 + 2 + 3 + 4, and x of the horizon's last month.
    expect(slab(7)[0]).toBe(110 + 32);
  });

  test.each([5, 8])(
    "of %i items are found in a table, an odd number of trials and months included",
    (count) => {
      const items = Array.from({ length: count }, (_, index) => ({
        ...one,
        x: (month: number, trial: number) => x(month + index, trial),
        factor: index,
        lagged: index === 3 ? ("absent" as const) : ("made" as const),
        total: index === 1 ? ("absent" as const) : ("made" as const),
        table: Float64Array.from({ length: index }, (_, place) => place + 0.5),
      }));
      for (const trials of [1, 2, 7])
        for (const monthCount of [4, 7, 12])
          expectSame(kernel, { items }, trials, { ...window, monthCount, originMonth: 1, horizonMonths: 3 });
    },
  );

  test("in months that make no sense are read within the window", () => {
    const mad = [-3, 1e9, Number.NaN, Infinity, -Infinity, 4, 0];
    const lag = (_: number, trial: number) => mad[trial % mad.length];
    expectSame(
      kernel,
      {
        items: [
          { ...one, lag },
          { ...one, lag },
        ],
      },
      14,
    );
  });
});

describe("loops and cases", () => {
  const SCHEMA = {
    groups: { limit: "slab", members: { list: "members" }, made: "output", order: "output" },
    members: {
      owner: { item: "groups" },
      x: "slab",
      isUp: "flag",
      extra: "slab",
      taken: "output",
      own: "state",
    },
  } as const;
  const kernel: Kernel<typeof SCHEMA> = {
    name: "loops",
    schema: SCHEMA,
    month(o, { groups }) {
      const [zero, one] = [o.constant(0), o.constant(1)];
      o.each(groups, (group) => {
        const sum = o.fold(group.members, zero, (sum, member) =>
          o.add(o.multiply(sum, o.constant(1.5)), o.now(member.x)),
        );
        const back = o.foldBack(group.members, sum, (sum, member) =>
          o.whenValue(
            member.isUp,
            () => o.add(o.multiply(sum, o.constant(0.5)), o.now(member.x)),
            () => o.subtract(sum, o.now(member.owner.limit)),
          ),
        );
        // Takes from one after another until nothing is left.
        const left = o.walk(group.members, o.now(group.limit), (left, member) => {
          const taken = o.min(left, o.abs(o.now(member.x)));
          o.set(member.taken, taken);
          o.when(member.extra, () => o.set(member.taken, o.add(o.now(member.extra), o.now(member.taken))));
          const carried = o.subtract(left, taken);
          return { carried, goesOn: o.less(zero, carried) };
        });
        o.set(group.made, back);
        const count = o.fold(group.members, zero, (sum) => o.add(sum, one));
        o.where(o.both(o.less(left, o.constant(3)), o.less(zero, count)), () => {
          const chosen = o.at(group.members, o.subtract(o.now(group.limit), one));
          o.set(chosen.own, o.add(o.now(chosen.own), one));
          o.set(chosen.taken, o.subtract(o.now(chosen.taken), o.now(chosen.owner.limit)));
          o.set(group.order, o.now(chosen.own));
        });
        const searched = o.whereValue(
          o.less(zero, sum),
          () => {
            const { guess } = o.repeat(30, { guess: one, steps: zero }, ({ guess, steps }) => {
              const next = o.multiply(o.constant(0.5), o.add(guess, o.divide(sum, guess)));
              const isFar = o.less(o.constant(1e-6), o.abs(o.subtract(next, guess)));
              return { state: { guess: next, steps: o.add(steps, one) }, goesOn: isFar };
            });
            return guess;
          },
          o.constant(-1),
        );
        o.set(group.made, o.add(o.now(group.made), searched));
        o.eachBack(group.members, (member) =>
          o.set(group.made, o.add(o.multiply(o.now(group.made), o.constant(0.75)), o.now(member.own))),
        );
      });
    },
  };
  const member = (owner: number, index: number) => ({
    owner,
    x: (month: number, trial: number) => ((month * 7 + trial * 3 + index * 5) % 11) - 2,
    isUp: index % 2 === 0,
    extra: index % 3 === 0 ? (month: number) => month : ("absent" as const),
    taken: "made" as const,
  });
  const limit = (month: number, trial: number) => (month + trial) % 6;

  test.each([[[3, 4]], [[7, 2]], [[2, 3]], [[1]], [[1, 0, 2]], [[0]], [[]]])(
    "over groups of %j members",
    (sizes) => {
      let from = 0;
      const groups = sizes.map((size) => {
        const members = [from, from + size] as const;
        from += size;
        return { limit, members, made: "made" as const, order: "made" as const };
      });
      const members = sizes.flatMap((size, group) =>
        Array.from({ length: size }, (_, index) => member(group, index)),
      );
      expectSame(kernel, { groups, members }, 9, { ...window, monthCount: 9 });
    },
  );
});

test("a loop over the list of an item that differs by trial is refused: it would take that of the first trial", () => {
  const schema = {
    all: { groups: { list: "groups" }, place: "trial" },
    groups: { members: { list: "members" }, sum: "result" },
    members: { x: "trial" },
  } as const;
  const kernel: Kernel<typeof schema> = {
    name: "chosen",
    schema,
    begin(o, { all }) {
      o.each(all, ({ groups, place }) => {
        const chosen = o.at(groups, o.now(place));
        const sum = o.fold(chosen.members, o.constant(0), (sum, { x }) => o.add(sum, o.now(x)));
        o.set(chosen.sum, sum);
      });
    },
  };
  const items = {
    all: [{ groups: [0, 2] as const, place: (_: number, trial: number) => trial % 2 }],
    groups: [
      { members: [0, 2] as const, sum: "made" as const },
      { members: [2, 4] as const, sum: "made" as const },
    ],
    members: [1, 2, 3, 4].map((x) => ({ x })),
  };
  expect(() => readEmitted(kernel, items, window, 4)).toThrow("members of an item that differs by trial");
});

test("months are gone through at once, and another kernel's numbers stay", () => {
  const SCHEMA = { items: { x: "slab", rate: "trial", value: "result" } } as const;
  const kernel: Kernel<typeof SCHEMA> = {
    name: "months",
    schema: SCHEMA,
    end(o, { items }) {
      o.each(items, (item) => {
        const start = { sum: o.constant(0), factor: o.constant(1) };
        const { sum } = o.overMonths(start, ({ sum, factor }) => ({
          sum: o.add(sum, o.multiply(o.now(item.x), factor)),
          factor: o.divide(factor, o.now(item.rate)),
        }));
        o.set(item.value, o.add(sum, o.month()));
      });
    },
  };
  const items = {
    items: [
      { x: 8, rate: 2, value: "made" as const },
      { x, rate: lags, value: "made" as const },
    ],
  };
  const [first] = expectSame(kernel, items, 5);
  // 8 + 4 + 2 + 1 up to the horizon's end, and the month at hand is its last.
  expect(first[6]).toBe(15 + 3);
});

test("a value does not exist outside the body that made it", () => {
  const kernel: Kernel<typeof ELEMENTS> = {
    name: "leak",
    schema: ELEMENTS,
    month(o, { items }) {
      o.each(items, (item) => {
        let made = o.now(item.x);
        o.where(o.less(made, o.now(item.y)), () => {
          made = o.add(made, made);
        });
        o.set(item.z, made);
      });
    },
  };
  expect(() => readEmitted(kernel, { items: [{ x, y, z: "made" }] }, window, 2)).toThrow(
    "leak uses a value outside the body that made it",
  );
});

test("a kernel of more values than V8 takes for two pairs of trials side by side is written for one", () => {
  const schema = { items: { x: "slab", y: "output" } } as const;
  const kernel: Kernel<typeof schema> = {
    name: "long",
    schema,
    month(o, { items }) {
      o.each(items, ({ x, y }) => {
        const added = o.now(x);
        let sum = added;
        for (let step = 0; step < 26_000; step++) sum = o.add(sum, added);
        o.set(y, sum);
      });
    },
  };
  const items = { items: [{ x: (_: number, trial: number) => trial / 7, y: 0 }] };
  const block = { ...window, monthCount: 2, originMonth: 0 };
  const [plain, emitted] = [readPlain, readEmitted].map((read) => read(kernel, items, block, 4));
  expect(emitted).toEqual(plain);
});
