import { offerNearest } from "../../diagnostics/nearest.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { hiddenValue, type ShownField, showScenario } from "../../scenario/describe/show.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { type Command, type Environment, flagOption, type Given, isGiven, textOf } from "../io/command.ts";
import { exitCodeFor, formatOption, reportDiagnostics } from "../io/diagnostics.ts";
import { ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile, scenarioOptions } from "../io/load.ts";
import { emphasise, printResult } from "../io/streams.ts";

/** `show`: lists the values a scenario has once all layers are laid over each other. */
export const showCommand: Command = {
  usage: "show <file> [prefix]",
  text: "List the fields of a scenario with their values, where they come from and how sure they are.",
  positionals: {
    file: { type: "string", description: "Scenario file (YAML)", demandOption: true },
    prefix: { type: "string", description: "Only this path and what is below it, such as sites.main" },
  },
  options: { ...scenarioOptions, json: flagOption("Print an array of JSON objects"), format: formatOption },
  examples: [
    ["gigafleet show plan/starter.yaml sites.main", "The fields of a site"],
    ["gigafleet show plan/starter.yaml chips.gb300 --json", "Those of a chip, for a program"],
  ],
  execute,
};

function execute(given: Given, environment: Environment): ExitCode {
  const { scenario, diagnostics, sources } = loadFile(textOf(given, "file") ?? "", given, environment);
  reportDiagnostics(diagnostics, sources, given);
  if (!scenario) return exitCodeFor(diagnostics);
  const prefix = textOf(given, "prefix") ?? "";
  const shown = select(showScenario(scenario), prefix);
  if (isGiven(given, "json")) printResult(`${JSON.stringify(shown, undefined, 2)}\n`);
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
  throw new UsageError(`nothing stands under \`${prefix}\`${near ? `; near it: ${near}` : ""}`);
}

/** Path and value on one line, what is known of the value on the next. */
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
