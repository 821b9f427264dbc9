import path from "node:path";
import {
  bytesOfSensitivity,
  isExplicable,
  runSensitivity,
  type Sensitivity,
  STANDARD_ROWS,
} from "../../analysis/sensitivity/sensitivity.ts";
import { makeSensitivityTable } from "../../analysis/sensitivity/sensitivity-table.ts";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { toCsv } from "../../export/csv.ts";
import { findMetric, METRICS } from "../../metrics/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import { createThreadRunner } from "../../run/runner.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { type Command, type Environment, type Given, isGiven, textOf, textOption } from "../io/command.ts";
import { reportDiagnostics, reportOptions } from "../io/diagnostics.ts";
import { type ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile, scenarioFile, scenarioOptions } from "../io/load.ts";
import { writeFiles } from "../io/output-folder.ts";
import { openProgressBar } from "../io/progress-bar.ts";
import {
  commandLine,
  hashFiles,
  makeReportFiles,
  reportFileOptions,
  sampleWords,
} from "../io/report-files.ts";
import { inputsOf } from "../io/run-files.ts";
import {
  hearSignals,
  openRunner,
  readSampleOptions,
  type SampleOptions,
  sampleOptions,
} from "../io/sample-options.ts";
import { printResult } from "../io/streams.ts";
import { sayOrRefuse } from "../io/take-sample.ts";
import { drawSensitivityScreen } from "../screens/sensitivity-screen.ts";

/** `sensitivity`: attributes the spread of a figure to its inputs. */
export const sensitivityCommand: Command = {
  usage: "sensitivity <file>",
  text: "Show which uncertain values cause the spread of a figure, and how reliable they are.",
  positionals: scenarioFile,
  options: {
    metric: textOption("Metric to explain (default cost_provider_pv_usd)"),
    out: textOption("Folder for sensitivity.csv (default output/<name of the file>)"),
    ...scenarioOptions,
    trials: textOption(
      `Rows of each of the two samples (default ${STANDARD_ROWS}); the model runs rows x (values + 2) times`,
    ),
    seed: sampleOptions.seed,
    threads: sampleOptions.threads,
    yes: sampleOptions.yes,
    ...reportFileOptions,
    ...reportOptions,
  },
  examples: [
    ["$0 sensitivity plan/starter.yaml", "What the present value of cost depends on"],
    ["$0 sensitivity plan/starter.yaml --metric chips_energised", "The same for chips in the last month"],
  ],
  execute,
};

/** From this many rows, the cost is estimated first, by a run of this many. */
const [manyRows, probeRows] = [10_000, 128];

/** A variance needs two rows; the rows must fit this memory [bytes]. */
const [leastRows, mostBytes] = [2, 1024 * 2 ** 20];

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  const options = readSampleOptions(given);
  const { scenario, diagnostics, sources } = loadFile(textOf(given, "file") ?? "", given, environment);
  const faults: Diagnostic[] = [...diagnostics];
  const name = textOf(given, "metric") ?? "cost_provider_pv_usd";
  const metric = findMetric(name);
  if (scenario && (!metric || !isExplicable(scenario, metric))) faults.push(unknownMetric(scenario, name));
  else if (scenario && metric) {
    const rows = options.trials ?? STANDARD_ROWS;
    refuseRows(scenario, metric, rows);
    if (rows >= manyRows) await announce(scenario, metric, rows, options, isGiven(given, "quiet"));
    const { runner, close } = openRunner(options, rows * 3, environment);
    const bar = await openProgressBar(!isGiven(given, "quiet"));
    try {
      const run = await runSensitivity(scenario, metric, runner, {
        rows,
        seed: options.seed,
        onProgress: bar.update,
      });
      bar.stop();
      faults.push(...run.diagnostics);
      if (run.sensitivity)
        faults.push(...(await present(scenario, run.sensitivity, { rows, options, given, environment })));
    } finally {
      bar.stop();
      await close();
    }
  }
  return reportDiagnostics(faults, given, sources);
}

