import type { MetricLevel } from "../../metrics/metric.ts";

/**
 * A compiled scenario as cloneable data: typed arrays, numbers and name tables; no closures, no text to evaluate.
 * It may be posted to a worker as it is. `simulate` is the only reader.
 *
 * Registers. Every value of the program is a register of one of four shapes, by the dimensions it varies over:
 * constant [1], month [window], trial [block], slab [window][block] (row of a month: `month * block`).
 * Registers whose lives do not overlap share a slot.
 */
export type Plan = {
  readonly version: 1;
  /** Months simulated, the index of the first reported one, and the number reported. */
  readonly monthCount: number;
  readonly originMonth: number;
  readonly horizonMonths: number;
  /** Shape of each register, one of `Shape`. */
  readonly shapes: Uint8Array;
  /** Slot of each register among those of its shape. */
  readonly slots: Int32Array;
  /** 1 for a slab that only its own run of instructions reads (`schedule.ts`). */
  readonly transient: Uint8Array;
  /** Values of the constant slots. */
  readonly constants: Float64Array;
  /** Values of the month slots, [slot][window month]. */
  readonly monthVectors: Float64Array;
  readonly trialSlotCount: number;
  readonly slabSlotCount: number;
  /** Inputs, in the order of the rows of `simulate`'s matrix. */
  readonly variables: readonly PlanVariable[];
  /** Instructions one after another: operation code, number of operands, months in which it is computed, operands. */
  readonly program: Int32Array;
  /** Quantile tables of distributions that have no closed form, one after another. */
  readonly tables: Float64Array;
  readonly columns: readonly PlanColumn[];
  readonly checks: readonly PlanCheck[];
};

/** What a register varies with: nothing, months, trials, or both. */
export const Shape = { constant: 0, month: 1, trial: 2, slab: 3 } as const;
export type Shape = (typeof Shape)[keyof typeof Shape];

/** One row of the input matrix. */
export type PlanVariable = {
  /** The path of the line that declares it; equal keys are one variable. */
  readonly key: string;
  readonly register: number;
  /** A uniform in (0, 1), or a value that takes the place of a literal [SI units, or absolute month]. */
  readonly kind: "uniform" | "value";
  /** What the plain run puts in: 0.5, or the field's own value. */
  readonly plain: number;
};

/** One column of results. */
export type PlanColumn = {
  readonly metric: string;
  readonly level: MetricLevel;
  /** Name of the part (`fleet/chip`), site, contract, tranche, workload or assignment (`workload/fleet/chip`); empty for the total and the run. */
  readonly entity: string;
  /** True for one number a trial, false for one a month and trial. */
  readonly isScalar: boolean;
  readonly register: number;
};

/** An admissible range, checked for every draw. */
export type PlanCheck = {
  readonly register: number;
  readonly low: number;
  readonly high: number;
  readonly field: string;
};

/** A range left, as data. */
export type Fault = {
  readonly field: string;
  readonly trialsHit: number;
  readonly firstTrial: number;
  /** The value there, in canonical units. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
};
