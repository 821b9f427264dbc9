// Programs that some tests run and npm does not bring. A test file says which it needs by its name: NAME.chromium.test.ts
// runs where Chromium is installed. `npm test` leaves the others out, one line for each program; with
// GIGAFLEET_REQUIRE_ALL=1 a missing program fails instead. `.ci/run` installs the packages that `node tests/programs.mjs` prints.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Every program: its name in the names of test files, the commands and files that it needs, and its packages in Debian.
 *
 * Chromium draws with the font that reports and pictures ask for: in DejaVu Sans, which is there without it, texts are a tenth wider
 * than they are laid out for.
 */
export const programs = [
  {
    name: "chromium",
    commands: ["chromium"],
    files: ["/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"],
    packages: ["chromium", "fonts-liberation"],
  },
  { name: "libreoffice", commands: ["soffice"], packages: ["libreoffice-calc"] },
  { name: "parallel", commands: ["parallel"], packages: ["parallel"] },
  { name: "slurm", commands: ["sbatch", "slurmctld", "slurmd", "munged"], packages: ["slurm-wlm", "munge"] },
];

/** Folders of administrators' programs, which are often not in PATH. */
const otherFolders = ["/usr/sbin", "/sbin"];

/**
 * Finds a command as a shell does.
 *
 * @return its absolute path, or `undefined` where there is none
 */
export function findCommand(command, searched = process.env.PATH ?? "") {
  return [...searched.split(path.delimiter).filter(Boolean), ...otherFolders]
    .map((folder) => path.join(folder, command))
    .find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile());
}

/** Programs with a missing command or file. */
export function missingPrograms(searched = process.env.PATH ?? "") {
  return programs.filter(
    ({ commands, files = [] }) =>
      commands.some((command) => !findCommand(command, searched)) ||
      files.some((file) => !fs.existsSync(file)),
  );
}

/** The pattern of test files that need a program. */
export function testsOf({ name }) {
  return `tests/**/*.${name}.test.ts`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(
    missingPrograms()
      .flatMap(({ packages }) => packages)
      .join(" "),
  );
