import { type Comparison, compareFigures, paretoOf } from "../analysis/compare/comparison.ts";
import { measureConcentration } from "../analysis/compare/concentration.ts";
import { senseOf } from "../analysis/compare/headlines.ts";
import { areSame, leadersIn, shareBest } from "../analysis/compare/paired-sample.ts";
import type { Book } from "../analysis/results/book.ts";
import { differenceMeasure, type Measure, measureOf, withUnit } from "../charts/kit/measure.ts";
import { fixed, percent, signed } from "../charts/kit/numbers.ts";
import type { NumberTable, Picture } from "../charts/kit/picture.ts";
import { sentence } from "../charts/kit/sentence.ts";
import { type BestColumn, drawBest, SAME } from "../charts/pictures/best.ts";
import { type BridgeData, drawBridge, isBridgeCut } from "../charts/pictures/bridge.ts";
import { type DifferencePanel, drawDifferences } from "../charts/pictures/differences.ts";
import { drawPareto } from "../charts/pictures/pareto.ts";
import { drawShares } from "../charts/pictures/shares.ts";
import { claimOf, isEqualCompute } from "./compare-answer.ts";
import { basisText, comparedReading, marksOf, pairedOf, runName } from "./compared.ts";
import { FIGURE_WORDS } from "./names.ts";
import { trialsTold } from "./readings.ts";

/** A figure that is compared: its words, and points in place of per cent for a difference of shares. */
type Figure = { readonly metric: string; readonly title: string };

const TITLED: readonly Figure[] = Object.entries(FIGURE_WORDS).map(([metric, { title }]) => ({
  metric,
  title,
}));

/** What is left after tax and debt: a comparison shows the last of these that it has. */
const LEFT = ["npv_provider_after_tax_usd", "equity_npv_usd", "equity_npv_after_tax_usd"];
const PROVIDER = TITLED.filter(({ metric }) => !LEFT.includes(metric));

/** Scenarios drawn; of more the first. */
const MOST_RUNS = 16;

/** Pictures of the first basis: differences, cost against compute, dependence, chances, and a bridge. */
export function comparePictures(
  comparison: Comparison,
  book: Book,
  bridge: BridgeData | undefined,
): readonly Picture[] {
  const own = cut(comparison);
  return [
    differencesPicture(own, [...PROVIDER, ...leftOf(own)], "differences", "Each scenario against the first"),
    ...bestPicture(own, book),
    ...paretoPicture(own, book),
    sharesPicture(own),
    ...(bridge ? [bridgePicture(bridge)] : []),
  ];
}

/** The figure of what is left after tax and debt, where all scenarios have one. */
function leftOf(comparison: Comparison): readonly Figure[] {
  const isInAll = (metric: string) =>
    comparison.runs.every((_, run) => comparedReading(comparison, metric, run) !== undefined);
  return TITLED.filter(({ metric }) => LEFT.includes(metric) && isInAll(metric)).slice(-1);
}

/** Pictures of the other bases: differences in what the basis does not hold equal. */
export function scaledPictures(others: readonly Comparison[]): readonly Picture[] {
  return others.map((comparison, index) => {
    const figures = PROVIDER.filter(({ metric }) =>
      isEqualCompute(comparison) ? !/^final_/.test(metric) : !/^cost_/.test(metric),
    ).slice(0, 3);
    return differencesPicture(
      cut(comparison),
      figures,
      `scaled-${index + 1}`,
      `Scaled to ${basisText(comparison)}`,
    );
  });
}

function cut(comparison: Comparison): Comparison {
  return comparison.runs.length <= MOST_RUNS
    ? comparison
    : { ...comparison, runs: comparison.runs.slice(0, MOST_RUNS) };
}

