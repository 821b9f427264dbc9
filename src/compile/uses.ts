import type { Formula } from "../metrics/formula.ts";
import { findMetric } from "../metrics/index.ts";
import type { Metric, MetricUse } from "../metrics/metric.ts";
import { type FieldPath, pathOf } from "../scenario/fields/index.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { leaseEndOf, purchaserOf, tenureOf } from "../scenario/tenure.ts";

/** Whether a fleet or contract makes a scenario use what some metrics are only for. */
type Uses = (fields: Scenario["fields"], name: string) => boolean;

const byFleet =
  (uses: Uses) =>
  ({ names, fields }: Scenario) =>
    names.fleets.some((fleet) => uses(fields, fleet));
const byContract =
  (uses: Uses) =>
  ({ names, fields }: Scenario) =>
    names.contracts.some((contract) => uses(fields, contract));

/** Whether a scenario uses what some metrics are only for. */
const USED: Readonly<Record<MetricUse, (scenario: Scenario) => boolean>> = {
  leased: byFleet((fields, fleet) => tenureOf(fields, fleet) === "leased"),
  bought_out: byFleet(
    (fields, fleet) => tenureOf(fields, fleet) === "leased" && leaseEndOf(fields, fleet) === "buy",
  ),
  rented: byFleet((fields, fleet) => tenureOf(fields, fleet) === "rented"),
  hired: byFleet((fields, fleet) => tenureOf(fields, fleet) !== "owned"),
  buyers_chips: byFleet((fields, fleet) => purchaserOf(fields, fleet) === "buyer"),
  contracted: byFleet((fields, fleet) => fields.has(pathOf("fleets.*.procurement.contract", fleet))),
  merchant: byFleet((fields, fleet) => fields.has(pathOf("fleets.*.after_term.share", fleet))),
  optional: byContract((fields, contract) =>
    (["contracts.*.extension.when", "contracts.*.termination.when"] as const).some((row) =>
      fields.has(pathOf(row, contract)),
    ),
  ),
  terminable: byContract((fields, contract) => fields.has(pathOf("contracts.*.termination.when", contract))),
  standing: byContract((fields, contract) =>
    (["contracts.*.capacity_price.price", "contracts.*.fee"] as const).some((row) =>
      fields.has(pathOf(row, contract)),
    ),
  ),
  debt: ({ names }) => names.debt.length > 0,
  tax: ({ fields }) => fields.has("tax.rate"),
  taxed_debt: ({ names, fields }) => names.debt.length > 0 && fields.has("tax.rate"),
};

/** By scenario, which never changes: formulas ask for every metric they name. */
const known = new WeakMap<Scenario, Map<MetricUse, boolean>>();

/** Whether a metric exists in a scenario. */
export function isUsed(scenario: Scenario, { only }: Pick<Metric, "only">): boolean {
  if (only === undefined) return true;
  const uses = known.get(scenario) ?? new Map<MetricUse, boolean>();
  known.set(scenario, uses);
  const found = uses.get(only);
  if (found !== undefined) return found;
  const used = USED[only](scenario);
  uses.set(only, used);
  return used;
}

/** Rows whose words decide whether a scenario has what some metrics need. */
const DECIDING: Readonly<Partial<Record<MetricUse, readonly FieldPath[]>>> = {
  leased: ["fleets.*.tenure"],
  bought_out: ["fleets.*.tenure", "fleets.*.lease_end"],
  rented: ["fleets.*.tenure"],
  hired: ["fleets.*.tenure"],
  buyers_chips: ["fleets.*.tenure", "fleets.*.owner"],
};

/** By formula, which is a row of the table of metrics and never changes: each entity lowers it anew. */
const decidingRows = new WeakMap<Formula, readonly FieldPath[]>();

/** Rows of fleets whose words decide which terms the sums of a formula have. */
export function rowsDeciding(formula: Formula): readonly FieldPath[] {
  let rows = decidingRows.get(formula);
  if (!rows) {
    rows = findDeciding(formula);
    decidingRows.set(formula, rows);
  }
  return rows;
}

function findDeciding(formula: Formula): readonly FieldPath[] {
  if (formula.kind === "operation") return [...new Set(formula.operands.flatMap(findDeciding))];
  const only = formula.kind === "metric" ? findMetric(formula.name)?.only : undefined;
  return only === undefined ? [] : (DECIDING[only] ?? []);
}

/** For each scenario, its formulas by those of the table of metrics. */
const formulasOf = new WeakMap<Scenario, Map<Formula, Formula>>();

/** A formula as a scenario has it: its sums leave out metrics that the scenario does not have; a sum of one term is that term. */
export function formulaIn(scenario: Scenario, formula: Formula): Formula {
  let formulas = formulasOf.get(scenario);
  if (!formulas) {
    formulas = new Map();
    formulasOf.set(scenario, formulas);
  }
  let own = formulas.get(formula);
  if (!own) {
    own = withoutUnused(scenario, formula);
    formulas.set(formula, own);
  }
  return own;
}

function withoutUnused(scenario: Scenario, formula: Formula): Formula {
  if (formula.kind !== "operation") return formula;
  const operands = formula.operands.map((operand) => withoutUnused(scenario, operand));
  if (formula.operator !== "add" && formula.operator !== "subtract") return { ...formula, operands };
  const isThere = (operand: Formula): boolean => {
    const metric = operand.kind === "metric" ? findMetric(operand.name) : undefined;
    return metric === undefined || isUsed(scenario, metric);
  };
  const kept = operands.filter((operand, index) => index === 0 || isThere(operand));
  return kept.length === 1 && operands.length > 1 ? kept[0] : { ...formula, operands: kept };
}
