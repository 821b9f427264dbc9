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

/** Folders below `root` that hold more than 24 files; one of `*.case.md` alone is a table in files and may. */
function crowded(folders: ReadonlyMap<string, readonly string[]>): string[] {
  return [...folders]
    .filter(([, names]) => names.filter((name) => !name.endsWith(".case.md")).length > 24)
    .map(
      ([folder, names]) =>
        `${folder} holds ${names.filter((name) => !name.endsWith(".case.md")).length} files: give a part of them a room`,
    );
}

test("no folder of src or tests is crowded", () => {
  const folders = new Map<string, string[]>();
  for (const part of ["src", "tests"]) {
    for (const entry of fs.readdirSync(`${root}${part}`, { recursive: true, withFileTypes: true })) {
      if (entry.isFile())
        folders.set(entry.parentPath, [...(folders.get(entry.parentPath) ?? []), entry.name]);
    }
  }
  expect(folders.size).toBeGreaterThan(30);
  expect(crowded(folders)).toEqual([]);
});

test("a crowded folder is noticed", () => {
  const names = (count: number, end: string): string[] =>
    Array.from({ length: count }, (_, i) => `${i}${end}`);
  const folders = new Map([
    ["src/full", names(25, ".ts")],
    ["src/room", names(24, ".ts")],
    ["tests/cases", [...names(60, ".case.md"), "base.yaml"]],
  ]);
  expect(crowded(folders)).toEqual(["src/full holds 25 files: give a part of them a room"]);
});
