import { DOLLAR } from "./units.ts";

/** Common fields of metrics for monthly money of the whole, in cash, cost or a book. */
export const totalFlow = { ...DOLLAR, level: "total", adds: false, time: "flow", group: "cost" } as const;
export const totalBook = { ...DOLLAR, level: "total", adds: false, time: "stock", group: "book" } as const;

/** Common fields of metrics for money of the whole run. */
export const runMoney = {
  ...DOLLAR,
  isScalar: true,
  level: "run",
  adds: false,
  time: "ratio",
  group: "result",
} as const;
