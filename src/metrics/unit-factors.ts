/** Factors between units in formulas, for rates per one unit and amounts in another. */

export const SECONDS_PER_HOUR = 3600;
export const MONTHS_PER_YEAR = 12;
/** Of an average calendar year, as in rates per year (docs/model.md section 2). */
export const HOURS_PER_YEAR = 8766;
export const WATTS_PER_MEGAWATT = 1e6;
export const FLOPS_PER_EXAFLOPS = 1e18;
