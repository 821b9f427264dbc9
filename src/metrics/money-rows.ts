import { DOLLAR } from "./units.ts";

/** What rows of the metric table have in common that are money of the whole by month: of cash or cost, and of a book. */
export const totalFlow = { ...DOLLAR, level: "total", adds: false, time: "flow", group: "cost" } as const;
export const totalBook = { ...DOLLAR, level: "total", adds: false, time: "stock", group: "book" } as const;

/** What figures of the whole run in money have in common. */
export const runMoney = {
  ...DOLLAR,
  isScalar: true,
  level: "run",
  adds: false,
  time: "ratio",
  group: "result",
} as const;
