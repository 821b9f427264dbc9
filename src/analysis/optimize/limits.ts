/** The kinds of limits that rows of a program express, in words of the scenario. */
export type Limit = {
  readonly kind:
    | "power"
    | "supply"
    | "chip_supply"
    | "budget"
    | "cost"
    | "min_share"
    | "max_share"
    | "vendor_spend"
    | "commitment"
    | "serve";
  /** Site, chip, vendor, contract or workload; empty for a limit of the whole. */
  readonly name: string;
  /** Month, quarter, year or fulfilment interval; empty for a limit of the whole horizon. */
  readonly period: string;
  readonly row: number;
  /** Display unit of the bound, and the program's units per display unit. */
  readonly unit: string;
  readonly scale: number;
};

/** Adds a row to a program, with the limit it expresses. */
export type AddLimit = (
  limit: Omit<Limit, "row">,
  entries: Iterable<readonly [column: number, value: number]>,
  lower: number,
  upper: number,
) => void;

/**
 * Units of a program: megawatts bought, EFLOP/s, million USD, thousand chips; they keep figures near 1, which solvers
 * prefer.
 */
export const [MILLION, THOUSAND] = [1e6, 1e3];

/**
 * Limits in words: those with the same kind and name together, with the first and the last period.
 *
 * Fails: never.
 */
export function describeLimits(limits: readonly Limit[]): readonly string[] {
  return groupLimits(limits).map((group) => {
    const periods = group.map(({ period }) => period).sort();
    const [first = "", last = ""] = [periods[0], periods.at(-1)];
    const when =
      first === ""
        ? ""
        : first === last
          ? ` in ${first}`
          : ` in ${group.length} periods from ${first} to ${last}`;
    return `${subjectOf(group[0])}${when}`;
  });
}

/** Groups limits by kind and name, in their order. */
export function groupLimits(limits: readonly Limit[]): readonly (readonly Limit[])[] {
  const groups = new Map<string, Limit[]>();
  for (const limit of limits) {
    const key = `${limit.kind} ${limit.name}`;
    groups.set(key, [...(groups.get(key) ?? []), limit]);
  }
  return [...groups.values()];
}

/** A limit as the subject of a sentence. */
export function subjectOf({ kind, name }: Limit): string {
  switch (kind) {
    case "power":
      return `power of \`sites.${name}\``;
    case "supply":
      return "required supply";
    case "cost":
      return "the budget of `--budget`";
    case "budget":
      return "`optimize.budget`";
    case "serve":
      return `the demand of \`workloads.${name}\``;
    case "commitment":
      return `the commitment of \`contracts.${name}\``;
    default:
      return `\`optimize.${kind}.${name}\``;
  }
}
