/** One chip, one site, one fleet, everything free of charge and without limit unless a test says otherwise. */

import { compile } from "../../src/compile/compile.ts";
import { plainInputs } from "../../src/engine/index.ts";
import { simulateColumns } from "../reference/compare.ts";
import { loaded } from "../scenario/load-files.ts";

export type TinyParts = {
  readonly years?: number;
  /** Lines `key: value` in YAML flow, such as `price: 100 USD`. */
  readonly provider?: string;
  readonly chip?: string;
  readonly site?: string;
  readonly fleet?: string;
};

/** A scenario from January 2027 on; what a part says replaces its defaults. */
export function tinyText({ years = 1, provider = "", chip = "", site = "", fleet = "" }: TinyParts): string {
  return `
schema_version: 1
start: 2027-01
years: ${years}
provider: { ${provider} }
defaults:
  chips: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 0 USD, network: 0 USD, lead: 0 months, available_from: 2010-01 }
  sites: { power: { 2010-01: 1 GW }, pue: 1, pue_design: 1, electricity: 0 USD/MWh, facility: 0 USD/W }
  fleets: { chip: tiny, site: hall, size: 1000 chips, deliver: { at: 2027-01 }, life: 40 years }
chips: { tiny: { ${chip} } }
sites: { hall: { ${site} } }
fleets: { first: { ${fleet} } }
`;
}

/** The plain run: a function from a metric of the fleet, else of the site, the whole or the run, to its months. */
export function runTiny(parts: TinyParts): (metric: string) => Float64Array {
  const plan = compile(loaded(tinyText(parts), { catalog: [] }));
  const [columns] = simulateColumns(plan, plainInputs(plan), 1);
  return (metric) => {
    for (const level of ["part first/tiny", "site hall", "total ", "run "]) {
      const column = columns.get(`${level} ${metric}`);
      if (column) return column;
    }
    throw new Error(`there is no ${metric}`);
  };
}
