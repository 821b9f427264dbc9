import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { cli, gigafleet, makeFolder, shell } from "./gigafleet.ts";

const folder = makeFolder();

/** A thousand GB300 at a site for four thousand, under a contract; Trainium4 may take their place. */
const text = `schema_version: 1
name: A small plan
start: 2027-01
years: 2
sites:
  east: { power: 8 MW, pue: 1.15, pue_design: 1.25, electricity: 58 USD/MWh, facility: 12 USD/W }
fleets:
  first:
    chip: gb300
    site: east
    size: 1000 chips
    procurement: { contract: deal }
    deliver: { at: 2027-03 }
contracts:
  deal: { commitment: 1 million USD, start: 2027-01, term: 3 years, rates: { gb300: 4 USD/chip/hour, trainium4: 3 USD/chip/hour } }
optimize: { chips: [gb300, trainium4] }
`;
fs.writeFileSync(path.join(folder, "small.yaml"), text);

/** Few trials, where the test names no number of its own. */
const optimizeFile = (file: string, ...words: readonly string[]) =>
  gigafleet(folder, ["optimize", file, ...(words.includes("--trials") ? [] : ["--trials", "64"]), ...words]);
const optimize = (...words: readonly string[]) => optimizeFile("small.yaml", ...words);
const read = (name: string) => fs.readFileSync(path.join(folder, name), "utf8");

test("the plan it writes runs as it says, with what options changed in it", () => {
  const sets = ["--set", "sites.east.electricity=99 USD/MWh", "--set", "fleets.first.size=800 chips"];
  const { code, stdout, stderr } = optimize("--out", "best", "--frontier", "4", "--json", ...sets);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const { optimum, simulated, frontier } = JSON.parse(stdout);
  expect(simulated.difference).toBeLessThan(1e-9);
  expect(frontier).toHaveLength(4);
  expect(read("best/plan.yaml")).toContain("electricity: 99 USD/MWh");
  const run = gigafleet(folder, ["run", "best/plan.yaml", "--trials", "0", "--out", "run", "--quiet"]);
  expect(run.stderr).toBe("");
  const costPv = Number(/^cost_provider_pv_usd,([^,]*)/m.exec(read("run/summary.csv"))?.[1]);
  expect(Math.abs(costPv / optimum.costPv - 1)).toBeLessThan(1e-9);
  const names = JSON.parse(read("best/datapackage.json")).resources.map(({ name }: { name: string }) => name);
  expect(names).toEqual(["purchases", "shadow_prices", "frontier", "report.html", "plan.yaml"]);
  expect(read("best/frontier.csv")).toContain("buyer_cost_pv_usd");
  expect(read("best/purchases.csv").split("\n")[0]).toBe("month,chip,site,contracts,chips,facility_power_mw");
});

test.each([[[]], [["--set", "optimize.landing=quarter"]]])(
  "a plan of some fleets names those in their place, so that another search plans it anew, with %j",
  (sets) => {
    const partly = text.replace("chips: [gb300, trainium4]", "replace: [first], chips: [gb300, trainium4]");
    fs.writeFileSync(path.join(folder, "partly.yaml"), partly);
    expect(optimizeFile("partly.yaml", "--trials", "0", "--out", "once", ...sets).code).toBe(0);
    expect(read("once/plan.yaml")).toMatch(/^ {2}replace: \[(?!first\b).+\]$/m);
    const { code, stdout, stderr } = optimizeFile("once/plan.yaml", "--trials", "0", "--out", "twice");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.replace(/\s+/g, " ")).toContain("is the scenario’s own");
  },
);

test("the answer says that a plan changes nothing", () => {
  const { code, stdout } = optimize("--set", "optimize.chips=[gb300]", "--out", "same", "--trials", "0");
  expect(code).toBe(0);
  const answer = stdout.replace(/\s+/g, " ");
  expect(answer).toMatch(
    /The cheapest plan \(proved\) is the scenario’s own: 1,000 GB300 in March 2027, for \d+ M USD in present value at medians\./,
  );
  expect(answer).toMatch(
    /NPV over the horizon stays -[\d.]+ M USD; the buyer pays as much in present value until the horizon ends, and [\d.]+ M USD of its payments fall due later, as much as in the scenario\./,
  );
});

