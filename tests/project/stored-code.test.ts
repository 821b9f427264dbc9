import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { version } from "../../package.json";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a process prints that loads a file of a build's folder, with the flags of any start. */
function node(words: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  expect(stderr).toBe("");
  return stdout.trim();
}

/** Whether V8 refused a stored code: undefined where there is none. */
function refused(dist: string, code: string): string {
  const url = JSON.stringify(pathToFileURL(path.join(dist, "start.js")).href);
  return node([
    "-e",
    `import(${url}).then(({ loadProgram }) => console.log(loadProgram("${code}").script.cachedDataRejected))`,
  ]);
}

/** A copy of the build beside what it needs. */
function copyBuild(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-code-"));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  const dist = path.join(folder, "dist");
  fs.mkdirSync(dist);
  for (const name of fs.readdirSync(path.join(root, "dist"))) {
    if (/^(package\.json|(cli|start.*|program-.*)\.(js|cjs|code))$/.test(name))
      fs.copyFileSync(path.join(root, "dist", name), path.join(dist, name));
  }
  fs.copyFileSync(path.join(root, "package.json"), path.join(folder, "package.json"));
  return dist;
}

test.each(["validate", "run", "workbook"])(
  "this Node takes the code that the build stored for %s",
  (code) => {
    expect(refused(path.join(root, "dist"), code)).toBe("false");
  },
);

test("the command starts without stored code, and with code that is not V8's", () => {
  const dist = copyBuild();
  const codes = fs.readdirSync(dist).filter((name) => name.endsWith(".code"));
  const [ofRun, ofValidate, ofWorkbook] = codes.map((name) => path.join(dist, name)).sort();
  expect(codes).toHaveLength(3);
  const contents = fs.readFileSync(ofRun);
  expect(fs.statSync(ofValidate).size).toBeLessThan(0.85 * contents.length);
  expect(fs.statSync(ofWorkbook).size).toBeGreaterThan(1.05 * contents.length);

  for (const bad of [Buffer.from("no code"), contents.subarray(0, contents.length >> 1), Buffer.alloc(0)]) {
    fs.writeFileSync(ofRun, bad);
    expect(refused(dist, "run")).toBe("true");
  }
  expect(node([path.join(dist, "cli.js"), "--version"])).toBe(version);

  fs.rmSync(ofRun);
  expect(refused(dist, "run")).toBe("undefined");
  expect(node([path.join(dist, "cli.js"), "--version"])).toBe(version);
});
