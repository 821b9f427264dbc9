import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

function readTexts(folder: string): [file: string, text: string][] {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(root, file), fs.readFileSync(file, "utf8")];
    });
}

/** Functions, classes and constants that a file of src exports and no other file of `texts` names. */
function unused(texts: readonly (readonly [file: string, text: string])[]): string[] {
  const filesOfWord = new Map<string, Set<string>>();
  for (const [file, text] of texts) {
    for (const word of text.match(/[A-Za-z_$][\w$]*/g) ?? []) {
      const files = filesOfWord.get(word) ?? new Set();
      filesOfWord.set(word, files.add(file));
    }
  }
  const declared = /^export (?:async )?(?:function\*?|const|let|class) ([A-Za-z_$][\w$]*)/gm;
  return texts
    .filter(([file]) => file.startsWith("src/"))
    .flatMap(([file, text]) =>
      [...text.matchAll(declared)]
        .filter(([, name]) => filesOfWord.get(name)?.size === 1)
        .map(([, name]) => `${name} of ${file}`),
    );
}

test("whatever a file of src exports is used elsewhere", () => {
  const texts = ["src", "tests", ".config"].flatMap(readTexts);
  expect(texts.length).toBeGreaterThan(500);
  expect(unused(texts), "leave out `export`, or what is exported").toEqual([]);
});

test("an export that nobody uses is noticed", () => {
  expect(
    unused([
      ["src/a.ts", "export const used = 1;\nexport function lonely() {}\nexport type Shape = 1;"],
      ["tests/b.test.ts", 'import { used } from "../src/a.ts";\nexport const mine = used;'],
    ]),
  ).toEqual(["lonely of src/a.ts"]);
});
