import { eventChances } from "../../analysis/results/events.ts";
import { findColumn, type Results } from "../../analysis/results/results.ts";
import { quantileName, type Spread } from "../../analysis/results/spread.ts";
import type { Sentence } from "../../charts/kit/sentence.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { countText, decimalsFor, decimalsOf, screenNumber } from "../../export/number-text.ts";
import type { Table } from "../../metrics/table.ts";
import { answerRun } from "../../report/run-answer.ts";
import { yearText } from "../../scenario/calendar.ts";
import type { Expr } from "../../scenario/language/expr.ts";
import { formatExpr, formatMonth } from "../../scenario/language/format-expr.ts";
import { rateLine } from "../../scenario/language/line-name.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { formatQuantity } from "../../units/format.ts";
import { seedText } from "../io/sample-options.ts";
import { drawAnswer } from "./answer.ts";
import type { Fact } from "./draw-columns.ts";
import { type Pen, TERMINAL, tellWritten } from "./pen.ts";

/** A column of the screen: a column of annual.csv, its heading over three lines, and table units per shown unit. */
type YearColumn = {
  readonly name: string;
  readonly heading: readonly [string, string, string];
  readonly scale: number;
  /** The value before the first month, as a column of the run. */
  readonly opening?: string;
  /** Omitted if it is 0 throughout. */
  readonly isOptional?: boolean;
  /** Shown with that column and not without it, even if it is 0 throughout: of work that is required, none served is the news. */
  readonly beside?: string;
  /** Order in which columns are dropped if the screen is too narrow: the highest number first. */
  readonly spare?: number;
};

/** Lines of a heading. */
const HEADING_LINES = 3;

const screenColumns: readonly YearColumn[] = [
  { name: "chips_energised", heading: ["chips", "energised", "thousand"], scale: 1e3 },
  { name: "facility_power_mw", heading: ["facility", "power", "MW"], scale: 1 },
  { name: "effective_fp4_eflops", heading: ["effective", "FP4", "EFLOP/s"], scale: 1 },
  { name: "hbm_pb", heading: ["", "HBM", "PB"], scale: 1, spare: 2 },
  { name: "chips_stranded", heading: ["stranded", "chips", "thousand"], scale: 1e3, isOptional: true },
  { name: "energy_gwh", heading: ["", "energy", "TWh"], scale: 1e3, spare: 1 },
  { name: "provider_capex_usd", heading: ["", "capex", "B USD"], scale: 1e9 },
  {
    name: "provider_cash_usd",
    heading: ["", "cash", "B USD"],
    scale: 1e9,
    opening: "provider_opening_cash_usd",
  },
  { name: "buyer_cost_usd", heading: ["buyer", "pays", "B USD"], scale: 1e9, isOptional: true },
  { name: "provider_margin_usd", heading: ["", "margin", "B USD"], scale: 1e9, isOptional: true },
];

const demandColumns: readonly YearColumn[] = [
  {
    name: "output_tokens_required_billion",
    heading: ["required", "tokens", "trillion"],
    scale: 1e3,
    isOptional: true,
  },
  {
    name: "output_tokens_served_billion",
    heading: ["served", "tokens", "trillion"],
    scale: 1e3,
    beside: "output_tokens_required_billion",
  },
  { name: "training_required_yflop", heading: ["required", "training", "YFLOP"], scale: 1, isOptional: true },
  {
    name: "training_served_yflop",
    heading: ["served", "training", "YFLOP"],
    scale: 1,
    beside: "training_required_yflop",
  },
  { name: "demand_unserved_share", heading: ["", "unserved", "%"], scale: 0.01 },
  { name: "inference_usd_per_million_input_tokens", heading: ["USD per", "million", "input"], scale: 1 },
  { name: "inference_usd_per_million_output_tokens", heading: ["USD per", "million", "output"], scale: 1 },
  { name: "chips_idle", heading: ["idle", "chips", "thousand"], scale: 1e3 },
];

/**
 * Draws the screen of `run`: one row per year, present value and levelised cost, and notes.
 *
 * @param written where the tables were written, if they were
 * @param answer  its sentences, where they are known already
 */
