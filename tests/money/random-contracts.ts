/** Random scenarios with contracts, tranches and a cash floor: those of tests/engine, with money over them. */

import fc from "fast-check";
import type { Scenario } from "../../src/scenario/scenario.ts";
import {
  type Draft,
  mapTexts,
  monthAt,
  type Options,
  scenarioOf,
  sometimes,
} from "../engine/random-scenario.ts";
import { loaded } from "../scenario/load-files.ts";

const CONTRACTS = ["alpha", "beta", "gamma"] as const;
const TRANCHES = ["first", "second"] as const;

/** Names for months from `start`: a condition reads dates by name alone. */
const DATES = { past_7: -7, day_0: 0, day_3: 3, day_9: 9, day_21: 21 } as const;

/** What random money may contain. */
export type MoneyOptions = Options & {
  /** Tranches that deliveries wait for, and a cash floor. */
  readonly feedback?: boolean;
  /** Drawdown before `start` that replaces what is simulated. */
  readonly history?: boolean;
  readonly usage?: boolean;
};

const months = (from: number, to: number) => fc.integer({ min: from, max: to });
const percent = (from: number, to: number) =>
  fc.integer({ min: from * 10, max: to * 10 }).map((tenths) => `${tenths / 10} %`);
const amount = (from: number, to: number, unit: string) =>
  fc.integer({ min: from, max: to }).map((count) => `${count} ${unit}`);

/** Leaves out the keys drawn as `undefined`. */
function stated(fields: Readonly<Record<string, Draft | string | undefined>>): Draft {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Draft;
}

const rate = fc.oneof(
  { weight: 3, arbitrary: months(5, 60).map((tenths): Draft | string => `${tenths / 10} USD/chip/hour`) },
  {
    weight: 1,
    arbitrary: fc.tuple(months(-6, 6), months(7, 20), months(5, 60), months(5, 60)).map(
      ([from, to, low, high]): Draft => ({
        [monthAt(from)]: `${low / 10} USD/chip/hour`,
        [monthAt(to)]: `${high / 10} USD/chip/hour`,
      }),
    ),
  },
);

/** Dates and shares from the contract's first month on, adding to 100 %. */
function scheduleOf(start: number, term: number): fc.Arbitrary<Draft> {
  return fc
    .tuple(
      fc.uniqueArray(months(1, Math.max(1, term - 1)), { maxLength: 3 }),
      fc.array(months(1, 30), { minLength: 3, maxLength: 3 }),
    )
    .map(([offsets, shares]) => {
      const later = offsets.filter((offset) => offset < term).sort((x, y) => x - y);
      const rest = 100 - later.reduce((sum, _, index) => sum + shares[index], 0);
      return Object.fromEntries([
        [monthAt(start), `${rest} %`],
        ...later.map((offset, index) => [monthAt(start + offset), `${shares[index]} %`]),
      ]);
    });
}

const capacityPrice = fc
  .record({
    price: amount(1, 300, "USD/(kW month)"),
    of: sometimes(fc.constantFrom("contracted", "available", "energised")),
    basis: sometimes(fc.constantFrom("it", "facility")),
  })
  .map(stated);

