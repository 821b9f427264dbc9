import type { Results } from "../analysis/results/results.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Origin } from "./page/provenance-sections.ts";

/** A file that was read, under a name that does not depend on where it lies. */
type InputText = { readonly name: string; readonly text: string };

/** Files and changes that made a scenario. */
export type Inputs = {
  /** The scenario's own file first, then those it extends. */
  readonly scenarioFiles: readonly InputText[];
  readonly catalogFiles: readonly InputText[];
  readonly changes: Scenario["changes"];
};

/**
 * Lists the files and changes that made a scenario, under names independent of their location.
 *
 * @param own     path of the scenario's own file, as `Scenario.files` has it
 * @param catalog paths of the catalog's files
 * @param nameOf  the name of a file that is not of the catalog
 *
 * Fails: never.
 */
export function listInputs(
  scenario: Scenario,
  own: string,
  catalog: ReadonlySet<string>,
  nameOf: (file: string) => string,
): Inputs {
  const named = (file: string): string => {
    if (file.startsWith("--")) return file;
    return catalog.has(file) ? `catalog/${file.slice(file.lastIndexOf("/") + 1)}` : nameOf(file);
  };
  const inputs = [...scenario.files].map(([path, text]) => ({ path, name: named(path), text }));
  const bases = inputs.filter(({ path }) => path !== own && !catalog.has(path) && !path.startsWith("--"));
  return {
    scenarioFiles: [...inputs.filter(({ path }) => path === own), ...bases],
    catalogFiles: inputs.filter(({ path }) => catalog.has(path)),
    changes: scenario.changes.map((change) => ({
      ...change,
      from: scenario.files.has(change.from) ? named(change.from) : change.from,
    })),
  };
}

/** What a data package and a report say of a run's scenario and sample. */
export function describeRun(scenario: Scenario, { spread, notes }: Results) {
  return {
    schemaVersion: scenario.fields.get("schema_version")?.integer ?? 1,
    slug: scenario.slug,
    title: scenario.fields.get("name")?.text ?? scenario.slug,
    description: scenario.fields.get("description")?.text,
    referenceUse: notes.referenceUse,
    ...(spread
      ? { sample: { seed: spread.seed, trials: spread.trials, quantiles: spread.probabilities } }
      : {}),
  };
}

/** Files under the names that a report gives them, each once, with their SHA-256 in hexadecimal. */
export function hashInputs(files: readonly InputText[], hash: (text: string) => string): Origin["files"] {
  const known = new Map(files.map(({ name, text }) => [name, text]));
  return [...known].map(([file, text]) => ({ file, sha256: hash(text) }));
}

/** A command line, each word as a shell takes it. */
export function writeCommand(name: string, words: readonly string[]): string {
  return ["gigafleet", name, ...words.map(quoteWord)].join(" ");
}

export function quoteWord(word: string): string {
  return /^[\w./=:@%+,-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

/** The options that make a sample again. */
export function sampleWords(
  sample: { readonly trials: number; readonly seed: string } | undefined,
): readonly string[] {
  return sample ? ["--trials", String(sample.trials), "--seed", sample.seed] : [];
}
