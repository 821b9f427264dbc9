/** The search behind the page, in Node: what it finds, what the plan that it hands out is, and what it refuses. */
import { describe, expect, test } from "vitest";
import { runPlain } from "../../src/analysis/results/plain-run.ts";
import { findColumn } from "../../src/analysis/results/results.ts";
import type { FigureName } from "../../src/charts/kit/figure-name.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { loadSolver } from "../../src/solver/highs-solver.ts";
import { findPlan } from "../../src/web/engine/find-plan.ts";
import { createSession } from "../../src/web/engine/session.ts";
import { Refusal } from "../../src/web/engine/shown.ts";
import { figureAttributes, readFigureAttributes } from "../../src/web/figure-attributes.ts";
import type { Plan, Replies, Search } from "../../src/web/messages.ts";
import { smallScenario } from "../cli/gigafleet.ts";
import { reader, shipped } from "./shipped.ts";

const solver = await loadSolver();

/** The chip of the small scenario again, for half the price. */
const half = smallScenario
  .slice(smallScenario.indexOf("  tiny:\n"))
  .replace("tiny:", "half:")
  .replace("title: Tiny", "title: Half <b>price</b>")
  .replace("10 thousand USD", "5 thousand USD");
const text = `${smallScenario}${half}optimize: { chips: [tiny, half] }\n`;

const find = (plan: Partial<Plan> = {}, more: Partial<Search> = {}) =>
  findPlan(
    {
      shipped,
      plan: { file: "own.yaml", text, others: {}, sets: [], ...plan },
      goal: "minimize_cost",
      book: "provider",
      width: 400,
      ...more,
    },
    reader,
    solver,
  );

async function costOf(plan: Plan): Promise<number | undefined> {
  const { scenario } = reader.load(plan);
  const run = scenario && (await runPlain(scenario, createThreadRunner()));
  return run?.results && findColumn(run.results, "run", "cost_provider_pv_usd")?.[0];
}