export function drawRunScreen(
  scenario: Scenario,
  results: Results,
  tables: readonly Table[],
  written: { readonly folder: string; readonly files: readonly string[] } | undefined,
  pen: Pen = TERMINAL,
  answer: readonly Sentence[] = answerRun(scenario, results),
): string {
  const annual = tables.find(({ name }) => name === "annual");
  const title = scenario.fields.get("name")?.text ?? scenario.slug;
  const description = scenario.fields.get("description")?.text;
  const lines = [
    ...pen.title(visibleText(title)),
    ...(description ? pen.text(visibleText(description)) : []),
    "",
    ...drawAnswer(answer, pen),
    "",
    ...(annual ? drawYears(annual, screenColumns, results, pen) : []),
    ...pen.text(
      "At year-end; energy and money over the year; binds: in most months; opening: before the start.",
    ),
    "",
    ...(annual ? drawDemand(annual, results, pen) : []),
    ...pen.facts([
      ...costFacts(scenario, results),
      ...buyerFacts(results),
      ...currencyFacts(scenario),
      ...debtFacts(results),
      ...taxFacts(scenario, results),
      ["Precision", fallbackText(scenario, results)],
      ["Uncertain", uncertainText(results)],
      ...sampleFacts(results),
      ...eventFacts(results),
      ...(written ? tellWritten(pen, written.folder, written.files) : []),
    ]),
  ];
  return pen.page(lines);
}

/** Demand: required, served, unserved, and its cost; nothing if there are no workloads. */
function drawDemand(annual: Table, results: Results, pen: Pen): readonly string[] {
  if (results.workloads.length === 0) return [];
  return [
    ...drawYears(annual, demandColumns, results, pen),
    ...pen.text(
      "Output tokens and training FLOP over the year; unserved by value; USD are the provider's cost; -: none served. Payments and costs follow chips, not demand.",
    ),
    "",
  ];
}

function drawYears(
  annual: Table,
  columns: readonly YearColumn[],
  results: Results,
  pen: Pen,
): readonly string[] {
  const valuesOf = (name: string) => annual.columns.find((column) => column.name === name)?.values ?? [];
  const years = valuesOf("year");
  const opens = columns.some(({ opening }) => opening !== undefined);
  const hasContracts = results.contracts.length > 0;
  const isShown = ({ name, isOptional, beside }: YearColumn) =>
    !(isOptional || beside) ||
    (name === "provider_margin_usd"
      ? hasContracts
      : Array.from(valuesOf(beside ?? name), Number).some((value) => value !== 0));
  const drawn = columns.filter(isShown).map((column) => {
    const { name, heading, scale, opening } = column;
    const values = Array.from(valuesOf(name), (value) => Number(value ?? Number.NaN) / scale);
    const before = opening ? (findColumn(results, "run", opening)?.[0] ?? 0) / scale : undefined;
    const known = values.filter((value) => !Number.isNaN(value));
    const decimals = decimalsFor(before === undefined ? known : [...known, before]);
    const first = before === undefined ? "" : screenNumber(before, decimals);
    const cells = [
      ...heading,
      ...(opens ? [first] : []),
      ...values.map((value) => (Number.isNaN(value) ? "-" : screenNumber(value, decimals))),
    ];
    return { side: "right" as const, cells, spare: column.spare ?? 0 };
  });
  const year = [
    "",
    "",
    "year",
    ...(opens ? ["opening"] : []),
    ...Array.from(years, (one) => yearText(Number(one), results.yearStart)),
  ];
  if (!opens) return pen.table([{ side: "left", cells: year }, ...drawn], HEADING_LINES);
  const binding = ["", "", "binds", "", ...Array.from(valuesOf("binding"), String)];
  const draw = (some: typeof drawn) =>
    pen.table([{ side: "left", cells: year }, ...some, { side: "left", cells: binding }], HEADING_LINES);
  let kept = drawn;
  for (const spare of [2, 1]) {
    if (Math.max(...draw(kept).map(({ length }) => length)) <= pen.width) break;
    kept = kept.filter((column) => column.spare !== spare);
  }
  return draw(kept);
}

function costFacts(scenario: Scenario, results: Results): Fact[] {
  const value = (name: string) => findColumn(results, "run", name)?.[0] ?? 0;
  const billions = (name: string) => `${digits(value(name) / 1e9)} B USD`;
  const rate = formatQuantity(plainValue(scenario, "provider.discount_rate") ?? 0, "fraction");
  const sunk = scenario.fields.get("provider.sunk")?.boolean === true;
  return [
    [
      "Present value",
      `${billions("cost_provider_pv_usd")} of cost at ${rate} a year, ${sunk ? "without the opening" : "opening included"}; residual ${billions("provider_residual_pv_usd")}`,
    ],
    [
      "Levelised",
      `${digits(value("levelised_cost_usd_per_chip_hour"))} USD per productive chip-hour, ${digits(value("levelised_cost_usd_per_effective_fp4_eflop_hour"))} USD per effective FP4 EFLOP-hour`,
    ],
  ];
}

