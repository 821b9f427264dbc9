import { findColumn, type Results } from "../../analysis/results/results.ts";
import type { FigureName } from "../../charts/kit/figure-name.ts";
import { measureOf, withUnit } from "../../charts/kit/measure.ts";
import { isoMonth } from "../../charts/kit/months.ts";
import { brief, capital, fixed, largestOf, significant } from "../../charts/kit/numbers.ts";
import type { Picture } from "../../charts/kit/picture.ts";
import { joinPieces, type Sentence, sentence, told } from "../../charts/kit/sentence.ts";
import type { Layer } from "../../charts/kit/stack.ts";
import type { Period } from "../../charts/pictures/cash.ts";
import { drawDebt, type LoanCover, MOST_LOANS } from "../../charts/pictures/debt.ts";
import { firstMonthOf, yearOf, yearText } from "../../scenario/calendar.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { titleOf } from "../names.ts";
import { colourOf, type Plan } from "../plan.ts";
import { countsIn, readPlain } from "../readings.ts";

/** Interest and fees of a month are paid, or added to the loan, together. */
const ADDED = "loan_capitalised_usd";

/** What is paid to lenders, in the order of the stack. */
const SERVICE: readonly {
  readonly name: string;
  readonly figure: FigureName;
  readonly colour: string;
}[] = [
  { name: "interest", figure: { metric: "loan_interest_usd", unless: ADDED }, colour: "limit-money" },
  { name: "fees", figure: { metric: "loan_fee_usd", unless: ADDED }, colour: "cost-energy" },
  { name: "principal", figure: { metric: "loan_principal_usd" }, colour: "main" },
];

/** Cash available in the months in which something is due: that of other months covers nothing. */
const AVAILABLE: FigureName = { metric: "loan_cash_available_usd", where: "loan_due_usd" };

/** Colours of a second loan on the same chip, and of loans on no chip. */
const OTHER_COLOURS = [
  "limit-compute",
  "cost-upkeep",
  "cost-halls",
  "limit-bandwidth",
  "limit-chips",
  "others",
];

/** A loan by month in table units, and its cover by year. */
type Loan = {
  readonly name: string;
  readonly title: string;
  readonly colour: string;
  readonly balance: readonly number[];
  readonly due: readonly number[];
  readonly available: readonly number[];
  readonly covenant: number | undefined;
  readonly testedFrom: number;
  /** Cover of the twelve months up to each. */
  readonly cover: readonly number[];
};

/** Loans: what is owed, what is paid against the cash for it, and the cover by year; none without a loan. */
export function debtPicture(plan: Plan): readonly Picture[] {
  const { results } = plan;
  const colours = colourLoans(plan);
  const loans = results.loans.map((name, index) => readLoan(plan, name, colours[index]));
  if (loans.every(({ balance }) => largestOf(balance) === 0)) return [];
  const years = yearsOf(results);
  const sumOver = ({ first, end }: Period, values: readonly number[]) =>
    values.slice(first - results.startMonth, end - results.startMonth).reduce((sum, one) => sum + one, 0);
  const service = servicePaid(results).map(
    ({ values, ...part }): Layer => ({ ...part, values: years.map((year) => sumOver(year, values)) }),
  );
  const due = years.map((year) => loans.reduce((sum, loan) => sum + sumOver(year, loan.due), 0));
  const available = years.map((year, index) =>
    due[index] > 0 ? loans.reduce((sum, loan) => sum + sumOver(year, loan.available), 0) : Number.NaN,
  );
  const least = loans.map((loan) => largestOf(loan.balance)).sort((a, b) => b - a)[MOST_LOANS - 1] ?? 0;
  const largest = loans.filter((loan) => largestOf(loan.balance) >= least).slice(0, MOST_LOANS);
  const cover = largest.map(({ cover: values, ...loan }): LoanCover & { readonly name: string } => ({
    ...loan,
    values,
  }));
  const balance = loans.map(({ title: name, colour, balance: values }): Layer => ({ name, colour, values }));
  const totals = balance[0].values.map((_, month) =>
    balance.reduce((sum, { values }) => sum + values[month], 0),
  );
  const measure = measureOf("USD", totals);
  const paid = years.map((_, year) => service.reduce((sum, { values }) => sum + values[year], 0));
  const money = measureOf("USD", [...paid, ...available]);
  /** The last month of a year up to which there is a cover, because something is due in it; -1 where nothing is. */
  const lastCoverIn = ({ first, end }: Period, values: readonly number[]) => {
    for (let month = end - 1; month >= first; month--)
      if (Number.isFinite(values[month - results.startMonth])) return month;
    return -1;
  };
  const coverIn = (year: Period, values: readonly number[]) =>
    values[lastCoverIn(year, values) - results.startMonth] ?? Number.NaN;
  const ends = years.map(({ end }) => totals[end - 1 - results.startMonth]);
  return [
    {
      id: "debt",
      title: `Debt and what covers it, ${measure.unit}`,
      subtitle:
        "At medians. Above: what is owed. Middle: what is paid a year, and the cash that the fleets and sites of the loans bring for it. Below: the cover of twelve months, as lenders test it; where it is below 1, equity pays the rest.",
      note: noteOf(loans, largest, results),
      isWide: true,
      draw: (width) =>
        drawDebt(
          {
            start: results.startMonth,
            months: results.monthCount,
            balance,
            measure,
            years,
            service,
            available,
            serviceMeasure: withUnit(money, `${money.unit} a year`),
            cover,
          },
          width,
        ),
      numbers: {
        caption:
          "By year, at medians; cash available of the months in which something is due, and the cover of the twelve months up to the last of these",
        columns: [
          { name: "Year" },
          { name: "Owed at its end", unit: measure.unit },
          ...service.map(({ name }) => ({ name: capital(name), unit: money.unit })),
          { name: "Cash available", unit: money.unit },
          ...cover.map(({ title }) => ({ name: title, unit: "cover" })),
        ],
        rows: years.map(({ name }, year) => [
          name,
          measure.text(ends[year]),
          ...service.map(({ values }) => money.text(values[year])),
          money.text(available[year]),
          ...cover.map(({ values }) => fixed(coverIn(years[year], values), 2)),
        ]),
        figureAt: (row, column) => {
          const { first, end } = years[row];
          const all = { entity: results.loans.join(" "), when: `${isoMonth(first)}..${isoMonth(end - 1)}` };
          if (column === 1) return { ...all, metric: "loan_balance_usd", when: isoMonth(end - 1) };
          const paid = SERVICE.find(({ name }) => name === service[column - 2]?.name);
          if (paid) return { ...all, ...paid.figure };
          if (column === 2 + service.length)
            return Number.isFinite(available[row]) ? { ...all, ...AVAILABLE } : undefined;
          const loan = cover[column - 3 - service.length];
          const last = loan ? lastCoverIn(years[row], loan.values) : -1;
          return loan && last >= 0
            ? { metric: "loan_trailing_dscr", entity: loan.name, when: isoMonth(last) }
            : undefined;
        },
      },
    },
  ];
}

