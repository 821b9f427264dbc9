import type { Results } from "../../analysis/results/results.ts";
import { makeTables } from "../../analysis/tables/index.ts";
import { chooseColumns } from "../../analysis/tables/standard-columns.ts";
import { toCsv } from "../../export/csv.ts";
import { makeDataPackage } from "../../export/data-package.ts";
import { describeRun, hashInputs, listInputs } from "../../report/origin.ts";
import { writePage } from "../../report/page/page.ts";
import { reportRun } from "../../report/run-report.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Replies } from "../messages.ts";
import { sha256 } from "./sha256.ts";

/** What the files of a run are made from. */
export type RunToFile = {
  readonly scenario: Scenario;
  readonly results: Results;
  readonly file: string;
  readonly catalog: readonly string[];
  readonly version: string;
  /** The command that makes them. */
  readonly command: string;
};

/** The files that `gigafleet run` writes for a run, byte for byte. Fails: never. */
export function makeRunFiles(run: RunToFile): Replies["files"] {
  const { scenario, results, file, catalog, version, command } = run;
  const tables = makeTables(results).map((table) => chooseColumns(table, "standard"));
  const inputs = listInputs(scenario, file, new Set(catalog), (name) => name);
  const hash = (text: string) => sha256(text, "hex");
  const files = hashInputs([...inputs.scenarioFiles, ...inputs.catalogFiles], hash);
  const report = reportRun(scenario, results, { version, command, files, changes: inputs.changes });
  const texts = [
    { name: "report.html", text: writePage(report, (text) => sha256(text, "base64")) },
    ...tables.map((table) => ({ name: `${table.name}.csv`, text: toCsv(table) })),
  ];
  const encoder = new TextEncoder();
  const written = texts.map(({ name, text }) => ({
    name,
    bytes: encoder.encode(text).length,
    sha256: hash(text),
  }));
  const provenance = { version, ...describeRun(scenario, results), ...inputs };
  const about = { name: "datapackage.json", text: makeDataPackage(tables, provenance, {}, hash, written) };
  return [...texts, about];
}
