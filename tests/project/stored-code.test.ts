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

/** Whether V8 refused the stored code: undefined where there is none. */
function refused(dist: string): string {
  const url = JSON.stringify(pathToFileURL(path.join(dist, "start.js")).href);
  return node([
    "-e",
    `import(${url}).then(({ loadProgram }) => console.log(loadProgram().script.cachedDataRejected))`,
  ]);
}

/** A copy of the build beside what it needs. */
function copyBuild(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-code-"));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  const dist = path.join(folder, "dist");
  fs.mkdirSync(dist);
  for (const name of fs.readdirSync(path.join(root, "dist"))) {
    if (/^(cli|start.*|program-.*)\.(js|cjs|code)$/.test(name))
      fs.copyFileSync(path.join(root, "dist", name), path.join(dist, name));
  }
  fs.copyFileSync(path.join(root, "package.json"), path.join(folder, "package.json"));
  return dist;
}

test("this Node takes the compiled code that the build stored", () => {
  expect(refused(path.join(root, "dist"))).toBe("false");
});

test("the command starts without stored code, and with code that is not V8's", () => {
  const dist = copyBuild();
  const codes = fs.readdirSync(dist).filter((name) => name.endsWith(".code"));
  expect(codes).toHaveLength(1);
  const file = path.join(dist, codes[0]);
  const contents = fs.readFileSync(file);

  for (const bad of [Buffer.from("no code"), contents.subarray(0, contents.length >> 1), Buffer.alloc(0)]) {
    fs.writeFileSync(file, bad);
    expect(refused(dist)).toBe("true");
  }
  expect(node([path.join(dist, "cli.js"), "--version"])).toBe(version);

  fs.rmSync(file);
  expect(refused(dist)).toBe("undefined");
  expect(node([path.join(dist, "cli.js"), "--version"])).toBe(version);
});
