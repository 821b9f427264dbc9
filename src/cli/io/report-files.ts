import { createHash } from "node:crypto";
import path from "node:path";
import type { Origin, Report } from "../../report/index.ts";
import { hashInputs, writeCommand } from "../../report/origin.ts";
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

type Reports = typeof import("../../report/index.ts");

/**
 * Makes report.html, and the pictures as files where they were asked for; nothing with `--no-report` and no `--charts`.
 *
 * Pictures and pages are loaded here and nowhere else: a command that writes none does not pay for them.
 *
 * @param make the report, from what the command found
 */
export async function makeReportFiles(
  make: (reports: Reports, origin: Origin) => Report,
  given: Given,
  originOfReport: () => Origin,
): Promise<readonly OutputFile[]> {
  if (!hasReports(given)) return [];
  const [hasReport, hasCharts] = [!isGiven(given, "no-report"), textOf(given, "charts") === "svg"];
  const reports = await import("../../report/index.ts");
  const report = make(reports, originOfReport());
  const page = () => reports.writePage(report, (text) => hashOf(text, "base64"));
  const pictures = hasCharts ? report.sections.flatMap((section) => section.pictures ?? []) : [];
  return [
    ...(hasReport ? [{ name: "report.html", text: page() }] : []),
    ...pictures.map((picture) => ({ name: `${picture.id}.svg`, text: reports.svgFile(picture) })),
  ];
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
