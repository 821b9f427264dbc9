import type { Table } from "../metrics/table.ts";
import { rowsOf, type TableRow } from "./table-rows.ts";

/** The figures of a backtest over independent points. */
export type ValidationSummary = {
  readonly points: number;
  readonly independentPoints: number;
  readonly meanAbsoluteError: number;
  readonly shareInside: number;
};

/**
 * Writes docs/validation.md: what was done, table, chart, the points outside with their reasons, and the notes.
 *
 * @param notes text in Markdown on published figures that look wrong
 *
 * Fails: never. The same input gives the same bytes.
 */
export function makeValidationPage(table: Table, summary: ValidationSummary, notes: string): string {
  const readings = rowsOf(table);
  const parts = [
    "<!-- Made by `npm run docs` from the same run as `gigafleet backtest`. Do not edit: edit scenarios/validation/. -->",
    "# Validation",
    introduction(summary),
    "![Predicted against published figures on log axes](validation.svg)",
    "## Results",
    "Predictions are the run of medians; in brackets the 90 % range of the catalog's uncertainty. A point marked ° feeds the catalog, or tests nothing, and does not count.",
    drawTable(readings),
    "## Points outside their band",
    listOutside(readings),
    notes.trim(),
    "## Points that do not count",
    listFed(readings),
    "## Sources",
    listSources(readings),
  ];
  return `${parts.join("\n\n")}\n`;
}

function introduction({
  points,
  independentPoints,
  meanAbsoluteError,
  shareInside,
}: ValidationSummary): string {
  return [
    `Published deployments predicted by the ordinary model: ${points} figures, of them ${independentPoints} independent of the catalog.`,
    `Over the independent ones the mean absolute error is **${percent(meanAbsoluteError)}**, and **${percent(shareInside)}** lie inside the published band.`,
    "",
    "Each is a row of `scenarios/validation/cases.csv` over a template beside it. The row says what its source says, chips or power, month, design PUE where stated, and nothing else; all other figures are the catalog's, the same for every case. Chips a source names without numbers share what is given in equal parts; a class of chips is what is on sale in the month. Where a source does not say whether its power is the facility's or critical IT, both readings are shown, and the point counts once, each reading with a half. A point whose source feeds a figure that its prediction reads is shown but does not count.",
    "",
    "`npx gigafleet backtest` runs it again; `npx gigafleet backtest my-cases.csv` runs your own.",
  ].join("\n");
}

function drawTable(readings: readonly TableRow[]): string {
  const head =
    "| | case | given | basis | predicted | published | band | unit | ratio | |\n|---|---|---|---|--:|--:|--:|---|--:|---|";
  const lines = readings.map((reading) => {
    const { text, number } = reading;
    const range = `${figure(number("predicted"))} [${figure(number("predicted_p5"))} to ${figure(number("predicted_p95"))}]`;
    const band = `${exact(number("low"))} to ${exact(number("high"))}`;
    const id = `${text("id")}${text("independent") === "yes" ? "" : "°"}`;
    const verdict = text("verdict") === "inside" ? "inside" : "**outside**";
    const given = `${text("given")} of ${text("chips")}${text("design_pue") === "" ? "" : `, design PUE ${text("design_pue")}`}`;
    const cells = [
      id,
      text("case"),
      given,
      text("basis"),
      range,
      exact(number("published")),
      band,
      text("unit"),
    ];
    return `| ${[...cells, number("ratio").toFixed(2), verdict].map(escapeCell).join(" | ")} |`;
  });
  return [head, ...lines].join("\n");
}

function listOutside(readings: readonly TableRow[]): string {
  const outside = readings.filter(({ text }) => text("verdict") === "outside");
  if (outside.length === 0) return "None.";
  return outside
    .map(({ text, number }) => {
      const basis = text("basis") === "" ? "" : ` as ${text("basis") === "it" ? "IT" : "facility"} power`;
      const counts = text("independent") === "yes" ? "" : " (does not count)";
      return `- **${text("id")} ${text("case")}**${basis}, ${number("ratio").toFixed(2)} of the published figure${counts}. ${text("remark") || "No reason is known."}`;
    })
    .join("\n");
}

function listFed(readings: readonly TableRow[]): string {
  const fed = new Map<string, string[]>();
  for (const { text } of readings) {
    if (text("independent") === "yes") continue;
    const ids = fed.get(text("feeds")) ?? [];
    if (!ids.includes(text("id"))) fed.set(text("feeds"), [...ids, text("id")]);
  }
  return [...fed]
    .map(([feeds, ids]) => `- ${ids.join(", ")}: ${feeds.replace(/\b(?:chips|defaults)\.[\w.]+/g, "`$&`")}`)
    .join("\n");
}

function listSources(readings: readonly TableRow[]): string {
  const seen = new Set<string>();
  return readings
    .filter(({ text }) => !seen.has(text("id")) && seen.add(text("id")))
    .map(({ text }) => `- ${text("id")}: ${text("source_says")} [${text("date")}](${text("url")})`)
    .join("\n");
}

/** Three digits. */
function figure(value: number): string {
  return exact(Number(value.toPrecision(3)));
}

/** All digits, with commas between thousands. */
function exact(value: number): string {
  const [whole, fraction] = String(value).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function escapeCell(text: string): string {
  return text.replace(/\|/g, "\\|");
}
