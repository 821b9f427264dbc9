/** Random scenarios as data: trees of texts that are a scenario file once written as JSON, which is YAML too. */

import fc from "fast-check";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { loaded } from "../scenario/load-files.ts";

/** A scenario file as a tree; every value is its text, as a user would write it. */
export type Draft = { readonly [key: string]: Draft | string };

/** One seed for all properties, printed where one fails: `FUZZ_SEED=7 FUZZ_RUNS=1000` looks elsewhere. */
export const SEED = Number(process.env.FUZZ_SEED ?? 20270101);
const RUNS = Number(process.env.FUZZ_RUNS ?? 0);

/** Parameters of a property, `usual` runs of it unless the environment says more. */
export function runs(usual: number) {
  // Making a counterexample small takes long; after a while the one found so far will do.
  return { seed: SEED, numRuns: RUNS || usual, interruptAfterTimeLimit: 150_000 };
}

/** First month reported in every random scenario: January 2027. */
const START = 2027 * 12;

/** The month `offset` months from the start, as it is written. */
export function monthAt(offset: number): string {
  const absolute = START + offset;
  return `${Math.floor(absolute / 12)}-${String((absolute % 12) + 1).padStart(2, "0")}`;
}

export function draftText(draft: Draft): string {
  // The pairs of a curve are lists, where all other values are texts.
  return JSON.stringify(draft, null, 1).replace(/"(\[\[[^"]*\]\])"/g, "$1");
}

/** The scenario of a draft; an error that shows the faults where it has some. */
export function loadDraft(draft: Draft): Scenario {
  return loaded(draftText(draft), { catalog: [] });
}

const CHIPS = ["a", "b", "c"] as const;

const months = (from: number, to: number) => fc.integer({ min: from, max: to });
const duration = (from: number, to: number) => months(from, to).map((count) => `${count} months`);
const date = (from: number, to: number) => months(from, to).map(monthAt);
const percent = (from: number, to: number) =>
  fc.integer({ min: from * 10, max: to * 10 }).map((tenths) => `${tenths / 10} %`);
const amount = (from: number, to: number, unit: string) =>
  fc.integer({ min: from, max: to }).map((count) => `${count} ${unit}`);

/** A table of one to four months in order. */
function table(value: fc.Arbitrary<string>, from: number, to: number): fc.Arbitrary<Draft> {
  return fc
    .uniqueArray(fc.tuple(months(from, to), value), { minLength: 1, maxLength: 4, selector: ([at]) => at })
    .map((rows) =>
      Object.fromEntries(rows.sort(([x], [y]) => x - y).map(([at, text]) => [monthAt(at), text])),
    );
}

/** Keeps the keys that are drawn: `undefined` leaves a field out. */
function record(
  fields: Readonly<Record<string, fc.Arbitrary<Draft | string | undefined>>>,
): fc.Arbitrary<Draft> {
  return fc
    .record(fields)
    .map(
      (drawn) =>
        Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)) as Draft,
    );
}

/** The field in one of `outOf` scenarios, else left out. */
export function sometimes<T>(value: fc.Arbitrary<T>, outOf = 2): fc.Arbitrary<T | undefined> {
  // Not `fc.option`, whose `freq: 1` never draws the value.
  return fc.integer({ min: 1, max: outOf }).chain((n) => (n === 1 ? value : fc.constant(undefined)));
}

