import { legend } from "../kit/legend.ts";
import { percent } from "../kit/numbers.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, fitText, label, widthOf } from "../kit/svg.ts";

export type SharesData = {
  /** Who the shares are of, each with its colour. */
  readonly parts: readonly { readonly name: string; readonly colour: string }[];
  readonly rows: readonly {
    readonly name: string;
    readonly shares: readonly number[];
    readonly index: number;
  }[];
  /** What the number at the end of a row is. */
  readonly indexName: string;
};

const ROW = 30;

/** Draws who something depends on: a bar a scenario, cut into shares, with an index of concentration. */
export function drawShares({ parts, rows, indexName }: SharesData, width: number): Drawing {
  const names = Math.max(60, ...rows.map(({ name }) => widthOf(name) + 12));
  const left = Math.min(isNarrow(width) ? 112 : 220, names);
  const right = width - 44;
  const top = 34;
  const drawn = rows.map(({ name, shares, index }, row) => {
    const y = top + row * ROW;
    let from = left;
    const bars = shares.map((share, part) => {
      const wide = share * (right - left);
      const { name: owner, colour } = parts[part];
      const text = percent(share);
      const bar = box(from, y, wide, 18, `f-${colour}`, `${name}: ${owner} ${text}`);
      const fits = wide > widthOf(text, 12, true) + 8;
      const inside = fits ? label(from + 5, y + 13, text, `o-${colour} b`) : "";
      from += wide;
      return bar + inside;
    });
    return [
      label(0, y + 13, fitText(name, left - 8)),
      ...bars,
      label(width, y + 13, index.toFixed(2), "ink", "end"),
    ].join("");
  });
  const bottom = top + rows.length * ROW;
  const keys = legend(
    parts.map(({ name, colour }) => ({ text: name, colour })),
    0,
    bottom + 16,
    width,
  );
  return {
    height: keys.bottom + 10,
    body: label(width, top - 14, indexName, "soft", "end") + drawn.join("") + keys.body,
  };
}
