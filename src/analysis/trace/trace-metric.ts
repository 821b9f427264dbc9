import type { Entity } from "../../compile/entities.ts";
import { entityKey } from "../../compile/entities.ts";
import { formulaIn } from "../../compile/uses.ts";
import { InternalError } from "../../diagnostics/diagnostic.ts";
import {
  add,
  DERIVED_INPUTS,
  type Formula,
  formatFormula,
  type InputName,
  input,
  power,
  type SumOver,
} from "../../metrics/formula.ts";
import { findMetric } from "../../metrics/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import { MONTHS_PER_YEAR } from "../../metrics/unit-factors.ts";
import { formatQuantity } from "../../units/format.ts";
import { demandNotes } from "./demand-notes.ts";
import { factorsOf, firstMetric, hasNumber, termsOf } from "./formula-terms.ts";
import { hoursOfMonth, interpret, shiftedMonth, yearsSinceStart } from "./interpret.ts";
import { assertFormula, identityOf, scaleOf } from "./kernel-identity.ts";
import { KERNELS } from "./kernels.ts";
import { knownNode } from "./known-nodes.ts";
import { plainUnit, type ShownUnit, unitFor } from "./shown-value.ts";
import { discountNode } from "./trace-discount.ts";
import { number, traceInput, traceNumber } from "./trace-input.ts";
import { makeLimit, readsOfKernel } from "./trace-kernel.ts";
import {
  completeLeaf,
  formulaLeaf,
  type Making,
  metricLeaf,
  type Place,
  windowMonthText,
} from "./trace-leaf.ts";
import { assertClose, assertRecombines, type TraceNode, type TraceSign, withShares } from "./trace-node.ts";
import { inputAt, membersOf, metricAt, ownerOf, sumOver, type TraceRun } from "./trace-run.ts";
import { makeTotal } from "./trace-total.ts";

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
  return knownNode(run, metric, place, () => {
    const canonical = metricAt(run, name, reader, month);
    const making = makeMetric(run, metric, canonical, place);
    const node = completeLeaf(metricLeaf(run, metric, canonical, place), making);
    assertRecombines(node, scaleOf(run, metric, place));
    return node;
  });
}

function makeMetric(run: TraceRun, metric: Metric, canonical: number, place: Place): Making {
  const { name, kernel } = metric;
  const formula = metric.formula && formulaIn(run.scenario, metric.formula);
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
  const { reads = [], notes: ofOthers = [] } = readsOfKernel(run, metric, entity, month);
  const notes = [
    ...demandNotes(run, name, entity, month),
    `${how}: ${text}; docs/model.md section ${section}`,
    ...ofOthers,
  ];
  const identity = identityOf(run, metric, place);
  if (!identity) return { operator: "kernel", how: "kernel", children: [], reads, notes };
  assertFormula(run, metric, identity, canonical, place);
  const inside = { ...place, opened: [...place.opened, kernel.name] };
  const making = makeFormula(run, identity, canonical, unitFor(metric, entity), inside);
  return { ...making, how: "identity", reads, notes };
}

/** Members below this share of the largest are rounding left over from a large stock. */
const residue = 1e-12;

/** A sum over the members of an entity, in the order of summation; members that are 0 are only named. */
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
      const { operator, how, children, field, notes, reads } = inputNode(run, formula.name, place, unit);
      const found = { ...(field ? { field } : {}), ...(notes ? { notes } : {}), ...(reads ? { reads } : {}) };
      return { operator, how, children, ...found };
    }
    case "sum":
      return makeSum(run, formula.over, formula.name, canonical, place);
    case "running":
      return makeRunning(run, formula, unit, place);
    case "total":
      return makeTotal(run, formula, canonical, unit, place, (month) =>
        formulaNode(run, formula.of, unit, { ...place, entity: { level: "total" }, month }),
      );
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

/** The unit of a factor without one: that of its side of a quotient, else that of the first metric in it. */
function factorUnit(of: Formula, sign: TraceSign, { unit, scale }: ShownUnit, entity: Entity): ShownUnit {
  if (of.kind === "operation" && hasNumber(termsOf(of, "+"))) return plainUnit;
  const [above = "", below] = unit.split("/");
  if (below !== undefined && scale === 1) return { unit: sign === "/" ? below : above, scale: 1 };
  const metric = firstMetric(of);
  return metric ? unitFor(metric, entity) : plainUnit;
}

