import type { Entity } from "../../compile/entities.ts";
import { entityKey } from "../../compile/entities.ts";
import { findMetric } from "../../metrics/index.ts";
import { windowMonthText } from "./trace-leaf.ts";
import { sixDigits } from "./trace-number.ts";
import { columnOf, membersOf, metricAt, type TraceRun } from "./trace-run.ts";

/** What a word of `demand_binding` means for a workload. */
const MEANINGS: Readonly<Record<string, string>> = {
  chips: "no part it may run on has productive chips",
  fit: "its model fits into no scale-up domain of the parts it may run on",
  latency: "no part it may run on is fast enough for its users",
  contiguous: "no part has as many chips free as it needs in one place",
  compute: "every chip it may run on is taken, and arithmetic limits what a chip gives",
  bandwidth: "every chip it may run on is taken, and reading memory limits what a chip gives",
  memory: "every chip it may run on is taken, and room for sequences limits what a chip gives",
};

/** Metrics of the whole that say how much is unserved. */
const OF_WHOLE: readonly string[] = ["demand_unserved_share", "demand_unserved_value_usd"];

/**
 * Explains an unserved figure: which workloads are short, by how much and what binds them, or that none is. Empty for other
 * figures.
 *
 * @param month window month
 *
 * Fails: never.
 */
export function demandNotes(run: TraceRun, name: string, entity: Entity, month: number): readonly string[] {
  if (entity.level === "workload" && name === "demand_unserved_units") return noteOf(run, entity, month);
  // The note on the whole already says it for the figures inside.
  if (entity.level !== "total" || !OF_WHOLE.includes(name)) return [];
  const short = membersOf(run, "workloads", entity).flatMap((each) => noteOf(run, each, month));
  const isLost = columnOf(run, "demand_unserved_value_usd", entity)?.[month] !== 0;
  return isLost ? short : [...noteOfIdle(run, entity, month), ...short];
}

/** A workload that is short, with what binds it; a training run may only be behind. */
function noteOf(run: TraceRun, entity: Entity, month: number): readonly string[] {
  const at = (name: string) => metricAt(run, name, entity, month);
  const word = findMetric("demand_binding")?.words?.[at("demand_binding")] ?? "none";
  const meaning = MEANINGS[word];
  if (meaning === undefined) return [];
  const who = entityKey(entity);
  const [unserved, backlog] = [at("demand_unserved_units"), at("demand_backlog_units")];
  const share = (value: number) => `${sixDigits((100 * value) / at("demand_required_units"))} %`;
  // The last month of a run also loses what earlier months left undone.
  const lost =
    at("demand_required_units") > 0 && unserved <= at("demand_required_units")
      ? `${share(unserved)} of ${who} is unserved`
      : `${sixDigits(unserved)} units of ${who} are unserved`;
  const behind = `${who} is behind by ${sixDigits(backlog)} FLOP, to be made up within its window`;
  return [`${unserved > 0 ? lost : behind}: bound by ${word} (${meaning})`];
}

function noteOfIdle(run: TraceRun, entity: Entity, month: number): readonly string[] {
  const chips = (name: string) => sixDigits(columnOf(run, name, entity)?.[month] ?? 0);
  return [
    `nothing is unserved in ${windowMonthText(run, month)}: of ${chips("chips_productive")} productive chips ${chips("chips_idle")} are idle`,
  ];
}
