import { InternalError } from "../../diagnostics/diagnostic.ts";
import type { FieldSpec } from "../../scenario/fields/field.ts";
import { FIELDS } from "../../scenario/fields/index.ts";
import type { FieldValue, Scenario } from "../../scenario/scenario.ts";
import { DIMENSIONS } from "../../units/dimension.ts";

/** A chip at a site, which a program may buy. */
export type Candidate = {
  readonly chip: string;
  readonly site: string;
  /** Name of the new fleet. */
  readonly fleet: string;
  /** The fleet that supplies its other fields. */
  readonly template: string;
  /** Contracts that bill its hours, in order; none if no contract has a rate for the chip. */
  readonly contracts: readonly string[];
  /** Workloads that may run on it. */
  readonly workloads: readonly string[];
};

/** Key of the input for the landing month of candidates. */
export const LANDING = "optimize.landing_month";

/** Power that never binds [W]. */
const AMPLE = 1e18;

/** Fields of a fleet that a candidate sets itself, or that a program leaves out (`rulesLeftOut`). */
export const isOwnField = (field: string): boolean =>
  /^(chip|mix|by|site|size|basis|sized|title|replacement|procurement|funded_by)(\.|$)/.test(field) ||
  /^deliver\.(from|to|at|schedule|interpolate|shape|wait_for_power)$/.test(field);

/** The scenario without some of its fleets. */
export function withoutFleets(scenario: Scenario, fleets: readonly string[]): Scenario {
  const isGone = (path: string) => fleets.some((fleet) => path.startsWith(`fleets.${fleet}.`));
  return {
    ...scenario,
    fields: new Map([...scenario.fields].filter(([path]) => !isGone(path))),
    names: { ...scenario.names, fleets: scenario.names.fleets.filter((fleet) => !fleets.includes(fleet)) },
  };
}

/** Name of a candidate's own copy of a contract. */
export const contractCopy = (contract: string, { fleet }: Candidate): string => `${contract}@${fleet}`;

/** An amount that is never used up [SI units of money and of chip-hours]. */
const ENDLESS = 1e24;

/**
 * A contract that bills forever: its fields under another name, with a commitment that never runs out, no upfront payment
 * and no earlier use. Late deliveries of the provider count as relief.
 */
export function endlessContract(scenario: Scenario, contract: string, name: string): readonly FieldValue[] {
  const prefix = `contracts.${contract}.`;
  return [...scenario.fields.values()].flatMap((value): FieldValue[] => {
    if (!value.path.startsWith(prefix)) return [];
    const field = value.path.slice(prefix.length);
    // What is due by the month does not come with a chip, and conditions are on the plan as it is.
    if (/^(fee$|capacity_price\.|extension\.|termination\.)/.test(field)) return [];
    const path = `contracts.${name}.${field}`;
    const own = { ...value, path };
    if (field === "commitment") return [withNumber(own, ENDLESS)];
    if (field === "upfront" || field === "consumed_to_date") return [withNumber(own, 0)];
    if (field === "terms") return [{ ...own, choice: "take_or_pay" }];
    return [field === "shortfall_relief" ? { ...own, choice: "reduce" } : own];
  });
}

/** The value with a plain number [SI] as its expression. */
export function withNumber(value: FieldValue, number: number): FieldValue {
  if (!value.expr) return value;
  const { vector, span } = value.expr;
  const expr = { kind: "number", value: number, vector, isDate: false, binding: "constant", span } as const;
  // Its own line, because otherwise it would share the register of the line it replaces.
  return { ...value, expr, origin: originAt(value.path) };
}

/**
 * A scenario of unit fleets: one chip of each candidate, landing in the month of the input `LANDING`, with power that never
 * binds and contracts that never run out. Everything else comes from the candidate's template, including uncertain values.
 *
 * Fails: never, for chips and sites of the scenario.
 */
