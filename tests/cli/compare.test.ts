import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { drawNamed } from "../../src/cli/screens/draw-columns.ts";
import { expectShown, PICTURES_ONLY, picturesIn, picturesOf } from "../report/shown-pictures.ts";
import { gigafleet, makeFolder, smallScenario } from "./gigafleet.ts";

const folder = makeFolder();
const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text);
const uncertain = smallScenario.replace("price: 10 thousand USD", "price: 8 thousand USD to 14 thousand USD");
write("a.yaml", uncertain);
write("b.yaml", uncertain.replace("size: 100 chips", "size: 110 chips"));
write(
  "mixes.yaml",
  `${uncertain.replace("size: 100 chips", "size: 100 chips * scale")}let:
  scale: 1
  nobody: 1
compare: { scale: scale }
mixes:
  as_it_is: { fleets.f.title: as it is }
  early: { fleets.f.deliver.at: 2027-01 }
  many: { fleets.f.spares: none }
`,
);

/** Without the report, which tests/report and the package's test look at. */
const compare = (...words: readonly string[]) => gigafleet(folder, ["compare", ...words, "--no-report"]);
const read = (...parts: readonly string[]) => fs.readFileSync(path.join(folder, ...parts), "utf8");

/** Rows of compare.csv as records; no cell of these scenarios holds a comma in quotes but `basis`. */
function rowsOf(out: string): Readonly<Record<string, string>>[] {
  const [header = "", ...lines] = read(out, "compare.csv").trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
  });
}

describe("a sample", () => {
  const words = ["a.yaml", "b.yaml", "--trials", "1100", "--seed", "x"];
  const one = compare(...words, "--threads", "1", "--out", "one");

  test("gives differences, chances and regret of the headlines, and says which way is better", () => {
    expect(one.code).toBe(0);
    expect(one.stdout).toContain("Over 1,100 trials (seed x): difference of b from the first");
    const rows = rowsOf("one");
    const cost = rows.find(({ metric, scenario }) => metric === "cost_provider_pv_usd" && scenario === "b");
    // Ten chips more at a price between 8 and 14 thousand, and nothing else costs anything.
    expect(Number(cost?.difference_p5)).toBeGreaterThan(0);
    expect(Number(cost?.ratio_p5)).toBeCloseTo(1.1, 9);
    expect(Number(cost?.ratio_p95)).toBeCloseTo(1.1, 9);
    expect([cost?.better, cost?.probability_best, cost?.probability_beats_first]).toEqual(["less", "0", "0"]);
    expect(Number(cost?.expected_regret)).toBeCloseTo(Number(cost?.difference_mean), 6);
    // The first is on the frontier of cost and compute in every trial.
    expect(rows.filter(({ scenario }) => scenario === "a").map((row) => row.pareto_probability)[0]).toBe("1");
  });

  test("is the same on any number of threads, and tells what it was made of", () => {
    expect(compare(...words, "--threads", "2", "--out", "two").stdout).toBe(
      one.stdout.replace("one: ", "two: "),
    );
    expect(read("two", "compare.csv")).toBe(read("one", "compare.csv"));
    expect(read("two", "datapackage.json")).toBe(read("one", "datapackage.json"));
    const { gigafleet: made, resources } = JSON.parse(read("one", "datapackage.json"));
    expect(made).toMatchObject({ seed: "x", trials: 1100, quantiles: [0.05, 0.5, 0.95] });
    expect(made.compared.map(({ name }: { name: string }) => name)).toEqual(["a", "b"]);
    expect(made.compared[0].scenario.sha256).not.toBe(made.compared[1].scenario.sha256);
    const described = resources[0].schema.fields.map(({ name }: { name: string }) => name);
    expect(described).toEqual(read("one", "compare.csv").split("\n", 1)[0]?.split(","));
  });

  test("of a scenario against itself differs by exactly zero", () => {
    expect(compare("a.yaml", "a.yaml", "--trials", "128", "--out", "self").code).toBe(0);
    const rows = rowsOf("self").filter(
      ({ scenario, difference_mean }) => scenario === "a (2)" && difference_mean,
    );
    expect(rows.length).toBeGreaterThan(5);
    for (const { metric, difference, difference_mean, difference_se, difference_p5, difference_p95 } of rows)
      expect([difference, difference_mean, difference_se, difference_p5, difference_p95], metric).toEqual(
        Array(5).fill("0"),
      );
  });

  test("is taken on every basis of a scaled mix", () => {
    const { code, stderr } = compare("mixes.yaml", "--mixes", "--trials", "128", "--out", "mixes");
    expect(code).toBe(0);
    // A warning of the file that all mixes share is said once.
    expect(stderr.match(/unused name `nobody`/g)).toHaveLength(1);
    const costs = rowsOf("mixes").filter(({ metric }) => metric === "cost_provider_pv_usd");
    expect(new Set(costs.map(({ basis }) => basis)).size).toBe(3);
    expect(costs).toHaveLength(9);
    for (const { difference_se, probability_best } of costs)
      expect([difference_se, probability_best]).not.toContain("");
  });

  test("is not taken where 0 trials are asked for", () => {
    const { code, stdout } = compare("a.yaml", "b.yaml", "--trials", "0", "--out", "plain", "--markdown");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "\n\n| figure | a | b | difference | ratio |\n| :--- | ---: | ---: | ---: | ---: |\n",
    );
    expect(stdout).toMatch(/\n\| cost_provider_pv_usd \| [^|]+ \| [^|]+ \| [^|]+ \| 1\.100 \|\n/);
    expect(read("plain", "compare.csv")).not.toContain("difference_mean");
    expect(JSON.parse(read("plain", "datapackage.json")).gigafleet.trials).toBe(0);
  });

  test("that fits no memory is refused with what it takes", () => {
    const { code, stderr } = compare("a.yaml", "b.yaml", "--trials", "1e9");
    expect(code).toBe(2);
    expect(stderr).toMatch(/1,000,000,000 trials of 2 scenarios keep \d+ figures per trial: [\d,]+ MB/);
    expect(stderr).toMatch(/take up to [\d,]+ trials/);
  });
});

