import { fileURLToPath } from "node:url";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

const include = ["tests/**/*.test.ts"];

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
