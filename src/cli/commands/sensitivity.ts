import path from "node:path";
import {
  bytesOfSensitivity,
  runSensitivity,
  type Sensitivity,
  STANDARD_ROWS,
} from "../../analysis/sensitivity/sensitivity.ts";
import { makeSensitivityTable } from "../../analysis/sensitivity/sensitivity-table.ts";
import {
  findTarget,
  isExplicable,
  type SensitivityTarget,
  STANDARD_METRIC,
} from "../../analysis/sensitivity/target.ts";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { toCsv } from "../../export/csv.ts";
import { countText } from "../../export/number-text.ts";
import { findMetric, METRICS, METRICS_PAGE } from "../../metrics/index.ts";
import { createThreadRunner } from "../../run/runner.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import {
  type Command,
  type Environment,
  type Given,
  isGiven,
  textOf,
  textOption,
  typedWords,
} from "../io/command.ts";
import { reportDiagnostics, reportOptions } from "../io/diagnostics.ts";
import { type ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile, scenarioFile, scenarioOptions } from "../io/load.ts";
import { findFolderFault, writeFiles } from "../io/output-folder.ts";
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
    metric: textOption(`Metric to explain (default ${STANDARD_METRIC})`),
    event: textOption("Event to explain in place of a metric: what its probability depends on"),
    month: textOption(
      "Month of the figure, YYYY-MM (default: flows over the horizon, others in the last month)",
    ),
    year: textOption("Year of the figure: the sum of a flow, a stock at its end, whether an event happens"),
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
    [
      "$0 sensitivity plan/starter.yaml --metric provider_cash_usd --year 2027",
      "What the cash of a year depends on",
    ],
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
  const faults = scenario ? await explain(scenario, options, given, environment) : [];
  return reportDiagnostics([...diagnostics, ...faults], given, sources);
}

/** Explains the figure that is asked for; returns what is wrong with it. Fails: throws `UsageError` for wrong usage. */
async function explain(
  scenario: Scenario,
  options: SampleOptions,
  given: Given,
  environment: Environment,
): Promise<readonly Diagnostic[]> {
  const found = findTarget(scenario, requestOf(given));
  if ("misuse" in found) throw new UsageError(found.misuse);
  if ("unknownMetric" in found) return [unknownMetric(scenario, found.unknownMetric)];
  const { target } = found;
  const rows = options.trials ?? STANDARD_ROWS;
  refuseRows(scenario, target, rows);
  const unusable = findFolderFault(folderOf(scenario, given));
  if (unusable) return [unusable];
  if (rows >= manyRows) await announce(scenario, target, rows, options, isGiven(given, "quiet"));
  const { runner, close } = openRunner(options, rows * 3, environment);
  const bar = await openProgressBar(!isGiven(given, "quiet"));
  try {
    const { sensitivity, diagnostics } = await runSensitivity(scenario, target, runner, {
      rows,
      seed: options.seed,
      onProgress: bar.update,
    });
    bar.stop();
    return sensitivity
      ? [...diagnostics, ...(await present(scenario, sensitivity, { rows, options, given, environment }))]
      : diagnostics;
  } finally {
    bar.stop();
    await close();
  }
}

function requestOf(given: Given) {
  const [metric, event, month, year] = ["metric", "event", "month", "year"].map((name) =>
    textOf(given, name),
  );
  return { metric, event, month, year };
}

/** Fails: throws `UsageError` for too few rows for a variance, or more than fit. */
function refuseRows(scenario: Scenario, target: SensitivityTarget, rows: number): void {
  if (rows < leastRows)
    throw new UsageError(`\`--trials ${rows}\` is too small: a variance needs at least ${leastRows} rows`);
  const bytes = bytesOfSensitivity(scenario, target, rows);
  if (bytes <= mostBytes) return;
  const size = (each: number) => `${countText(Math.ceil(each / 1e6))} MB`;
  const most = Math.floor((rows * mostBytes) / bytes);
  throw new UsageError(
    `${countText(rows)} rows need ${size(bytes)}; the limit is ${size(mostBytes)}\ntake up to ${countText(most)} rows`,
  );
}

/** Announces the cost of many rows, and rejects them if they take very long. */
async function announce(
  scenario: Scenario,
  target: SensitivityTarget,
  rows: number,
  options: SampleOptions,
  isQuiet: boolean,
): Promise<void> {
  const measure = async (): Promise<number> => {
    const started = performance.now();
    await runSensitivity(scenario, target, createThreadRunner(hearSignals), {
      rows: probeRows,
      seed: options.seed,
    });
    return (performance.now() - started) / 1000;
  };
  await measure();
  const seconds = ((await measure()) * rows) / probeRows / options.threads;
  const bytes = bytesOfSensitivity(scenario, target, rows);
  sayOrRefuse(`${countText(rows)} rows`, { seconds, bytes, isTwice: false }, options, isQuiet);
}

function unknownMetric(scenario: Scenario, name: string): Diagnostic {
  const known = METRICS.filter(
    (metric) => nearest(name, [metric.name]).length > 0 && isExplicable(scenario, metric),
  );
  const near = nearest(
    name,
    known.map((metric) => metric.name),
  );
  const expected = near.length > 0 ? near.map((each) => `\`${each}\``).join(" or ") : METRICS_PAGE;
  const help = findMetric(name)
    ? "it is not a number for the whole; choose one of monthly.csv or summary.csv"
    : undefined;
  return diagnose("unknown-metric", { values: { name }, expected, help });
}

function folderOf({ slug }: Scenario, given: Given): string {
  return textOf(given, "out") ?? path.join("output", slug);
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
  const folder = folderOf(scenario, given);
  const name = textOf(given, "file") ?? "";
  const { isEvent, name: figure } = sensitivity.target;
  const asked = typedWords(given, ["month", "year"]);
  const words = [
    ...(isEvent ? ["--event", figure] : ["--metric", figure]),
    ...asked,
    ...sampleWords({ trials: rows, seed: options.seed }),
  ];
  const reports = await makeReportFiles(
    async (origin) =>
      (await import("../../report/sensitivity-report.ts")).reportSensitivity(scenario, sensitivity, origin),
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
  const fault = await writeFiles(folder, [file, ...named]);
  if (!isGiven(given, "quiet")) {
    const written = [file, ...named].map((one) => one.name).join(" ");
    printResult(
      `${drawSensitivityScreen(scenario, sensitivity)}${fault ? "" : `Written ${visibleText(folder)}: ${written}\n`}`,
    );
  }
  return fault ? [fault] : [];
}