function differencesPicture(
  comparison: Comparison,
  figures: readonly Figure[],
  id: string,
  title: string,
): Picture {
  const { runs, sample } = comparison;
  const compared = compareFigures({ basis: comparison.basis, runs });
  const panels = figures.flatMap(({ metric, title: name }): (DifferencePanel & Pick<Figure, "metric">)[] => {
    const unit = compared.find((one) => one.metric === metric)?.unit;
    const better = senseOf(metric);
    if (unit === undefined || better === undefined) return [];
    const differences = runs.slice(1).map((_, index) => {
      const quantiles = pairedOf(comparison, metric, index + 1)?.difference.quantiles;
      if (quantiles?.every(Number.isFinite))
        return { low: quantiles[0], middle: quantiles[1], high: quantiles[2] };
      const plain = compared.find((one) => one.metric === metric && one.run === index + 1)?.difference;
      return plain === undefined ? undefined : { middle: plain };
    });
    const values = differences.flatMap((one) => (one ? [one.low ?? 0, one.middle, one.high ?? 0] : []));
    return [{ metric, title: name, better, measure: differenceMeasure(unit, values), differences }];
  });
  const marks = marksOf(comparison).slice(1);
  const first = runName(runs[0]);
  return {
    id,
    title,
    subtitle: sample
      ? sentence`Differences from ${first}, the same draws for both. Disc: median of ${trialsTold(sample.trials, 0)}; line: P5 to P95, thick and number bold where it excludes zero.`
      : `Differences from ${first} at medians; no sample was taken.`,
    note: "The disc shows the chips that tell a scenario from the others.",
    isWide: true,
    draw: (width) => drawDifferences({ marks, panels }, width),
    numbers: {
      caption: `Differences from ${first}${sample ? ", median with P5 to P95" : ""}`,
      columns: [
        { name: "Scenario" },
        ...panels.map(({ title: name, measure }) => ({ name, unit: measure.unit })),
      ],
      rows: marks.map(({ name }, index) => [
        name,
        ...panels.map(({ differences, measure }) => {
          const one = differences[index];
          if (!one) return "";
          const text = (value: number) => signed(value, measure.text);
          const range =
            one.low === undefined || one.high === undefined ? "" : ` (${text(one.low)} to ${text(one.high)})`;
          return text(one.middle) + range;
        }),
      ]),
      figureAt: (row, column) =>
        panels[column - 1].differences[row] && { metric: panels[column - 1].metric, run: row + 1, minus: 0 },
    },
  };
}

function bestPicture(comparison: Comparison, book: Book): readonly Picture[] {
  const { runs, sample } = comparison;
  if (!sample) return [];
  const figures = [
    {
      metric: book === "buyer" ? "buyer_cost_pv_usd" : "cost_provider_pv_usd",
      title: book === "buyer" ? "Buyer\u2019s payments" : "Provider\u2019s cost",
    },
    { metric: "final_cumulative_effective_fp4_yflop", title: "Effective FP4" },
    { metric: "horizon_demand_unserved_share", title: "Work unserved" },
    { metric: "npv_provider_usd", title: "Provider\u2019s NPV" },
  ];
  const columns = figures.flatMap(({ metric, title }) => {
    const ranks = runs.map((_, run) => pairedOf(comparison, metric, run)?.rank);
    if (ranks.some((rank) => rank === undefined)) return [];
    const regrets = ranks.map((rank) => rank?.expectedRegret ?? 0);
    const unit = comparedReading(comparison, metric, 0)?.unit ?? "1";
    const sampled = sample.figures.get(metric) ?? [];
    return [
      {
        metric,
        title,
        measure: differenceMeasure(unit, regrets),
        chances: runs.map((_, run) => shareBest(sampled, run)),
        isSame: areSame(sampled),
        regrets,
        lead: leadOf(comparison, metric),
      },
    ];
  });
  if (columns.length === 0) return [];
  const marks = marksOf(comparison);
  return [
    {
      id: "best",
      title: "How often each scenario is best, and what choosing it costs",
      subtitle: sentence`Share of ${trialsTold(sample.trials, 0)} in which the scenario is best, and what choosing it loses on average against the best of each trial. Strongest colour: clearly best; framed: most often, but not clearly.`,
      note: "A scenario can be best in one figure because it fails in another: less work served is less cost.",
      isWide: true,
      draw: (width) => drawBest({ marks, columns }, width),
      numbers: {
        caption: "Chance of being best, and mean regret",
        columns: [
          { name: "Scenario" },
          ...columns.flatMap(({ title, measure }) => [
            { name: title, unit: "best in" },
            { name: title, unit: `regret, ${measure.unit}` },
          ]),
        ],
        rows: marks.map(({ name }, run) => [
          name,
          ...columns.flatMap(({ chances, isSame, regrets, measure }) => [
            isSame ? SAME : percent(chances[run]),
            measure.text(regrets[run]),
          ]),
        ]),
        figureAt: (run, column) => ({
          metric: columns[Math.floor((column - 1) / 2)].metric,
          run,
          of: column % 2 === 1 ? "best" : "regret",
        }),
      },
    },
  ];
}

