import { describe, expect, test } from "vitest";
import { normalCdf, normalQuantile } from "../../src/numbers/plain.ts";

// Computed with mpmath at 40 digits from erfc; the quantiles agree with the tables of AS 241.
const cdfValues: readonly (readonly [z: number, probability: number])[] = [
  [-37, 5.725571222524577e-300],
  [-30, 4.906713927148187e-198],
  [-20, 2.7536241186062337e-89],
  [-12, 1.776482112077679e-33],
  [-8.2, 1.2019351542735856e-16],
  [-6, 9.865876450376981e-10],
  [-5.7, 5.990371401063528e-9],
  [-5.6, 1.071759025831093e-8],
  [-3, 0.0013498980316300946],
  [-1, 0.15865525393145705],
  [-0.68, 0.2482522304535705],
  [-0.67, 0.25142889509531008],
  [-0.1, 0.460172162722971],
  [0, 0.5],
  [1, 0.8413447460685429],
  [4, 0.9999683287581669],
];

const quantileValues: readonly (readonly [probability: number, z: number])[] = [
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965326],
  [1e-20, -9.262340089798409],
  [2 ** -53, -8.209536151601387],
  [1e-9, -5.997807015007687],
  [1e-6, -4.753424308822899],
  [0.001, -3.0902323061678132],
  [0.05, -1.6448536269514726],
  [0.1, -1.2815515655446004],
  [0.25, -0.6744897501960817],
  [0.49, -0.025068908258711057],
  [0.95, 1.6448536269514722],
];

describe("the normal distribution", () => {
  test("has published probabilities, to the last digits far into the tail", () => {
    for (const [z, probability] of cdfValues) {
      expect(Math.abs(normalCdf(z) / probability - 1), `z = ${z}`).toBeLessThan(1e-14);
    }
  });

  test("has published quantiles", () => {
    for (const [probability, z] of quantileValues) {
      expect(Math.abs(normalQuantile(probability) / z - 1), `p = ${probability}`).toBeLessThan(1e-15);
    }
  });

  test("has its median at 0 exactly", () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalCdf(0)).toBe(0.5);
  });

  test("returns from a quantile to its probability", () => {
    for (let exponent = -300; exponent <= -1; exponent += 7) {
      const probability = 10 ** exponent;
      // One unit in the last place of z moves a far tail by z^2 of them.
      expect(Math.abs(normalCdf(normalQuantile(probability)) / probability - 1)).toBeLessThan(1e-12);
    }
    for (let probability = 0.01; probability < 1; probability += 0.01) {
      expect(Math.abs(normalCdf(normalQuantile(probability)) - probability)).toBeLessThan(1e-15);
    }
  });

  test("is symmetric and rises", () => {
    let last = 0;
    for (let z = -37; z <= 37; z += 0.01) {
      const probability = normalCdf(z);
      expect(probability).toBeGreaterThanOrEqual(last);
      expect(Math.abs(probability + normalCdf(-z) - 1)).toBeLessThan(1e-15);
      last = probability;
    }
    for (let power = 1; power <= 50; power++) {
      const tail = 2 ** -power;
      expect(normalQuantile(1 - tail)).toBe(-normalQuantile(tail) + 0);
    }
  });

  test("has ends, and nothing beyond them", () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(-0.1)).toBeNaN();
    expect(normalQuantile(1.1)).toBeNaN();
    expect(normalQuantile(Number.NaN)).toBeNaN();
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(normalCdf(-40)).toBe(0);
    expect(normalCdf(Number.NaN)).toBeNaN();
  });
});
