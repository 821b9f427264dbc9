/**
 * Loads the command's program: one script, which the build makes of src/cli/program.ts and all it needs, together with what V8
 * compiled of it when the build ran it. With that, a start compiles almost nothing.
 *
 * V8 takes compiled code only from its own version, flags and text, and this file looks only for that of its own Node, so
 * elsewhere the script is compiled as any other. Nothing is written here: a package may be installed where nobody may write.
 */
import fs from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

/** Name of the script beside this file; the build puts it here. It ends in a hash of the text, since V8 compares only its length. */
declare const PROGRAM_FILE: string;

/** What the script gives. */
export type Program = typeof import("../program.ts");

/** Which of two stored codes is read. `validate` has a smaller one of its own, because a start reads stored code whole. */
export type StoredCode = "validate" | "run";

export type LoadedProgram = Program & {
  /** The script itself, whose compiled code the build stores in `codeFile`. */
  readonly script: vm.Script;
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
  const url = new URL(PROGRAM_FILE, import.meta.url);
  const file = fileURLToPath(url);
  const codeFile = `${file}.${code}.${process.version}-${process.platform}-${process.arch}.code`;
  // The build writes ASCII, and a text of single bytes is read without decoding.
  const script = new vm.Script(fs.readFileSync(file, "latin1"), {
    filename: file,
    cachedData: readCode(codeFile),
  });
  const module: { exports: unknown } = { exports: {} };
  const body: Body = script.runInThisContext();
  body(module, module.exports, createRequire(url), url.href);
  return { ...(module.exports as Program), script, codeFile };
}

function readCode(file: string): Buffer | undefined {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}
