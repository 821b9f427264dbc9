import type { Options, PositionalOptions } from "yargs";
import type { PackageFiles } from "../../node/package-files.ts";
import type { ExitCode } from "./exit-code.ts";

/** What a command knows about the program it belongs to. */
export type Environment = PackageFiles & {
  readonly version: string;
  /** The program of a worker thread. */
  readonly workerFile: URL;
  /** The program of a thread that runs points of a sweep. */
  readonly sweepWorkerFile: URL;
  /** The program of a thread that compresses workbooks. */
  readonly packWorkerFile: URL;
  /** The page that `open` serves, absolute. */
  readonly pageFile: string;
  /** Texts of scenario files by path, where they do not come from the disk. */
  readonly texts?: ReadonlyMap<string, string>;
};

/** A command as data, from which yargs and the help are made. */
export type Command = {
  /** Name and arguments, such as `run <scenario>`. */
  readonly usage: string;
  /** Its purpose, in one line. */
  readonly text: string;
  readonly positionals: Readonly<Record<string, PositionalOptions>>;
  readonly options: Readonly<Record<string, Options>>;
  /** Command lines that work where `init` was run, with explanations. */
  readonly examples: readonly (readonly [string, string])[];
  readonly execute: (given: Given, environment: Environment) => ExitCode | Promise<ExitCode>;
};

/** The checked arguments and options of a command line. */
export type Given = Readonly<Record<string, unknown>>;

/** An option with one text. */
export function textOption(description: string): Options {
  return { type: "string", nargs: 1, description };
}

/** An option with one text that may be repeated. */
export function listOption(description: string): Options {
  return { ...textOption(description), coerce: (value: unknown) => [value].flat() };
}

/** An option that is present or absent. */
export function flagOption(description: string): Options {
  return { type: "boolean", description };
}

/** An option with one of several words. */
export function choiceOption(description: string, choices: readonly string[]): Options {
  return { ...textOption(description), choices };
}

/** The text of an option or argument, if it is given. */
export function textOf(given: Given, name: string): string | undefined {
  const value = given[name];
  return typeof value === "string" ? value : undefined;
}

/** Options as they were typed, of those that are given. */
export function typedWords(given: Given, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const text = textOf(given, name);
    return text === undefined ? [] : [`--${name}`, text];
  });
}

/** The texts of an option or argument that may be repeated. */
export function textsOf(given: Given, name: string): readonly string[] {
  const value = given[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Whether an option is given. */
export function isGiven(given: Given, name: string): boolean {
  return given[name] === true;
}
