import fs from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { commands, type DrawnPictures } from "../../.config/picture-list.mjs";

/** Words that a command takes to draw pictures and nothing else. */
export const PICTURES_ONLY = ["--charts", "svg", "--no-report"];

/** The pictures of docs/pictures/ that a command of the list draws, such as `backtest`. */
export function picturesOf(command: string): DrawnPictures {
  const found = commands.find(({ words }) => words[0] === command);
  if (!found) throw new Error(`no picture is drawn by ${command}`);
  return found;
}

/** Asserts that docs/pictures/ shows what a command draws; `draw` gives a picture's file by its name. */
export function expectShown({ pictures }: DrawnPictures, draw: (name: string) => string | undefined): void {
  const stale = pictures.filter((picture) => {
    const [drawn, name] = typeof picture === "string" ? [picture, picture] : picture;
    return draw(drawn) !== fs.readFileSync(path.join("docs/pictures", `${name}.svg`), "utf8");
  });
  expect(stale, "stale: npm run docs").toEqual([]);
}

/** The pictures that a command wrote into a folder. */
export function picturesIn(folder: string): (name: string) => string {
  return (name) => fs.readFileSync(path.join(folder, `${name}.svg`), "utf8");
}
