import { box, element, fitText, label, segment, widthOf } from "./svg.ts";

/** A key: a square of a colour, a line, or a hatched square. */
export type Key = {
  readonly text: string;
  readonly colour: string;
  readonly line?: "solid" | "dotted" | "dashed";
  /** Id of a pattern. */
  readonly pattern?: string;
};

const DASHES = { solid: undefined, dotted: "2 3", dashed: "5 3" } as const;
const LINE_HEIGHT = 18;

/** Keys in the order of the stack, wrapped where the width ends. */
export function legend(
  keys: readonly Key[],
  left: number,
  y: number,
  width: number,
): { readonly body: string; readonly bottom: number } {
  let [x, line] = [left, y];
  const out: string[] = [];
  for (const key of keys) {
    const text = fitText(key.text, width - 18);
    const wide = 16 + widthOf(text);
    if (x > left && x + wide > left + width) [x, line] = [left, line + LINE_HEIGHT];
    out.push(markOf(key, x, line), label(x + 16, line, text));
    x += wide + 14;
  }
  return { body: out.join(""), bottom: line };
}

function markOf({ colour, line, pattern }: Key, x: number, y: number): string {
  if (line)
    return segment(x, y - 4, x + 12, y - 4, `s-${colour}`, {
      "stroke-width": 2,
      "stroke-dasharray": DASHES[line],
    });
  if (!pattern) return box(x, y - 10, 11, 11, `f-${colour}`);
  const size = { x, y: y - 10, width: 11, height: 11 };
  return element("rect", { ...size, fill: `url(#${pattern})`, class: `s-${colour}` });
}
