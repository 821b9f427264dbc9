import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    include: ["tests/**/*.test.ts"],
    pool: "forks",
    // More than two cores do at once: browsers, schedulers and office programs are waited for.
    maxWorkers: 3,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // A test that reaches no assertion, such as a loop over nothing, cannot fail.
    expect: { requireAssertions: true },
  },
});
