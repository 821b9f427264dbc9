import type { Comparison } from "../../analysis/compare/comparison.ts";
import { measureConcentration, vendorOf } from "../../analysis/compare/concentration.ts";
import { shareBest } from "../../analysis/compare/paired-sample.ts";
import { findRentOrOwn, RENT_FIGURES } from "../../analysis/compare/rent-or-own.ts";
import { findColumn } from "../../analysis/results/results.ts";
import type { TraceNode } from "../../analysis/trace/trace-node.ts";
import { sumNode } from "../../analysis/trace/trace-sum.ts";
import type { FigureName, Statistic } from "../../charts/kit/figure-name.ts";
import { isoMonth } from "../../charts/kit/months.ts";
import { brief } from "../../charts/kit/numbers.ts";
import { breakEvenText, decisionIn, scenarioWith } from "../../report/break-even.ts";
import { NET_COST } from "../../report/compare-answer.ts";
import { pairedOf, runName } from "../../report/compared.ts";
import { figureWords, inputName } from "../../report/names.ts";
import { type FigureTrace, type FigureTracer, named, pointsOf, traceDifference } from "./figure-trace.ts";
import { Refusal } from "./shown.ts";
import { percentNode, plainNode, ruledNode, shareOfTrials, trialsNode } from "./statistic-trace.ts";

/** Runs that were compared, each with what takes its figures apart. */
export type Compared = { readonly comparison: Comparison; readonly tracers: readonly FigureTracer[] };

/** What is asked of a comparison: the figure, and the run that it is of. */
type Asked = Compared & { readonly figure: FigureName; readonly run: number };

/**
 * Takes a number of a comparison apart: a figure of a run, the difference of two, or what trials and parts say of one.
 *
 * Fails: throws a `Refusal` where the comparison does not have it; as `traceFigure`.
 */
export function traceCompared(
  compared: Compared,
  { run = 0, minus, of, ...figure }: FigureName,
): FigureTrace {
  const asked = { ...compared, figure, run };
  const names = compared.comparison.runs.map(runName);
  const [name, other] = [names[run], minus === undefined ? undefined : names[minus]];
  if (name === undefined) throw new Refusal("the plans were compared before; compare them again");
  if (of !== undefined) {
    const tree = STATISTICS[of]?.(asked);
    if (!tree) throw new Refusal("the comparison says nothing of it");
    return { metric: figure.metric, text: "", tree };
  }
  const own = traceIn(asked, run, figure);
  if (minus === undefined || other === undefined) return own;
  return traceDifference(own, traceIn(asked, minus, figure), [name, other]);
}

function traceIn({ tracers }: Compared, run: number, figure: FigureName): FigureTrace {
  return tracers[run]?.(figure) ?? { refusal: "the plans were compared before; compare them again" };
}

/** A figure of a run at medians, named after it. */
function figureIn(
  asked: Asked,
  run: number,
  figure: FigureName = { metric: asked.figure.metric },
): TraceNode {
  const traced = traceIn(asked, run, figure);
  if ("refusal" in traced) throw new Refusal(traced.refusal);
  return named(traced.tree, nameOf(asked, run));
}

function nameOf({ comparison }: Compared, run: number): string {
  return runName(comparison.runs[run]);
}

/** The figure of every run at medians. */
function figuresOf(asked: Asked): readonly TraceNode[] {
  return asked.comparison.runs.map((_, run) => figureIn(asked, run));
}

