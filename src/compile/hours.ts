/** Hours of the months from an absolute month on. */
export function hoursOfMonths(firstMonth: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => 24 * daysInMonth(firstMonth + index));
}

function daysInMonth(absoluteMonth: number): number {
  const year = Math.floor(absoluteMonth / 12);
  const month = absoluteMonth - year * 12;
  if (month === 1) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31;
}
