/** Threads that share the page's samples, in Node: a thread is an object here that answers later. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Figure, PlanBuilder, Reduction } from "../../src/engine/index.ts";
import { type CrewAnswer, type CrewMessage, createTileTaker } from "../../src/run/crew.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { type Helper, shareSamples } from "../../src/web/engine/helpers.ts";

const builder = new PlanBuilder({ monthCount: 1, originMonth: 0, horizonMonths: 1 });
const register = builder.variable("x", "uniform", 0.5);
builder.column({ metric: "x", level: "run", entity: "", isScalar: true, register });
const plan = builder.build();
const figure: Figure = { column: 0, first: 0, end: 1, reduction: Reduction.sum, code: 0, ranked: true };

function requestOf(trials: number) {
  return {
    trials,
    fill: (first: number, count: number, inputs: Float64Array) => {
      for (let trial = 0; trial < count; trial++) inputs[trial] = Math.sin(first + trial) ** 2;
    },
    scales: Float64Array.of(3),
    figures: [figure],
    ranks: [Math.floor(trials / 20), Math.floor(trials / 2)],
    first: [0],
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const alone = (trials: number) => createThreadRunner().sample(plan, requestOf(trials));

/** Threads that answer when the caller next waits; `dies` says with which tile, of all threads, one is lost. */
function makeHelpers(count: number, dies = Number.POSITIVE_INFINITY) {
  const seen = { starts: 0, jobs: 0, tiles: 0, ended: 0 };
  const start = (): readonly Helper[] => {
    seen.starts++;
    return Array.from({ length: count }, () => {
      const take = createTileTaker();
      let hear: (answer: CrewAnswer | undefined) => void = () => {};
      let isDead = false;
      return {
        post: (message) => {
          const answer = structuredClone(take(structuredClone(message)));
          if (message.kind === "job") seen.jobs++;
          else if (++seen.tiles === dies) isDead = true;
          const told = isDead ? undefined : answer;
          void Promise.resolve().then(() => hear(told));
        },
        hear: (given) => {
          hear = given;
        },
        end: () => void seen.ended++,
      };
    });
  };
  return { seen, start };
}

/** One thread, whose answers something else gives. */
function recordHelper(answerTo: (message: CrewMessage) => CrewAnswer | undefined) {
  let count = 0;
  const start = (): readonly Helper[] => {
    let hear: (answer: CrewAnswer | undefined) => void = () => {};
    return [
      {
        post: (message) => {
          count++;
          const answer = answerTo(message);
          void Promise.resolve().then(() => hear(answer));
        },
        hear: (given) => {
          hear = given;
        },
        end: () => {},
      },
    ];
  };
  return { start, posted: () => count };
}

