import { demandInputFields } from "../../compile/demand/demand-inputs.ts";
import type { Entity } from "../../compile/entities.ts";
import type { DemandInputName, InputName } from "../../metrics/formula.ts";
import { fieldNumber } from "./field-number.ts";
import { plainUnit } from "./shown-value.ts";
import { traceField } from "./trace-field.ts";
import { assertClose, type TraceNode } from "./trace-node.ts";
import { inputAt, type TraceRun } from "./trace-run.ts";

type DemandEntity = Extract<Entity, { readonly level: "workload" | "assignment" }>;

/** True for inputs of a workload, of its model, or of a chip for it. */
export function isDemandInput(name: InputName): name is DemandInputName {
  return /^(model|workload)\.|^chip\.(serving|training)_/.test(name);
}

/** An input of demand: the field that it is, or what docs/model.md section 15 makes of several. */
export function traceDemandInput(
  run: TraceRun,
  name: DemandInputName,
  entity: DemandEntity,
  month: number,
): TraceNode {
  const canonical = inputAt(run, name, entity, month);
  const part = entity.level === "assignment" ? entity.part : undefined;
  const paths = demandInputFields(run.scenario, name, entity.workload, part);
  const figures = paths.filter((path) => run.scenario.fields.get(path)?.expr);
  const [only] = figures;
  if (figures.length === 1 && only && fieldNumber(run, only, month) === canonical) {
    const node = traceField(run, only, month, name);
    assertClose(name, canonical, node.canonical);
    return node;
  }
  return {
    name,
    entity: "",
    value: canonical / plainUnit.scale,
    unit: plainUnit.unit,
    canonical,
    operator: "rule",
    how: "rule",
    notes: [`made of ${paths.join(", ") || "nothing that is stated"}; docs/model.md section 15`],
    children: figures.map((path) => traceField(run, path, month)),
  };
}
