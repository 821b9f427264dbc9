import fc from "fast-check";
import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { findConflict } from "../../../src/analysis/optimize/conflict/find-conflict.ts";
import {
  boundObjective,
  type LinearProgram,
  ProgramBuilder,
} from "../../../src/analysis/optimize/linear-program.ts";
import { loadSolver } from "../../../src/solver/highs-solver.ts";
import { solveWithGlpk } from "./second-solver.ts";

const solver = await loadSolver();

const entry = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, fc.integer({ min: -9, max: 20 }));
const side = fc.integer({ min: -30, max: 60 });

/** Rows and columns of every kind: one-sided, two-sided, equal, free. */
const bounds = fc.oneof(
  { weight: 3, arbitrary: side.map((upper) => [Number.NEGATIVE_INFINITY, upper] as const) },
  { weight: 2, arbitrary: side.map((lower) => [lower, Number.POSITIVE_INFINITY] as const) },
  fc.tuple(side, fc.nat(40)).map(([lower, width]) => [lower, lower + width] as const),
);

const programs = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }))
  .chain(([columns, rows]) =>
    fc.record({
      sense: fc.constantFrom("minimize" as const, "maximize" as const),
      costs: fc.array(entry, { minLength: columns, maxLength: columns }),
      uppers: fc.array(fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(30)), {
        minLength: columns,
        maxLength: columns,
      }),
      rows: fc.array(fc.tuple(fc.array(entry, { minLength: columns, maxLength: columns }), bounds), {
        minLength: rows,
        maxLength: rows,
      }),
    }),
  )
  .map(({ sense, costs, uppers, rows }): LinearProgram => {
    const builder = new ProgramBuilder();
    for (const [column, cost] of costs.entries()) builder.column(cost, 0, uppers[column]);
    for (const [values, [lower, upper]] of rows) builder.row(values.entries(), lower, upper);
    return builder.build(sense);
  });

describe("the solver", () => {
  test("ends as GLPK ends, with the same optimum, on random programs of every kind", () => {
    const seen = { optimal: 0, infeasible: 0, unbounded: 0 };
    fc.assert(
      fc.property(programs, (program) => {
        const open = solver.open(program);
        const ours = open.solve();
        open.close();
        const second = solveWithGlpk(program);
        expect(ours.status).toBe(second.status);
        seen[ours.status as keyof typeof seen]++;
        if (ours.status !== "optimal") return;
        expect(Math.abs(ours.objective - second.objective)).toBeLessThanOrEqual(
          1e-7 * Math.max(1, Math.abs(second.objective)),
        );
      }),
      { seed: 11, numRuns: 400 },
    );
    // Each way to end is met often enough to mean something.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
  });

  test("never passes the bound that any prices prove, and meets that of its own", () => {
    let proved = 0;
    fc.assert(
      fc.property(
        programs,
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 7, maxLength: 7 }),
        (program, drawn) => {
          const open = solver.open(program);
          const { status, objective, rowDuals } = open.solve();
          open.close();
          if (status !== "optimal") return;
          const isMinimum = program.sense === "minimize";
          const pass = (bound: number) => (isMinimum ? bound - objective : objective - bound);
          expect(pass(boundObjective(program, Float64Array.from(drawn)))).toBeLessThanOrEqual(1e-7);
          const own = boundObjective(program, rowDuals);
          expect(pass(own)).toBeLessThanOrEqual(1e-7);
          if (Math.abs(own - objective) < 1e-7 * Math.max(1, Math.abs(objective))) proved++;
        },
      ),
      { seed: 12, numRuns: 300 },
    );
    expect(proved).toBeGreaterThan(60);
  });

  test("finds conflicts of which no row can be spared, by the second solver's word", () => {
    let conflicts = 0;
    fc.assert(
      fc.property(programs, fc.integer({ min: 1, max: 4 }), (program, size) => {
        const rows = Array.from(program.rowLower.keys());
        const groups = rows.filter((row) => row % size === 0).map((row) => rows.slice(row, row + size));
        const conflict = findConflict(program, groups, solver);
        // Rows outside of `left` are free on both sides; GLPK has no such rows, so that they go.
        const isFeasible = (left: readonly number[]) => {
          const builder = new ProgramBuilder();
          for (const [column] of program.costs.entries())
            builder.column(0, program.columnLower[column], program.columnUpper[column]);
          for (const row of left) {
            const [start, end] = [program.starts[row], program.starts[row + 1]];
            const entries = Array.from(
              program.indices.subarray(start, end),
              (column, at): [number, number] => [column, program.values[start + at]],
            );
            builder.row(entries, program.rowLower[row], program.rowUpper[row]);
          }
          return solveWithGlpk(builder.build("minimize")).status !== "infeasible";
        };
        if (isFeasible(rows)) {
          expect(conflict).toEqual([]);
          return;
        }
        conflicts++;
        expect(isFeasible(conflict)).toBe(false);
        for (const row of conflict) expect(isFeasible(conflict.filter((other) => other !== row))).toBe(true);
      }),
      { seed: 13, numRuns: 300 },
    );
    expect(conflicts).toBeGreaterThan(60);
  });

  test("gives the plan it has when the time ends, with what is proved of it", () => {
    // Four thousand columns in two hundred rows, which no simplex gets through in ten milliseconds; no plan at all would be one.
    const builder = new ProgramBuilder();
    const random = seedrandom("time");
    for (let column = 0; column < 4_000; column++) builder.column(1 + random());
    for (let row = 0; row < 200; row++) {
      const entries = Array.from({ length: 4_000 }, (_, column): [number, number] => [column, random()]);
      builder.row(entries, Number.NEGATIVE_INFINITY, 1);
    }
    const program = builder.build("maximize");
    const open = solver.open(program, { timeLimitSeconds: 0.01 });
    const solution = open.solve();
    open.close();
    expect(solution).toMatchObject({ status: "time_limit", isFeasible: true });
    expect(boundObjective(program, solution.rowDuals)).toBeGreaterThanOrEqual(solution.objective);
  });

  test("prices a row as a finite difference of its bound does", () => {
    const builder = new ProgramBuilder();
    for (const cost of [3, 5]) builder.column(cost);
    builder.row([[0, 1]], Number.NEGATIVE_INFINITY, 4);
    builder.row([[1, 2]], Number.NEGATIVE_INFINITY, 12);
    builder.row(
      [
        [0, 3],
        [1, 2],
      ],
      Number.NEGATIVE_INFINITY,
      18,
    );
    // Dantzig's example: 36 at (2, 6), prices 0, 3/2 and 1.
    const open = solver.open(builder.build("maximize"));
    const { objective, rowDuals } = open.solve();
    open.changeRow(2, Number.NEGATIVE_INFINITY, 18.5);
    const more = open.solve().objective;
    open.close();
    expect(objective).toBeCloseTo(36, 9);
    expect([...rowDuals].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([0, 1.5, 1]);
    expect(more - objective).toBeCloseTo(0.5, 9);
  });
});
