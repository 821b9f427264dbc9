/** The command: loads the program and runs it with the words that were typed. */
import { ExitCode } from "../io/exit-code.ts";
import { limitOf } from "../io/system-limits.ts";
import { loadProgram, type Program, type StoredCode } from "./load-program.ts";

void loadWithinLimits()?.main(process.argv.slice(2)).then(endIfWritten);

/**
 * Ends the process: what is written whole needs no orderly end, in which V8 first collects and then frees all that a run has
 * made. A stream that still writes (a pipe, on Windows) or that failed is waited for.
 */
function endIfWritten(): void {
  const streams = [process.stdout, process.stderr];
  if (streams.every(({ writableLength, errored }) => writableLength === 0 && errored === null))
    process.exit();
}

/** The stored code for the words that were typed. A wrong guess costs time alone. */
function codeFor(words: readonly string[]): StoredCode {
  if (words[0] === "validate") return "validate";
  return words.includes("--xlsx") ? "workbook" : "run";
}

/** The program, or a message where the machine lets it open no file. */
function loadWithinLimits(): Program | undefined {
  try {
    return loadProgram(codeFor(process.argv.slice(2)));
  } catch (error) {
    const limit = limitOf(error);
    if (limit === undefined) throw error;
    process.stderr.write(`gigafleet: ${limit}\n`);
    process.exitCode = ExitCode.files;
    return undefined;
  }
}
