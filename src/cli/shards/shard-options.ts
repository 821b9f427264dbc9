import type { Options } from "yargs";
import { visibleText } from "../../diagnostics/visible.ts";
import { countText } from "../../export/number-text.ts";
import { type Given, isGiven, textOf, textOption } from "../io/command.ts";
import { UsageError } from "../io/exit-code.ts";

/** Options of a command whose work can be divided among tasks of a scheduler. */
export const shardOptions = {
  shard: textOption("Run only part i of n, as in --shard 3/8, into a part file; `merge` joins them"),
  shards: textOption(
    "Like --shard, with i from Slurm (SLURM_ARRAY_TASK_ID), Kubernetes (JOB_COMPLETION_INDEX) or AWS Batch (AWS_BATCH_JOB_ARRAY_INDEX)",
  ),
} satisfies Readonly<Record<string, Options>>;

/** One of equal parts of a job. */
export type Shard = {
  /** From 1 to `shards`. */
  readonly shard: number;
  readonly shards: number;
  /** The variable it comes from, with its value. */
  readonly from?: string;
};

/** Items of a job, such as points of a sweep: from `first` up to but excluding `end`. */
export type ShardRange = { readonly first: number; readonly end: number };

/** Most shards: more than any scheduler takes in an array. */
const MOST_SHARDS = 100_000;

/** Variables by which schedulers number the tasks of an array, and the number of the first one. */
const SCHEDULERS = [
  { variable: "SLURM_ARRAY_TASK_ID", least: 1 },
  { variable: "JOB_COMPLETION_INDEX", least: 0 },
  { variable: "AWS_BATCH_JOB_ARRAY_INDEX", least: 0 },
] as const;

/** Options of what is written, which `merge` takes instead. */
const MERGE_OPTIONS = ["json", "locale", "decimal", "bom", "delimiter", "no-report", "charts"] as const;

/**
 * Reads which shard to run; undefined for a whole job.
 *
 * Fails: throws `UsageError` for a shard that does not exist, for an option and a variable that disagree, and for an option that
 * has no effect on a part.
 */
export function readShard(given: Given, variables: NodeJS.ProcessEnv): Shard | undefined {
  const [text, count] = [textOf(given, "shard"), textOf(given, "shards")];
  if (text !== undefined && count !== undefined)
    throw new UsageError("give `--shard i/n`, or `--shards n` under a scheduler, not both");
  if (text === undefined && count === undefined) return undefined;
  const unused = MERGE_OPTIONS.find((name) => isGiven(given, name) || textOf(given, name) !== undefined);
  if (unused) throw new UsageError(`a part has no tables yet: give \`--${unused}\` to \`gigafleet merge\``);
  const task = readTask(variables);
  return text === undefined ? shardOfTask(count ?? "", task) : shardOfText(text, task);
}

/** The shard of a task as its scheduler numbers it. */
type Task = { readonly shard: number; readonly from: string };

function readTask(variables: NodeJS.ProcessEnv): Task | undefined {
  const tasks = SCHEDULERS.flatMap(({ variable, least }): Task[] => {
    const value = variables[variable];
    if (value === undefined || value === "") return [];
    const from = `${variable}=${visibleText(value)}`;
    if (!/^\d{1,9}$/.test(value)) throw new UsageError(`\`${from}\` is not the number of a task`);
    return [{ shard: Number(value) + 1 - least, from }];
  });
  const other = tasks.find(({ shard }) => shard !== tasks[0].shard);
  if (other)
    throw new UsageError(
      `\`${tasks[0].from}\` is shard ${tasks[0].shard}, and \`${other.from}\` is shard ${other.shard}: unset one of the two`,
    );
  // A task other than the first of an array from 0 would run, and the last shard would never be filled.
  const isFromZero = variables.SLURM_ARRAY_TASK_ID !== undefined && variables.SLURM_ARRAY_TASK_MIN === "0";
  if (tasks[0]?.shard === 0 || isFromZero)
    throw new UsageError("the array counts from 0, and shards from 1: submit it with `--array=1-n`");
  return tasks[0];
}

function shardOfText(text: string, task: Task | undefined): Shard {
  const [, shard, shards] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  if (shard === undefined)
    throw new UsageError(`\`--shard ${text}\` is not a shard; write \`--shard 3/8\` for the third of eight`);
  const read = checkShard({ shard: Number(shard), shards: Number(shards) }, `--shard ${text}`);
  if (task && task.shard !== read.shard)
    throw new UsageError(
      `\`--shard ${text}\` and \`${task.from}\`, which is shard ${task.shard}, disagree: write \`--shards ${read.shards}\` to follow the scheduler, or unset the variable`,
    );
  return read;
}

function shardOfTask(count: string, task: Task | undefined): Shard {
  if (!/^\d{1,9}$/.test(count))
    throw new UsageError(`\`--shards ${count}\` is not a number of shards; write \`--shards 8\``);
  if (!task) {
    const names = SCHEDULERS.map(({ variable }) => `\`${variable}\``).join(", ");
    throw new UsageError(
      `\`--shards ${count}\` needs the number of the task, and none of ${names} is set; write \`--shard i/${count}\` outside of an array`,
    );
  }
  return { ...checkShard({ shard: task.shard, shards: Number(count) }, task.from), from: task.from };
}

function checkShard(read: Shard, written: string): Shard {
  const { shard, shards } = read;
  if (shards < 1 || shards > MOST_SHARDS)
    throw new UsageError(`\`${written}\`: ${countText(shards)} shards; take 1 to ${countText(MOST_SHARDS)}`);
  if (shard < 1 || shard > shards)
    throw new UsageError(`\`${written}\` is not one of ${countText(shards)} shards, which count from 1`);
  return read;
}

/**
 * The items of a shard: shards differ by one item at most, and together have each item once.
 *
 * Fails: throws `UsageError` for more shards than items.
 */
export function rangeOfShard({ shard, shards }: Shard, items: number, what: string): ShardRange {
  if (shards > items)
    throw new UsageError(
      `${countText(shards)} shards are more than ${countText(items)} ${what}; take at most ${countText(items)}`,
    );
  return shareOf(shard, shards, items);
}

/** The items of a shard, for a number of shards that was checked. */
export function shareOf(shard: number, shards: number, items: number): ShardRange {
  return {
    first: Math.floor(((shard - 1) * items) / shards),
    end: Math.floor((shard * items) / shards),
  };
}
