/** Rows of the table of fields that no figure reads: names and texts, what is for information, what the loader puts in the place of other lines, and what other commands read. */
const NO_FIGURE =
  /title$|^(name|description|extends|allow|schema_version|start|years)$|^(let|overrides|scenarios|events|correlation|mixes|compare|sweep|optimize)\b|^chips\.\*\.(vendor|system|chip_power|rental_rate\b.*)$|^models\.\*\.context$|^workloads\.\*\.min_duration$|^stacks\.\*\.points$|\.like$/;

/** Whether no figure reads a row of the table of fields. */
export function isOfNoFigure(path: string): boolean {
  return NO_FIGURE.test(path);
}

/** Why a line changes none of the figures that read it themselves; `pair` matches `METRIC <- ROW`. */
export const REASONS: readonly { readonly pair: RegExp; readonly why: string }[] = [
  {
    pair: /<- (sites|workloads|fleets)\.\S+interpolate$/,
    why: "the loader has put it into the table that it speaks of",
  },
  { pair: /<- fleets\.\*\.sized$/, why: "in a plain run every value stands at its median" },
  {
    pair: /^(chips?_\w+|stranded_cost_usd|binding) <- (chips|fleets|sites|financing|buyer)\./,
    why: "one kernel makes all counts of a site's chips, and one the book: this figure stays as it is in these scenarios",
  },
  {
    pair: /^facility_\w+ <- sites\.\*\.(book_life|build_time)$/,
    why: "one kernel makes the cash and the book of a facility, which read different lengths",
  },
  {
    pair: /^contract_\w+ <- (contracts|fleets|financing)\./,
    why: "one kernel settles all contracts, and one month or the other side of a limit does not move this figure",
  },
  {
    pair: /^(replica_\w+|job_size_chips|assigned_\w+|demand_\w+|binding) <- (workloads|chips)\./,
    why: "one kernel finds a copy and one assigns chips: what does not bind does not move this figure",
  },
  {
    pair: /<- workloads\.\*\.fleets$/,
    why: "a workload on a part is looked up among the pairs of all workloads",
  },
  {
    pair: /<- fleets\.\*\.site$/,
    why: "the scenario of demand has one site",
  },
];
