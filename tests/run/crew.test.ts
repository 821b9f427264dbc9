import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { PlanBuilder, Reduction } from "../../src/engine/index.ts";
import {
  type CrewAnswer,
  type CrewMessage,
  createCrew,
  createTileTaker,
  memoryOfMessage,
} from "../../src/run/crew.ts";
import { createThreadRunner, createThreadRunners } from "../../src/run/runner.ts";
import type { SampleJob, TaskMemory } from "../../src/run/sample-job.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test("a crew lets go of a sample that is done, which takes tens of megabytes, though it knows the plan", async () => {
  const crew = createCrew([{ post: () => {}, hear: () => {} }]);
  const share = (): WeakRef<SampleJob> => {
    const job = { plan: {}, layout: {}, summary: { figures: [] } } as unknown as SampleJob;
    const chunk = { firstTrial: 0, trials: 200, pass: 0 };
    crew.begin(job, undefined);
    crew.share(job, {} as TaskMemory, { kind: "hold", chunk, tasks: 2, inputsAt: 0 })?.end();
    return new WeakRef(job);
  };
  const done = share();
  await new Promise(setImmediate);
  collect();
  expect(done.deref()).toBeUndefined();
  // Held until here.
  expect(crew).toBeDefined();
});

/** A Plan of one uniform, as a column. */
function planOfUniform() {
  const builder = new PlanBuilder({ monthCount: 1, originMonth: 0, horizonMonths: 1 });
  const register = builder.variable("x", "uniform", 0.5);
  builder.column({ metric: "x", level: "run", entity: "", isScalar: true, register });
  return builder.build();
}

const figure = { column: 0, first: 0, end: 1, reduction: Reduction.sum, code: 0, ranked: true };

test("a job is handed over, not copied, and given back with the next one; the caller keeps its own arrays", async () => {
  const take = createTileTaker();
  const jobs: (CrewMessage & { kind: "job" })[] = [];
  let hear: (answer: CrewAnswer | undefined) => void = () => {};
  const thread = {
    post: (message: CrewMessage) => {
      const posted = structuredClone(message, { transfer: memoryOfMessage(message) });
      // All arrays of the message have gone with it.
      if (message.kind === "job")
        expect(arraysIn(message).every(({ byteLength }) => byteLength === 0)).toBe(true);
      if (posted.kind === "job") jobs.push(posted);
      const answer = take(posted);
      void Promise.resolve().then(() => hear(answer));
    },
    hear: (given: typeof hear) => {
      hear = given;
    },
  };
  const runner = createThreadRunners()(undefined, createCrew([thread]));
  for (const plan of [planOfUniform(), planOfUniform()]) {
    const request = {
      trials: 3000,
      fill: (_first: number, count: number, inputs: Float64Array) => void inputs.fill(0.25, 0, count),
      scales: Float64Array.of(1),
      figures: [figure],
      ranks: [1500],
    };
    expect((await runner.sample(plan, request)).statistics[0]?.mean).toBe(0.25);
    expect(plan.program.length).toBeGreaterThan(0);
    expect(request.scales).toEqual(Float64Array.of(1));
  }
  const [first, second] = jobs.map(arraysIn);
  expect(second?.some(({ byteLength }) => byteLength > 0)).toBe(true);
  // Node before 21 cannot take memory back.
  const isEmpty = first?.every(({ byteLength }) => byteLength === 0);
  expect(isEmpty).toBe("transfer" in ArrayBuffer.prototype);
});

/** The typed arrays of a message, wherever they are. */
function arraysIn(value: unknown): readonly ArrayBufferView[] {
  if (ArrayBuffer.isView(value)) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(arraysIn) : [];
}

test("the memory of a tile goes to a thread and back, from sample to sample", async () => {
  const plan = planOfUniform();
  const seen = { inputs: new Set<ArrayBuffer>(), rows: new Set<ArrayBuffer>(), tiles: 0 };
  const take = createTileTaker();
  let hear: (answer: CrewAnswer | undefined) => void = () => {};
  const crew = createCrew([
    {
      post: (message) => {
        const answer = take(message);
        if (answer?.kind === "tile") {
          seen.tiles++;
          seen.inputs.add(answer.inputs.buffer);
          seen.rows.add(answer.rows.buffer);
        }
        void Promise.resolve().then(() => hear(answer));
      },
      hear: (given) => {
        hear = given;
      },
    },
  ]);
  const request = {
    trials: 3000,
    fill: (first: number, count: number, inputs: Float64Array) => {
      for (let trial = 0; trial < count; trial++) inputs[trial] = Math.sin(first + trial) ** 2;
    },
    scales: Float64Array.of(1),
    figures: [figure],
    ranks: [1500],
  };
  const runner = createThreadRunners()(undefined, crew);
  const alone = await createThreadRunner().sample(plan, request);
  for (let round = 0; round < 3; round++) expect(await runner.sample(plan, request)).toEqual(alone);
  expect(seen.tiles).toBeGreaterThan(20);
  // At most two tiles are on their way to a thread at a time.
  expect(seen.inputs.size).toBeLessThanOrEqual(2);
  expect(seen.rows.size).toBeLessThanOrEqual(2);
});
