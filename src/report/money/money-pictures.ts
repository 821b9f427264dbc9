import type { Results } from "../../analysis/results/results.ts";
import { valuesOf } from "../../charts/kit/fan.ts";
import { measureOf, withUnit } from "../../charts/kit/measure.ts";
import { isoMonth } from "../../charts/kit/months.ts";
import { capital, largestOf } from "../../charts/kit/numbers.ts";
import type { Picture } from "../../charts/kit/picture.ts";
import { sentence, told } from "../../charts/kit/sentence.ts";
import type { Layer } from "../../charts/kit/stack.ts";
import { drawCash, type Period } from "../../charts/pictures/cash.ts";
import { type ContractPanel, drawContracts, MOST_CONTRACTS } from "../../charts/pictures/contracts.ts";
import { CASH_CATEGORIES } from "../../metrics/provider-costs.ts";
import { firstMonthOf, quarterText, type YearStart, yearOf, yearText } from "../../scenario/calendar.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import { titleOf } from "../names.ts";
import { colourOf, figuresByMonth, type Plan, tableMonth } from "../plan.ts";
import { readBands, readFigure, readPlain } from "../readings.ts";
import { debtPicture } from "./debt-pictures.ts";

/** Paid before the first month. */
const OPENING = "provider_opening_cash_usd";

/** Colours of the categories of cash, each its own. */
export const CATEGORY_COLOURS: Readonly<Record<string, string>> = {
  chips: "cost-chips",
  network: "cost-network",
  halls: "cost-halls",
  energy: "cost-energy",
  "upkeep and staff": "cost-upkeep",
  leases: "cost-lease",
  "leased chips": "cost-leased-chips",
  "rented chips": "cost-rented-chips",
};

/** Quarters up to this many months, years beyond [months]. */
const MOST_QUARTER_MONTHS = 144;

/** Pictures of the provider's cash, its debt, and the buyer's commitments. */
export function moneyPictures(plan: Plan): readonly Picture[] {
  return [cashPicture(plan), ...debtPicture(plan), ...contractsPicture(plan)];
}

function periodsOf({ startMonth: start, monthCount: months, yearStart }: Results): readonly Period[] {
  const size = months <= 24 ? 1 : months <= MOST_QUARTER_MONTHS ? 3 : 12;
  const nameOf = (month: number) => {
    if (size === 1) return isoMonth(month);
    return size === 12 ? yearText(yearOf(month, yearStart), yearStart) : quarterText(month, yearStart);
  };
  const periods: Period[] = [];
  for (let month = start; month < start + months; ) {
    const end = Math.min(start + months, month + size - stepsInto(month, size, yearStart));
    periods.push({ name: nameOf(month), first: month, end });
    month = end;
  }
  return periods;
}

/** Months since the period of a month began. */
function stepsInto(month: number, size: number, start: YearStart): number {
  return (month - firstMonthOf(0, start)) % size;
}

function cashPicture(plan: Plan): Picture {
  const { results } = plan;
  const { startMonth: start, monthCount: months } = results;
  const periods = periodsOf(results);
  const sums = (metrics: readonly string[]) => {
    const columns = metrics.map((metric) => readPlain(results, "total", metric));
    return periods.map(({ first, end }) => {
      let sum = 0;
      for (const values of columns)
        for (let month = first; month < end; month++) sum += values[month - start];
      return sum;
    });
  };
  const all = CASH_CATEGORIES.map(({ name, metrics }) => {
    const layer: Layer = { name, colour: CATEGORY_COLOURS[name] ?? "others", values: sums(metrics) };
    return { ...layer, metric: metrics.join(" ") };
  });
  const least = Math.max(...all.map(({ values }) => largestOf(values))) * 1e-4;
  const costs = all.filter(({ values }) => largestOf(values) > least);
  const revenue = sums(["provider_revenue_usd"]);
  const earns = revenue.some((value) => value > 0);
  const a = { 1: "month", 3: "quarter", 12: "year" }[
    months <= 24 ? 1 : months <= MOST_QUARTER_MONTHS ? 3 : 12
  ];
  const totals = periods.map((_, index) => costs.reduce((sum, { values }) => sum + values[index], 0));
  const money = measureOf("USD", [...totals, ...revenue]);
  const measure = withUnit(money, `${money.unit} a ${a}`);
  const cumulative = readBands(results, "total", "provider_cumulative_cash_usd") ?? {
    plain: readPlain(results, "total", "provider_cumulative_cash_usd"),
  };
  const own = measureOf("USD", valuesOf(cumulative));
  const cumulativeMeasure = withUnit(own, `${own.unit}, cumulative net cash`);
  const opening = readFigure(results, OPENING);
  return {
    id: "cash",
    title: `Provider\u2019s cash, ${money.unit}`,
    subtitle: sentence`Above: cash out by category (down)${earns ? " and revenue (up)" : ""}, a ${a}, at medians. Below: cumulative net cash. ${plan.fanText}`,
    note:
      opening && opening.plain > 0
        ? sentence`The cumulative line starts with ${told(money.full(opening.plain), { metric: OPENING })} paid before the first month.`
        : "",
    isWide: true,
    draw: (width) =>
      drawCash({ start, months, periods, costs, revenue, measure, cumulative, cumulativeMeasure }, width),
    numbers: {
      caption: `${money.unit} a ${a}, at medians`,
      columns: [
        { name: capital(a) },
        ...costs.map(({ name }) => ({ name: capital(name) })),
        ...(earns ? [{ name: "Revenue" }] : []),
      ],
      rows: periods.map(({ name }, index) => [
        name,
        ...costs.map(({ values }) => money.text(values[index])),
        ...(earns ? [money.text(revenue[index])] : []),
      ]),
      figureAt: (row, column) => {
        const metric = [...costs.map((one) => one.metric), "provider_revenue_usd"][column - 1];
        const { first, end } = periods[row];
        return { metric, when: `${isoMonth(first)}..${isoMonth(end - 1)}` };
      },
    },
  };
}

