import type { Comparison, DifferingInput } from "../../analysis/compare/comparison.ts";
import type { Results } from "../../analysis/results/results.ts";
import type { Origin } from "../../report/page/provenance-sections.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Workbook } from "../../workbook/cells.ts";
import type { OpenRun } from "../../workbook/make-workbook.ts";
import { type Environment, flagOption, type Given, isGiven } from "./command.ts";
import { UsageError } from "./exit-code.ts";
import { collectEarly, withOptimiser } from "./optimiser.ts";
import type { OutputFile } from "./output-folder.ts";
import { PackThread } from "./pack-thread.ts";

/** The option of a command that writes a workbook beside its tables. */
export const workbookOptions = {
  xlsx: flagOption("Also write plan.xlsx, a workbook that recalculates in Excel and LibreOffice Calc"),
};

/** Name of the workbook in the folder. */
const WORKBOOK_NAME = "plan.xlsx";

/** Fleets times months of a plan whose memory matters more than a tenth of its time; the reference has 384. */
const MANY_FLEET_MONTHS = 5000;

type Workbooks = typeof import("../../workbook/index.ts");

/** Loads the code of workbooks, which no other run pays for. */
function loadWorkbooks(): Promise<Workbooks> {
  return import("../../workbook/index.ts");
}

/**
 * Makes the workbook if it was asked for.
 *
 * Fails: throws `UsageError` for a plan that no spreadsheet can hold.
 */
async function makeFiles(
  given: Given,
  environment: Environment,
  make: (workbooks: Workbooks) => Workbook | undefined,
): Promise<readonly OutputFile[]> {
  if (!isGiven(given, "xlsx")) return [];
  const thread = new PackThread(environment.packWorkerFile);
  const workbooks = await loadWorkbooks();
  const workbook = make(workbooks);
  const excess = workbook && workbooks.findExcess(workbook);
  if (!workbook || excess) await thread.close();
  if (excess) throw new UsageError(`\`--xlsx\`: ${excess}, or leave \`--xlsx\` out`);
  if (!workbook) return [];
  // Hundreds of thousands of cells are written: without the optimiser that takes ten times as long. Their formulas, which are few,
  // and the tables do without it.
  return [
    { name: WORKBOOK_NAME, text: thread.pack(withOptimiser(await workbooks.writeXlsxParts(workbook))) },
  ];
}

/**
 * The run of a scenario that its workbook is made from, if one was asked for; undefined where a value leaves its range. Its plain
 * run takes the place of another one.
 */
export async function openForWorkbook(scenario: Scenario, given: Given): Promise<OpenRun | undefined> {
  if (!isGiven(given, "xlsx")) return undefined;
  if (scenario.names.fleets.length * scenario.monthCount > MANY_FLEET_MONTHS) collectEarly();
  return (await loadWorkbooks()).runForWorkbook(scenario);
}

/** The workbook of a run, whose formulas follow its inputs. Fails: as `makeFiles`. */
export function makeRunWorkbook(
  run: OpenRun | undefined,
  results: Results,
  given: Given,
  environment: Environment,
  origin: () => Origin,
): Promise<readonly OutputFile[]> {
  return makeFiles(
    given,
    environment,
    ({ makeWorkbook, originOfWorkbook }) =>
      run && makeWorkbook(run, results, originOfWorkbook(run.scenario, origin())),
  );
}

/** The workbook of a comparison. Fails: as `makeFiles`. */
export function makeComparisonWorkbook(
  comparison: Comparison,
  inputs: readonly DifferingInput[],
  given: Given,
  environment: Environment,
  origin: () => Origin,
): Promise<readonly OutputFile[]> {
  const names = comparison.runs.map(({ name }) => name).join(", ");
  return makeFiles(given, environment, ({ makeCompareWorkbook, originOfWorkbook }) => {
    const about = originOfWorkbook(comparison.runs[0].scenario, origin());
    return makeCompareWorkbook(comparison, inputs, {
      ...about,
      title: `Comparison of ${names}`,
      description: undefined,
    });
  });
}
