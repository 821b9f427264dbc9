import { EVENT } from "../../compile/compile.ts";
import type { Entity } from "../../compile/entities.ts";
import { entityKey, listEntities } from "../../compile/entities.ts";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { nearest, offerNearest } from "../../diagnostics/nearest.ts";
import { findMetric, METRICS, METRICS_PAGE } from "../../metrics/index.ts";
import { type Metric, type MetricLevel, USE_IN_WORDS } from "../../metrics/metric.ts";
import { firstMonthOf, yearOf, yearStartOf, yearText } from "../../scenario/calendar.ts";
import { eventNames } from "../../scenario/events.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { meantMonth, readMonth } from "../../scenario/language/month-text.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { traceEvent } from "./trace-event.ts";
import { cutAt, type TraceNode } from "./trace-node.ts";
import { columnOf, nameOf, runForTrace, type TraceRun } from "./trace-run.ts";
import { type Span, traceSpan } from "./trace-span.ts";

/** The figure to take apart. */
export type TraceRequest = {
  readonly metric: string;
  /** `YYYY-MM`; neither it nor a year is needed for a figure of the whole run. */
  readonly month?: string;
  /** The last month of a span that begins with `month`. */
  readonly until?: string;
  /** `YYYY` instead of a month: of a fiscal year that in which it ends. */
  readonly year?: string;
  /** A part (`fleet/chip`), a fleet of one chip, a site, contract, tranche, loan or event; the whole where absent. */
  readonly entity?: string;
  /** How many levels below the figure are given; all where absent. */
  readonly depth?: number;
};

/** A figure of the plain run with what it is made of. */
export type Trace = {
  readonly scenario: string;
  readonly metric: string;
  readonly text: string;
  readonly level: MetricLevel;
  /** Part or site, empty for the whole. */
  readonly entity: string;
  /** A month, a year, or `2027-01 to 2027-03`; absent for a figure of the whole run. */
  readonly month?: string;
  /** Every uncertain value stands at its median. */
  readonly quantities: "medians";
  readonly tree: TraceNode;
};

/** A figure taken apart, or the reason why not. */
export type TraceOutcome = {
  readonly trace?: Trace;
  /** An unknown metric, or a value that left its range. */
  readonly diagnostics: readonly Diagnostic[];
  /** What is wrong with the request, if no diagnostic says it. */
  readonly misuse?: string;
};

/**
 * Takes a figure of a scenario's plain run apart.
 *
 * Fails: throws `InternalError` if a node does not recombine, which is a bug.
 */
export function trace(scenario: Scenario, request: TraceRequest): TraceOutcome {
  const { run, diagnostics } = runForTrace(scenario);
  return run ? traceFigure(run, request) : { diagnostics };
}

/**
 * Takes a figure of a run apart; several figures of one scenario need one run.
 *
 * Fails: as `trace`.
 */
export function traceFigure(run: TraceRun, request: TraceRequest): TraceOutcome {
  const { metric: name, entity, depth } = request;
  if (name === EVENT) return traceNamedEvent(run, request);
  const metric = findMetric(name);
  if (!metric) return { diagnostics: [describeUnknown(name)] };
  const who = entity === undefined ? wholeFor(metric) : findEntity(run, metric, entity);
  if (typeof who === "string") return { diagnostics: [], misuse: who };
  if (!columnOf(run, name, who)) return { diagnostics: [], misuse: describeAbsence(run, metric, who) };
  const when = findSpan(run, name, request, metric.isScalar);
  if (typeof when === "string") return { diagnostics: [], misuse: when };
  const { text } = metric;
  return outcomeOf(run, traceSpan(run, name, who, when), depth, {
    metric: name,
    text,
    level: who.level,
    entity: entityKey(who),
  });
}

function outcomeOf(
  run: TraceRun,
  tree: TraceNode,
  depth: number | undefined,
  about: Pick<Trace, "metric" | "text" | "level" | "entity">,
): TraceOutcome {
  return {
    diagnostics: [],
    trace: {
      scenario: run.scenario.slug,
      ...about,
      ...(tree.month === undefined ? {} : { month: tree.month }),
      quantities: "medians",
      tree: depth === undefined ? tree : cutAt(tree, depth),
    },
  };
}

/** What an event is. */
const EVENT_TEXT = "Whether the condition of the event is true at the end of the month.";

function traceNamedEvent(run: TraceRun, request: TraceRequest): TraceOutcome {
  const { entity, depth } = request;
  const events = eventNames(run.scenario);
  if (events.length === 0) return { diagnostics: [], misuse: "the scenario states no events" };
  if (entity === undefined || !events.includes(entity)) {
    const near = entity === undefined ? [] : nearest(entity, [...events]);
    const named = `name one with --entity: ${quoteAll(near.length > 0 ? near : events)}`;
    const misuse = entity === undefined ? named : `no event is called \`${entity}\`; ${named}`;
    return { diagnostics: [], misuse };
  }
  const when = findSpan(run, entity, request);
  if (typeof when === "string") return { diagnostics: [], misuse: when };
  const about = { metric: EVENT, text: EVENT_TEXT, level: "total", entity } as const;
  return outcomeOf(run, traceEvent(run, entity, when.last), depth, about);
}

