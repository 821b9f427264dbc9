/** The sheets of inputs name every number of a scenario that a figure follows, whether or not it can be changed there. */

import fs from "node:fs";
import { expect, test } from "vitest";
import { entityKey, listEntities } from "../../src/compile/entities.ts";
import { linesBehind } from "../../src/compile/record/reads.ts";
import { METRICS } from "../../src/metrics/index.ts";
import { statesRead } from "../../src/scenario/language/evaluate.ts";
import { loadScenario } from "../../src/scenario/load.ts";
import { plainValues } from "../../src/scenario/plain-value.ts";
import type { Cell } from "../../src/workbook/cells.ts";
import { runForWorkbook } from "../../src/workbook/index.ts";
import { catalogNames, packed } from "../scenario/shipped-catalog.ts";
import { workbookOf } from "./recalculate.ts";

const files = ["", "plans/"]
  .flatMap((part) => fs.readdirSync(`scenarios/${part}`).map((name) => part + name))
  .filter((name) => name.endsWith(".yaml"));
const catalog = catalogNames.map((name) => `catalog/${name}`);
const read = (name: string) =>
  fs.existsSync(`scenarios/${name}`) ? fs.readFileSync(`scenarios/${name}`, "utf8") : undefined;

test.each(files)("%s", async (file) => {
  const { scenario } = loadScenario({ path: file, catalog, packed, sets: [], read });
  if (!scenario) throw new Error(`${file} has a fault`);
  const run = runForWorkbook(scenario);
  const workbook = await workbookOf(scenario);
  if (!run || !workbook) throw new Error(`${file} does not run`);
  const { sheets } = workbook;
  const rowsOf = (name: string): readonly (readonly (Cell | undefined)[])[] => [
    ...(sheets.find((sheet) => sheet.name === name)?.rows ?? []),
  ];
  const [, , ...constants] = rowsOf("Inputs");
  const [heads = []] = rowsOf("InputsByMonth");
  const values = new Map(constants.map(([label, value]) => [String(label?.value), value?.value]));
  const shown = new Set([...values.keys(), ...heads.map((cell) => String(cell?.value))]);
  const followed = new Set(
    METRICS.flatMap(({ name, level }) =>
      listEntities(run.entities).flatMap((entity) => {
        const reading = entity.level === level ? run.readingOf(name, level, entityKey(entity)) : undefined;
        return reading ? linesBehind(reading) : [];
      }),
    ),
  );
  const numbers = [...followed].filter((path) => {
    const expr = scenario.fields.get(path)?.expr;
    return expr && !expr.isDate && statesRead(expr).length === 0;
  });
  expect(numbers.length).toBeGreaterThan(20);
  expect(numbers.filter((path) => !shown.has(path))).toEqual([]);
  // Every row has its number: 0 where the scenario's is, and none where it has none.
  for (const path of numbers) {
    const [plain = 0] = plainValues(scenario, path, run.firstMonth, 1);
    if (values.has(path) && Number.isFinite(plain)) expect(values.get(path) === 0, path).toBe(plain === 0);
  }
});
