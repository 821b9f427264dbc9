/** The entry `gigafleet/node`: `loadFile`. */

import { expect, test } from "vitest";
import { loadFile, type ScenarioChanges } from "../../src/node/index.ts";

test("a change of a name that there is not is a fault of the caller, with the nearest", () => {
  const changes = { set: ["sites.main.delay=6 months"] } as unknown as ScenarioChanges;
  expect(() => loadFile("plan.yaml", changes)).toThrow(
    new TypeError("`loadFile` takes no `set`; write `sets`"),
  );
});
