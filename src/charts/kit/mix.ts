import { circle, round, shape } from "./svg.ts";

/** A scenario of a comparison as pictures show it: its name, and a disc in the colours of its chips. */
export type Mark = {
  readonly name: string;
  /** Colours of the palette, one or two are drawn. */
  readonly colours: readonly string[];
  /** The scenario that the others are compared with wears a ring. */
  readonly isFirst: boolean;
};

/** Draws the disc of a scenario. */
export function drawMark(x: number, y: number, { colours, isFirst }: Mark, radius = 6): string {
  const [first = "main", second] = colours;
  const halves = (sweep: number) =>
    `M${round(x)},${round(y - radius)}A${radius},${radius} 0 0 ${sweep} ${round(x)},${round(y + radius)}Z`;
  const disc =
    second === undefined
      ? circle(x, y, radius, `f-${first}`)
      : shape(halves(0), `f-${first}`) + shape(halves(1), `f-${second}`);
  const ring = isFirst ? circle(x, y, radius + 2.5, "no s-ink", "", { "stroke-width": 1.3 }) : "";
  return disc + ring;
}