/** The buyer's payments under its contracts, and the provider's margin. */
function buyerFacts(results: Results): Fact[] {
  if (results.contracts.length === 0) return [];
  const value = (name: string) => findColumn(results, "run", name)?.[0] ?? 0;
  const billions = (name: string) => `${digits(value(name) / 1e9)} B USD`;
  return [
    [
      "Buyer pays",
      `${billions("buyer_cost_total_usd")} over the horizon, ${digits(value("buyer_cost_usd_per_chip_hour"))} USD per productive chip-hour; provider's margin ${billions("provider_margin_total_usd")}, NPV ${billions("npv_provider_usd")}`,
    ],
    ...rateFacts(results),
    ...laterFacts(results),
    ...results.contracts.map((contract): Fact => [contract, contractText(results, contract)]),
    ...results.tranches.map((tranche): Fact => [tranche, trancheText(results, tranche)]),
  ];
}

/** What chips earn after their contracts, and what the figures of the horizon leave out: payments that fall due later. */
function laterFacts(results: Results): Fact[] {
  const billions = (value: number) => `${digits(value / 1e9)} B USD`;
  const merchant = findColumn(results, "total", "merchant_revenue_usd")?.reduce((sum, one) => sum + one, 0);
  const due = findColumn(results, "run", "payments_after_horizon_usd")?.[0] ?? 0;
  const contracted = findColumn(results, "run", "npv_provider_contracted_usd")?.[0] ?? Number.NaN;
  const last = formatMonth(results.startMonth + results.monthCount - 1);
  return [
    ...(merchant === undefined
      ? []
      : ([["Afterwards", `chips earn ${billions(merchant)} after their last contract`]] as const)),
    ...(due > 0
      ? ([
          [
            "Beyond",
            `${billions(due)} of payments fall due after ${last} and are in none of these figures; to the end of the last contract the provider's NPV is ${billions(contracted)}`,
          ],
        ] as const)
      : []),
  ];
}

/** What loans draw and leave to be covered, and what the provider's equity earns behind them. */
function debtFacts(results: Results): Fact[] {
  if (results.loans.length === 0) return [];
  const value = (name: string) => findColumn(results, "run", name)?.[0] ?? Number.NaN;
  const billions = (name: string) => `${digits(value(name) / 1e9)} B USD`;
  const irr = value("equity_irr");
  const earns = Number.isNaN(irr) ? "" : `earns ${digits(irr * 100)} % a year; `;
  const owed = value("debt_at_end_usd");
  const left = owed > 0 ? `; ${billions("debt_at_end_usd")} still owed at the end` : "";
  return [
    [
      "Equity",
      `${earns}pays in ${billions("equity_paid_in_total_usd")}, NPV ${billions("equity_npv_usd")}; debt drawn ${billions("debt_drawn_total_usd")}${left}`,
    ],
    ...results.loans.map((loan): Fact => [loan, loanText(results, loan)]),
  ];
}

/** What is left after tax, at which rate, and for equity. */
function taxFacts(scenario: Scenario, results: Results): Fact[] {
  const value = (name: string) => findColumn(results, "run", name)?.[0];
  const worth = value("npv_provider_after_tax_usd");
  if (worth === undefined) return [];
  const billions = (usd = 0) => `${digits(usd / 1e9)} B USD`;
  const rate = scenario.fields.has("tax.discount_rate") ? "`tax.discount_rate`" : "the rate before tax";
  const price = value("levelised_after_tax_usd_per_chip_hour") ?? Number.NaN;
  const levelised = Number.isNaN(price) ? "" : `; levelised ${digits(price)} USD per chip-hour`;
  const irr = value("equity_irr_after_tax") ?? Number.NaN;
  const equity = Number.isNaN(irr) ? "" : `; equity earns ${digits(irr * 100)} % a year`;
  const paid = billions(value("tax_total_usd"));
  return [["After tax", `NPV ${billions(worth)} at ${rate}; pays ${paid} without debt${levelised}${equity}`]];
}

/** A loan in a sentence: its size and its cover. */
function loanText(results: Results, loan: string): string {
  const values = (name: string) => Array.from(findColumn(results, "loan", name, loan) ?? []);
  const most = Math.max(0, ...values("loan_balance_usd")) / 1e9;
  // Sculpted debt borrows no more than the cash of the plain run covers.
  if (most === 0)
    return "nothing is borrowed: nothing is spent on what it pays for, or no cash is left to repay it";
  const [cover = Number.NaN] = values("loan_least_dscr");
  const [below = 0] = values("loan_months_below_covenant");
  const least = Number.isNaN(cover)
    ? "nothing falls due"
    : `debt service cover of twelve months at least ${digits(cover)}`;
  const missed = below > 0 ? `, below the covenant in ${below} months` : "";
  return `owes at most ${digits(most)} B USD; ${least}${missed}`;
}

