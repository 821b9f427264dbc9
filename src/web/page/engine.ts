import type { Ask, Question, Replies, RunRequest, Shipped, Tell } from "../messages.ts";

/** The page's end of the engine. */
export type Engine = {
  /** Runs a plan; while an earlier one has no answer yet, only the newest waits. */
  readonly run: (request: Omit<RunRequest, "kind" | "run">) => void;
  readonly draw: (width: number) => void;
  readonly hold: (path: string) => void;
  /** Fails: rejects with an `Error` whose message tells the reader why. */
  readonly ask: <Kind extends Question["kind"]>(
    question: Extract<Question, { kind: Kind }>,
  ) => Promise<Replies[Kind]>;
};

/** What the engine tells of runs. */
export type Heard = Exclude<Tell, { kind: "reply" | "refused" | "ready" }>;

/**
 * Starts the engine in a worker.
 *
 * @param program text of the worker's program
 * @param hear    called with what it tells of the newest run
 */
export function startEngine(program: string, shipped: Shipped, hear: (told: Heard) => void): Engine {
  const address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  const worker = new Worker(address);
  const questions = new Map<number, { resolve: (reply: never) => void; reject: (error: Error) => void }>();
  let run = 0;
  let asked = 0;
  let isBusy = false;
  let waiting: Omit<RunRequest, "kind" | "run"> | undefined;
  const post = (message: Ask): void => worker.postMessage(message);

  function send(request: Omit<RunRequest, "kind" | "run">): void {
    isBusy = true;
    waiting = undefined;
    post({ kind: "run", run: ++run, ...request });
  }

  /** The newest run has said enough for the next to begin. */
  function settle(): void {
    isBusy = false;
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
        questions.get(told.id)?.reject(new Error(told.reason));
        questions.delete(told.id);
        return;
      case "sliders":
        hear(told);
        return;
      case "broken":
        hear(told);
        settle();
        return;
      default:
        if (told.run !== run) return;
        hear(told);
        if (told.kind === "answer" || (told.kind === "checked" && !told.isSound)) settle();
    }
  }

  worker.onmessage = ({ data }: MessageEvent<Tell>) => take(data);
  worker.onerror = (event) => take({ kind: "broken", text: event.message });
  post({ kind: "start", shipped });
  return {
    run: (request) => {
      if (isBusy) waiting = request;
      else send(request);
    },
    draw: (width) => post({ kind: "draw", width }),
    hold: (path) => post({ kind: "hold", path }),
    ask: (question) =>
      new Promise((resolve, reject) => {
        questions.set(++asked, { resolve, reject });
        post({ kind: "question", id: asked, question });
      }),
  };
}
