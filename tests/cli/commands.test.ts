import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { makeSpecimenTables } from "../../src/analysis/sample/specimen.ts";
import { gigafleet, makeFolder, smallScenario, typed } from "./gigafleet.ts";

const folder = makeFolder();
const commands = ["run", "validate", "show", "init", "catalog", "explain", "trace"];

beforeAll(() => {
  fs.writeFileSync(path.join(folder, "small.yaml"), smallScenario);
  fs.writeFileSync(
    path.join(folder, "wrong.yaml"),
    smallScenario.replace("it_power: 1 kW", "it_power: 1 kWh"),
  );
});

const run = (...words: string[]) => gigafleet(folder, words);

describe("the command line", () => {
  test.each([
    [[], "no command is given"],
    [["rnu"], "unknown argument `rnu`; did you mean `run`?"],
    [["run"], "missing argument: type `gigafleet run <file>`"],
    [["run", "small.yaml", "other.yaml"], "unknown argument `other.yaml`"],
    [["run", "small.yaml", "--ot", "x"], "unknown argument `--ot`; did you mean `--out`?"],
    [["run", "small.yaml", "--out"], "`--out` needs a value after it"],
    [["run", "small.yaml", "--out", ""], "`--out` is given without a value"],
    [["run", "small.yaml", "--out", "a", "--out", "b"], "`--out` is given more than once"],
    [["run", "small.yaml", "--no-json"], "unknown argument `--no-json`"],
    [["run", "small.yaml", "--delimiter", "x"], '`--delimiter` is one of ",", ";", "tab", not "x"'],
    [["explain", "facilty_power_mw"], "similar: `facility_power_mw`"],
    [["catalog", "gb30"], "it has `gb300`"],
    [["show", "small.yaml", "site.a"], "similar: `sites.a`"],
  ])("ends with 2 for %j", (words, message) => {
    const { code, stdout, stderr } = run(...words);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(stdout).toBe("");
  });

  test("takes a --set with the scenario behind it, and several", () => {
    const set = ["--set", "sites.a.delay=1 month"];
    expect(run("run", ...set, "--set", "years=2", "small.yaml", "--out", "out").code).toBe(0);
  });

  test("takes names that look like numbers", () => {
    fs.writeFileSync(path.join(folder, "1e3"), smallScenario);
    expect(run("validate", "1e3").stdout).toBe("1e3: valid\n");
  });

  test("gives its version", () => {
    const { version } = JSON.parse(fs.readFileSync("package.json", "utf8"));
    expect(run("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("prints a script that completes commands", () => {
    expect(run("completion").stdout).toContain("gigafleet --get-yargs-completions");
    expect(run("--get-yargs-completions", "gigafleet", "").stdout.split("\n")).toEqual(
      expect.arrayContaining(commands),
    );
  });
});

describe("the help", () => {
  const helps = ["", ...commands].map(
    (name) => [name, run(...name.split(" ").filter(Boolean), "--help")] as const,
  );

  test.each(helps)("of %j fits 80 columns and has two examples", (_name, { code, stdout }) => {
    expect(code).toBe(0);
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(examplesOf(stdout).length).toBeGreaterThanOrEqual(2);
  });

  test("lists every command", () => {
    for (const name of commands) expect(helps[0]?.[1].stdout).toContain(`gigafleet ${name}`);
  });

  const here = path.join(folder, "examples");
  const lines = helps.flatMap(([, { stdout }]) => examplesOf(stdout));
  // What `init` writes, the others read.
  const written = lines.filter((line) => line.startsWith("gigafleet init plan"));

  test.each([...new Set([...written, ...lines])])("has an example that runs: %s", (line) => {
    fs.mkdirSync(here, { recursive: true });
    const { code, stderr } = typed(here, line);
    // A shard says which work is its own, and where it stands.
    expect(stderr.replace(/^(shard|Written) .*\n/gm, "")).toBe("");
    expect(code).toBe(0);
  });
});

function examplesOf(help: string): string[] {
  const [, examples = ""] = help.split("Examples:");
  return examples.split("\n").flatMap((line) => /^ {2}(gigafleet .*)$/.exec(line)?.[1] ?? []);
}

describe("validate", () => {
  test("prints valid files on stdout and faults on stderr", () => {
    const { code, stdout, stderr } = run("validate", "small.yaml", "wrong.yaml");
    expect(code).toBe(1);
    expect(stdout).toBe("small.yaml: valid\nwrong.yaml: 1 error\n");
    expect(stderr).toContain("error[unit-mismatch]");
  });

  test("gives faults to a machine as its result", () => {
    const { stdout, stderr } = run("validate", "wrong.yaml", "--error-format", "json");
    expect(JSON.parse(stdout)).toMatchObject({ code: "unit-mismatch", span: { file: "wrong.yaml" } });
    expect(stderr).toBe("");
  });

  test("ranks a file that cannot be read above one that is wrong", () => {
    expect(run("validate", "none.yaml", "wrong.yaml").code).toBe(3);
  });
});

describe("show", () => {
  test("lists fields with values and origins", () => {
    const { code, stdout } = run("show", "small.yaml", "sites.a", "--set", "sites.a.pue=1.1");
    expect(code).toBe(0);
    expect(stdout).toContain("sites.a.power: { 2027-01: 80 kW, 2027-05: 120 kW }\n    small.yaml\n");
    expect(stdout).toMatch(/sites\.a\.pue: 1\.1\n {4}.*was 1 in small\.yaml/);
    expect(stdout).not.toContain("fleets.");
  });

  test("gives them to a machine", () => {
    const fields = JSON.parse(run("show", "small.yaml", "chips.tiny.it_power", "--json").stdout);
    expect(fields).toHaveLength(1);
    expect(fields[0]).toMatchObject({ path: "chips.tiny.it_power", text: "1 kW" });
  });
});

describe("init", () => {
  test("writes a scenario that runs and its schema, and never writes over them", () => {
    expect(run("init", "plan").code).toBe(0);
    const starter = path.join(folder, "plan", "starter.yaml");
    expect(JSON.parse(fs.readFileSync(path.join(folder, "plan", "scenario.schema.json"), "utf8")).title).toBe(
      "Gigafleet scenario",
    );
    expect(run("validate", starter)).toEqual({ code: 0, stdout: `${starter}: valid\n`, stderr: "" });
    fs.appendFileSync(starter, "# mine\n");
    const { code, stderr } = run("init", "plan");
    expect(code).toBe(3);
    expect(stderr).toContain("it exists already");
    expect(fs.readFileSync(starter, "utf8")).toContain("# mine");
  });
});

describe("catalog", () => {
  test("lists every chip on a line of 80 columns", () => {
    const { code, stdout } = run("catalog");
    expect(code).toBe(0);
    for (const chip of ["gb300", "h200", "trainium3", "trainium4"])
      expect(stdout).toMatch(new RegExp(`^${chip} `, "m"));
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test("shows where each figure of a chip comes from", () => {
    const { stdout } = run("catalog", "h200");
    expect(stdout).toMatch(/^it_power +.*\(median .* kW\/chip\)$/m);
    expect(stdout).toContain("https://");
    const figures = JSON.parse(run("catalog", "h200", "--json").stdout);
    expect(figures.find((each: { path: string }) => each.path === "chips.h200.hbm")).toMatchObject({
      chip: "h200",
      quality: expect.stringMatching(/official|reported/),
      url: expect.stringContaining("https://"),
    });
  });
});

describe("explain", () => {
  test("says what a field takes, by its path with names or with stars, or by its last word", () => {
    for (const name of ["sites.mine.pue_design", "sites.*.pue_design", "pue_design"]) {
      expect(run("explain", name).stdout).toContain("sites.*.pue_design (field)\n");
    }
  });

  test("says how a column comes about and where it is", () => {
    const { stdout } = run("explain", "facility_power_mw");
    expect(stdout).toContain("formula  it_power_mw x site.pue_design");
    expect(stdout).toContain("annual.csv quarterly.csv monthly.csv by_chip_annual.csv");
    expect(run("explain", "chips_stranded").stdout).toContain("identity");
  });

  test("says what a fault is and what to do", () => {
    expect(run("explain", "unit-mismatch").stdout).toContain("unit-mismatch (error)");
  });

  test("knows a column that the metric table does not have", () => {
    const [fleets] = makeSpecimenTables().filter(({ name }) => name === "fleets");
    expect(fleets?.columns.map(({ name }) => name)).toContain("fp4_runs_as");
    expect(run("explain", "fp4_runs_as").stdout).toContain("fleets.csv");
    expect(run("explain", "peak_chips_stranded_month").stdout).toContain("summary.csv");
  });
});
