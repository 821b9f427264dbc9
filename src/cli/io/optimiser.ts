import v8 from "node:v8";
import { listParts } from "../../compile/parts.ts";
import type { Scenario } from "../../scenario/scenario.ts";

/** Chips of fleets from which on a run takes seconds, half of them (200) to a third (1,000) less by the clock with optimised code. */
const MANY_PARTS = 200;

/**
 * Turns V8's optimising compilers on or off.
 *
 * A command that takes a fraction of a second ends before optimised code has paid for its making: without it the plain run of
 * the reference takes a third less processor time, its report two fifths, and its tables behind a sample a fifth. A sample needs it.
 */
export function setOptimiser(on: boolean): void {
  isOn = on || isNeeded;
  v8.setFlagsFromString(isOn ? "--opt" : "--no-opt");
}

let isOn = true;
let isNeeded = false;

/** Leaves the optimising compilers on from here on if a scenario is large: all that is done with it takes seconds then. */
export function optimiseIfLarge(scenario: Scenario): void {
  if (listParts(scenario).length < MANY_PARTS) return;
  isNeeded = true;
  setOptimiser(true);
}

/** Makes many pieces of one kind with optimised code, amid short work of other kinds. */
export function* withOptimiser<Piece>(pieces: Iterable<Piece>): Generator<Piece> {
  const wasOn = isOn;
  setOptimiser(true);
  try {
    yield* pieces;
  } finally {
    setOptimiser(wasOn);
  }
}

/**
 * Keeps V8's heap within 1.3 times what is in use, for the rest of the command. V8 lets it grow to twice and more before it looks
 * for what is no longer used.
 */
export function collectEarly(): void {
  v8.setFlagsFromString("--heap-growing-percent=30");
}
