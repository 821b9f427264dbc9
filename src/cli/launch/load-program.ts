/**
 * Loads the command's program: one script, which the build makes of src/cli/program.ts and all it needs, together with what V8
 * compiled of it when the build ran it. With that, a start compiles almost nothing.
 *
 * V8 takes compiled code only from its own version, flags and text, and this file looks only for that of its own Node, so
 * elsewhere the script is compiled as any other. Nothing is written here: a package may be installed where nobody may write.
 *
 * The build makes this a CommonJS module, which has `require` and `__dirname`: Node starts it sooner than an ES module.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";

/** Name of the script beside this file; the build puts it here. It ends in a hash of the text, since V8 compares only its length. */
declare const PROGRAM_FILE: string;

/** What the script gives. */
export type Program = typeof import("../program.ts");

/** Which of the stored codes is read: a start reads one whole, so each has only what its commands need. */
export type StoredCode = "validate" | "run" | "workbook";

export type LoadedProgram = Program & {
  /** The script itself, whose compiled code the build stores in `codeFile`. */
  readonly script: Script;
  readonly codeFile: string;
};

/** The script is a function, so that it gets what a CommonJS module has. */
type Body = (module: { exports: unknown }, exports: unknown, require: NodeRequire, url: string) => void;

let loaded: LoadedProgram | undefined;

/**
 * The program, loaded once in a process.
 *
 * @param code which of the stored codes it takes
 *
 * Fails: throws the system's error if its file cannot be read.
 */
export function loadProgram(code: StoredCode): LoadedProgram {
  loaded ??= load(code);
  return loaded;
}

function load(code: StoredCode): LoadedProgram {
  const file = join(__dirname, PROGRAM_FILE);
  const codeFile = `${file}.${code}.${process.version}-${process.platform}-${process.arch}.code`;
  // The build writes ASCII, and a text of single bytes is read without decoding.
  const script = new Script(readFileSync(file, "latin1"), {
    filename: file,
    cachedData: readCode(codeFile),
  });
  const module: { exports: unknown } = { exports: {} };
  const body: Body = script.runInThisContext();
  body(module, module.exports, require, pathToFileURL(file).href);
  return { ...(module.exports as Program), script, codeFile };
}

function readCode(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
