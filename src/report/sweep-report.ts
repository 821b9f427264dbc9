import { fixed } from "../charts/kit/numbers.ts";
import type { Picture } from "../charts/kit/picture.ts";
import { drawSweep, hasPanels, isCut, type SweepAxis, scaledPlaces } from "../charts/pictures/sweep.ts";
import { eventsSection, sweptEvents } from "./event-tables.ts";
import { inputName, scenarioName } from "./names.ts";
import type { Report } from "./page/page.ts";
import { againSection, assumptionsSection, type Origin } from "./page/provenance-sections.ts";
import { answerSweep } from "./sweep-answer.ts";
import { pointNames, type SweepContent, type SweptFigure, sweptFigures, unpaidNote } from "./swept.ts";

/** Points of the table behind a report; sweep.csv has all. */
const MOST_ROWS = 200;

/** The report of a sweep: the figures over what was varied. Fails: never. */
export function reportSweep(content: SweepContent, origin: Origin): Report {
  const { scenario, table, paths, startMonth } = content;
  const figures = sweptFigures(table);
  const names = pointNames(content);
  const note = unpaidNote(content, figures);
  const varied = paths.map((path) => inputName(scenario, path)).join(" and ");
  return {
    title: `${scenarioName(scenario)}: a sweep`,
    kicker: `Gigafleet sweep, ${fixed(table.rowCount)} points`,
    question: scenario.fields.get("description")?.text,
    answer: answerSweep(content),
    keys: [],
    keysNote: note ?? "",
    sections: [
      {
        id: "figures",
        title: "The figures",
        lead: `Over ${varied || "the named points"}.`,
        pictures: figures.map((figure) => sweepPicture(content, figure, names)),
      },
      ...eventsSection(sweptEvents(table, names, startMonth), "Point"),
      assumptionsSection(scenario),
      againSection(origin),
    ],
    footer: "YFLOP: 10\u00b2\u2074 operations; B: 10\u2079.",
  };
}

type Grid = {
  readonly x: SweepAxis;
  readonly series: SweepAxis;
  readonly rows: readonly (readonly number[])[];
  readonly fixed: string;
};

/** How points lie on a picture: the last axis across, the one before as series, further ones at their first value. */
function layOut({ scenario, table, kind, paths }: SweepContent, names: readonly string[]): Grid {
  const single = { name: "", values: [""] };
  const order = Array.from({ length: table.rowCount }, (_, row) => row);
  if (kind !== "grid" || paths.length === 1) {
    const name = kind === "grid" || paths.length === 1 ? inputName(scenario, paths[0] ?? "") : "point";
    return { x: { name, values: names }, series: single, rows: [order], fixed: "" };
  }
  const cells = (path: string) =>
    Array.from(table.columns.find((one) => one.name === path)?.values ?? [], String);
  const own = paths.map(cells);
  const [across, down] = [paths.length - 1, paths.length - 2];
  const distinct = own.map((values) => [...new Set(values)]);
  const rows = distinct[down].map((series) =>
    distinct[across].map((x) =>
      order.findIndex(
        (row) =>
          own[across][row] === x &&
          own[down][row] === series &&
          own.every((values, axis) => axis === across || axis === down || values[row] === distinct[axis][0]),
      ),
    ),
  );
  const held = paths.slice(0, down).map((path, axis) => `${inputName(scenario, path)} ${distinct[axis][0]}`);
  return {
    x: { name: inputName(scenario, paths[across]), values: distinct[across] },
    series: { name: inputName(scenario, paths[down]), values: distinct[down] },
    rows,
    fixed: held.length > 0 ? ` Drawn at ${held.join(", ")}; sweep.csv has the rest.` : "",
  };
}

function sweepPicture(content: SweepContent, figure: SweptFigure, names: readonly string[]): Picture {
  const { metric, title, measure, values, low, high } = figure;
  const { x, series, rows, fixed: held } = layOut(content, names);
  const take = (list: readonly number[]) => rows.map((row) => row.map((point) => list[point] ?? Number.NaN));
  const data = {
    x,
    series,
    values: take(values),
    ...(low && high ? { low: take(low), high: take(high) } : {}),
    measure,
  };
  const isEven =
    x.values.length > 2 && x.values.every((value) => /^-?\d/.test(value)) && !scaledPlaces(x.values);
  return {
    id: metric.replace(/_/g, "-"),
    title: `${title}, ${measure.unit}`,
    subtitle: `${low ? "Medians with P5 to P95" : "At medians"}${hasPanels(data) ? ", the medians of the others in grey" : ""}, over ${x.name}${series.name ? ` and ${series.name}` : ""}.${isCut(data) ? " The axis does not start at zero." : ""}${isEven ? " Values stand at even distances, not to scale." : ""}${held}`,
    draw: (width) => drawSweep(data, width),
    numbers: {
      caption: `${title}, ${measure.unit}`,
      columns: [
        { name: "Point" },
        { name: title, unit: measure.unit },
        ...(low ? [{ name: "P5 to P95" }] : []),
      ],
      rows: names
        .slice(0, MOST_ROWS)
        .map((name, row) => [
          name,
          measure.text(values[row]),
          ...(low && high ? [`${measure.text(low[row])} to ${measure.text(high[row])}`] : []),
        ]),
    },
  };
}
