import { explainNumbers } from "../../units/foreign-notation.ts";
import { UsageError } from "./exit-code.ts";

/**
 * Reads the number of an option: plain decimals, also as `1e6` or with `_` between digits.
 *
 * @return NaN for any other text
 *
 * Fails: throws `UsageError` for a number that other countries read differently, such as `10.000`.
 */
export function readOptionNumber(name: string, text: string): number {
  const plain = text.trim().replaceAll("_", "");
  const misreading = explainNumbers(plain);
  if (misreading)
    throw new UsageError(`\`--${name} ${text}\`: ${misreading.reason}\n${misreading.help ?? ""}`);
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
}
