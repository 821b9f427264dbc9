import path from "node:path";
import {
  bytesOfSensitivity,
  isExplicable,
  runSensitivity,
  type Sensitivity,
  STANDARD_ROWS,
} from "../../analysis/sensitivity/sensitivity.ts";
import {
  makeSensitivityTable,
  noteOf,
  type qualityOf,
  sharesByQuality,
} from "../../analysis/sensitivity/sensitivity-table.ts";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { toCsv } from "../../export/csv.ts";
import { decimalsFor, screenNumber } from "../../export/number-text.ts";
import { findMetric, METRICS } from "../../metrics/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import { createThreadRunner } from "../../run/runner.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import {
  type Command,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  textOf,
  textOption,
} from "../io/command.ts";
import { exitCodeFor, formatOption, reportDiagnostics } from "../io/diagnostics.ts";
import { type ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile, scenarioOptions } from "../io/load.ts";
import { writeFiles } from "../io/output-folder.ts";
import { openProgressBar } from "../io/progress-bar.ts";
import {
  hearSignals,
  openRunner,
  readSampleOptions,
  type SampleOptions,
  sampleOptions,
} from "../io/sample-options.ts";
import { emphasise, printResult } from "../io/streams.ts";
import { sayOrRefuse } from "../io/take-sample.ts";
import { drawColumns, SCREEN_WIDTH, type ScreenColumn, wrapText } from "../screens/draw-columns.ts";

/** `sensitivity`: says what the spread of a figure comes from. */
export const sensitivityCommand: Command = {
  usage: "sensitivity <file>",
  text: "Say which uncertain values the spread of a figure comes from, and how sure they are.",
  positionals: { file: { type: "string", description: "Scenario file (YAML)", demandOption: true } },
  options: {
    metric: textOption("Figure to explain (default cost_provider_pv_usd)"),
    out: textOption("Folder for sensitivity.csv (default output/<name of the file>)"),
    ...scenarioOptions,
    trials: textOption(
      `Rows of each of the two samples (default ${STANDARD_ROWS}); the model runs rows x (values + 2) times`,
    ),
    seed: sampleOptions.seed,
    threads: sampleOptions.threads,
    yes: sampleOptions.yes,
    quiet: flagOption("Print nothing but faults"),
    format: formatOption,
  },
  examples: [
    ["$0 sensitivity plan/starter.yaml", "What the present value of cost hangs on"],
    ["$0 sensitivity plan/starter.yaml --metric chips_energised", "The same for chips in the last month"],
  ],
  execute,
};

/** Rows of the screen's chart. */
const mostBars = 15;

/** From this many rows on it is worth finding out first what they take, with so many. */
const [manyRows, probeRows] = [10_000, 128];

/** A variance takes two rows; what is kept of them fits this [bytes]. */
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
      if (run.sensitivity) faults.push(...present(scenario, run.sensitivity, given));
    } finally {
      bar.stop();
      await close();
    }
  }
  reportDiagnostics(faults, sources, given);
  return exitCodeFor(faults);
}

/** Fails: throws `UsageError` for rows that are too few for a variance, or more than fit. */
function refuseRows(scenario: Scenario, metric: Metric, rows: number): void {
  if (rows < leastRows)
    throw new UsageError(
      `\`--trials ${rows}\` is less than ${leastRows}: a variance takes ${leastRows} rows`,
    );
  const bytes = bytesOfSensitivity(scenario, metric, rows);
  if (bytes <= mostBytes) return;
  const size = (each: number) => `${Math.ceil(each / 1e6).toLocaleString("en")} MB`;
  const most = Math.floor((rows * mostBytes) / bytes);
  throw new UsageError(
    `${rows.toLocaleString("en")} rows keep ${size(bytes)}, at most ${size(mostBytes)}\ntake up to ${most.toLocaleString("en")} rows`,
  );
}

/** Says what many rows take, and refuses them where that is very long. */
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
    ? "it is no number of the whole; choose one of monthly.csv or summary.csv"
    : undefined;
  return diagnose("unknown-metric", { values: { name }, expected, help });
}

