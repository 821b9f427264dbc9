import path from "node:path";
import type { ComparedRun, Comparison } from "../../analysis/compare/comparison.ts";
import { BASES, type Basis, findScale, makeBasisFigure } from "../../analysis/compare/equalise.ts";
import { runPlain } from "../../analysis/results/plain-run.ts";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { offerNearest } from "../../diagnostics/nearest.ts";
import { createThreadRunner } from "../../run/runner.ts";
import { valueAtPath } from "../../scenario/files/tree.ts";
import type { FieldValue, Scenario } from "../../scenario/scenario.ts";
import { type Environment, type Given, isGiven } from "../io/command.ts";
import { exitCodeFor, reportDiagnostics } from "../io/diagnostics.ts";
import { type ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile } from "../io/load.ts";

/** A scenario to run: its file, its name, and what is laid over it. */
export type Entry = { readonly file: string; readonly name: string; readonly mix?: string };

/** The comparison as written, then those on other bases. */
export type Comparisons = readonly [Comparison, ...Comparison[]];

/** Raised with what is wrong with a scenario, once it is reported. */
export class Reported extends Error {
  readonly code: ExitCode;
  constructor(code: ExitCode) {
    super("reported");
    this.code = code;
  }
}

/** Scenarios to compare by their files. Fails: throws `UsageError` for fewer than two. */
export function listFiles(files: readonly string[]): readonly Entry[] {
  if (files.length < 2) throw new UsageError("name at least two scenarios, or one with `--mixes`");
  const named = files.map((file) => ({ file, name: path.basename(file).replace(/\.[^.]*$/, "") }));
  // Files of one name in several folders are told apart by their paths, and the same file twice by a number.
  return named.map((entry, index) => {
    const isShared = named.some(({ name, file }) => file !== entry.file && name === entry.name);
    const twin = files.slice(0, index).filter((file) => file === entry.file).length;
    return { ...entry, name: `${isShared ? entry.file : entry.name}${twin > 0 ? ` (${twin + 1})` : ""}` };
  });
}

/** The mixes that one scenario names. Fails: throws `UsageError` for fewer than two. */
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
      `\`${file}\` names ${names.length === 0 ? "no mixes" : "only one mix"}; \`mixes:\` needs at least two`,
    );
  return names.map((name) => ({ file, name, mix: name }));
}

/**
 * Loads a scenario.
 *
 * @param heard warnings that were said before, such as those of a file that all mixes share; where absent, none are said
 *
 * Fails: throws `Reported` once what is wrong with it is said.
 */
export function loadOrReport(
  entry: Entry,
  given: Given,
  environment: Environment,
  sets: readonly string[] = [],
  heard?: Set<string>,
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
    reportDiagnostics(mix === undefined ? diagnostics : diagnostics.map(inMix), sources, given);
    throw new Reported(exitCodeFor(diagnostics));
  }
  if (heard) {
    const fresh = diagnostics.filter((one) => !heard.has(JSON.stringify(one)));
    for (const one of fresh) heard.add(JSON.stringify(one));
    reportDiagnostics(fresh, sources, given);
  }
  return scenario;
}

async function runEntry(
  entry: Entry,
  given: Given,
  environment: Environment,
  sets?: readonly string[],
  heard?: Set<string>,
): Promise<ComparedRun> {
  const scenario = loadOrReport(entry, given, environment, sets, heard);
  const { results, diagnostics } = await runPlain(scenario, createThreadRunner());
  if (results) return { name: entry.name, scenario, results };
  reportDiagnostics(diagnostics, scenario.files, given);
  throw new Reported(exitCodeFor(diagnostics));
}

/** Comparisons, with warnings of those that could not be made. */
export type MadeComparisons = {
  readonly comparisons: Comparisons;
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * The comparison as written and, for mixes that a `let` value scales, on equal spend and equal effective FP4, as far as there is a
 * scale that makes them equal.
 *
 * Fails: throws `Reported` once what is wrong with a scenario is said.
 */
export async function compareOnBases(
  entries: readonly Entry[],
  first: Scenario,
  given: Given,
  environment: Environment,
): Promise<MadeComparisons> {
  const runs: ComparedRun[] = [];
  const heard = new Set<string>();
  for (const entry of entries) runs.push(await runEntry(entry, given, environment, [], heard));
  const scale = isGiven(given, "mixes") ? first.fields.get("compare.scale") : undefined;
  if (scale?.choice === undefined) return { comparisons: [{ basis: "as written", runs }], diagnostics: [] };
  refuseUnknownScale(first, scale, given);
  const comparisons: Comparison[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const basis of Object.keys(BASES) as Basis[]) {
    const made = await compareOnBasis(basis, scale.choice, entries, runs, given, environment);
    if ("basis" in made) comparisons.push(made);
    else diagnostics.push(made);
  }
  const asWritten = { basis: "as written: equal power where the mixes say so", runs };
  return { comparisons: [asWritten, ...comparisons], diagnostics };
}

/** Fails: throws `Reported` where the value that scales mixes is no number under `let`. */
function refuseUnknownScale(
  { lets, files }: Scenario,
  { choice, path: field, origin }: FieldValue,
  given: Given,
): void {
  const numbers = lets
    .filter(({ expr }) => expr?.kind === "number")
    .map(({ path: name }) => name.slice("let.".length));
  if (numbers.includes(choice ?? "")) return;
  const fault = diagnose("unknown-reference", {
    values: { kind: "number under `let`", name: choice ?? "" },
    path: field,
    span: origin.span,
    expected: offerNearest(choice ?? "", numbers),
  });
  reportDiagnostics([fault], files, given);
  throw new Reported(exitCodeFor([fault]));
}

/** The mixes scaled to what the first has in common with them on a basis, or why one of them cannot be. */
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
        ? `no \`${scale}\` between 1/1000 and 1000 brings \`${entry.name}\` to what the first mix has`
        : `\`${scale}\` scales nothing that \`${entry.name}\` has of it`;
      return diagnose("unreachable-basis", { values: { basis: BASES[basis].words, reason } });
    }
    const run = await runEntry(entry, given, environment, [`let.${scale}=${found}`]);
    scaled.push({ ...run, scale: found });
  }
  return { basis: BASES[basis].words, runs: scaled };
}
