import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  areRowsEqual,
  holdPlainly,
  layOutTile,
  PlanBuilder,
  placeOf,
  RANDOM_BLOCK,
  Reduction,
  type Register,
  STRIP,
  sift,
  TILE,
} from "../../src/engine/index.ts";
import { SIFT, SIFTED, SIFTED_RANKS } from "../../src/engine/statistics/sift.ts";
import { compileTile } from "../../src/run/compiled-tile.ts";
import { fillTile } from "../../src/run/sample-job.ts";
import { createTileMemory, type TileMemory } from "../../src/run/tile-memory.ts";

const months = 6;

/**
 * A Plan of x, which is drawn, times the month, as a column by month and trial, whose figures are each month, and all together; of
 * columns that are the same in all trials, and of one that no figure reads.
 */
function tileOf(blockSize: number, scale = 1) {
  const builder = new PlanBuilder({ monthCount: months, originMonth: 0, horizonMonths: months });
  const x = builder.variable("x", "value", 0);
  const month = builder.months(Float64Array.from({ length: months }, (_, month) => month + 1));
  const column = (metric: string, register: Register, isScalar = false) =>
    builder.column({ metric, level: "total", entity: "", isScalar, register });
  column("x", builder.op("multiply", x, month));
  column("unread", builder.op("add", x, builder.constant(7)), true);
  column("month", month);
  column("constant", builder.constant(7));
  column("drawn", builder.op("subtract", x, builder.constant(7)), true);
  const plan = builder.build();
  const figure = { column: 0, reduction: Reduction.sum, code: 0, ranked: true };
  const figures = [
    ...Array.from({ length: months }, (_, month) => ({ ...figure, first: month, end: month + 1 })),
    { ...figure, first: 0, end: months },
    { ...figure, first: 2, end: 4 },
    { ...figure, column: 2, first: 3, end: 4 },
    { ...figure, column: 3, first: 3, end: 4 },
    { ...figure, column: 4, first: 0, end: 1 },
  ];
  const layout = layOutTile(plan, figures, SIFTED_RANKS);
  const compiled = compileTile(plan, layout, blockSize);
  const content = { plan, layout, scales: new Float64Array(plan.columns.length).fill(scale) };
  return { ...content, content, compiled, tile: createTileMemory(content, compiled), figures };
}

/** A row of a tile. */
function rowOf({ memory, places }: TileMemory, row: number, trials: number): number[] {
  return Array.from({ length: trials }, (_, trial) => memory[placeOf(places, row, trial)]);
}

function setRow({ memory, places }: TileMemory, row: number, numbers: ArrayLike<number>): void {
  for (let trial = 0; trial < numbers.length; trial++) memory[placeOf(places, row, trial)] = numbers[trial];
}

const value = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, -0, 1, 1e300, -1e300, 5e-324) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
);
const end = value.filter((x) => !Number.isNaN(x));
const interval = fc.oneof(
  fc.tuple(end, end).map(([x, y]) => (x < y ? [x, y] : [y, x])),
  end.map((x) => [x, x]),
  fc.constantFrom([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], [Number.NEGATIVE_INFINITY, 1]),
);

