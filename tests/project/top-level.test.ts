import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

const tree = [
  "LICENSE",
  "README.md",
  "docs",
  "output",
  "package-lock.json",
  "package.json",
  "scenarios",
  "src",
  "tests",
  "tsconfig.json",
];
/** Made by npm and by the build, ignored by git. */
const generated = ["node_modules", "dist"];

function stray(names: readonly string[]): string[] {
  return names.filter((name) => !name.startsWith(".") && !tree.includes(name) && !generated.includes(name));
}

test("the top level holds what the architecture lists and nothing else", () => {
  const names = fs.readdirSync(root);
  expect(stray(names), "put it into a folder, or configuration into .config/").toEqual([]);
  expect(tree.filter((name) => !names.includes(name))).toEqual([]);
});

test("a stray file is noticed", () => {
  expect(stray(["src", ".gitignore", "dist", "notes.txt", "biome.json"])).toEqual([
    "notes.txt",
    "biome.json",
  ]);
});
