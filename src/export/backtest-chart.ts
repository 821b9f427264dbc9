import { type ScaleContinuousNumeric, scaleLog } from "d3-scale";
import { line, symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle } from "d3-shape";
import type { Table } from "../metrics/table.ts";
import { rowsOf, type TableRow } from "./table-rows.ts";

/** Marks by the unit of the prediction. */
const families = [
  { label: "power (MW)", units: ["MW"], shape: symbolCircle, colour: "#1f6fb4" },
  { label: "chips", units: ["chips"], shape: symbolSquare, colour: "#b4501f" },
  { label: "cost (B USD)", units: ["B USD"], shape: symbolDiamond, colour: "#2e8540" },
  { label: "other", units: [], shape: symbolTriangle, colour: "#7a4b9a" },
  { label: "tokens/s a chip", units: ["tokens/s/chip"], shape: symbolCircle, colour: "#1f6fb4" },
  { label: "days of training", units: ["days"], shape: symbolSquare, colour: "#b4501f" },
] as const;

const [width, leastHeight] = [960, 620];
/** Height of a reading's line, below which it cannot be read. */
const lineHeight = 12;
/** Where the two panels stand: left, right, top, bottom. */
const cloud = { left: 70, right: 430, top: 60, bottom: 420 } as const;
const rows = { left: 600, right: 930, top: 60, below: 20 } as const;
/** Ends of the axes: all published figures, and ratios of a half to two, or of a third to three where any lies beyond. */
const figures = [0.1, 1e7] as const;
const ratios = { narrow: [0.5, 0.7, 1, 1.4, 2], wide: [1 / 3, 0.5, 1, 2, 3] } as const;
const markArea = 50;

/**
 * Draws predicted against published figures on log axes, and beside it the ratio of the two for each reading with the
 * band of the published figure and the 90 % range of the prediction.
 *
 * @param table as `makeBacktestTable` makes it
 * @return an SVG that stands alone
 *
 * Fails: never. The same table gives the same bytes.
 */
export function drawBacktestChart(table: Table): string {
  const readings = rowsOf(table);
  const height = Math.max(leastHeight, rows.top + lineHeight * readings.length + rows.below);
  const body = [
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...drawCloud(readings),
    ...drawRatios(readings, height - rows.below),
    ...drawLegend(readings),
  ];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" role="img" aria-label="Predicted against published figures on log axes">`;
  return `${[head, ...body.map((one) => `  ${one}`), "</svg>"].join("\n")}\n`;
}

function drawCloud(readings: readonly TableRow[]): readonly string[] {
  const x = scaleLog().domain(figures).range([cloud.left, cloud.right]);
  const y = scaleLog().domain(figures).range([cloud.bottom, cloud.top]);
  const decades = Array.from({ length: 9 }, (_, index) => 10 ** (index - 1));
  const grid = decades.flatMap((value) => [
    stroke(x(value), cloud.top, x(value), cloud.bottom, "#eee"),
    stroke(cloud.left, y(value), cloud.right, y(value), "#eee"),
    label(x(value), cloud.bottom + 16, decadeText(value), "middle"),
    label(cloud.left - 6, y(value) + 4, decadeText(value), "end"),
  ]);
  const equal = line()([
    [x(figures[0]), y(figures[0])],
    [x(figures[1]), y(figures[1])],
  ]);
  const marks = readings.flatMap((reading) => {
    const [at, low, high] = ["published", "predicted_p5", "predicted_p95"].map(reading.number);
    return [
      stroke(x(at), y(low), x(at), y(high), familyOf(reading).colour),
      mark(reading, x(at), y(reading.number("predicted"))),
    ];
  });
  return [
    label(cloud.left, cloud.top - 22, "Predicted against published, log axes", "start", "bold"),
    ...grid,
    `<path d="${equal}" fill="none" stroke="#888" stroke-dasharray="4 3"/>`,
    ...marks,
    label((cloud.left + cloud.right) / 2, cloud.bottom + 36, "published", "middle"),
    `<text x="20" y="${(cloud.top + cloud.bottom) / 2}" text-anchor="middle" transform="rotate(-90 20 ${(cloud.top + cloud.bottom) / 2})">predicted (line: 90 % range)</text>`,
  ];
}

