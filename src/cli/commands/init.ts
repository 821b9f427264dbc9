import fs from "node:fs";
import path from "node:path";
import { type Diagnostic, diagnose, InternalError } from "../../diagnostics/diagnostic.ts";
import { readText } from "../../node/package-files.ts";
import { makeJsonSchema } from "../../scenario/describe/json-schema.ts";
import { type Command, type Environment, type Given, textOf } from "../io/command.ts";
import { reportDiagnostics } from "../io/diagnostics.ts";
import type { ExitCode } from "../io/exit-code.ts";
import { type OutputFile, writeFiles } from "../io/output-folder.ts";
import { printResult } from "../io/streams.ts";

const STARTER = "starter.yaml";

/** `init`: writes a first scenario and the schema for editors. */
export const initCommand: Command = {
  usage: "init [folder]",
  text: "Write a first scenario, and the schema with which editors complete and check it.",
  positionals: {
    folder: { type: "string", description: "Target folder (default: the current folder)", default: "." },
  },
  options: {},
  examples: [
    ["gigafleet init plan", "Write plan/starter.yaml and plan/scenario.schema.json"],
    ["gigafleet init", "The same in the current folder"],
  ],
  execute,
};

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  const folder = textOf(given, "folder") || ".";
  const text = readText(path.join(environment.scenariosFolder, STARTER));
  if (text === undefined) throw new InternalError(`the program lacks its ${STARTER}`);
  const files = [
    { name: STARTER, text },
    { name: "scenario.schema.json", text: `${JSON.stringify(makeJsonSchema(), undefined, 2)}\n` },
  ];
  const faults = refuse(folder, files);
  if (faults.length === 0) faults.push(...[(await writeFiles(folder, files)) ?? []].flat());
  if (faults.length === 0) {
    const written = files.map(({ name }) => path.join(folder, name));
    printResult(`wrote ${written.join(" and ")}\nnext: gigafleet run ${written[0]}\n`);
  }
  return reportDiagnostics(faults, given);
}

/** Existing files are never overwritten. */
function refuse(folder: string, files: readonly OutputFile[]): Diagnostic[] {
  return files
    .map(({ name }) => path.join(folder, name))
    .filter((file) => fs.existsSync(file))
    .map((file) => diagnose("unwritable-output", { values: { file, reason: "it exists already" } }));
}