function contractOf({ history = true, usage = true }: MoneyOptions): fc.Arbitrary<Draft> {
  return fc
    .record({
      isUsage: usage ? fc.boolean() : fc.constant(false),
      start: months(-16, 20),
      term: months(1, 40),
      size: fc.oneof(months(1, 400), months(100, 20_000)),
    })
    .chain(({ isUsage, start, term, size }) => {
      const unit = isUsage ? "thousand chip hours" : "thousand USD";
      const rates = fc.record({ a: rate, b: rate, c: rate });
      return fc
        .record({
          terms: sometimes(fc.constantFrom("take_or_pay", "pay_as_you_go"), 3),
          split: fc.oneof(
            fc
              .constantFrom("full_term", "annual", "quarterly", "monthly")
              .map((word) => ({ fulfillment_interval: word })),
            scheduleOf(start, term).map((schedule) => ({ schedule })),
          ),
          upfront: sometimes(percent(0, 60)),
          rates,
          overage_rates: sometimes(fc.record({ a: rate })),
          escalation: sometimes(percent(-10, 10)),
          contracted_availability: sometimes(percent(50, 100)),
          shortfall_relief: sometimes(fc.constantFrom("none", "reduce", "extend_term"), 1),
          consumed_to_date:
            history && start < 0
              ? sometimes(amount(0, Math.ceil(size * 0.7), unit), 3)
              : fc.constant(undefined),
          capacity: sometimes(
            fc.oneof(
              amount(1, 900, "kW"),
              fc
                .tuple(amount(1, 300, "kW"), amount(100, 900, "kW"))
                .map(([low, high]): Draft => ({ [monthAt(start)]: low, [monthAt(start + 5)]: high })),
            ),
          ),
          // A commitment of chip-hours counts no money.
          fee: isUsage ? fc.constant(undefined) : sometimes(amount(1, 90, "thousand USD/month")),
          capacity_price: isUsage ? fc.constant(undefined) : sometimes(capacityPrice),
        })
        .map(({ capacity_price, ...drawn }) => ({
          ...drawn,
          capacity_price:
            capacity_price?.of === "contracted" && drawn.capacity === undefined
              ? { ...capacity_price, of: "available" }
              : capacity_price,
        }))
        .map(({ split, ...rest }) =>
          stated({
            category: isUsage ? "usage" : "spend",
            commitment: `${size} ${unit}`,
            start: monthAt(start),
            term: `${term} months`,
            ...(split as Draft),
            ...(rest as Draft),
          }),
        );
    });
}

/** Conditions on what the end of a month shows. None reads what waits for money. */
function conditionOf(sites: readonly string[], funded: readonly string[], fleets: readonly string[]) {
  const free = fleets.filter((fleet) => !funded.includes(fleet)).map((fleet) => `fleets.${fleet}`);
  const owner = fc.constantFrom("total", ...sites.map((site) => `sites.${site}`), ...free);
  const compared = fc.oneof(
    fc
      .tuple(
        owner,
        fc.constantFrom(
          "chips_energised",
          "chips_installed",
          "chips_productive",
          "chips_stranded",
          "chips_landed",
        ),
        months(1, 300),
      )
      .map(([of, metric, count]) => `${of}.${metric} >= ${count}.5 chips`),
    fc
      .tuple(owner, fc.constantFrom("facility_power", "it_power", "stranded_facility_power"), months(1, 400))
      .map(([of, metric, watts]) => `${of}.${metric} > ${watts}.37 kW`),
    fc
      .tuple(owner, fc.constantFrom("peak_fp8", "effective_bf16"), months(1, 400))
      .map(([of, metric, count]) => `${of}.${metric} >= ${count}.3 PFLOPS`),
  );
  const dated = fc.constantFrom(...Object.keys(DATES));
  const one = fc.oneof(compared, dated);
  return fc.oneof(
    one,
    fc.tuple(one, fc.constantFrom("and", "or"), one).map((words) => words.join(" ")),
    compared.map((text) => `not (${text}) and day_3`),
  );
}

/** An option to extend a contract or to terminate it, or none. */
function optionOf(condition: fc.Arbitrary<string>): fc.Arbitrary<Draft> {
  const notice = sometimes(months(0, 9).map((count) => `${count} months`));
  const extension = fc.record({
    when: condition,
    term: months(1, 14).map((count) => `${count} months`),
    notice,
    times: sometimes(months(1, 3).map(String)),
  });
  const fee = sometimes(fc.oneof(percent(0, 100), amount(1, 900, "thousand USD")));
  const from = sometimes(months(-10, 2).map(monthAt));
  const termination = fc.record({ when: condition, notice, fee, from });
  return fc.oneof(
    fc.constant({}),
    extension.map((option) => ({ extension: stated(option) })),
    termination.map((option) => ({ termination: stated(option) })),
  );
}

/** Contracts with their options, without those that their terms leave no room for. */
function withOptions(
  contracts: Readonly<Record<string, Draft>>,
  options: Readonly<Record<string, Draft>>,
): Draft {
  return Object.fromEntries(
    Object.entries(contracts).map(([name, terms]) => {
      const isMoved = terms.shortfall_relief === "extend_term";
      const isShort = Number.parseInt(String(terms.term), 10) < 13 || String(terms.start) < monthAt(-4);
      return [name, isMoved || isShort ? terms : { ...terms, ...options[name] }];
    }),
  );
}

