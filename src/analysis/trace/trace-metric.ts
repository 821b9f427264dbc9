import { InternalError } from "../../diagnostics/diagnostic.ts";
import { type Formula, formatFormula, type SumOver } from "../../metrics/formula.ts";
import { findMetric } from "../../metrics/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { Entity } from "../../scenario/compile/entities.ts";
import { entityKey } from "../../scenario/compile/metric-registers.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { formatQuantity } from "../../units/format.ts";
import { monthText, yearOf } from "../calendar.ts";
import { demandNotes } from "./demand-notes.ts";
import { hoursOfMonth, interpret, shiftedMonth, totalMonths } from "./interpret.ts";
import { KERNELS } from "./kernels.ts";
import { plainUnit, type ShownUnit, sixDigits, unitOfMetric } from "./shown-value.ts";
import { readField, traceField } from "./trace-field.ts";
import { number, traceFinalDiscount, traceInput, traceNumber } from "./trace-input.ts";
import {
  assertClose,
  assertRecombines,
  type TracedRead,
  type TraceNode,
  type TraceSign,
} from "./trace-node.ts";
import {
  columnOf,
  inputAt,
  membersOf,
  metricAt,
  nameOf,
  ownerOf,
  sumOver,
  type TraceRun,
} from "./trace-run.ts";

/** Where a node stands: of whom, in which window month, and which kernels were taken apart on the way to it. */
type Place = { readonly entity: Entity; readonly month: number; readonly opened: readonly string[] };

/** How a value comes about, apart from the value itself. */
type Making = Pick<TraceNode, "operator" | "how" | "children" | "zeros" | "field" | "reads" | "notes">;

/**
 * Takes a metric's value in a window month apart by the formulas of the metric table, down to inputs and their sources.
 *
 * Every node recombines from its children within 1e-9 of its largest gross term, and every formula from its columns.
 *
 * @param entity whose value it is; the metric is a column of it
 *
 * Fails: throws `InternalError` where a node does not recombine. Cost: nodes of the tree, times months for running sums.
 */
export function traceMetric(run: TraceRun, name: string, entity: Entity, month: number): TraceNode {
  return metricNode(run, name, { entity, month, opened: [] });
}

function metricNode(run: TraceRun, name: string, { entity: reader, month, opened }: Place): TraceNode {
  const metric = findMetric(name);
  if (!metric) throw new InternalError(`no metric ${name}`);
  const place = { entity: ownerOf(run, name, reader), month, opened };
  const canonical = metricAt(run, name, reader, month);
  const making = makeMetric(run, metric, canonical, place);
  const node = finish(metricLeaf(run, metric, canonical, place), making);
  assertRecombines(node, scaleOf(run, metric, place));
  return node;
}

/** Unit of metrics that are a month. */
const monthsFromStart = "months from start";

/** A metric's value with nothing below it. */
function metricLeaf(run: TraceRun, metric: Metric, canonical: number, { entity, month }: Place): TraceNode {
  const { unit, scale } = unitFor(metric, entity);
  const isMonthly = metric.isScalar !== true;
  const isMonth = metric.unit === monthsFromStart && !Number.isNaN(canonical);
  const word = isMonth ? monthText(run.scenario.startMonth + canonical) : metric.words?.[canonical];
  return {
    name: metric.name,
    entity: entityKey(entity),
    ...(isMonthly ? { month: textOf(run, month) } : {}),
    value: canonical / scale,
    unit,
    canonical,
    ...(word === undefined ? {} : { word }),
    operator: "carried",
    how: "",
    children: [],
  };
}

