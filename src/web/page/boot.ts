/**
 * Starts the engine before the page's own program is read: both take about as long, and run side by side. The engine is a text of
 * the page, because a worker cannot be loaded from a file on disk.
 */
import type { Answer, Shipped } from "../messages.ts";
import type { Port } from "./engine.ts";

/** What the page finds started: what came with it, and the engine, which can be started again. */
export type Boot = {
  readonly shipped: Shipped;
  /** The first answer to the first scenario: read while the engine starts. */
  readonly firstAnswer: () => Answer;
  /** A worker with the engine, which has been told what came with the page; the first one is ready already. */
  readonly makeWorker: () => Port;
};

const textOf = (id: string): string => document.getElementById(id)?.textContent ?? "";

/** The part of the engine that simulates, which the rest begins with. */
const helper = textOf("helper");
const program = URL.createObjectURL(new Blob([helper, textOf("engine")], { type: "text/javascript" }));
const shipped = JSON.parse(textOf("shipped")) as Shipped;

function launch(): Port {
  const worker = new Worker(program) as unknown as Port;
  worker.postMessage({ kind: "start", shipped, helper });
  return worker;
}

let first: Port | undefined = launch();

(globalThis as { boot?: Boot }).boot = {
  shipped,
  firstAnswer: () => JSON.parse(textOf("first")) as Answer,
  makeWorker: () => {
    const made = first ?? launch();
    first = undefined;
    return made;
  },
};
