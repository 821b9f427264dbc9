import path from "node:path";
import { visibleText } from "../../diagnostics/visible.ts";
import { type Command, flagOption, type Given, isGiven, textOf } from "../io/command.ts";
import { ExitCode } from "../io/exit-code.ts";
import { type FileState, PACKAGE_NAME, readResultPackage, stateOf } from "../io/result-package.ts";
import { printError, printJson, printResult } from "../io/streams.ts";

/** `verify`: checks whether the files in a folder of results are those of one run. */
export const verifyCommand: Command = {
  usage: "verify <folder>",
  text: `Check that the files in a folder of results are intact and belong to one run, by the hashes in its ${PACKAGE_NAME}.`,
  positionals: {
    folder: { type: "string", description: "Folder that a command wrote its results to", demandOption: true },
  },
  options: {
    json: flagOption("Print the state of each file as one JSON object"),
    quiet: flagOption("Print only diagnostics"),
  },
  examples: [["gigafleet verify output/starter", "Check the results of plan/starter.yaml"]],
  execute,
};

const WORDS: Readonly<Record<FileState, string>> = {
  whole: "whole",
  changed: "changed since the run wrote it",
  missing: "missing",
  unknown: "listed without a hash; run the scenario again",
};

function execute(given: Given): ExitCode {
  const folder = textOf(given, "folder") ?? "";
  const written = readResultPackage(folder);
  if (!written) {
    const file = visibleText(path.join(folder, PACKAGE_NAME));
    printError(`gigafleet: ${file} is missing or was not written by Gigafleet; give a folder of results\n`);
    return ExitCode.files;
  }
  const states = [...written.files.keys()].map((name) => ({ name, state: stateOf(folder, name, written) }));
  const faulty = states.filter(({ state }) => state !== "whole");
  if (isGiven(given, "json")) printJson({ folder, version: written.version, files: states });
  else
    for (const { name, state } of faulty)
      printError(`${visibleText(path.join(folder, name))}: ${WORDS[state]}\n`);
  if (faulty.length > 0) return ExitCode.scenario;
  if (!isGiven(given, "quiet") && !isGiven(given, "json"))
    printResult(
      `${visibleText(folder)}: intact, ${states.length} files of one run of gigafleet ${written.version}\n`,
    );
  return ExitCode.done;
}