function makeMetric(run: TraceRun, metric: Metric, canonical: number, place: Place): Making {
  const { name, formula, kernel } = metric;
  const { entity, month } = place;
  if (metric.level !== entity.level && metric.time !== "code")
    return makeSum(run, sumOver(name), name, canonical, place);
  if (formula) {
    assertFormula(run, metric, formula, canonical, place);
    const making = makeFormula(run, formula, canonical, unitFor(metric, entity), place);
    const told = demandNotes(run, name, entity, month);
    return told.length > 0 ? { ...making, notes: [...(making.notes ?? []), ...told] } : making;
  }
  if (!kernel) throw new InternalError(`${name} has neither formula nor kernel`);
  if (kernel.name === "power_limit" && entity.level === "site")
    return makeLimit(run, entity.site, month, canonical);
  const words = KERNELS[kernel.name];
  if (!words) throw new InternalError(`nothing is said of the kernel ${kernel.name}`);
  const { text, section } = words;
  const how = `kernel ${kernel.name}`;
  if (place.opened.includes(kernel.name)) return { operator: "carried", how, children: [] };
  const reads = readsOf(run, kernel.name, entity, month);
  const notes = [
    ...demandNotes(run, name, entity, month),
    `${how}: ${text}; docs/model.md section ${section}`,
  ];
  const identity = identityOf(run, metric, place);
  if (!identity) return { operator: "kernel", how: "kernel", children: [], reads, notes };
  assertFormula(run, metric, identity, canonical, place);
  const inside = { ...place, opened: [...place.opened, kernel.name] };
  const making = makeFormula(run, identity, canonical, unitFor(metric, entity), inside);
  return { ...making, how: "identity", reads, notes };
}

/**
 * The identity of a kernel's metric, where it has one that holds. Those of contracts are of money and from the second
 * month on: a commitment is there before the first, and one of usage counts chip-hours.
 */
function identityOf(
  { scenario }: TraceRun,
  { kernel }: Metric,
  { entity, month }: Place,
): Formula | undefined {
  // Deferrable work uses chips that others hold, of which there is no column.
  if (kernel?.name === "yield" && isDeferrable(scenario, entity)) return undefined;
  if (entity.level !== "contract") return kernel?.identity;
  const isUsage = scenario.fields.get(`contracts.${entity.contract}.category`)?.choice === "usage";
  return isUsage || month === 0 ? undefined : kernel?.identity;
}

function isDeferrable({ fields }: Scenario, entity: Entity): boolean {
  return (
    entity.level === "assignment" &&
    fields.get(`workloads.${entity.workload.name}.deferrable`)?.boolean === true
  );
}

/** The unit a metric of an entity is shown in: of what may be tokens or FLOP, what the workload's kind says. */
function unitFor(metric: Metric, entity: Entity): ShownUnit {
  const shown = unitOfMetric(metric);
  if (entity.level !== "workload" && entity.level !== "assignment") return shown;
  const own = entity.workload.kind === "training" ? "FLOP" : "tokens";
  return { ...shown, unit: shown.unit.replace("tokens or FLOP", own) };
}

/** Asserts that the slow interpreter gives what the engine gave. */
function assertFormula(
  run: TraceRun,
  metric: Metric,
  formula: Formula,
  canonical: number,
  { entity, month }: Place,
): void {
  const { value, gross } = interpret(run, formula, entity, month);
  const scale = metric.kernel ? largestOf(run, formula, entity) : gross;
  assertClose(`${metric.name} of ${nameOf(entity)}`, canonical, value, scale);
}

/** The largest gross term that a metric's value is made of. */
function scaleOf(run: TraceRun, metric: Metric, place: Place): number {
  const { level, time, formula } = metric;
  const { entity, month } = place;
  if (level !== entity.level && time !== "code") return 0;
  const identity = identityOf(run, metric, place);
  if (identity) return largestOf(run, identity, entity);
  return formula ? interpret(run, formula, entity, month).gross : 0;
}

/** The largest gross term of what an identity reads, over all months: rounding of a large stock stays when the stock is gone. */
function largestOf(run: TraceRun, identity: Formula, entity: Entity): number {
  const largest = (name: string) => {
    const column = columnOf(run, name, ownerOf(run, name, entity)) ?? new Float64Array();
    return column.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  };
  const visit = (formula: Formula): number => {
    if (formula.kind === "metric") return largest(formula.name);
    if (formula.kind === "operation")
      return formula.operands.reduce((sum, operand) => Math.max(sum, visit(operand)), 0);
    return "of" in formula ? visit(formula.of) : 0;
  };
  return visit(identity);
}

