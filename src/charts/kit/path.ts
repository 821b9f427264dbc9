import { area, line } from "d3-shape";
import { round } from "./svg.ts";

/**
 * A path as text, in the calls that d3-shape makes: coordinates with one decimal, and no point within a level stretch, which would
 * add bytes and change no shape.
 */
class PathText {
  #text = "";
  /** The last point is held back until the next one says whether it stands within a level stretch. */
  #heldX = 0;
  #heldY = 0;
  #isHeld = false;
  #height = Number.NaN;

  moveTo(x: number, y: number): void {
    this.#release();
    this.#height = round(y);
    this.#text += `M${round(x)},${this.#height}`;
  }

  lineTo(x: number, y: number): void {
    const height = round(y);
    if (this.#isHeld) {
      const isLevel = this.#heldY === this.#height && this.#heldY === height;
      this.#height = this.#heldY;
      if (!isLevel) this.#text += `L${this.#heldX},${this.#heldY}`;
    }
    this.#isHeld = true;
    this.#heldX = round(x);
    this.#heldY = height;
  }

  closePath(): void {
    this.#release();
    this.#height = Number.NaN;
    this.#text += "Z";
  }

  #release(): void {
    if (this.#isHeld) this.#text += `L${this.#heldX},${this.#heldY}`;
    this.#isHeld = false;
  }

  toString(): string {
    this.#release();
    return this.#text;
  }
}

type Place = (index: number) => number;
const always = (): boolean => true;

/** A line through `count` points, broken where one is not known. */
export function linePath(count: number, x: Place, y: Place, isKnown: (index: number) => boolean = always) {
  const path = new PathText();
  // The types want a canvas; what is called of it are these three functions.
  line<number>()
    .context(path as never)
    .defined(isKnown)
    .x(x)
    .y(y)(indicesOf(count));
  return path.toString();
}

/** An area between two heights of `count` points, broken where one is not known. */
export function areaPath(
  count: number,
  x: Place,
  low: Place,
  high: Place,
  isKnown: (index: number) => boolean = always,
) {
  const path = new PathText();
  area<number>()
    .context(path as never)
    .defined(isKnown)
    .x(x)
    .y0(low)
    .y1(high)(indicesOf(count));
  return path.toString();
}

function indicesOf(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
