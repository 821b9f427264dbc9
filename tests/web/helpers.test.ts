/** Threads that share the page's samples, in Node: a thread is an object here that answers later. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Figure, PlanBuilder, Reduction } from "../../src/engine/index.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { createTaskTaker, type WorkerAnswer } from "../../src/run/shared-tasks.ts";
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

/** Threads that answer when the caller next waits; `dies` says at which phase one is lost. */
function makeHelpers(count: number, dies = Number.POSITIVE_INFINITY) {
  const seen = { starts: 0, phases: 0, ended: 0 };
  const start = (): readonly Helper[] => {
    seen.starts++;
    return Array.from({ length: count }, () => {
      const take = createTaskTaker();
      let last: WorkerAnswer | undefined;
      return {
        post: (message) => {
          last = take(message);
        },
        answer: async () => {
          await Promise.resolve();
          if (++seen.phases >= dies) throw new Error("lost");
          if (!last) throw new Error("no phase was posted");
          return last;
        },
        end: () => void seen.ended++,
      };
    });
  };
  return { seen, start };
}

describe("samples shared out among threads", () => {
  test("say what one thread says, bit for bit, and start the threads once", async () => {
    const { seen, start } = makeHelpers(3);
    const makeRunner = shareSamples(start);
    for (let round = 0; round < 2; round++)
      expect(await makeRunner().sample(plan, requestOf(10_000))).toEqual(await alone(10_000));
    expect(seen).toMatchObject({ starts: 1, ended: 0 });
    expect(seen.phases).toBeGreaterThan(0);
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

  test("are those of many trials, and one at a time", async () => {
    const { seen, start } = makeHelpers(2);
    const makeRunner = shareSamples(start);
    expect(await makeRunner().sample(plan, requestOf(200))).toEqual(await alone(200));
    expect(seen.starts).toBe(0);
    const both = [10_000, 9_000].map((trials) => makeRunner().sample(plan, requestOf(trials)));
    expect(await Promise.all(both)).toEqual([await alone(10_000), await alone(9_000)]);
  });

  test("end where their caller wants another, and the threads go on with that", async () => {
    const { start } = makeHelpers(2);
    const makeRunner = shareSamples(start);
    const stopped = makeRunner(async () => {
      throw new Error("overtaken");
    });
    await expect(stopped.sample(plan, requestOf(10_000))).rejects.toThrow("overtaken");
    expect(await makeRunner().sample(plan, requestOf(10_000))).toEqual(await alone(10_000));
  });

  test("go on in the calling thread when a thread is lost, or where there is none", async () => {
    const { seen, start } = makeHelpers(2, 4);
    const makeRunner = shareSamples(start);
    for (let round = 0; round < 2; round++)
      expect(await makeRunner().sample(plan, requestOf(10_000))).toEqual(await alone(10_000));
    expect(seen).toMatchObject({ starts: 1, ended: 2 });
    expect(await shareSamples(() => [])().sample(plan, requestOf(10_000))).toEqual(await alone(10_000));
  });
});
