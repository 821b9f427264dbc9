import { readOver, readSweepSection } from "../../analysis/sweep/axes.ts";
import { type LoadWith, type PreparedSweep, prepareSweep } from "../../analysis/sweep/prepare-sweep.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { type Environment, type Given, textOf, textsOf } from "../io/command.ts";
import { exitCodeFor } from "../io/diagnostics.ts";
import { ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile } from "../io/load.ts";

/** A sweep ready to run, or what is wrong with it. */
export type LoadedSweep = {
  readonly prepared?: PreparedSweep;
  /** Loads the scenario of a point. */
  readonly load: LoadWith;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** What faults of the axes or of a point end with: axes that were typed are wrong usage, those of the file the scenario's. */
  readonly codeOf: (diagnostics: readonly Diagnostic[]) => ExitCode;
};

/**
 * Reads the axes and loads the scenario of a sweep, as the command line says.
 *
 * Fails: throws `UsageError` where there is nothing to sweep; other faults are given back.
 */
export function loadSweep(given: Given, environment: Environment): LoadedSweep {
  const file = textOf(given, "file") ?? "";
  const load: LoadWith = (sets) => loadFile(file, given, environment, { sets });
  const over = textsOf(given, "over");
  if (over.length > 0) {
    const { sweep, diagnostics } = readOver(over);
    const sources = new Map([["--over", over.join("\n")]]);
    const prepared = sweep ? prepareSweep(sweep, load) : { diagnostics, sources };
    return { ...prepared, load, codeOf: exitCodeFor };
  }
  const { scenario, diagnostics, sources } = load([]);
  if (!scenario) return { diagnostics, sources, load, codeOf: exitCodeFor };
  const read = readSweepSection(scenario);
  if (!read)
    throw new UsageError(
      "there is nothing to sweep: give axes with `--over path=from..to..step`, or a section `sweep` in the file",
    );
  const prepared = read.sweep ? prepareSweep(read.sweep, load) : { diagnostics: read.diagnostics, sources };
  return { ...prepared, load, codeOf: codeOfSection };
}

/** The values of a point are set as `--set` would, yet nobody typed them. */
function codeOfSection(diagnostics: readonly Diagnostic[]): ExitCode {
  const code = exitCodeFor(diagnostics);
  return code === ExitCode.usage ? ExitCode.scenario : code;
}
