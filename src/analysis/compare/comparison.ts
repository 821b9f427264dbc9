import type { Scenario } from "../../scenario/scenario.ts";
import type { Book } from "../results/book.ts";
import type { Results } from "../results/results.ts";
import { type Figure, makeFigures } from "../tables/summary-table.ts";
import { COMPUTE, COST_OF, maybeNegative } from "./headlines.ts";
import type { PairedFigure, PairedSample } from "./paired-sample.ts";
import { paretoSet } from "./pareto.ts";

/** A scenario that was run, with its display name. */
export type ComparedRun = {
  readonly name: string;
  readonly scenario: Scenario;
  readonly results: Results;
  /** Factor by which a mix was scaled to the basis of the comparison. */
  readonly scale?: number;
};

/** Runs compared with the first on one basis: as written, or equalised. */
export type Comparison = {
  readonly basis: string;
  readonly runs: readonly ComparedRun[];
  /** Results of a sample with the same draws for all, if one was taken. */
  readonly sample?: PairedSample;
};

/** A figure of a run beside that of the first. */
export type ComparedFigure = {
  readonly metric: string;
  readonly unit: string;
  readonly text: string;
  readonly run: number;
  readonly value: number;
  readonly difference: number;
  /** Absent if the first's figure is 0 or either may be negative. */
  readonly ratio?: number;
  /** Statistics, for a sampled figure. */
  readonly paired?: PairedFigure;
};

/**
 * Puts the figures of all runs beside those of the first. Numbers only; a run lacks figures that do not exist in it.
 *
 * Fails: never. A run against itself gives a difference of exactly 0 and a ratio of exactly 1.
 */
export function compareFigures({ runs, sample }: Comparison): readonly ComparedFigure[] {
  const figures = runs.map(
    ({ results }) => new Map(numbersOf(makeFigures(results)).map((one) => [one.metric, one])),
  );
  const [first] = figures;
  return [...(first?.values() ?? [])].flatMap(({ metric, unit, text, value }) =>
    figures.flatMap((own, run) => {
      const figure = own.get(metric);
      if (!figure) return [];
      const ratio = ratioOf(metric, figure.value, value);
      const difference = figure.value - value;
      const paired = sample?.figures.get(metric)?.[run];
      return [
        {
          metric,
          unit,
          text,
          run,
          value: figure.value,
          difference,
          ...(ratio === undefined ? {} : { ratio }),
          ...(paired ? { paired } : {}),
        },
      ];
    }),
  );
}

/** Quotient of two figures, if it is meaningful. */
export function ratioOf(metric: string, value: number, base: number): number | undefined {
  return base > 0 && value >= 0 && !maybeNegative(metric) ? value / base : undefined;
}

/** Runs that no other dominates in the book's cost and in effective FP4. */
export function paretoOf(
  figures: readonly ComparedFigure[],
  runCount: number,
  book: Book,
): readonly boolean[] {
  const valuesOf = (name: string) =>
    Array.from(
      { length: runCount },
      (_, run) => figures.find((one) => one.metric === name && one.run === run)?.value ?? 0,
    );
  return paretoSet(valuesOf(COST_OF[book]), valuesOf(COMPUTE));
}

type NumberFigure = {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly text: string;
};

function numbersOf(figures: readonly Figure[]): readonly NumberFigure[] {
  return figures.flatMap(({ metric, value, unit = "1", text }) =>
    typeof value === "number" ? [{ metric, value, unit, text }] : [],
  );
}

/** An input that differs between scenarios; empty where a scenario lacks it. */
export type DifferingInput = { readonly path: string; readonly texts: readonly string[] };

const WORDS: ReadonlySet<string> = new Set(["text", "texts", "tree"]);

/**
 * Lists inputs whose text differs between scenarios, by path, without names and descriptions.
 *
 * Fails: never.
 */
export function differingInputs(scenarios: readonly Scenario[]): readonly DifferingInput[] {
  const tables = scenarios.map(({ fields, lets }) => {
    const values = [...fields.values(), ...lets].filter(({ spec }) => !WORDS.has(spec.kind));
    return new Map(values.map(({ path, text }) => [path, text]));
  });
  const paths = new Set(tables.flatMap((table) => [...table.keys()]));
  return [...paths].sort().flatMap((path) => {
    const texts = tables.map((table) => table.get(path) ?? "");
    return texts.every((text) => text === texts[0]) ? [] : [{ path, texts }];
  });
}
