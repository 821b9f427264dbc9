import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createCrew } from "../../src/run/crew.ts";
import type { SampleJob, TaskMemory } from "../../src/run/sample-job.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test("a crew lets go of a sample that is done, which takes tens of megabytes, though it knows the plan", async () => {
  const crew = createCrew([{ post: () => {}, hear: () => {} }]);
  const share = (): WeakRef<SampleJob> => {
    const job = { plan: {}, summary: { figures: [] } } as unknown as SampleJob;
    const chunk = { firstTrial: 0, trials: 200, pass: 0 };
    crew.begin(job);
    crew.share(job, {} as TaskMemory, { kind: "hold", chunk, tasks: 2 })?.end();
    return new WeakRef(job);
  };
  const done = share();
  await new Promise(setImmediate);
  collect();
  expect(done.deref()).toBeUndefined();
  // Held until here.
  expect(crew).toBeDefined();
});
