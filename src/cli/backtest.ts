import { runBacktest } from "../analysis/backtest/backtest.ts";
import { createThreadRunner } from "../run/runner.ts";
import type { Command, Environment, Given } from "./command.ts";
import { reportDiagnostics } from "./diagnostics.ts";
import { ExitCode } from "./exit-code.ts";
import { listCatalogFiles, readText } from "./input-files.ts";
export const backtestCommand: Command = {
  usage: "backtest", text: "x", positionals: {}, options: {}, examples: [],
  execute: async (given: Given, environment: Environment) => {
    const t = performance.now();
    const b = await runBacktest({ file: "scenarios/validation/cases.csv", catalog: listCatalogFiles(environment), read: readText }, createThreadRunner());
    reportDiagnostics(b.diagnostics, b.sources, given);
    for (const r of b.readings) console.log(r.of.id, r.of.title.padEnd(32), (r.basis ?? "").padEnd(8), r.predicted.toPrecision(4), r.of.published, `${r.p5.toPrecision(3)}-${r.p95.toPrecision(3)}`, `[${r.of.low},${r.of.high}]`, r.ratio.toFixed(2), r.isInside ? "in" : "OUT", r.of.feeds ? "no" : "yes");
    console.log(b.summary, performance.now() - t);
    return ExitCode.done;
  },
};
