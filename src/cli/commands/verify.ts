import path from "node:path";
import { visibleText } from "../../diagnostics/visible.ts";
import { type Command, flagOption, type Given, isGiven, textOf } from "../io/command.ts";
import { ExitCode } from "../io/exit-code.ts";
import { type FileState, PACKAGE_NAME, readResultPackage, stateOf } from "../io/result-package.ts";
import { printError, printResult } from "../io/streams.ts";

/** `verify`: says whether the files of a folder of results are those that one run wrote. */
export const verifyCommand: Command = {
  usage: "verify <folder>",
  text: `Check that the files of a folder of results are whole and of one run, by the hashes in its ${PACKAGE_NAME}.`,
  positionals: {
    folder: { type: "string", description: "Folder that a command wrote its results to", demandOption: true },
  },
  options: {
    json: flagOption("Print the state of each file as one JSON object"),
    quiet: flagOption("Print nothing but faults"),
  },
  examples: [["gigafleet verify output/starter", "Check the results of plan/starter.yaml"]],
  execute,
};

const words: Readonly<Record<FileState, string>> = {
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
    printError(`gigafleet: ${file} is missing or not of Gigafleet; name a folder that a command wrote\n`);
    return ExitCode.files;
  }
  const states = [...written.files.keys()].map((name) => ({ name, state: stateOf(folder, name, written) }));
  const faulty = states.filter(({ state }) => state !== "whole");
  if (isGiven(given, "json"))
    printResult(`${JSON.stringify({ folder, version: written.version, files: states }, undefined, 2)}\n`);
  else
    for (const { name, state } of faulty)
      printError(`${visibleText(path.join(folder, name))}: ${words[state]}\n`);
  if (faulty.length > 0) return ExitCode.scenario;
  if (!isGiven(given, "quiet") && !isGiven(given, "json"))
    printResult(
      `${visibleText(folder)}: whole, ${states.length} files of one run of gigafleet ${written.version}\n`,
    );
  return ExitCode.done;
}
