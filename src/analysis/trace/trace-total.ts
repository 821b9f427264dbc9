import type { Entity } from "../../compile/entities.ts";
import { DISCOUNT_RATES } from "../../compile/metric-registers.ts";
import { type Formula, formatFormula } from "../../metrics/formula.ts";
import { yearOf, yearStartOf, yearText } from "../../scenario/calendar.ts";
import { discounterOf, firstMetric } from "./formula-terms.ts";
import { interpret, totalMonths } from "./interpret.ts";
import type { ShownUnit } from "./shown-value.ts";
import { readField } from "./trace-field.ts";
import { formulaLeaf, type Making, type Place } from "./trace-leaf.ts";
import { type TraceNode, withShares } from "./trace-node.ts";
import { sixDigits } from "./trace-number.ts";
import type { TraceRun } from "./trace-run.ts";

/**
 * A sum over months, by year. A year's months, those that are not 0, are made when they are asked for: all of
 * them would be a hundred trees.
 *
 * @param monthNode what is summed in a window month, taken apart
 */
export function makeTotal(
  run: TraceRun,
  formula: Formula & { readonly kind: "total" },
  canonical: number,
  unit: ShownUnit,
  { opened }: Place,
  monthNode: (month: number) => TraceNode,
): Making {
  const months = totalMonths(run, formula);
  const start = yearStartOf(run.scenario);
  const yearIn = (month: number) => yearOf(run.firstMonth + month, start);
  const years = [...new Set(months.map(yearIn))];
  const whole: Entity = { level: "total" };
  const children = years.map((year): TraceNode => {
    const inside = months.filter((month) => yearIn(month) === year);
    const valueIn = (month: number) => interpret(run, formula.of, whole, month).value;
    const value = inside.reduce((sum, month) => sum + valueIn(month), 0);
    const leaf = formulaLeaf(run, formula, value, unit, { entity: whole, month: inside[0] ?? 0, opened });
    const span = inside.length < 12 ? ` (${inside.length} month${inside.length === 1 ? "" : "s"})` : "";
    const later = () => {
      const counted = inside.filter((month) => valueIn(month) !== 0);
      return withShares(
        counted.map((month) => summand(monthNode(month))),
        value,
      );
    };
    return { ...leaf, name: `${yearText(year, start)}${span}`, sign: "+", how: "", later };
  });
  const by = discounterOf(formula.of);
  const reads = by ? readField(run, DISCOUNT_RATES[by], run.originMonth) : [];
  const metric = firstMetric(formula.of)?.name;
  const words = formatFormula(formula.of).replace(/\b\d{7,}\b/g, (digits) => sixDigits(Number(digits)));
  const notes = metric ? [`of ${words}`] : [];
  const hint = metric && `\`trace … ${metric} --month YYYY-MM\` takes a month apart`;
  const kept = children.filter((child) => child.canonical !== 0);
  const zeros = children.filter((child) => child.canonical === 0).map(({ name }) => name);
  const made = { children: withShares(kept, canonical), zeros, reads, notes };
  return { operator: "+", how: "sum of months", ...made, ...(hint === undefined ? {} : { hint }) };
}

/** The tree of a month as a member of the sum, named by its month. */
function summand({ month, ...node }: TraceNode): TraceNode {
  return { ...node, name: month ?? node.name, sign: "+" };
}
