import { createHash } from "node:crypto";
import path from "node:path";
import { runPlain } from "../analysis/plain-run.ts";
import type { Results } from "../analysis/results.ts";
import { makeTables } from "../analysis/tables/index.ts";
import { type Diagnostic, diagnose, hasErrors } from "../diagnostics/diagnostic.ts";
import { type CsvOptions, toCsv } from "../export/csv.ts";
import { makeDataPackage, type Provenance } from "../export/data-package.ts";
import { tableRecords } from "../export/records.ts";
import type { Table } from "../metrics/table.ts";
import { createThreadRunner } from "../run/runner.ts";
import type { Scenario } from "../scenario/scenario.ts";
import {
  type Command,
  choiceOption,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  textOf,
  textOption,
} from "./command.ts";
import { exitCodeFor, formatOption, reportDiagnostics } from "./diagnostics.ts";
import type { ExitCode } from "./exit-code.ts";
import { listCatalogFiles } from "./input-files.ts";
import { loadFile, scenarioOptions } from "./load.ts";
import { isSafeName, type OutputFile, writeFiles } from "./output-folder.ts";
import { drawRunScreen } from "./run-screen.ts";
import { printResult } from "./streams.ts";

/** `run`: simulates a scenario, shows a summary and writes the tables. */
export const runCommand: Command = {
  usage: "run <scenario>",
  text: "Simulate a scenario and write its tables. Uncertain values stand at their medians.",
  positionals: { scenario: { type: "string", description: "Scenario file (YAML)", demandOption: true } },
  options: {
    out: textOption("Folder for the tables (default output/<name of the scenario>)"),
    set: scenarioOptions.set,
    override: scenarioOptions.override,
    with: scenarioOptions.scenario,
    json: flagOption("Print summary, years and faults as one JSON object"),
    bom: flagOption("Put a byte order mark in front of the CSV files, for Excel"),
    delimiter: choiceOption("Between the cells of the CSV files (default ,)", [",", ";", "tab"]),
    quiet: flagOption("Print nothing but faults"),
    format: formatOption,
  },
  examples: [
    ["$0 run plan/starter.yaml", "Show the years and write output/starter/"],
    [
      "$0 run plan/starter.yaml --set sites.main.delay='12 months' --out late",
      "The same with power a year late, written to late/",
    ],
  ],
  execute,
};

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  const { scenario, diagnostics, sources } = loadFile(textOf(given, "scenario") ?? "", given, environment);
  if (!scenario) return finish(given, { diagnostics, sources });
  const run = await runPlain(scenario, createThreadRunner());
  if (!run.results) return finish(given, { diagnostics: [...diagnostics, ...run.diagnostics], sources });
  const { results } = run;
  const tables = makeTables(results);
  const folder = outputFolder(scenario, given);
  const written =
    isSafeName(path.basename(folder)) || textOf(given, "out") !== undefined
      ? writeFiles(folder, makeFiles(tables, scenario, results, given, environment))
      : diagnose("unsafe-output-name", { values: { name: folder } });
  const all = [...diagnostics, ...(written ? [written] : [])];
  return finish(given, { diagnostics: all, sources, scenario, results, tables, folder });
}
