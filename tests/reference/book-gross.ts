/** The largest gross terms behind columns of contracts and books, for both comparisons with the referee. */

/** Values of the engine by `level entity metric`. */
export type EngineColumns = ReadonlyMap<string, Float64Array>;

const BOOK =
  /^(buyer|provider|npv|payments|equity|debt|loan|tax|taxable|levered|interest)_.*usd$|^(buyer|provider)_/;

export function largestOf(engine: EngineColumns, key: string): number {
  return (engine.get(key) ?? new Float64Array()).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** What a column of contracts or books is a sum or difference of, or 0 where it is neither. */
export function bookGross(engine: EngineColumns, key: string): number {
  const [level, entity, metric] = key.split(" ");
  const keys = [...engine.keys()];
  const contracts = keys
    .filter((other) => other.startsWith("contract ") && other.endsWith(" contract_commitment_usd"))
    .map((other) => other.split(" ")[1]);
  const contractGross = (name: string) =>
    largestOf(engine, `contract ${name} contract_commitment_usd`) +
    largestOf(engine, `contract ${name} contract_paid_to_date_usd`);
  if (level === "contract") {
    if (metric === "contract_burn_rate") return 1;
    return metric.endsWith("_usd") ? contractGross(entity) : 0;
  }
  if (level === "loan" && !metric.endsWith("_usd")) return 0;
  if (!BOOK.test(metric) && !metric.startsWith("contract_")) return 0;
  const gross =
    contracts.reduce((sum, name) => sum + contractGross(name), 0) +
    keys
      .filter((other) => other.endsWith(" tranche_receipt_usd"))
      .reduce((sum, other) => sum + largestOf(engine, other), 0) +
    ["chip_cost_in_service_usd", "chip_construction_in_progress_usd", "facility_cost_in_service_usd"]
      .concat("facility_construction_in_progress_usd", "buyer_cash_usd", "provider_cumulative_cash_usd")
      .reduce((sum, name) => sum + largestOf(engine, `total  ${name}`), 0) +
    largestOf(engine, "run  cost_provider_pv_usd");
  return /_per_/.test(metric) ? 0 : gross;
}

/** Figures that are a month, or none: equal, both past the horizon, or a tie that rounding decides. */
export const FIGURES: ReadonlySet<string> = new Set([
  "provider_payback_month",
  "contract_exhaustion_month",
  "tranche_unlock_month",
]);

/**
 * Whether a figure of `FIGURES` is the same for engine and referee.
 *
 * @param horizon how many months are reported
 * @param origin  index of the first of them in the engine's columns
 */
export function sameFigure(
  engine: EngineColumns,
  key: string,
  figures: readonly [got: number, expected: number],
  horizon: number,
  origin: number,
): boolean {
  // What lies past the horizon is not reported, and the engine's window ends earlier than the referee's.
  const [got, expected] = figures.map((month) => (Number.isNaN(month) ? horizon : Math.min(month, horizon)));
  if (got === expected) return true;
  if (!key.endsWith(" provider_payback_month")) return false;
  // Within rounding of 0 the month may go either way.
  const sums = engine.get("total  provider_cumulative_cash_usd") ?? new Float64Array();
  const between = sums.subarray(origin + Math.min(got, expected), origin + Math.max(got, expected));
  return between.every((sum) => Math.abs(sum) <= 1e-9 * bookGross(engine, key));
}
