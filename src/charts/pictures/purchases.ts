import { scaleLog } from "d3-scale";
import { decimalExponentOf, powerOfTen } from "../../numbers/decimal.ts";
import { linearScale, timeAxis, yearTicks } from "../kit/axes.ts";
import { legend } from "../kit/legend.ts";
import { shortMonth } from "../kit/months.ts";
import { fixed, largestOf, significant } from "../kit/numbers.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, circle, fitText, label, segment, shape, widthOf } from "../kit/svg.ts";
import { stepPath } from "./power.ts";

/** Chips of one kind that land at one site, by month: in the plan and in the scenario. */
export type PurchaseRow = {
  readonly chip: string;
  readonly site: string;
  readonly colour: string;
  readonly plan: readonly number[];
  readonly scenario: readonly number[];
};

/** What one more unit of the limit that binds most is worth, by month; in the unit named. */
export type PriceRow = { readonly title: string; readonly unit: string; readonly values: readonly number[] };

export type PurchasesData = {
  readonly start: number;
  readonly months: number;
  readonly rows: readonly PurchaseRow[];
  readonly price?: PriceRow | undefined;
};

/** Draws what a plan buys by month, all rows on one scale, the scenario's deliveries as an outline, and below the price of the limit. */
export function drawPurchases({ start, months, rows, price }: PurchasesData, width: number): Drawing {
  const narrow = isNarrow(width);
  const left = narrow ? 52 : width < 800 ? 160 : 230;
  const axis = timeAxis(start, months, left, width - 8);
  const high = narrow ? 46 : 62;
  const most =
    Math.max(
      largestOf(rows.flatMap(({ plan }) => plan)),
      largestOf(rows.flatMap(({ scenario }) => scenario)),
    ) || 1;
  let top = narrow ? 48 : 24;
  const out: string[] = [];
  for (const [index, row] of rows.entries()) {
    out.push(drawRow(row, axis, top, top + high, most, narrow));
    if (index === 0) {
      // Above the row's own words, which reach as far where the picture is narrow.
      const y = narrow ? top - 36 : top - 4;
      out.push(label(axis.right, y, `full height: ${fixed(most)} chips a month`, "soft sm halo", "end"));
    }
    top += high + (narrow ? 46 : 18);
  }
  let bottom = top - (narrow ? 36 : 8);
  if (price && largestOf(price.values) > 0) {
    top += narrow ? 4 : 22;
    bottom = top + 120;
    out.push(drawPrices(price, axis, top, bottom, narrow));
  }
  out.push(yearTicks(axis, bottom));
  const keys = legend(
    [
      { text: "the plan buys (bar, colour of the chip)", colour: "inner" },
      { text: "the scenario\u2019s deliveries", colour: "ink", line: "solid" },
    ],
    narrow ? 0 : left,
    bottom + 40,
    narrow ? width : width - left,
  );
  return { height: keys.bottom + 12, body: out.join("") + keys.body };
}