const chip = record({
  fp4: sometimes(amount(1, 20, "PFLOPS")),
  fp8: sometimes(amount(1, 9, "PFLOPS")),
  bf16: amount(500, 3000, "TFLOPS"),
  hbm: amount(80, 500, "GB"),
  hbm_bandwidth: amount(2, 20, "TB/s"),
  it_power: amount(400, 3000, "W"),
  price: fc.oneof(
    amount(100, 60_000, "USD"),
    table(amount(100, 60_000, "USD"), -12, 24),
    amount(100, 60_000, "USD").map((value) => ({ value, currency_year: "2025" })),
  ),
  network: fc.oneof(amount(0, 9000, "USD"), table(amount(0, 9000, "USD"), -12, 24)),
  lead: duration(0, 9),
  available_from: date(-18, 9),
  slip: sometimes(duration(0, 8)),
  failure_rate: sometimes(percent(0, 70)),
  interruption_rate: sometimes(fc.integer({ min: 0, max: 20 }).map((tenths) => `${tenths / 10} / year`)),
  availability: sometimes(percent(50, 100)),
  mfu: record({
    training: record({ fp4: percent(1, 60), fp8: percent(1, 60), bf16: percent(1, 60) }),
    inference: record({ fp4: percent(1, 60), bf16: percent(1, 60) }),
  }),
});

const ownership = fc.oneof(
  record({
    tenure: sometimes(fc.constant("owned")),
    facility: fc.oneof(amount(1, 20, "USD/W"), table(amount(1, 20, "USD/W"), -20, 20)),
    build_time: sometimes(duration(1, 24)),
    book_life: sometimes(duration(1, 60)),
    economic_life: sometimes(duration(1, 60)),
    residual_haircut: sometimes(percent(0, 100)),
    maintenance: sometimes(percent(0, 20)),
  }),
  record({
    tenure: fc.constant("leased"),
    lease: amount(1, 300, "USD/(kW month)"),
    lease_growth: sometimes(percent(-10, 20)),
  }),
);

const site = fc
  .tuple(
    ownership,
    record({
      power: fc.oneof(
        { weight: 3, arbitrary: table(amount(0, 900, "kW"), -12, 24) },
        { weight: 1, arbitrary: amount(0, 900, "kW") },
      ),
      interpolate: sometimes(fc.constantFrom("step", "linear"), 3),
      delay: sometimes(duration(0, 9)),
      pue: fc.oneof(
        fc.integer({ min: 100, max: 180 }).map((value) => String(value / 100)),
        table(
          fc.integer({ min: 100, max: 180 }).map((value) => String(value / 100)),
          -6,
          24,
        ),
      ),
      pue_design: fc.integer({ min: 100, max: 180 }).map((value) => String(value / 100)),
      electricity: amount(10, 200, "USD/MWh"),
      electricity_growth: sometimes(percent(-10, 20)),
      staff: sometimes(amount(1, 100, "USD/(kW year)")),
    }),
  )
  .map(([tenure, rest]) => ({ ...rest, ...tenure }));

const schedule = table(fc.integer({ min: 0, max: 100 }).map(String), -12, 22).map((rows) => {
  // Cumulative shares never fall, and something lands at last.
  const shares = Object.values(rows)
    .map(Number)
    .sort((x, y) => x - y);
  shares[shares.length - 1] = Math.max(1, shares.at(-1) ?? 0);
  return Object.fromEntries(Object.keys(rows).map((at, index) => [at, `${shares[index]} %`]));
});

const timing: fc.Arbitrary<Draft> = fc.oneof(
  record({ at: date(-12, 20) }),
  fc
    .tuple(months(-12, 18), months(0, 14), fc.constantFrom("linear", "s_curve"))
    .map(([from, length, shape]) => ({ from: monthAt(from), to: monthAt(from + length), shape })),
  record({ schedule, interpolate: sometimes(fc.constantFrom("step", "linear")) }),
);

function deliveryOf(waits: boolean): fc.Arbitrary<Draft> {
  return fc
    .tuple(
      timing,
      record({
        delay: sometimes(duration(0, 7)),
        wait_for_power: waits ? sometimes(duration(0, 6)) : fc.constant(undefined),
      }),
    )
    .map(([when, rest]) => ({ ...when, ...rest }));
}

/** What a random scenario may contain. */
export type Options = {
  readonly fleets?: number;
  readonly sites?: number;
  readonly waits?: boolean;
  readonly replacement?: boolean;
  /** Whether chips may fail for good or retire within the window. */
  readonly losses?: boolean;
};

