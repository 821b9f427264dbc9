import { bindingLimits } from "../analysis/optimize/optimize.ts";
import { rulesLeftOut } from "../analysis/optimize/rules-left-out.ts";
import { measureOf } from "../charts/kit/measure.ts";
import { isoMonth, readMonth } from "../charts/kit/months.ts";
import { fixed } from "../charts/kit/numbers.ts";
import { colourChips } from "../charts/kit/palette.ts";
import type { Picture } from "../charts/kit/picture.ts";
import { sentence } from "../charts/kit/sentence.ts";
import { drawBooks } from "../charts/pictures/books.ts";
import { drawFrontier } from "../charts/pictures/frontier.ts";
import { drawPurchases, type PurchaseRow } from "../charts/pictures/purchases.ts";
import { comparedReading } from "./compared.ts";
import { type Landed, landedFigure, landedRows } from "./landed.ts";
import { chipName, colouredChip, scenarioName, titleOf } from "./names.ts";
import { answerOptimize, limitWords, type OptimizeContent } from "./optimize-answer.ts";
import type { KeyFigure } from "./page/key-figure.ts";
import type { Report, Section } from "./page/page.ts";
import { againSection, assumptionsSection, type Origin } from "./page/provenance-sections.ts";
import { type Reading, trialsTold } from "./readings.ts";
import { dueAfterHorizon } from "./run-answer.ts";

/** The report of a search: what the plan buys, what it is worth and to whom. Fails: never. */
export function reportOptimize(content: OptimizeContent, origin: Origin): Report {
  const { situation, comparison, optimum } = content;
  const { scenario, task } = situation;
  const isCost = task.goal === "minimize_cost";
  const trials = trialsTold(comparison.sample?.trials ?? 0, 0);
  const sampled = comparison.sample !== undefined;
  return {
    title: `${scenarioName(scenario)}: the ${isCost ? "cheapest plan" : "plan with most compute"}`,
    kicker: `Gigafleet optimize, ${isCost ? "least cost" : "most effective FP4"} in the ${task.book}\u2019s book`,
    question: scenario.fields.get("description")?.text,
    answer: answerOptimize(content),
    keys: bookRows(content).map(
      ({ title, plan, scenario: own }): KeyFigure => ({
        label: title,
        reading: plan,
        note: `scenario ${measureOf(own.unit, [own.middle, plan.middle]).text(own.middle)}`,
      }),
    ),
    keysNote: sentence`${sampled ? sentence`Medians of ${trials}; bars run from P5 to P95, on a scale that holds zero.` : "At medians; no sample was taken."} What falls due later is at medians and not discounted.`,
    sections: [
      {
        id: "plan",
        title: "The plan",
        lead: "What lands by month against the scenario, and the months that set the price.",
        pictures: [purchasesPicture(content)],
      },
      {
        id: "worth",
        title: "What it is worth, and to whom",
        lead: "A saving in one book is often a loss in the other, or a payment after the horizon.",
        pictures: [...frontierPicture(content), booksPicture(content)],
      },
      ...leftOutSection(content),
      assumptionsSection(scenario),
      againSection(origin),
    ],
    footer: sentence`The plan is ${optimum.isOptimal ? "optimal at medians (a linear program, proved)" : "the best found in the time allowed, at medians"}.${sampled ? sentence` Ranges are of ${trials} of plan and scenario with the same draws, seed ${comparison.sample?.seed ?? ""}.` : ""} YFLOP: 10\u00b2\u2074 operations; B: 10\u2079.`,
  };
}

/** Rules of the model that the search does not know, so that its plan may cost and bring something else. */
function leftOutSection({ situation }: OptimizeContent): readonly Section[] {
  const rules = rulesLeftOut(situation);
  if (rules.length === 0) return [];
  return [
    {
      id: "left-out",
      title: "What the search leaves out",
      lead: "Where the program that was searched differs from the model that ran the plan. A plan that these rules favour may have been missed.",
      table: {
        caption: "Rules that the search leaves out",
        columns: [{ name: "Rule" }],
        rows: rules.map((rule) => [rule.replaceAll("`", "")]),
      },
    },
  ];
}

