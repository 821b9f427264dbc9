import type { Backtest, Reading } from "../../analysis/backtest/backtest.ts";
import { isIndependent, PREDICTIONS } from "../../analysis/backtest/case.ts";
import { byKind, errorsByKind } from "../../analysis/backtest/kinds.ts";
import { capital, fixed, percent, signed, significant } from "../../charts/kit/numbers.ts";
import type { Picture } from "../../charts/kit/picture.ts";
import { drawNearness, type NearKind } from "../../charts/pictures/nearness.ts";
import { drawReadings } from "../../charts/pictures/validation.ts";

/** Readings of one picture: of more a kind has several, so that each fits a printed page. */
const MOST_READINGS = 24;

/** The grey band of the overview: predictions this near, as a share of the published figure. */
const NEAR = 0.1;

/** A case in a few words, with the basis of its power where it has one. */
export function readingName({ of, basis }: Reading): string {
  return `${of.id} ${of.title}${basis ? ` (${basis === "it" ? "IT" : basis})` : ""}`;
}

/** A kind in words: `Serving, tensor parallel`. */
function kindTitle(kind: string): string {
  return capital(kind.replace(/_/g, " "));
}

/** All readings in one picture, one row for each kind, with the errors of those that count. */
export function nearnessPicture({ readings, others }: Backtest): Picture {
  const errors = new Map(errorsByKind(readings, others).map((row) => [row.kind, row]));
  const kinds = [...byKind(readings)].map(([kind, own]): NearKind => {
    const row = errors.get(kind);
    return {
      name: kindTitle(kind),
      dots: own.map((reading) => ({
        name: readingName(reading),
        ratio: reading.ratio,
        counts: isIndependent(reading.of),
      })),
      cells: row
        ? [fixed(row.points), percent(row.meanAbsoluteError), percent(row.shareInside)]
        : ["0", "\u2013", "\u2013"],
    };
  });
  return {
    id: "nearness",
    title: "Predicted over published, by what is predicted",
    subtitle:
      "One dot for each prediction: full where it counts, hollow where the catalog is fitted to its source or it tests nothing. Grey: within 10\u202f% of the published figure.",
    note: "Right, of those that count: how many, their mean absolute error, and how many lie inside: predictions within the published band, for serving and training the published figure within P5 to P95 of the prediction.",
    isWide: true,
    draw: (width) => drawNearness({ kinds, headings: ["count", "error", "inside"], near: NEAR }, width),
    numbers: {
      caption: "Errors of the predictions that count, by what is predicted",
      columns: ["Kind", "Points", "Mean absolute error", "Bias", "Inside", "Figures within P5 to P95"].map(
        (name) => ({ name }),
      ),
      rows: [...errors.values()].map((row) => [
        kindTitle(row.kind),
        fixed(row.points),
        percent(row.meanAbsoluteError),
        signed(row.bias, percent),
        percent(row.shareInside),
        percent(row.coverage),
      ]),
    },
  };
}

/** The readings of one subject, a picture a kind, from the highest ratio down; of many readings several. */
export function readingPictures(readings: readonly Reading[]): readonly Picture[] {
  return [...byKind(readings)].flatMap(([kind, own]) => {
    const sorted = [...own].sort((a, b) => b.ratio - a.ratio);
    const count = Math.ceil(sorted.length / MOST_READINGS);
    const each = Math.ceil(sorted.length / count);
    return Array.from({ length: count }, (_, part) =>
      kindPicture(kind, sorted.slice(part * each, (part + 1) * each), count > 1 ? part + 1 : 0, count),
    );
  });
}

function kindPicture(kind: string, readings: readonly Reading[], part: number, count: number): Picture {
  const hasBands = readings.some(({ of }) => of.subject === "deployments");
  const name = kindTitle(kind) + (part > 0 ? ` (${part} of ${count})` : "");
  return {
    id: `readings-${kind.replace(/[^a-z0-9]+/gi, "-")}${part > 0 ? `-${part}` : ""}`,
    title: `${name}: predicted over published`,
    subtitle: `Disc and line: the prediction with its P5 to P95, full where it counts.${hasBands ? " Grey: the band of the published figure." : ""}`,
    draw: (width) =>
      drawReadings(
        readings.map((reading) => {
          const { of, predicted, p5, p95 } = reading;
          return {
            name: readingName(reading),
            published: of.published,
            predicted,
            low: p5,
            high: p95,
            ...(of.subject === "deployments" ? { band: [of.low, of.high] as const } : {}),
            isIndependent: isIndependent(of),
          };
        }),
        width,
      ),
    numbers: {
      caption: `Readings: ${name}`,
      columns: [
        { name: "Reading" },
        { name: "Predicted" },
        { name: "P5 to P95" },
        { name: "Published" },
        { name: "Unit", isText: true },
        { name: "Ratio" },
        { name: "Verdict", isText: true },
      ],
      rows: readings.map((reading) => {
        const { of, predicted, p5, p95, ratio, isInside } = reading;
        return [
          readingName(reading),
          significant(predicted),
          `${significant(p5)} to ${significant(p95)}`,
          significant(of.published),
          PREDICTIONS[of.predict].unit,
          significant(ratio),
          `${isInside ? "inside" : "outside"}${isIndependent(of) ? "" : ", does not count"}`,
        ];
      }),
    },
  };
}
