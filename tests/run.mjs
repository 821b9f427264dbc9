// The one door to the tests: build, type checks, lint, then vitest. The last line is the sum of it all.
//
//   npm test                          everything
//   npm test -- tests/units           everything, but of vitest only what matches
//   npm test -- --fast tests/units    vitest alone (on the dist/ that is there)
//
// Other flags (-t name, -u, ...) go to vitest. Tests of a program that is not installed are left out, and named
// (tests/programs.mjs); GIGAFLEET_REQUIRE_ALL=1 makes a missing program a failure.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { missingPrograms, testsOf } from "./programs.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const given = process.argv.slice(2);
const fast = given.includes("--fast");
const forVitest = given.filter((argument) => argument !== "--fast");

// One checker: several of one program each check what their files share, for a fifth more processor time.
const tsc = (project) => [
  "node_modules/typescript/bin/tsc",
  "-p",
  project,
  "--pretty",
  "false",
  "--checkers",
  "1",
];
// A package's types may bring in Node's for all files (reference types="node"), and then the check is void.
const withoutNode = (project) => ({ command: [...tsc(project), "--listFiles"], forbidden: "/@types/node/" });
const biome = "node_modules/@biomejs/biome/bin/biome";
const checks = [
  { name: "build", command: [".config/build.mjs"] },
  { name: "types: everything", command: tsc("tsconfig.json") },
  {
    name: "types: engine without Node or DOM",
    needs: "src/engine/index.ts",
    ...withoutNode("src/engine/tsconfig.json"),
  },
  { name: "types: library without Node", needs: "src/index.ts", ...withoutNode(".config/tsconfig.lib.json") },
  { name: "types: page without Node", ...withoutNode("src/web/tsconfig.json") },
  { name: "page", command: [".config/page.mjs"] },
  { name: "lint", command: [biome, "check", "--config-path", ".config", "src", "tests"] },
];

/** Runs a Node script; its output is passed on, or kept when `quiet`. */
function node(command, quiet) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      // TypeScript's compiler is a Go program that ends after seconds: it spends less of them on collecting memory.
      env: { GOGC: "400", ...process.env },
      stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
    });
    let output = "";
    child.stdout?.on("data", (data) => (output += data));
    child.stderr?.on("data", (data) => (output += data));
    child.on("error", (error) => resolve({ code: 1, output: `${output}${error}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

let passed = 0;
let failed = 0;

/** Says which tests are left out for want of a program, and gives vitest their patterns. */
function leaveOut() {
  const isRequired = process.env.GIGAFLEET_REQUIRE_ALL === "1";
  return missingPrograms().flatMap((program) => {
    const { name, packages } = program;
    const tests = testsOf(program);
    console.log(
      `${isRequired ? "FAIL " : "skip "} ${tests} (no ${name}: apt-get install ${packages.join(" ")})`,
    );
    if (isRequired) failed++;
    return ["--exclude", tests];
  });
}

async function runChecks() {
  await Promise.all(
    checks.map(async ({ name, command, needs, forbidden }) => {
      if (needs && !fs.existsSync(needs)) {
        console.log(`skip  ${name} (there is no ${needs})`);
        return;
      }
      const started = Date.now();
      const { code, output } = await node(command, true);
      const intruder = forbidden && output.split("\n").find((line) => line.includes(forbidden));
      const ok = code === 0 && !intruder;
      if (ok) passed++;
      else failed++;
      console.log(`${ok ? "ok   " : "FAIL "} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      // The list of files is no news.
      if (code !== 0) console.log(output.replace(/^\/.*\.ts\n/gm, "").trimEnd());
      if (intruder)
        console.log(`this check must not see ${intruder} (tsc --explainFiles says who asks for it)`);
    }),
  );
}

async function runVitest() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-tests-"));
  try {
    const report = path.join(folder, "vitest.json");
    const { code } = await node([
      "node_modules/vitest/vitest.mjs",
      "run",
      "--config",
      "tests/vitest.config.ts",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...leaveOut(),
      ...forVitest,
    ]);
    let failedHere = 0;
    if (fs.existsSync(report)) {
      const result = JSON.parse(fs.readFileSync(report, "utf8"));
      passed += result.numPassedTests;
      failedHere = result.numFailedTests;
      // A file that did not even load has no test to count.
      for (const file of result.testResults) {
        if (file.status === "failed" && !file.assertionResults.some((one) => one.status === "failed"))
          failedHere++;
      }
    }
    // No test found, an error outside of any test, a crash: vitest says so by its exit code alone.
    if (code !== 0 && failedHere === 0) failedHere = 1;
    failed += failedHere;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

if (!fast) await runChecks();
await runVitest();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