test("scenarios of other months are compared, and it is said what that means", () => {
  write("later.yaml", uncertain.replace("start: 2027-01", "start: 2027-02"));
  const { code, stderr } = compare("a.yaml", "later.yaml", "--trials", "0", "--out", "later");
  expect(code).toBe(0);
  expect(stderr).toContain("`later` covers 12 months from 2027-02, `a` covers 12 months from 2027-01");
  const same = compare("a.yaml", "later.yaml", "--trials", "0", "--out", "later", "--set", "start=2027-01");
  expect(same.stderr).toBe("");
});

describe("a scale", () => {
  const mixes = read("mixes.yaml");

  test("that is read by nothing leaves the mixes as written, and it is said what is left out", () => {
    write("unread.yaml", mixes.replace("{ scale: scale }", "{ scale: nobody }"));
    const { code, stderr } = compare("unread.yaml", "--mixes", "--trials", "0", "--out", "unread");
    expect(code).toBe(0);
    expect(stderr).toContain("warning[unreachable-basis]: no comparison on equal effective FP4");
    expect(stderr).toContain("`nobody` does not change it");
    // What they cost is the same, whatever the scale.
    expect([...new Set(rowsOf("unread").map(({ basis }) => basis))]).toEqual([
      "as written: equal power where the mixes say so",
      "equal present value of the provider's cost",
    ]);
  });

  test("that does not exist is a fault of the scenario, at its place", () => {
    write("unknown.yaml", mixes.replace("{ scale: scale }", "{ scale: scael }"));
    const { code, stderr } = compare("unknown.yaml", "--mixes", "--trials", "0", "--out", "unknown");
    expect(code).toBe(1);
    expect(stderr).toContain("`scale`");
    expect(stderr).toMatch(/--> unknown\.yaml:\d+/);
  });
});

