import { offerNearest } from "../../diagnostics/nearest.ts";
import { readText, shippedCatalog } from "../../node/package-files.ts";
import { showScenario } from "../../scenario/describe/show.ts";
import { type LoadResult, loadScenario } from "../../scenario/load.ts";
import { loadCatalog } from "../../scenario/load-catalog.ts";
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
import { errorFormatOption, reportDiagnostics } from "../io/diagnostics.ts";
import { ExitCode, UsageError } from "../io/exit-code.ts";
import { printJson, printResult } from "../io/streams.ts";
import { drawCatalogScreen, drawChipScreen } from "../screens/catalog-screen.ts";
import { executeStale } from "./catalog-stale.ts";

/** `catalog`: shows the chips shipped with the program, with the source of every figure. */
export const catalogCommand: Command = {
  usage: "catalog [chip]",
  text: "List the chips shipped with the program, or all figures of one with their sources.",
  positionals: { chip: { type: "string", description: "Chip to show with all its figures" } },
  options: {
    stale: textOption("List figures older than this, such as '12 months', which are due for an update"),
    "as-of": textOption("Date from which --stale counts (default today)"),
    json: flagOption("Print an array of JSON objects"),
    ...errorFormatOption,
  },
  examples: [
    ["gigafleet catalog", "One line per chip"],
    ["gigafleet catalog gb300", "All figures of a chip, with source, date and quality"],
    ["gigafleet catalog --stale '12 months'", "Figures due for an update, the oldest first"],
  ],
  execute,
};

function execute(given: Given, environment: Environment): ExitCode {
  const age = textOf(given, "stale");
  if (age !== undefined) return executeStale(age, given, environment);
  const { scenario, diagnostics, sources } = loadAll(environment);
  if (!scenario) {
    return reportDiagnostics(diagnostics, given, sources);
  }
  const chip = textOf(given, "chip");
  if (chip !== undefined && !scenario.names.chips.includes(chip)) {
    const names = offerNearest(chip, scenario.names.chips) ?? scenario.names.chips.join(", ");
    throw new UsageError(`the catalog has no chip \`${chip}\`; it has ${names}`);
  }
  const chips = chip === undefined ? scenario.names.chips : [chip];
  if (isGiven(given, "json")) printJson(describeChips(scenario, chips));
  else printResult(chip === undefined ? drawCatalogScreen(scenario) : drawChipScreen(scenario, chip));
  return ExitCode.done;
}

/** The catalog alone, loaded through a scenario that names every chip: with the same layers, checks and defaults as always. */
function loadAll(environment: Environment): LoadResult {
  const shipped = shippedCatalog(environment);
  const { chips } = loadCatalog(shipped);
  const file = "catalog";
  const text = `schema_version: 1\nstart: 2026-01\ndescription: ${chips.join(" ")}\n`;
  return loadScenario({ ...shipped, path: file, read: (path) => (path === file ? text : readText(path)) });
}

/** Every field of some chips with its annotation. */
function describeChips(scenario: Scenario, chips: readonly string[]) {
  return showScenario(scenario)
    .filter(({ path }) => chips.some((chip) => path.startsWith(`chips.${chip}.`)))
    .map(({ overrode: _overrode, ...shown }) => {
      const { asOf = "", note = "" } = scenario.fields.get(shown.path)?.origin ?? {};
      return { chip: shown.path.split(".")[1] ?? "", ...shown, asOf, note };
    });
}