function contractsPicture(plan: Plan): readonly Picture[] {
  const { results } = plan;
  const all = results.contracts
    .map((name) => readContract(plan, name))
    .filter(({ commitment }) => commitment > 0);
  if (all.length === 0) return [];
  const ranked = [...all].sort((a, b) => b.commitment - a.commitment).slice(0, MOST_CONTRACTS);
  const panels = ranked.sort((a, b) => a.start - b.start);
  const measure = measureOf(
    "USD",
    panels.map(({ commitment }) => commitment),
  );
  const isSampled = panels.some(({ low }) => low);
  const { startMonth: start, monthCount: months } = results;
  return [
    {
      id: "contracts",
      title: `What is left of each commitment, ${measure.unit}`,
      subtitle: `Line: the plain run${isSampled ? "; band: P5 to P95 of the trials" : ""}; dashed: the straight line that uses it up by the end of its term. Above the dashed line means behind.`,
      note:
        all.length > panels.length
          ? `The ${panels.length} largest of ${all.length} contracts are drawn.`
          : "",
      isWide: true,
      draw: (width) => drawContracts({ start, months, panels, measure }, width),
      numbers: {
        caption: `${measure.unit} left at medians${plan.tableText}`,
        columns: [{ name: "Month" }, ...panels.map(({ title }) => ({ name: title, unit: measure.unit }))],
        rows: plan.tableMonths.map((month) => [
          tableMonth(plan, month),
          ...panels.map(({ remaining }) => measure.text(remaining[month])),
        ]),
        figureAt: figuresByMonth(
          plan,
          panels.map(({ name: entity }) => ({ metric: "contract_remaining_usd", entity })),
        ),
      },
    },
  ];
}

function readContract(plan: Plan, name: string): ContractPanel & { readonly name: string } {
  const { scenario, results } = plan;
  const bands = readBands(results, "contract", "contract_remaining_usd", name);
  const shortfalls = readPlain(results, "contract", "contract_shortfall_usd", name);
  const shortfall = Math.max(...shortfalls);
  const start = plainValue(scenario, `contracts.${name}.start`) ?? results.startMonth;
  const term = plainValue(scenario, `contracts.${name}.term`, start) ?? results.monthCount;
  const terms = scenario.fields.get(`contracts.${name}.terms`)?.choice ?? "";
  const statistics = results.spread?.read({
    level: "contract",
    metric: "contract_exhaustion_month",
    entity: name,
    first: 0,
    end: 1,
  });
  return {
    name,
    title: titleOf(scenario, "contracts", name),
    colour: contractColour(plan, name),
    commitment: readFigure(results, `${name}.contract_commitment_usd`)?.plain ?? 0,
    start: Math.round(start),
    end: Math.round(start) + Math.max(1, Math.round(term)),
    terms: terms.replace(/_/g, " "),
    remaining: bands?.plain ?? [],
    ...(bands?.low && bands.high ? { low: bands.low, high: bands.high } : {}),
    shortfall,
    shortfallMonth: shortfall > 0 ? results.startMonth + shortfalls.indexOf(shortfall) : undefined,
    exhausted: statistics?.share,
  };
}

/** A contract takes the colour of the chip that it buys most of. */
function contractColour(plan: Plan, name: string): string {
  const { scenario, results } = plan;
  const sums = results.parts.flatMap(({ key, fleet, chip }) => {
    const field = scenario.fields.get(`fleets.${fleet}.procurement.contract`);
    const named = field?.texts ?? [field?.choice ?? ""];
    if (!named.includes(name) && !(field?.text ?? "").split(/[\s,[\]]+/).includes(name)) return [];
    return [{ chip, sum: largestOf(readPlain(results, "part", "facility_power_mw", key)) }];
  });
  const [most] = sums.sort((a, b) => b.sum - a.sum);
  return most ? colourOf(plan, most.chip) : "main";
}
