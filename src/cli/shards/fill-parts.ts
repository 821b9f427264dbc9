import { visibleText } from "../../diagnostics/visible.ts";
import { quoteWord } from "../../report/origin.ts";
import { textOf, textsOf } from "../io/command.ts";
import { type CollectedParts, listNumbers } from "./collect-parts.ts";
import { JOB_OPTIONS, type PartHead } from "./part-file.ts";

/** The commands that fill the parts which are not whole, for the files in docs/cluster/. */
export function describeFilling({ head, shards }: CollectedParts, folder: string): string {
  const numbers = shards.filter(({ state }) => state !== "whole").map(({ shard }) => shard);
  const words = jobWords(head, folder);
  const slurm = ["sbatch", `--array=${listNumbers(numbers)}`, "shards.sbatch", String(head.shards), ...words];
  const here = ["gigafleet", ...words, "--shard", `${numbers[0]}/${head.shards}`];
  return [
    "These fill what is left; whole parts are skipped (docs/cluster.md):",
    `  Slurm       ${lineOf(slurm)}`,
    "  Kubernetes  kubectl replace --force -f indexed-job.yaml",
    `  here        ${lineOf(here)}`,
    "",
  ].join("\n");
}

/** The command of a job, with paths as they were typed. */
function jobWords({ job, given }: PartHead, folder: string): readonly string[] {
  const options = JOB_OPTIONS.filter((name) => name !== "file").flatMap((name) =>
    [textOf(given, name) ?? textsOf(given, name)].flat().flatMap((value) => [`--${name}`, value]),
  );
  return [job.command, textOf(given, "file") ?? "", ...options, "--out", folder];
}

function lineOf(words: readonly string[]): string {
  return visibleText(words.map(quoteWord).join(" "));
}