function drawRatios(readings: readonly TableRow[], bottom: number): readonly string[] {
  const isNarrow = readings.every((reading) => Math.abs(Math.log2(reading.number("ratio"))) <= 1);
  const marked = isNarrow ? ratios.narrow : ratios.wide;
  const x = scaleLog()
    .domain([marked[0], marked[marked.length - 1]])
    .range([rows.left, rows.right])
    .clamp(true);
  const step = (bottom - rows.top) / Math.max(1, readings.length);
  const ticks = marked.flatMap((value) => [
    stroke(x(value), rows.top, x(value), bottom, value === 1 ? "#888" : "#eee"),
    label(x(value), rows.top - 6, digits(value), "middle"),
  ]);
  const lines = readings.flatMap((reading, index) => {
    const middle = rows.top + (index + 0.5) * step;
    const name = `${reading.text("id")} ${basisText(reading)}`.trim();
    return [label(rows.left - 8, middle + 4, name, "end"), ...drawRatio(reading, x, middle, step)];
  });
  return [
    label(
      rows.left,
      rows.top - 22,
      readings.some((reading) => reading.text("low") !== "")
        ? "Predicted over published; grey: band of the published figure"
        : "Predicted over published (line: 90 % range)",
      "start",
      "bold",
    ),
    ...ticks,
    ...lines,
  ];
}

function drawRatio(
  reading: TableRow,
  x: ScaleContinuousNumeric<number, number>,
  middle: number,
  step: number,
): readonly string[] {
  const published = reading.number("published");
  const at = (name: string) => x(reading.number(name) / published);
  const [p5, p95] = [at("predicted_p5"), at("predicted_p95")];
  return [
    ...(reading.text("low") === "" ? [] : [drawBand(at("low"), at("high"), middle, step)]),
    stroke(p5, middle, p95, middle, familyOf(reading).colour),
    mark(reading, x(reading.number("ratio")), middle),
  ];
}

/** The band of a published figure. */
function drawBand(low: number, high: number, middle: number, step: number): string {
  return `<rect x="${digits(low)}" y="${digits(middle - step * 0.35)}" width="${digits(high - low)}" height="${digits(step * 0.7)}" fill="#e4e4e4"/>`;
}

function drawLegend(readings: readonly TableRow[]): readonly string[] {
  const top = cloud.bottom + 70;
  const present = new Set(readings.map(familyOf));
  const kinds = families
    .filter((family) => present.has(family))
    .map(({ label: text, shape, colour }, index) => {
      const path = symbol(shape, markArea)();
      const at = `translate(${cloud.left + 10} ${top + index * 20})`;
      return `<path d="${path}" transform="${at}" fill="${colour}"/>${label(cloud.left + 24, top + index * 20 + 4, text, "start")}`;
    });
  const left = cloud.left + 160;
  return [
    ...kinds,
    label(left, top + 4, "filled: independent, counts in error and share", "start"),
    label(left, top + 24, "hollow: its source feeds the catalog", "start"),
    ...(readings.some((reading) => reading.text("basis") !== "")
      ? [label(left, top + 44, "F, IT: read as facility or as IT power", "start")]
      : []),
  ];
}

function familyOf(reading: TableRow) {
  const unit = reading.text("unit");
  return families.find(({ units }) => (units as readonly string[]).includes(unit)) ?? families[3];
}

/** Filled where the point is independent. */
function mark(reading: TableRow, x: number, y: number): string {
  const { shape, colour } = familyOf(reading);
  const fill = reading.text("independent") === "yes" ? colour : "white";
  const title = `${reading.text("id")} ${reading.text("case")}: ratio ${reading.number("ratio").toFixed(2)}`;
  return `<path d="${symbol(shape, markArea)()}" transform="translate(${digits(x)} ${digits(y)})" fill="${fill}" stroke="${colour}" stroke-width="1.4"><title>${escapeXml(title)}</title></path>`;
}

function basisText(reading: TableRow): string {
  return { facility: "F", it: "IT" }[reading.text("basis")] ?? "";
}

function stroke(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  return `<line x1="${digits(x1)}" y1="${digits(y1)}" x2="${digits(x2)}" y2="${digits(y2)}" stroke="${colour}"/>`;
}

function label(
  x: number,
  y: number,
  text: string,
  anchor: "start" | "middle" | "end",
  weight?: "bold",
): string {
  const bold = weight ? ` font-weight="${weight}"` : "";
  return `<text x="${digits(x)}" y="${digits(y)}" text-anchor="${anchor}"${bold}>${escapeXml(text)}</text>`;
}

function decadeText(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1e3 ? `${value / 1e3}k` : String(value);
}

/** Two decimals, so that the last bit of a logarithm does not change the file. */
function digits(value: number): string {
  return String(Number(value.toFixed(2)));
}

function escapeXml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