/** A row of the picture: chips of a kind at a site, and what its numbers are. */
type DrawnRow = PurchaseRow & { readonly landed: Landed };

function purchaseRows({ comparison }: OptimizeContent): readonly DrawnRow[] {
  const shown = landedRows(comparison);
  const { scenario } = comparison.runs[1];
  const colours = colourChips(
    [...new Set(shown.map(({ chip }) => chip))].map((chip) => colouredChip(scenario, chip)),
  );
  return shown.map((landed) => ({
    chip: chipName(scenario, landed.chip),
    site: titleOf(scenario, "sites", landed.site),
    colour: colours.get(landed.chip) ?? "others",
    plan: landed.plan,
    scenario: landed.scenario,
    landed,
  }));
}

/** Rows drawn; of more those with most chips. */
const MOST_ROWS = 14;

function purchasesPicture(content: OptimizeContent): Picture {
  const { situation, optimum, comparison } = content;
  const all = purchaseRows(content);
  const weightOf = ({ plan, scenario }: PurchaseRow) =>
    [...plan, ...scenario].reduce((sum, value) => sum + value, 0);
  const limit = [...all].map(weightOf).sort((a, b) => b - a)[MOST_ROWS - 1] ?? 0;
  const rows = all.filter((row) => weightOf(row) >= limit).slice(0, MOST_ROWS);
  const { startMonth: start, monthCount } = comparison.runs[1].results;
  const last = Math.max(1, ...rows.flatMap(({ plan, scenario }) => [plan, scenario].map(lastOf)));
  const [binding] = bindingLimits(optimum).filter(({ peak }) => !Number.isNaN(readMonth(peak.period)));
  // The month of the price that the answer tells stands in the picture.
  const priced = binding ? readMonth(binding.peak.period) - start + 1 : 0;
  const months = Math.min(monthCount, Math.max(last + 6, priced));
  const isCost = situation.task.goal === "minimize_cost";
  const prices = new Array<number>(months).fill(0);
  for (const { period, value } of binding?.prices ?? []) {
    const month = readMonth(period) - start;
    if (month >= 0 && month < months) prices[month] = Math.abs(value) / (isCost ? 1e6 : 1);
  }
  const price = binding && {
    title: `${limitWords(situation.scenario, binding)}: one more ${binding.peak.unit} is worth`,
    unit: isCost ? "M USD" : "EFLOP-hours",
    values: prices,
  };
  return {
    id: "purchases",
    title: "What the plan buys, by month",
    subtitle: `Chips landed a month, plan against scenario${price ? ", and below what one more unit of the limit that binds most often is worth, on a logarithmic scale" : ""}.`,
    note: `All rows have one scale. Chips that landed before the first month are not drawn.${all.length > rows.length ? ` The ${rows.length} largest of ${all.length} rows are drawn.` : ""}`,
    isWide: true,
    draw: (width) =>
      drawPurchases({ start, months, rows: rows.map((row) => cutRow(row, months)), price }, width),
    numbers: {
      caption: "Chips landed, plan and scenario",
      columns: [
        { name: "Month" },
        ...rows.flatMap(({ chip, site }) => [
          { name: chip, unit: `${site}, plan` },
          { name: chip, unit: "scenario" },
        ]),
      ],
      rows: Array.from({ length: months }, (_, month) => [
        isoMonth(start + month),
        ...rows.flatMap(({ plan, scenario }) => [fixed(plan[month]), fixed(scenario[month])]),
      ]),
      figureAt: (month, column) => {
        if (column === 0) return undefined;
        const side = column % 2 === 1 ? "plan" : "scenario";
        return landedFigure(comparison, rows[(column - 1) >> 1].landed, side, isoMonth(start + month));
      },
    },
  };
}

function cutRow<Row extends PurchaseRow>(row: Row, months: number): Row {
  return { ...row, plan: row.plan.slice(0, months), scenario: row.scenario.slice(0, months) };
}

/** Months up to and with the last that is not empty. */
function lastOf(values: readonly number[]): number {
  let last = values.length;
  while (last > 0 && values[last - 1] <= 0.5) last--;
  return last;
}

