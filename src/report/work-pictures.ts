import { bindingChances } from "../analysis/results/chances.ts";
import type { ResultPart } from "../analysis/results/results.ts";
import { valuesOf } from "../charts/kit/fan.ts";
import { measureOf, withUnit } from "../charts/kit/measure.ts";
import { daysOf, isoMonth } from "../charts/kit/months.ts";
import { capital, largestOf, percent, significant } from "../charts/kit/numbers.ts";
import type { Picture } from "../charts/kit/picture.ts";
import { joinPieces, type Sentence, sentence, told } from "../charts/kit/sentence.ts";
import { limitName } from "../charts/kit/words.ts";
import { drawBinds, MOST_ROWS } from "../charts/pictures/binds.ts";
import { drawFanChart, isFanLog } from "../charts/pictures/fan-chart.ts";
import { drawTokens, type WorkPanel } from "../charts/pictures/tokens.ts";
import { findMetric } from "../metrics/index.ts";
import { chipName, titleOf } from "./names.ts";
import { figuresByMonth, type Plan, tableMonth } from "./plan.ts";
import { readBands, readPlain, trialsTold } from "./readings.ts";
import { bandsTable } from "./supply-pictures.ts";

/** Pictures of what is asked of the plan, what it serves, at what cost, and what binds. */
export function workPictures(plan: Plan): readonly Picture[] {
  const hasWork = plan.results.workloads.length > 0;
  return [...(hasWork ? [...tokensPicture(plan), ...pricePicture(plan)] : []), bindsPicture(plan)];
}

function tokensPicture(plan: Plan): readonly Picture[] {
  const { scenario, results } = plan;
  const serving = results.workloads.filter(({ kind }) => kind !== "training");
  if (serving.length === 0) return [];
  const perDay = (values: readonly number[]) =>
    values.map((value, month) => value / daysOf(results.startMonth + month));
  const panels = serving.map(({ name }): WorkPanel => {
    const read = (metric: string) => perDay(readPlain(results, "workload", metric, name));
    const required = read("output_tokens_required_billion");
    const measure = measureOf("billion tokens", required);
    return {
      title: titleOf(scenario, "workloads", name),
      required,
      served: read("output_tokens_served_billion"),
      measure: withUnit(measure, `${measure.unit} a day`),
    };
  });
  return [
    {
      id: "tokens",
      title: "Output tokens required and served, a day",
      subtitle: "At medians, by workload in order of priority. Each panel has its own scale.",
      note: trainingNote(plan),
      isWide: true,
      draw: (width) => drawTokens({ start: results.startMonth, panels }, width, "tokens"),
      numbers: {
        caption: `Output tokens a day at medians${plan.tableText}`,
        columns: [
          { name: "Month" },
          ...panels.flatMap(({ title, measure }) => [
            { name: title, unit: `required, ${measure.unit}` },
            { name: title, unit: "served" },
          ]),
        ],
        rows: plan.tableMonths.map((month) => [
          tableMonth(plan, month),
          ...panels.flatMap(({ required, served, measure }) => [
            measure.text(required[month]),
            measure.text(served[month]),
          ]),
        ]),
        figureAt: figuresByMonth(
          plan,
          serving.flatMap(({ name: entity }) => [
            { metric: "output_tokens_required_billion", entity, of: "daily" },
            { metric: "output_tokens_served_billion", entity, of: "daily" },
          ]),
        ),
      },
    },
  ];
}

/** Training is not drawn: it is told. */
function trainingNote({ scenario, results }: Plan): Sentence {
  const { startMonth, monthCount } = results;
  const when = `${isoMonth(startMonth)}..${isoMonth(startMonth + monthCount - 1)}`;
  const runs = results.workloads
    .filter(({ kind }) => kind === "training")
    .map(({ name }) => {
      const sum = (metric: string) =>
        readPlain(results, "workload", metric, name).reduce((total, value) => total + value, 0);
      const required = sum("training_required_yflop");
      const share = required > 0 ? sum("training_served_yflop") / required : 1;
      const figure = { entity: name, when };
      const [asked, served] = [
        told(`${significant(required)} YFLOP`, { ...figure, metric: "training_required_yflop" }),
        told(percent(share), { ...figure, metric: "training_served_yflop", of: "served" }),
      ];
      return sentence`${titleOf(scenario, "workloads", name)}: ${asked} required, ${served} served`;
    });
  return runs.length === 0 ? [] : sentence`Not drawn: training. ${joinPieces(runs, "; ")}.`;
}