/** Writes the table and draws the chart; gives what went wrong with it. */
function present(scenario: Scenario, sensitivity: Sensitivity, given: Given): Diagnostic[] {
  const folder = textOf(given, "out") ?? path.join("output", scenario.slug);
  const file = { name: "sensitivity.csv", text: toCsv(makeSensitivityTable(sensitivity)) };
  const fault = writeFiles(folder, [file]);
  if (!isGiven(given, "quiet")) {
    printResult(
      `${drawSensitivity(scenario, sensitivity)}${fault ? "" : `Written ${visibleText(path.join(folder, file.name))}\n`}`,
    );
  }
  return fault ? [fault] : [];
}

/** A chart that fits a terminal: bars of total indices, with the swing from P10 to P90. */
function drawSensitivity(scenario: Scenario, sensitivity: Sensitivity): string {
  const { metric, effects, plain, mean, deviation, trials } = sensitivity;
  const title = scenario.fields.get("name")?.text ?? scenario.slug;
  const shown = effects.slice(0, mostBars).filter(({ total }) => total.value >= 0.0005);
  const swings = shown.flatMap(({ atP10, atP90 }) => [atP10, atP90]);
  const scale = Math.max(...swings.map(Math.abs), Math.abs(plain)) >= 1e9 ? 1e9 : 1;
  const unit = scale === 1e9 ? `B ${metric.unit}` : metric.unit;
  const decimals = decimalsFor([...swings, plain].map((value) => value / scale));
  const figure = (value: number): string => screenNumber(value / scale, decimals);
  const percent = (value: number): string => `${(value * 100).toFixed(1)}`;
  const left = (heading: string, cells: readonly string[]): ScreenColumn => ({
    cells: [heading, ...cells],
    side: "left",
  });
  const right = (heading: string, cells: readonly string[]): ScreenColumn => ({
    cells: [heading, ...cells],
    side: "right",
  });
  const columns = [
    left(
      "input",
      shown.map(({ keys }) => shorten(keys.join(" "), 26)),
    ),
    right(
      "total %",
      shown.map(({ total }) => percent(total.value)),
    ),
    right(
      "95 %",
      shown.map(({ total }) => `${percent(total.low)}-${percent(total.high)}`),
    ),
    right(
      "alone",
      shown.map(({ first }) => percent(first.value)),
    ),
    right(
      "P10",
      shown.map(({ atP10 }) => figure(atP10)),
    ),
    right(
      "P90",
      shown.map(({ atP90 }) => figure(atP90)),
    ),
    left(
      "",
      shown.map(({ total }) => "#".repeat(Math.min(10, Math.round(total.value * 10)))),
    ),
  ];
  const { shares, together } = sharesByQuality(sensitivity);
  const resting = shares
    .filter(({ share }) => share >= 0.005)
    .map(
      ({ quality, share, first }) =>
        `${percent(share)} % on ${inWords(quality)} (most: ${first.keys.join(" ")})`,
    );
  const notes = shown.flatMap((effect) =>
    noteOf(effect) ? [`${effect.keys.join(" ")}: ${noteOf(effect)}`] : [],
  );
  const lines = [
    emphasise(visibleText(`${title}: what ${metric.name} hangs on`)),
    `At medians ${figure(plain)}, mean ${figure(mean)}, standard deviation ${figure(deviation)} ${unit}; ${trials.toLocaleString("en")} trials`,
    "",
    ...drawColumns(columns),
    "",
    ...wrapText(
      "total: share of the variance left if all else were known; alone: share that goes with this value by itself; P10, P90: the figure with this value there and all else at medians.",
      SCREEN_WIDTH,
    ),
    ...wrapText(
      effects.every(({ total }) => total.value === 0)
        ? "Nothing uncertain moves it: there is no variance to explain."
        : `The variance rests ${[...resting, `${percent(together)} % on several values at once`].join("; ")}.`,
      SCREEN_WIDTH,
    ),
    ...notes.flatMap((note) => wrapText(note, SCREEN_WIDTH)),
  ];
  return `${lines.join("\n")}\n`;
}

function shorten(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
}

const qualityWords: Readonly<Record<string, string>> = {
  official: "official values",
  reported: "reported values",
  derived: "derived values",
  estimate: "estimates",
  assumed: "assumptions",
  unmarked: "values without a quality mark",
};

function inWords(quality: ReturnType<typeof qualityOf> | string): string {
  return qualityWords[quality] ?? quality;
}
