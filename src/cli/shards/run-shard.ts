import path from "node:path";
import { diagnose } from "../../diagnostics/diagnostic.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { listCatalogFiles } from "../../node/package-files.ts";
import { resolvePath } from "../../scenario/files/resolve-path.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { type Environment, type Given, isGiven } from "../io/command.ts";
import { reportDiagnostics } from "../io/diagnostics.ts";
import { ExitCode } from "../io/exit-code.ts";
import { isFileError } from "../io/kept-lines.ts";
import { reasonOf } from "../io/output-folder.ts";
import { printError } from "../io/streams.ts";
import type { JobIdentity } from "./job-identity.ts";
import { JOB_OPTIONS, type OpenPart, openPart, type PartHead, type PartItem, partName } from "./part-file.ts";
import { rangeOfShard, type Shard, type ShardRange } from "./shard-options.ts";

/** A job of which a shard is run. */
export type ShardedJob<Item extends PartItem> = {
  readonly scenario: Scenario;
  readonly identity: JobIdentity;
  readonly folder: string;
  /** Number of items, and what they are called. */
  readonly items: number;
  readonly unit: string;
  /** A range of items in words, such as `points 3 to 4 of 9`. */
  readonly describe: (range: ShardRange) => string;
  readonly isItem: (item: PartItem) => item is Item;
  /** Runs a range and appends its items to the part; false if that failed and was reported. */
  readonly run: (range: ShardRange, part: OpenPart<Item>) => Promise<ExitCode>;
};

/**
 * Runs one shard of a job into its part file; a part that is there and whole is left as it is, so a task may be run again at will.
 *
 * Fails: throws `UsageError` for more shards than items, and what `run` throws.
 */
export async function runShard<Item extends PartItem>(
  shard: Shard,
  { scenario, identity, folder, items, unit, describe, isItem, run }: ShardedJob<Item>,
  given: Given,
  environment: Environment,
): Promise<ExitCode> {
  const range = rangeOfShard(shard, items, unit);
  const head: PartHead = {
    shard: shard.shard,
    shards: shard.shards,
    ...range,
    items,
    job: identity,
    given: Object.fromEntries(
      JOB_OPTIONS.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
    ),
    texts: ownTexts(scenario, environment),
  };
  const say = (text: string) => {
    if (!isGiven(given, "quiet")) printError(`${text}\n`);
  };
  const file = path.join(folder, partName(shard));
  const from = shard.from === undefined ? "" : ` (${shard.from})`;
  say(`shard ${shard.shard} of ${shard.shards}${from}: ${describe(range)}`);
  try {
    const part = openPart(folder, head, isItem);
    if (!part) {
      say(`${visibleText(file)} is there and whole; nothing to do`);
      return ExitCode.done;
    }
    const code = await run(range, part);
    if (code === ExitCode.done) {
      part.finish();
      say(`Written  ${visibleText(file)}`);
    }
    return code;
  } catch (error) {
    if (!isFileError(error)) throw error;
    return reportDiagnostics(
      [diagnose("unwritable-output", { values: { file, reason: reasonOf(error) } })],
      given,
    );
  }
}

/** The files of a scenario that do not come with the program. */
function ownTexts({ files }: Scenario, environment: Environment): PartHead["texts"] {
  const catalog = new Set(listCatalogFiles(environment).map((name) => resolvePath("", name)));
  return [...files].filter(([name]) => !catalog.has(name) && !name.startsWith("--"));
}
