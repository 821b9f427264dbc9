import type { Entity } from "../../compile/entities.ts";
import type { Metric } from "../../metrics/metric.ts";
import { powerOfTen } from "../../numbers/decimal.ts";
import { log } from "../../numbers/plain.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import type { FieldValue } from "../../scenario/scenario.ts";
import { DIMENSIONS, type DimensionName, type DimensionVector, equalVectors } from "../../units/dimension.ts";
import { formatQuantity } from "../../units/format.ts";
import { sixDigits } from "./trace-number.ts";

/** A unit to show values in: its text and the canonical units in one of it. */
export type ShownUnit = { readonly unit: string; readonly scale: number };

/** The unit of plain numbers. */
export const plainUnit: ShownUnit = { unit: "", scale: 1 };

/** The unit a metric is shown in; nothing for shares, as in a table's heading. */
function unitOfMetric({ unit, scale }: Metric): ShownUnit {
  return { unit: unit === "1" ? "" : unit, scale };
}

/** The unit a metric of an entity is shown in; the workload's kind decides between tokens and FLOP. */
export function unitFor(metric: Metric, entity: Entity): ShownUnit {
  const shown = unitOfMetric(metric);
  if (entity.level !== "workload" && entity.level !== "assignment") return shown;
  const own = entity.workload.kind === "training" ? "FLOP" : "tokens";
  return { ...shown, unit: shown.unit.replace("tokens or FLOP", own) };
}

/**
 * The unit in which `formatQuantity` shows a value of a dimension, so that more digits of it can be shown.
 *
 * Fails: never.
 */
export function unitOfDimension(canonical: number, name: DimensionName): ShownUnit {
  const [number = "", ...words] = formatQuantity(canonical, name).split(" ");
  const shown = Number(number);
  if (shown === 0 || !Number.isFinite(shown)) return { unit: words.join(" "), scale: 1 };
  // Every unit that a dimension is shown in is a power of ten of its canonical unit.
  return { unit: words.join(" "), scale: powerOfTen(Math.round(log(canonical / shown) / log(10))) };
}

/** The first dimension with a vector; for plain numbers that of numbers. */
export function dimensionOf(vector: DimensionVector): DimensionName | undefined {
  return Object.values(DIMENSIONS).find((dimension) => equalVectors(dimension.vector, vector))?.name;
}

/** Writes the plain value of a field in words: a number with its unit, a month, a word. */
export function fieldInWords(
  { choice, boolean, integer, texts, expr, dimension, text, rest }: FieldValue,
  plain: number | undefined,
): string {
  if (choice !== undefined) return choice;
  if (boolean !== undefined) return String(boolean);
  if (integer !== undefined) return String(integer);
  if (texts !== undefined || plain === undefined) return text;
  if (expr?.isDate) return formatMonth(plain);
  const { unit, scale } = unitOfDimension(plain, rest ? "fraction" : (dimension ?? "number"));
  return `${sixDigits(plain / scale)} ${unit}`.trimEnd();
}