function mixOf(waits: boolean): fc.Arbitrary<Draft> {
  return fc
    .record({
      chips: fc.uniqueArray(fc.constantFrom(...CHIPS), { minLength: 2, maxLength: 3 }),
      shares: fc.tuple(fc.integer({ min: 1, max: 49 }), fc.integer({ min: 1, max: 49 })),
      rest: fc.boolean(),
      deliver: fc.tuple(sometimes(deliveryOf(waits), 3), sometimes(deliveryOf(waits), 3)),
    })
    .map(({ chips, shares, rest, deliver }) => {
      const given = shares.slice(0, chips.length - 1);
      const left = 100 - given.reduce((sum, share) => sum + share, 0);
      const all = [...given.map((share) => `${share} %`), rest ? "rest" : `${left} %`];
      return Object.fromEntries(
        chips.map((name, index) => {
          const own = deliver[index];
          return [name, own ? { share: all[index], deliver: own } : all[index]];
        }),
      );
    });
}

function fleetOf(siteNames: readonly string[], { waits = true, replacement = true, losses = true }: Options) {
  const chips = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...CHIPS).map((name): Draft => ({ chip: name })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(mixOf(waits), fc.constantFrom("power", "chips", "spend"))
        .map(([mix, by]): Draft => ({ mix, by })),
    },
  );
  const life = losses ? fc.oneof(months(2, 12), months(2, 60)) : fc.constant(600);
  const succession = fc
    .tuple(
      life,
      fc.constantFrom(...CHIPS),
      fc.constantFrom("power", "chips", "spend"),
      months(0, 6),
      fc.boolean(),
    )
    .map(([lasts, successor, basis, lead, isReplaced]): Draft => {
      const own = { life: `${lasts} months` };
      if (!replacement || !isReplaced) return own;
      return { ...own, replacement: { with: successor, basis, lead: `${Math.min(lead, lasts - 1)} months` } };
    });
  const rest = record({
    site: fc.constantFrom(...siteNames),
    size: fc.oneof(amount(1, 400, "chips"), amount(1, 600, "kW"), amount(10, 9000, "thousand USD")),
    basis: fc.constantFrom("facility", "it"),
    sized: fc.constantFrom("each_trial", "once"),
    priority: sometimes(fc.integer({ min: 1, max: 3 }).map(String)),
    deliver: deliveryOf(waits),
    commissioning: sometimes(duration(0, 8)),
    book_life: sometimes(fc.oneof(duration(1, 12), duration(1, 60))),
    economic_life: sometimes(fc.oneof(duration(1, 12), duration(1, 60))),
    residual_haircut: sometimes(percent(0, 100)),
    spares: losses ? sometimes(fc.constantFrom("none", "replace")) : fc.constant("replace"),
    load_factor: sometimes(fc.oneof(percent(0, 100), table(percent(0, 100), -6, 20))),
    scheduling_goodput: sometimes(percent(10, 100)),
    job_chips: sometimes(amount(1, 20_000, "chips")),
    recovery: sometimes(amount(1, 90, "minutes")),
    maintenance: sometimes(percent(0, 20)),
    pay_on_order: sometimes(percent(0, 100)),
  });
  return fc
    .tuple(chips, succession, rest)
    .map(([what, until, how]): Draft => ({ ...what, ...until, ...how }));
}

/** A scenario whose sites pay for power beside energy, each another price and least share; nothing new is drawn. */
export function withDemandCharges(draft: Draft): Draft {
  const sites = Object.entries(draft.sites).map(([name, site], index) => {
    const charge = { demand_charge: `${5 + 3 * index} USD/(kW month)`, demand_minimum: `${30 * index} %` };
    return [name, { ...(site as Draft), ...charge }];
  });
  return { ...draft, sites: Object.fromEntries(sites) };
}

