import fs from "node:fs";
import path from "node:path";
import type { Given } from "../io/command.ts";
import { readKeptLines, writeKeptLines } from "../io/kept-lines.ts";
import { makeFolder } from "../io/output-folder.ts";
import { isIdentity, isSameJob, type JobIdentity } from "./job-identity.ts";
import { type Shard, type ShardRange, shareOf } from "./shard-options.ts";

/**
 * The first line of a part: what it is of, and all that `merge` needs to make the tables, so that it needs no other file.
 *
 * Nothing in it depends on the machine, so two tasks that write one part at once write the same bytes.
 */
export type PartHead = ShardRange & {
  readonly shard: number;
  readonly shards: number;
  /** Items of the whole job: points, or random blocks of trials. */
  readonly items: number;
  readonly job: JobIdentity;
  /** The options that define the job. */
  readonly given: Given;
  /** The scenario's own files by path. */
  readonly texts: readonly (readonly [string, string])[];
};

/** A line of a part behind its head: the item `at`. */
export type PartItem = { readonly at: number };

/** What a part file holds. */
export type PartState = {
  readonly shard: number;
  readonly shards: number;
  /** Undefined where the file is missing, empty, or does not begin as a part. */
  readonly head?: PartHead;
  /** Items that are as they were written, from the first on. */
  readonly done: number;
  /** Whether all items are there, and the last line says so. */
  readonly isWhole: boolean;
  readonly exists: boolean;
};

/** Options that define a job, and so stand in its parts. */
export const JOB_OPTIONS = [
  "file",
  "over",
  "metric",
  "set",
  "override",
  "scenario",
  "trials",
  "seed",
  "quantiles",
] as const;

/** Name of a part: the final one from the start, because folders of object stores know no other. */
export function partName({ shard, shards }: Pick<Shard, "shard" | "shards">): string {
  return `part-${shard}-of-${shards}.jsonl`;
}

/** Shard and number of shards of a file by its name; undefined for any other file. */
export function shardOfName(name: string): Pick<Shard, "shard" | "shards"> | undefined {
  const [, shard, shards] = /^part-([1-9]\d{0,5})-of-([1-9]\d{0,5})\.jsonl$/.exec(name) ?? [];
  return shard === undefined ? undefined : { shard: Number(shard), shards: Number(shards) };
}

/**
 * Reads a part up to the first line that is not as it was written.
 *
 * @param take called with each item
 *
 * Fails: throws if the file cannot be read, or is a link.
 */
export function readPart(
  folder: string,
  { shard, shards }: Pick<Shard, "shard" | "shards">,
  take: (item: PartItem) => void = () => {},
): PartState {
  const file = path.join(folder, partName({ shard, shards }));
  const lines = readKeptLines(file);
  const head = lines.next().value;
  const exists = fs.existsSync(file);
  if (!isHead(head, shard, shards)) {
    lines.return(undefined);
    return { shard, shards, done: 0, isWhole: false, exists };
  }
  let done = 0;
  for (const line of lines) {
    const content = (line ?? {}) as { readonly at?: unknown; readonly end?: unknown };
    if (content.end === done && done === head.end - head.first)
      return { shard, shards, head, done, isWhole: lines.next().done === true, exists };
    if (content.at !== head.first + done || head.first + done >= head.end) break;
    take(content as PartItem);
    done++;
  }
  return { shard, shards, head, done, isWhole: false, exists };
}

/** A part that is written. */
export type OpenPart<Item extends PartItem> = {
  /** Items that an earlier task left. */
  readonly kept: readonly Item[];
  readonly append: (items: readonly Item[]) => void;
  /** Writes the last line. */
  readonly finish: () => void;
};

/**
 * Opens the part of a shard: the items of an earlier task of the same job are kept, and the file is written anew from its
 * beginning. A part of another job is replaced.
 *
 * @return undefined if the part is there and whole
 *
 * Fails: throws if the file cannot be read or written, or is a link.
 */
export function openPart<Item extends PartItem>(
  folder: string,
  head: PartHead,
  isItem: (item: PartItem) => item is Item,
): OpenPart<Item> | undefined {
  makeFolder(folder);
  const read: PartItem[] = [];
  const state = readPart(folder, head, (item) => read.push(item));
  const isSame = state.head?.items === head.items && isSameJob(state.head.job, head.job);
  const odd = read.findIndex((item) => !isItem(item));
  if (isSame && state.isWhole && odd < 0) return undefined;
  const kept = isSame ? read.slice(0, odd < 0 ? read.length : odd).filter(isItem) : [];
  const { append, close } = writeKeptLines(path.join(folder, partName(head)), [head, ...kept]);
  return {
    kept,
    append,
    finish: () => {
      append([{ end: head.end - head.first }]);
      close();
    },
  };
}

/** Anyone can write a line with a right hash, so its shape counts too. */
function isHead(content: unknown, shard: number, shards: number): content is PartHead {
  const head = (content ?? {}) as Record<string, unknown>;
  if (head.shard !== shard || head.shards !== shards || shard > shards) return false;
  if (!Number.isSafeInteger(head.items) || (head.items as number) < shards) return false;
  const { first, end } = shareOf(shard, shards, head.items as number);
  if (head.first !== first || head.end !== end) return false;
  return isIdentity(head.job) && isGivenShape(head.given) && isTexts(head.texts);
}

function isGivenShape(given: unknown): given is Given {
  const isText = (value: unknown) => typeof value === "string";
  return (
    typeof given === "object" &&
    given !== null &&
    Object.entries(given).every(
      ([name, value]) =>
        (JOB_OPTIONS as readonly string[]).includes(name) &&
        (isText(value) || (Array.isArray(value) && value.every(isText))),
    )
  );
}

function isTexts(texts: unknown): texts is PartHead["texts"] {
  return (
    Array.isArray(texts) &&
    texts.every(
      (pair) => Array.isArray(pair) && pair.length === 2 && pair.every((one) => typeof one === "string"),
    )
  );
}