function readLoan({ scenario, results }: Plan, name: string, colour: string): Loan {
  const read = (metric: string) => readPlain(results, "loan", metric, name);
  const from = plainValue(scenario, `debt.${name}.covenant.from`);
  return {
    name,
    title: titleOf(scenario, "debt", name),
    colour,
    balance: read("loan_balance_usd"),
    due: read("loan_due_usd"),
    available: readCounted(results, AVAILABLE, name),
    cover: [...(findColumn(results, "loan", "loan_trailing_dscr", name) ?? [])],
    covenant: plainValue(scenario, `debt.${name}.covenant.dscr`),
    testedFrom: Math.max(0, Math.round(from ?? results.startMonth) - results.startMonth),
  };
}

/** Interest, fees and principal paid to all lenders by month. */
function servicePaid(results: Results): readonly Layer[] {
  return SERVICE.map(({ name, colour, figure }) => {
    const paid = results.loans.map((loan) => readCounted(results, figure, loan));
    const values = paid.reduce((all, own) => all.map((value, month) => value + own[month]));
    return { name, colour, values };
  }).filter(({ values }) => largestOf(values) > 0);
}

/** A figure of a loan by month, 0 in months that do not count for it. */
function readCounted(results: Results, figure: FigureName, loan: string): readonly number[] {
  return readPlain(results, "loan", figure.metric, loan).map((value, month) =>
    countsIn(results, figure, loan, month) ? value : 0,
  );
}

function yearsOf({ startMonth: start, monthCount, yearStart }: Results): readonly Period[] {
  const [first, last] = [yearOf(start, yearStart), yearOf(start + monthCount - 1, yearStart)];
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    name: yearText(first + index, yearStart),
    first: Math.max(start, firstMonthOf(first + index, yearStart)),
    end: Math.min(start + monthCount, firstMonthOf(first + index + 1, yearStart)),
  }));
}

function noteOf(loans: readonly Loan[], drawn: readonly Loan[], results: Results): Sentence {
  const parts = drawn.flatMap((loan) => {
    const { title, covenant } = loan;
    const name = results.loans[loans.indexOf(loan)];
    const least = findColumn(results, "loan", "loan_least_dscr", name)?.[0] ?? Number.NaN;
    if (Number.isNaN(least)) return [];
    const below = findColumn(results, "loan", "loan_months_below_covenant", name)?.[0] ?? 0;
    const figure = (metric: string) => ({ metric, entity: name });
    const line = `debt.${name}.covenant.dscr`;
    const floor =
      covenant === undefined ? [] : sentence`, covenant ${told(brief(covenant), { metric: line })}`;
    const missed =
      below > 0
        ? sentence`, below it in ${told(String(below), figure("loan_months_below_covenant"))} ${below === 1 ? "month" : "months"}`
        : "";
    return [sentence`${title}: ${told(significant(least), figure("loan_least_dscr"))}${floor}${missed}`];
  });
  const least = parts.length === 0 ? [] : sentence`Least cover of twelve months: ${joinPieces(parts, "; ")}.`;
  const more =
    drawn.length < loans.length
      ? ` The cover of the ${drawn.length} largest of ${loans.length} loans is drawn.`
      : "";
  return [...least, more];
}

/** A loan takes the colour of the chip that it finances most of; a second loan on it, and one on halls alone, another. */
function colourLoans(plan: Plan): readonly string[] {
  const taken = new Set<string>();
  return plan.results.loans.map((name) => {
    const own = chipColour(plan, name);
    const free = own !== undefined && !taken.has(own) ? own : OTHER_COLOURS.find((one) => !taken.has(one));
    const colour = free ?? "others";
    taken.add(colour);
    return colour;
  });
}

function chipColour(plan: Plan, name: string): string | undefined {
  const { scenario, results } = plan;
  const [fleets, sites] = ["fleets", "sites"].map((what) => namesIn(scenario, `debt.${name}.${what}`));
  const sums = results.parts.flatMap(({ key, fleet, chip, site }) =>
    fleets.includes(fleet) || sites.includes(site)
      ? [{ chip, sum: largestOf(readPlain(results, "part", "facility_power_mw", key)) }]
      : [],
  );
  const [most] = sums.sort((a, b) => b.sum - a.sum);
  return most && colourOf(plan, most.chip);
}

function namesIn({ fields }: Scenario, path: string): readonly string[] {
  return fields.get(path)?.texts ?? [];
}
