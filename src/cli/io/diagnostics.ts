import { type Diagnostic, sortDiagnostics } from "../../diagnostics/diagnostic.ts";
import { renderConcise, renderFull, renderJson } from "../../diagnostics/render.ts";
import { choiceOption, flagOption, type Given, textOf } from "./command.ts";
import { ExitCode } from "./exit-code.ts";
import { colourError, printError } from "./streams.ts";

/** The option for the format of errors and warnings. It is not called `--format`, which promises a format of results. */
export const errorFormatOption = {
  "error-format": choiceOption("Format of errors and warnings (default full)", ["full", "concise", "json"]),
};

/** The format asked for; `full` if none is. */
export function errorFormatOf(given: Given): string {
  return textOf(given, "error-format") ?? "full";
}

/** Options of a command with results beside its diagnostics. */
export const reportOptions = { quiet: flagOption("Print only diagnostics"), ...errorFormatOption };

/**
 * Writes diagnostics to standard error in the chosen format, and returns their exit code.
 *
 * @param sources texts that their spans point into; none for faults without a place
 */
export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  given: Given,
  sources: ReadonlyMap<string, string> = new Map(),
): ExitCode {
  const sorted = sortDiagnostics(diagnostics);
  const format = errorFormatOf(given);
  if (format === "json") printError(renderJson(sorted));
  else if (format === "concise") printError(renderConcise(sorted));
  else printError(lastWord(renderFull(sorted, { sources, colour: colourError }), sorted));
  return exitCodeFor(diagnostics);
}

/** Diagnostics as objects with their headlines, for a result in JSON. */
export function diagnosticRecords(diagnostics: readonly Diagnostic[]): readonly unknown[] {
  const lines = renderJson(sortDiagnostics(diagnostics)).split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Output faults may be found after the simulation, such as a full disk; true conditions always are. */
function lastWord(text: string, diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return text;
  const replaceBy = (words: string) => text.replace(/; nothing was simulated\n$/, `${words}\n`);
  if (errors.every(isOutputFault)) return replaceBy("; nothing was written");
  if (errors.every(({ code }) => code === "invalid-point"))
    return replaceBy("; all other points were written");
  if (errors.every(({ code }) => PART_CODES.has(code))) return replaceBy("; nothing was merged");
  return errors.every(({ code }) => code === "failed-condition") ? replaceBy("") : text;
}

/** Codes of faults that keep parts from being merged. */
const PART_CODES: ReadonlySet<string> = new Set(["conflict-parts", "invalid-part", "missing-part"]);

function isOutputFault({ code }: Diagnostic): boolean {
  return code === "unwritable-output" || code === "unsafe-output-name";
}

/** Codes of faults that only a command line can have; elsewhere an axis and the name of an override have a place. */
const TYPED: ReadonlySet<string> = new Set([
  "invalid-axis",
  "invalid-condition",
  "unknown-metric",
  "unknown-override",
  "unknown-scenario",
]);

/** Whether the command line itself is at fault: `--set` and the like appear among the sources under their own names. */
function isTyped({ code, span }: Diagnostic): boolean {
  return span ? span.file.startsWith("--") : TYPED.has(code);
}

/**
 * The exit code for diagnostics. An unreadable file named on the command line is not a fault of the scenario, nor are typed
 * changes, unless the scenario has faults of its own.
 */
export function exitCodeFor(diagnostics: readonly Diagnostic[]): ExitCode {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return ExitCode.done;
  const isFileFault = (diagnostic: Diagnostic) =>
    isOutputFault(diagnostic) || (diagnostic.code === "missing-file" && !diagnostic.span);
  if (errors.some(isFileFault)) return ExitCode.files;
  return errors.every(isTyped) ? ExitCode.usage : ExitCode.scenario;
}
