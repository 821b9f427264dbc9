import { nearest } from "../diagnostics/nearest.ts";
import { STATE_METRICS } from "../metrics/states.ts";
import { DIMENSIONS, type DimensionName, type DimensionVector } from "../units/dimension.ts";

/** Dimensions of metrics by the unit they are shown in. */
const DIMENSION_OF_UNIT: Readonly<Record<string, DimensionName>> = {
  chips: "chips",
  "chip-hours": "chip_hours",
  H100e: "number",
  MW: "power",
  GWh: "energy",
  "EFLOP/s": "flop_rate",
  YFLOP: "flop",
  PB: "memory",
  "PB/s": "bandwidth",
  USD: "money",
};

/** Dotted names that a condition may read, with what they measure. */
export type StateNames = {
  readonly lookup: (name: string) => DimensionVector | undefined;
  readonly near: (name: string) => readonly string[];
};

/** The state names of a scenario with these fleets, sites and workloads; what is of demand exists where there is some. */
export function stateNamesOf(names: {
  readonly fleets: readonly string[];
  readonly sites: readonly string[];
  readonly workloads: readonly string[];
}): StateNames {
  const known = [...STATE_METRICS].filter(
    ([, { group }]) => group !== "demand" || names.workloads.length > 0,
  );
  const readable = new Set(known.map(([name]) => name));
  const owners = [
    "total",
    ...names.fleets.map((name) => `fleets.${name}`),
    ...names.sites.map((name) => `sites.${name}`),
  ];
  return {
    lookup(name) {
      const [owner, metric] = splitState(name);
      const isKnown = owners.includes(owner) && readable.has(metric);
      return isKnown ? DIMENSIONS[stateDimension(metric)].vector : undefined;
    },
    near(name) {
      const [owner, metric] = splitState(name);
      const owned = owners.includes(owner) ? [owner] : nearest(owner, owners, 3);
      const metrics = readable.has(metric) ? [metric] : nearest(metric, [...readable], 3);
      return owned.flatMap((one) => metrics.map((other) => `${one}.${other}`)).slice(0, 5);
    },
  };
}

/** What a metric of the state measures. */
export function stateDimension(metric: string): DimensionName {
  return DIMENSION_OF_UNIT[STATE_METRICS.get(metric)?.unit ?? ""] ?? "number";
}

/** `fleets.trainium.facility_power` is the metric `facility_power` of `fleets.trainium`. */
export function splitState(name: string): readonly [owner: string, metric: string] {
  const at = name.lastIndexOf(".");
  return [name.slice(0, at), name.slice(at + 1)];
}