/** What a rate of return is called, and whose cash it makes 0. */
const RATE_NAMES: Readonly<Record<string, readonly [label: string, cash: string]>> = {
  provider_irr: ["Rate of return", "net cash"],
  equity_irr: ["Equity's rate", "its cash"],
  equity_irr_after_tax: ["Equity's rate, taxed", "its cash"],
};

/** Rates of return, where other rates make the cash 0 too. */
function rateFacts(results: Results): Fact[] {
  const percent = (rate: number) => `${digits(rate * 100)} %`;
  return [...(results.notes.otherRates ?? [])].map(([metric, rates]) => {
    const [label = metric, cash = "cash"] = RATE_NAMES[metric] ?? [];
    const given = findColumn(results, "run", metric)?.[0] ?? Number.NaN;
    const others = rates.map(percent).join(", ");
    return [label, `${percent(given)} a year; ${cash} adds to 0 at ${others} too, further from 10 %`];
  });
}

/** A contract in a sentence: its implied rate, when it runs out, and what falls due later. */
function contractText(results: Results, contract: string): string {
  const values = (name: string) => findColumn(results, "contract", name, contract) ?? [];
  const figure = (name: string) => values(name)[0] ?? Number.NaN;
  const sum = (name: string) => Array.from(values(name)).reduce((total, value) => total + value, 0) / 1e9;
  const exhausted = figure("contract_exhaustion_month");
  const left = (Array.from(values("contract_remaining_usd")).at(-1) ?? 0) / 1e9;
  const [shortfall, overage] = [sum("contract_shortfall_usd"), sum("contract_overage_usd")];
  const [end, released] = [figure("contract_end_month"), sum("contract_released_usd")];
  const unsettled = figure("contract_unsettled_usd") / 1e9;
  const horizonEnd = results.startMonth + results.monthCount;
  const isUsedUp = !Number.isNaN(exhausted) && results.startMonth + exhausted < horizonEnd;
  const isPromise = figure("contract_commitment_usd") > 0;
  const rate = figure("implied_usd_per_chip_hour");
  const implied = Number.isNaN(rate)
    ? "and no chip-hours to use them"
    : `imply ${digits(rate)} USD per chip-hour, ${digits(figure("implied_rate_card_multiple"))} times the rate card`;
  return [
    ...(isPromise
      ? [
          `${digits(figure("contract_commitment_usd") / 1e9)} B USD ${implied}`,
          isUsedUp
            ? `used up ${formatMonth(results.startMonth + exhausted)}`
            : left > 0
              ? `${digits(left)} B USD left at the end`
              : "never used up",
        ]
      : ["nothing is committed"]),
    ...(Number.isNaN(end) ? [] : [`over from ${formatMonth(results.startMonth + end)} on`]),
    ...(released > 0 ? [`${digits(released)} B USD released`] : []),
    ...(shortfall > 0 ? [`shortfall ${digits(shortfall)} B USD`] : []),
    ...(unsettled > 0 ? [`${digits(unsettled)} B USD fall due after the horizon`] : []),
    ...(overage > 0 ? [`overage ${digits(overage)} B USD`] : []),
  ].join("; ");
}

/** A tranche in a sentence: when it unlocks, and the amount paid by the end. */
function trancheText(results: Results, tranche: string): string {
  const month = findColumn(results, "tranche", "tranche_unlock_month", tranche)?.[0] ?? Number.NaN;
  const paid = findColumn(results, "tranche", "tranche_receipt_usd", tranche) ?? [];
  const total = Array.from(paid).reduce((sum, value) => sum + value, 0) / 1e9;
  if (Number.isNaN(month)) return "never unlocks";
  return `unlocks ${formatMonth(results.startMonth + month)}, pays ${digits(total)} B USD`;
}

/** The chips that run a precision in a wider format. */
function fallbackText(scenario: Scenario, { parts }: Results): string {
  const sentences = new Set<string>();
  for (const { chip, runsAs } of parts) {
    const title = visibleText(scenario.fields.get(`chips.${chip}.title`)?.text ?? chip);
    for (const precision of ["fp4", "fp8"] as const) {
      if (runsAs[precision] === precision) continue;
      sentences.add(`${title} runs ${precision.toUpperCase()} work in ${runsAs[precision].toUpperCase()}`);
    }
  }
  return sentences.size === 0 ? "every chip runs FP4 and FP8 work in that format" : [...sentences].join("; ");
}

