import { fileURLToPath } from "node:url";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

const include = ["tests/**/*.test.ts"];

/**
 * By default V8 takes nearly as much processor time to optimise the code of tests, in threads beside them, as they take to run,
 * since most of it runs a few times. Here it waits until code has run fifteen times as long, and one thread collects memory,
 * seldom: workbook.test.ts takes 7.7 s of 14.5, trace.test.ts 17.7 of 24.9 (GIGAFLEET_TIMES).
 */
const v8 = ["--interrupt-budget=1000000", "--max-semi-space-size=64", "--single-threaded-gc"];

/** Folders whose tests run once more in the engine's plain reader, where nothing may be left out (`.ci/run`). */
const plainToo = ["engine", "money", "demand", "reference"];
const projects: TestProjectInlineConfiguration[] = [
  { extends: true, test: { name: "WebAssembly", include } },
  {
    extends: true,
    test: {
      name: "plain",
      include: plainToo.map((folder) => `tests/${folder}/**/*.test.ts`),
      // They compare the readers with each other.
      exclude: ["tests/engine/language/readers.test.ts"],
      execArgv: ["--no-expose-wasm"],
    },
  },
];

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    ...(process.env.GIGAFLEET_REQUIRE_ALL === "1" ? { projects } : { include }),
    pool: "forks",
    execArgv: v8,
    // More than two cores do at once: browsers, schedulers and office programs are waited for.
    maxWorkers: 3,
    // A worker loads src/ once for all its files: no test leaves anything behind that another reads.
    isolate: false,
    setupFiles: process.env.GIGAFLEET_TIMES ? ["tests/processor-time.ts"] : [],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // A test that reaches no assertion, such as a loop over nothing, cannot fail.
    expect: { requireAssertions: true },
  },
});
