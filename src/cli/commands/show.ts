import { offerNearest } from "../../diagnostics/nearest.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { hiddenValue, type ShownField, showScenario } from "../../scenario/describe/show.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { type Command, type Environment, flagOption, type Given, isGiven, textOf } from "../io/command.ts";
import { errorFormatOption, reportDiagnostics } from "../io/diagnostics.ts";
import { ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile, scenarioFile, scenarioOptions } from "../io/load.ts";
import { emphasise, printJson, printResult } from "../io/streams.ts";

/** `show`: lists the values of a scenario after all layers are merged. */
export const showCommand: Command = {
  usage: "show <file> [prefix]",
  text: "List the fields of a scenario with their values, sources and quality.",
  positionals: {
    ...scenarioFile,
    prefix: { type: "string", description: "Only this path and those below it, such as sites.main" },
  },
  options: { ...scenarioOptions, json: flagOption("Print an array of JSON objects"), ...errorFormatOption },
  examples: [
    ["gigafleet show plan/starter.yaml sites.main", "The fields of a site"],
    ["gigafleet show plan/starter.yaml chips.gb300 --json", "The fields of a chip, as JSON"],
  ],
  execute,
};

function execute(given: Given, environment: Environment): ExitCode {
  const { scenario, diagnostics, sources } = loadFile(textOf(given, "file") ?? "", given, environment);
  const code = reportDiagnostics(diagnostics, given, sources);
  if (!scenario) return code;
  const prefix = textOf(given, "prefix") ?? "";
  const shown = select(showScenario(scenario), prefix);
  if (isGiven(given, "json")) printJson(shown);
  else printResult(shown.map((field) => drawField(scenario, field)).join(""));
  return ExitCode.done;
}

function select(fields: readonly ShownField[], prefix: string): readonly ShownField[] {
  if (prefix === "") return fields;
  const found = fields.filter(({ path }) => path === prefix || path.startsWith(`${prefix}.`));
  if (found.length > 0) return found;
  const depth = prefix.split(".").length;
  const prefixes = fields.map(({ path }) => path.split(".").slice(0, depth).join("."));
  const near = offerNearest(prefix, prefixes);
  throw new UsageError(
    `there is no field at or under \`${prefix}\`; ${near ? `similar: ${near}` : "without it, `show` lists every field"}`,
  );
}

/** Path and value on one line, quality and source on the next. */
function drawField(scenario: Scenario, field: ShownField): string {
  const { path, text, quality, source, from, declaredAt, overrode } = field;
  const known = [
    hiddenValue(scenario, field),
    quality,
    source,
    declaredAt === path ? from : `${from}, ${declaredAt}`,
    ...overrode.map((earlier) => `was ${earlier.text} in ${earlier.from}`),
  ].filter((part) => part !== "");
  return `${emphasise(path)}: ${visibleText(text)}\n    ${visibleText(known.join("; "))}\n`;
}