/** Fails: throws `UsageError` for too few rows for a variance, or more than fit. */
function refuseRows(scenario: Scenario, metric: Metric, rows: number): void {
  if (rows < leastRows)
    throw new UsageError(`\`--trials ${rows}\` is too small: a variance needs at least ${leastRows} rows`);
  const bytes = bytesOfSensitivity(scenario, metric, rows);
  if (bytes <= mostBytes) return;
  const size = (each: number) => `${Math.ceil(each / 1e6).toLocaleString("en")} MB`;
  const most = Math.floor((rows * mostBytes) / bytes);
  throw new UsageError(
    `${rows.toLocaleString("en")} rows need ${size(bytes)}; the limit is ${size(mostBytes)}\ntake up to ${most.toLocaleString("en")} rows`,
  );
}

/** Announces the cost of many rows, and rejects them if they take very long. */
async function announce(
  scenario: Scenario,
  metric: Metric,
  rows: number,
  options: SampleOptions,
  isQuiet: boolean,
): Promise<void> {
  const measure = async (): Promise<number> => {
    const started = performance.now();
    await runSensitivity(scenario, metric, createThreadRunner(hearSignals), {
      rows: probeRows,
      seed: options.seed,
    });
    return (performance.now() - started) / 1000;
  };
  await measure();
  const seconds = ((await measure()) * rows) / probeRows / options.threads;
  const bytes = bytesOfSensitivity(scenario, metric, rows);
  sayOrRefuse(`${rows.toLocaleString("en")} rows`, { seconds, bytes, isTwice: false }, options, isQuiet);
}

function unknownMetric(scenario: Scenario, name: string): Diagnostic {
  const known = METRICS.filter(
    (metric) => nearest(name, [metric.name]).length > 0 && isExplicable(scenario, metric),
  );
  const near = nearest(
    name,
    known.map((metric) => metric.name),
  );
  const expected = near.length > 0 ? near.map((each) => `\`${each}\``).join(" or ") : undefined;
  const help = findMetric(name)
    ? "it is not a number for the whole; choose one of monthly.csv or summary.csv"
    : undefined;
  return diagnose("unknown-metric", { values: { name }, expected, help });
}

/** How a sensitivity was asked for. */
type Asked = {
  readonly rows: number;
  readonly options: SampleOptions;
  readonly given: Given;
  readonly environment: Environment;
};

/** Writes table and report and draws the chart; gives what went wrong with it. */
async function present(
  scenario: Scenario,
  sensitivity: Sensitivity,
  { rows, options, given, environment }: Asked,
): Promise<Diagnostic[]> {
  const folder = textOf(given, "out") ?? path.join("output", scenario.slug);
  const name = textOf(given, "file") ?? "";
  const words = ["--metric", sensitivity.metric.name, ...sampleWords({ trials: rows, seed: options.seed })];
  const reports = await makeReportFiles(
    ({ reportSensitivity }, origin) => reportSensitivity(scenario, sensitivity, origin),
    given,
    () => {
      const { scenarioFiles, catalogFiles, changes } = inputsOf(scenario, name, environment);
      const files = hashFiles([...scenarioFiles, ...catalogFiles]);
      return {
        version: environment.version,
        command: commandLine("sensitivity", [name], given, words),
        files,
        changes,
      };
    },
  );
  // The folder is that of the run, whose report has the plain name.
  const named = reports.map((one) => ({ ...one, name: `sensitivity-${one.name}` }));
  const file = { name: "sensitivity.csv", text: toCsv(makeSensitivityTable(sensitivity)) };
  const fault = writeFiles(folder, [file, ...named]);
  if (!isGiven(given, "quiet")) {
    const written = [file, ...named].map((one) => one.name).join(" ");
    printResult(
      `${drawSensitivityScreen(scenario, sensitivity)}${fault ? "" : `Written ${visibleText(folder)}: ${written}\n`}`,
    );
  }
  return fault ? [fault] : [];
}
