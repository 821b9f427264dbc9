/** Shown units and how many canonical units are in one: display only, nothing is computed in them. */
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