/** An input of a formula; a derived input is taken apart by its own formula. */
function inputNode(run: TraceRun, name: InputName, place: Place, unit?: ShownUnit): TraceNode {
  const derived = DERIVED_INPUTS.get(name);
  if (!derived) return traceInput(run, name, place.entity, place.month, unit);
  const canonical = inputAt(run, name, place.entity, place.month);
  assertClose(name, canonical, interpret(run, derived, place.entity, place.month).value);
  const shown = unit ?? plainUnit;
  return completeLeaf(number(name, canonical, shown), makeFormula(run, derived, canonical, shown, place));
}

/** A formula within a formula; `unit` is for what has none of its own. */
function formulaNode(run: TraceRun, formula: Formula, unit: ShownUnit, place: Place): TraceNode {
  const { entity, month } = place;
  switch (formula.kind) {
    case "metric":
      return metricNode(run, formula.name, place);
    case "input":
      return inputNode(run, formula.name, place);
    case "number":
      return traceNumber(formula.value);
    case "hours":
      return number(`hours of ${windowMonthText(run, month)}`, hoursOfMonth(run.firstMonth + month), {
        unit: "h",
        scale: 1,
      });
    case "final_discount": {
      if (formula.by !== "provider")
        return number(formatFormula(formula), interpret(run, formula, entity, month).value, plainUnit);
      const years = -run.horizonMonths / MONTHS_PER_YEAR;
      const node = formulaNode(run, power(add(1, input("provider.discount_rate")), years), plainUnit, place);
      return { ...node, name: formatFormula(formula) };
    }
    case "discount":
      return discountNode(run, formula.by, month);
    case "years":
      return number("years since start", yearsSinceStart(run, month), { unit: "years", scale: 1 });
    case "previous":
      return previousNode(run, formula.of, unit, place);
    case "shifted":
      return shiftedNode(run, formula, unit, place);
    default: {
      const canonical = interpret(run, formula, entity, month).value;
      const node = completeLeaf(
        formulaLeaf(run, formula, canonical, unit, place),
        makeFormula(run, formula, canonical, unit, place),
      );
      assertRecombines(node);
      return node;
    }
  }
}

/** The value of the month before. It is not taken apart, since that would go on to the first month. */
function previousNode(run: TraceRun, of: Formula, unit: ShownUnit, place: Place): TraceNode {
  const before = { ...place, month: place.month - 1 };
  const canonical = interpret(run, { kind: "previous", of }, place.entity, place.month).value;
  const metric = of.kind === "metric" ? findMetric(of.name) : undefined;
  const node = metric
    ? metricLeaf(run, metric, canonical, before)
    : formulaLeaf(run, of, canonical, unit, before);
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
  const where = `${windowMonthText(run, place.month)} ${direction === "ahead" ? "plus" : "less"} ${far}`;
  if (source === undefined) {
    return {
      ...formulaLeaf(run, formula, 0, unit, place),
      how: "0",
      notes: [`${where} is outside of what is simulated`],
    };
  }
  const isHeld = source !== place.month + (direction === "ahead" ? steps : -steps);
  const node = formulaNode(run, of, unit, { ...place, month: source });
  const note = isHeld ? `${where}, held at the nearest month simulated` : where;
  return { ...node, month: windowMonthText(run, source), notes: [note, ...(node.notes ?? [])] };
}

function makeRunning(
  run: TraceRun,
  formula: Formula & { readonly kind: "running" },
  unit: ShownUnit,
  place: Place,
): Making {
  const first = formula.from === "window" ? 0 : run.originMonth;
  const notes = [`since ${windowMonthText(run, first)}`];
  const { entity, month } = place;
  const before = { ...place, month: month - 1 };
  const soFar = month > first ? interpret(run, formula, entity, month - 1).value : 0;
  const earlier = {
    ...formulaLeaf(run, formula.of, soFar, unit, before),
    name: "sum so far",
    how: "month before",
  };
  const current =
    month >= first ? [{ ...formulaNode(run, formula.of, unit, place), sign: "+" as const }] : [];
  return { operator: "+", how: "running sum", children: [{ ...earlier, sign: "+" }, ...current], notes };
}