function drawRow(
  { chip, site, colour, plan, scenario }: PurchaseRow,
  axis: ReturnType<typeof timeAxis>,
  top: number,
  bottom: number,
  most: number,
  narrow: boolean,
): string {
  const y = linearScale([0, most], [bottom, top]);
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  const count = (value: number) => (value > 0.5 ? fixed(Number(value.toPrecision(4))) : "none");
  const counts = [`plan ${count(sum(plan))}`, `scenario ${count(sum(scenario))}`];
  const room = axis.left - 8;
  const heads = narrow
    ? label(0, top - 22, fitText(`${chip}, ${site}`, axis.right, 12, true), `t-${colour} b`) +
      label(0, top - 8, counts.join(", "), "soft sm")
    : label(0, top + 14, fitText(chip, room, 12, true), `t-${colour} b`) +
      label(0, top + 30, fitText(site, room)) +
      label(0, top + 45, counts[0], "soft sm") +
      label(0, top + 58, counts[1], "soft sm");
  const wide = axis.at(axis.start + 1) - axis.at(axis.start);
  const bars = plan.map((value, month) => {
    if (value <= 0.5) return "";
    const x = axis.at(axis.start + month);
    const tip = `${chip}, ${site}, ${shortMonth(axis.start + month)}: the plan buys ${fixed(value)}, the scenario ${fixed(scenario[month])}`;
    return box(x + wide * 0.05, y(value), wide * 0.9, bottom - y(value), `f-${colour}`, tip);
  });
  return [
    heads,
    segment(axis.left, bottom, axis.right, bottom, "s-soft"),
    segment(axis.left, y(most / 2), axis.right, y(most / 2), "s-grid"),
    ...bars,
    largestOf(scenario) > 0.5 ? shape(stepPath(scenario, axis, y), "s-ink no", { "stroke-width": 1.2 }) : "",
  ].join("");
}

/** Prices from the largest downwards over three decades; what is less is not seen. */
function drawPrices(
  { title, unit, values }: PriceRow,
  axis: ReturnType<typeof timeAxis>,
  top: number,
  bottom: number,
  narrow: boolean,
): string {
  const peak = largestOf(values);
  const below = powerOfTen(decimalExponentOf(peak));
  const decade = below < peak ? 10 * below : below;
  const y = scaleLog()
    .domain([decade / 1e3, decade])
    .range([bottom, top + 8])
    .clamp(true);
  const heads = narrow
    ? label(0, top - 14, fitText(`${title}, ${unit}`, axis.right, 12, true), "ink b")
    : wrapHead(title, unit, axis.left - 60, top);
  const marks = [decade, decade / 10, decade / 100].map(
    (value) =>
      segment(axis.left, y(value), axis.right, y(value), "s-grid") +
      label(axis.left - 6, y(value) + 4, significant(value, 1), "soft sm", "end"),
  );
  const ranked = values.map((value, month) => ({ value, month })).sort((a, b) => b.value - a.value);
  const named = ranked.filter(({ value }) => value > peak / 3).slice(0, 2);
  const bars = values.map((value, month) => {
    if (value < decade / 1e3) return "";
    const isPeak = named.some((one) => one.month === month);
    const x = axis.middle(axis.start + month);
    return segment(x, bottom, x, y(value), isPeak ? "s-alarm" : "s-inner", {
      "stroke-width": isPeak ? 2.4 : 1.6,
    });
  });
  let taken: readonly [number, number] = [Number.NaN, Number.NaN];
  const names = named.map(({ value, month }) => {
    const x = axis.middle(axis.start + month);
    const text = `${significant(value)}, ${shortMonth(axis.start + month)}`;
    const wide = widthOf(text, 12, true) + 10;
    const isLeft = x + wide > axis.right;
    const [from, to] = isLeft ? [x - wide, x] : [x, x + wide];
    const dot = circle(x, y(value), 3.5, "f-alarm");
    // The second stands without its number where that would cover the first one's.
    if (from < taken[1] && taken[0] < to) return dot;
    taken = [from, to];
    const anchor = isLeft ? "end" : "start";
    return dot + label(x + (isLeft ? -8 : 8), y(value) - 6, text, "t-alarm b halo", anchor);
  });
  return [heads, ...marks, ...bars, ...names].join("");
}

function wrapHead(title: string, unit: string, room: number, top: number): string {
  const words = title.split(" ");
  const lines: string[] = [""];
  for (const word of words) {
    const longer = `${lines[lines.length - 1]} ${word}`.trim();
    if (widthOf(longer, 12, true) > room && lines[lines.length - 1] !== "") lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return (
    lines.map((text, index) => label(0, top + 14 + index * 16, text, "ink b")).join("") +
    label(0, top + 14 + lines.length * 16, fitText(unit, room, 11), "soft sm")
  );
}
