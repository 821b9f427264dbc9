import v8 from "node:v8";

/**
 * Turns V8's optimising compilers on or off.
 *
 * A command that takes a fraction of a second ends before optimised code has paid for its making: without it the plain run of
 * the reference takes a third less processor time, its report two fifths, and its tables behind a sample a fifth. A sample needs it.
 */
export function setOptimiser(on: boolean): void {
  isOn = on;
  v8.setFlagsFromString(on ? "--opt" : "--no-opt");
}

let isOn = true;

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
