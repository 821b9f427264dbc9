/** The reads that a figure records are what it depends on: no other line changes it, and each of them does, but for a stated reason. */

import { describe, expect, test } from "vitest";
import { FIELDS } from "../../src/scenario/fields/index.ts";
import type { FieldValue, Scenario } from "../../src/scenario/scenario.ts";
import { scenariosOfEveryField } from "./every-field.ts";
import { linesOf, otherValues, seededChance, withLines } from "./perturb.ts";
import { changesIn, metricOf, type ReadRun, runOf } from "./read-runs.ts";
import { isOfNoFigure, reasonsWithout, whyIdle } from "./reads-without-effect.ts";

/** Lines of a scenario that are changed one by one, with all figures looked at. */
const SAMPLED_LINES = 12;

const scenarios = Object.entries(scenariosOfEveryField()).map(
  ([name, scenario]) => [name, scenario, runOf(scenario)] as const,
);

test("the scenarios state every field that a figure may read", () => {
  const stated = new Set(scenarios.flatMap(([, scenario]) => [...linesOf(scenario).values()].map(rowOf)));
  const missing = FIELDS.map(({ path }) => path).filter((path) => !stated.has(path) && !isOfNoFigure(path));
  expect(missing).toEqual([]);
});

describe.each(scenarios)("in the scenario of %s", (name, scenario, base) => {
  const lines = base.listLines();
  const place = scenarios.findIndex(([other]) => other === name);

  test("a figure does not change with all lines together that it did not read", () => {
    const chance = seededChance(name.length);
    // One half of the metrics in every second scenario, by turns.
    const metrics = [...new Set([...lines.keys()].map(metricOf))].filter((_, at) => at % 2 === place % 2);
    expect(metrics.length).toBeGreaterThan(50);
    const changed = metrics.filter((metric) => {
      const figure =
        pick(
          [...lines.keys()].filter((key) => metricOf(key) === metric),
          chance,
        ) ?? "";
      return changesOutside(scenario, base, metric, lines.get(figure), chance).includes(figure);
    });
    expect(changed).toEqual([]);
  });

  test("lines one by one change no figure that did not read them", () => {
    const chance = seededChance(2 * name.length);
    const all = [...linesOf(scenario).values()];
    const unread = Array.from({ length: SAMPLED_LINES }).flatMap(() => {
      const value = pick(all, chance);
      const other = value && pick(otherValues(scenario, value), chance);
      if (!other) return [];
      const { changed } = changesIn(base.columns, runOf(withLines(scenario, [other])).columns);
      return changed
        .filter((key) => !lines.get(key)?.has(other.path))
        .map((key) => `${key} <- ${other.path}`);
    });
    expect(unread).toEqual([]);
  });
});

test("every read of a line changes a figure that takes what is made there, but for a reason", {
  timeout: 600_000,
}, () => {
  /** `TAKERS <- ROW`, and whether some line of the row in some scenario changed one of those metrics. */
  const pairs = new Map<string, boolean>();
  for (const [, scenario, base] of scenarios) {
    const reads = base.listReads();
    for (const [path, value] of linesOf(scenario)) {
      const here = new Map(
        reads
          .filter((read) => read.path === path)
          .map(({ takers }) => [`${takers.join(" ")} <- ${rowOf(value)}`, takers] as const),
      );
      for (const pair of here.keys()) pairs.set(pair, pairs.get(pair) ?? false);
      for (const other of otherValues(scenario, value)) {
        const open = [...here].filter(([pair]) => !pairs.get(pair));
        if (open.length === 0) break;
        const metrics = new Set(open.flatMap(([, takers]) => takers));
        const before = new Map([...base.columns].filter(([key]) => metrics.has(metricOf(key))));
        const { changed, others } = changesIn(
          before,
          runOf(withLines(scenario, [other]), [...metrics]).columns,
        );
        const moved = new Set([...changed, ...others].map(metricOf));
        for (const [pair, takers] of open)
          if (takers.some((taker) => moved.has(taker))) pairs.set(pair, true);
      }
    }
  }
  const idle = [...pairs].flatMap(([pair, isEffective]) => (isEffective ? [] : [pair])).sort();
  expect(idle.filter((pair) => whyIdle(pair) === undefined)).toEqual([]);
  expect(reasonsWithout(idle)).toEqual([]);
});

function rowOf({ path, spec }: FieldValue): string {
  return path.startsWith("let.") ? "let.*" : spec.path;
}

function pick<Item>(items: readonly Item[], chance: () => number): Item | undefined {
  return items[Math.floor(chance() * items.length)];
}

/** The figures of a metric that change with every line outside of some. */
function changesOutside(
  scenario: Scenario,
  { columns }: ReadRun,
  metric: string,
  inside: ReadonlySet<string> = new Set(),
  chance: () => number,
): readonly string[] {
  const others = [...linesOf(scenario)].flatMap(([path, value]) => {
    // A name or list of names may decide which figures exist.
    if (inside.has(path) || value.choice !== undefined || value.texts !== undefined) return [];
    return pick(otherValues(scenario, value), chance) ?? [];
  });
  return changesIn(columns, runOf(withLines(scenario, others), [metric]).columns).changed;
}
