/** What a command loads when it writes a report: kept behind one door, so that no start of the program pays for it. */
export { svgFile } from "../charts/kit/svg-file.ts";
export { reportBacktest } from "./backtest-report.ts";
export { reportCompare } from "./compare-report.ts";
export { reportOptimize } from "./optimize-report.ts";
export { type Report, writePage } from "./page/page.ts";
export type { Origin } from "./page/provenance-sections.ts";
export { reportRun } from "./run-report.ts";
export { reportSensitivity } from "./sensitivity-report.ts";
export { reportSweep } from "./sweep-report.ts";
