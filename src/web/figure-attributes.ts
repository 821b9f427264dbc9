import type { FigureName } from "../charts/kit/figure-name.ts";
import { escapeText } from "../charts/kit/svg.ts";

/** Names of the attributes of a button that hold its figure, each after `data-`. */
const TEXTS = ["metric", "entity", "when", "where", "unless", "of"] as const;
const NUMBERS = ["run", "minus"] as const;

/** The attributes of a button that opens the trace of a figure. */
export function figureAttributes(figure: FigureName): string {
  return [...TEXTS, ...NUMBERS]
    .map((name) => (figure[name] === undefined ? "" : ` data-${name}="${escapeText(String(figure[name]))}"`))
    .join("");
}

/** The figure that such attributes name; undefined where they name none. */
export function readFigureAttributes(
  data: Readonly<Record<string, string | undefined>>,
): FigureName | undefined {
  const texts = TEXTS.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]]));
  const numbers = NUMBERS.flatMap((name) => (data[name] === undefined ? [] : [[name, Number(data[name])]]));
  const figure = Object.fromEntries([...texts, ...numbers]);
  return "metric" in figure ? figure : undefined;
}
