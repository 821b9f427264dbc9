import { visibleText } from "../../diagnostics/visible.ts";
import { shippedCatalog } from "../../node/package-files.ts";
import { listStale, type StaleFigure } from "../../scenario/describe/stale.ts";
import { loadCatalog } from "../../scenario/load-catalog.ts";
import { type Environment, type Given, isGiven, textOf } from "../io/command.ts";
import { reportDiagnostics } from "../io/diagnostics.ts";
import { ExitCode, UsageError } from "../io/exit-code.ts";
import { emphasise, printJson, printResult } from "../io/streams.ts";
import { drawFacts, SCREEN_WIDTH } from "../screens/draw-columns.ts";

/** `catalog --stale AGE`: lists the figures due for an update, the oldest first. */
export function executeStale(age: string, given: Given, environment: Environment): ExitCode {
  const catalog = loadCatalog(shippedCatalog(environment));
  if (catalog.diagnostics.length > 0) {
    return reportDiagnostics(catalog.diagnostics, given, catalog.sources);
  }
  // Only here is the clock read, and only if no date is given.
  const today = textOf(given, "as-of") ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$/.test(today))
    throw new UsageError(`\`--as-of ${today}\` is not a date; write one such as 2026-11 or 2026-11-30`);
  const stale = listStale(catalog.figures, readAge(age), today);
  const all = catalog.figures.filter(({ origin }) => origin.asOf !== undefined).length;
  if (isGiven(given, "json")) printJson(stale);
  else printResult(draw(stale, all, age, today));
  return ExitCode.done;
}

function readAge(text: string): number {
  const match = /^\s*(\d+)\s*(month|year)s?\s*$/.exec(text);
  if (!match)
    throw new UsageError(`\`--stale '${text}'\` is not an age; write one such as '12 months' or '1 year'`);
  return Number(match[1]) * (match[2] === "year" ? 12 : 1);
}

function draw(stale: readonly StaleFigure[], all: number, age: string, today: string): string {
  const lines = stale.flatMap(({ path, asOf, ageMonths, quality, source, url, file, line }) => [
    `${emphasise(path)}  ${asOf}, ${ageMonths} months old, ${quality}`,
    ...drawFacts(
      [
        ["", source],
        ["", url],
        ["", `${file}:${line}`],
      ],
      SCREEN_WIDTH,
    ).map((one) => `  ${visibleText(one.trim())}`),
  ]);
  const sum = `${stale.length} of ${all} figures are older than ${age} on ${today}.`;
  return `${[...lines, ...(stale.length > 0 ? [""] : []), sum].join("\n")}\n`;
}
