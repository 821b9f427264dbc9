/**
 * The library: load a scenario, compile it, simulate it, make tables, write them. It uses no Node module, so it runs in a
 * browser; it reads files through a function it is given. `gigafleet/node` reads them from disk.
 */
export {
  type Backtest,
  type BacktestInput,
  type BacktestSummary,
  type Reading,
  runBacktest,
} from "./analysis/backtest/backtest.ts";
export { makeBacktestTable } from "./analysis/backtest/table.ts";
export { describeFaults } from "./analysis/results/faults.ts";
export { type PlainRun, runPlain } from "./analysis/results/plain-run.ts";
export {
  findColumn,
  metricsAt,
  type ResultPart,
  type Results,
  type RunNotes,
} from "./analysis/results/results.ts";
export {
  type MonteCarloOptions,
  type MonteCarloRun,
  type PreparedSample,
  prepareSample,
  runMonteCarlo,
} from "./analysis/sample/montecarlo.ts";
export {
  makeAnnual,
  makeCosts,
  makeFleets,
  makeMonthly,
  makeQuarterly,
  makeSites,
  makeSummary,
  makeTables,
} from "./analysis/tables/index.ts";
export { type CompileOptions, compile } from "./compile/compile.ts";
export type { DiagnosticCode, Severity } from "./diagnostics/codes.ts";
export {
  type Diagnostic,
  hasErrors,
  headlineOf,
  InternalError,
  type Span,
} from "./diagnostics/diagnostic.ts";
export { renderConcise, renderFull, renderJson } from "./diagnostics/render.ts";
export {
  blockSizeFor,
  createWorkspace,
  type Fault,
  type Plan,
  type PlanColumn,
  type PlanVariable,
  plainInputs,
  type Sink,
  simulate,
  type Workspace,
} from "./engine/index.ts";
export { type CsvOptions, toCsv } from "./export/csv.ts";
export { type InputFile, makeDataPackage, type Provenance } from "./export/data-package.ts";
export { tableRecords } from "./export/records.ts";
export { findMetric, METRICS } from "./metrics/index.ts";
export type { Metric, MetricLevel } from "./metrics/metric.ts";
export type { Column, Table } from "./metrics/table.ts";
export { createThreadRunner, type Runner, type RunOutput, type RunRequest } from "./run/runner.ts";
export { makeJsonSchema } from "./scenario/describe/json-schema.ts";
export { type ShownField, showScenario } from "./scenario/describe/show.ts";
export { listStale, type StaleFigure } from "./scenario/describe/stale.ts";
export { type LoadInput, type LoadResult, loadScenario } from "./scenario/load.ts";
export type { FieldValue, Origin, Quality, Scenario } from "./scenario/scenario.ts";