function trancheOf(condition: fc.Arbitrary<string>): fc.Arbitrary<Draft> {
  return fc
    .record({
      amount: fc.oneof(
        amount(1, 9000, "thousand USD"),
        fc
          .tuple(amount(1, 900, "thousand USD"), amount(1, 9000, "thousand USD"))
          .map(([low, high]): Draft => ({ [monthAt(1)]: low, [monthAt(8)]: high })),
      ),
      when: condition,
      lag: sometimes(months(0, 8).map((count) => `${count} months`)),
      before: sometimes(months(2, 30).map(monthAt), 3),
    })
    .map(stated);
}

/** A random scenario with up to three contracts; every fleet draws on some of them or on none. */
export function moneyOf(options: MoneyOptions = {}): fc.Arbitrary<Draft> {
  const { feedback = true } = options;
  return scenarioOf({ fleets: 3, sites: 2, ...options })
    .chain((draft) => {
      const fleets = Object.keys(draft.fleets as Draft);
      const sites = Object.keys(draft.sites as Draft);
      return fc
        .record({
          lists: fc.array(fc.shuffledSubarray([...CONTRACTS]), {
            minLength: fleets.length,
            maxLength: fleets.length,
          }),
          contracts: fc.record({
            alpha: contractOf(options),
            beta: contractOf(options),
            gamma: contractOf(options),
          }),
          after: fc.array(
            sometimes(
              fc.record({ share: percent(0, 150), decline: sometimes(percent(0, 100)) }).map(stated),
              1,
            ),
            { minLength: fleets.length, maxLength: fleets.length },
          ),
          funders: fc.array(feedback ? sometimes(fc.constantFrom(...TRANCHES), 3) : fc.constant(undefined), {
            minLength: fleets.length,
            maxLength: fleets.length,
          }),
          buyerRate: sometimes(percent(-5, 25)),
          cash: feedback
            ? sometimes(fc.tuple(months(-500, 5000), months(-900, 2000)), 3)
            : fc.constant(undefined),
        })
        .chain(({ lists, contracts: plain, after, funders, buyerRate, cash }) => {
          const funded = fleets.filter((_, index) => funders[index] !== undefined);
          const condition = conditionOf(sites, funded, fleets);
          // With a cash floor deliveries follow from payments, and a condition of a contract may not read them.
          const tested = cash ? fc.constantFrom(...Object.keys(DATES)) : condition;
          return fc
            .record({
              first: trancheOf(condition),
              second: trancheOf(condition),
              options: fc.record({
                alpha: optionOf(tested),
                beta: optionOf(tested),
                gamma: optionOf(tested),
              }),
            })
            .map(({ options, ...financing }) => ({ financing, contracts: withOptions(plain, options) }))
            .map(({ financing, contracts }) => ({
              ...draft,
              let: Object.fromEntries(Object.entries(DATES).map(([name, month]) => [name, monthAt(month)])),
              fleets: Object.fromEntries(
                fleets.map((name, index) => [
                  name,
                  stated({
                    ...((draft.fleets as Draft)[name] as Draft),
                    ...(lists[index].length > 0
                      ? { procurement: { contract: lists[index].join(" ") }, after_term: after[index] }
                      : {}),
                    funded_by: funders[index],
                  }),
                ]),
              ),
              contracts,
              financing,
              buyer: stated({
                discount_rate: buyerRate,
                ...(cash
                  ? { cash: { opening: `${cash[0]} thousand USD`, floor: `${cash[1]} thousand USD` } }
                  : {}),
              }),
            }));
        });
    })
    .map((draft) => draft as Draft);
}