function pricePicture(plan: Plan): readonly Picture[] {
  const { results } = plan;
  const metric = "inference_usd_per_million_output_tokens";
  const bands = readBands(results, "total", metric);
  if (!bands || valuesOf(bands).every((value) => !Number.isFinite(value))) return [];
  const measure = withUnit(measureOf("USD per million tokens", valuesOf(bands)), "USD");
  const data = { start: results.startMonth, bands, measure };
  return [
    {
      id: "price",
      title: "Cost of inference, USD per million output tokens",
      subtitle: sentence`${isFanLog(data) ? "Logarithmic scale. " : ""}${plan.fanText}`,
      note: "Cost of decode and of state kept, over output tokens served. Nothing is drawn where nothing is served.",
      draw: (width) => drawFanChart(data, width),
      numbers: bandsTable(plan, bands, measure, metric),
    },
  ];
}

function bindsPicture(plan: Plan): Picture {
  const { results } = plan;
  const chances = bindingChances(results).filter(({ values }) => largestOf(values) > 0);
  const words = findMetric("binding")?.words ?? [];
  const rows = results.parts.map((part) => ({
    title: partName(plan, part),
    limits: readPlain(results, "part", "binding", part.key).map((code) => words[code] ?? "none"),
  }));
  const trials = trialsTold(results.spread?.trials ?? 0);
  const isSampled = chances.length > 0;
  return {
    id: "binds",
    title: "What binds, by month",
    subtitle: isSampled
      ? sentence`Above: share of ${trials} in which a limit keeps work or supply below plan. Below: the plain run.`
      : "In the plain run: which limit keeps work or supply below plan.",
    note:
      rows.length > MOST_ROWS
        ? `${MOST_ROWS} of ${rows.length} chips of fleets are drawn; fleets.csv has all.`
        : "Empty: nothing binds.",
    draw: (width) => drawBinds({ start: results.startMonth, chances, rows }, width),
    numbers: isSampled
      ? {
          caption: `Chance that the limit binds${plan.tableText}`,
          columns: [{ name: "Month" }, ...chances.map(({ limit }) => ({ name: capital(limitName(limit)) }))],
          rows: plan.tableMonths.map((month) => [
            tableMonth(plan, month),
            ...chances.map(({ values }) => percent(values[month])),
          ]),
          figureAt: figuresByMonth(
            plan,
            chances.map(({ limit }) => ({ metric: "binding", entity: limit, of: "chance" })),
          ),
        }
      : {
          caption: `What binds at medians${plan.tableText}`,
          columns: [
            { name: "Month" },
            ...rows.slice(0, MOST_ROWS).map(({ title }) => ({ name: title, isText: true })),
          ],
          rows: plan.tableMonths.map((month) => [
            tableMonth(plan, month),
            ...rows.slice(0, MOST_ROWS).map(({ limits }) => limits[month]),
          ]),
          figureAt: figuresByMonth(
            plan,
            results.parts.slice(0, MOST_ROWS).map(({ key }) => ({ metric: "binding", entity: key })),
          ),
        },
  };
}

/** A chip of a fleet: the chip alone where no other fleet has it. */
function partName({ scenario, results }: Plan, { chip, fleet }: ResultPart): string {
  const isOnly = results.parts.filter((part) => part.chip === chip).length === 1;
  const name = chipName(scenario, chip);
  return isOnly ? name : `${name}, ${titleOf(scenario, "fleets", fleet)}`;
}
