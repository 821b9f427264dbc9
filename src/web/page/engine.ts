import type { Ask, Plan, Question, Replies, RunRequest, Tell } from "../messages.ts";

/** A question was not answered only because the plan changed meanwhile. */
export class CalledOff extends Error {}

/** The page's end of the engine. */
export type Engine = {
  /** Runs a plan; while an earlier one has no answer yet, only the newest waits. */
  readonly run: (request: Request) => void;
  readonly draw: (width: number) => void;
  readonly hold: (path: string) => void;
  /** Fails: rejects with an `Error` whose message tells the reader why, and with `CalledOff` where it can be asked again. */
  readonly ask: <Kind extends Question["kind"]>(
    question: Extract<Question, { kind: Kind }>,
  ) => Promise<Replies[Kind]>;
};

/** What a run takes. */
type Request = Omit<RunRequest, "kind" | "run">;

/** What the engine tells of runs. */
export type Heard = Exclude<Tell, { kind: "reply" | "refused" | "ready" }>;

/** A worker, as far as it is used here. */
export type Port = {
  readonly postMessage: (message: Ask) => void;
  readonly terminate: () => void;
  onmessage: ((event: { readonly data: Tell }) => void) | null;
  onerror: ((event: { readonly message: string }) => void) | null;
};

/** A run that has answered nothing for so long is given up for a newer one: a plan may be too large to wait for [ms]. */
const PATIENCE = 5000;

/**
 * Runs plans in a worker.
 *
 * @param makeWorker starts a worker with the engine
 * @param hear       called with what it tells of the newest run that was begun, and the plan of that run: a newer one may wait
 * @param now        a clock [ms]
 */
export function startEngine(
  makeWorker: () => Port,
  hear: (told: Heard, plan: Plan | undefined) => void,
  now = () => performance.now(),
): Engine {
  const questions = new Map<number, { resolve: (reply: never) => void; reject: (error: Error) => void }>();
  let worker = begin();
  let run = 0;
  let asked = 0;
  /** When the run that has no answer yet began. */
  let begun: number | undefined;
  let waiting: Request | undefined;
  let plan: Plan | undefined;

  function begin(): Port {
    const made = makeWorker();
    made.onmessage = ({ data }) => take(data);
    made.onerror = ({ message }) => take({ kind: "broken", text: message });
    return made;
  }

  function send(request: Request): void {
    begun = now();
    plan = request.plan;
    waiting = undefined;
    worker.postMessage({ kind: "run", run: ++run, ...request });
  }

  /** Leaves a worker that is busy with something else. */
  function giveUp(): void {
    worker.terminate();
    for (const { reject } of questions.values()) reject(new CalledOff("the plan changed meanwhile"));
    questions.clear();
    worker = begin();
  }

  /** The newest run has said enough for the next to begin. */
  function settle(): void {
    begun = undefined;
    if (waiting) send(waiting);
  }

  function take(told: Tell): void {
    switch (told.kind) {
      case "ready":
        return;
      case "reply":
        questions.get(told.id)?.resolve(told.reply as never);
        questions.delete(told.id);
        return;
      case "refused":
        questions.get(told.id)?.reject(new (told.isCalledOff ? CalledOff : Error)(told.reason));
        questions.delete(told.id);
        return;
      case "sliders":
        hear(told, plan);
        return;
      case "broken":
        hear(told, plan);
        settle();
        return;
      default:
        if (told.run !== run) return;
        hear(told, plan);
        if (told.kind === "answer" || (told.kind === "checked" && !told.isSound)) settle();
    }
  }

  return {
    run: (request) => {
      if (begun !== undefined && now() - begun < PATIENCE) {
        waiting = request;
        return;
      }
      if (begun !== undefined) giveUp();
      send(request);
    },
    draw: (width) => worker.postMessage({ kind: "draw", width }),
    hold: (path) => worker.postMessage({ kind: "hold", path }),
    ask: (question) =>
      new Promise((resolve, reject) => {
        questions.set(++asked, { resolve, reject });
        worker.postMessage({ kind: "question", id: asked, question });
      }),
  };
}
