import type { Entity } from "../../compile/entities.ts";
import { findMetric } from "../../metrics/index.ts";
import { formatQuantity } from "../../units/format.ts";
import { KERNELS } from "./kernels.ts";
import { plainUnit, sixDigits, unitFor } from "./shown-value.ts";
import { readField, traceField } from "./trace-field.ts";
import { type Making, windowMonthText } from "./trace-leaf.ts";
import { assertClose, type TracedRead } from "./trace-node.ts";
import { metricAt, type TraceRun } from "./trace-run.ts";

/** What a kernel reads of an entity in a month: metrics and fields, each with its value. */
export function readsOfKernel(
  run: TraceRun,
  kernel: string,
  entity: Entity,
  month: number,
): readonly TracedRead[] {
  const words = KERNELS[kernel];
  if (!words) return [];
  const metrics = words.metrics.map((name) => {
    const metric = findMetric(name);
    const { unit, scale } = metric ? unitFor(metric, entity) : plainUnit;
    const canonical = metricAt(run, name, entity, month);
    const word = metric?.words?.[canonical];
    return { name, value: word ?? `${sixDigits(canonical / scale)} ${unit}`.trimEnd() };
  });
  return [...metrics, ...words.fields(run.scenario, entity).flatMap((path) => readField(run, path, month))];
}

/** A site's limit: its table as it was the delay earlier. */
export function makeLimit(run: TraceRun, site: string, month: number, canonical: number): Making {
  const path = `sites.${site}.power`;
  const delayPath = `sites.${site}.delay`;
  const delay = Math.floor(traceField(run, delayPath, month).canonical + 0.5);
  const { operator, how, children, field, canonical: written } = traceField(run, path, month - delay);
  // Power without dates is there from `start` on.
  const isDated = run.scenario.fields.get(path)?.expr?.kind === "table";
  const isAbsent = !isDated && month - delay < run.originMonth;
  assertClose(path, canonical, isAbsent ? 0 : written);
  const late =
    delay === 0
      ? []
      : [
          `as planned for ${windowMonthText(run, month - delay)}: it comes ${formatQuantity(delay, "duration")} later`,
        ];
  const notes = isAbsent ? ["there from start on"] : late;
  const reads = delay === 0 ? [] : readField(run, delayPath, month);
  return { operator, how, children, ...(field ? { field } : {}), reads, notes };
}
