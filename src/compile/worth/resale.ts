import type { Register } from "../../engine/index.ts";
import { MONTHS_PER_YEAR } from "../../metrics/unit-factors.ts";
import type { CurvePoint } from "../../scenario/scenario.ts";
import type { Inputs } from "../inputs.ts";

/** What the value of chips by age is read from: K and M of the book, survival S, and the life [months]. */
export type Aged = Readonly<Record<"cumulative" | "moment" | "survival" | "life", Register>>;

/** A straight stretch of the value: share of the cost from an age to an age [months], and its change a month. */
type Stretch = {
  readonly from: number;
  readonly to: number;
  readonly share: number;
  readonly slope: number;
};

/**
 * What chips in service are worth at the end of each month by a table of shares of their cost by age: straight from all of
 * it when new to the first age, from age to age, and on as at last until nothing is left (docs/model.md section 9.3).
 */
export function worthByAge(
  { context: { builder } }: Inputs,
  chips: Aged,
  table: readonly CurvePoint[],
): Register {
  const { cumulative, moment, survival, life } = chips;
  // Chips older than their life have retired.
  const older = (register: Register, months: number) =>
    builder.shift("behind", register, builder.op("min", life, builder.constant(Math.floor(months))));
  const ageFrom = (from: number) => builder.monthsBy(`months after ${from}`, (month) => month + 1 - from);
  const parts = stretchesOf(table).map(({ from, to, share, slope }) => {
    const within = (register: Register) => builder.op("subtract", older(register, from), older(register, to));
    const cost = within(cumulative);
    const aged = builder.op("subtract", builder.op("multiply", ageFrom(from), cost), within(moment));
    const lost = builder.op("multiply", builder.constant(slope), aged);
    return builder.op("add", builder.op("multiply", builder.constant(share), cost), lost);
  });
  const sum = parts.reduce((x, y) => builder.op("add", x, y));
  return builder.op("max", builder.constant(0), builder.op("multiply", survival, sum));
}

function stretchesOf(table: readonly CurvePoint[]): readonly Stretch[] {
  const corners = [{ x: 0, y: 1 }, ...table];
  const [before, last] = corners.slice(-2);
  const perYear = (before.y - last.y) / (last.x - before.x);
  const closed = [...corners, { x: last.x + last.y / perYear, y: 0 }];
  return closed.slice(1).map(({ x, y }, at) => {
    const [from, to] = [closed[at].x * MONTHS_PER_YEAR, x * MONTHS_PER_YEAR];
    return { from, to, share: closed[at].y, slope: (y - closed[at].y) / (to - from) };
  });
}
