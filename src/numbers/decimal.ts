/** 10 to a whole power, the nearest double to it. */
export function powerOfTen(exponent: number): number {
  return Number(`1e${exponent}`);
}

/** The largest whole number of which the power of 10 is at most a positive number. */
export function decimalExponentOf(x: number): number {
  return Number(x.toExponential().split("e")[1]);
}