describe("a search", () => {
  test("buys the chip of half the price, says what that saves, and hands out a scenario that runs so", async () => {
    const { sentences, purchases, pictures, file, text: found, others } = await find();
    // To the solver's tolerance: a hundred chips at 5 instead of 10 thousand USD.
    expect(sentences.replace(/<[^>]*>/g, "").replace(/\u202f/g, " ")).toContain("0.500 M USD or 50 % below");
    expect(purchases).toContain("Half &lt;b&gt;price&lt;/b&gt;");
    expect(sentences + purchases + JSON.stringify(pictures)).not.toContain("<b>price");
    expect(pictures.map(({ id }) => id)).toEqual(["search-purchases", "search-books"]);
    expect([file, Object.keys(others)]).toEqual(["own.optimum.yaml", ["own.yaml"]]);
    expect(await costOf({ file, text: found, others, sets: [] })).toBeCloseTo(500_000, 2);
  });

  test("has numbers that open their trace, of the plan found and the one searched for", async () => {
    const plan = { file: "own.yaml", text, others: {}, sets: [] };
    const { sentences, pictures, purchases, traces, file, text: foundText, others } = await find(plan);
    const session = createSession(
      reader,
      () => {},
      async () => {},
    );
    await session.run({ kind: "run", run: 1, plan, pins: [], width: 400 });
    const traceOf = async (attributes: string) => {
      const data = Object.fromEntries(
        [...attributes.matchAll(/data-(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
      );
      const figure = readFigureAttributes(data) as FigureName;
      const own = traces[figureAttributes(figure)];
      if (own) return own.tree.canonical;
      const plans = [plan, { file, text: foundText, others, sets: [] }] as const;
      const { tree } = (await session.answer({ kind: "trace", figure, plans })) as Replies["trace"];
      return tree.canonical;
    };
    const buttons = (html: string) =>
      [...html.matchAll(/<button type="button" class="num"([^>]*)>(.*?)<\/button>/g)].map(
        ([, attributes = "", shown = ""]) => [shown, attributes] as const,
      );
    const [bought = ["", ""], cost = ["", ""], saved = ["", ""], share = ["", ""]] = buttons(sentences);
    expect(await traceOf(bought[1])).toBeCloseTo(100, 6);
    expect(await traceOf(cost[1])).toBeCloseTo(500_000, 2);
    expect(await traceOf(saved[1])).toBeCloseTo(-500_000, 2);
    expect(await traceOf(share[1])).toBeCloseTo(-0.5, 8);
    const [row = ["", ""]] = buttons(purchases);
    expect([row[0], await traceOf(row[1])]).toEqual(["100", expect.closeTo(100, 6)]);
    const books = pictures.find(({ id }) => id === "search-books");
    const [before = ["", ""], after = ["", ""]] = buttons(books?.html ?? "").filter(
      ([, attributes]) => !attributes.includes('data-of="trials"'),
    );
    expect(await traceOf(before[1])).toBeCloseTo(1_000_000, 2);
    expect(await traceOf(after[1])).toBeCloseTo(500_000, 2);
    // Every other number opens too.
    const every = buttons(sentences + pictures.map(({ html }) => html).join(""));
    for (const [, attributes] of every) expect(await traceOf(attributes)).toBeTypeOf("number");
    // Chips landed by month stand in the numbers of the picture.
    const landed = every.filter(([, attributes]) => attributes.includes("chips_landed"));
    const sums = new Map<string, number>();
    for (const [, attributes] of landed) {
      const [, run = ""] = /data-run="(\d)"/.exec(attributes) ?? [];
      sums.set(run, (sums.get(run) ?? 0) + (await traceOf(attributes)));
    }
    expect([sums.get("0"), sums.get("1")]).toEqual([expect.closeTo(100, 6), expect.closeTo(100, 6)]);
    // No number in a sentence is left without a trace but the digits of names and dates.
    const texts = sentences.replace(/<button.*?<\/button>/g, "").replace(/<[^>]*>/g, "");
    expect(
      texts.replace(
        /(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}/g,
        "",
      ),
    ).not.toMatch(/\d/);
  });

  test("repeats moved values in the plan that it hands out", async () => {
    const { file, text: found, others } = await find({ sets: ["chips.half.price=6 thousand USD"] });
    expect(await costOf({ file, text: found, others, sets: [] })).toBeCloseTo(600_000, 2);
  });

  test("of an uncertain plan says in how many trials it is cheaper", async () => {
    // From 4 to 6 thousand USD against 10: in every trial.
    const uncertain = text.replace("price: 5 thousand USD", "price: 4 thousand USD to 6 thousand USD");
    const plan = { file: "own.yaml", text: uncertain, others: {}, sets: [] };
    const { sentences, file, text: found, others } = await find(plan);
    const words = sentences.replace(/<[^>]*>/g, "").replace(/\u202f/g, " ");
    expect(words).toContain("cheaper in 100 % of them");
    const session = createSession(
      reader,
      () => {},
      async () => {},
    );
    await session.run({ kind: "run", run: 1, plan, pins: [], width: 400 });
    const { tree } = (await session.answer({
      kind: "trace",
      figure: { metric: "cost_provider_pv_usd", run: 1, of: "cheaper" },
      plans: [plan, { file, text: found, others, sets: [] }],
    })) as Replies["trace"];
    expect([tree.canonical, tree.children.map(({ value, unit }) => [value, unit])]).toEqual([
      1,
      [
        [2000, "trials"],
        [2000, "trials"],
      ],
    ]);
  });

  test.each([
    ["a fault", { text: text.replace("pue_design", "pue_desing") }, {}, "pue_desing"],
    ["an unknown chip", { text: text.replace("chips: [tiny, half]", "chips: [tina]") }, {}, "tina"],
    [
      "a budget that buys nothing it must",
      { text: text.replace("[tiny, half] }", "[tiny, half], budget: 1 USD }") },
      {},
      "cannot hold together",
    ],
    ["no contract, in the buyer\u2019s book", {}, { book: "buyer" }, "no contract of the replaced fleets"],
  ] as const)("with %s is refused in words", async (_what, plan, more, says) => {
    const refused = find(plan, more);
    await expect(refused).rejects.toThrow(Refusal);
    await expect(refused).rejects.toThrow(says);
  });
});
