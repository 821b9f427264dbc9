import type { Results } from "../../analysis/results/results.ts";
import { longMonth } from "../../charts/kit/months.ts";
import { brief, fixed, NARROW_SPACE, percent, significant } from "../../charts/kit/numbers.ts";
import { type Sentence, sentence, strong, told } from "../../charts/kit/sentence.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { titleOf } from "../names.ts";
import {
  isOpenReturn,
  measureReading,
  middleText,
  type Reading,
  rangePart,
  readFigure,
} from "../readings.ts";

/**
 * What a plan leaves after tax and debt, and how well cash covers the debt, in a sentence each. Without a contract that pays the
 * provider it says nothing of tax, and without tax and loans nothing at all.
 */
export function leftSentences(scenario: Scenario, results: Results): readonly Sentence[] {
  const [tax, equity] = [taxText(scenario, results), equityText(scenario, results)];
  const isLevered = equity.length > 0;
  const joined =
    tax.length > 0 && isLevered
      ? [...tax, " without debt; after debt and tax, equity ", ...equity, "."]
      : isLevered
        ? ["After debt, equity ", ...equity, "."]
        : tax.length > 0
          ? [...tax, ...taxPaid(results), "."]
          : [];
  return [joined, coverSentence(scenario, results)].filter((one) => one.length > 0);
}

/** `After tax the provider's NPV is 12 B USD (8 to 15) at 8 % a year`. */
function taxText(scenario: Scenario, results: Results): Sentence {
  const metric = "npv_provider_after_tax_usd";
  const worth = readFigure(results, metric);
  if (!worth || results.contracts.length === 0) return [];
  const measure = measureReading(worth);
  const own = plainValue(scenario, "tax.discount_rate");
  const rate = own ?? plainValue(scenario, "provider.discount_rate") ?? 0;
  const asked = told(rateText(rate), {
    metric: own === undefined ? "provider.discount_rate" : "tax.discount_rate",
  });
  return sentence`After tax the provider\u2019s NPV is ${strong(middleText(worth, measure), { metric })}${rangePart(worth, metric)} at ${asked} a year`;
}

function taxPaid(results: Results): Sentence {
  const metric = "tax_total_usd";
  const paid = readFigure(results, metric);
  if (!paid) return [];
  const amount = told(middleText(paid, measureReading(paid)), { metric });
  return sentence`; it pays ${amount}${rangePart(paid, metric)} of tax over the horizon`;
}

/**
 * `is worth 6 B USD (2 to 9) at 15 % a year and earns 21 % (17 to 25 %) a year`: after tax where there is any. Of a return whose
 * range is very wide (`isOpenReturn`) only the range is given.
 */
function equityText(scenario: Scenario, results: Results): Sentence {
  if (results.loans.length === 0) return [];
  const after = readFigure(results, "equity_npv_after_tax_usd") ? "_after_tax" : "";
  const metric = `equity_npv${after}_usd`;
  const worth = readFigure(results, metric);
  if (!worth) return [];
  const amount = strong(middleText(worth, measureReading(worth)), { metric });
  const rate = plainValue(scenario, "provider.equity_rate") ?? 0;
  const asked = told(rateText(rate), { metric: "provider.equity_rate" });
  const head = sentence`is worth ${amount}${rangePart(worth, metric)} at ${asked} a year`;
  const irr = readFigure(results, `equity_irr${after}`);
  // A plan that never pays back, or pays from the first month, has no rate of return.
  if (!irr || !Number.isFinite(irr.middle)) return head;
  if (isOpenReturn(irr))
    return [...head, ...sentence`; what it earns a year is open${rangePart(irr, `equity_irr${after}`)}`];
  const earned = strong(percent(irr.middle), { metric: `equity_irr${after}` });
  return [...head, " and earns ", ...sentence`${earned}${rangePart(irr, `equity_irr${after}`)} a year`];
}

function rateText(rate: number): string {
  return `${brief(rate * 100)}${NARROW_SPACE}%`;
}

/** A loan with the least cover of twelve months, and the months below its covenant where it has one. */
type CoveredLoan = {
  readonly name: string;
  readonly cover: Reading;
  readonly covenant?: number | undefined;
  readonly below?: Reading | undefined;
};

/** How many times cash covers what is due in the worst twelve months, for the loan with the least room to its covenant, or to 1. */
function coverSentence(scenario: Scenario, results: Results): Sentence {
  const loans = results.loans.flatMap((name): CoveredLoan[] => {
    const cover = readFigure(results, `${name}.loan_least_dscr`);
    if (!cover || !Number.isFinite(cover.middle)) return [];
    const covenant = plainValue(scenario, `debt.${name}.covenant.dscr`);
    return [{ name, cover, covenant, below: readFigure(results, `${name}.loan_months_below_covenant`) }];
  });
  const roomOf = ({ cover, covenant = 1 }: CoveredLoan) => cover.middle / covenant;
  const [tightest] = loans.sort((a, b) => roomOf(a) - roomOf(b));
  if (!tightest) return [];
  const title = titleOf(scenario, "debt", tightest.name);
  const from = plainValue(scenario, `debt.${tightest.name}.covenant.from`);
  // Cover is read from the covenant's first month on; cash may have covered less before.
  const since = from === undefined ? "over" : `from ${longMonth(from)} on, over`;
  const head =
    loans.length > 1
      ? [
          `Of ${fixed(loans.length)} loans the tightest is ${title}: ${since} its worst twelve months `,
          ...coverText(tightest),
        ]
      : [
          `${since.charAt(0).toUpperCase()}${since.slice(1)} the worst twelve months `,
          ...coverText(tightest),
          ` on ${title}`,
        ];
  return [...head, ...covenantPart(tightest), "."];
}

/** `cash covers 1.31 times (1.05 to 1.52) what is due`, or that there is no cash for it. */
function coverText({ name, cover }: CoveredLoan): Sentence {
  const figure = { metric: "loan_least_dscr", entity: name };
  if (cover.middle <= 0) return sentence`operation leaves ${strong("no cash", figure)} to pay what is due`;
  const [low, high] = [cover.low, cover.high].map((one) => (one === undefined ? "" : significant(one)));
  const range = low === high ? [] : sentence` (${told(`${low} to ${high}`, figure)})`;
  return sentence`cash covers ${strong(`${significant(cover.middle)} times`, figure)}${range} what is due`;
}

/** Whether the covenant holds; without one, that equity pays where cash does not. */
function covenantPart({ name, cover, covenant, below }: CoveredLoan): Sentence {
  if (covenant === undefined) return [cover.middle < 1 ? ", and equity pays the rest" : ""];
  if (!below) return [];
  const floor = sentence`; its covenant of ${told(brief(covenant), { metric: `debt.${name}.covenant.dscr` })}`;
  const figure = { metric: "loan_months_below_covenant", entity: name };
  const { low, middle, high } = below;
  if (middle > 0) {
    const range = low === undefined || high === undefined ? "" : ` (${fixed(low)} to ${fixed(high)})`;
    return sentence`${floor} is missed in ${told(monthsText(middle) + range, figure)}`;
  }
  if (high === undefined) return sentence`${floor} holds`;
  return high > 0
    ? sentence`${floor} holds at the median, and is missed in ${told(monthsText(high), figure)} at P95`
    : sentence`${floor} holds in at least 19 of 20 trials`;
}

function monthsText(count: number): string {
  return `${fixed(count)} ${count === 1 ? "month" : "months"}`;
}
