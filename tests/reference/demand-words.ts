import { entitySourceOf } from "../../src/compile/entities.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { type DemandResult, simulateDemand } from "./reference-demand.ts";
import type { ReferenceInput } from "./reference-input.ts";

/** What binds by the referee, by part, site and for the whole. */
export type BindingWords = {
  readonly part: ReadonlyMap<string, { readonly binding: readonly string[] }>;
  readonly site: ReadonlyMap<string, { readonly binding: readonly string[] }>;
  readonly total: { readonly binding: readonly string[] };
};

/** The referee of demand on a scenario, on productive chips by part and reported month. */
export function simulateDemandOf(
  scenario: Scenario,
  input: ReferenceInput,
  productive: (part: string) => ArrayLike<number>,
): DemandResult {
  const { parts, workloads } = entitySourceOf(scenario);
  return simulateDemand(
    input,
    workloads.map(({ name }) => ({
      name,
      fleets: scenario.fields.get(`workloads.${name}.fleets`)?.texts ?? scenario.names.fleets,
    })),
    parts.map((part) => ({ ...part, productive: productive(part.key) })),
  );
}

/** Where nothing of supply binds, what demand says (docs/model.md section 15.7). */
export function addDemandWords(scenario: Scenario, supply: BindingWords, demand: DemandResult): BindingWords {
  const { parts, workloads } = entitySourceOf(scenario);
  const orElse = (words: readonly string[], other: (month: number) => string | undefined) => ({
    binding: words.map((word, month) => (word === "none" ? (other(month) ?? "none") : word)),
  });
  const part = new Map(
    [...supply.part].map(([key, { binding }]) => [
      key,
      orElse(binding, (month) => demand.parts.get(key)?.[month]?.word),
    ]),
  );
  const site = new Map(
    [...supply.site].map(([name, { binding }]) => {
      const here = parts.filter((each) => each.site === name).map(({ key }) => demand.parts.get(key));
      const first = (month: number) =>
        here
          .flatMap((rows) => rows?.[month] ?? [])
          .reduce<{ rank: number; word: string } | undefined>(
            (best, next) => (best && best.rank <= next.rank ? best : next),
            undefined,
          );
      return [name, orElse(binding, (month) => first(month)?.word)];
    }),
  );
  const short = (month: number) =>
    workloads.map(({ name }) => demand.works.get(name)?.bound[month]).find((word) => word !== "none");
  return { part, site, total: orElse(supply.total.binding, short) };
}