/** A scenario with loans of every kind on its fleets and on the sites it owns; nothing new is drawn. */
export function withLoans(draft: Draft): Draft {
  const fleets = Object.entries(draft.fleets as Draft);
  const owned = Object.entries(draft.sites as Draft).filter(
    ([, site]) => (site as Draft).tenure !== "leased",
  );
  const [first] = fleets.map(([name]) => name);
  const last = fleets.at(-1)?.[0] ?? "";
  const sites = owned.length > 0 ? { sites: owned[0][0] } : {};
  const rates = { [monthAt(-9)]: "5 % to 9 %", [monthAt(5)]: "0 %", [monthAt(9)]: "12 %" };
  const level = { fleets: first, ...sites, share: "60 %", rate: rates, fee: "2 %", capitalised: "true" };
  const paid = fleets.find(([, fleet]) => (fleet as Draft).procurement)?.[0];
  const sculpted = { fleets: paid ?? "", repayment: "sculpted", rate: "8 %", sweep: "10 %" };
  const loans = {
    level: { ...level, grace: "2 months", tenor: "11 months" },
    linear: {
      fleets: last,
      amount: "90 thousand USD",
      rate: "7 %",
      tenor: "12 months",
      repayment: "linear",
      sweep: "40 %",
    },
    bullet: {
      fleets: last,
      share: "20 %",
      rate: "9 %",
      tenor: "7 months",
      repayment: "bullet",
      covenant: { dscr: "1.2", from: monthAt(4) },
    },
    ...(paid === undefined
      ? {}
      : {
          covered: {
            ...sculpted,
            ...sites,
            share: "80 %",
            fee: "1 %",
            tenor: "12 months",
            dscr: "1.3",
            capitalised: "true",
          },
          sized: {
            ...sculpted,
            amount: "20 thousand USD to 90 thousand USD",
            tenor: "10 months",
            grace: "1 month",
          },
        }),
  };
  const provider = { ...(draft.provider as Draft), equity_rate: "10 % to 20 %" };
  return { ...draft, provider, debt: loans as unknown as Draft };
}

/**
 * The scenario with every second fleet's chips the buyer's own, hosted for a price by power and a fee. Nothing new is drawn, and
 * nothing is paid ahead where the buyer's cash has a floor.
 */
export function withBuyersChips(draft: Draft): Draft {
  const hasFloor = (draft.buyer as Draft | undefined)?.cash !== undefined;
  const fleets = Object.entries(draft.fleets as Draft).map(([name, fleet], index): [string, Draft] => {
    if (index % 2 === 1) return [name, fleet as Draft];
    const { pay_on_order: ahead, ...rest } = fleet as Draft;
    const own = { ...rest, owner: "buyer", procurement: { contract: "hosting" } };
    return [name, hasFloor || ahead === undefined ? own : { ...own, pay_on_order: ahead }];
  });
  const hosting = {
    commitment: "70 thousand USD",
    start: monthAt(2),
    term: "14 months",
    capacity_price: { price: "90 USD/(kW month)", of: "energised", basis: "it" },
    fee: "500 USD/month",
  };
  const contracts = { ...(draft.contracts as Draft), hosting };
  return { ...draft, fleets: Object.fromEntries(fleets), contracts };
}

/** A scenario with tax on its income; nothing new is drawn. */
export function withTax(draft: Draft): Draft {
  const tax = {
    rate: "20 % to 30 %",
    loss_limit: "70 %",
    discount_rate: "8 %",
    chips: { depreciation: "macrs_3", credit: "2 %" },
    facility: { depreciation: "straight_line", life: "9 months" },
  };
  return { ...draft, tax: tax as unknown as Draft };
}

/** A draft as a file; a fleet's contracts are words of one text in it. */
export function moneyText(draft: Draft): string {
  return JSON.stringify(draft, (key, value) => (key === "contract" ? String(value).split(" ") : value), 1);
}

export function loadMoney(draft: Draft): Scenario {
  return loaded(moneyText(draft), { catalog: [] });
}

/** Terms, amounts and rates made uncertain: intervals around them, and lags and deliveries over some months. */
export function makeMoneyUncertain(draft: Draft): Draft {
  const spread =
    /\.(commitment|amount|opening|price|it_power)$|\.rates\.[abc](\.[\d-]+)?$|\.fee$|\.size$|^contracts\..+\.capacity$/;
  const lengths = /\.(lag|delay|commissioning)$/;
  return mapTexts(draft, (text, path) => {
    const [number, ...unit] = text.split(" ");
    const value = Number(number);
    if (path.includes("h100") || !Number.isFinite(value)) return text;
    if (lengths.test(path)) return `uniform(${Math.max(0, value - 2)} months, ${value + 3} months)`;
    if (!spread.test(path) || value <= 0) return text;
    // No draw may be more than all of what is released.
    if (/\.termination\.fee$/.test(path) && unit[0] === "%")
      return `uniform(${Number((0.005 * value).toFixed(5))}, ${Number(Math.min(1, 0.019 * value).toFixed(5))})`;
    return `${Number((0.5 * value).toFixed(3))} ${unit.join(" ")} to ${Number((1.9 * value).toFixed(3))} ${unit.join(" ")}`;
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
