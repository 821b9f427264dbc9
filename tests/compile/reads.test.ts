import { describe, expect, test } from "vitest";
import { FIELDS } from "../../src/scenario/fields/index.ts";
import type { FieldValue, Scenario } from "../../src/scenario/scenario.ts";
import { scenariosOfEveryField } from "./every-field.ts";
import { chance, linesOf, otherValues, withLines } from "./perturb.ts";
import { changesIn, type ReadRun, runOf } from "./read-runs.ts";
import { isOfNoFigure, REASONS } from "./reads-without-effect.ts";

const scenarios = Object.entries(scenariosOfEveryField());

test("the scenarios state every field that a figure may read", () => {
  const stated = new Set(
    scenarios.flatMap(([, scenario]) => [...linesOf(scenario).values()].map(({ spec }) => spec.path)),
  );
  expect(FIELDS.map(({ path }) => path).filter((path) => !stated.has(path) && !isOfNoFigure(path))).toEqual(
    [],
  );
});

/** `METRIC <- ROW` for every figure that reads a line of the row itself, not in another figure. */
const recorded = new Set<string>();
/** Those of which some other value of a line changed such a figure. */
const effective = new Set<string>();
/** Those with a reason to be idle that all lines of one scenario were tried for. */
const excused = new Set<string>();

describe.each(scenarios)("in the scenario of %s", (_, scenario) => {
  const base = runOf(scenario);
  const lines = base.listLines();

  test("no line changes a figure that did not read it", () => {
    const unread: string[] = [];
    const tried = new Set<string>();
    for (const [path, value] of linesOf(scenario)) {
      const row = rowOf(value);
      const pairs = new Set(
        [...lines].flatMap(([key, read]) => (read.own.has(path) ? [pairOf(key, row)] : [])),
      );
      for (const pair of pairs) {
        recorded.add(pair);
        tried.add(pair);
      }
      // A row is tried until it has changed every figure that reads it, then a sample of its other lines once.
      const isDone = () => [...pairs].every((pair) => effective.has(pair) || excused.has(pair));
      if (pairs.size > 0 && isDone() && chance() > 0.05) continue;
      for (const other of otherValues(scenario, value)) {
        const { changed, gone } = changesIn(base.columns, runOf(withLines(scenario, [other])).columns);
        for (const key of [...changed, ...gone]) effective.add(pairOf(key, row));
        for (const key of changed) if (!lines.get(key)?.all.has(path)) unread.push(`${key} <- ${path}`);
        if (isDone()) break;
      }
    }
    for (const pair of tried) if (REASONS.some((reason) => reason.pair.test(pair))) excused.add(pair);
    expect(unread).toEqual([]);
  }, 900_000);

  test("all lines that a figure did not read do not change it together", () => {
    const figures = [...lines.keys()].filter(() => chance() < 12 / lines.size);
    expect(figures.length).toBeGreaterThan(0);
    for (const key of figures) expect(changesOutside(scenario, base, lines.get(key)?.all)).not.toContain(key);
  }, 300_000);
});

test("every line changes the figures that read it themselves, but for a reason", () => {
  const idle = [...recorded].filter((pair) => !effective.has(pair)).sort();
  expect(idle.filter((pair) => !REASONS.some((reason) => reason.pair.test(pair)))).toEqual([]);
  const unneeded = REASONS.filter((reason) => !idle.some((pair) => reason.pair.test(pair)));
  expect(unneeded.map(({ why }) => why)).toEqual([]);
});

function rowOf({ path, spec }: FieldValue): string {
  return path.startsWith("let.") ? "let.*" : spec.path;
}

function pairOf(key: string, row: string): string {
  return `${key.slice(0, key.indexOf(" "))} <- ${row}`;
}

/** The figures that change with every line outside of some. */
function changesOutside(
  scenario: Scenario,
  { columns }: ReadRun,
  inside: ReadonlySet<string> = new Set(),
): readonly string[] {
  const outside = [...linesOf(scenario)].filter(([path]) => !inside.has(path));
  const others = outside.flatMap(([, value]) => {
    // A name or list of names may decide which figures exist.
    const values =
      value.choice === undefined && value.texts === undefined ? otherValues(scenario, value) : [];
    const other = values[Math.floor(chance() * values.length)];
    return other ? [other] : [];
  });
  return changesIn(columns, runOf(withLines(scenario, others)).columns).changed;
}
