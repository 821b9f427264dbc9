/** Runs the worked cases of tests/cases: a scenario, and rows of the tables that it must give, worked out by hand. */

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readCases } from "./cases/case-file.ts";
import { runCases } from "./cases/run-cases.ts";

const folder = fileURLToPath(new URL("cases", import.meta.url));

test("there are cases", () => expect(readCases(folder).length).toBeGreaterThanOrEqual(14));

runCases(folder);
