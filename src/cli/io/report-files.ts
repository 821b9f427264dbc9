import { createHash } from "node:crypto";
import path from "node:path";
import { hashInputs, writeCommand } from "../../report/origin.ts";
import type { Report } from "../../report/page/page.ts";
import type { Origin } from "../../report/page/provenance-sections.ts";
import { choiceOption, flagOption, type Given, isGiven, textOf, textsOf } from "./command.ts";
import type { OutputFile } from "./output-folder.ts";
import { provenanceOf, type RunContent } from "./run-files.ts";

/** Options of the commands that write a report beside their tables. */
export const reportFileOptions = {
  "no-report": flagOption("Write no report.html"),
  charts: choiceOption("Also write each picture of the report as a file", ["svg"]),
} as const;

/** Whether a report or a picture is to be written. */
export function hasReports(given: Given): boolean {
  return !isGiven(given, "no-report") || textOf(given, "charts") === "svg";
}

/**
 * Makes report.html, and the pictures as files where they were asked for; nothing with `--no-report` and no `--charts`.
 *
 * Pictures and pages are loaded only here and by `make`, which imports the one kind of report that it makes: a command that writes
 * none does not pay for them.
 *
 * @param make the report, from what the command found
 */
export async function makeReportFiles(
  make: (origin: Origin) => Promise<Report>,
  given: Given,
  originOfReport: () => Origin,
): Promise<readonly OutputFile[]> {
  if (!hasReports(given)) return [];
  const report = await make(originOfReport());
  const files: OutputFile[] = [];
  if (!isGiven(given, "no-report")) {
    const { writePage } = await import("../../report/page/page.ts");
    files.push({ name: "report.html", text: writePage(report, (text) => hashOf(text, "base64")) });
  }
  if (textOf(given, "charts") === "svg") {
    const { svgFile } = await import("../../charts/kit/svg-file.ts");
    const pictures = report.sections.flatMap((section) => section.pictures ?? []);
    files.push(...pictures.map((picture) => ({ name: `${picture.id}.svg`, text: svgFile(picture) })));
  }
  return files;
}

/**
 * What a report says of its own making: the program, the inputs with their hashes, the changes.
 *
 * @param command the canonical command line that makes it again: no path, threads or time
 */
export function originOf(content: RunContent, command: string): Origin {
  const { version, scenarioFiles, catalogFiles, changes, compared = [] } = provenanceOf(content);
  const files = [...scenarioFiles, ...compared.flatMap((one) => one.scenarioFiles), ...catalogFiles];
  return { version, command, files: hashFiles(files), changes };
}

/** Files under the names that a report gives them, each once, with their SHA-256. */
export function hashFiles(
  files: readonly { readonly name: string; readonly text: string }[],
): Origin["files"] {
  return hashInputs(files, (text) => hashOf(text, "hex"));
}

function hashOf(text: string, encoding: "hex" | "base64"): string {
  return createHash("sha256").update(text).digest(encoding);
}

/**
 * Writes a command line that makes the same files on any machine: names of files without folders, the changes, and what else
 * decides the bytes.
 *
 * @param options further words, each as it is typed
 */
export function commandLine(
  name: string,
  files: readonly string[],
  given: Given,
  options: readonly string[],
): string {
  const list = textOf(given, "scenario");
  const words = [
    ...files.map((file) => path.basename(file)),
    ...(list === undefined ? [] : ["--scenario", list]),
    ...textsOf(given, "override").flatMap((one) => ["--override", one]),
    ...textsOf(given, "set").flatMap((one) => ["--set", one]),
    ...options,
  ];
  return writeCommand(name, words);
}

export { sampleWords } from "../../report/origin.ts";
