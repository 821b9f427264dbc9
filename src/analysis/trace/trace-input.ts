import type { Entity } from "../../compile/entities.ts";
import { inputPath } from "../../compile/formula-inputs.ts";
import { entityKey } from "../../compile/metric-registers.ts";
import { type Formula, formatFormula, type InputName } from "../../metrics/formula.ts";
import { fieldNumber } from "./field-number.ts";
import { sizePart } from "./part-size.ts";
import { plainUnit, type ShownUnit, unitOfDimension } from "./shown-value.ts";
import { isDemandInput, traceDemandInput } from "./trace-demand-input.ts";
import { traceField } from "./trace-field.ts";
import { assertClose, assertRecombines, type TraceNode } from "./trace-node.ts";
import { inputAt, type TraceRun } from "./trace-run.ts";

/**
 * An input of a formula in a window month: a field of the scenario, or what docs/model.md derives from some.
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
  unit?: ShownUnit,
): TraceNode {
  const canonical = inputAt(run, name, entity, month);
  const node = readInput(run, name, entity, month, unit);
  assertClose(name, canonical, node.canonical);
  assertRecombines(node);
  return node;
}

function readInput(
  run: TraceRun,
  name: InputName,
  entity: Entity,
  month: number,
  unit?: ShownUnit,
): TraceNode {
  if (isOfDemand(entity)) {
    if (isDemandInput(name)) return traceDemandInput(run, name, entity, month);
    if (entity.level === "assignment")
      return readInput(run, name, { level: "part", part: entity.part }, month, unit);
  }
  const path = inputPath(run.scenario, name, entity);
  if (name === "contract.nameplate_mw_years") return traceNameplate(run, `contracts.${entityKey(entity)}`);
  if (name === "fleet.size_chips" && entity.level === "part") return traceSize(run, entity, month);
  if (name === "run.idle_rate") return traceIdleRate(run);
  const site = entity.level === "part" ? entity.part.site : entityKey(entity);
  if (path === undefined) {
    const field = name === "site.lease_index" ? "lease_growth" : "electricity_growth";
    return traceIndex(run, name, `sites.${site}.${field}`, month);
  }
  if (name === "site.lease" && run.scenario.fields.get(`sites.${site}.tenure`)?.choice !== "leased") {
    const zero = number(name, 0, plainUnit);
    return { ...zero, notes: [`sites.${site} is owned: there is no rent`] };
  }
  const node = traceField(run, path, month, name, unit);
  return name === "chip.lead" ? roundMonths(node) : node;
}

function isOfDemand(
  entity: Entity,
): entity is Extract<Entity, { readonly level: "workload" | "assignment" }> {
  return entity.level === "workload" || entity.level === "assignment";
}

/** Durations are whole months, rounded half up. */
function roundMonths(node: TraceNode): TraceNode {
  const rounded = Math.floor(node.canonical + 0.5);
  if (rounded === node.canonical) return node;
  return { ...node, canonical: rounded, value: rounded, notes: ["rounded to whole months"] };
}

function traceSize(run: TraceRun, entity: Entity & { readonly level: "part" }, month: number): TraceNode {
  const { chips, rule, paths } = sizePart(run, entity.part);
  const [only] = paths;
  if (paths.length === 1 && only)
    return traceField(run, only, month, "fleet.size_chips", { unit: "chips", scale: 1 });
  return {
    ...number("fleet.size_chips", chips, { unit: "chips", scale: 1 }),
    operator: "rule",
    how: "rule",
    notes: [`${rule}; docs/model.md section 3`],
    children: paths.map((path) => traceField(run, path, month)),
  };
}

/** Capacity that a contract speaks of over its term; without one there is no rate by it. */
function traceNameplate(run: TraceRun, contract: string): TraceNode {
  const name = "contract.nameplate_mw_years";
  const unit = { unit: "MW-years", scale: 1 };
  if (!run.scenario.fields.has(`${contract}.capacity`)) {
    return { ...number(name, Number.NaN, unit), notes: [`${contract}.capacity is not stated`] };
  }
  const capacity = traceField(run, `${contract}.capacity`, run.originMonth);
  const term = roundMonths(traceField(run, `${contract}.term`, run.originMonth));
  const children = [
    capacity,
    { ...term, sign: "x" as const },
    { ...traceNumber(12), sign: "/" as const },
    { ...number("W in a MW", 1e6), sign: "/" as const },
  ];
  const canonical = (capacity.canonical * term.canonical) / 12e6;
  return { ...number(name, canonical, unit), operator: "x", how: "x", children };
}

/** Growth at a yearly rate from `start` on: (1 + growth) ^ years. */
function traceIndex(run: TraceRun, name: string, path: string, month: number): TraceNode {
  const years = number("years since start", (month - run.originMonth) / 12, { unit: "years", scale: 1 });
  return power(name, growthOf(run, path), years);
}

/** A month's discount rate: (1 + rate) ^ (1/12) - 1. */
function traceIdleRate(run: TraceRun): TraceNode {
  const factor = power(
    "growth in a month",
    growthOf(run, "provider.discount_rate"),
    number("a month in years", 1 / 12),
  );
  const children = [factor, { ...number("1", 1), sign: "-" as const }];
  const canonical = factor.canonical - 1;
  const { unit, scale } = unitOfDimension(canonical, "fraction");
  return { ...number("run.idle_rate", canonical, { unit, scale }), operator: "+", how: "+", children };
}

/** The factor of the horizon's end: (1 + rate) ^ -years. */
export function traceFinalDiscount(run: TraceRun, formula: Formula): TraceNode {
  const years = number("years of the horizon, back", -run.horizonMonths / 12, { unit: "years", scale: 1 });
  return power(formatFormula(formula), growthOf(run, "provider.discount_rate"), years);
}

function growthOf(run: TraceRun, path: string): TraceNode {
  const rate = traceField(run, path, run.originMonth);
  const children = [number("1", 1), { ...rate, sign: "+" as const }];
  const canonical = 1 + (fieldNumber(run, path, run.originMonth) ?? 0);
  return { ...number(`1 + ${path}`, canonical), operator: "+", how: "+", children };
}

function power(name: string, base: TraceNode, exponent: TraceNode): TraceNode {
  const canonical = base.canonical ** exponent.canonical;
  return { ...number(name, canonical), operator: "^", how: "^", children: [base, exponent] };
}

/** What numbers in formulas stand for. */
const numbersInWords: ReadonlyMap<number, string> = new Map([
  [12, "months of a year"],
  [3600, "seconds of an hour"],
  [8766, "hours of a year"],
  [12e6, "months of a year x W in a MW"],
  [1e18, "FLOP/s in an EFLOP/s"],
]);

/** A number as a formula has it. */
export function traceNumber(value: number): TraceNode {
  return number(numbersInWords.get(value) ?? String(value), value);
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
