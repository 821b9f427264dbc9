import { type Entity, entityKey } from "../../compile/entities.ts";
import { isElsewhere } from "../../compile/facility.ts";
import { findMetric } from "../../metrics/index.ts";
import { isShare, type Metric } from "../../metrics/metric.ts";
import { COLLECTIONS } from "../../scenario/fields/field.ts";
import { pathOf } from "../../scenario/fields/index.ts";
import { formatQuantity } from "../../units/format.ts";
import { KERNELS } from "./kernels.ts";
import { plainUnit, unitFor } from "./shown-value.ts";
import { readField, traceField } from "./trace-field.ts";
import { type Making, windowMonthText } from "./trace-leaf.ts";
import { assertClose, type TracedRead } from "./trace-node.ts";
import { inMagnitude, sixDigits } from "./trace-number.ts";
import { hasMetric, holdersOf, metricAt, nameOf, readsOf, type TraceRun } from "./trace-run.ts";

/** What a measurement changes in figures of service. */
const MEASURED =
  "measured: chip time of a token, and whether a copy works, are those of `measured`; batch, step and the prompt's part of the time are the roofline's";

/** What a kernel reads for a metric: the entity's own fields and figures with their values, and a note that lists those of others. */
export function readsOfKernel(
  run: TraceRun,
  metric: Metric,
  entity: Entity,
  month: number,
): Pick<Making, "reads" | "notes"> {
  const { figures, paths, notes } = namesReadOnce(run, metric, entity);
  return {
    reads: [
      ...figures.map((figure) => readMetric(run, figure, entity, month)),
      ...paths.flatMap((path) => readField(run, path, month)),
    ],
    notes,
  };
}

/** What a kernel reads, the same in all months: own figures and fields by name, and notes of others. */
type NamesRead = {
  readonly figures: readonly string[];
  readonly paths: readonly string[];
  readonly notes: readonly string[];
};

const knownNames = new WeakMap<TraceRun, Map<string, NamesRead>>();

/** What a kernel reads, sorted once for all months of a run: a year's figure asks for each of its months. */
function namesReadOnce(run: TraceRun, metric: Metric, entity: Entity): NamesRead {
  const ofRun = knownNames.get(run) ?? new Map<string, NamesRead>();
  knownNames.set(run, ofRun);
  const key = `${metric.name} ${keyOf(entity)}`;
  const known = ofRun.get(key) ?? namesRead(run, metric, entity);
  ofRun.set(key, known);
  return known;
}

function namesRead(run: TraceRun, { name, kernel }: Metric, entity: Entity): NamesRead {
  const own = new Set([entity, ...holdersOf(entity)].map(keyOf));
  const ownNames = new Set(namesOf(entity));
  const figures = new Set(kernel ? KERNELS[kernel.name]?.beside : []);
  const paths: string[] = [];
  const others = new Map<string, Set<string>>();
  const addOther = (what: string, whose: string) =>
    others.set(what, (others.get(what) ?? new Set()).add(whose));
  for (const read of readsOf(run, name, entity)) {
    // The roofline of the requests that were measured is no figure of the run.
    if (read.kind === "metric" && entityKey(read.entity).includes("@")) continue;
    if (read.kind === "metric" && own.has(keyOf(read.entity))) figures.add(read.name);
    else if (read.kind === "metric") addOther(read.name, nameOf(read.entity));
    else if (read.kind === "line" && run.scenario.fields.has(read.path)) {
      const owner = ownerOfField(read.path);
      if (!owner || ownNames.has(owner)) paths.push(read.path);
      else addOther("fields", owner);
    }
  }
  const listed = [...others].map(([what, whose]) => `${what} of ${listSome([...whose])}`);
  return {
    figures: [...figures].filter((figure) => hasMetric(run, figure, entity)),
    paths,
    notes: [
      ...(paths.some((path) => path.includes(".measured.")) ? [MEASURED] : []),
      ...(listed.length === 0 ? [] : [`also depends on ${listed.join("; ")}`]),
    ],
  };
}

function keyOf(entity: Entity): string {
  return `${entity.level} ${entityKey(entity)}`;
}

/** The entity that a field belongs to, such as `fleets.gb300`; undefined for a field of the whole scenario. */
function ownerOfField(path: string): string | undefined {
  const [collection = "", name = ""] = path.split(".");
  return (COLLECTIONS as readonly string[]).includes(collection) ? `${collection}.${name}` : undefined;
}

/** The owners whose fields count as an entity's own. */
function namesOf(entity: Entity): readonly string[] {
  switch (entity.level) {
    case "part": {
      const { fleet, chip, site, successor } = entity.part;
      return [`fleets.${fleet}`, `chips.${chip}`, `chips.${successor}`, `sites.${site}`];
    }
    case "site":
      return [`sites.${entity.site}`];
    case "contract":
      return [`contracts.${entity.contract}`];
    case "tranche":
      return [`financing.${entity.tranche}`];
    case "loan":
      return [`debt.${entity.loan}`];
    case "workload":
      return [`workloads.${entity.workload.name}`, `models.${entity.workload.model}`];
    case "assignment":
      return holdersOf(entity).flatMap(namesOf);
    default:
      return [];
  }
}

/** Names listed in full; more are counted. */
const MOST_NAMES = 6;

function listSome(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more > 0 ? `${names.slice(0, MOST_NAMES).join(", ")} and ${more} more` : names.join(", ");
}

function readMetric(run: TraceRun, name: string, entity: Entity, month: number): TracedRead {
  const metric = findMetric(name);
  const { unit, scale } = metric ? unitFor(metric, entity) : plainUnit;
  const canonical = metricAt(run, name, entity, month);
  const word = metric?.words?.[canonical];
  if (metric && isShare(metric)) return { name, value: `${sixDigits(canonical * 100)} %` };
  const shown = inMagnitude(canonical / scale, unit);
  return { name, value: word ?? `${sixDigits(shown.value)} ${shown.unit}`.trimEnd() };
}

/** A site's power limit: its table, read as many months earlier as the site is delayed. */
export function makeLimit(run: TraceRun, site: string, month: number, canonical: number): Making {
  if (isElsewhere(run, site)) {
    const reads = [readMetric(run, "facility_power_mw", { level: "site", site }, month)];
    return { operator: "kernel", how: "kernel", children: [], reads, notes: ["what the rented chips draw"] };
  }
  const path = pathOf("sites.*.power", site);
  const delayPath = pathOf("sites.*.delay", site);
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
