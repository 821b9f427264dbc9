/** Months as pictures and sentences write them; a month is absolute, year * 12 + (month - 1). */

const NAMES = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** In prose: `December 2029`. */
export function longMonth(month: number): string {
  return `${NAMES[month % 12]} ${Math.floor(month / 12)}`;
}

/** On pictures: `Dec 2029`. */
export function shortMonth(month: number): string {
  return `${NAMES[month % 12].slice(0, 3)} ${Math.floor(month / 12)}`;
}

/** In tables: `2029-12`. */
export function isoMonth(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;
}

/** The month that a table's text names, NaN for any other text. */
export function readMonth(text: string): number {
  const parts = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  return parts ? Number(parts[1]) * 12 + Number(parts[2]) - 1 : Number.NaN;
}

/** Days of a month: tokens are told per day, since months differ in length. */
export function daysOf(month: number): number {
  const [year, index] = [Math.floor(month / 12), month % 12];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (index === 1) return isLeap ? 29 : 28;
  return [3, 5, 8, 10].includes(index) ? 30 : 31;
}