function describeUnknown(name: string): Diagnostic {
  const expected = offerNearest(
    name,
    METRICS.map((metric) => metric.name),
  );
  return diagnose("unknown-metric", { values: { name }, expected: expected ?? METRICS_PAGE });
}

function wholeFor(metric: Metric): Entity {
  return { level: metric.level === "run" ? "run" : "total" };
}

/** The entity with a name, or what is wrong with the name. */
export function findEntity(run: TraceRun, metric: Metric, name: string): Entity | string {
  const entities = listNamed(run);
  const ofFleet = run.parts.filter(({ fleet }) => fleet === name);
  const [part] = ofFleet;
  const named = entities.filter((entity) => entityKey(entity) === name);
  if (part && ofFleet.length === 1) named.push({ level: "part", part });
  // A site and a fleet may share a name; the one with the metric is meant.
  const found = named.find((entity) => columnOf(run, metric.name, entity)) ?? named[0];
  if (found) return found;
  if (part) return `\`${name}\` is a mix; name one of its parts: ${quoteAll(ofFleet.map(({ key }) => key))}`;
  const known = entities.map(entityKey);
  const near = nearest(name, [...known, ...run.scenario.names.fleets]);
  return `nothing is called \`${name}\`; there are ${quoteAll(near.length > 0 ? near : known)}`;
}

/** All entities with columns, except the whole. */
function listNamed({ entities }: TraceRun): readonly Entity[] {
  return listEntities(entities).filter((entity) => entityKey(entity) !== "");
}

function describeAbsence(run: TraceRun, metric: Metric, entity: Entity): string {
  const owners = listNamed(run).filter((other) => columnOf(run, metric.name, other));
  if (metric.level === "run" && entity.level !== "run")
    return `\`${metric.name}\` is a figure of the whole run; leave out --entity`;
  if (metric.group === "demand" && run.entities.workloads.length === 0)
    return `\`${metric.name}\` is of workloads, and the scenario has none`;
  if (owners.length > 0) {
    const names = quoteAll(owners.map(entityKey));
    return `\`${metric.name}\` does not exist for ${nameOf(entity)}; name one with --entity: ${names}`;
  }
  if (columnOf(run, metric.name, { level: "total" })) {
    return `\`${metric.name}\` exists for the whole alone; leave out --entity`;
  }
  if (metric.basis !== undefined)
    return `\`${metric.name}\` needs the chip \`${metric.basis}\`, which is not in the catalog`;
  if (metric.only !== undefined) return `\`${metric.name}\` exists only where ${USE_IN_WORDS[metric.only]}`;
  return `\`${metric.name}\` is of ${metric.level}s, and the scenario has none`;
}

/** The window months that a request names, or what is wrong with it. */
function findSpan(
  run: TraceRun,
  name: string,
  { month, until, year }: TraceRequest,
  isScalar = false,
): Span | string {
  if (year !== undefined && month !== undefined) return "name a month or a year, not both";
  if (year !== undefined) return findYear(run, year);
  const { originMonth, horizonMonths } = run;
  const end = originMonth + horizonMonths - 1;
  if (month === undefined && isScalar) return { first: end, last: end, text: "" };
  if (month === undefined)
    return `\`${name}\` goes by month; name one with --month, ${horizonText(run)}, or a year with --year`;
  const [first, last] = [month, until ?? month].map((text) => findMonth(run, text));
  if (typeof first === "string") return first;
  if (typeof last === "string") return last;
  if (first === undefined || last === undefined || last < first) return `${until} is before ${month}`;
  return { first, last, text: first === last ? month : `${month} to ${until}` };
}

/** The reported months of a year. */
function findYear(run: TraceRun, text: string): Span | string {
  const { firstMonth, originMonth, horizonMonths } = run;
  const start = yearStartOf(run.scenario);
  const like = yearOf(firstMonth + originMonth, start);
  if (!/^\d{4}$/.test(text)) return `\`${text}\` is not a year; write \`--year ${like}\``;
  const [from, next] = [0, 1].map((later) => firstMonthOf(Number(text) + later, start) - firstMonth);
  const first = Math.max(originMonth, from);
  const last = Math.min(originMonth + horizonMonths, next) - 1;
  if (last < first) return `\`${text}\` is outside of the horizon, which goes ${horizonText(run)}`;
  return { first, last, text: yearText(Number(text), start) };
}

/** The window month that a text names, or what is wrong with it. */
function findMonth(run: TraceRun, text: string): number | string {
  const { firstMonth, originMonth, horizonMonths } = run;
  const absolute = readMonth(text);
  if (absolute === undefined)
    return `\`${text}\` is not a month; write \`--month ${meantMonth(text) ?? formatMonth(firstMonth + originMonth)}\``;
  const index = absolute - firstMonth;
  return originMonth <= index && index < originMonth + horizonMonths
    ? index
    : `\`${text}\` is outside of the horizon, which goes ${horizonText(run)}`;
}

function horizonText({ firstMonth, originMonth, horizonMonths }: TraceRun): string {
  const start = firstMonth + originMonth;
  return `from ${formatMonth(start)} to ${formatMonth(start + horizonMonths - 1)}`;
}

function quoteAll(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
