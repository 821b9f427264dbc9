import { RANDOM_BLOCK } from "../../engine/index.ts";
import type { PartItem } from "./part-file.ts";

/** A random block of trials in a part: [figure][trial], in bytes of little endian, as base64. */
export type KeptBlock = PartItem & { readonly values: string };

/** Trials of a block: the last of a sample may have fewer. */
export function trialsOfBlock(block: number, trials: number): number {
  return Math.min(RANDOM_BLOCK, trials - block * RANDOM_BLOCK);
}

/**
 * Cuts figures of consecutive trials, [figure][trial], into their blocks.
 *
 * @param first  the first block
 * @param trials trials of the whole sample
 */
export function encodeBlocks(values: Float64Array, first: number, end: number, trials: number): KeptBlock[] {
  const taken = Math.min(trials, end * RANDOM_BLOCK) - first * RANDOM_BLOCK;
  const figures = values.length / taken;
  return Array.from({ length: end - first }, (_, index) => {
    const size = trialsOfBlock(first + index, trials);
    const bytes = Buffer.alloc(figures * size * NUMBER);
    for (let figure = 0; figure < figures; figure++)
      for (let trial = 0; trial < size; trial++)
        bytes.writeDoubleLE(
          values[figure * taken + index * RANDOM_BLOCK + trial],
          (figure * size + trial) * NUMBER,
        );
    return { at: first + index, values: bytes.toString("base64") };
  });
}

/** Puts the trials of a block in their places among those of all, [figure][trial]. */
export function placeBlock({ at, values }: KeptBlock, all: Float64Array, trials: number): void {
  const bytes = Buffer.from(values, "base64");
  const size = trialsOfBlock(at, trials);
  const figures = all.length / trials;
  for (let figure = 0; figure < figures; figure++)
    for (let trial = 0; trial < size; trial++)
      all[figure * trials + at * RANDOM_BLOCK + trial] = bytes.readDoubleLE((figure * size + trial) * NUMBER);
}

/** Whether a line holds so many numbers, none of which is NaN: what does not exist is infinite. */
export function isBlock(item: PartItem, numbers: number): item is KeptBlock {
  const { values } = item as { readonly values?: unknown };
  if (typeof values !== "string") return false;
  const bytes = Buffer.from(values, "base64");
  if (bytes.length !== numbers * NUMBER || bytes.toString("base64") !== values) return false;
  for (let at = 0; at < bytes.length; at += NUMBER) if (Number.isNaN(bytes.readDoubleLE(at))) return false;
  return true;
}

/** Bytes of a number. */
const NUMBER = 8;
