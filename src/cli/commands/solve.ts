import { runPlain } from "../../analysis/results/plain-run.ts";
import { type NamedGoal, readGoal } from "../../analysis/solve/goal.ts";
import { Search, type Solved } from "../../analysis/solve/solve.ts";
import { type SolvedSample, summariseSolved } from "../../analysis/solve/solved-sample.ts";
import { findVariable, type Variable } from "../../analysis/solve/variable.ts";
import { finiteOrNull } from "../../metrics/table.ts";
import { createThreadRunner } from "../../run/runner.ts";
import {
  type Command,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  textOf,
  textOption,
} from "../io/command.ts";
import { reportDiagnostics, reportOptions } from "../io/diagnostics.ts";
import { ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile, scenarioFile, scenarioOptions } from "../io/load.ts";
import { openRunner, readSampleOptions, sampleOptions } from "../io/sample-options.ts";
import { printJson, printResult } from "../io/streams.ts";
import { drawSolveScreen, exact } from "../screens/solve-screen.ts";

/** Trials of the sample unless the user says more: each is simulated some hundred times. */
const STANDARD_TRIALS = 1000;

/** All trials of all values tried are in memory at once. */
const MOST_TRIALS = 100_000;

/** `solve`: the value of one input at which a figure reaches a target. */
export const solveCommand: Command = {
  usage: "solve <file> <goal>",
  text: "Find the value of one input at which a figure of the run reaches a target (goal seek).",
  positionals: {
    ...scenarioFile,
    goal: {
      type: "string",
      description: "Figure of summary.csv and its target, such as provider_irr=15%",
      demandOption: true,
    },
  },
  options: {
    by: textOption("Path of the input that is searched, such as fleets.gb300.rent"),
    ...scenarioOptions,
    trials: textOption(
      `Trials in which the value is searched too (default ${STANDARD_TRIALS} if another value is uncertain; 0 for none)`,
    ),
    seed: sampleOptions.seed,
    threads: sampleOptions.threads,
    json: flagOption("Print the result as one JSON object, with all digits"),
    ...reportOptions,
  },
  examples: [
    [
      "$0 solve plan/starter.yaml levelised_cost_usd_per_chip_hour=2.50 --by chips.gb300.price",
      "The price of a chip at which an hour of it costs 2.50 USD",
    ],
    ["$0 solve plan.yaml provider_irr=15% --by let.rate", "The rate at which the provider earns 15 %"],
  ],
  execute,
};

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  const path = textOf(given, "by");
  if (path === undefined) throw new UsageError("`solve` needs `--by PATH`: the input that is to be searched");
  const options = readSampleOptions(given);
  const trials = options.trials ?? STANDARD_TRIALS;
  if (trials > MOST_TRIALS) throw new UsageError(`\`--trials ${trials}\` is more than ${MOST_TRIALS}`);
  const { scenario, diagnostics, sources } = loadFile(textOf(given, "file") ?? "", given, environment);
  if (!scenario) return reportDiagnostics(diagnostics, given, sources);
  const { results, diagnostics: faults } = await runPlain(scenario, createThreadRunner());
  if (!results) return reportDiagnostics([...diagnostics, ...faults], given, sources);
  const goal = orMisuse(readGoal(textOf(given, "goal") ?? "", results));
  const variable = orMisuse(findVariable(scenario, path));
  const code = reportDiagnostics(diagnostics, given, sources);
  const search = new Search(variable, goal, createThreadRunner());
  if (!search.isRead)
    throw new UsageError(
      `nothing that \`${goal.metric}\` is made of reads \`${path}\`, so no value of it moves the figure`,
    );
  const solved = await search.solve();
  const isUncertain = search.isUncertain && trials > 0 && solved.direction !== undefined;
  const sample = isUncertain ? await solveSample(variable, goal, trials, given, environment) : undefined;
  present({ variable, goal, solved, sample }, given);
  return solved.found ? code : ExitCode.noPlan;
}

function orMisuse<Found>(found: Found | string): Found {
  if (typeof found === "string") throw new UsageError(found);
  return found;
}

async function solveSample(
  variable: Variable,
  goal: NamedGoal,
  trials: number,
  given: Given,
  environment: Environment,
): Promise<SolvedSample> {
  const options = readSampleOptions(given);
  const { runner, close } = openRunner(options, trials, environment);
  try {
    return summariseSolved(await new Search(variable, goal, runner).solveTrials(trials, options.seed));
  } finally {
    await close();
  }
}

type Outcome = {
  readonly variable: Variable;
  readonly goal: NamedGoal;
  readonly solved: Solved;
  readonly sample: SolvedSample | undefined;
};

function present({ variable, goal, solved, sample }: Outcome, given: Given): void {
  const { metric, unit, target } = goal;
  if (isGiven(given, "json")) {
    const { found, now, ends, direction, jump } = solved;
    printJson({
      metric,
      unit,
      target,
      by: variable.path,
      by_unit: variable.unit,
      value: found?.value ?? null,
      figure: found?.figure ?? null,
      set: found ? `${variable.path}=${exact(variable, found.value)}` : null,
      now: { value: now.value, figure: finiteOrNull(now.figure) },
      ends: ends.map((end) => ({ value: end.value, figure: finiteOrNull(end.figure) })),
      direction: direction ?? "constant",
      jump: jump ?? null,
      sample: sample
        ? {
            trials: sample.trials,
            share: sample.share,
            jumps: sample.jumps,
            quantiles: sample.quantiles.map(finiteOrNull),
          }
        : null,
    });
  } else if (!isGiven(given, "quiet")) {
    printResult(drawSolveScreen({ variable, metric, unit, target, solved, sample }));
  }
}
