/** What holds of contracts and both books whatever the scenario: docs/model.md sections 10 and 12. */

import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { type Plan, plainInputs } from "../../src/engine/index.ts";
import { findMetric } from "../../src/metrics/index.ts";
import { STATE_METRICS } from "../../src/metrics/states.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { type Draft, mapTexts, runs } from "../engine/random-scenario.ts";
import { referenceInput } from "../reference/adapter.ts";
import { simulateWindow, type WindowColumns } from "../reference/agreement.ts";
import { simulateColumns } from "../reference/compare.ts";
import { loadMoney, makeMoneyUncertain, moneyOf, moneyText, uniformsOf } from "./random-contracts.ts";

const CENT = 0.005;

type PlainWindow = { readonly scenario: Scenario; readonly plan: Plan; readonly columns: WindowColumns };

/** The plain run of a draft over its whole window. */
function plainWindow(draft: Draft): PlainWindow {
  const scenario = loadMoney(draft);
  const plan = compile(scenario);
  return { scenario, plan, columns: simulateWindow(plan, plainInputs(plan)) };
}

const runsOfDrawn = new Map<string, PlainWindow>();
afterAll(() => runsOfDrawn.clear());

/** The plain run of a draft as it is drawn, once: of one seed, two properties draw the same ones. */
function plainOfDrawn(draft: Draft): PlainWindow {
  const text = moneyText(draft);
  const run = runsOfDrawn.get(text) ?? plainWindow(draft);
  runsOfDrawn.set(text, run);
  return run;
}

function columnOf(columns: WindowColumns, key: string): Float64Array {
  const values = columns.get(key);
  if (!values) throw new Error(`there is no ${key}`);
  return values;
}

/** A column that only some scenarios have; 0 in every month in the others. */
function columnOrNone(columns: WindowColumns, key: string, monthCount: number): Float64Array {
  return columns.get(key) ?? new Float64Array(monthCount);
}

const sumOf = (values: Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};

/** Largest amount that a difference of cents is one of: rounding is relative to it. */
function centsOf(...amounts: readonly number[]): number {
  return Math.max(CENT, 1e-12 * Math.max(...amounts.map(Math.abs)));
}

function expectCents(got: number, wanted: number, what: string, ...gross: readonly number[]): void {
  if (!(Math.abs(got - wanted) <= centsOf(got, wanted, ...gross)))
    expect.fail(`${what}: ${got}, not ${wanted}`);
}

test("contracts settle, are paid once, and add up to both books", { timeout: 300_000 }, () => {
  const counted = { settledMonths: 0, paidContracts: 0 };
  fc.assert(
    fc.property(moneyOf(), (draft) => {
      const run = plainOfDrawn(draft);
      counted.settledMonths += expectSettled(run);
      counted.paidContracts += expectPaidOnce(run);
      expectBooks(run);
    }),
    runs(30),
  );
  expect(counted.settledMonths).toBeGreaterThan(0);
  expect(counted.paidContracts).toBeGreaterThan(0);
});

