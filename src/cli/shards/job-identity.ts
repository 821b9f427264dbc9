import { createHash } from "node:crypto";
import type { SampleSettings } from "../../analysis/sample/sample-request.ts";
import type { Sweep } from "../../analysis/sweep/axes.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { type Environment, type Given, textOf, textsOf } from "../io/command.ts";
import { inputsOf } from "../io/run-files.ts";

/** Everything that decides the results of a job, by what it is: two jobs with equal ones have the same results. */
export type JobIdentity = Readonly<Record<string, string>>;

/** What a job runs on, besides its command. */
export type JobInputs = {
  readonly scenario: Scenario;
  readonly sample: SampleSettings | undefined;
  readonly given: Given;
  readonly environment: Environment;
};

/**
 * Identifies a job. Names of files are those of a data package, so that a folder or a machine makes no difference.
 *
 * @param own what decides the results of this command alone
 */
export function identifyJob(
  command: "sweep" | "run",
  { scenario, sample, given, environment }: JobInputs,
  own: JobIdentity,
): JobIdentity {
  const inputs = inputsOf(scenario, textOf(given, "file") ?? "", environment);
  const hashFiles = (files: readonly { readonly name: string; readonly text: string }[]) =>
    hashOf(files.flatMap(({ name, text }) => [name, text]));
  return {
    command,
    version: environment.version,
    scenario: hashFiles(inputs.scenarioFiles),
    catalog: hashFiles(inputs.catalogFiles),
    changes: hashOf([
      textOf(given, "scenario") ?? "",
      ...textsOf(given, "override").map((text) => `override ${text}`),
      ...textsOf(given, "set").map((text) => `set ${text}`),
    ]),
    trials: String(sample?.trials ?? 0),
    seed: sample?.seed ?? "",
    quantiles: sample ? sample.probabilities.join(" ") : "",
    ...own,
  };
}

/** The axes of a sweep with all their values, as one word. */
export function hashAxes({ kind, axes, names = [] }: Sweep): string {
  const values = axes.flatMap(({ path, count, valueAt }) => [
    path,
    String(count),
    ...Array.from({ length: count }, (_, index) => valueAt(index)),
  ]);
  return hashOf([kind, ...values, ...names]);
}

/** Whether `read`, from a file that anyone may have written, is this job. */
export function isSameJob(read: unknown, job: JobIdentity): boolean {
  return isIdentity(read) && differingAspect(read, job) === undefined;
}

/** Whether something from a file has the shape of an identity. */
export function isIdentity(read: unknown): read is JobIdentity {
  return (
    typeof read === "object" &&
    read !== null &&
    !Array.isArray(read) &&
    Object.values(read).every((value) => typeof value === "string")
  );
}

/** The first thing in which two jobs differ. */
export function differingAspect(one: JobIdentity, other: JobIdentity): string | undefined {
  return [...Object.keys(other), ...Object.keys(one)].find((aspect) => one[aspect] !== other[aspect]);
}

function hashOf(texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return hash.digest("hex").slice(0, 32);
}
