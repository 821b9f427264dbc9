import type { SampleSettings } from "../../analysis/sample/sample-request.ts";
import type { LoadWith, PreparedSweep } from "../../analysis/sweep/prepare-sweep.ts";
import type { Environment, Given } from "../io/command.ts";
import { reportDiagnostics } from "../io/diagnostics.ts";
import type { ExitCode } from "../io/exit-code.ts";
import { readSampleOptions, type SampleOptions } from "../io/sample-options.ts";
import { hashAxes, identifyJob, type JobIdentity } from "../shards/job-identity.ts";
import { loadSweep } from "./load-sweep.ts";

/** A sweep that can run, with its options. */
export type SweepJob = {
  readonly prepared: PreparedSweep;
  readonly load: LoadWith;
  readonly sample: SampleSettings | undefined;
  readonly options: SampleOptions;
  readonly given: Given;
  readonly environment: Environment;
};

/**
 * Loads the sweep of a command line and reports its faults.
 *
 * @return an exit code if there are any
 *
 * Fails: throws `UsageError` for faulty options.
 */
export function openSweepJob(given: Given, environment: Environment): SweepJob | ExitCode {
  const options = readSampleOptions(given);
  const { prepared, load, diagnostics, sources, codeOf } = loadSweep(given, environment);
  reportDiagnostics(diagnostics, given, sources);
  if (!prepared) return codeOf(diagnostics);
  const { trials = 0, seed, probabilities } = options;
  const sample = trials > 0 ? { trials, seed, probabilities } : undefined;
  return { prepared, load, sample, options, given, environment };
}

/** What decides the rows of a sweep. */
export function identifySweep({ prepared, sample, given, environment }: SweepJob): JobIdentity {
  const { first: scenario, sweep } = prepared;
  return identifyJob("sweep", { scenario, sample, given, environment }, { axes: hashAxes(sweep) });
}