/** Checks commitment = drawdown + shortfall + relief + released + remaining, in every month, to the cent. Returns the months settled. */
function expectSettled({ scenario, plan, columns }: PlainWindow): number {
  let settledMonths = 0;
  // Without parts under it, chip-hours have no rate to be charged at.
  const lists = [...scenario.fields.values()].flatMap(({ texts }) => texts ?? []);
  for (const name of scenario.names.contracts.filter((one) => lists.includes(one))) {
    const of = (metric: string) => columnOf(columns, `contract ${name} contract_${metric}`);
    const [remaining, hours] = [of("remaining_usd"), of("billable_chip_hours")];
    const [drawdown, shortfall, relief] = [of("drawdown_usd"), of("shortfall_usd"), of("relief_usd")];
    const released = columnOrNone(columns, `contract ${name} contract_released_usd`, plan.monthCount);
    const isUsage = scenario.fields.get(`contracts.${name}.category`)?.choice === "usage";
    const amount = referenceInput(scenario).number(`contracts.${name}.commitment`, scenario.startMonth) ?? 0;
    // Chip-hours of a commitment of usage are worth the mean rate of the first month.
    const commitment = isUsage ? of("commitment_usd")[0] : amount;
    const perHour = isUsage && amount > 0 ? commitment / amount : 1;
    let settled = 0;
    remaining.forEach((left, month) => {
      if (!(left >= 0)) expect.fail(`${name} month ${month}: ${left} left`);
      const before = month === 0 ? commitment : remaining[month - 1];
      // What a commitment of chip-hours is charged for is money; it is what else left the balance.
      settled += isUsage
        ? shortfall[month] > 0
          ? before - left
          : hours[month] * perHour + relief[month] + released[month]
        : drawdown[month] + shortfall[month] + relief[month] + released[month];
      expectCents(settled + left, commitment, `${name} month ${month}`, commitment);
      if (settled > 0) settledMonths++;
    });
  }
  return settledMonths;
}

/** The buyer pays what is billed once, upfront or month by month; contracts that are paid for. */
function expectPaidOnce({ scenario, plan, columns }: PlainWindow): number {
  let paidContracts = 0;
  const input = referenceInput(scenario);
  for (const name of scenario.names.contracts) {
    const of = (metric: string) => columnOf(columns, `contract ${name} contract_${metric}`);
    const share = input.number(`contracts.${name}.upfront`, scenario.startMonth) ?? 0;
    const upfront = share * of("commitment_usd")[0];
    const used = sumOf(of("drawdown_usd")) + sumOf(of("shortfall_usd"));
    const fee = `contract ${name} contract_termination_fee_usd`;
    const ended = sumOf(columnOrNone(columns, fee, plan.monthCount));
    const billed = Math.max(upfront, used) + sumOf(of("overage_usd")) + ended;
    const paid = sumOf(of("payment_usd"));
    expectCents(paid, billed, `${name} paid`);
    expectCents(of("paid_to_date_usd").at(-1) ?? 0, paid, `${name} paid to date`);
    expectCents(sumOf(of("billed_usd")), used + sumOf(of("overage_usd")), `${name} billed`);
    // The term lies in the window, so all of the upfront payment is earned in it.
    expectCents(sumOf(of("revenue_usd")), paid, `${name} earned`);
    if (paid > 0) paidContracts++;
  }
  return paidContracts;
}

/** Contracts add up to the buyer's book, and that to the provider's. */
function expectBooks({ scenario, plan, columns }: PlainWindow): void {
  const total = (metric: string) => columnOf(columns, `total  ${metric}`);
  const each = (names: readonly string[], level: string, metric: string, month: number) =>
    sumOf(names.map((name) => columnOf(columns, `${level} ${name} ${metric}`)[month]));
  const { contracts, financing } = scenario.names;
  for (let month = 0; month < plan.monthCount; month++) {
    const at = (metric: string) => total(metric)[month];
    const merchant = columnOrNone(columns, "total  merchant_revenue_usd", plan.monthCount)[month];
    const cost = each(contracts, "contract", "contract_payment_usd", month);
    const receipts = each(financing, "tranche", "tranche_receipt_usd", month);
    expectCents(at("buyer_cost_usd"), cost, `cost ${month}`);
    expectCents(at("buyer_receipts_usd"), receipts, `receipts ${month}`);
    expectCents(
      at("provider_revenue_usd"),
      each(contracts, "contract", "contract_revenue_usd", month) + merchant,
      `revenue ${month}`,
    );
    expectCents(at("provider_net_cash_usd"), cost + merchant - at("provider_cash_usd"), `net ${month}`);
    expectCents(
      at("provider_margin_usd"),
      at("provider_revenue_usd") - at("provider_cost_usd"),
      `margin ${month}`,
    );
  }
}

