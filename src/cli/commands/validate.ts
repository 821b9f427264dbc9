import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { sortDiagnostics } from "../../diagnostics/diagnostic.ts";
import { countLine, renderJson } from "../../diagnostics/render.ts";
import {
  type Command,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  textOf,
  textsOf,
} from "../io/command.ts";
import { exitCodeFor, formatOption, reportDiagnostics } from "../io/diagnostics.ts";
import { ExitCode } from "../io/exit-code.ts";
import { loadFile, scenarioOptions } from "../io/load.ts";
import { printResult } from "../io/streams.ts";

/** `validate`: checks scenarios and simulates nothing. */
export const validateCommand: Command = {
  usage: "validate <files..>",
  text: "Check scenario files and report every fault with its place; nothing is simulated.",
  positionals: {
    files: { type: "string", array: true, description: "Scenario files (YAML)", demandOption: true },
  },
  options: {
    ...scenarioOptions,
    format: formatOption,
    quiet: flagOption("Print nothing but faults"),
  },
  examples: [
    ["gigafleet validate plan/starter.yaml", "Report what is wrong with it"],
    ["gigafleet validate plan/starter.yaml --format concise", "One line a fault, as editors read it"],
  ],
  execute,
};

function execute(given: Given, environment: Environment): ExitCode {
  const codes = textsOf(given, "files").map((file) => {
    const { diagnostics, sources } = loadFile(file, given, environment);
    // Faults are the result of this command, so that a machine finds them on standard output.
    if (textOf(given, "format") === "json") printResult(renderJson(sortDiagnostics(diagnostics)));
    else {
      reportDiagnostics(diagnostics, sources, given);
      if (!isGiven(given, "quiet")) printResult(`${file}: ${verdict(diagnostics)}\n`);
    }
    return exitCodeFor(diagnostics);
  });
  // A file that cannot be read outranks one that is wrong, and both outrank one that is sound.
  return codes.reduce((worst, code) => (code > worst ? code : worst), ExitCode.done as ExitCode);
}

function verdict(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.length === 0 ? "sound" : countLine(diagnostics).replace("; nothing was simulated", "");
}
