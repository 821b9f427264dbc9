/** Display units with canonical units per display unit; nothing is computed in them. */
export const CHIPS = { unit: "chips", scale: 1 } as const;
export const MEGAWATT = { unit: "MW", scale: 1e6 } as const;
export const GIGAWATT_HOUR = { unit: "GWh", scale: 1e9 } as const;
export const EXAFLOPS = { unit: "EFLOP/s", scale: 1e18 } as const;
export const YOTTAFLOP = { unit: "YFLOP", scale: 1e24 } as const;
export const PETABYTE = { unit: "PB", scale: 1e15 } as const;
export const PETABYTE_PER_SECOND = { unit: "PB/s", scale: 1e15 } as const;
export const DOLLAR = { unit: "USD", scale: 1 } as const;
export const DOLLAR_PER_MEGAWATT_HOUR = { unit: "USD/MWh", scale: 1e-6 } as const;
export const FRACTION = { unit: "1", scale: 1 } as const;
export const GIGABYTE = { unit: "GB", scale: 1e9 } as const;
export const TERABYTE = { unit: "TB", scale: 1e12 } as const;
export const GIGAFLOP = { unit: "GFLOP", scale: 1e9 } as const;
export const TERAFLOP = { unit: "TFLOP", scale: 1e12 } as const;
export const MILLISECOND = { unit: "ms", scale: 1e-3 } as const;
export const SECOND = { unit: "s", scale: 1 } as const;
export const TOKEN = { unit: "tokens", scale: 1 } as const;
export const BILLION_TOKENS = { unit: "billion tokens", scale: 1e9 } as const;
export const DOLLAR_PER_MILLION_TOKENS = { unit: "USD/million tokens", scale: 1e-6 } as const;
export const TOKENS_PER_MEGAWATT_HOUR = { unit: "tokens/MWh", scale: 1e-6 } as const;

/** Units of service: FLOP or tokens, depending on the workload's kind. */
export const UNITS = { unit: "tokens or FLOP", scale: 1 } as const;

/** Unit of metrics that are a month. */
export const MONTHS_FROM_START = "months from start";
