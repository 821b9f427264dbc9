import fs from "node:fs";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { differingAspect, type JobIdentity } from "./job-identity.ts";
import { type PartHead, type PartState, partName, readPart, shardOfName } from "./part-file.ts";
import { shareOf } from "./shard-options.ts";

/** How a part stands to the job of its folder. */
export type ShardState = "whole" | "begun" | "missing" | "foreign";

/** A shard of the job of a folder. */
export type CollectedShard = PartState & {
  readonly state: ShardState;
  /** Its items, if it were whole. */
  readonly items: number;
  /** In what it differs from the other parts. */
  readonly aspect?: string;
};

/** The parts of a folder. */
export type CollectedParts = {
  /** That of the job that most parts are of. */
  readonly head: PartHead;
  readonly shards: readonly CollectedShard[];
};

/**
 * Reads the parts of a folder. Each is opened by its name, because a folder on several machines may list a file late.
 *
 * @return parts, or faults that leave no job to speak of; undefined if the folder holds no part
 *
 * Fails: throws if a file cannot be read. Cost: reads all parts.
 */
export function collectParts(folder: string): CollectedParts | Diagnostic | undefined {
  const named = fs.readdirSync(folder).flatMap((name) => shardOfName(name) ?? []);
  const numbers = [...new Set(named.map(({ shards }) => shards))].sort((a, b) => a - b);
  const [shards] = numbers;
  if (shards === undefined) return undefined;
  if (numbers.length > 1) return refuseNumbers(folder, numbers);
  const states = Array.from({ length: shards }, (_, index) => readPart(folder, { shard: index + 1, shards }));
  const head = commonHead(states);
  if (!head) {
    const part = partName(states.find(({ exists }) => exists) ?? { shard: 1, shards });
    return diagnose("invalid-part", {
      values: { part, reason: "it does not begin as a part" },
      help: "its task has only begun, or was killed: run it again",
    });
  }
  return { head, shards: states.map((state) => ({ ...state, ...stateOf(state, head) })) };
}

function refuseNumbers(folder: string, numbers: readonly number[]): Diagnostic {
  const [fewer, more] = numbers;
  return diagnose("conflict-parts", {
    values: { part: folder, reason: `it holds parts of ${fewer} and of ${more} shards` },
    help: `remove one kind, such as \`part-*-of-${fewer}.jsonl\`, or give each its own folder`,
  });
}

/** The head of the job that most parts are of, the first of equally many. */
function commonHead(states: readonly PartState[]): PartHead | undefined {
  const counts = new Map<string, { readonly head: PartHead; count: number }>();
  for (const { head } of states) {
    if (!head) continue;
    const key = JSON.stringify([
      head.items,
      ...Object.entries(head.job).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
    const known = counts.get(key) ?? { head, count: 0 };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.head;
}

function stateOf(
  { shard, shards, head, isWhole, exists }: PartState,
  common: PartHead,
): Pick<CollectedShard, "state" | "items" | "aspect"> {
  const { first, end } = shareOf(shard, shards, common.items);
  const items = end - first;
  if (!head) return { state: exists ? "begun" : "missing", items };
  const aspect = differingAspect(head.job, common.job) ?? (head.items === common.items ? undefined : "items");
  if (aspect !== undefined) return { state: "foreign", items, aspect };
  return { state: isWhole ? "whole" : "begun", items };
}

/** Parts at fault that are named one by one. */
const NAMED_PARTS = 10;

/** What keeps the parts of a folder from being merged. */
export function faultsOfParts({ head, shards }: CollectedParts, folder: string): readonly Diagnostic[] {
  const named = shards.filter(({ state }) => state === "begun" || state === "foreign").slice(0, NAMED_PARTS);
  const missing = shards.filter(({ state }) => state === "missing").map(({ shard }) => shard);
  return [
    ...named.map((one) => (one.state === "foreign" ? refuseForeign(one, head) : refuseBegun(one, head))),
    ...(missing.length > 0
      ? [
          diagnose("missing-part", {
            values: { parts: listNumbers(missing), shards: String(head.shards), folder },
          }),
        ]
      : []),
  ];
}

function refuseBegun({ shard, shards, done, items }: CollectedShard, { job }: PartHead): Diagnostic {
  const reason = `${done} of its ${items} ${unitOf(job)} are as they were written, and no last line says that it is whole`;
  return diagnose("invalid-part", {
    values: { part: partName({ shard, shards }), reason },
    help: "its task still runs, was killed, or the file was changed or cut: run it again",
  });
}

function refuseForeign({ shard, shards, head, aspect = "" }: CollectedShard, common: PartHead): Diagnostic {
  return diagnose("conflict-parts", {
    values: {
      part: partName({ shard, shards }),
      reason: head ? describeDifference(aspect, head.job, common.job, "the other parts") : "",
    },
    help: "running its task again replaces it",
  });
}

/** Aspects of a job that are kept as hashes, in words; the values of all others say something themselves. */
const HASHED: Readonly<Record<string, string>> = {
  axes: "other axes",
  catalog: "another catalog",
  changes: "other changes (`--set`, `--override`, `--scenario`)",
  items: "another number of items",
  scenario: "another scenario",
};

/** In what a part differs, in words. */
export function describeDifference(
  aspect: string,
  own: JobIdentity,
  other: JobIdentity,
  others: string,
): string {
  const hashed = Object.hasOwn(HASHED, aspect) ? HASHED[aspect] : undefined;
  if (hashed !== undefined) return `it has ${hashed} than ${others}`;
  return `its ${aspect} is \`${own[aspect] ?? "none"}\`, and that of ${others} \`${other[aspect] ?? "none"}\``;
}

/** What the items of a job are called. */
export function unitOf({ command }: JobIdentity): string {
  return command === "sweep" ? "points" : "blocks of trials";
}

/** Ascending numbers with ranges, as schedulers take them: `1,3-5`. */
export function listNumbers(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, end]) => (first === end ? String(first) : `${first}-${end}`)).join(",");
}
