import { linearScale, numberAxis, stepOf, valueAxis } from "../kit/axes.ts";
import type { Measure } from "../kit/measure.ts";
import { largestOf } from "../kit/numbers.ts";
import { linePath, placesOf } from "../kit/path.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { circle, label, segment, shape } from "../kit/svg.ts";
import { placeNames } from "./pareto.ts";

export type FrontierPoint = { readonly cost: number; readonly compute: number };

export type FrontierData = {
  readonly points: readonly FrontierPoint[];
  readonly plan: FrontierPoint;
  readonly scenario: FrontierPoint;
  readonly cost: Measure;
  readonly compute: Measure;
  readonly costTitle: string;
};

/** Draws the least cost of each amount of work, with the plan and the scenario on it and beside it. */
export function drawFrontier(
  { points, plan, scenario, cost, compute, costTitle }: FrontierData,
  width: number,
): Drawing {
  const [left, right, top] = [52, width - 12, 34];
  const bottom = isNarrow(width) ? 280 : 340;
  const all = [...points, plan, scenario];
  const costs = all.map((one) => one.cost / cost.size);
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const pad = (high - low || 1) * 0.08;
  const x = linearScale([low - pad, high + pad], [left, right]);
  const most = largestOf(all.map((one) => one.compute)) / compute.size || 1;
  const y = linearScale([0, most], [bottom, top], 4);
  const at = (one: FrontierPoint) => [x(one.cost / cost.size), y(one.compute / compute.size)] as const;
  const ticks = y.ticks(4);
  const step = stepOf(ticks) * compute.size;
  const path = linePath(
    placesOf(
      points.map((one) => one.cost / cost.size),
      x,
    ),
    placesOf(
      points.map((one) => one.compute / compute.size),
      y,
    ),
  );
  const [[planX, planY], [ownX, ownY]] = [at(plan), at(scenario)];
  return {
    height: bottom + 42,
    body: [
      valueAxis(
        y,
        { values: ticks, text: (value) => compute.tick(value * compute.size, step) },
        left,
        right,
        `${compute.unit} of effective FP4`,
      ),
      numberAxis(
        x,
        (value, own) => cost.tick(value * cost.size, own * cost.size),
        top,
        bottom,
        isNarrow(width) ? 5 : 6,
      ),
      label(right, bottom + 32, `${costTitle}, ${cost.unit}`, "soft sm", "end"),
      shape(path, "s-main no", { "stroke-width": 2 }),
      ...points.map((one) =>
        circle(...at(one), 3, "f-main", `${cost.full(one.cost)}: ${compute.full(one.compute)}`),
      ),
      segment(planX, planY, ownX, ownY, "s-soft", { "stroke-width": 1.4 }),
      circle(planX, planY, 6, "f-main"),
      circle(ownX, ownY, 6, "f-paper s-ink", "", { "stroke-width": 2 }),
      placeNames(
        [
          { name: `plan ${cost.text(plan.cost)}`, x: planX, y: planY },
          { name: `scenario ${cost.text(scenario.cost)}`, x: ownX, y: ownY },
        ],
        { left, right, top, bottom },
      ).body,
    ].join(""),
  };
}
