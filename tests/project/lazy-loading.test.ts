/** Libraries that only some runs need are loaded by these alone: counted in the built program by V8. */
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { cli, gigafleet, gigafleetProcess, makeFolder } from "../cli/gigafleet.ts";

/** A function of each library that V8 knows only once the library is used: it stands inside what its loading or its use runs. */
const LIBRARIES: Readonly<Record<string, RegExp>> = {
  "csv-stringify": /^normalize_options\d*$/,
  "hyparquet-writer": /^ParquetWriter\d*$/,
  fflate: /^ZipDeflate\d*$/,
  hucre: /^registerXf\d*$/,
};

const folder = makeFolder();
gigafleet(folder, ["init", "."]);

/** The libraries that a command loads. */
function loaded(words: readonly string[]): readonly string[] {
  const coverage = path.join(folder, `coverage-${words.length}`);
  expect(gigafleetProcess(folder, words, { NODE_V8_COVERAGE: coverage }).code).toBe(0);
  const names = fs.readdirSync(coverage).flatMap((file) => {
    const { result } = JSON.parse(fs.readFileSync(path.join(coverage, file), "utf8"));
    const scripts: readonly { url: string; functions: readonly { functionName: string }[] }[] = result;
    return scripts
      .filter(({ url }) => url.includes(path.join(path.dirname(cli), "program-")))
      .flatMap(({ functions }) => functions.map(({ functionName }) => functionName));
  });
  expect(names.length).toBeGreaterThan(1000);
  return Object.keys(LIBRARIES).filter((library) => names.some((name) => LIBRARIES[library]?.test(name)));
}

test("a command loads the libraries of the files that it writes, and no others", () => {
  expect(loaded(["validate", "starter.yaml"])).toEqual([]);
  const run = ["run", "starter.yaml", "--trials", "16", "--no-report"];
  expect(loaded(run)).toEqual(["csv-stringify"]);
  expect(loaded([...run, "--xlsx", "--draws", "draws.parquet"])).toEqual(Object.keys(LIBRARIES));
});
