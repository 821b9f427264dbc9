/**
 * Shares of the cost depreciated in the year of service and in each later one, by recovery period, half-year convention.
 *
 * Source: IRS Publication 946, appendix A, table A-1.
 */
export const HALF_YEAR_SHARES: ReadonlyMap<string, readonly number[]> = new Map(
  Object.entries({
    macrs_3: [33.33, 44.45, 14.81, 7.41],
    macrs_5: [20, 32, 19.2, 11.52, 11.52, 5.76],
    macrs_7: [14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93, 4.46],
    macrs_10: [10, 18, 14.4, 11.52, 9.22, 7.37, 6.55, 6.55, 6.56, 6.55, 3.28],
    macrs_15: [
      ...[5, 9.5, 8.55, 7.7, 6.93, 6.23, 5.9, 5.9],
      ...[5.91, 5.9, 5.91, 5.9, 5.91, 5.9, 5.91, 2.95],
    ],
    macrs_20: [
      ...[3.75, 7.219, 6.677, 6.177, 5.713, 5.285, 4.888, 4.522, 4.462, 4.461, 4.462],
      ...[4.461, 4.462, 4.461, 4.462, 4.461, 4.462, 4.461, 4.462, 4.461, 2.231],
    ],
  }).map(([method, percent]) => [method, percent.map((share) => share / 100)]),
);