/** Who is best most often in a figure among the scenarios drawn, and whether that may be called best. */
function leadOf({ runs, sample }: Comparison, metric: string): BestColumn["lead"] {
  const leaders = leadersIn((sample?.figures.get(metric) ?? []).slice(0, runs.length));
  if (!leaders || !sample) return undefined;
  const share = shareBest(sample.figures.get(metric) ?? [], leaders.leader);
  return { run: leaders.leader, isClear: claimOf(share, sample.trials) === "best" };
}

function paretoPicture(comparison: Comparison, book: Book): readonly Picture[] {
  const { runs, sample } = comparison;
  const metrics = {
    cost: book === "buyer" ? "buyer_cost_pv_usd" : "cost_provider_pv_usd",
    compute: "final_cumulative_effective_fp4_yflop",
  };
  const best = paretoOf(compareFigures({ basis: comparison.basis, runs }), runs.length, book);
  const marks = marksOf(comparison);
  const points = marks.flatMap((mark, run) => {
    const [cost, compute] = [metrics.cost, metrics.compute].map((metric) =>
      comparedReading(comparison, metric, run),
    );
    if (!cost || !compute) return [];
    const ends = ({ low, middle, high }: typeof cost) => [low ?? middle, middle, high ?? middle] as const;
    return [{ run, mark, cost: ends(cost), compute: ends(compute), isBest: best[run] }];
  });
  if (points.length === 0) return [];
  const cost = measureOf(
    "USD",
    points.flatMap((point) => point.cost),
  );
  const compute = measureOf(
    "YFLOP",
    points.flatMap((point) => point.compute),
  );
  const text = ([low, middle, high]: readonly number[], measure: Measure) =>
    sample ? `${measure.text(middle)} (${measure.text(low)} to ${measure.text(high)})` : measure.text(middle);
  return [
    {
      id: "pareto",
      title: "Cost against compute",
      subtitle: sample
        ? sentence`Medians of ${trialsTold(sample.trials, 0)}; the bars beside the axes reach from P5 to P95. Dashed: scenarios that no other beats in both, at medians.`
        : "At medians. Dashed: scenarios that no other beats in both.",
      note: sample
        ? "The ranges are not independent: most of their length is shared by all. The paired differences above tell two scenarios apart."
        : "",
      draw: (width) =>
        drawPareto(
          {
            points,
            cost,
            compute,
            costTitle: `${book}\u2019s cost, present value`,
            computeTitle: "effective FP4 over the horizon",
          },
          width,
        ),
      numbers: {
        caption: "Cost and compute",
        columns: [
          { name: "Scenario" },
          { name: "Cost", unit: cost.unit },
          { name: "Effective FP4", unit: compute.unit },
          { name: "Beaten by none" },
        ],
        rows: points.map(({ mark, cost: c, compute: f, isBest }, run) => [
          mark.name,
          text(c, cost),
          text(f, compute),
          sample?.paretoShares[run] === undefined
            ? isBest
              ? "yes"
              : "no"
            : percent(sample.paretoShares[run]),
        ]),
        figureAt: (row, column) => {
          const metric = [metrics.cost, metrics.compute][column - 1];
          const { run } = points[row];
          if (metric !== undefined) return { metric, run };
          return sample?.paretoShares[run] === undefined
            ? undefined
            : { metric: metrics.cost, run, of: "unbeaten" };
        },
      },
    },
  ];
}

/** Colours of vendors in the bars of dependence: those of their chips, and greens for others. */
const VENDOR_COLOURS: Readonly<Record<string, string>> = {
  NVIDIA: "chip-nvidia-3",
  AWS: "chip-aws-2",
  Google: "chip-google-1",
  AMD: "chip-amd-1",
};

