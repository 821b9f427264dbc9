import path from "node:path";
import type { ComparedRun, Comparison } from "../../analysis/compare/comparison.ts";
import { BASES, type Basis, findScale, makeBasisFigure } from "../../analysis/compare/equalise.ts";
import { warnOfStranded, warnOfUnserved } from "../../analysis/compare/shortages.ts";
import { runPlain } from "../../analysis/results/plain-run.ts";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { createThreadRunner } from "../../run/runner.ts";
import { valueAtPath } from "../../scenario/files/tree.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { type Environment, type Given, isGiven } from "../io/command.ts";
import { exitCodeFor, reportDiagnostics } from "../io/diagnostics.ts";
import { type ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile } from "../io/load.ts";

/** A scenario to run: its file, its name, and the changes applied to it. */
export type Entry = { readonly file: string; readonly name: string; readonly mix?: string };

/** The comparison as written, then those on other bases. */
export type Comparisons = readonly [Comparison, ...Comparison[]];

/** Raised for a faulty scenario after its diagnostics have been reported. */
export class Reported extends Error {
  readonly code: ExitCode;
  constructor(code: ExitCode) {
    super("reported");
    this.code = code;
  }
}

/** Scenarios to compare, from files. Fails: throws `UsageError` for fewer than two. */
export function listFiles(files: readonly string[]): readonly Entry[] {
  if (files.length < 2) throw new UsageError("name at least two scenarios, or one with `--mixes`");
  const named = files.map((file) => ({ file, name: path.basename(file).replace(/\.[^.]*$/, "") }));
  // Files with the same name in different folders get their paths as names, and a repeated file gets a number.
  return named.map((entry, index) => {
    const isShared = named.some(({ name, file }) => file !== entry.file && name === entry.name);
    const twin = files.slice(0, index).filter((file) => file === entry.file).length;
    return { ...entry, name: `${isShared ? entry.file : entry.name}${twin > 0 ? ` (${twin + 1})` : ""}` };
  });
}

/** The mixes defined in a scenario. Fails: throws `UsageError` for fewer than two. */
export function listMixes(
  file: string,
  others: readonly string[],
  given: Given,
  environment: Environment,
): readonly Entry[] {
  if (others.length > 0) throw new UsageError("`--mixes` compares the mixes of one scenario; name one file");
  const { tree } = loadOrReport({ file, name: "" }, given, environment);
  const mixes = valueAtPath(tree, ["mixes"]);
  const names = mixes?.kind === "map" ? [...mixes.entries.keys()] : [];
  if (names.length < 2)
    throw new UsageError(
      `\`${file}\` has ${names.length === 0 ? "no mixes" : "only one mix"}; \`mixes:\` needs at least two`,
    );
  return names.map((name) => ({ file, name, mix: name }));
}

/**
 * Loads a scenario.
 *
 * @param heard warnings already reported, such as those of a file that all mixes share; no warnings are reported if absent
 *
 * Fails: throws `Reported` after reporting errors.
 */
export function loadOrReport(
  entry: Entry,
  given: Given,
  environment: Environment,
  sets: readonly string[] = [],
  heard?: Map<string, Diagnostic>,
): Scenario {
  const { mix } = entry;
  const { scenario, diagnostics, sources } = loadFile(entry.file, given, environment, {
    sets,
    ...(mix === undefined ? {} : { mix }),
  });
  if (!scenario) {
    const inMix = (one: (typeof diagnostics)[number]) => ({
      ...one,
      help: one.help ?? `in the mix \`${mix}\``,
    });
    reportDiagnostics(mix === undefined ? diagnostics : diagnostics.map(inMix), given, sources);
    throw new Reported(exitCodeFor(diagnostics));
  }
  if (heard) {
    const fresh = diagnostics.filter((one) => !heard.has(JSON.stringify(one)));
    for (const one of fresh) heard.set(JSON.stringify(one), one);
    reportDiagnostics(fresh, given, sources);
  }
  return scenario;
}

