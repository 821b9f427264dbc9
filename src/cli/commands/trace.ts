import { type TraceRequest, trace } from "../../analysis/trace/trace.ts";
import {
  type Command,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  textOf,
  textOption,
} from "../io/command.ts";
import { errorFormatOption, reportDiagnostics } from "../io/diagnostics.ts";
import { type ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile, scenarioFile, scenarioOptions } from "../io/load.ts";
import { printJson, printResult } from "../io/streams.ts";
import { drawTraceScreen } from "../screens/trace-screen.ts";

/** `trace`: decomposes a figure of the plain run down to inputs and their sources. */
export const traceCommand: Command = {
  usage: "trace <file> <metric>",
  text: "Decompose a figure by its formulas, down to inputs and their sources.",
  positionals: {
    ...scenarioFile,
    metric: {
      type: "string",
      description: "Column of the tables, such as energy_cost_usd, or `event`",
      demandOption: true,
    },
  },
  options: {
    month: textOption("Month of the figure, YYYY-MM; not for a figure of the whole run"),
    year: textOption(
      "Year of the figure instead: the sum of a flow, a ratio of its sums, a stock at its end",
    ),
    entity: textOption("A part (fleet/chip), site, contract, tranche, loan or event (default: the whole)"),
    depth: textOption("Levels of the tree to show (default all)"),
    ...scenarioOptions,
    json: flagOption("Print the tree as one JSON object, with all digits"),
    ...errorFormatOption,
  },
  examples: [
    [
      "$0 trace plan/starter.yaml effective_fp4_eflops --month 2027-06",
      "A month's compute, down to data sheets",
    ],
    ["$0 trace plan/starter.yaml levelised_cost_usd_per_chip_hour", "A figure of the whole run"],
    ["$0 trace plan/starter.yaml provider_cash_usd --year 2028 --depth 1", "A year of annual.csv, by month"],
  ],
  execute,
};

function execute(given: Given, environment: Environment): ExitCode {
  const { scenario, diagnostics, sources } = loadFile(textOf(given, "file") ?? "", given, environment);
  const outcome = scenario && trace(scenario, requestOf(given));
  const all = [...diagnostics, ...(outcome?.diagnostics ?? [])];
  if (outcome?.misuse !== undefined) throw new UsageError(outcome.misuse);
  const code = reportDiagnostics(all, given, sources);
  if (outcome?.trace && isGiven(given, "json")) printJson(outcome.trace);
  else if (outcome?.trace) printResult(drawTraceScreen(outcome.trace));
  return code;
}

function requestOf(given: Given): TraceRequest {
  const [month, year, entity, depth] = ["month", "year", "entity", "depth"].map((name) =>
    textOf(given, name),
  );
  if (depth !== undefined && !/^\d{1,3}$/.test(depth)) {
    throw new UsageError(`\`--depth\` takes a whole number, got \`${depth}\``);
  }
  return {
    metric: textOf(given, "metric") ?? "",
    ...(month === undefined ? {} : { month }),
    ...(year === undefined ? {} : { year }),
    ...(entity === undefined ? {} : { entity }),
    ...(depth === undefined ? {} : { depth: Number(depth) }),
  };
}
