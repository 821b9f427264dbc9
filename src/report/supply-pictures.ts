import { type Bands, valuesOf } from "../charts/kit/fan.ts";
import type { FigureName } from "../charts/kit/figure-name.ts";
import { type Measure, measureOf } from "../charts/kit/measure.ts";
import { largestOf } from "../charts/kit/numbers.ts";
import type { NumberTable, Picture } from "../charts/kit/picture.ts";
import { sentence } from "../charts/kit/sentence.ts";
import type { Layer } from "../charts/kit/stack.ts";
import { drawFanChart, isFanLog } from "../charts/pictures/fan-chart.ts";
import { drawPower, MOST_SITES } from "../charts/pictures/power.ts";
import { drawStackChart } from "../charts/pictures/stack-chart.ts";
import { chipName, titleOf } from "./names.ts";
import { colourOf, figuresByMonth, type Plan, tableMonth } from "./plan.ts";
import { readBands, readFigure, readFigureMonth, readPlain } from "./readings.ts";

/** Pictures of what stands where: power, chips, compute. */
export function supplyPictures(plan: Plan): readonly Picture[] {
  return [powerPicture(plan), computePicture(plan), chipsPicture(plan)];
}

function powerPicture(plan: Plan): Picture {
  const { scenario, results } = plan;
  const all = results.sites.map((site) => readSite(plan, site));
  const ranked = [...all].sort((a, b) => largestOf(b.limit) - largestOf(a.limit));
  const kept = new Set(ranked.slice(0, MOST_SITES));
  const sites = all.filter((site) => kept.has(site));
  const measure = measureOf(
    "MW",
    sites.flatMap(({ limit, layers }) => [...limit, ...layers.flatMap(({ values }) => values)]),
  );
  const stranded = readFigure(results, "peak_chips_stranded");
  const notes = [
    sites.length < all.length ? `The ${sites.length} largest of ${all.length} sites are drawn.` : "",
    stranded && stranded.plain === 0
      ? "No chip is stranded in the plain run (stranded power would be hatched above the stack)."
      : "",
  ];
  return {
    id: "power",
    title: `Energised power by fleet, ${measure.unit}`,
    subtitle: `Facility power at medians, stacked by chip, against the limit of each site${sites.length > 1 ? "; all panels have one scale" : ""}.`,
    note: notes.filter(Boolean).join(" "),
    isWide: true,
    draw: (width) => drawPower({ start: results.startMonth, sites, measure }, width, "power"),
    numbers: {
      caption: `${measure.unit} at medians${plan.tableText}`,
      columns: [
        { name: "Month" },
        ...sites.flatMap((site) => [
          ...site.layers.map(({ name }) => ({ name, unit: site.title })),
          { name: "Limit", unit: site.title },
        ]),
      ],
      rows: plan.tableMonths.map((month) => [
        tableMonth(plan, month),
        ...sites.flatMap(({ layers, limit }) => [
          ...layers.map(({ values }) => measure.text(values[month])),
          measure.text(limit[month]),
        ]),
      ]),
      figureAt: figuresByMonth(
        plan,
        sites.flatMap(({ name, layers }) => [
          ...layers.map(({ parts }) => figureOfParts("facility_power_mw", parts)),
          { metric: "power_limit_mw", entity: name },
        ]),
      ),
    },
  };
  function readSite({ colours }: Plan, site: string) {
    return {
      name: site,
      title: titleOf(scenario, "sites", site),
      layers: layersOf(plan, colours, "facility_power_mw", site),
      stranded: readPlain(results, "site", "stranded_facility_power_mw", site),
      limit: readPlain(results, "site", "power_limit_mw", site),
    };
  }
}

/** What a chip has, and the parts whose figures these are, or whose sum. */
type PartLayer = Layer & { readonly parts: readonly string[] };

function figureOfParts(metric: string, parts: readonly string[]): FigureName {
  return { metric, entity: parts.join(" ") };
}

