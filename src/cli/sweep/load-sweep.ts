import { readOver, readSweepSection } from "../../analysis/sweep/axes.ts";
import { type LoadWith, type PreparedSweep, prepareSweep } from "../../analysis/sweep/prepare-sweep.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { type Environment, type Given, textOf, textsOf } from "../io/command.ts";
import { exitCodeFor } from "../io/diagnostics.ts";
import { ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile } from "../io/load.ts";

/** A sweep ready to run, or its faults. */
export type LoadedSweep = {
  readonly prepared?: PreparedSweep;
  /** Loads the scenario of a point. */
  readonly load: LoadWith;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** Exit code for faults of the axes or of a point: wrong usage if the axes were typed, else the scenario's fault. */
  readonly codeOf: (diagnostics: readonly Diagnostic[]) => ExitCode;
};

/**
 * Reads the axes of a sweep and loads its scenario, from the command line.
 *
 * Fails: throws `UsageError` if there is nothing to sweep; returns other faults.
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

/** The values of a point are applied like `--set`, although nobody typed them. */
function codeOfSection(diagnostics: readonly Diagnostic[]): ExitCode {
  const code = exitCodeFor(diagnostics);
  return code === ExitCode.usage ? ExitCode.scenario : code;
}
