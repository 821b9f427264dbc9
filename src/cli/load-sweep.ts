import { type ReadSweep, readOver, readSweepSection } from "../analysis/sweep/axes.ts";
import { type LoadWith, type PreparedSweep, prepareSweep } from "../analysis/sweep/prepare-sweep.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type Environment, type Given, textOf, textsOf } from "./command.ts";
import { UsageError } from "./exit-code.ts";
import { loadFile } from "./load.ts";

/** A sweep ready to run, or what is wrong with it. */
export type LoadedSweep = {
  readonly prepared?: PreparedSweep;
  /** Loads the scenario of a point. */
  readonly load: LoadWith;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
};

/**
 * Reads the axes and loads the scenario of a sweep, as the command line says.
 *
 * Fails: throws `UsageError` where there is nothing to sweep; other faults are given back.
 */
export function loadSweep(given: Given, environment: Environment): LoadedSweep {
  const file = textOf(given, "file") ?? "";
  const load: LoadWith = (sets) => loadFile(file, given, environment, { sets });
  const { sweep, ...faults } = readSweep(file, given, environment);
  return sweep ? { ...prepareSweep(sweep, load), load } : { ...faults, load };
}

function readSweep(
  file: string,
  given: Given,
  environment: Environment,
): ReadSweep & { readonly sources: ReadonlyMap<string, string> } {
  const over = textsOf(given, "over");
  if (over.length > 0) return { ...readOver(over), sources: new Map([["--over", over.join("\n")]]) };
  const { scenario, diagnostics, sources } = loadFile(file, given, environment);
  if (!scenario) return { diagnostics, sources };
  const read = readSweepSection(scenario);
  if (!read)
    throw new UsageError(
      "there is nothing to sweep: give axes with `--over path=from..to..step`, or a section `sweep` in the file",
    );
  return { ...read, sources };
}
