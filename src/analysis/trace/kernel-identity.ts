import type { Entity } from "../../compile/entities.ts";
import { formulaIn } from "../../compile/uses.ts";
import type { Formula } from "../../metrics/formula.ts";
import type { Metric } from "../../metrics/metric.ts";
import { pathOf } from "../../scenario/fields/index.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { interpret } from "./interpret.ts";
import type { Place } from "./trace-leaf.ts";
import { assertClose } from "./trace-node.ts";
import { columnOf, nameOf, ownerOf, type TraceRun } from "./trace-run.ts";

/**
 * The identity of a kernel's metric, where one holds. Identities of contracts hold for money, not for chip-hours, and from
 * the second month on, because a commitment exists before the first.
 */
export function identityOf(run: TraceRun, { kernel }: Metric, place: Place): Formula | undefined {
  const identity = isThere(run.scenario, kernel, place) ? kernel?.identity : undefined;
  return identity && formulaIn(run.scenario, identity);
}

function isThere(scenario: Scenario, kernel: Metric["kernel"], { entity, month }: Place): boolean {
  // Deferrable work also uses chips that others hold, and no column counts those.
  if (kernel?.name === "yield" && isDeferrable(scenario, entity)) return false;
  if (entity.level !== "contract") return true;
  const isUsage = scenario.fields.get(pathOf("contracts.*.category", entity.contract))?.choice === "usage";
  return !isUsage && month > 0;
}

function isDeferrable({ fields }: Scenario, entity: Entity): boolean {
  return (
    entity.level === "assignment" &&
    fields.get(pathOf("workloads.*.deferrable", entity.workload.name))?.boolean === true
  );
}

/** Asserts that the slow interpreter gives what the engine gave. */
export function assertFormula(
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
export function scaleOf(run: TraceRun, metric: Metric, place: Place): number {
  const { level, time, formula } = metric;
  const { entity, month } = place;
  if (level !== entity.level && time !== "code") return 0;
  const identity = identityOf(run, metric, place);
  if (identity) return largestOf(run, identity, entity);
  return formula ? interpret(run, formulaIn(run.scenario, formula), entity, month).gross : 0;
}

/** The largest gross term of what an identity reads, over all months: the rounding of a large stock outlasts the stock. */
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
