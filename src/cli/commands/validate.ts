import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { sortDiagnostics } from "../../diagnostics/diagnostic.ts";
import { countLine, renderJson } from "../../diagnostics/render.ts";
import { type Command, type Environment, type Given, isGiven, textsOf } from "../io/command.ts";
import { errorFormatOf, exitCodeFor, reportDiagnostics, reportOptions } from "../io/diagnostics.ts";
import { ExitCode } from "../io/exit-code.ts";
import { loadFile, scenarioFiles, scenarioOptions } from "../io/load.ts";
import { printResult } from "../io/streams.ts";

/** `validate`: checks scenarios without simulating. */
export const validateCommand: Command = {
  usage: "validate <files..>",
  text: "Check scenario files and report every fault with its place; nothing is simulated.",
  positionals: scenarioFiles,
  options: {
    ...scenarioOptions,
    ...reportOptions,
  },
  examples: [
    ["gigafleet validate plan/starter.yaml", "Report its faults"],
    [
      "gigafleet validate plan/starter.yaml --error-format concise",
      "One line per fault, in a format for editors",
    ],
  ],
  execute,
};

function execute(given: Given, environment: Environment): ExitCode {
  const codes = textsOf(given, "files").map((file) => {
    const { diagnostics, sources } = loadFile(file, given, environment);
    // Diagnostics are the result of this command, so a machine finds them on standard output.
    if (errorFormatOf(given) === "json") {
      printResult(renderJson(sortDiagnostics(diagnostics)));
      return exitCodeFor(diagnostics);
    }
    const code = reportDiagnostics(diagnostics, given, sources);
    if (!isGiven(given, "quiet")) printResult(`${file}: ${verdict(diagnostics)}\n`);
    return code;
  });
  // A file that cannot be read outranks a faulty one, which outranks a valid one.
  return codes.reduce((worst, code) => (code > worst ? code : worst), ExitCode.done as ExitCode);
}

function verdict(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.length === 0 ? "valid" : countLine(diagnostics).replace("; nothing was simulated", "");
}
