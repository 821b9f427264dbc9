import { styleText } from "node:util";
import type { ColourRole } from "../../diagnostics/render.ts";
import { ExitCode } from "./exit-code.ts";

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<ColourRole, Style>> = {
  error: ["bold", "red"],
  warning: ["bold", "yellow"],
  headline: "bold",
  place: "cyan",
  gutter: "blue",
  note: "bold",
};

/** Colours for standard error: none unless it is a terminal and NO_COLOR is unset. */
export function colourError(role: ColourRole, text: string): string {
  return paint(process.stderr, STYLES[role], text);
}

/** Bold text on standard output, if it is a terminal. */
export function emphasise(text: string): string {
  return paint(process.stdout, "bold", text);
}

/** Checked here, because `styleText` of Node 20 looks at the stream only for a single style. */
function paint(stream: NodeJS.WriteStream, style: Style, text: string): string {
  const isColoured = stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  return isColoured ? styleText(style, text, { validateStream: false }) : text;
}

/** Prints a result; standard output carries nothing else. */
export function printResult(text: string): void {
  process.stdout.write(text);
}

/** Prints a result as JSON. */
export function printJson(value: unknown): void {
  printResult(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Prints a message beside the results. */
export function printError(text: string): void {
  process.stderr.write(text);
}

/**
 * Handles the end of the process's surroundings: a reader that stops reading is not a fault, a full disk is, and an
 * interruption leaves through the exit handlers.
 */
export function guardStreams(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    printError(`gigafleet: cannot write to standard output: ${error.message}\n`);
    process.exitCode = ExitCode.files;
  });
  process.stderr.on("error", () => {});
  process.once("SIGINT", () => process.exit(ExitCode.interrupted));
  process.once("SIGTERM", () => process.exit(ExitCode.terminated));
}
