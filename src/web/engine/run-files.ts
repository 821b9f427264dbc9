import type { Results } from "../../analysis/results/results.ts";
import { makeTables } from "../../analysis/tables/index.ts";
import { chooseColumns } from "../../analysis/tables/standard-columns.ts";
import { toCsv } from "../../export/csv.ts";
import { makeDataPackage } from "../../export/data-package.ts";
import { describeRun, hashInputs, type Inputs, listInputs } from "../../report/origin.ts";
import { writePage } from "../../report/page/page.ts";
import type { Origin } from "../../report/page/provenance-sections.ts";
import { reportRun } from "../../report/run-report.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import {
  findExcess,
  makeWorkbook,
  originOfWorkbook,
  runForWorkbook,
  writeXlsxFile,
} from "../../workbook/index.ts";
import type { Replies } from "../messages.ts";
import { sha256 } from "./sha256.ts";
import { Refusal } from "./shown.ts";

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
  const { scenario, results, version } = run;
  const tables = makeTables(results).map((table) => chooseColumns(table, "standard"));
  const inputs = inputsOf(run);
  const report = reportRun(scenario, results, originOf(run));
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

/**
 * The workbook that `gigafleet run --xlsx` writes for a run, byte for byte.
 *
 * Fails: rejects with a `Refusal` for a plan that no spreadsheet can hold. Cost: its cells.
 */
export async function makeRunWorkbook(run: RunToFile): Promise<Replies["workbook"]> {
  const { scenario, results } = run;
  const plain = runForWorkbook(scenario);
  if (!plain) throw new Refusal("the plan has a fault");
  const workbook = makeWorkbook(plain, results, originOfWorkbook(scenario, originOf(run)));
  const excess = findExcess(workbook);
  if (excess) throw new Refusal(excess);
  return { name: "plan.xlsx", pieces: [...(await writeXlsxFile(workbook))] };
}

function hash(text: string): string {
  return sha256(text, "hex");
}

function inputsOf({ scenario, file, catalog }: RunToFile): Inputs {
  return listInputs(scenario, file, new Set(catalog), (name) => name);
}

/** What report and workbook say of their making. */
function originOf(run: RunToFile): Origin {
  const { version, command } = run;
  const { scenarioFiles, catalogFiles, changes } = inputsOf(run);
  return { version, command, files: hashInputs([...scenarioFiles, ...catalogFiles], hash), changes };
}