describe("shortages", () => {
  // Chips at half the price: equal spend buys 200, and the site's 100 kW run 100 of them.
  const stranding = smallScenario
    .replace("{ 2027-01: 80 kW, 2027-05: 120 kW }", "100 kW")
    .replace("size: 100 chips", "size: 100 chips * scale");
  const mixes = `let: { scale: 1 }
compare: { scale: scale }
mixes:
  dear: { chips.tiny.price: 10 thousand USD }
  cheap: { chips.tiny.price: 5 thousand USD }
  renamed: { fleets.f.title: the same }
`;
  const shown = ["--mixes", "--trials", "0", "--out", "stranding"];

  test("a basis that strands more than 1 % of a mix's chip-months warns, and all show the stranded chips", () => {
    write("stranding.yaml", `${stranding}${mixes}`);
    const { code, stdout, stderr } = compare("stranding.yaml", ...shown);
    expect(code).toBe(0);
    expect(stderr.match(/warning\[stranded-basis\]/g)).toHaveLength(1);
    expect(stderr).toContain(
      "at equal present value of the provider's cost, `cheap` is scaled by 2 and strands 50 % of its chips, at most 100 chips",
    );
    expect(stderr).toMatch(/--> stranding\.yaml:\d+:\d+/);
    expect(stdout.match(/stranded/g)).toHaveLength(1);
    const stranded = rowsOf("stranding").filter(({ metric }) => metric === "peak_chips_stranded");
    expect(stranded.map(({ value }) => Math.round(Number(value) * 1e6) / 1e6)).toEqual([
      0, 0, 0, 0, 100, 0, 0, 0, 0,
    ]);
  });

  test("power that scales along strands nothing, and a scenario may allow the warning", () => {
    write("ample.yaml", `${stranding.replace("100 kW", "100 kW * scale")}${mixes}`);
    const ample = compare("ample.yaml", ...shown);
    expect([ample.code, ample.stderr]).toEqual([0, ""]);
    expect(ample.stdout).not.toContain("stranded");
    write("allowed.yaml", `${stranding}${mixes}allow: [stranded-basis]\n`);
    expect(compare("allowed.yaml", ...shown).stderr).toBe("");
  });

  test("a workload that is never served is told with its reason, once for the scenarios it happens in", () => {
    const work = `workloads:
  chat: { kind: inference, model: small, requests: 1 requests/s, prompt: 100 tokens, answer: 100 tokens, speed: 20 tokens/s, value: 1 USD/(million tokens) }
models:
  small: { parameters: 1 billion, layers: 10, hidden: 1024, heads: 16, head_dim: 64, attention: mha, context: 1000 tokens, weight_precision: bf16, compute_precision: bf16, kv_precision: bf16 }
mixes:
  slow: { workloads.chat.speed: 20 tokens/s }
  fast: { workloads.chat.speed: 500 thousand tokens/s }
  faster: { workloads.chat.speed: 900 thousand tokens/s }
`;
    const served = smallScenario.replace(
      "failure_rate: 0 %",
      "failure_rate: 0 %\n    mfu: { inference: { bf16: 30 % } }\n    serving: { compute: 40 %, bandwidth: 60 %, reserve: 10 %, exchange: 20 microseconds }",
    );
    write("unserved.yaml", `${served}${work}`);
    const { code, stderr } = compare("unserved.yaml", "--mixes", "--trials", "0", "--out", "unserved");
    expect(code).toBe(0);
    expect(stderr.match(/warning\[never-served\]/g)).toHaveLength(1);
    expect(stderr).toContain(
      "nothing of `workloads.chat` is served in any month of `fast` and `faster`: bound by latency, no chip gives a user the required speed",
    );
    expect(stderr).toMatch(/--> unserved\.yaml:\d+:\d+/);
  });
});

describe("the screen", () => {
  const scenario = (name: string) => fileURLToPath(new URL(`../../scenarios/${name}.yaml`, import.meta.url));
  const [widest, other] = [scenario("chatgpt-until-trainium-is-short"), scenario("openai-aws")];
  const expectNarrow = (stdout: string, ...words: readonly string[]) => {
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    for (const word of words) expect(stdout).toContain(word);
  };

  test.each([
    ["two scenarios with work", [widest, widest], ["unserved"]],
    ["three", [widest, widest, other], ["peak", "unserved"]],
    ["three in the buyer's book", [widest, widest, other, "--book", "buyer"], ["peak", "unserved"]],
    ["two in the buyer's book", [other, other, "--book", "buyer"], ["unserved"]],
  ])("of %s fits 80 columns, with every figure on it", (_name, words, figures) => {
    const { code, stdout } = compare(...words, "--trials", "16", "--out", "wide");
    expect(code).toBe(0);
    expectNarrow(stdout, ...figures);
  });

  test("of mixes on every basis fits 80 columns; the pictures beside it are those of docs/pictures", () => {
    const drawn = picturesOf("compare");
    const out = path.join(folder, "drawn");
    const { code, stdout } = gigafleet(process.cwd(), [...drawn.words, "--out", out, ...PICTURES_ONLY]);
    expect(code).toBe(0);
    expectNarrow(stdout, "peak", "unserved");
    expectShown(drawn, picturesIn(out));
  });
});

