// What is typed for docs/pictures/, and of what it draws the pictures that the pages show: a name, or [the command's name, ours].
const [reference, mixes] = ["scenarios/openai-aws.yaml", "scenarios/chip-mixes.yaml"];

/** Public plans, and what docs/plans.md shows of each; its picture is named after the plan. */
const plans = {
  "anthropic-tpus": "cash",
  "coreweave-meta": "contracts",
  "meta-hyperion": "cash",
  "openai-amd": "power",
  "stargate-oracle": "cash",
};

/** Commands in the order in which pages are written; `pictures.mjs` runs them, and tests compare what those draw that they run anyway. */
export const commands = [
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
  { words: ["backtest"], pictures: ["nearness"] },
  ...Object.entries(plans).map(([plan, picture]) => ({
    words: ["run", `scenarios/plans/${plan}.yaml`, "--trials", "400"],
    pictures: [[picture, plan]],
  })),
];