/** A metric of parts by chip, of one site or of all; chips in the order in which they first land. */
function layersOf(
  { scenario, results }: Plan,
  colours: Plan["colours"],
  metric: string,
  site?: string,
): readonly PartLayer[] {
  const byChip = new Map<string, number[]>();
  const parts = new Map<string, string[]>();
  for (const part of results.parts) {
    if (site !== undefined && part.site !== site) continue;
    const values = readPlain(results, "part", metric, part.key);
    const sum = byChip.get(part.chip);
    parts.set(part.chip, [...(parts.get(part.chip) ?? []), part.key]);
    byChip.set(part.chip, sum ? sum.map((value, month) => value + values[month]) : [...values]);
  }
  const firstOf = (values: readonly number[]) => {
    const first = values.findIndex((value) => value > 0);
    return first < 0 ? values.length : first;
  };
  return [...byChip]
    .filter(([, values]) => largestOf(values) > 0)
    .sort(([, a], [, b]) => firstOf(a) - firstOf(b))
    .map(([chip, values]) => ({
      name: chipName(scenario, chip),
      colour: colourOf({ colours }, chip),
      values,
      parts: parts.get(chip) ?? [],
    }));
}

function computePicture(plan: Plan): Picture {
  const { results } = plan;
  const metric = "effective_fp4_eflops";
  const bands = readBands(results, "total", metric) ?? { plain: readPlain(results, "total", metric) };
  const measure = measureOf("EFLOP/s", valuesOf(bands));
  const data = {
    start: results.startMonth,
    bands,
    measure,
    mark: readFigureMonth(results, `peak_${metric}_month`),
  };
  return {
    id: "compute",
    title: `Effective FP4 compute, ${measure.unit}`,
    subtitle: sentence`${plan.fanText}${isFanLog(data) ? " Logarithmic scale." : ""}`,
    note: "Model FLOP/s delivered: productive peak times availability, goodput and utilisation.",
    draw: (width) => drawFanChart(data, width),
    numbers: bandsTable(plan, bands, measure, metric),
  };
}

/** Numbers behind a fan. */
export function bandsTable(plan: Plan, bands: Bands, measure: Measure, metric: string): NumberTable {
  const columns = [
    ["Plain run", bands.plain],
    ["P5", bands.low],
    ["Median", bands.middle],
    ["P95", bands.high],
  ] as const;
  const known = columns.flatMap(([name, values]) => (values ? [{ name, values }] : []));
  return {
    caption: `${measure.unit}${plan.tableText}`,
    columns: [{ name: "Month" }, ...known.map(({ name }) => ({ name, unit: measure.unit }))],
    rows: plan.tableMonths.map((month) => [
      tableMonth(plan, month),
      ...known.map(({ values }) => measure.text(values[month])),
    ]),
    figureAt: figuresByMonth(
      plan,
      known.map(() => ({ metric })),
    ),
  };
}

function chipsPicture(plan: Plan): Picture {
  const { results } = plan;
  const layers = layersOf(plan, plan.colours, "chips_installed");
  const totals = Array.from({ length: results.monthCount }, (_, month) =>
    layers.reduce((sum, { values }) => sum + values[month], 0),
  );
  const measure = measureOf("chips", totals);
  return {
    id: "chips",
    title: `Chips installed, by kind, ${measure.unit.replace(/ chips$/, "")}`,
    subtitle: "At medians. A chip keeps its colour in every picture.",
    note: "Chips that landed and are not retired, with power or without.",
    draw: (width) => drawStackChart({ start: results.startMonth, layers, measure }, width),
    numbers: {
      caption: `${measure.unit} at medians${plan.tableText}`,
      columns: [{ name: "Month" }, ...layers.map(({ name }) => ({ name }))],
      rows: plan.tableMonths.map((month) => [
        tableMonth(plan, month),
        ...layers.map(({ values }) => measure.text(values[month])),
      ]),
      figureAt: figuresByMonth(
        plan,
        layers.map(({ parts }) => figureOfParts("chips_installed", parts)),
      ),
    },
  };
}