function sharesPicture(comparison: Comparison): Picture {
  const measured = comparison.runs.map((run) =>
    measureConcentration(run).filter(({ by }) => by === "vendor"),
  );
  const vendors = [...new Set(measured.flatMap((list) => list.map(({ name }) => name)))].sort();
  const others = ["chip-other-1", "chip-other-0", "chip-other-2", "others"];
  const parts = vendors.map((name, index) => ({
    name,
    colour: VENDOR_COLOURS[name] ?? others[index % others.length],
  }));
  const rows = comparison.runs.map((run, index) => ({
    name: runName(run),
    shares: vendors.map((name) => measured[index].find((one) => one.name === name)?.computeShare),
    index: measured[index][0]?.computeHhi ?? 0,
  }));
  const drawn = rows.map((row) => ({ ...row, shares: row.shares.map((share) => share ?? 0) }));
  return {
    id: "concentration",
    title: "Who the compute depends on",
    subtitle:
      "Share of effective FP4 by vendor over the horizon, at medians, with the Herfindahl index (HHI: 1 is a single vendor).",
    note: "concentration.csv has sites and contracts too.",
    draw: (width) => drawShares({ parts, rows: drawn, indexName: "HHI" }, width),
    numbers: {
      caption: "Share of effective FP4",
      columns: [{ name: "Scenario" }, ...vendors.map((name) => ({ name })), { name: "HHI" }],
      // A scenario without chips of a vendor has no share of it.
      rows: rows.map(({ name, shares, index }) => [
        name,
        ...shares.map((share) => (share === undefined ? "none" : percent(share))),
        fixed(index, 2),
      ]),
      figureAt: (run, column) => {
        const vendor = vendors[column - 1];
        const metric = "effective_fp4_eflops";
        if (vendor === undefined) return { metric, run, of: "concentration" };
        const isOwn = rows[run].shares[column - 1] !== undefined;
        return isOwn ? { metric, run, entity: vendor, of: "vendor" } : undefined;
      },
    },
  };
}

function bridgePicture(bridge: BridgeData): Picture {
  const { from, to, steps, measure } = bridge;
  return {
    id: "bridge",
    title: `From ${from.name} to ${to.name}, ${measure.unit}`,
    subtitle: `${bridge.order}${isBridgeCut(bridge) ? " The axis does not start at zero." : ""}`,
    note: "Green lowers the cost, red raises it. In another order the same steps would have other sizes.",
    draw: (width) => drawBridge(bridge, width),
    numbers: {
      caption: `Provider\u2019s cost, present value at medians, ${measure.unit}`,
      columns: [{ name: "Step" }, { name: "Change" }],
      rows: [
        [from.name, measure.text(from.value)],
        ...steps.map(({ name, change }) => [name, signed(change, measure.text)]),
        [to.name, measure.text(to.value)],
      ],
    },
  };
}

/** Both books of every scenario, and what falls due after the horizon. */
export function booksTable(comparison: Comparison, dueOf: (run: number) => number): NumberTable {
  const { runs, sample } = comparison;
  const figures = [
    { metric: "cost_provider_pv_usd", name: "Provider\u2019s cost" },
    { metric: "npv_provider_usd", name: "Provider\u2019s NPV" },
    ...leftOf(comparison).map(({ metric, title }) => ({ metric, name: title })),
    { metric: "buyer_cost_pv_usd", name: "Buyer pays" },
    { metric: "final_cumulative_effective_fp4_yflop", name: "Effective FP4" },
    { metric: "horizon_demand_unserved_share", name: "Unserved" },
  ].flatMap(({ metric, name }) => {
    const readings = runs.map((_, run) => comparedReading(comparison, metric, run));
    const known = readings.flatMap((one) => (one ? [one] : []));
    if (known.length === 0) return [];
    const measure = measureOf(
      known[0].unit,
      known.flatMap(({ middle, high }) => [middle, high ?? 0]),
    );
    return [
      {
        name,
        readings,
        measure: metric === "horizon_demand_unserved_share" ? withUnit(measure, "% of value") : measure,
      },
    ];
  });
  const due = runs.map((_, run) => dueOf(run));
  const dueMeasure = measureOf("USD", due);
  return {
    caption: sample
      ? `Medians of ${fixed(sample.trials)} trials with P5 to P95; what falls due later at medians`
      : "At medians",
    columns: [
      { name: "Scenario" },
      ...figures.map(({ name, measure }) => ({ name, unit: measure.unit })),
      { name: "Due after the horizon", unit: `${dueMeasure.unit}, not discounted` },
    ],
    rows: runs.map((run, index) => [
      runName(run),
      ...figures.map(({ readings, measure }) => {
        const one = readings[index];
        if (!one) return "";
        const range =
          one.low === undefined || one.high === undefined
            ? ""
            : ` (${measure.text(one.low)} to ${measure.text(one.high)})`;
        return measure.text(one.middle) + range;
      }),
      dueMeasure.text(due[index]),
    ]),
  };
}
