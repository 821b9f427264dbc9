// What a benchmark is given on its command line. A wrong word ends it with what to type, and with 2, before anything is measured.
import fs from "node:fs";

/** Ends the process: says what is wrong and how the program is called. */
function refuse(reason, usage) {
  console.error(`${reason}\nusage: ${usage}`);
  process.exit(2);
}

/** The file; ends the process where it cannot be read. */
export function readableFile(file, usage) {
  try {
    fs.closeSync(fs.openSync(file, "r"));
    if (fs.statSync(file).isFile()) return file;
  } catch {}
  return refuse(`there is no file ${file} that can be read`, usage);
}

/** A whole number above 0, or the standard one; ends the process for any other word. */
export function wholeNumber(word, standard, usage) {
  const number = Number(word ?? standard);
  return Number.isSafeInteger(number) && number > 0
    ? number
    : refuse(`${word} is not a whole number above 0`, usage);
}
