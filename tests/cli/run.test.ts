import fs from "node:fs";
import path from "node:path";
import { unzipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { columnOf, gigafleet, gigafleetProcess, makeFolder, shell, smallScenario } from "./gigafleet.ts";

const folder = makeFolder();
const inFolder = (...names: string[]) => path.join(folder, ...names);

beforeAll(() => {
  fs.writeFileSync(inFolder("small.yaml"), smallScenario);
  fs.writeFileSync(inFolder("wrong.yaml"), smallScenario.replace("it_power: 1 kW", "it_power: 1 kWh"));
});

const tables =
  "summary annual quarterly monthly by_chip_annual annual_ranges monthly_ranges fleets sites costs".split(
    " ",
  );
const files = tables.map((name) => `${name}.csv`);
const allFiles = [...files, "datapackage.json", "report.html"].sort();

describe("a run", () => {
  test("ends with 0, shows the years on stdout and writes the tables", () => {
    const { code, stdout, stderr } = gigafleet(folder, ["run", "small.yaml"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(fs.readdirSync(inFolder("output", "small")).sort()).toEqual(allFiles);
    const months = inFolder("output", "small", "monthly.csv");
    expect(columnOf(months, "chips_energised")).toEqual(
      "0 0 80 80 100 100 100 100 100 100 100 100".split(" "),
    );
    expect(columnOf(months, "chips_stranded")).toEqual("0 0 20 20 0 0 0 0 0 0 0 0".split(" "));
    expect(columnOf(months, "binding").slice(2, 5)).toEqual(["power", "power", "none"]);
    // 100 chips at 10 thousand USD, paid on landing.
    expect(columnOf(inFolder("output", "small", "annual.csv"), "provider_capex_usd")).toEqual(["1000000"]);
    expect(stdout).toMatch(/^Chips wait for power\nA hundred 1 kW chips at a site for eighty\.\n/);
    expect(stdout).toContain("Tiny runs FP4 work in BF16");
    expect(stdout).toContain("output/small: report.html summary.csv");
  });

  test("fits a terminal of 80 columns and carries no colour where there is no terminal", () => {
    const { stdout } = gigafleetProcess(folder, ["run", "small.yaml", "--trials", "16"]);
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain("\u001b");
    expect(gigafleetProcess(folder, ["run", "wrong.yaml"]).stderr).not.toContain("\u001b");
  });

  test("gives the same bytes from another folder, a second time, and as a process of its own", () => {
    const read = (at: string) =>
      Object.fromEntries(allFiles.map((name) => [name, fs.readFileSync(path.join(at, name), "utf8")]));
    gigafleet(folder, ["run", "small.yaml", "--trials", "16", "--out", "one"]);
    fs.mkdirSync(inFolder("elsewhere"), { recursive: true });
    gigafleetProcess(inFolder("elsewhere"), ["run", "../small.yaml", "--trials", "16", "--out", "../two"]);
    expect(read(inFolder("two"))).toEqual(read(inFolder("one")));
  });

  test("applies --set, --override and --scenario, and the data package says what they changed", () => {
    const set = gigafleet(folder, [
      "run",
      "small.yaml",
      "--trials",
      "16",
      "--out",
      "set",
      "--set",
      "sites.a.power=50 kW",
      "--set",
      "years=2",
    ]);
    expect(set.code).toBe(0);
    expect(columnOf(inFolder("set", "annual.csv"), "chips_energised")).toEqual(["50", "50"]);
    const { gigafleet: content } = JSON.parse(fs.readFileSync(inFolder("set", "datapackage.json"), "utf8"));
    expect(
      content.overrides.map((change: { path: string; new: string }) => [change.path, change.new]),
    ).toEqual(
      expect.arrayContaining([
        ["sites.a.power", "50 kW"],
        ["years", "2"],
      ]),
    );
    gigafleet(folder, [
      "run",
      "small.yaml",
      "--trials",
      "16",
      "--out",
      "override",
      "--override",
      "more_power",
    ]);
    expect(columnOf(inFolder("override", "monthly.csv"), "chips_stranded")[2]).toBe("0");
    const named = gigafleet(folder, ["run", "small.yaml", "--trials", "16", "--scenario", "ample"]);
    expect(named.stdout).toContain("output/small.ample: report.html summary.csv");
    expect(columnOf(inFolder("output", "small.ample", "monthly.csv"), "chips_stranded")[2]).toBe("0");
  });

  test("hashes the scenario file in the data package", () => {
    gigafleet(folder, ["run", "small.yaml", "--trials", "16", "--out", "hashed"]);
    const { gigafleet: content } = JSON.parse(
      fs.readFileSync(inFolder("hashed", "datapackage.json"), "utf8"),
    );
    const { stdout } = shell(folder, "sha256sum small.yaml");
    expect(content.scenario).toEqual({ file: "small.yaml", sha256: stdout.split(" ")[0] });
    expect(content.catalog.map((each: { file: string }) => each.file)).toContain("catalog/chips-nvidia.yaml");
  });

  test("prints one JSON object for a machine", () => {
    const { code, stdout } = gigafleet(folder, [
      "run",
      "small.yaml",
      "--trials",
      "16",
      "--json",
      "--out",
      "json",
    ]);
    expect(code).toBe(0);
    const content = JSON.parse(stdout);
    expect(content.annual).toHaveLength(1);
    expect(content.annual[0]).toMatchObject({ year: 2027, months: 12, chips_energised: 100 });
    expect(content).toMatchObject({ scenario: "small", quantities: "medians", diagnostics: [] });
    const faulty = gigafleet(folder, ["run", "wrong.yaml", "--json"]);
    expect(faulty.code).toBe(1);
    expect(JSON.parse(faulty.stdout).diagnostics[0]).toMatchObject({
      code: "unit-mismatch",
      path: "chips.tiny.it_power",
    });
  });

  test("writes for spreadsheets what they ask for", () => {
    gigafleet(folder, ["run", "small.yaml", "--trials", "16", "--out", "sheet", "--bom", "--delimiter", ";"]);
    expect(fs.readFileSync(inFolder("sheet", "monthly.csv"), "utf8")).toMatch(
      /^\ufeffmonth;months;chips_planned;/,
    );
    gigafleet(folder, ["run", "small.yaml", "--trials", "16", "--out", "sheet", "--delimiter", "tab"]);
    expect(fs.readFileSync(inFolder("sheet", "monthly.csv"), "utf8")).toMatch(
      /^month\tmonths\tchips_planned\t/,
    );
    expect(fs.readFileSync(inFolder("sheet", "datapackage.json"), "utf8")).toContain('"delimiter": "\\t"');
  });

  test("writes what spreadsheets of a locale read, and refuses what they cannot tell apart", () => {
    const write = (...words: string[]) =>
      gigafleet(folder, ["run", "small.yaml", "--trials", "16", "--out", "sheet", ...words]);
    expect(write("--locale", "de-AT", "--set", "sites.a.pue_design=1.25").code).toBe(0);
    const german = fs.readFileSync(inFolder("sheet", "sites.csv"), "utf8");
    expect(german.startsWith("\ufeffmonth;site;")).toBe(true);
    // 64 chips of 1 kW at a design PUE of 1.25.
    expect(german).toContain(";0,08;");
    expect(german).not.toMatch(/\d\.\d/);
    expect(
      JSON.parse(fs.readFileSync(inFolder("sheet", "datapackage.json"), "utf8")).resources[1],
    ).toMatchObject({
      dialect: { delimiter: ";" },
    });
    write("--locale", "de-CH");
    expect(fs.readFileSync(inFolder("sheet", "sites.csv"), "utf8")).toMatch(
      /^\ufeffmonth;site;[\s\S]*;0\.08;/,
    );
    write("--locale", "en-US");
    expect(fs.readFileSync(inFolder("sheet", "sites.csv"), "utf8")).toMatch(
      /^\ufeffmonth,site,[\s\S]*,0\.08,/,
    );
    const clash = write("--decimal", ",");
    expect([clash.code, clash.stdout]).toEqual([2, ""]);
    expect(clash.stderr).toContain("are both `,`; write `--decimal , --delimiter ';'`");
    expect(write("--locale", "de", "--delimiter", ",").code).toBe(2);
    expect(write("--locale", "dee").stderr).toContain(
      "`--locale dee`: there is no such locale; did you mean `de`",
    );
    expect(write("--locale", "!").stderr).toContain("there is no such locale; write a tag");
    expect(write("--bom", "--delimiter", ";").stderr).toBe(
      "semicolons with decimal points: a German sheet reads 1.5 as a date and 1.234 as 1234; add `--decimal ,` or write `--locale de`\n",
    );
  });

  test("writes a workbook where it is asked for, and removes it where it is not", () => {
    const write = (...words: string[]) =>
      gigafleet(folder, ["run", "small.yaml", "--trials", "16", "--out", "book", ...words]);
    const { code, stdout } = write("--xlsx");
    expect(code).toBe(0);
    expect(stdout).toContain("plan.xlsx");
    const bytes = fs.readFileSync(inFolder("book", "plan.xlsx"));
    // The built program's own archive, which tests of the sources do not see.
    expect(Object.keys(unzipSync(bytes))).toEqual(
      expect.arrayContaining(["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"]),
    );
    expect(gigafleet(folder, ["verify", "book"]).code).toBe(0);
    // Pasted Markdown names no files of this machine.
    const pasted = write("--xlsx", "--markdown");
    expect(pasted.stdout).toMatch(/^## Chips wait for power\n(.*\n)+\| year \| chips energised thousand \|/);
    expect(pasted.stdout).not.toContain("plan.xlsx");
    expect(pasted.stderr).toContain("plan.xlsx");
    expect(fs.readFileSync(inFolder("book", "plan.xlsx")).equals(bytes)).toBe(true);
    expect(write().stderr).toContain(
      "removed tables of an earlier run that this one does not write: plan.xlsx",
    );
    // The command stands in a cell.
    const changes = Array.from({ length: 1200 }, () => ["--set", "provider.discount_rate=9 %"]).flat();
    const long = gigafleet(folder, [
      "run",
      "small.yaml",
      "--trials",
      "0",
      "--out",
      "long",
      "--xlsx",
      ...changes,
    ]);
    expect(long.code).toBe(2);
    expect(long.stderr).toMatch(
      /^gigafleet: `--xlsx`: a text on the sheet About has \d\d,\d{3} characters; spreadsheets hold 32,767: shorten it, or leave `--xlsx` out/,
    );
    expect(fs.existsSync(inFolder("long"))).toBe(false);
    // A workbook that a person made is never replaced.
    fs.writeFileSync(inFolder("book", "plan.xlsx"), "mine");
    const refused = write("--xlsx");
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain("Gigafleet did not write the file that is there");
    expect(fs.readFileSync(inFolder("book", "plan.xlsx"), "utf8")).toBe("mine");
  });

  test("writes the columns asked for, and refuses those the whole plan does not have", () => {
    const write = (columns: string) =>
      gigafleet(folder, ["run", "small.yaml", "--trials", "16", "--out", "columns", "--columns", columns]);
    expect(write("binding, chips_energised").code).toBe(0);
    for (const [name, period] of [
      ["annual", "year"],
      ["quarterly", "quarter"],
      ["monthly", "month"],
    ])
      expect(fs.readFileSync(inFolder("columns", `${name}.csv`), "utf8").split("\n")[0]).toBe(
        `${period},months,binding,chips_energised`,
      );
    const before = fs.readFileSync(inFolder("columns", "annual.csv"), "utf8");
    const foreign = write("chip_price_usd");
    expect([foreign.code, foreign.stdout]).toEqual([2, ""]);
    expect(foreign.stderr).toContain("`chip_price_usd` is a figure of a part");
    expect(write("chips_energized").stderr).toContain("did you mean `chips_energised`");
    expect(write(",").stderr).toContain("names no column");
    const absent = write("chips_energised,loan_balance_usd");
    expect([absent.code, absent.stdout]).toEqual([2, ""]);
    expect(absent.stderr).toContain("`--columns`: this plan has no `loan_balance_usd`");
    expect(fs.readFileSync(inFolder("columns", "annual.csv"), "utf8")).toBe(before);
    expect(write("all").code).toBe(0);
    expect(fs.readFileSync(inFolder("columns", "annual.csv"), "utf8").split("\n")[0]).toContain(
      ",chips_energised_average,",
    );
  });

  test("shows no cost of each chip-hour where there are none, and no NaN", () => {
    fs.writeFileSync(inFolder("none.yaml"), "schema_version: 1\nstart: 2027-01\nyears: 1\n");
    const { code, stdout } = gigafleet(folder, ["run", "none.yaml", "--trials", "16"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Levelised +- USD per productive chip-hour, - USD per/);
    expect(stdout).not.toContain("NaN");
  });

  test("is silent with --quiet", () => {
    expect(gigafleet(folder, ["run", "small.yaml", "--trials", "16", "--quiet", "--out", "quiet"])).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
  });
});

describe("a fault", () => {
  test.each([
    ["--set", "sites.a.power=1 kWh"],
    ["--set", "sites.b.power=1 kW"],
    ["--set", "years"],
    ["--override", "nope"],
    ["--scenario", "nope"],
  ])("of what was typed, `%s %s`, ends with 2, and with 1 beside one of the scenario", (option, value) => {
    const run = (file: string) => gigafleet(folder, ["run", file, "--trials", "0", option, value]);
    expect(run("small.yaml")).toMatchObject({ code: 2, stdout: "" });
    expect(run("wrong.yaml").code).toBe(1);
  });

  test("of the scenario ends with 1, is told on stderr with its place, and nothing is written", () => {
    const { code, stdout, stderr } = gigafleet(folder, ["run", "wrong.yaml"]);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("error[unit-mismatch]");
    expect(stderr).toContain("--> wrong.yaml:");
    expect(fs.existsSync(inFolder("output", "wrong"))).toBe(false);
  });

  test("can be told in a line, or for a machine", () => {
    const concise = gigafleet(folder, ["run", "wrong.yaml", "--error-format", "concise"]).stderr;
    expect(concise).toMatch(/^wrong\.yaml:\d+:\d+: error\[unit-mismatch\]: [^\n]*\n$/);
    expect(
      JSON.parse(gigafleet(folder, ["run", "wrong.yaml", "--error-format", "json"]).stderr),
    ).toMatchObject({
      code: "unit-mismatch",
    });
  });

  test("of reading ends with 3", () => {
    const { code, stderr } = gigafleet(folder, ["run", "missing.yaml"]);
    expect(code).toBe(3);
    expect(stderr).toContain("missing file `missing.yaml`");
    const { code: ofFolder, stderr: told } = gigafleet(folder, ["run", "."]);
    expect(ofFolder).toBe(3);
    expect(told).toContain("missing file `.`");
    // Names that the file system itself refuses.
    fs.symlinkSync("loop.yaml", inFolder("loop.yaml"));
    const helps = [
      ["small.yaml/more.yaml", "check the path"],
      [`${"x".repeat(300)}.yaml`, "check the path"],
      ["loop.yaml", "it is a link that leads to no file"],
      ["smal.yaml", "did you mean `small.yaml`?"],
    ] as const;
    for (const [name, help] of helps) {
      const missing = gigafleet(folder, ["run", name]);
      expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining(help)]);
    }
    expect(told).toContain("it is a folder; give a file in it, such as `");
    fs.mkdirSync(inFolder("bare"));
    fs.mkdirSync(inFolder("plans"));
    fs.writeFileSync(inFolder("plans", "small.yaml"), smallScenario);
    expect(gigafleet(folder, ["run", "plans"]).stderr).toContain("such as `plans/small.yaml`");
    expect(gigafleet(folder, ["run", "bare"]).stderr).toContain(
      "it is a folder without a scenario; `gigafleet init bare` writes one",
    );
  });

  test("of ours ends with 70 and says how to repeat it, without a stack unless asked", () => {
    // A copy of the program without its catalog.
    const copy = inFolder("broken", "dist");
    fs.cpSync(path.resolve("dist"), copy, { recursive: true });
    const quoted = `"${process.execPath}" "${copy}/cli.js" run small.yaml --set "a b=1"`;
    const { code, stderr } = shell(folder, quoted);
    expect(code).toBe(70);
    expect(stderr).toMatch(/^gigafleet \d+\.\d+\.\d+: internal error: /);
    expect(stderr).toContain("gigafleet run small.yaml --set 'a b=1'");
    expect(stderr).not.toContain("    at ");
    expect(shell(folder, `GIGAFLEET_DEBUG=1 ${quoted}`).stderr).toContain("    at ");
  });
});

describe("a thread that dies", () => {
  const inDying = (words: string) => {
    // A copy of the program whose threads end with their first task.
    const root = inFolder("dying");
    if (!fs.existsSync(root)) {
      fs.cpSync(path.resolve("dist"), path.join(root, "dist"), { recursive: true });
      for (const name of ["scenarios", "node_modules", "package.json"])
        fs.symlinkSync(path.resolve(name), path.join(root, name));
      const body = 'require("node:worker_threads").parentPort.on("message", () => process.exit(9));';
      for (const name of ["worker.js", "sweep-worker.js"])
        fs.writeFileSync(path.join(root, "dist", name), body);
      fs.writeFileSync(
        inFolder("uncertain.yaml"),
        smallScenario.replace("price: 10 thousand USD", "price: 8 thousand USD to 14 thousand USD"),
      );
    }
    return shell(folder, `"${process.execPath}" "${root}/dist/cli.js" ${words}`);
  };

  test("ends a run with what happened and what helps, and no call to report it", () => {
    const { code, stdout, stderr } = inDying(
      "run uncertain.yaml --threads 2 --trials 2000 --no-report --out dead",
    );
    expect([code, stdout]).toEqual([70, ""]);
    expect(stderr).toBe(
      "gigafleet: a simulation thread stopped before its work was done (exit code 9); nothing was written\n" +
        "  A thread usually ends like this if memory is short: `--threads 1` needs least.\n",
    );
    expect(fs.existsSync(inFolder("dead"))).toBe(false);
  });

  test("ends a sweep likewise, which goes on from what is done", () => {
    // Enough trials for two threads.
    const words =
      "sweep uncertain.yaml --over 'fleets.f.size=1..90..1 chips' --trials 64 --no-report --out dead.sweep";
    const { code, stdout, stderr } = inDying(`${words} --threads 2`);
    expect([code, stdout]).toEqual([70, ""]);
    expect(stderr).toContain("finished points are kept, so run the same command again to resume");
    expect(stderr).toContain("`--threads 1` needs least");
    expect(stderr).not.toContain("internal error");
    expect(inDying(`${words} --threads 1`).code).toBe(0);
  });
});

describe("writing", () => {
  const run = (out: string, ...more: string[]) =>
    gigafleet(folder, ["run", "small.yaml", "--trials", "16", "--out", out, ...more]);

  test("into a place where a file is in the way ends with 3 and leaves the file", () => {
    fs.writeFileSync(inFolder("taken"), "mine");
    const { code, stderr } = run("taken");
    expect(code).toBe(3);
    expect(stderr).toContain(
      "error[unwritable-output]: cannot write `taken`: a file with that name is in the way",
    );
    expect(stderr).toContain("1 error; nothing was written");
    expect(fs.readFileSync(inFolder("taken"), "utf8")).toBe("mine");
    expect(run("taken/below").code).toBe(3);
  });

  test("where one file cannot be replaced leaves all as they were", () => {
    expect(run("old", "--set", "fleets.f.size=90 chips").code).toBe(0);
    const before = fs.readFileSync(inFolder("old", "annual.csv"), "utf8");
    fs.rmSync(inFolder("old", "sites.csv"));
    fs.mkdirSync(inFolder("old", "sites.csv"));
    const names = fs.readdirSync(inFolder("old")).sort();
    const { code, stderr } = run("old");
    expect(code).toBe(3);
    expect(stderr).toContain("sites.csv`: a folder with that name is in the way");
    expect(fs.readdirSync(inFolder("old")).sort()).toEqual(names);
    expect(fs.readFileSync(inFolder("old", "annual.csv"), "utf8")).toBe(before);
  });

  test("beyond the space there is ends with 3, and neither files nor folders are left", () => {
    // Files of at most 8 blocks of 1,024 bytes: the monthly table is larger.
    const line = "trap '' XFSZ; ulimit -f 8; gigafleet run small.yaml --trials 16 --out full/deep";
    const { code, stderr } = shell(folder, line);
    expect(stderr).toContain("cannot write `full/deep/");
    expect(code).toBe(3);
    expect(fs.existsSync(inFolder("full"))).toBe(false);
  });

  test("where the file system refuses ends, with 3", () => {
    expect(run("/proc/nowhere/at/all").code).toBe(3);
  });

  test("replaces what an earlier run wrote and leaves nothing temporary", () => {
    run("again");
    run("again", "--set", "sites.a.power=50 kW");
    expect(fs.readdirSync(inFolder("again")).sort()).toEqual(allFiles);
    expect(columnOf(inFolder("again", "annual.csv"), "chips_energised")).toEqual(["50"]);
  });

  test("leaves no table of the run before it, and nothing that no run has written", () => {
    const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text);
    write("eventful.yaml", `${smallScenario}events: { many: fleets.f.chips_energised >= 90 chips }\n`);
    fs.mkdirSync(path.join(folder, "mixed"));
    write(path.join("mixed", "contracts.csv"), "a table of the user's own\n");
    const words = [
      "--out",
      "mixed",
      "--set",
      "chips.tiny.price=8 thousand USD to 9 thousand USD",
      "--quiet",
      "--trials",
      "8",
    ];
    const first = ["run", "eventful.yaml", "--draws", "mine.csv", ...words];
    expect(gigafleet(folder, first).code).toBe(0);
    expect(fs.readdirSync(path.join(folder, "mixed"))).toEqual(
      expect.arrayContaining(["contracts.csv", "events.csv", "mine.csv"]),
    );
    write("plain.yaml", smallScenario);
    expect(gigafleet(folder, ["run", "plain.yaml", ...words]).code).toBe(0);
    const left = fs.readdirSync(path.join(folder, "mixed"));
    expect(left).toContain("contracts.csv");
    expect(left).not.toContain("events.csv");
    // Draws are never removed.
    expect(left).toContain("mine.csv");
  });

  test("does not leave the output folder by the name of a list of overrides", () => {
    const { code } = gigafleet(folder, ["run", "small.yaml", "--trials", "16", "--scenario", "../../x"]);
    expect(code).toBe(2);
    expect(fs.existsSync(path.resolve(folder, "..", "x"))).toBe(false);
  });

  test("to a reader that has seen enough is no fault", () => {
    expect(shell(folder, "gigafleet run small.yaml --trials 16 --out piped | head -n 1")).toEqual({
      code: 0,
      stdout: "Chips wait for power\n",
      stderr: "",
    });
    expect(fs.readdirSync(inFolder("piped")).sort()).toEqual(allFiles);
  });

  test("to a reader that is slow is whole, though more than a pipe holds", () => {
    const catalog = "gigafleet catalog --json";
    const lines = `${catalog} > all.json; ${catalog} | (sleep 0.3; cat) | cmp - all.json`;
    expect(shell(folder, lines)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(fs.statSync(inFolder("all.json")).size).toBeGreaterThan(2 ** 17);
  });

  test("standard output to a full disk ends with 3", () => {
    const { code, stderr } = shell(folder, "gigafleet catalog > /dev/full");
    expect(code).toBe(3);
    expect(stderr).toContain("cannot write to standard output");
  });
});
