/**
 * Rows of the table of fields that no figure reads: names and texts, fields for information, lines that the loader replaces, and
 * fields of other commands.
 */
const NO_FIGURE =
  /title$|^(name|description|extends|allow|schema_version|start|years)$|^(let|overrides|scenarios|events|correlation|mixes|compare|sweep|optimize)\b|^chips\.\*\.(vendor|system|chip_power|rental_rate\b.*)$|^workloads\.\*\.min_duration$|^stacks\.\*\.points$|\.like$/;

/** Whether no figure reads a row of the table of fields. */
export function isOfNoFigure(path: string): boolean {
  return NO_FIGURE.test(path);
}

/** Why what reads a row itself does not change with any of its lines; undefined where it must. */
export function whyIdle(pair: string): string | undefined {
  return REASONS.find((reason) => reason.pair.test(pair))?.why;
}

/** Reasons that none of some pairs needs. */
export function reasonsWithout(idle: readonly string[]): readonly string[] {
  return REASONS.filter((reason) => !idle.some((pair) => reason.pair.test(pair))).map(({ why }) => why);
}

/** `pair` matches `TAKERS <- ROW`, the metrics in their order. */
const REASONS: readonly { readonly pair: RegExp; readonly why: string }[] = [
  {
    pair: /<- (sites|fleets)\.\S+interpolate$/,
    why: "the loader has put it into the table that it speaks of",
  },
  {
    pair: /<- (fleets\.\*\.site|debt\.\*\.sites|fleets\.\*\.procurement\.contract)$/,
    why: "the scenario has one site, or one contract, and so no other to name",
  },
  {
    pair: /<- models\.\*\.context$|^(stateless_)?prefill_tflop_per_request <- workloads\.\*\.answer$/,
    why: "at the medians the context holds the whole request, and only draws are cut",
  },
  { pair: /<- fleets\.\*\.sized$/, why: "in a plain run every value stands at its median" },
  {
    pair: /^chip_cost_in_service_usd .*chip_rent_\w+ .*<- (chips\.\*\.it_power|sites\.\*\.(power|pue_design)|fleets\.\*\.priority)$/,
    why: "where rented chips stand, the power follows them",
  },
  {
    pair: /^chip_book_value_usd .*<- fleets\.\*\.priority$/,
    why: "no two fleets wait for power in one month",
  },
  {
    pair: /^(buyer_cost_usd|npv_buyer_usd) <- fleets\.\*\.tenure$/,
    why: "none of these chips are the buyer's, nor would be",
  },
  {
    pair: /_compute_ms_per_token( .*)?<- chips\.\*\.fp4$|^decode_compute_ms.* <- chips\.\*\.fp4$/,
    why: "no model computes in FP4",
  },
  { pair: /^stranded_cost_usd <- fleets\.\*\.owner$/, why: "nothing of the fleet waits for power" },
  {
    pair: /^prefill_compute_ms_per_token <- workloads\.\*\.kind$/,
    why: "a training run, which alone looks there, has no prompts, and by another name still none",
  },
  {
    pair: /^binding <- workloads\.\*\.priority$/,
    why: "work stays unserved, whichever comes first",
  },
  { pair: /_chip_hours <- provider\.sunk|_pv_usd <- provider\.sunk/, why: "nothing of it is before `start`" },
  {
    pair: /^contract_.* <- contracts\.\*\.(escalation|start)$/,
    why: "a commitment of chip-hours is worth the rate of its first month, which has not grown yet",
  },
  {
    pair: /^loan_.* <- contracts\.\*\.escalation$/,
    why: "the contract that repays the loans is over before its rates grow",
  },
  {
    pair: /^contract_relief_usd <-/,
    why: "the contract of chip-hours extends its term, and so takes no relief off in money",
  },
  {
    pair: /^contract_.* <- contracts\.\*\.(shortfall_relief|terms)$/,
    why: "contracts with options are used in full",
  },
  {
    pair: /^contract_.* <- contracts\.\*\.capacity$/,
    why: "the price of power is for what is energised, whatever the contract names",
  },
  {
    pair: /^chip_cost_in_service_usd <- fleets/,
    why: "one kernel makes the cost and the book, which alone is written down",
  },
  {
    pair: /^facility_.*retrofit_cash_usd <- chips\.\*\.it_power$/,
    why: "replacement by power keeps the watts that a hall is refitted for",
  },
  { pair: /^held_chip_ms_per_token <-/, why: "idle state is kept in host memory" },
  {
    pair: /^training_runs_served <-/,
    why: "a run is served in full, so that its share of a month does not depend on its size",
  },
  { pair: /<- workloads\.\*\.min_chips$/, why: "the run holds more" },
];