function readsOf(run: TraceRun, kernel: string, entity: Entity, month: number): readonly TracedRead[] {
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
function makeLimit(run: TraceRun, site: string, month: number, canonical: number): Making {
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
      : [`as planned for ${textOf(run, month - delay)}: it comes ${formatQuantity(delay, "duration")} later`];
  const notes = isAbsent ? ["there from start on"] : late;
  const reads = delay === 0 ? [] : readField(run, delayPath, month);
  return { operator, how, children, ...(field ? { field } : {}), reads, notes };
}

/** What is left of a large stock by rounding is not more than this share of its neighbours. */
const residue = 1e-12;

/** A sum over the parts or sites inside an entity, in the order in which they are summed; what is 0 is folded. */
function makeSum(run: TraceRun, over: SumOver, name: string, canonical: number, place: Place): Making {
  const members = membersOf(run, over, place.entity).map((entity) => ({
    entity,
    value: metricAt(run, name, entity, place.month),
  }));
  const least = residue * Math.max(...members.map(({ value }) => Math.abs(value)));
  const isZero = ({ value }: { readonly value: number }) => Math.abs(value) <= least;
  const children = members
    .filter((member) => !isZero(member))
    .map(({ entity }) => ({ ...metricNode(run, name, { ...place, entity }), sign: "+" as const }));
  const zeros = members.filter(isZero).map(({ entity }) => entityKey(entity));
  return { operator: "+", how: `sum of ${over}`, children: withShares(children, canonical), zeros };
}

/** Gives each addend its share where all have the same sign. */
function withShares(children: readonly TraceNode[], total: number): readonly TraceNode[] {
  const isMixed = children.some(
    ({ canonical, sign, operator }) => sign === "-" || canonical * total < 0 || operator === "constant",
  );
  if (isMixed || total === 0 || children.length < 2) return children;
  return children.map((child) => ({ ...child, share: child.canonical / total }));
}

/** How a formula's value comes about; `unit` is that of the value. */
function makeFormula(
  run: TraceRun,
  formula: Formula,
  canonical: number,
  unit: ShownUnit,
  place: Place,
): Making {
  switch (formula.kind) {
    case "input": {
      const { operator, how, children, field, notes } = traceInput(
        run,
        formula.name,
        place.entity,
        place.month,
        unit,
      );
      return { operator, how, children, ...(field ? { field } : {}), ...(notes ? { notes } : {}) };
    }
    case "sum":
      return makeSum(run, formula.over, formula.name, canonical, place);
    case "running":
      return makeRunning(run, formula, unit, place);
    case "total":
      return makeTotal(run, formula, canonical, unit, place);
    case "operation":
      return makeOperation(run, formula, canonical, unit, place);
    default:
      return { operator: "same", how: wordOf(formula), children: [formulaNode(run, formula, unit, place)] };
  }
}

/** What a formula of one operand does with it. */
function wordOf(formula: Formula): string {
  if (formula.kind === "shifted") return formula.direction === "ahead" ? "later" : "earlier";
  return formula.kind === "previous" ? "month before" : "";
}

type Operation = Formula & { readonly kind: "operation" };

function makeOperation(
  run: TraceRun,
  formula: Operation,
  canonical: number,
  unit: ShownUnit,
  place: Place,
): Making {
  const { operator, operands } = formula;
  if (operator === "min" || operator === "max" || operator === "power") {
    const sign = operator === "power" ? "^" : operator;
    return {
      operator: sign,
      how: sign === "^" ? "^" : `${sign} of`,
      children: operands.map((of) => formulaNode(run, of, unit, place)),
    };
  }
  const isSum = operator === "add" || operator === "subtract";
  const terms = isSum ? termsOf(formula, "+") : factorsOf(formula, "x");
  const children = terms.map(({ sign, of }) => {
    const own = isSum ? (hasNumber(terms) ? plainUnit : unit) : factorUnit(of, sign, unit, place.entity);
    return { ...formulaNode(run, of, own, place), sign };
  });
  return {
    operator: isSum ? "+" : "x",
    how: isSum ? "+" : "x",
    children: isSum ? withShares(children, canonical) : children,
  };
}

type Signed = { readonly sign: TraceSign; readonly of: Formula };

/** Sums within sums as one sum. */
function termsOf(formula: Formula, sign: "+" | "-"): readonly Signed[] {
  if (formula.kind !== "operation" || (formula.operator !== "add" && formula.operator !== "subtract"))
    return [{ sign, of: formula }];
  const other = sign === "+" ? "-" : "+";
  return formula.operands.flatMap((of, index) =>
    termsOf(of, formula.operator === "subtract" && index > 0 ? other : sign),
  );
}

/** Products and quotients within each other as one product. */
function factorsOf(formula: Formula, sign: "x" | "/"): readonly Signed[] {
  const isQuotient =
    formula.kind === "operation" && (formula.operator === "divide" || formula.operator === "per");
  if (formula.kind !== "operation" || (formula.operator !== "multiply" && !isQuotient))
    return [{ sign, of: formula }];
  const other = sign === "x" ? "/" : "x";
  return formula.operands.flatMap((of, index) => factorsOf(of, isQuotient && index > 0 ? other : sign));
}

function hasNumber(terms: readonly Signed[]): boolean {
  return terms.some(({ of }) => of.kind === "number" && of.value !== 0);
}

/** The unit of a factor that has none of its own: of a quotient's two sides, else that of the first metric in it. */
function factorUnit(of: Formula, sign: TraceSign, { unit, scale }: ShownUnit, entity: Entity): ShownUnit {
  if (of.kind === "operation" && hasNumber(termsOf(of, "+"))) return plainUnit;
  const [above = "", below] = unit.split("/");
  if (below !== undefined && scale === 1) return { unit: sign === "/" ? below : above, scale: 1 };
  const metric = firstMetric(of);
  return metric ? unitFor(metric, entity) : plainUnit;
}

/** Whose rate a formula discounts by. */
function discounterOf(formula: Formula): "provider" | "buyer" | undefined {
  if (formula.kind === "discount") return formula.by;
  return formula.kind === "operation" ? formula.operands.map(discounterOf).find((by) => by) : undefined;
}

function firstMetric(formula: Formula): Metric | undefined {
  if (formula.kind === "metric" || formula.kind === "sum") return findMetric(formula.name);
  if (formula.kind === "operation") return formula.operands.map(firstMetric).find((metric) => metric);
  return "of" in formula ? firstMetric(formula.of) : undefined;
}

/** A formula within a formula; `unit` is that of what has none of its own. */
function formulaNode(run: TraceRun, formula: Formula, unit: ShownUnit, place: Place): TraceNode {
  const { entity, month } = place;
  switch (formula.kind) {
    case "metric":
      return metricNode(run, formula.name, place);
    case "input":
      return traceInput(run, formula.name, entity, month);
    case "number":
      return traceNumber(formula.value);
    case "hours":
      return number(`hours of ${textOf(run, month)}`, hoursOfMonth(run.firstMonth + month), {
        unit: "h",
        scale: 1,
      });
    case "final_discount":
      return traceFinalDiscount(run, formula);
    case "previous":
      return previousNode(run, formula.of, unit, place);
    case "shifted":
      return shiftedNode(run, formula, unit, place);
    default: {
      const canonical = interpret(run, formula, entity, month).value;
      const node = finish(
        anonymous(run, formula, canonical, unit, place),
        makeFormula(run, formula, canonical, unit, place),
      );
      assertRecombines(node);
      return node;
    }
  }
}

function anonymous(
  run: TraceRun,
  formula: Formula,
  canonical: number,
  { unit, scale }: ShownUnit,
  { entity, month }: Place,
): TraceNode {
  return {
    name: formula.kind === "sum" ? formula.name : formatFormula(formula),
    entity: entityKey(entity),
    ...(formula.kind === "total" ? {} : { month: textOf(run, month) }),
    value: canonical / scale,
    unit,
    canonical,
    operator: "carried",
    how: "",
    children: [],
  };
}

/** The value of the month before, which is not taken apart: that would go on to the first month. */
function previousNode(run: TraceRun, of: Formula, unit: ShownUnit, place: Place): TraceNode {
  const before = { ...place, month: place.month - 1 };
  const canonical = interpret(run, { kind: "previous", of }, place.entity, place.month).value;
  const metric = of.kind === "metric" ? findMetric(of.name) : undefined;
  const node = metric
    ? metricLeaf(run, metric, canonical, before)
    : anonymous(run, of, canonical, unit, before);
  return { ...node, how: "month before" };
}

function shiftedNode(
  run: TraceRun,
  formula: Formula & { readonly kind: "shifted" },
  unit: ShownUnit,
  place: Place,
): TraceNode {
  const { of, by, direction } = formula;
  const source = shiftedMonth(run, formula, place.entity, place.month);
  const steps = inputAt(run, by, place.entity, place.month);
  const far = `${by} = ${formatQuantity(steps, "duration")}`;
  const where = `${textOf(run, place.month)} ${direction === "ahead" ? "plus" : "less"} ${far}`;
  if (source === undefined) {
    return {
      ...anonymous(run, formula, 0, unit, place),
      how: "0",
      notes: [`${where} is outside of what is simulated`],
    };
  }
  const isHeld = source !== place.month + (direction === "ahead" ? steps : -steps);
  const node = formulaNode(run, of, unit, { ...place, month: source });
  const note = isHeld ? `${where}, held at the nearest month simulated` : where;
  return { ...node, month: textOf(run, source), notes: [note, ...(node.notes ?? [])] };
}

function makeRunning(
  run: TraceRun,
  formula: Formula & { readonly kind: "running" },
  unit: ShownUnit,
  place: Place,
): Making {
  const first = formula.from === "window" ? 0 : run.originMonth;
  const notes = [`since ${textOf(run, first)}`];
  const { entity, month } = place;
  const before = { ...place, month: month - 1 };
  const soFar = month > first ? interpret(run, formula, entity, month - 1).value : 0;
  const earlier = {
    ...anonymous(run, formula.of, soFar, unit, before),
    name: "sum so far",
    how: "month before",
  };
  const current =
    month >= first ? [{ ...formulaNode(run, formula.of, unit, place), sign: "+" as const }] : [];
  return { operator: "+", how: "running sum", children: [{ ...earlier, sign: "+" }, ...current], notes };
}

/** A sum over months, by calendar year. */
function makeTotal(
  run: TraceRun,
  formula: Formula & { readonly kind: "total" },
  canonical: number,
  unit: ShownUnit,
  { opened }: Place,
): Making {
  const months = totalMonths(run, formula);
  const years = [...new Set(months.map((month) => yearOf(run.firstMonth + month)))];
  const whole: Entity = { level: "total" };
  const children = years.map((year): TraceNode => {
    const inside = months.filter((month) => yearOf(run.firstMonth + month) === year);
    const value = inside.reduce((sum, month) => sum + interpret(run, formula.of, whole, month).value, 0);
    const leaf = anonymous(run, formula, value, unit, { entity: whole, month: inside[0] ?? 0, opened });
    const span = inside.length < 12 ? ` (${inside.length} month${inside.length === 1 ? "" : "s"})` : "";
    return { ...leaf, name: `${year}${span}`, sign: "+", how: "" };
  });
  const by = discounterOf(formula.of);
  const reads = by ? readField(run, `${by}.discount_rate`, run.originMonth) : [];
  const metric = firstMetric(formula.of)?.name;
  const words = formatFormula(formula.of).replace(/\b\d{7,}\b/g, (digits) => sixDigits(Number(digits)));
  const hint = `\`trace … ${metric} --month YYYY-MM\` takes a month apart`;
  const notes = metric ? [`of ${words}; ${hint}`] : [];
  const kept = children.filter((child) => child.canonical !== 0);
  const zeros = children.filter((child) => child.canonical === 0).map(({ name }) => name);
  return { operator: "+", how: "sum of months", children: withShares(kept, canonical), zeros, reads, notes };
}

function finish(leaf: TraceNode, making: Making): TraceNode {
  const { zeros = [], reads = [], notes = [], ...rest } = making;
  return {
    ...leaf,
    ...rest,
    ...(zeros.length > 0 ? { zeros } : {}),
    ...(reads.length > 0 ? { reads } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

function textOf(run: TraceRun, month: number): string {
  return monthText(run.firstMonth + month);
}