describe("samples shared out among threads", () => {
  test("say what one thread says, bit for bit, start the threads once, and tell them the job once", async () => {
    const { seen, start } = makeHelpers(3);
    const makeRunner = shareSamples(start);
    const request = requestOf(10_000);
    for (let round = 0; round < 2; round++)
      expect(await makeRunner().sample(plan, request)).toEqual(await alone(10_000));
    expect(seen).toMatchObject({ starts: 1, jobs: 3, ended: 0 });
    // Two samples have twice 79 tiles, of which the caller does its share.
    expect(seen.tiles).toBeGreaterThan(40);
    expect(seen.tiles).toBeLessThan(150);
  });

  test("end idle threads, and start others when they are wanted", async () => {
    const { seen, start } = makeHelpers(2);
    const makeRunner = shareSamples(start);
    await makeRunner().sample(plan, requestOf(10_000));
    vi.advanceTimersByTime(60_000);
    expect(seen).toMatchObject({ starts: 1, ended: 2 });
    expect(await makeRunner().sample(plan, requestOf(10_000))).toEqual(await alone(10_000));
    expect(seen.starts).toBe(2);
  });

  test("start no threads for the first coarse sample of a plan; for the next they do, and are told the plan once", async () => {
    const { seen, start } = makeHelpers(1);
    const makeRunner = shareSamples(start);
    const { figures } = requestOf(1);
    const small = { ...requestOf(200), figures };
    expect(await makeRunner().sample(plan, small)).toEqual(await alone(200));
    expect(seen.starts).toBe(0);
    for (const tiles of [1, 2, 3]) {
      expect(await makeRunner().sample(plan, small)).toEqual(await alone(200));
      expect(seen).toMatchObject({ starts: 1, jobs: 1, tiles });
    }
    // Not shared: whoever types has another plan each time.
    const other = { ...plan };
    expect(await makeRunner().sample(other, small)).toEqual(await alone(200));
    expect(await makeRunner().sample(plan, requestOf(128))).toEqual(await alone(128));
    expect(seen).toMatchObject({ jobs: 1, tiles: 3 });
    expect(await makeRunner().sample(other, requestOf(256))).toEqual(await alone(256));
    expect(seen).toMatchObject({ starts: 1, jobs: 2, tiles: 4 });
  });

  test("have the threads one at a time", async () => {
    const { start } = makeHelpers(2);
    const makeRunner = shareSamples(start);
    const both = [10_000, 9_001].map((trials) => makeRunner().sample(plan, requestOf(trials)));
    expect(await Promise.all(both)).toEqual([await alone(10_000), await alone(9_001)]);
  });

  test("end where their caller wants another, and the threads go on with that", async () => {
    const { start } = makeHelpers(2);
    const makeRunner = shareSamples(start);
    let pauses = 0;
    const stopped = makeRunner(async () => {
      if (++pauses === 20) throw new Error("overtaken");
    });
    await expect(stopped.sample(plan, requestOf(10_000))).rejects.toThrow("overtaken");
    expect(await makeRunner().sample(plan, requestOf(10_000))).toEqual(await alone(10_000));
  });

  test.each([1, 2, 40])("do without a thread that is lost with tile %d", async (dies) => {
    const { start } = makeHelpers(2, dies);
    const makeRunner = shareSamples(start);
    for (let round = 0; round < 2; round++)
      expect(await makeRunner().sample(plan, requestOf(10_000))).toEqual(await alone(10_000));
  });

  test("are simulated by the caller where there are no threads", async () => {
    expect(await shareSamples(() => [])().sample(plan, requestOf(10_000))).toEqual(await alone(10_000));
  });

  test("tell of draws out of range, whoever simulates them", async () => {
    const faulty = new PlanBuilder({ monthCount: 1, originMonth: 0, horizonMonths: 1 });
    const drawn = faulty.variable("x", "uniform", 0.5);
    faulty.column({ metric: "x", level: "run", entity: "", isScalar: true, register: drawn });
    faulty.check(drawn, 0, 0.9, "x");
    const own = faulty.build();
    const { start } = makeHelpers(2);
    const shared = await shareSamples(start)().sample(own, requestOf(10_000));
    expect(shared).toEqual(await createThreadRunner().sample(own, requestOf(10_000)));
    expect(shared.faults[0]?.trialsHit).toBe(
      Array.from({ length: 10_000 }, (_, trial) => Math.sin(trial) ** 2 > 0.9).filter(Boolean).length,
    );
  });
});

describe("a thread of the browser", () => {
  afterEach(() => void vi.unstubAllGlobals());

  test.each(["error", "messageerror"])("is lost with an event `%s`: nobody waits for it", async (name) => {
    // By a name in a variable: the module is of the project with the DOM's types.
    const module = "../../src/web/engine/helper-threads.ts";
    const { helpersOf } = (await import(module)) as {
      helpersOf: (program: string) => () => readonly Helper[];
    };
    const workers: EventTarget[] = [];
    class StandIn extends EventTarget {
      constructor() {
        super();
        workers.push(this);
      }
    }
    vi.stubGlobal("Worker", StandIn);
    vi.stubGlobal("navigator", { hardwareConcurrency: 2 });
    const heard: (CrewAnswer | undefined)[] = [];
    const [helper] = helpersOf("")();
    helper?.hear((answer) => heard.push(answer));
    workers[0]?.dispatchEvent(new Event(name));
    expect(heard).toEqual([undefined]);
  });
});

describe("the program of a thread that helps", () => {
  /** The program as a worker of this name runs it, and the scope that it works on. */
  async function runProgram(name: string) {
    const scope = { onmessage: undefined, onmessageerror: undefined, postMessage: vi.fn(), name };
    for (const [key, value] of Object.entries(scope)) vi.stubGlobal(key, value);
    vi.resetModules();
    // By a name in a variable: the module is of the project with the DOM's types.
    const module = "../../src/web/engine/help.ts";
    await import(module);
    return globalThis as unknown as {
      onmessage?: (event: { data: unknown }) => void;
      onmessageerror?: () => void;
      postMessage: typeof scope.postMessage;
    };
  }
  afterEach(() => void vi.unstubAllGlobals());

  test("ends with an error at a message that it cannot read, which its caller hears of", async () => {
    const { onmessageerror } = await runProgram("helper");
    expect(() => onmessageerror?.()).toThrow("a message cannot be read");
  });

  test("answers a job and a tile as the thread that it helps would", async () => {
    const { onmessage, postMessage } = await runProgram("helper");
    const { start, posted } = recordHelper((message) => {
      onmessage?.({ data: structuredClone(message) });
      return structuredClone(postMessage.mock.calls.at(-1)?.[0]);
    });
    expect(await shareSamples(start)().sample(plan, requestOf(10_000))).toEqual(await alone(10_000));
    expect(posted()).toBeGreaterThan(10);
  });

  test("leaves the engine alone, whose own program begins with the same text", async () => {
    expect((await runProgram("")).onmessageerror).toBeUndefined();
  });
});
