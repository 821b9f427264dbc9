import { MONTHS_PER_YEAR } from "../../metrics/unit-factors.ts";
import { longMonth } from "./months.ts";
import { joinPieces, type Sentence, sentence } from "./sentence.ts";

/** More spans than this are counted, not listed. */
const MOST_SPANS = 4;

/**
 * Months in words, such as `in January and February 2026, throughout 2027 and from May 2029 on`.
 *
 * @param months     months of the horizon, in order, at least one
 * @param horizon    its absolute first month and how many it has
 * @param mark       marks a text that names a span by its first month of the horizon
 */
export function monthSpans(
  months: readonly number[],
  { startMonth, monthCount }: { readonly startMonth: number; readonly monthCount: number },
  mark: (first: number, text: string) => Sentence[number],
): Sentence {
  if (months.length === monthCount) return ["in every month"];
  const name = (month: number) => longMonth(startMonth + month);
  const starts = months.filter((month) => !months.includes(month - 1));
  if (starts.length > MOST_SPANS)
    return sentence`in ${String(months.length)} of ${String(monthCount)} months, first in ${mark(starts[0], name(starts[0]))}`;
  const spans = starts.map((first) => {
    let last = first;
    while (months.includes(last + 1)) last++;
    const isJanuary = (startMonth + first) % MONTHS_PER_YEAR === 0;
    if (first === last) return sentence`in ${mark(first, name(first))}`;
    if (last === monthCount - 1) return sentence`from ${mark(first, name(first))} on`;
    if (isJanuary && last - first === MONTHS_PER_YEAR - 1)
      return sentence`throughout ${mark(first, name(first).split(" ")[1] ?? "")}`;
    const between = last === first + 1 ? (["in", "and"] as const) : (["from", "to"] as const);
    const [nameOfMonth = "", year] = name(first).split(" ");
    const begin = name(last).endsWith(` ${year}`) ? nameOfMonth : name(first);
    return sentence`${between[0]} ${mark(first, begin)} ${between[1]} ${name(last)}`;
  });
  return joinPieces(spans, ", ", " and ");
}