/**
 * A scenario some of whose fleets others own: of every four one leases to return, one rents, one leases to buy or to go on.
 * Fleets whose number of chips depends on their price stay owned; nothing new is drawn.
 */
export function withHires(draft: Draft): Draft {
  const fleets = Object.entries(draft.fleets).map(([name, fleet], index): [string, Draft] => {
    const { site, spares: _spares, ...rest } = fleet as Draft;
    const isPriced = rest.by === "spend" || String(rest.size).includes("USD");
    const life = Number(String(rest.life).split(" ")[0]);
    if (isPriced || index % 4 === 3 || life < 2) return [name, fleet as Draft];
    const { replacement } = rest;
    const lead = typeof replacement === "object" ? Number(String(replacement.lead).split(" ")[0]) : 0;
    const term = `${Math.max(lead + 1, Math.floor(life / 2))} months`;
    const rates = { [monthAt(-6)]: `${20 + index} USD/chip/month`, [monthAt(7)]: "35 USD/chip/month" };
    const lease = { ...rest, site, tenure: "leased", lease: rates, lease_term: term };
    if (index % 4 === 0) return [name, lease];
    if (index % 4 === 2 && lead + 1 < life)
      return lead % 2 === 0
        ? [name, { ...lease, lease_end: "buy", lease_buyout: "15 %" }]
        : [name, { ...lease, lease_end: "extend", lease_extension: "9 USD/chip/month" }];
    const rents = { [monthAt(-6)]: "1.5 USD/chip/hour", [monthAt(9)]: "2 USD/chip/hour" };
    const rent = { tenure: "rented", rent: rents, rent_term: term, rent_minimum: "60 %", deposit: "30 %" };
    return [name, { ...rest, ...rent }];
  });
  return { ...draft, fleets: Object.fromEntries(fleets) };
}

/** When a delivery has begun for sure: the first dates of a schedule may deliver nothing. */
function lastBeginOf({ from, at, schedule }: Draft): string {
  const dates = Object.keys((schedule ?? {}) as Draft).sort();
  return String(from ?? at ?? dates.at(-1) ?? "");
}

/** A scenario in which every third fleet retires as a whole, where its delivery has begun and nothing replaces it; nothing new is drawn. */
export function withRetirements(draft: Draft): Draft {
  const fleets = Object.entries(draft.fleets).map(([name, fleet], index): [string, Draft] => {
    const own = fleet as Draft;
    const retire = monthAt(9 + 4 * index);
    // A member of a mix may have a delivery of its own, which begins later.
    const members = Object.values((own.mix ?? {}) as Draft).flatMap((member) =>
      typeof member === "string" ? [] : [member.deliver ?? {}],
    );
    const begins =
      [own.deliver, ...members]
        .map((deliver) => lastBeginOf(deliver as Draft))
        .sort()
        .at(-1) ?? "";
    return [name, index % 3 !== 1 || own.replacement || begins >= retire ? own : { ...own, retire }];
  });
  return { ...draft, fleets: Object.fromEntries(fleets) };
}

/**
 * A scenario whose chips stand in racks of very different power, one of them worth a table's share of its cost by age, and
 * whose sites pay to refit halls; nothing new is drawn.
 */
export function withRefits(draft: Draft): Draft {
  const racks: Readonly<Record<string, string>> = { a: "40 kW", b: "130 kW", c: "60 kW" };
  const chips = Object.entries(draft.chips).map(([name, chip]) => {
    const rack = racks[name];
    const resale = name === "c" ? { resale: "[[0.25, 0.9], [1, 0.5], [2.1, 0.35]]" } : {};
    return [name, rack === undefined ? chip : { ...(chip as Draft), rack_power: rack, ...resale }];
  });
  const sites = Object.entries(draft.sites).map(([name, site], index) => [
    name,
    { ...(site as Draft), retrofit: `${10 + 15 * index} %` },
  ]);
  return { ...draft, chips: Object.fromEntries(chips), sites: Object.fromEntries(sites) };
}

