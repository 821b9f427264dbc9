import type { Table } from "../../metrics/table.ts";
import type { Quality } from "../../scenario/scenario.ts";
import { numbers, tableOf, words } from "../tables/table-of.ts";
import type { FactorEffect, Sensitivity } from "./sensitivity.ts";

/** One row per factor, the most important first. */
export function makeSensitivityTable({ target, effects }: Sensitivity): Table {
  const { name, unit, when } = target;
  return tableOf(
    "sensitivity",
    `Sources of the spread of ${name}${when && ` ${when}`}: one uncertain value (or correlated group) per row.`,
    ["rank"],
    effects,
    [
      { name: "rank", type: "integer", text: "Rank by total index.", of: (_, index) => index + 1 },
      words("input", "Paths of the uncertain values.", ({ keys }) => keys.join(" ")),
      words("written", "The values as written.", ({ fields }) =>
        fields.map((field) => field.text).join("; "),
      ),
      words("quality", "Quality of the values; for a group the worst.", qualityOf),
      words("source", "Sources of the values.", ({ fields }) =>
        fields.flatMap(({ origin }) => origin.source ?? []).join("; "),
      ),
      numbers(
        "first_order",
        "1",
        "Share of the variance due to this value alone, without interactions.",
        ({ first }) => first.value,
      ),
      numbers("first_order_low", "1", "Lower end of its 95 % interval.", ({ first }) => first.low),
      numbers("first_order_high", "1", "Upper end of its 95 % interval.", ({ first }) => first.high),
      numbers(
        "total",
        "1",
        "Share of the variance due to this value, interactions included.",
        ({ total }) => total.value,
      ),
      numbers("total_low", "1", "Lower end of its 95 % interval.", ({ total }) => total.low),
      numbers("total_high", "1", "Upper end of its 95 % interval.", ({ total }) => total.high),
      numbers(
        "at_p10",
        unit,
        `${name} with the value at its P10 and all others at medians.`,
        ({ atP10 }) => atP10,
      ),
      numbers(
        "at_p90",
        unit,
        `${name} with the value at its P90 and all others at medians.`,
        ({ atP90 }) => atP90,
      ),
      words("note", "Remarks on the estimates.", noteOf),
      words("figure", "The metric or event that is explained.", () => name),
      words("months", "The months it is of; empty for a figure of the whole run.", () => when),
      words("unit", "Unit of `at_p10` and `at_p90`.", () => unit),
    ],
  );
}

const FROM_BEST_TO_WORST: readonly Quality[] = ["official", "reported", "derived", "estimate", "assumed"];

/** Quality of a factor: the worst of several fields; `unmarked` if none is given. */
export function qualityOf({ fields }: FactorEffect): Quality | "unmarked" {
  const marks = fields.map(({ origin }) =>
    origin.quality ? FROM_BEST_TO_WORST.indexOf(origin.quality) : -1,
  );
  return marks.length === 0 || marks.includes(-1) ? "unmarked" : FROM_BEST_TO_WORST[Math.max(...marks)];
}

/** Why an estimate may look odd. */
export function noteOf({ first, isConverged }: FactorEffect): string {
  const notes = isConverged ? [] : ["not converged: more rows narrow the interval"];
  if (first.value < 0) {
    notes.push(
      first.high >= 0
        ? "first order below 0 by chance: not distinguishable from 0"
        : "first order below 0: too few rows for so small an effect",
    );
  }
  return notes.join("; ");
}

/** Share of the variance by quality, from first-order indices; the rest is due to interactions. */
export function sharesByQuality({ effects }: Sensitivity): {
  readonly shares: readonly {
    readonly quality: string;
    readonly share: number;
    readonly first: FactorEffect;
  }[];
  readonly together: number;
} {
  const byQuality = new Map<string, { share: number; first: FactorEffect }>();
  let all = 0;
  for (const effect of effects) {
    const share = Math.max(0, effect.first.value);
    all += share;
    const known = byQuality.get(qualityOf(effect));
    const first = known && known.first.first.value >= effect.first.value ? known.first : effect;
    byQuality.set(qualityOf(effect), { share: share + (known?.share ?? 0), first });
  }
  // Small indices are kept as estimated, so their sum may exceed 1 by their error.
  const scale = all > 1 ? 1 / all : 1;
  const shares = [...byQuality]
    .map(([quality, { share, first }]) => ({ quality, share: share * scale, first }))
    .sort((a, b) => b.share - a.share);
  return { shares, together: Math.max(0, 1 - all) };
}
