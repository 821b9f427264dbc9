import { nearest } from "../../diagnostics/nearest.ts";
import { ownersOf, STATE_METRICS, type StateOwner } from "../../metrics/states.ts";
import { DIMENSIONS, type DimensionName, type DimensionVector } from "../../units/dimension.ts";

/** Dimensions of metrics, by display unit. */
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
  "1": "fraction",
  TB: "memory",
  "billion tokens": "tokens",
  "USD/million tokens": "price_per_token",
  "USD/run": "money",
  runs: "number",
  sessions: "sessions",
};

/** Dotted names that a condition may read, with their dimensions. */
export type StateNames = {
  readonly lookup: (name: string) => DimensionVector | undefined;
  readonly near: (name: string) => readonly string[];
};

/** The state names of a scenario with these fleets, sites and workloads; demand states exist only with workloads. */
export function stateNamesOf(names: {
  readonly fleets: readonly string[];
  readonly sites: readonly string[];
  readonly workloads: readonly string[];
}): StateNames {
  const known = [...STATE_METRICS].filter(
    ([, { group, unit }]) =>
      Object.hasOwn(DIMENSION_OF_UNIT, unit) && (group !== "demand" || names.workloads.length > 0),
  );
  const owners = [
    "total",
    ...(["fleets", "sites", "workloads"] as const).flatMap((kind) =>
      names[kind].map((name) => `${kind}.${name}`),
    ),
  ];
  const metricsOf = (owner: string) =>
    known.flatMap(([name, metric]) => (ownersOf(metric).includes(kindOf(owner)) ? [name] : []));
  return {
    lookup(name) {
      const [owner, metric] = splitState(name);
      const isKnown = owners.includes(owner) && metricsOf(owner).includes(metric);
      return isKnown ? DIMENSIONS[stateDimension(metric)].vector : undefined;
    },
    near(name) {
      const [owner, metric] = splitState(name);
      const owned = owners.includes(owner) ? [owner] : nearest(owner, owners, 3);
      return owned
        .flatMap((one) => {
          const own = metricsOf(one);
          const metrics = own.includes(metric) ? [metric] : nearest(metric, own, 3);
          return metrics.map((other) => `${one}.${other}`);
        })
        .slice(0, 5);
    },
  };
}

/** The kind of a name's owner: `workloads` for `workloads.chatgpt`. */
function kindOf(owner: string): StateOwner {
  return owner.split(".")[0] as StateOwner;
}

/** The dimension of a state metric. */
export function stateDimension(metric: string): DimensionName {
  return DIMENSION_OF_UNIT[STATE_METRICS.get(metric)?.unit ?? ""] ?? "number";
}

/** Splits `fleets.trainium.facility_power` into the metric `facility_power` and its owner `fleets.trainium`. */
export function splitState(name: string): readonly [owner: string, metric: string] {
  const at = name.lastIndexOf(".");
  return [name.slice(0, at), name.slice(at + 1)];
}
