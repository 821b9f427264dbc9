import type { Options, PositionalOptions } from "yargs";
import type { PackageFiles } from "../../node/package-files.ts";
import type { ExitCode } from "./exit-code.ts";

/** What a command knows of the program it is part of. */
export type Environment = PackageFiles & {
  readonly version: string;
  /** The program of a worker thread. */
  readonly workerFile: URL;
  /** The program of a thread that runs points of a sweep. */
  readonly sweepWorkerFile: URL;
};

/** A command of the command line, as data that yargs and the help are made of. */
export type Command = {
  /** Name and arguments, such as `run <scenario>`. */
  readonly usage: string;
  /** What it does, in a line. */
  readonly text: string;
  readonly positionals: Readonly<Record<string, PositionalOptions>>;
  readonly options: Readonly<Record<string, Options>>;
  /** Command lines that can be run as they stand where `init` was run, with what they do. */
  readonly examples: readonly (readonly [string, string])[];
  readonly execute: (given: Given, environment: Environment) => ExitCode | Promise<ExitCode>;
};

/** The arguments and options of a command line, checked. */
export type Given = Readonly<Record<string, unknown>>;

/** An option that takes one text. */
export function textOption(description: string): Options {
  return { type: "string", nargs: 1, description };
}

/** An option that takes one text and may be given several times. */
export function listOption(description: string): Options {
  return { ...textOption(description), coerce: (value: unknown) => [value].flat() };
}

/** An option that is given or not. */
export function flagOption(description: string): Options {
  return { type: "boolean", description };
}

/** An option that takes one of some words. */
export function choiceOption(description: string, choices: readonly string[]): Options {
  return { ...textOption(description), choices };
}

/** The text of an option or argument, if it is given. */
export function textOf(given: Given, name: string): string | undefined {
  const value = given[name];
  return typeof value === "string" ? value : undefined;
}

/** The texts of an option or argument that may be given several times. */
export function textsOf(given: Given, name: string): readonly string[] {
  const value = given[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Whether an option is given. */
export function isGiven(given: Given, name: string): boolean {
  return given[name] === true;
}