test("names too long for the line of their cells stand above it, and are cut where a screen ends", () => {
  const [long, longest] = ["a".repeat(70), "b".repeat(90)];
  const cells = ["value", "1", "22"].map((cell) => cell.padStart(12));
  expect(drawNamed(["figure", long, longest], [{ side: "right", cells }])).toEqual([
    `figure${" ".repeat(62)}${cells[0]}`,
    long,
    `${" ".repeat(68)}${cells[1]}`,
    `${"b".repeat(79)}…`,
    `${" ".repeat(68)}${cells[2]}`,
  ]);
});

describe("a figure that one scenario does not have", () => {
  // Nobody is there to divide a cost by, so that no levelised cost exists.
  write("none.yaml", "schema_version: 1\nstart: 2027-01\nyears: 1\n");
  /** Cells behind the name of the first line that begins with it, marked * or not. */
  const cellsOf = (stdout: string, name: string) => {
    const lines = stdout.split("\n").map((each) => each.replace("*", " ").trim().split(/\s+/));
    return lines.find(([first]) => first === name)?.slice(1) ?? [];
  };

  test("is no 0 and no difference beside another", () => {
    const { code, stdout } = compare("a.yaml", "none.yaml", "--trials", "0", "--out", "lacks");
    expect(code).toBe(0);
    expect(cellsOf(stdout, "levelised_cost_usd_per_chip_hour").slice(1)).toEqual(["-", "-", "-"]);
  });

  test("leaves the others' figures in their own rows", () => {
    const { code, stdout } = compare("a.yaml", "none.yaml", "b.yaml", "--trials", "0", "--out", "lacks");
    expect(code).toBe(0);
    const levelised = rowsOf("lacks").filter(
      ({ metric }) => metric === "levelised_cost_usd_per_effective_fp4_eflop_hour",
    );
    expect(levelised.map(({ scenario }) => scenario)).toEqual(["a", "b"]);
    // Cost, ratio, NPV, then the levelised cost.
    expect(cellsOf(stdout, "none")[3]).toBe("-");
    const shown = Number(cellsOf(stdout, "b")[3]?.replaceAll(",", ""));
    expect(shown / Number(levelised[1]?.value)).toBeCloseTo(1, 2);
  });
});

describe("--fail-on", () => {
  const failOn = (condition: string, trials = "128") =>
    compare("a.yaml", "b.yaml", "--trials", trials, "--out", "fail", "--fail-on", condition);

  test("ends with 1 where a condition holds, after everything is written", () => {
    const { code, stderr } = failOn("cost_provider_pv_usd.ratio > 1.05");
    expect(code).toBe(1);
    expect(stderr).toContain("holds for `b`: it is 1.1");
    expect(stderr).not.toContain("nothing was");
    expect(rowsOf("fail").length).toBeGreaterThan(10);
  });

  test("may be on what a sample says, of any figure", () => {
    expect(failOn("cost_provider_pv_usd.probability_beats_first < 50 %").code).toBe(1);
    expect(failOn("cost_provider_pv_usd.probability_beats_first > 50 %").code).toBe(0);
    // No headline, so that it is sampled for the condition's sake.
    expect(failOn("provider_cash_total_usd.difference_p5 > 0").code).toBe(1);
  });

  test.each([
    ["cost_provider_pv.ratio > 1.05", "`cost_provider_pv_usd`"],
    ["npv_provider_usd.difference > 5 %", "may be negative"],
    ["cost_provider_pv_usd.difference_p59 > 5", "`difference_p5`"],
    ["peak_facility_power_mw.probability_best > 0.5", "neither more nor less of"],
    ["cost_provider_pv_usd.probability_best < 50", "write `50 %` or `0.5`"],
    ["cost_provider_pv_usd.ratio > 1e400", "not a finite number"],
  ])("`%s` is refused as wrong usage, which a gate can tell from a failure", (condition, words) => {
    const { code, stderr } = failOn(condition);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  test("takes an amount with its unit", () => {
    // Ten chips more at 8 to 14 thousand USD each.
    expect(failOn("cost_provider_pv_usd.difference > 0.05 million USD").code).toBe(1);
    expect(failOn("cost_provider_pv_usd.difference > 5 million USD").code).toBe(0);
  });

  test("on a sample that is not taken is refused", () => {
    const { code, stderr } = failOn("cost_provider_pv_usd.difference_p95 > 5", "0");
    expect(code).toBe(2);
    expect(stderr).toContain("needs a sample");
  });
});
