/** 10 to a whole power, the nearest double to it. */
export function powerOfTen(exponent: number): number {
  return Number(`1e${exponent}`);
}

/** The largest whole number of which the power of 10 is at most a positive number. */
export function decimalExponentOf(x: number): number {
  return exponentIn(x.toExponential());
}

/** The exponent in a number's exponential notation. */
export function exponentIn(text: string): number {
  return Number(text.slice(text.indexOf("e") + 1));
}
