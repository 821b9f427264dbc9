// Writes docs/pictures/: each picture of docs/pictures.md and docs/plans.md as the built command line draws it of the shipped scenarios (npm run docs).
//
//   node .config/pictures.mjs           writes what has changed
//   node .config/pictures.mjs --check   names the pictures that are stale, and ends with 1 if there are any
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const folder = path.join("docs", "pictures");
const [reference, mixes] = ["scenarios/openai-aws.yaml", "scenarios/chip-mixes.yaml"];

/** Public plans, and what docs/plans.md shows of each; its picture is named after the plan. */
const plans = {
  "anthropic-tpus": "cash",
  "coreweave-meta": "contracts",
  "meta-hyperion": "cash",
  "openai-amd": "power",
  "stargate-oracle": "cash",
};

/** What is typed, and of what it draws the pictures that the pages show: a name, or [the command's name, ours]. */
const commands = [
  {
    words: ["run", reference, "--trials", "1000"],
    pictures: ["power", "compute", "chips", "tokens", "price", "binds", "cash", "contracts", "distribution", "tornado"],
  },
  // Loans are drawn at medians, so that no trials are needed.
  { words: ["run", "scenarios/openai-aws-with-debt.yaml", "--trials", "0"], pictures: ["debt"] },
  {
    words: ["compare", mixes, "--mixes", "--trials", "100"],
    pictures: ["differences", "best", "pareto", "concentration", "bridge"],
  },
  {
    words: ["optimize", reference, "--frontier", "8", "--trials", "100"],
    pictures: ["purchases", "frontier", "books"],
  },
  {
    words: ["sweep", reference, "--over", "let.trainium4_share=30%..80%..10%", "--over", "sites.trainium_campus.pue_design=[1.15, 1.2, 1.28]"],
    pictures: ["final-cumulative-effective-fp4-yflop"],
  },
  { words: ["backtest"], pictures: ["readings-1"] },
  ...Object.entries(plans).map(([plan, picture]) => ({
    words: ["run", `scenarios/plans/${plan}.yaml`, "--trials", "400"],
    pictures: [[picture, plan]],
  })),
];

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-pictures-"));
const stale = [];
try {
  for (const [index, { words, pictures }] of commands.entries()) {
    const out = path.join(temporary, String(index));
    const typed = ["dist/cli.js", ...words, "--out", out, "--charts", "svg", "--no-report"];
    const { status, stderr } = spawnSync(process.execPath, typed, { encoding: "utf8" });
    if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}\n${stderr}`);
    for (const picture of pictures) {
      const [drawn, name] = [picture].flat().length === 2 ? picture : [picture, picture];
      const [file, text] = [path.join(folder, `${name}.svg`), fs.readFileSync(path.join(out, `${drawn}.svg`), "utf8")];
      if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) continue;
      stale.push(file);
      if (process.argv.includes("--check")) continue;
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(file, text);
    }
  }
} finally {
  fs.rmSync(temporary, { recursive: true, force: true });
}
for (const file of stale) console.log(process.argv.includes("--check") ? `${file} is stale: npm run docs` : file);
process.exitCode = process.argv.includes("--check") && stale.length > 0 ? 1 : 0;