async function runEntry(
  entry: Entry,
  given: Given,
  environment: Environment,
  sets?: readonly string[],
  heard?: Map<string, Diagnostic>,
): Promise<ComparedRun> {
  const scenario = loadOrReport(entry, given, environment, sets, heard);
  const { results, diagnostics } = await runPlain(scenario, createThreadRunner());
  if (results) return { name: entry.name, scenario, results };
  throw new Reported(reportDiagnostics(diagnostics, given, scenario.files));
}

/**
 * Runs the scenarios as they are written, and warns of work that they never serve.
 *
 * Fails: throws `Reported` after reporting errors of a scenario.
 */
export async function runEntries(
  entries: readonly Entry[],
  given: Given,
  environment: Environment,
): Promise<{ readonly runs: readonly ComparedRun[]; readonly diagnostics: readonly Diagnostic[] }> {
  const runs: ComparedRun[] = [];
  const heard = new Map<string, Diagnostic>();
  for (const entry of entries) runs.push(await runEntry(entry, given, environment, [], heard));
  return { runs, diagnostics: warnOfUnserved(runs, [...heard.values()]) };
}

/** Comparisons, with warnings about those that are impossible. */
export type MadeComparisons = {
  readonly comparisons: Comparisons;
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * The comparison as written and, for mixes that a `let` value scales, at equal spend and at equal effective FP4 if some
 * scale achieves it.
 *
 * @param runs of the entries, as written
 *
 * Fails: throws `Reported` after reporting errors of a scenario.
 */
export async function compareOnBases(
  entries: readonly Entry[],
  runs: readonly ComparedRun[],
  given: Given,
  environment: Environment,
): Promise<MadeComparisons> {
  const [{ scenario: first }] = runs;
  const scale = isGiven(given, "mixes") ? first.fields.get("compare.scale") : undefined;
  if (scale?.choice === undefined) return { comparisons: [{ basis: "as written", runs }], diagnostics: [] };
  const comparisons: Comparison[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const basis of Object.keys(BASES) as Basis[]) {
    const made = await compareOnBasis(basis, scale.choice, entries, runs, given, environment);
    if ("basis" in made) {
      comparisons.push(made);
      diagnostics.push(...warnOfStranded(made, scale));
    } else diagnostics.push(made);
  }
  const asWritten = { basis: "as written: equal power where the mixes say so", runs };
  return { comparisons: [asWritten, ...comparisons], diagnostics };
}

/** The mixes scaled to equal the first on a basis, or the reason why one of them cannot. */
async function compareOnBasis(
  basis: Basis,
  scale: string,
  entries: readonly Entry[],
  runs: readonly ComparedRun[],
  given: Given,
  environment: Environment,
): Promise<Comparison | Diagnostic> {
  const runner = createThreadRunner();
  const written = runs[0].scenario.lets.find(({ path: name }) => name === `let.${scale}`)?.expr;
  const isWrittenAs1 = written?.kind === "number" && written.value === 1;
  const target = await makeBasisFigure(runs[0].scenario, scale, basis, runner)(1);
  const scaled: ComparedRun[] = [];
  for (const [index, entry] of entries.entries()) {
    const figure = makeBasisFigure(runs[index].scenario, scale, basis, runner);
    if (index === 0 && isWrittenAs1) {
      scaled.push({ ...runs[0], scale: 1 });
      continue;
    }
    const found = index === 0 ? 1 : await findScale(figure, target);
    if (found === undefined) {
      const isMoved = (await figure(2)) !== (await figure(1));
      const reason = isMoved
        ? `no \`${scale}\` between 1/1000 and 1000 makes \`${entry.name}\` equal to the first mix`
        : `\`${scale}\` does not change it for \`${entry.name}\``;
      const { path: field, origin } = runs[0].scenario.fields.get("compare.scale") ?? {};
      const values = { basis: BASES[basis].words, reason };
      return diagnose("unreachable-basis", { values, path: field, span: origin?.span });
    }
    const run = await runEntry(entry, given, environment, [`let.${scale}=${found}`]);
    scaled.push({ ...run, scale: found });
  }
  return { basis: BASES[basis].words, runs: scaled };
}
