/** The engine in a thread of its own: hears the page's messages and answers them. */
import type { Ask, Question, Tell } from "../messages.ts";
import { helpersOf } from "./helper-threads.ts";
import { shareSamples } from "./helpers.ts";
import { createPlanReader } from "./plans.ts";
import { createSession, type Session } from "./session.ts";
import { CalledOff, Refusal } from "./shown.ts";

/** The global scope of a worker, as far as it is used here. */
type Scope = {
  postMessage: (message: Tell) => void;
  onmessage: ((event: MessageEvent<Ask>) => void) | null;
};

const scope = globalThis as unknown as Scope;
const tell = (message: Tell): void => scope.postMessage(message);

/** Between two pauses the page is not heard [ms]. */
const HEARING = 8;

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();
let heard = 0;

/** Lets messages in, but not so often that it costs; or waits for some time [ms]. */
async function pause(time = 0): Promise<void> {
  if (time > 0) return new Promise((resolve) => setTimeout(resolve, time));
  if (performance.now() - heard < HEARING) return;
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(undefined);
  });
  heard = performance.now();
}

let session: Session | undefined;

scope.onmessage = ({ data }) => {
  try {
    hear(data);
  } catch (error) {
    report(error);
  }
};

function hear(ask: Ask): void {
  if (ask.kind === "start") {
    const makeRunner = shareSamples(helpersOf(ask.helper));
    session = createSession(createPlanReader(ask.shipped), tell, pause, makeRunner);
    tell({ kind: "ready" });
  } else if (ask.kind === "run") session?.run(ask).catch(report);
  else if (ask.kind === "draw") session?.draw(ask.width);
  else if (ask.kind === "hold") session?.hold(ask.path);
  else if (session) void reply(session, ask.id, ask.question);
}

async function reply(own: Session, id: number, question: Question): Promise<void> {
  try {
    tell({ kind: "reply", id, reply: await own.answer(question) });
  } catch (error) {
    if (!(error instanceof Refusal)) report(error);
    tell({
      kind: "refused",
      id,
      reason: error instanceof Refusal ? error.message : "the program has a fault",
      isCalledOff: error instanceof CalledOff,
    });
  }
}

function report(error: unknown): void {
  tell({ kind: "broken", text: error instanceof Error ? error.message : String(error) });
}
