import { type Diagnostic, hasErrors, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import { renderConcise, renderFull, renderJson } from "../diagnostics/render.ts";
import { choiceOption, type Given, textOf } from "./command.ts";
import { ExitCode } from "./exit-code.ts";
import { colourError, printError } from "./streams.ts";

/** The option that says how diagnostics are written. */
export const formatOption = choiceOption("How faults are written (default full)", [
  "full",
  "concise",
  "json",
]);

/** Writes diagnostics to standard error in the form that is asked for. */
export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  given: Given,
): void {
  const sorted = sortDiagnostics(diagnostics);
  const format = textOf(given, "format");
  if (format === "json") printError(renderJson(sorted));
  else if (format === "concise") printError(renderConcise(sorted));
  else printError(lastWord(renderFull(sorted, { sources, colour: colourError }), sorted));
}

/** Diagnostics as objects with their headlines, for a result in JSON. */
export function diagnosticRecords(diagnostics: readonly Diagnostic[]): readonly unknown[] {
  const lines = renderJson(sortDiagnostics(diagnostics)).split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Faults of writing, and conditions that hold, are found after the simulation. */
function lastWord(text: string, diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return text;
  const replaceBy = (words: string) => text.replace(/; nothing was simulated\n$/, `${words}\n`);
  if (errors.every(isOutputFault)) return replaceBy("; nothing was written");
  return errors.every(({ code }) => code === "failed-condition") ? replaceBy("") : text;
}

function isOutputFault({ code }: Diagnostic): boolean {
  return code === "unwritable-output" || code === "unsafe-output-name";
}

/** The exit code for what was found: a file named on the command line that cannot be read is no fault of the scenario. */
export function exitCodeFor(diagnostics: readonly Diagnostic[]): ExitCode {
  if (!hasErrors(diagnostics)) return ExitCode.done;
  const isFileFault = (diagnostic: Diagnostic) =>
    isOutputFault(diagnostic) || (diagnostic.code === "missing-file" && !diagnostic.span);
  return diagnostics.some(isFileFault) ? ExitCode.files : ExitCode.scenario;
}
