// Writes what has changed of docs/pictures/: each picture of docs/pictures.md and docs/plans.md as the built command line draws it
// of the shipped scenarios (npm run docs).
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { commands } from "./picture-list.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const folder = path.join("docs", "pictures");
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-pictures-"));
try {
  for (const [index, { words, pictures }] of commands.entries()) {
    const out = path.join(temporary, String(index));
    const typed = ["dist/cli.js", ...words, "--out", out, "--charts", "svg", "--no-report"];
    const { status, stderr } = spawnSync(process.execPath, typed, { encoding: "utf8" });
    if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}\n${stderr}`);
    for (const picture of pictures) {
      const [drawn, name] = [picture].flat().length === 2 ? picture : [picture, picture];
      const [file, text] = [path.join(folder, `${name}.svg`), fs.readFileSync(path.join(out, `${drawn}.svg`), "utf8")];
      if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) continue;
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(file, text);
      console.log(file);
    }
  }
} finally {
  fs.rmSync(temporary, { recursive: true, force: true });
}
