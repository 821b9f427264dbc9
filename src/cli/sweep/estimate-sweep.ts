import { setsOf } from "../../analysis/sweep/points.ts";
import { openFirstPoint } from "../../analysis/sweep/run-sweep.ts";
import { requestPoint } from "../../analysis/sweep/sample-point.ts";
import { countText } from "../../export/number-text.ts";
import { createThreadRunner } from "../../run/runner.ts";
import { MANY_TRIALS, probeSample, sayOrRefuse } from "../io/take-sample.ts";
import type { ShardRange } from "../shards/shard-options.ts";
import type { SweepJob } from "./sweep-job.ts";
import { countPlans } from "./sweep-threads.ts";

/** From this many combinations of values that are compiled anew, their time is estimated first. */
const MANY_PLANS = 500;

/**
 * Announces how long points of a sweep take, where they are many.
 *
 * Fails: throws `UsageError` for points that take very long and were not confirmed. Cost: the first point, and up to some thousand
 * trials of it.
 */
export async function announceCost(
  { prepared, load, sample, options, environment }: SweepJob,
  { first, end }: ShardRange,
  { isConfirmed, isQuiet }: { readonly isConfirmed: boolean; readonly isQuiet: boolean },
): Promise<void> {
  const points = end - first;
  const plans = Math.min(points, countPlans(prepared));
  const trials = sample?.trials ?? 0;
  if (trials * points < MANY_TRIALS && plans < MANY_PLANS) return;
  const started = performance.now();
  // Loads what the first point needs, as each combination does.
  load(
    setsOf(
      prepared.sweep,
      prepared.sweep.axes.map(() => 0),
    ),
  );
  const point = await openFirstPoint(prepared, createThreadRunner());
  const planSeconds = (performance.now() - started) / 1000 / options.threads;
  const one = sample
    ? await probeSample(
        { plan: point.plan, request: requestPoint(point, sample).request, options: sample },
        options,
        environment,
      )
    : { seconds: 0, bytes: 0, isTwice: false };
  const subject = sample
    ? `${countText(trials)} trials at each of ${countText(points)} points`
    : `${countText(points)} points`;
  const seconds = one.seconds * points + planSeconds * plans;
  sayOrRefuse(subject, { ...one, seconds }, { isConfirmed }, isQuiet);
}
