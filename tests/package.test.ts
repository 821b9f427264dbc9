import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gigafleet as runInThread } from "./cli/gigafleet.ts";

/** The package as a user gets it: packed, and installed into an empty folder without development dependencies. */
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-package-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const installed = path.join(folder, "node_modules/gigafleet");
const manifest = JSON.parse(fs.readFileSync("package.json", "utf8"));

function run(command: string, words: readonly string[], cwd = folder): string {
  // What npm sets for scripts would make the inner npm believe that it runs in this folder.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const { status, stdout, stderr } = spawnSync(command, words, { cwd, encoding: "utf8", env });
  if (status !== 0) throw new Error(`${command} ${words.join(" ")}\n${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

let said = "";
beforeAll(() => {
  run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], process.cwd());
  fs.writeFileSync(path.join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  const tarball = `gigafleet-${manifest.version}.tgz`;
  said = run("npm", ["install", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", `./${tarball}`]);
});

test("it installs without a warning, and without packages that only its own bundles need", () => {
  expect(said).not.toMatch(/warn/i);
  const needed = Object.keys(manifest.dependencies);
  const lock = JSON.parse(fs.readFileSync(path.join(folder, "node_modules/.package-lock.json"), "utf8"));
  const packages = Object.keys(lock.packages).map((name) => name.replace("node_modules/", ""));
  expect(packages).toEqual(expect.arrayContaining(["gigafleet", ...needed]));
  expect(packages.filter((name) => Object.hasOwn(manifest.devDependencies, name))).toEqual([]);
  const code = fs
    .readdirSync(path.join(installed, "dist"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.[cm]?js$/.test(name))
    .map((name) => fs.readFileSync(path.join(installed, "dist", name), "utf8"))
    .join("\n");
  const imports = [...code.matchAll(/(?:\bfrom|\bimport\(?|\brequire\()\s*"([^".][^"]*)"/g)].map(
    ([, name = ""]) => name,
  );
  const names = imports.map((name) => name.split("/")[0] ?? "");
  const packagesUsed = new Set(
    names.filter((name) => /^[a-z][a-z0-9-]*$/.test(name) && needed.includes(name)),
  );
  expect([...packagesUsed].sort()).toEqual([...needed].sort());
});

test("it holds the notices of all code that it bundles", () => {
  const notices = fs.readFileSync(path.join(installed, "dist/THIRD-PARTY-NOTICES.txt"), "utf8");
  expect(notices).toMatch(/^mathjs \S+ \(Apache-2\.0\)$/m);
  expect(notices).toMatch(/^yargs \S+ \(MIT\)$/m);
  expect(notices.match(/Permission|Apache License|Redistribution/g)?.length).toBeGreaterThan(25);
});

test("every command runs from it", () => {
  // Two of them as a user types them, and all in one thread, which loads the package's program once.
  run(path.join(folder, "node_modules/.bin/gigafleet"), ["init", "plan"]);
  run(path.join(folder, "node_modules/.bin/gigafleet"), ["validate", "plan/starter.yaml"]);
  const gigafleet = (...words: string[]): string => {
    const ended = runInThread(folder, words, {}, path.join(installed, "dist/cli.js"));
    if (ended.code !== 0) throw new Error(`${words.join(" ")}\n${ended.stdout}${ended.stderr}`);
    return `${ended.stdout}${ended.stderr}`;
  };
  const file = "plan/starter.yaml";
  const small = ["--trials", "64"];
  const cases = path.join(installed, "scenarios/validation");
  expect(fs.readdirSync(cases)).toEqual(expect.arrayContaining(["cases.csv", "demand-cases.csv"]));
  const fewCases = path.join(cases, "few.csv");
  fs.writeFileSync(
    fewCases,
    fs.readFileSync(path.join(cases, "cases.csv"), "utf8").split("\n", 4).join("\n"),
  );
  gigafleet("sweep", file, "--over", "sites.main.delay=[0 months]", "--shard", "1/1", "--out", "parts");
  const lines: Readonly<Record<string, readonly string[]>> = {
    run: [file, ...small],
    validate: [file],
    show: [file],
    trace: [file, "cost_provider_pv_usd"],
    compare: [file, path.join(installed, "scenarios/starter.yaml"), "--trials", "0"],
    sweep: [file, "--over", "sites.main.delay=0 months..6 months..3 months"],
    merge: ["parts"],
    optimize: [file, "--maximize", "effective_fp4", "--budget", "2 billion USD"],
    sensitivity: [file, "--metric", "cost_provider_pv_usd", ...small],
    solve: [file, "levelised_cost_usd_per_chip_hour=3", "--by", "chips.gb300.price", ...small],
    // All shipped cases take minutes: tests/analysis/backtest/backtest.test.ts.
    backtest: [fewCases],
    // It serves until it is ended: tests/cli/page-server.test.ts.
    open: ["--help"],
    verify: ["output/starter"],
    catalog: ["gb300"],
    explain: ["pue"],
    completion: [],
  };
  const help = gigafleet("--help").split("Examples:")[0] ?? "";
  const commands = [...help.matchAll(/^ {2}gigafleet ([a-z]+)/gm)].map(([, name = ""]) => name);
  expect(commands.filter((name) => name !== "init" && !Object.hasOwn(lines, name))).toEqual([]);
  for (const [name, words] of Object.entries(lines))
    expect(gigafleet(name, ...words).length, name).toBeGreaterThan(20);
});

test("the Dockerfile's command installs it for all users of a machine", () => {
  const dockerfile = fs.readFileSync(path.join(installed, "docs/cluster/Dockerfile"), "utf8");
  const line = /^RUN (npm install --global .*) && rm/m.exec(dockerfile)?.[1] ?? "";
  const prefix = path.join(folder, "usr");
  run("sh", ["-c", `${line.replace("/tmp", folder)} --prefer-offline --prefix ${prefix}`]);
  expect(run(path.join(prefix, "bin/gigafleet"), ["--version"])).toBe(`${manifest.version}\n`);
});

test("the README's example of the library runs as it stands", () => {
  const readme = fs.readFileSync("README.md", "utf8");
  const example = /(?<=```js\n)import fs[\s\S]*?(?=```\n)/.exec(readme)?.[0] ?? "";
  fs.writeFileSync(path.join(folder, "example.js"), example);
  fs.mkdirSync(path.join(folder, "plan"), { recursive: true });
  fs.copyFileSync(path.join(installed, "scenarios/starter.yaml"), path.join(folder, "plan/starter.yaml"));
  run(process.execPath, ["example.js"]);
  const summary = fs.readFileSync(path.join(folder, "summary.csv"), "utf8");
  const cells = /^cost_provider_pv_usd,([\d.]+),(?:[^,]*,){2}([\d.]+),/m.exec(summary);
  expect(Number(cells?.[1])).toBeGreaterThan(0);
  expect(Number(cells?.[2])).toBeGreaterThan(0);
});

test("a library call without a catalog reports what is missing and does not throw", () => {
  const script = `
    import { loadScenario } from "gigafleet";
    const { diagnostics } = loadScenario({ path: "a.yaml", read: () => "schema_version: 1\\nname: x\\n" });
    console.log(diagnostics.length, diagnostics[0].code);`;
  expect(run(process.execPath, ["--input-type=module", "-e", script])).toMatch(/^[1-9]\d* [a-z-]+\n$/);
});