const STATISTICS: Partial<Record<Statistic, (asked: Asked) => TraceNode | undefined>> = {
  trials: ({ comparison: { sample, runs } }) =>
    sample && trialsNode(sample, Math.max(...runs.map(({ results }) => results.notes.uncertainCount))),

  best: (asked) => {
    const { figure, run, comparison } = asked;
    const rank = pairedOf(comparison, figure.metric, run)?.rank;
    if (!rank) return undefined;
    const [most, words] = [rank.sense === "less" ? "least" : "most", figureWords(figure.metric)];
    const figures = comparison.sample?.figures.get(figure.metric) ?? [];
    return shareOfTrials({
      name: `chance that ${nameOf(asked, run)} is best in ${words}`,
      share: shareBest(figures, run),
      trials: rank.trials,
      which: `trials in which ${nameOf(asked, run)} has the ${most}`,
      rule: `every trial draws the same values for all plans; the plan with the ${most} of ${words} wins it, plans that tie share it, and those that are the same in every trial count as one`,
      figures: figuresOf(asked),
    });
  },

  regret: (asked) => {
    const { figure, run, comparison } = asked;
    const paired = pairedOf(comparison, figure.metric, run);
    if (!paired?.rank) return undefined;
    const { sense, expectedRegret: regret } = paired.rank;
    const words = figureWords(figure.metric);
    const name = `mean loss of choosing ${nameOf(asked, run)}`;
    const existsInAll = comparison.runs.every(
      (_, one) => pairedOf(comparison, figure.metric, one)?.value.share === 1,
    );
    // The means are of different trials where the figure does not exist in some.
    if (!existsInAll) {
      const figures = figuresOf(asked);
      return { ...ruledNode(name, regret, "mean over the trials", figures), ...pointsOf(figures[0] ?? {}) };
    }
    const [mean, sign] = [paired.value.mean, sense === "less" ? -1 : 1];
    const own = ruledNode(`mean of ${words} of ${nameOf(asked, run)}`, mean, "over the trials", [
      figureIn(asked, run),
    ]);
    const best = {
      ...ruledNode("mean of the best", mean + sign * regret, "over the trials", figuresOf(asked)),
      notes: [
        `of every trial that of the plan with the ${sense === "less" ? "least" : "most"}, as if it were known before which one that is`,
      ],
    };
    const [more, less] = sense === "less" ? [own, best] : [best, own];
    const about = { name, unit: own.unit, how: "difference of means", ...pointsOf(own) };
    return sumNode(about, [more, { ...less, sign: "-" }]);
  },

  relative: (asked) => {
    const { figure, run } = asked;
    const [own, other] = [figureIn(asked, run), { ...figureIn(asked, 0), sign: "/" as const }];
    const { unit } = own;
    const name = `${figure.metric}, ${nameOf(asked, run)} less ${nameOf(asked, 0)}`;
    const less = { ...figureIn(asked, 0), sign: "-" as const };
    const children: readonly TraceNode[] = [
      { ...sumNode({ name, unit, how: "of two plans", ...pointsOf(own) }, [own, less]), sign: "x" },
      other,
    ];
    const share = (own.canonical - other.canonical) / other.canonical;
    const words = figureWords(figure.metric);
    return {
      ...percentNode(`change of ${words} from ${nameOf(asked, 0)}`, share),
      operator: "x",
      how: "share",
      children,
    };
  },

  cheaper: (asked) => {
    const { figure, run, comparison } = asked;
    const rank = pairedOf(comparison, figure.metric, run)?.rank;
    if (!rank) return undefined;
    const [more, words] = [rank.sense === "less" ? "less" : "more", figureWords(figure.metric)];
    const [own, first] = [nameOf(asked, run), nameOf(asked, 0)];
    return shareOfTrials({
      name: `chance that ${own} has ${more} of ${words} than ${first}`,
      share: rank.probabilityBeatsFirst,
      trials: rank.trials,
      which: `trials in which ${own} has ${more}`,
      rule: "both plans have the same draws in a trial",
      figures: [0, run].map((one) => figureIn(asked, one)),
    });
  },

  unbeaten: (asked) => {
    const { figure, run, comparison } = asked;
    const share = comparison.sample?.paretoShares[run];
    if (share === undefined || !comparison.sample) return undefined;
    return shareOfTrials({
      name: `chance that no other beats ${nameOf(asked, run)} in both`,
      share,
      trials: comparison.sample.trials,
      which: "trials in which no other does",
      rule: "another plan beats it where it costs no more and computes no less, and is better in one of the two",
      figures: comparison.runs.flatMap((_, one) => [
        figureIn(asked, one, { metric: figure.metric }),
        figureIn(asked, one, { metric: COMPUTE }),
      ]),
    });
  },

  "break-even": (asked) => {
    const { input, leader, next, runs, other } = decisionOf(asked);
    return {
      ...plainNode(`break-even of the ${input.name}`, input.quantile * 100, "% of its draws"),
      word: breakEvenText(input, runs),
      operator: "rule",
      how: "where the mean difference changes sign",
      notes: [
        `${percentText(input.quantile)} of its draws lie below`,
        `on this side ${leader} is better in ${percentText(input.leaderBetter)} of trials, beyond it ${next} in ${percentText(input.otherBetter)}`,
      ],
      children: [input.tree, ...other],
    };
  },

  beyond: (asked) => {
    const { input, runs, trials } = decisionOf(asked);
    const side = input.isAbove ? "above" : "below";
    return shareOfTrials({
      name: `chance that the ${input.name} is beyond its break-even`,
      share: input.beyond,
      trials,
      which: `trials with it ${side} ${breakEvenText(input, runs)}`,
      rule: `a trial counts where its draw of the input lies ${side} the break-even`,
      figures: [input.tree],
    });
  },

  holds: (asked) => {
    const { input, next, trials, other } = decisionOf(asked);
    return shareOfTrials({
      name: `chance that ${next} is better beyond the break-even`,
      share: input.otherBetter,
      trials: Math.round(input.beyond * trials),
      which: `trials beyond it in which ${next} is better`,
      rule: "both plans have the same draws in a trial",
      figures: other,
    });
  },

  vendor: (asked) => vendorShare(asked, asked.figure.entity ?? ""),

  concentration: (asked) => {
    const vendors = measureConcentration(asked.comparison.runs[asked.run]).filter(
      ({ by }) => by === "vendor",
    );
    const squares = vendors.map(({ name, computeShare: share }): TraceNode => {
      const children = [vendorShare(asked, name), plainNode("2", 2)];
      const square = plainNode(`share of ${name}, squared`, share * share);
      return { ...square, operator: "^", how: "square", children };
    });
    return sumNode({ name: "Herfindahl index", unit: "", how: "sum of squared shares" }, squares);
  },

  rent: (asked) => {
    const { found, part } = rentOf(asked);
    const children = [part(found.rent, RENT_FIGURES[0], "x"), part(found.rent, RENT_FIGURES[1], "/")];
    return { ...plainNode("flat rent that is paid", found.rate, RATE), operator: "x", how: "x", children };
  },

  "even-rent": (asked) => {
    const { found, part } = rentOf(asked);
    const { own, rent } = found;
    const less = sumNode(
      { name: "cost of owning less all of renting but the rent", unit: "USD", how: "sum" },
      [part(own, NET_COST), { ...part(rent, NET_COST), sign: "-" }, part(rent, RENT_FIGURES[0])],
    );
    const children = [{ ...less, sign: "x" as const }, part(rent, RENT_FIGURES[1], "/")];
    const name = "flat rent at which both cost the same";
    return { ...plainNode(name, found.breakEven, RATE), operator: "x", how: "x", children };
  },
};

