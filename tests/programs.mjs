// Programs that some tests run and npm does not bring. A test file says which it needs by its name: NAME.chromium.test.ts
// runs where Chromium is installed. `npm test` leaves the others out, one line for each program; with
// GIGAFLEET_REQUIRE_ALL=1 a missing program fails instead. `.ci/run` installs the packages that `node tests/programs.mjs` prints.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Every program: its name in the names of test files, the commands it brings, and its packages in Debian. */
export const programs = [
  { name: "chromium", commands: ["chromium"], packages: ["chromium"] },
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

/** The programs of which a command is missing. */
export function missingPrograms(searched = process.env.PATH ?? "") {
  return programs.filter(({ commands }) => commands.some((command) => !findCommand(command, searched)));
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
