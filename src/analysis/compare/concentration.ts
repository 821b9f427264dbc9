import { findColumn } from "../results/results.ts";
import type { ComparedRun } from "./comparison.ts";

/** The dimensions of a plan's concentration. */
export type Dependence = "vendor" | "site" | "contract";

/** One name's share in the plan's power and compute over the horizon, and the concentration over all names. */
export type Concentration = {
  readonly by: Dependence;
  readonly name: string;
  /** NaN where there is nothing to have a share of, as the rest. */
  readonly powerShare: number;
  readonly computeShare: number;
  /** Sum of squared shares; 1 if everything belongs to one name. */
  readonly powerHhi: number;
  readonly computeHhi: number;
};

const NONE = "none";

/**
 * Shares by vendor, site and, if fleets have one, contract: of facility power drawn and of effective FP4, summed over the
 * months of the horizon.
 *
 * Fails: never. Shares add to 1, or are 0 if nothing is drawn.
 */
export function measureConcentration({ scenario, results }: ComparedRun): readonly Concentration[] {
  const contractOf = (fleet: string) => {
    const field = scenario.fields.get(`fleets.${fleet}.procurement.contract`);
    return field?.choice ?? field?.texts?.[0] ?? NONE;
  };
  const weights = results.parts.map((part) => ({
    vendor: vendorOf(scenario, part.chip),
    site: part.site,
    contract: contractOf(part.fleet),
    power: sumOf(findColumn(results, "part", "facility_power_mw", part.key)),
    compute: sumOf(findColumn(results, "part", "effective_fp4_eflops", part.key)),
  }));
  const hasContracts = weights.some(({ contract }) => contract !== NONE);
  const kinds: readonly Dependence[] = hasContracts ? ["vendor", "site", "contract"] : ["vendor", "site"];
  return kinds.flatMap((by) => {
    const names = [...new Set(weights.map((weight) => weight[by]))].sort();
    const sharesOf = (measure: "power" | "compute") => {
      const total = weights.reduce((sum, weight) => sum + weight[measure], 0);
      return names.map((name) => {
        const own = weights.reduce((sum, weight) => sum + (weight[by] === name ? weight[measure] : 0), 0);
        return total === 0 ? Number.NaN : own / total;
      });
    };
    const [power, compute] = [sharesOf("power"), sharesOf("compute")];
    return names.map((name, index) => ({
      by,
      name,
      powerShare: power[index],
      computeShare: compute[index],
      powerHhi: squares(power),
      computeHhi: squares(compute),
    }));
  });
}

/** The vendor of a chip; the name of the chip where none is stated. */
export function vendorOf({ fields }: ComparedRun["scenario"], chip: string): string {
  return fields.get(`chips.${chip}.vendor`)?.choice ?? chip;
}

function sumOf(values: Float64Array | undefined): number {
  return values?.reduce((sum, value) => sum + value, 0) ?? 0;
}

function squares(shares: readonly number[]): number {
  return shares.reduce((sum, share) => sum + share * share, 0);
}
