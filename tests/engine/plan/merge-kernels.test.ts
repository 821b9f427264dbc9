import { expect, test } from "vitest";
import {
  createWorkspace,
  demandCharge,
  type Plan,
  PlanBuilder,
  pool,
  type Register,
  settle,
  simulate,
} from "../../../src/engine/index.ts";
import { KERNELS } from "../../../src/engine/kernels/kernels.ts";
import { mergeItems } from "../../../src/engine/language/items.ts";
import { HEADER, Opcode } from "../../../src/engine/operations/opcode.ts";
import { moveFeedbackInside } from "../../../src/engine/plan/feedback.ts";
import { mergeKernels } from "../../../src/engine/plan/merge-kernels.ts";

const window = { monthCount: 3, originMonth: 0, horizonMonths: 3 };

/** Names of the kernels of a program, in order. */
function kernelsOf({ program }: Plan): readonly string[] {
  const names: string[] = [];
  for (let at = 0; at < program.length; at += HEADER + program[at + 1])
    if (program[at] === Opcode.kernel) names.push(KERNELS[program[at + HEADER]].name);
  return names;
}

/** Every column of one trial, in the order in which they were asked for. */
function columnsOf(plan: Plan, inputs: readonly number[]): number[][] {
  const found: number[][] = [];
  const sink: Parameters<typeof simulate>[3] = (column, _first, _count, values, offset, monthStride) => {
    found[column] = [0, 1, 2].map((month) => values[offset + month * monthStride]);
  };
  simulate(plan, Float64Array.from(inputs), 1, sink, createWorkspace(plan, 1));
  return found;
}

function setUp() {
  const builder = new PlanBuilder(window);
  const variable = (name: string) => builder.variable(name, "value", 0);
  const column = (register: Register) =>
    builder.column({ metric: `m${register}`, level: "total", entity: "", isScalar: false, register });
  const constant = (value: number) => builder.constant(value);
  /** Twice the power, or twice half of the limit of 10. */
  const charge = (power: Register) =>
    builder.kernel(demandCharge, {
      sites: [{ power, limit: constant(10), price: constant(2), minimum: constant(0.5) }],
    }).sites[0].charge;
  /** All of the cost, since nothing waits. */
  const energised = (landedCost: Register) =>
    builder.kernel(pool, { parts: [{ landedCost, energisedNew: constant(1), stranded: constant(0) }] })
      .parts[0].energisedCost;
  return { builder, variable, column, charge, energised };
}

test("kernels that do not depend on each other are one instruction", () => {
  const { builder, variable, column, charge } = setUp();
  for (const name of ["a", "b", "c"]) column(charge(variable(name)));
  const plan = builder.build();
  expect(kernelsOf(plan)).toEqual(["demandCharge"]);
  expect(columnsOf(plan, [1, 6, 20])).toEqual([10, 12, 40].map((value) => [value, value, value]));
});

test("a kernel that reads another of its kind stays behind it, and kinds that wait for each other are no circle", () => {
  const { builder, variable, column, charge, energised } = setUp();
  const [a, b] = [variable("a"), variable("b")];
  // The first charge is read by a pool, and a charge reads the other pool.
  column(energised(charge(a)));
  column(charge(energised(b)));
  column(charge(charge(a)));
  const plan = builder.build();
  expect(kernelsOf(plan).filter((name) => name === "demandCharge").length).toBeGreaterThan(1);
  expect(kernelsOf(plan).length).toBeLessThan(6);
  expect(columnsOf(plan, [7, 1])).toEqual([14, 10, 28].map((value) => [value, value, value]));
});

test("a sweep reads nothing that it makes itself, so that it waits for no other instruction", () => {
  const from = (outputs: number[], inputs: number[]) => ({
    opcode: Opcode.add,
    outputs,
    inputs,
    operands: [],
  });
  // 1 is read a month later than 3 is made from 2.
  const [reader, other] = [from([2], [0, 1]), from([3], [2])];
  const [sweep] = moveFeedbackInside([reader, other], new Map([[1, 3]]), {
    monthCount: 3,
    registerCount: 16,
  });
  expect(sweep).toMatchObject({ opcode: Opcode.sweep, outputs: [2, 3], inputs: [0] });
  expect(mergeKernels([sweep], 16)).toEqual([sweep]);
});

test("places of items in other lists are moved on", () => {
  const one = {
    contracts: [
      { links: [0, 2] as const, firstLinks: [0, 1] as const, isUsage: 0, shareAt: [5, 3] as const },
    ],
    links: [{ part: 0 }, { part: 1 }],
    firstLinks: [{ part: 1 }],
    parts: [{ claims: [0, 1] as const }, { claims: [1, 1] as const }],
    claims: [{ contract: 0 }],
    standing: [],
    extensions: [],
    terminations: [],
  };
  const { contracts, links, parts, claims } = mergeItems(settle.schema, [one, one]);
  expect(contracts[1]).toEqual({ links: [2, 4], firstLinks: [1, 2], isUsage: 0, shareAt: [5, 3] });
  expect(links.map(({ part }) => part)).toEqual([0, 1, 2, 3]);
  expect(parts.map((part) => part.claims)).toEqual([
    [0, 1],
    [1, 1],
    [1, 2],
    [2, 2],
  ]);
  expect(claims.map(({ contract }) => contract)).toEqual([0, 1]);
});
