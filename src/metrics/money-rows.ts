import { DOLLAR } from "./units.ts";

/**
 * Common fields of metrics for monthly money of a part, a site or the whole, in cash, cost or a book. Less of a cost is better;
 * for what a book holds neither direction is. A row may say otherwise.
 */
export const partFlow = {
  ...DOLLAR,
  level: "part",
  adds: true,
  time: "flow",
  group: "cost",
  better: "less",
} as const;
export const partBook = { ...partFlow, time: "stock", group: "book", better: "neither" } as const;
export const siteFlow = { ...partFlow, level: "site" } as const;
export const siteBook = { ...partBook, level: "site" } as const;
export const totalFlow = { ...partFlow, level: "total", adds: false } as const;
export const totalBook = { ...partBook, level: "total", adds: false } as const;

/** Common fields of metrics for a price or value of each part that is not added over parts. */
export const partPrice = { ...partFlow, adds: false, time: "ratio" } as const;
export const partResidual = { ...partPrice, isScalar: true, group: "result", better: "more" } as const;

/** Common fields of metrics for money of the whole run. */
export const runMoney = {
  ...DOLLAR,
  isScalar: true,
  level: "run",
  adds: false,
  time: "ratio",
  group: "result",
} as const;
