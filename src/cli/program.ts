/** What dist's script gives to the files that start it: the command, and the thread of a sweep. */
export { main } from "./main.ts";

/** Makes this thread one that runs points of a sweep; what it needs comes with its data. */
export async function serveSweep(): Promise<void> {
  await import("./sweep/sweep-worker.ts");
}
