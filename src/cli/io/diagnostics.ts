import { type Diagnostic, sortDiagnostics } from "../../diagnostics/diagnostic.ts";
import { renderConcise, renderFull, renderJson } from "../../diagnostics/render.ts";
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

/** Faults of what only a command line says; elsewhere an axis and the name of an override have a place. */
const TYPED: ReadonlySet<string> = new Set([
  "invalid-axis",
  "invalid-condition",
  "unknown-metric",
  "unknown-override",
  "unknown-scenario",
]);

/** Whether what was typed is at fault: `--set` and its like stand among the sources under their own names. */
function isTyped({ code, span }: Diagnostic): boolean {
  return span ? span.file.startsWith("--") : TYPED.has(code);
}

/**
 * The exit code for what was found: a file named on the command line that cannot be read is no fault of the scenario, nor is
 * what was typed beside it, unless the scenario has faults of its own.
 */
export function exitCodeFor(diagnostics: readonly Diagnostic[]): ExitCode {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return ExitCode.done;
  const isFileFault = (diagnostic: Diagnostic) =>
    isOutputFault(diagnostic) || (diagnostic.code === "missing-file" && !diagnostic.span);
  if (errors.some(isFileFault)) return ExitCode.files;
  return errors.every(isTyped) ? ExitCode.usage : ExitCode.scenario;
}