/** Rates at which amounts in other currencies were converted. */
function currencyFacts({ lets }: Scenario): Fact[] {
  const rates = lets.filter(({ path }) => path.startsWith(rateLine("")));
  if (rates.length === 0) return [];
  const sentences = rates.map(({ text, expr, origin }) => {
    const rate = expr?.kind === "table" ? expr.points.map(pointText).join(", ") : text;
    return origin.source ? `${rate} (${origin.source})` : rate;
  });
  return [["Currencies", visibleText(sentences.join("; "))]];
}

/** A step of a table by date, without the braces of a scenario. */
function pointText({ month, value }: { readonly month: number; readonly value: Expr }): string {
  return `${formatExpr(value)} from ${formatMonth(month)}`;
}

function uncertainText({ notes, spread }: Results): string {
  const use = `compute at the utilisation of ${notes.referenceUse}`;
  if (notes.uncertainCount === 0) return `no value is uncertain; ${use}`;
  const plain = `the figures above are of a run at the medians (${notes.uncertainCount} uncertain values)`;
  return `${plain}${spread ? "" : ", not the P50 of a result"}; ${use}`;
}

/** The headline over all trials, with its standard error. */
function sampleFacts({ spread }: Results): Fact[] {
  const cost = spread?.read({ level: "run", metric: "cost_provider_pv_usd", first: 0, end: 1 });
  if (!spread || !cost) return [];
  const billions = (value: number) => digits(value / 1e9);
  const quantiles = spread.probabilities.map(
    (probability, index) => `${quantileText(probability)} ${billions(cost.quantiles[index])}`,
  );
  const trials = `${countText(spread.trials)} trials, seed ${seedText(spread.seed)}`;
  return [
    [
      "Sample",
      `${trials}: present value ${quantiles.join(", ")} B USD, mean ${billions(cost.mean)} with a standard error of ${billions(cost.standardError)}`,
    ],
    ...unservedFacts(spread),
  ];
}

/** The share of the horizon's demand that is unserved, over all trials. */
function unservedFacts({ read, probabilities }: Spread): Fact[] {
  const share = read({ level: "run", metric: "horizon_demand_unserved_share", first: 0, end: 1 });
  if (!share) return [];
  const percent = (value: number) => digits(value * 100);
  const quantiles = probabilities.map(
    (probability, index) => `${quantileText(probability)} ${percent(share.quantiles[index])}`,
  );
  return [
    ["Unserved", `${quantiles.join(", ")} % of the horizon's demand by value, mean ${percent(share.mean)} %`],
  ];
}

/** Each event: how likely it is to have happened by the end of each year, and its first month. */
function eventFacts(results: Results): Fact[] {
  const monthText = (month: number) => formatMonth(results.startMonth + month);
  const named = (year: number) => yearText(year, results.yearStart);
  return eventChances(results).map(({ name, plainFirst, byYear, firstMonths }): Fact => {
    if (!byYear || !firstMonths) {
      const when = plainFirst === undefined ? "never true" : `first true in ${monthText(plainFirst)}`;
      return ["Event", `${visibleText(name)}: ${when} at medians`];
    }
    const years = byYear.map(({ year, share }, index) =>
      index === 0
        ? `${shareText(share)} % of trials by the end of ${named(year)}`
        : `${shareText(share)} % ${named(year)}`,
    );
    const months = firstMonths.map(
      ({ quantile, month }) =>
        `${quantileWord(quantile)} ${Number.isFinite(month) ? monthText(month) : "after the horizon"}`,
    );
    return ["Event", `${visibleText(name)}: true in ${years.join(", ")}; first month ${months.join(", ")}`];
  });
}

/** A share in per cent: whole where it is sure. */
function shareText(share: number): string {
  return share === 0 || share === 1 ? String(share * 100) : digits(share * 100);
}

/** The usual name of a quantile: P5, P97.5. */
function quantileText(probability: number): string {
  return quantileWord(quantileName(probability));
}

function quantileWord(name: string): string {
  return name.toUpperCase().replace("_", ".");
}

/** A figure with three digits or more; - if it does not exist, such as a cost per chip-hour without chip-hours. */
function digits(value: number): string {
  if (Number.isNaN(value)) return "-";
  return screenNumber(value, Math.min(6, decimalsOf(value, 3)));
}
