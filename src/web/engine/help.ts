/** The program of a thread that helps the engine with samples; the engine's own program begins with the same text, and goes on. */
import { type CrewAnswer, type CrewMessage, createTileTaker } from "../../run/crew.ts";

/** Name of a thread that helps. */
export const HELPER = "helper";

/** The global scope of a worker, as far as it is used here. */
type Scope = {
  readonly name: string;
  postMessage: (answer: CrewAnswer, transfer: readonly ArrayBuffer[]) => void;
  onmessage: ((event: MessageEvent<CrewMessage>) => void) | null;
  onmessageerror: (() => void) | null;
};

const scope = globalThis as unknown as Scope;

if (scope.name === HELPER) {
  const take = createTileTaker();
  // A browser may refuse to hand over a compiled module: the engine hears of the error, and does without this thread.
  scope.onmessageerror = () => {
    throw new Error("a message cannot be read");
  };
  scope.onmessage = ({ data }) => {
    const answer = take(data);
    if (answer)
      scope.postMessage(answer, answer.kind === "tile" ? [answer.inputs.buffer, answer.rows.buffer] : []);
  };
}