function frontierPicture({ situation, optimum, frontier }: OptimizeContent): readonly Picture[] {
  if (!frontier || frontier.length === 0) return [];
  const { task, own } = situation;
  const isBuyers = task.book === "buyer";
  const point = ({ costPv, paymentPv, flop }: typeof own) => ({
    cost: isBuyers ? paymentPv : costPv,
    compute: flop / 1e24,
  });
  const points = frontier.map(point);
  const [plan, scenario] = [point(optimum), point(own)];
  const all = [...points, plan, scenario];
  const cost = measureOf(
    "USD",
    all.map((one) => one.cost),
  );
  const compute = measureOf(
    "YFLOP",
    all.map((one) => one.compute),
  );
  const costTitle = isBuyers
    ? "buyer\u2019s payments, present value"
    : "provider\u2019s cost, present value at medians";
  return [
    {
      id: "frontier",
      title: "The least cost of each amount of work",
      subtitle: "Best plans from little to much, at medians; the plan full, the scenario hollow.",
      draw: (width) => drawFrontier({ points, plan, scenario, cost, compute, costTitle }, width),
      numbers: {
        caption: "Points of the frontier, at medians",
        columns: [
          { name: "Point" },
          { name: "Cost", unit: cost.unit },
          { name: "Effective FP4", unit: compute.unit },
        ],
        rows: points.map((one, index) => [String(index + 1), cost.text(one.cost), compute.text(one.compute)]),
      },
    },
  ];
}

type Row = {
  readonly title: string;
  readonly metric: string;
  readonly scenario: Reading;
  readonly plan: Reading;
};

function bookRows({ comparison }: OptimizeContent): readonly Row[] {
  const rows = [
    ["Provider\u2019s cost, present value", "cost_provider_pv_usd"],
    ["Provider\u2019s NPV over the horizon", "npv_provider_usd"],
    ["Buyer\u2019s payments, present value", "buyer_cost_pv_usd"],
  ].flatMap(([title, metric]): Row[] => {
    const [scenario, plan] = [0, 1].map((run) => comparedReading(comparison, metric, run));
    return scenario && plan ? [{ title, metric, scenario, plan }] : [];
  });
  const hasContracts = comparison.runs.some(({ results }) => results.contracts.length > 0);
  const [own, plan] = comparison.runs.map(({ results }): Reading => {
    const { plain } = dueAfterHorizon(results);
    return { middle: plain, plain, unit: "USD" };
  });
  return hasContracts
    ? [
        ...rows,
        {
          title: "Due after the horizon, not discounted",
          metric: "payments_after_horizon_usd",
          scenario: own,
          plan,
        },
      ]
    : rows.slice(0, 1);
}

function booksPicture(content: OptimizeContent): Picture {
  const { sample } = content.comparison;
  const rows = bookRows(content);
  const ends = ({ low, middle, high }: Reading) =>
    low === undefined || high === undefined ? [middle] : [low, middle, high];
  const drawn = rows.map(({ title, scenario, plan }) => ({
    title,
    scenario: ends(scenario),
    plan: ends(plan),
  }));
  const measure = measureOf(
    "USD",
    rows.flatMap(({ scenario, plan }) => [scenario.middle, plan.middle]),
  );
  const text = (values: readonly number[]) =>
    values.length === 3
      ? `${measure.text(values[1])} (${measure.text(values[0])} to ${measure.text(values[2])})`
      : measure.text(values[0]);
  return {
    id: "books",
    title: `Both books, ${measure.unit}`,
    subtitle: sample
      ? sentence`Scenario (hollow) and plan (full): median of ${trialsTold(sample.trials, 0)} with the same draws, with P5 to P95.`
      : "Scenario (hollow) and plan (full), at medians.",
    note: "What falls due after the horizon is in no present value, and at medians.",
    draw: (width) => drawBooks({ names: ["scenario", "plan"], rows: drawn, measure }, width),
    numbers: {
      caption: measure.unit,
      columns: [{ name: "Figure" }, { name: "Scenario" }, { name: "Plan" }],
      rows: drawn.map(({ title, scenario, plan }) => [title, text(scenario), text(plan)]),
      figureAt: (row, column) => (column === 0 ? undefined : { metric: rows[row].metric, run: column - 1 }),
    },
  };
}