export function unitFleets(scenario: Scenario, candidates: readonly Candidate[], landing: number): Scenario {
  const bare = withoutFleets(scenario, scenario.names.fleets);
  // The floor of the buyer's cash would defer deliveries that the program decides on.
  const fields = new Map([...bare.fields].filter(([path]) => !path.startsWith("buyer.cash.")));
  for (const site of scenario.names.sites) {
    const path = `sites.${site}.power`;
    fields.set(path, from(landing, literal(path, "sites.*.power", AMPLE, "power")));
  }
  for (const candidate of candidates) {
    const { chip, site, fleet, template, contracts } = candidate;
    const own = `fleets.${fleet}.`;
    const prefix = `fleets.${template}.`;
    for (const value of scenario.fields.values()) {
      const field = value.path.startsWith(prefix) ? value.path.slice(prefix.length) : "mix";
      if (!isOwnField(field)) fields.set(own + field, { ...value, path: own + field });
    }
    fields.set(`${own}chip`, word(`${own}chip`, "fleets.*.chip", chip));
    fields.set(`${own}site`, word(`${own}site`, "fleets.*.site", site));
    fields.set(`${own}size`, literal(`${own}size`, "fleets.*.size", 1, "chips"));
    const at = literal(`${own}deliver.at`, "fleets.*.deliver.at", landing, "number");
    fields.set(at.path, {
      ...at,
      origin: { ...at.origin, declaredAt: LANDING },
      ...(at.expr ? { expr: { ...at.expr, isDate: true } } : {}),
    });
    const copies = contracts.map((contract) => contractCopy(contract, candidate));
    for (const [index, contract] of contracts.entries())
      for (const value of endlessContract(scenario, contract, copies[index])) fields.set(value.path, value);
    const drawn = word(`${own}procurement.contract`, "fleets.*.procurement.contract", "");
    if (copies.length > 0) fields.set(drawn.path, { ...drawn, texts: copies });
  }
  for (const workload of scenario.names.workloads) {
    const on = candidates.filter((candidate) => candidate.workloads.includes(workload));
    const path = `workloads.${workload}.fleets`;
    const texts = on.map(({ fleet }) => fleet);
    fields.set(path, { ...word(path, "workloads.*.fleets", ""), texts });
  }
  return {
    ...bare,
    fields,
    names: {
      ...bare.names,
      fleets: candidates.map(({ fleet }) => fleet).sort(),
      contracts: candidates
        .flatMap((candidate) => candidate.contracts.map((contract) => contractCopy(contract, candidate)))
        .sort(),
    },
  };
}

/** A value from a month on, as a table: power without dates would begin only at `start`. */
function from(month: number, value: FieldValue): FieldValue {
  const { expr } = value;
  if (!expr) return value;
  const points = [{ month, value: expr }];
  const { vector, span } = expr;
  const table = {
    kind: "table",
    points,
    interpolate: "step",
    before: "zero",
    vector,
    isDate: false,
    binding: "month",
    span,
  } as const;
  return { ...value, expr: table };
}

function specOf(pattern: string): FieldSpec {
  const spec = FIELDS.find(({ path }) => path === pattern);
  if (!spec) throw new InternalError(`there is no field ${pattern}`);
  return spec;
}

function originAt(path: string): FieldValue["origin"] {
  return { layer: "set", from: "optimize", declaredAt: path, overrode: [] };
}

function word(path: string, pattern: string, choice: string): FieldValue {
  return { path, spec: specOf(pattern), text: choice, choice, origin: originAt(path) };
}

/** A number in the SI unit of a dimension whose canonical unit is its SI unit. */
function literal(
  path: string,
  pattern: string,
  value: number,
  dimension: "power" | "chips" | "number",
): FieldValue {
  const { vector } = DIMENSIONS[dimension];
  const span = { file: "", line: 1, column: 1, length: 1 };
  const expr = { kind: "number", value, vector, isDate: false, binding: "constant", span } as const;
  const isDimensioned = dimension !== "number";
  return {
    path,
    spec: specOf(pattern),
    text: String(value),
    expr,
    ...(isDimensioned ? { dimension } : {}),
    origin: originAt(path),
  };
}