const COMPUTE = "final_cumulative_effective_fp4_yflop";
const RATE = "USD/chip-hour";

function percentText(share: number): string {
  return `${brief(share * 100)} %`;
}

/** What decides between two runs, in words and taken apart. */
function decisionOf(asked: Asked) {
  const { comparison, figure } = asked;
  const decision = decisionIn(comparison, figure.metric);
  const input = decision?.inputs.find(({ key }) => key === figure.entity);
  if (!decision || !input) throw new Refusal("the comparison says nothing of it");
  const places = [decision.leader, decision.next];
  const runs = places.map((place) => comparison.runs[place]);
  const has = scenarioWith(input, runs);
  const place = comparison.runs.indexOf(has);
  const name = inputName(has.scenario, input.key);
  const tree = figureIn(asked, place, { metric: input.key });
  const [leader, next] = runs.map(runName);
  return {
    input: { ...input, name, tree },
    leader,
    next,
    runs,
    trials: comparison.sample?.trials ?? 0,
    other: places.map((one) => figureIn(asked, one)),
  };
}

/** The share of a vendor's chips in a figure added up over the horizon. */
function vendorShare(asked: Asked, vendor: string): TraceNode {
  const { comparison, run, figure } = asked;
  const { scenario, results } = comparison.runs[run];
  const { metric } = figure;
  const parts = results.parts.map(({ key, chip }) => {
    const values = findColumn(results, "part", metric, key) ?? new Float64Array();
    const first = figureIn(asked, run, { metric, entity: key, when: isoMonth(results.startMonth) });
    const months = Array.from(values, (_, month) => isoMonth(results.startMonth + month));
    const value = values.reduce((sum, one) => sum + one, 0);
    const node: TraceNode = {
      ...ruledNode(metric, value, `sum of ${months.length} months`, [first]),
      entity: key,
      unit: `${first.unit} \u00d7 months`,
      operator: "+",
      children: [],
      later: () =>
        sumNode(
          { name: metric, unit: first.unit, how: "+" },
          months.flatMap((when, month) =>
            values[month] === 0 ? [] : [figureIn(asked, run, { metric, entity: key, when })],
          ),
        ).children,
    };
    return { vendor: vendorOf(scenario, chip), node };
  });
  if (parts.length === 0) throw new Refusal("the plan has no chips");
  const sumOf = (name: string, some: typeof parts) =>
    sumNode(
      { name, unit: some[0]?.node.unit ?? "", how: `sum of ${some.length} parts` },
      some.map(({ node }) => node),
    );
  const own = sumOf(
    `${metric} of ${vendor}`,
    parts.filter((part) => part.vendor === vendor),
  );
  const all = sumOf(`${metric} of all`, parts);
  const share = all.canonical === 0 ? Number.NaN : own.canonical / all.canonical;
  const children: readonly TraceNode[] = [
    { ...own, sign: "x" },
    { ...all, sign: "/" },
  ];
  return { ...percentNode(`share of ${vendor}`, share), operator: "x", how: "share", children };
}

/** Renting and owning, and what takes a figure of either apart. */
function rentOf(asked: Asked) {
  const found = findRentOrOwn(asked.comparison.runs);
  if (!found) throw new Refusal("the comparison says nothing of it");
  const part = (run: number, metric: string, sign?: "x" | "/"): TraceNode => ({
    ...figureIn(asked, run, { metric }),
    ...(sign ? { sign } : {}),
  });
  return { found, part };
}
