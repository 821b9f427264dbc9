/** Runs the worked cases of contracts, financing and the buyer's book: FOCUS's four, and twelve months of each rule by hand. */

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readCases } from "../cases/case-file.ts";
import { runCases } from "../cases/run-cases.ts";

const folder = fileURLToPath(new URL("cases", import.meta.url));

test("there are cases", () => expect(readCases(folder).length).toBeGreaterThanOrEqual(7));

runCases(folder);