describe("both books", () => {
  test("at 0 % a present value is the sum of the cash", { timeout: 300_000 }, () => {
    const free = (draft: Draft): Draft => ({
      ...draft,
      provider: { ...(draft.provider as Draft), discount_rate: "0 %" },
      buyer: { ...(draft.buyer as Draft), discount_rate: "0 %" },
    });
    fc.assert(
      fc.property(moneyOf(), (draft) => {
        const { scenario, columns, plan } = plainWindow(free(draft));
        const isSunk = scenario.fields.get("provider.sunk")?.boolean === true;
        const end = plan.originMonth + plan.horizonMonths;
        const sum = (metric: string) =>
          sumOf(columnOf(columns, `total  ${metric}`).subarray(isSunk ? plan.originMonth : 0, end));
        const run = (metric: string) => columnOf(columns, `run  ${metric}`)[0];
        const gross =
          Math.abs(sum("provider_cash_usd")) +
          Math.abs(sum("buyer_cost_usd")) +
          Math.abs(run("provider_residual_usd"));
        const close = (got: number, wanted: number, what: string) => {
          if (!(Math.abs(got - wanted) <= 1e-9 * Math.max(1, gross)))
            expect.fail(`${what}: ${got}, not ${wanted}`);
        };
        close(
          run("npv_provider_usd"),
          sum("provider_net_cash_usd") + run("provider_residual_usd"),
          "provider",
        );
        close(run("npv_buyer_usd"), sum("buyer_net_cash_usd"), "buyer");
        close(run("payments_pv_usd"), sum("buyer_cost_usd"), "payments");
      }),
      runs(20),
    );
  });

  test("a tranche unlocks in the first month whose columns meet its condition, whatever it reads", {
    timeout: 300_000,
  }, () => {
    // H100 equivalents exist only where the catalog has an H100, what is of demand where there is a workload, and rents where chips are hired.
    const readable = [...STATE_METRICS]
      .filter(([, { unit, group, only }]) => unit !== "H100e" && group !== "demand" && only === undefined)
      .map(([name]) => name);
    const names = fc.shuffledSubarray(readable, { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(
        moneyOf({ feedback: false }),
        names,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (drawn, metrics, share) => {
          // A share of what the metric comes to: known from a run without the condition.
          const before = plainWindow(drawn);
          const when = metrics.map((name) => {
            const metric = STATE_METRICS.get(name);
            const most = columnOf(before.columns, `total  ${metric?.name}`).reduce(
              (x, y) => Math.max(x, y),
              0,
            );
            const amount = Math.max(1e-6, (most * share) / (metric?.scale ?? 1)).toPrecision(12);
            const unit = (metric?.unit ?? "").replace("chip-hours", "chip hour").replace("EFLOP/s", "EFLOPS");
            return `total.${name} >= ${Number(amount).toFixed(12)} ${unit}`;
          });
          const financing = Object.fromEntries(
            when.map((text, index) => [
              `tranche_${index}`,
              { amount: "1 million USD", when: text, lag: "0 months" },
            ]),
          );
          // A name that nothing reads any more would be warned of.
          const { let: dates, financing: _before, ...rest } = drawn;
          const read = Object.entries((dates ?? {}) as Draft).filter(([name]) =>
            JSON.stringify(rest).includes(name),
          );
          const names: Draft = read.length > 0 ? { let: Object.fromEntries(read) } : {};
          const { scenario, columns, plan } = plainWindow({ ...rest, ...names, financing });
          const input = referenceInput(scenario);
          for (const name of scenario.names.financing) {
            const first = scenario.startMonth - plan.originMonth;
            const holdsIn = (month: number) =>
              input.condition?.(
                `financing.${name}.when`,
                first + month,
                (owner, metric) => columnOf(columns, `${owner}  ${metric}`)[month],
              ) === true;
            // What holds from the outset counts from `start`.
            const earliest = holdsIn(0) ? plan.originMonth : 0;
            const months = Array.from({ length: plan.monthCount - earliest }, (_, month) => earliest + month);
            const wanted = months.find(holdsIn);
            const got = columnOf(columns, `tranche ${name} tranche_unlock_month`)[0];
            // A tranche that unlocks after the horizon has no month in the tables.
            const isReported = wanted !== undefined && wanted < plan.originMonth + plan.horizonMonths;
            expect(got, `${name}: ${JSON.stringify(financing)}`).toBe(
              isReported ? wanted - plan.originMonth : Number.NaN,
            );
          }
        },
      ),
      runs(15),
    );
  });
});

describe("trials and sizes", () => {
  test("trials are so many single runs, bit for bit, with contracts, tranches and floor", {
    timeout: 300_000,
  }, () => {
    // Odd, so that the last pair of trials is filled up.
    const trials = 9;
    const bitsOf = (values: Float64Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    fc.assert(
      fc.property(moneyOf(), fc.integer(), (draft, seed) => {
        const plan = compile(loadMoney(makeMoneyUncertain(draft)));
        const count = plan.variables.length;
        expect(count, "uncertain values").toBeGreaterThan(5);
        const inputs = uniformsOf(seed, count * trials);
        const together = simulateColumns(plan, inputs, trials);
        for (let trial = 0; trial < trials; trial++) {
          const own = Float64Array.from({ length: count }, (_, row) => inputs[row * trials + trial]);
          const [alone] = simulateColumns(plan, own, 1);
          for (const [key, values] of alone) {
            const mine = together[trial].get(key) ?? new Float64Array();
            if (!bitsOf(mine).equals(bitsOf(values)))
              expect([...mine], `trial ${trial} ${key}`).toEqual([...values]);
          }
        }
      }),
      runs(8),
    );
  });

  test("doubling all that is extensive doubles money and nothing else", { timeout: 300_000 }, () => {
    const extensive =
      /^(sites\.[^.]+\.power(\.[\d-]+)?|fleets\.[^.]+\.size|contracts\.[^.]+\.(commitment|consumed_to_date|capacity(\.[\d-]+)?|fee)|financing\.[^.]+\.amount(\.[\d-]+)?|buyer\.cash\..+)$/;
    const twice = (number: string) => String(2 * Number(number));
    const double = (text: string, path: string) => {
      if (extensive.test(path)) return text.replace(/^-?\d+/, twice);
      // A share of what a termination releases stays a share.
      if (path.endsWith(".termination.fee") && text.endsWith("USD")) return text.replace(/^\d+/, twice);
      return path.endsWith(".when") ? text.replace(/[\d.]+(?= (chips|kW|PFLOPS))/g, twice) : text;
    };
    const units = [
      "chips",
      "H100e",
      "chip-hours",
      "MW",
      "MW-years",
      "GWh",
      "EFLOP/s",
      "EFLOP-hours",
      "YFLOP",
      "PB",
      "PB/s",
      "USD",
    ];
    const isExtensive = (metric: string) =>
      units.includes(findMetric(metric)?.unit ?? "") && !/^(chip|network)_price_usd$/.test(metric);
    fc.assert(
      fc.property(moneyOf(), (draft) => {
        const doubled = mapTexts(draft, double);
        fc.pre(moneyText(doubled) !== moneyText(draft));
        const [once, both] = [plainOfDrawn(draft).columns, plainWindow(doubled).columns];
        for (const [key, values] of once) {
          const factor = isExtensive(key.split(" ").at(-1) ?? "") ? 2 : 1;
          const got = both.get(key) ?? new Float64Array();
          // Doubling is exact in binary, so no rounding differs.
          values.forEach((value, month) => {
            if (!Object.is(got[month], factor * value))
              expect.fail(`${key} ${month}: ${value}, then ${got[month]}`);
          });
        }
      }),
      runs(20),
    );
  });
});