/** A random scenario of up to four sites and five fleets, with a window of two to four years and everything in it. */
export function scenarioOf(options: Options = {}): fc.Arbitrary<Draft> {
  const { fleets = 5, sites = 4 } = options;
  return fc
    .record({
      years: fc.integer({ min: 1, max: 3 }).map(String),
      reference_use: fc.constantFrom("training", "inference"),
      provider: record({ discount_rate: percent(-5, 25), sunk: fc.constantFrom("true", "false") }),
      money: record({ inflation: percent(-5, 20) }),
      chips: fc.record({ a: chip, b: chip, c: chip }),
      hasBasis: fc.boolean(),
      sites: fc.array(site, { minLength: 1, maxLength: sites }),
    })
    .chain(({ hasBasis, ...drawn }) => {
      const siteNames = drawn.sites.map((_, index) => `site_${index}`);
      return fc.array(fleetOf(siteNames, options), { minLength: 1, maxLength: fleets }).map((list) => ({
        schema_version: "1",
        start: monthAt(0),
        ...drawn,
        chips: hasBasis ? { ...drawn.chips, h100: BASIS } : drawn.chips,
        sites: Object.fromEntries(drawn.sites.map((one, index) => [siteNames[index], one])),
        fleets: Object.fromEntries(list.map((one, index) => [`fleet_${index}`, one])),
      }));
    });
}

/** The chip that equivalents are counted in. */
const BASIS: Draft = {
  fp8: "1979 TFLOPS",
  bf16: "989 TFLOPS",
  hbm: "80 GB",
  hbm_bandwidth: "3.35 TB/s",
  it_power: "1.3 kW",
  price: "30 thousand USD",
  network: "5 thousand USD",
  available_from: "2023-01",
};

/** Changes every text of a draft whose path, with names starred, is given. */
export function mapTexts(draft: Draft, change: (text: string, path: string) => string, path = ""): Draft {
  return Object.fromEntries(
    Object.entries(draft).map(([key, value]) => {
      const at = path === "" ? key : `${path}.${key}`;
      return [key, typeof value === "string" ? change(value, at) : mapTexts(value, change, at)];
    }),
  );
}

/** Values made uncertain: intervals of half to twice, and dates and durations over some months. */
export function makeUncertain(draft: Draft): Draft {
  const spread =
    /\.(it_power|price|network|power|electricity|load_factor|facility|lease)(\.[\d-]+|\.value)?$|\.size$/;
  const months = /\.(delay|lead|commissioning|life|book_life|slip|build_time|economic_life)$/;
  return mapTexts(draft, (text, path) => {
    const [number, ...unit] = text.split(" ");
    if (path.includes(".replacement.") || path.includes("h100")) return text;
    if (months.test(path)) {
      // A life stays above the lead of its replacement, which is at most one month less than the life drawn. A field's range
      // begins with a month of building.
      const least = path.endsWith("build_time") ? 1 : 0;
      const lowest = path.endsWith("life") ? Number(number) : Math.max(least, Number(number) - 2);
      return `uniform(${lowest} months, ${Math.max(lowest, Number(number)) + 3} months)`;
    }
    if (!spread.test(path) || Number(number) === 0) return text;
    const [low, high] = unit.includes("%") ? [0.8, 1] : [0.5, 1.9];
    return `${Number((low * Number(number)).toFixed(3))} ${unit.join(" ")} to ${Number((high * Number(number)).toFixed(3))} ${unit.join(" ")}`;
  });
}

/** Uniform numbers in (0, 1) by a seed: those of a linear congruential generator, mixed. */
export function uniformsOf(seed: number, count: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x45d9f3b);
    mixed ^= mixed >>> 13;
    return ((mixed >>> 0) + 0.5) / 2 ** 32;
  });
}
