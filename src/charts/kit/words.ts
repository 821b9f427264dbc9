/** Limits in the words of a reader, as a chart's key and as the subject of a sentence. */
const LIMITS: Readonly<Record<string, string>> = {
  power: "power",
  money: "money",
  chips: "chips landed",
  fit: "model fits no chip",
  latency: "latency",
  contiguous: "room for one job",
  compute: "compute",
  bandwidth: "memory bandwidth",
  memory: "memory size",
};

/** What a limit is called; a limit without a word of its own is called by its name. */
export function limitName(limit: string): string {
  return LIMITS[limit] ?? limit;
}

/** What a limit is called as the subject of a sentence. */
export function limitSubject(limit: string): string {
  return { chips: "the delivery of chips", fit: "the size of the model" }[limit] ?? limitName(limit);
}

/** Stands for a quality that the scenario does not state. */
export const UNSTATED = "not stated";
