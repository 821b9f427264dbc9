import type { Table } from "../metrics/table.ts";
import { rowsOf, type TableRow } from "./table-rows.ts";

/** Accuracy of a backtest over independent points. */
export type ValidationSummary = {
  readonly points: number;
  readonly independentPoints: number;
  readonly meanAbsoluteError: number;
  readonly shareInside: number;
};

/** One subject of a backtest: the rows of its table, its accuracy and the name of its chart. */
export type ValidationPart = {
  readonly table: Table;
  readonly summary: ValidationSummary;
  readonly chart: string;
};

/** What the page is made of. */
export type ValidationInput = {
  readonly deployments: ValidationPart;
  readonly demand: ValidationPart;
  /** Errors of independent points by what is predicted. */
  readonly kinds: Table;
  /** Readings that the words of their sources rule out. */
  readonly others: Table;
  /** Text in Markdown on published figures that look wrong. */
  readonly notes: string;
};

/**
 * Writes docs/validation.md: method, tables, charts, outlying points with reasons, and notes.
 *
 * Fails: never. The same input gives the same bytes.
 */
export function makeValidationPage({ deployments, demand, kinds, others, notes }: ValidationInput): string {
  const [built, work] = [plainRows(deployments.table), plainRows(demand.table)];
  const parts = [
    "<!-- Made by `npm run docs` from the same run as `gigafleet backtest`. Do not edit: edit scenarios/validation/. -->",
    "# Validation",
    "`npx gigafleet backtest` repeats this validation; `npx gigafleet backtest my-cases.csv` runs your own cases. Predictions come from the run at medians; brackets give the 90 % range of the catalog's uncertainty. A point marked ° feeds the catalog, or tests nothing, and does not count.",
    "## Deployments",
    introduceDeployments(deployments.summary),
    `![Predicted against published deployments](${deployments.chart})`,
    drawTable(built),
    "### Points outside their band",
    listOutside(built),
    "### Points that do not count",
    listFed(built),
    "## Demand: serving and training",
    introduceDemand(demand.summary),
    `![Predicted against published serving and training](${demand.chart})`,
    drawTable(work),
    "### Points outside the range of their prediction",
    listOutside(work),
    "### Points that do not count",
    listFed(work),
    "## Errors by kind",
    "Independent points alone. Bias is the mean of predicted over published, less one. Inside is the share in the published band, or in the range of the prediction where a figure has no band. Coverage is the share of published figures that the 90 % range of their prediction holds, width the median of that range over the prediction; ranges that hold more than 97 % are too wide, though few points say little. The two columns behind count every point whose basis its words decide with both readings, each by half.",
    drawKinds(rowsOf(kinds)),
    "### Readings that words rule out",
    listOthers(plainRows(others)),
    notes.trim(),
    "## Sources",
    listSources([...built, ...work]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function introduceDeployments(summary: ValidationSummary): string {
  return [
    `The ordinary model predicts ${summary.points} figures of published deployments; ${summary.independentPoints} of them are independent of the catalog.`,
    `${figuresOf(summary)} lie inside the published band.`,
    "",
    "Each is a row of `scenarios/validation/cases.csv`, applied to a template beside it. The row states only what its source states: chips or power, month, and design PUE if given. All other figures come from the catalog and are the same for every case. Chips that a source names without numbers share the given amount equally; a class of chips means those on sale in that month. The column `basis` says how a source tells facility from critical IT power: it prints it (`facility`, `it`), its words decide (`facility by words`, `it by words`), or neither (`unstated`): then both readings are shown, and the point counts once, each reading by half. A point whose source feeds a figure that its prediction reads is shown but does not count.",
  ].join("\n");
}

function introduceDemand(summary: ValidationSummary): string {
  return [
    `The roofline predicts published serving rates, and training utilisation predicts days of training: ${summary.points} figures, ${summary.independentPoints} of them independent of the catalog.`,
    `${figuresOf(summary)} lie inside the range of the prediction: a measured rate has no band, so the question is whether the catalog's range contains it.`,
    "",
    "Each is a row of `scenarios/validation/demand-cases.csv`, applied to a template beside it. The row states the chip, the model and its formats, tokens in and out, the minimum speed and the chips of a replica. The share of peak that chips reach is one set of figures per chip family (`scenarios/catalog/serving.yaml`), the same for every row. Rows used to fit these figures are shown but do not count. Serving loses nothing to interruptions, because benchmarks are short. Training runs lose what the catalog states, because published days of training include interruptions. An H800 is computed as an H100: it has the same dies, with slower links.",
  ].join("\n");
}

function figuresOf({ meanAbsoluteError, shareInside }: ValidationSummary): string {
  return `Over the independent figures, the mean absolute error is **${percent(meanAbsoluteError)}**, and **${percent(shareInside)}**`;
}

function drawTable(readings: readonly TableRow[]): string {
  const head =
    "| | case | given | basis | predicted | published | band | unit | ratio | |\n|---|---|---|---|--:|--:|--:|---|--:|---|";
  const lines = readings.map((reading) => {
    const { text, number } = reading;
    const range = `${figure(number("predicted"))} [${figure(number("predicted_p5"))} to ${figure(number("predicted_p95"))}]`;
    const band = text("low") === "" ? "" : `${exact(number("low"))} to ${exact(number("high"))}`;
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
    return `| ${[...cells, number("ratio").toFixed(2), verdict].join(" | ")} |`;
  });
  return [head, ...lines].join("\n");
}

function drawKinds(kinds: readonly TableRow[]): string {
  const head =
    "| kind | points | mean absolute error | bias | inside | coverage | width | | error of both | inside of both |\n|---|--:|--:|--:|--:|--:|--:|---|--:|--:|";
  const lines = kinds.map(({ text, number }) => {
    const bias = Math.round(number("bias") * 100);
    const cells = [
      text("kind"),
      String(number("points")),
      percent(number("mean_absolute_error")),
      `${bias > 0 ? "+" : ""}${bias} %`,
      percent(number("inside")),
      percent(number("coverage")),
      percent(number("width")),
      text("ranges"),
      percent(number("error_of_both")),
      percent(number("inside_of_both")),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [head, ...lines].join("\n");
}

/** What each point would be with the reading that its words rule out. */
function listOthers(others: readonly TableRow[]): string {
  if (others.length === 0) return "None.";
  return others
    .map(({ text, number }) => {
      const basis = text("basis") === "it" ? "IT" : "facility";
      const counts = text("independent") === "yes" ? "" : " (does not count)";
      return `- ${text("id")} ${text("case")}, as ${basis} power: ${figure(number("predicted"))} ${text("unit")}, ${number("ratio").toFixed(2)} of the published figure, ${text("verdict")}${counts}.`;
    })
    .join("\n");
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
    .map(({ text }) => `- ${text("id")}: ${text("source_says")} ${linkTo(text("url"), text("date"))}`)
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

/** A table's rows with texts that Markdown and HTML show as they are: cases may be a stranger's file. */
function plainRows(table: Table): readonly TableRow[] {
  return rowsOf(table).map((row) => ({ ...row, text: (name) => plainText(row.text(name)) }));
}

function plainText(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  return text
    .replace(/[&<>]/g, (character) => entities[character] ?? "")
    .replace(/[|[\]\\]/g, "\\$&")
    .replace(/\s+/g, " ");
}

/** A link to an address of the web; of anything else the text alone. */
function linkTo(url: string, text: string): string {
  return /^https?:\/\/[^\s()"'\\]+$/.test(url) ? `[${text}](${url})` : `${url} ${text}`;
}
