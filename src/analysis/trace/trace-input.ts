import type { Entity } from "../../compile/entities.ts";
import type { InputName } from "../../metrics/formula.ts";
import { plainUnit, type ShownUnit } from "./shown-value.ts";
import { readField, traceField } from "./trace-field.ts";
import { assertClose, type TraceNode } from "./trace-node.ts";
import { inputAt, readsOf, type TraceRun } from "./trace-run.ts";

/**
 * An input of a formula in a window month: the field that it is, or what docs/model.md makes of several.
 *
 * @param unit where the value is shown in another unit than the field's own
 *
 * Fails: throws `InternalError` where the engine read another value than the field's.
 */
export function traceInput(
  run: TraceRun,
  name: InputName,
  entity: Entity,
  month: number,
  unit = UNITS[name],
): TraceNode {
  const canonical = inputAt(run, name, entity, month);
  const lines = readsOf(run, `input ${name}`, entity).flatMap((read) =>
    read.kind === "line" ? [read.path] : [],
  );
  const { fields } = run.scenario;
  const figures = lines.filter((path) => fields.get(path)?.expr || fields.get(path)?.rest);
  const stated = lines.filter((path) => fields.has(path));
  const [only, second] = figures.length > 0 ? figures : stated.length > 0 ? [] : lines;
  if (only !== undefined && second === undefined) {
    const node = roundMonths(run, only, traceField(run, only, month, name, unit));
    if (node.canonical === canonical || figures.length === lines.length) {
      assertClose(name, canonical, node.canonical);
      return node;
    }
  }
  const section = name === "fleet.size_chips" ? 3 : 15;
  const words = stated.filter((path) => !figures.includes(path));
  const reads = words.flatMap((path) => readField(run, path, month));
  return {
    ...number(name, canonical, unit),
    operator: "rule",
    how: "rule",
    notes: [`made of ${stated.join(", ") || "nothing that is stated"}; docs/model.md section ${section}`],
    children: figures.map((path) => traceField(run, path, month)),
    ...(reads.length > 0 ? { reads } : {}),
  };
}

/** Units of inputs that differ from those of their fields. */
const UNITS: Readonly<Partial<Record<InputName, ShownUnit>>> = {
  "fleet.size_chips": { unit: "chips", scale: 1 },
};

/** Durations are whole months, rounded half up. */
function roundMonths(run: TraceRun, path: string, node: TraceNode): TraceNode {
  if (run.scenario.fields.get(path)?.dimension !== "duration") return node;
  const rounded = Math.floor(node.canonical + 0.5);
  if (rounded === node.canonical) return node;
  return { ...node, canonical: rounded, value: rounded, notes: ["rounded to whole months"] };
}

/** What numbers in formulas stand for. */
const NUMBERS_IN_WORDS: ReadonlyMap<number, string> = new Map([
  [12, "months of a year"],
  [3600, "seconds of an hour"],
  [8766, "hours of a year"],
  [12e6, "months of a year x W in a MW"],
  [1e18, "FLOP/s in an EFLOP/s"],
]);

/** A number in a formula. */
export function traceNumber(value: number): TraceNode {
  return number(NUMBERS_IN_WORDS.get(value) ?? String(value), value);
}

/** A leaf for a number that is no field. */
export function number(name: string, canonical: number, { unit, scale }: ShownUnit = plainUnit): TraceNode {
  return {
    name,
    entity: "",
    value: canonical / scale,
    unit,
    canonical,
    operator: "constant",
    how: "",
    children: [],
  };
}
