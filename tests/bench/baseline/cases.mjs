// What both programs are asked: commands over the frozen scenarios and over random ones.
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { drawInputs } from "./random-inputs.mjs";

/** Random scenarios of a whole comparison, and of a quick one. */
export const RANDOM = { whole: 100, quick: 16 };

/** What a quick comparison takes of the frozen scenarios. */
const QUICK = ["openai-aws", "starter", "power-two-years-late-waiting"];

/** The cache of the commit, from the folder where a case runs: work/NAME/old/CASE or work/NAME/new/CASE below it. */
const BASE = "../../../..";

/** One thread, so that a comparison costs the same everywhere; the tables do not depend on it. */
const SAMPLE = ["--trials", "200", "--threads", "1"];
const RESULTS = ["--out", "out"];

/**
 * Lists the cases: each a name, a command and its words. Their inputs are named
 * relative to the folder where they run, so that no text of theirs depends on the machine.
 */
export async function listCases(packageFolder, { count, isQuick }) {
  return [...listFrozen(packageFolder, isQuick), ...(await listRandom(packageFolder, count))];
}

function makeCase(command, name, files, ...options) {
  return { command, name: `${command} ${name}`, words: [command, ...files, ...options, ...RESULTS] };
}

function listFrozen(packageFolder, isQuick) {
  const from = (file) => `${BASE}/package/${file}`;
  const found = (folder) =>
    fs
      .readdirSync(path.join(packageFolder, folder))
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => ({ name: path.basename(file, ".yaml"), file: `${folder}/${file}` }))
      .filter(({ name }) => !isQuick || QUICK.includes(name));
  const scenarios = found("scenarios");
  const [main, ...others] = scenarios.filter(({ name }) => name !== "starter").sort(mainFirst);
  const plan = from("tests/bench/optimize.yaml");
  const cases = [...scenarios, ...found("scenarios/validation")].map(({ name, file }) =>
    makeCase("run", name, [from(file)], ...SAMPLE),
  );
  for (const { name, file } of scenarios) {
    const site = lastSite(path.join(packageFolder, file));
    cases.push(
      makeCase("sensitivity", name, [from(file)], "--trials", "16", "--threads", "1"),
      makeCase(
        "sweep",
        name,
        [from(file)],
        "--over",
        `sites.${site}.delay=[0 months, 7 months]`,
        "--threads",
        "1",
      ),
      makeCase("optimize", name, [from(file)]),
    );
  }
  const starter = [from("scenarios/starter.yaml")];
  cases.push(
    makeCase(
      "compare",
      "openai-aws with all",
      [main, ...others].map(({ file }) => from(file)),
      ...SAMPLE,
    ),
    makeCase("sweep", "starter, sampled", starter, "--over", "let.energy_escalation=[0 %, 5 %]", ...SAMPLE),
    makeCase("optimize", "starter, frontier", starter, "--frontier", "3"),
    makeCase("optimize", "starter, most compute", starter, "--maximize", "effective_fp4"),
    // Money of another year than the report's, with an inflation between.
    makeCase(
      "optimize",
      "starter, budget of 2020",
      starter,
      ...["--maximize", "effective_fp4", "--set", "money.inflation=30 %"],
      ...["--set", "optimize.budget={value: 300 million USD, currency_year: 2020}"],
    ),
  );
  if (isQuick) return cases;
  cases.push(
    makeCase(
      "compare",
      "chip-mixes",
      [from("scenarios/chip-mixes.yaml")],
      "--mixes",
      "--trials",
      "50",
      "--threads",
      "1",
    ),
    makeCase("optimize", "openai-aws, buyer", [from(main.file)], "--book", "buyer"),
    makeCase("optimize", "six chips at four sites", [plan]),
  );
  return cases;
}

const mainFirst = (one, other) => (other.name === "openai-aws") - (one.name === "openai-aws");

/** The last site that a scenario, or what it extends, has; one that is null is left out of it. */
function lastSite(file) {
  const { sites, extends: base } = parse(fs.readFileSync(file, "utf8"));
  const names = Object.keys(sites ?? {}).filter((name) => sites[name] !== null);
  return names.at(-1) ?? lastSite(path.join(path.dirname(file), base));
}

/** Each random scenario is run; of the other commands it gets one, in turn. */
async function listRandom(packageFolder, count) {
  const inputs = await drawInputs(packageFolder, count);
  // With a digest of the text in the name, results that are kept are never those of another text.
  const folder = path.join(path.dirname(packageFolder), "random");
  fs.mkdirSync(folder, { recursive: true });
  const files = inputs.map(({ name, text }) => {
    const digest = crypto.createHash("sha256").update(text).digest("hex").slice(0, 8);
    const target = path.join(folder, `${name}-${digest}.yaml`);
    if (!fs.existsSync(target)) {
      fs.writeFileSync(`${target}.${process.pid}`, text);
      fs.renameSync(`${target}.${process.pid}`, target);
    }
    return `${BASE}/random/${path.basename(target)}`;
  });
  return inputs.flatMap(({ name, isUncertain }, index) => {
    const [file, next] = [files[index], files[(index + 2) % count]];
    const others = {
      optimize: () => makeCase("optimize", name, [file]),
      sweep: () =>
        makeCase(
          "sweep",
          name,
          [file],
          "--over",
          "sites.site_0.delay=[0 months, 5 months]",
          "--threads",
          "1",
        ),
      compare: () => makeCase("compare", name, [file, next], ...SAMPLE),
      // Without an uncertain value there is nothing to say.
      sensitivity: () => makeCase("sensitivity", name, [file], "--trials", "16", "--threads", "1"),
    };
    const turn = Object.values(others).slice(0, isUncertain ? 4 : 3);
    return [makeCase("run", name, [file], ...SAMPLE), turn[(index >> 1) % turn.length]()];
  });
}
