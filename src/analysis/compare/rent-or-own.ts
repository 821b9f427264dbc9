import type { Statistics } from "../../engine/index.ts";
import type { Table } from "../../metrics/table.ts";
import { findColumn, type Results } from "../results/results.ts";
import { type ColumnOf, numbers, tableOf, words } from "../tables/table-of.ts";
import { PAIRED_PROBABILITIES } from "./paired.ts";
import { isBelow } from "./pareto.ts";
import { summariseValues } from "./summarise-values.ts";

/** Figures of a scenario that rents, kept for every trial beside those that all scenarios have. */
export const RENT_FIGURES = ["chip_rent_pv_usd", "rent_discounted_chip_hours"] as const;

const COST = "cost_provider_pv_usd";
const RESIDUAL = "provider_residual_pv_usd";

/** A scenario of a comparison as far as renting or owning goes. */
type Run = { readonly name: string; readonly results: Results };

/** The first scenario that rents beside the first that does not, or the other way round. */
export type RentOrOwn = {
  /** Their places in the comparison. */
  readonly own: number;
  readonly rent: number;
  /** Present value of all cost less that of the residual value [USD]. */
  readonly ownCost: number;
  readonly rentCost: number;
  /** The flat rent that costs what is paid, and the one at which both cost the same [USD per chip and hour]. */
  readonly rate: number;
  readonly breakEven: number;
  /** Owed for rented chips behind the horizon, in which nothing of it counts [USD]. */
  readonly owedLater: number;
  readonly sampled?: SampledRentOrOwn | undefined;
};

/** What a sample says: the break-even rent, and the share of trials in which each is cheaper. */
export type SampledRentOrOwn = {
  readonly breakEven: Statistics;
  readonly ownCheaper: number;
  readonly rentCheaper: number;
};

/** Places of the two scenarios; undefined unless one rents and one does not. */
export function placesOf(runs: readonly Run[]): { readonly own: number; readonly rent: number } | undefined {
  const rents = runs.map(({ results }) => scalar(results, RENT_FIGURES[1]) > 0);
  const [own, rent] = [rents.indexOf(false), rents.indexOf(true)];
  return own < 0 || rent < 0 ? undefined : { own, rent };
}

/**
 * Rent or own, at medians: docs/model.md section 9.5. What is paid for rent is linear in a flat rent, so
 * break-even = (net cost of owning - (net cost of renting - rent)) / discounted chip-hours of rent.
 *
 * Fails: never; undefined where nothing is rented, or everything is.
 */
export function findRentOrOwn(
  runs: readonly Run[],
  sampled?: SampledRentOrOwn | undefined,
): RentOrOwn | undefined {
  const places = placesOf(runs);
  if (!places) return undefined;
  const [own, rent] = [runs[places.own].results, runs[places.rent].results];
  const [rentPv, hours] = RENT_FIGURES.map((name) => scalar(rent, name));
  const [ownCost, rentCost] = [own, rent].map((results) => scalar(results, COST) - scalar(results, RESIDUAL));
  const owed = findColumn(rent, "total", "chip_hire_obligation_usd");
  return {
    ...places,
    ownCost,
    rentCost,
    rate: rentPv / hours,
    breakEven: (ownCost - (rentCost - rentPv)) / hours,
    owedLater: owed?.[rent.monthCount - 1] ?? 0,
    sampled,
  };
}

/** A figure of one scenario in every trial. */
export type TrialsOf = (run: number, figure: string) => Float64Array;

/** The same in every trial, with the same draws for both. Fails: never. Cost: trials. */
export function sampleRentOrOwn(
  { own, rent }: { readonly own: number; readonly rent: number },
  trialsOf: TrialsOf,
): SampledRentOrOwn {
  const [cost, residual] = [COST, RESIDUAL].map((name) => [own, rent].map((run) => trialsOf(run, name)));
  const [rentPv, hours] = RENT_FIGURES.map((name) => trialsOf(rent, name));
  const trials = rentPv.length;
  const breakEven = new Float64Array(trials);
  let [ownCheaper, rentCheaper] = [0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const [ownCost, rentCost] = [0, 1].map((which) => cost[which][trial] - residual[which][trial]);
    breakEven[trial] = (ownCost - (rentCost - rentPv[trial])) / hours[trial];
    if (isBelow(ownCost, rentCost)) ownCheaper++;
    if (isBelow(rentCost, ownCost)) rentCheaper++;
  }
  return {
    breakEven: summariseValues(breakEven, PAIRED_PROBABILITIES),
    ownCheaper: ownCheaper / Math.max(1, trials),
    rentCheaper: rentCheaper / Math.max(1, trials),
  };
}

/** Rent or own as a table of one row: rent_or_own.csv. */
export function makeRentOrOwnTable(found: RentOrOwn, names: readonly string[]): Table {
  const { sampled } = found;
  const rate = "USD/chip-hour";
  return tableOf(
    "rent_or_own",
    "Renting against owning: present values, the break-even rent, and the chance that each is cheaper.",
    ["own", "rent"],
    [found],
    [
      words("own", "Scenario that owns the chips.", ({ own }) => names[own]),
      words("rent", "Scenario that rents them.", ({ rent }) => names[rent]),
      numbers(
        "own_cost_pv_usd",
        "USD",
        "Present value of the first's cost less its residual value, at medians.",
        ({ ownCost }) => ownCost,
      ),
      numbers(
        "rent_cost_pv_usd",
        "USD",
        "Present value of the second's cost less its residual value, at medians.",
        ({ rentCost }) => rentCost,
      ),
      numbers("rent_usd_per_chip_hour", rate, "The flat rent that costs what is paid.", (one) => one.rate),
      numbers(
        "break_even_usd_per_chip_hour",
        rate,
        "The flat rent at which both cost the same, at medians.",
        ({ breakEven }) => breakEven,
      ),
      numbers(
        "owed_after_horizon_usd",
        "USD",
        "Owed for rented chips behind the horizon, in none of these figures.",
        ({ owedLater }) => owedLater,
      ),
      ...(sampled ? sampledColumns(sampled) : []),
    ],
  );
}

function sampledColumns({
  breakEven,
  ownCheaper,
  rentCheaper,
}: SampledRentOrOwn): readonly ColumnOf<RentOrOwn>[] {
  return [
    ...PAIRED_PROBABILITIES.map((probability, index) =>
      numbers(
        `break_even_usd_per_chip_hour_p${probability * 100}`,
        "USD/chip-hour",
        `Order statistic at ${probability * 100} % of trials of the break-even rent.`,
        () => breakEven.quantiles[index],
      ),
    ),
    numbers("own_cheaper_probability", "1", "Share of trials in which owning is cheaper.", () => ownCheaper),
    numbers(
      "rent_cheaper_probability",
      "1",
      "Share of trials in which renting is cheaper.",
      () => rentCheaper,
    ),
  ];
}

function scalar(results: Results, name: string): number {
  return findColumn(results, "run", name)?.[0] ?? 0;
}