describe("WebAssembly sifts a tile as plain numbers do, bit for bit:", () => {
  test("sums, extremes, counts below intervals, and values in them", () => {
    const { tile } = tileOf(STRIP);
    const { memory, places } = tile;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: TILE }),
        fc.array(value, { minLength: TILE, maxLength: TILE }),
        fc.array(value, { minLength: 1, maxLength: 3 }),
        fc.array(interval, { minLength: 2 * SIFTED_RANKS, maxLength: 2 * SIFTED_RANKS }),
        fc.constantFrom(-1, -1, 0, 1),
        (trials, values, bases, intervals, left) => {
          const rows = [values, values.map((_, trial) => values[(trial * 7) % bases.length])];
          for (const [row, numbers] of rows.entries()) {
            setRow(tile, row, numbers);
            const ends = intervals.slice(row * SIFTED_RANKS, (row + 1) * SIFTED_RANKS).flat();
            memory.set(
              [row === left ? -1 : row, Number.isFinite(bases[0]) ? bases[0] : 0, ...ends],
              places.sifts + row * SIFT,
            );
          }
          const before = memory.slice(places.rows, places.sifts);
          const range = { first: 0, end: 2, trials };
          const sifted = (near: number) => ({
            sifted: memory.slice(places.sifted, places.sifted + 2 * SIFTED),
            near: memory.slice(places.near, places.near + near),
          });
          memory.fill(0.5, places.sifted, places.sifted + 2 * SIFTED);
          const plain = sifted(sift(memory, places, range, 1000));
          memory.set(before, places.rows);
          memory.fill(0.5, places.sifted, places.sifted + 2 * SIFTED);
          expect(sifted(tile.sift(range, 1000))).toEqual(plain);
        },
      ),
      { seed: 1, numRuns: 150 },
    );
  });

  test("rows are read one trial behind the other, what does not exist as infinite", () => {
    const [wasm, plain] = [tileOf(STRIP), tileOf(1)];
    const figures = wasm.layout.figureRows.length;
    const rows = Array.from({ length: figures }, (_, figure) =>
      Float64Array.from({ length: TILE }, (_, trial) =>
        (trial + figure) % 5 === 0 ? Number.NaN : [-0, trial * figure, Number.POSITIVE_INFINITY][trial % 3],
      ),
    );
    const expected = rows.flatMap((row) =>
      [...row].map((x) => (Number.isNaN(x) ? Number.POSITIVE_INFINITY : x)),
    );
    for (const { tile, layout } of [wasm, plain]) {
      for (const [figure, row] of rows.entries()) setRow(tile, layout.figureRows[figure], row);
      expect([...tile.readRows(0, figures)]).toEqual(expected);
      expect([...tile.readRows(2, 5)]).toEqual(expected.slice(2 * TILE, 5 * TILE));
    }
  });

  test("values of a search are counted, and kept in their order", () => {
    const { tile } = tileOf(STRIP);
    const numbers = fc.array(
      value.filter((x) => !Number.isNaN(x)),
      { maxLength: 70 },
    );
    fc.assert(
      fc.property(numbers, end, end, (values, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        const plain = holdPlainly(Float64Array.from(values));
        tile.held.numbers.fill(low).set(values);
        const count = values.length;
        for (const { countBelow, countThrough } of [plain, tile.held]) {
          expect(countBelow(count, low)).toBe(values.filter((x) => x < low).length);
          expect(countThrough(count, high)).toBe(values.filter((x) => x <= high).length);
        }
        const within = values.filter((x) => x >= low && x <= high);
        for (const { numbers, keepWithin } of [plain, tile.held]) {
          expect(keepWithin(count, low, high)).toBe(within.length);
          expect([...numbers.subarray(0, within.length)]).toEqual(within);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("rows are equal if all bits of their trials are", () => {
    const { tile } = tileOf(STRIP);
    const { memory, places } = tile;
    const row = Float64Array.from({ length: TILE }, (_, trial) => [0, 1.5, Number.NaN, -3][trial % 4]);
    const areEqual = (trials: number) => [
      tile.areEqual(0, 1, trials),
      areRowsEqual(memory, places, 0, 1, trials),
    ];
    for (const place of [0, 1, 62, 63, TILE - 1]) {
      for (const at of [0, 1]) setRow(tile, at, row);
      expect(areEqual(TILE)).toEqual([true, true]);
      for (const [other, isEqual] of [
        [row[place] === 0 ? -0 : row[place] + 1e-9, false],
        [row[place], true],
      ] as const) {
        memory[placeOf(places, 1, place)] = other;
        const hasChanged = !isEqual && !Number.isNaN(other);
        expect(areEqual(TILE)).toEqual([!hasChanged, !hasChanged]);
        if (place % 2 === 1) expect(areEqual(place + 1)).toEqual([!hasChanged, !hasChanged]);
        if (place > 1 && place % 2 === 0) expect(areEqual(place)).toEqual([true, true]);
      }
    }
  });

  test("values of a random block are sorted, each of them kept", () => {
    const { tile } = tileOf(STRIP);
    const wholeBlock = fc.array(value, { minLength: RANDOM_BLOCK, maxLength: RANDOM_BLOCK, size: "max" });
    const few = fc.array(fc.constantFrom(0, -0, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY), {
      minLength: RANDOM_BLOCK,
      maxLength: RANDOM_BLOCK,
      size: "max",
    });
    fc.assert(
      fc.property(fc.oneof(wholeBlock, few), (numbers) => {
        const values = Float64Array.from(numbers, (x) => (Number.isNaN(x) ? Number.POSITIVE_INFINITY : x));
        const before = values.slice();
        const sorted = tile.sort(values);
        // The zeros of both signs stand among each other as they fall, and none is lost.
        const isNegativeZero = (x: number) => Object.is(x, -0);
        expect(sorted.map((x) => x + 0)).toEqual(before.map((x) => x + 0).sort());
        expect(sorted.filter(isNegativeZero)).toHaveLength(before.filter(isNegativeZero).length);
        expect(values).toEqual(before);
      }),
      { seed: 1, numRuns: 15 },
    );
    for (const order of [1, -1]) {
      const values = Float64Array.from({ length: RANDOM_BLOCK }, (_, at) => order * at);
      expect(tile.sort(values)).toEqual(values.slice().sort());
    }
    const fewer = Float64Array.of(3, -1, 2);
    expect(tile.sort(fewer)).toEqual(Float64Array.of(-1, 2, 3));
  });

  test("columns are simulated, divided by a scale, and their months summed", () => {
    for (const scale of [1, 3600]) {
      // Blocks of an odd number of trials are not compiled.
      const [wasm, plain] = [tileOf(STRIP / 2, scale), tileOf(1, scale)];
      expect([wasm.tile.isPlain, plain.tile.isPlain]).toEqual([false, true]);
      for (const trials of [1, 6, TILE - 3, TILE]) {
        const inputs = Float64Array.from(
          { length: trials },
          (_, trial) => Math.cos(trial * 31 + trials) * 1e3,
        );
        for (const { tile, layout } of [wasm, plain]) {
          expect(tile.simulate({ inputs, from: 5, trials })).toEqual([]);
          tile.sumRows(layout.sums);
        }
        for (const row of wasm.layout.figureRows)
          expect(rowOf(wasm.tile, row, trials)).toEqual(rowOf(plain.tile, row, trials));
        const numbers = (figure: number) => rowOf(wasm.tile, wasm.layout.figureRows[figure], trials);
        const drawn = [...inputs];
        expect(numbers(2)).toEqual(drawn.map((x) => (x * 3) / scale));
        expect(numbers(months + 2)).toEqual(drawn.map(() => 4 / scale));
        expect(numbers(months + 3)).toEqual(drawn.map(() => 7 / scale));
        expect(numbers(months + 4)).toEqual(drawn.map((x) => (x - 7) / scale));
      }
    }
  });

  test("draws outside their range, and what WebAssembly does not compute, come back from both", () => {
    const builder = new PlanBuilder({ monthCount: months, originMonth: 0, horizonMonths: months });
    const x = builder.variable("x", "value", 0);
    const looked = builder.tableLookup(
      x,
      Float64Array.from({ length: 33 }, (_, at) => at * at),
    );
    builder.check(x, 0, 0.5, "x");
    builder.check(builder.op("negate", x), -10, 0, "y");
    builder.column({ metric: "x", level: "total", entity: "", isScalar: true, register: looked });
    const plan = builder.build();
    const figures = [{ column: 0, first: 0, end: 1, reduction: Reduction.sum, code: 0, ranked: true }];
    const layout = layOutTile(plan, figures, 1);
    const content = { plan, layout, scales: Float64Array.of(1) };
    const inputs = Float64Array.from({ length: TILE - 5 }, (_, trial) =>
      trial === 9 || trial > 115 ? 0.75 : trial / 300,
    );
    const [first, second] = [STRIP / 2, 1].map((blockSize) => {
      const tile = createTileMemory(content, compileTile(plan, layout, blockSize));
      const faults = tile.simulate({ inputs, from: 1000, trials: inputs.length });
      return { faults, row: rowOf(tile, layout.figureRows[0], inputs.length) };
    });
    expect(first).toEqual(second);
    expect(first.faults).toEqual([
      { field: "x", trialsHit: 8, firstTrial: 1009, value: 0.75, low: 0, high: 0.5 },
    ]);
  });

  test("months of a code are counted", () => {
    const codeOf = (month: number, trial: number) => [0, 1, Number.NaN, 2, -0][(trial + month * 3) % 5];
    for (const [months, code] of [
      [1, 0],
      [5, 0],
      [4, 2],
    ]) {
      for (const blockSize of [STRIP, 1]) {
        const { tile } = tileOf(blockSize);
        const expected = Array.from({ length: TILE }, (_, trial) => {
          const codes = Array.from({ length: months }, (_, month) => codeOf(month, trial));
          return codes.filter((one) => one === code).length;
        });
        for (let month = 0; month < months; month++)
          setRow(
            tile,
            month,
            expected.map((_, trial) => codeOf(month, trial)),
          );
        tile.countRows(0, months, 5, code);
        expect(rowOf(tile, 5, TILE)).toEqual(expected);
      }
    }
  });
});

describe("a tile takes the memory of one that nothing uses any more", () => {
  const bytesOf = (tile: TileMemory) => tile.workspace.engine?.buffer.byteLength ?? 0;
  // `toEqual` takes seconds for a memory.
  const areSame = (one: TileMemory, other: TileMemory) =>
    Buffer.from(one.memory.buffer).equals(Buffer.from(other.memory.buffer));

  test("if it is not more than twice as large, with all numbers 0 but the Plan's own", () => {
    const { content, layout, plan, tile: small } = tileOf(STRIP);
    small.memory.fill(7, small.places.rows);
    const again = createTileMemory(content, compileTile(plan, layout, STRIP), small);
    expect(again.workspace.engine).toBe(small.workspace.engine);
    expect(areSame(again, createTileMemory(content, compileTile(plan, layout, STRIP)))).toBe(true);
  });

  test("or smaller, which grows; a larger one is left to be collected", () => {
    const { content, layout, plan, tile: small } = tileOf(STRIP);
    const many = { ...layout, rowCount: 3 * layout.rowCount + 2000 };
    const large = createTileMemory({ ...content, layout: many }, compileTile(plan, many, STRIP), small);
    expect(large.workspace.engine).toBe(small.workspace.engine);
    expect(bytesOf(large)).toBeGreaterThan(2 * bytesOf(tileOf(STRIP).tile));
    expect(
      areSame(large, createTileMemory({ ...content, layout: many }, compileTile(plan, many, STRIP))),
    ).toBe(true);
    const other = createTileMemory(content, compileTile(plan, layout, STRIP), large);
    expect(other.workspace.engine).not.toBe(large.workspace.engine);
  });
});

describe("where WebAssembly fails, the engine's own loops take over:", () => {
  afterEach(() => vi.unstubAllGlobals());

  test.each([
    [
      "no memory for it",
      {
        ...{ validate: WebAssembly.validate, Module: WebAssembly.Module, Instance: WebAssembly.Instance },
        Memory: class {
          constructor() {
            throw new RangeError("could not allocate memory");
          }
        },
      },
    ],
    [
      "a policy that forbids to compile",
      {
        ...{ validate: WebAssembly.validate, Memory: WebAssembly.Memory, Instance: WebAssembly.Instance },
        Module: class {
          constructor() {
            throw Object.assign(new Error("code generation disallowed by embedder"), {
              name: "CompileError",
            });
          }
        },
      },
    ],
    ["none at all", undefined],
  ])("%s", (_, stub) => {
    expect(tileOf(STRIP).tile.isPlain).toBe(false);
    vi.stubGlobal("WebAssembly", stub);
    const { tile } = tileOf(STRIP);
    expect([tile.isPlain, tile.workspace.fused.size]).toEqual([true, 0]);
  });
});

describe("what one thread compiled", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("serves another, which compiles nothing, with the same bits", () => {
    const { content, layout, compiled, tile, figures } = tileOf(STRIP);
    const posted = structuredClone({ content, compiled });
    const { validate, Memory, Instance } = WebAssembly;
    vi.stubGlobal("WebAssembly", { validate, Memory, Instance });
    const other = createTileMemory(posted.content, posted.compiled);
    const inputs = Float64Array.from({ length: TILE }, (_, trial) => Math.cos(trial) * 1e3);
    const job = { ...content, figures };
    const rowsOf = (memory: TileMemory) => {
      fillTile(job, { inputs, from: 0, trials: TILE }, memory);
      return Array.from(layout.figureRows, (row) => rowOf(memory, row, TILE));
    };
    expect(other.isPlain).toBe(false);
    expect(rowsOf(other)).toEqual(rowsOf(tile));
    expect(rowsOf(other)[0]).toEqual([...inputs]);
  });
});