test("the screen draws the frontier and says whose book it is in", () => {
  const fee = ["--set", "contracts.deal.fee=1000 USD/month"];
  const { stdout, code } = optimize("--frontier", "3", "--book", "buyer", "--out", "buyers", ...fee);
  expect(code).toBe(0);
  const left = "contracts.deal: a capacity price and a fee are not billed, only hours";
  expect(stdout.replaceAll(/[`\s]+/g, " ")).toContain(left.replace(":", " :"));
  expect(read("buyers/report.html")).toContain(left);
  expect(stdout).toContain("in the buyer's book");
  expect(stdout.match(/^ *[\d,.]+ +[\d,.]+ +#+$/gm)).toHaveLength(3);
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("work of which nothing is asked within the horizon is served, not a share of nothing", () => {
  const later = `${text}workloads:
  chat: { kind: inference, model: llama_3_1_405b, requests: { 2035-01: 1 million requests/day }, prompt: 900 tokens, answer: 300 tokens, speed: 30 tokens/s, value: 5 USD/(million tokens) }
`;
  fs.writeFileSync(path.join(folder, "later.yaml"), later);
  const words = [
    "--set",
    "optimize.serve.all=100 %",
    "--set",
    "optimize.supply={ 2027-01: 0 EFLOPS, 2027-09: 1 EFLOPS }",
    "--json",
  ];
  const { code, stdout } = optimizeFile("later.yaml", "--out", "later", ...words);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).simulated.served).toEqual([
    { name: "chat", asked: 1, served: 1, worst: 1, isMissed: false },
  ]);
});

test("a contract that nothing in the plan uses is shown as such", () => {
  const found = optimize(
    "--set",
    "optimize.chips=[h200]",
    "--set",
    "optimize.supply={ 2027-01: 0 EFLOPS, 2027-06: 0.01 EFLOPS }",
    "--set",
    "contracts.deal.term=1 year",
    "--out",
    "unbilled",
  );
  expect(found.code).toBe(0);
  expect(found.stdout).toMatch(/no contract of the replaced fleets has a rate for `h200`/);
  const { stdout, code } = gigafleet(folder, ["run", "unbilled/plan.yaml", "--trials", "0"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/deal +0.00100 B USD and no chip-hours to use them/);
  expect(stdout).not.toContain("NaN");
});

test("a plan that buys nothing for work that names the fleet planned anew is a scenario that runs", () => {
  const work = `workloads:
  chat: { kind: inference, model: llama_3_1_405b, requests: 1 million requests/day, prompt: 900 tokens, answer: 300 tokens, speed: 30 tokens/s, value: 5 USD/(million tokens), fleets: [first] }
`;
  fs.writeFileSync(path.join(folder, "work.yaml"), `${text}${work}`);
  const words = ["--maximize", "effective_fp4", "--out", "nothing"];
  const none = ["--set", "optimize.chip_supply={ gb300: 0 chips, trainium4: 0 chips }"];
  const { code, stderr } = gigafleet(folder, ["optimize", "work.yaml", ...words, ...none]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const run = gigafleet(folder, ["run", "nothing/plan.yaml", "--trials", "0"]);
  expect(run.code).toBe(0);
  expect(run.stderr).toContain("nothing of `workloads.chat` is served");
});

test("a process without WebAssembly says that it has no solver, and writes nothing", () => {
  const line = `"${process.execPath}" --no-expose-wasm "${cli}" optimize small.yaml --out unsolved`;
  const { code, stdout, stderr } = shell(folder, line);
  expect(stderr).toBe(
    "gigafleet: this process cannot load the solver: it has no WebAssembly, may not compile it, or has too little memory for it\n",
  );
  expect([code, stdout, fs.existsSync(path.join(folder, "unsolved"))]).toEqual([3, "", false]);
});

describe("no plan", () => {
  test.each([
    [
      ["--set", "sites.east.power=0.1 MW", "--set", "optimize.supply=1 EFLOPS"],
      4,
      /power of `sites.east`.*required supply|required supply/,
    ],
    [
      ["--set", "optimize.commitments=used", "--set", "contracts.deal.commitment=90 billion USD"],
      4,
      /the commitment of `contracts.deal`/,
    ],
    [
      ["--maximize", "effective_fp4", "--without", "power", "--without", "budget"],
      1,
      /unbounded: `power` and `budget` are left out/,
    ],
    [["--set", "optimize.chips=[gb30]"], 2, /unknown chip `gb30`.*`gb300`/s],
    [["--set", "optimize.sites=[eats]"], 2, /unknown site `eats`.*`east`/s],
    [["--set", "optimize.replace=[frist]"], 2, /unknown fleet `frist`.*`first`/s],
    [
      ["--set", "chips.gb300.available_from=2040-01", "--set", "optimize.chips=[gb300]"],
      1,
      /none of the chips `gb300` can land/,
    ],
    [
      ["--maximize", "effective_fp4", "--budget", "1 USD"],
      4,
      /no purchase of the allowed chips meets the budget of `--budget`\n.*help: the cheapest plan within the other limits costs .* million USD/,
    ],
    [
      ["--time-limit", "1e-9"],
      4,
      /no plan was found: 1e-9 s were not enough .*\n.*help: allow more with `--time-limit`/,
    ],
    [["--without", "prices"], 2, /no kind of limit `prices`; the kinds are power,/],
    [
      ["--budget", "3 chips", "--maximize", "effective_fp4"],
      2,
      /`--budget 3 chips` is not an amount of money/,
    ],
    [["--time-limit", "0"], 2, /`--time-limit 0` is not a valid time: write seconds above 0/],
    [
      ["--frontier", "2.5"],
      2,
      /`--frontier 2.5` is not a valid number of plans: write a whole number from 1 to 1,000/,
    ],
    [["--minimize", "cost", "--maximize", "effective_fp4"], 2, /not both/],
  ] as const)("%j ends with %i and says why", (words, code, reason) => {
    const ended = optimize("--out", "none", ...words);
    expect(ended.stderr).toMatch(reason);
    expect(ended.code).toBe(code);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    expect(fs.existsSync(path.join(folder, "none"))).toBe(false);
  });
});
