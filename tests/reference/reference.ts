/**
 * The referee: a slow second implementation of docs/model.md, written from that page alone, to be compared with the
 * engine. Where the page gives closed formulas over cumulative sums, this keeps a ledger of cohorts and ages them.
 *
 * Its window is wider than the page's: from the earliest date less 240 months (no lead, build time or life that looks
 * back is longer than 120) to 240 behind the horizon's end and the last contract (a lead looks 60 ahead, a build time 120,
 * a delay 120). What happens after them matters only through those, so any window that holds them gives the same numbers.
 */

import { bookColumns, bookScalars } from "./reference-books.ts";
import {
  type ContractLedger,
  contractScalars,
  endOf,
  listOf,
  openContracts,
  settleMonth,
  unsettledOf,
} from "./reference-contracts.ts";
import { equityOf, runLoans } from "./reference-debt.ts";
import { facilityOf } from "./reference-facility.ts";
import { closeFinancingMonth, mayLand, openFinancing } from "./reference-financing.ts";
import {
  type Columns,
  column,
  date,
  duration,
  hoursOf,
  orZero,
  perUnit,
  type ReferenceInput,
  type ReferenceOutput,
  ratio,
  required,
  sorted,
  sumOf,
  type Window,
} from "./reference-input.ts";
import { buyersUpkeep, openLedger, type PartLedger, runSiteMonth } from "./reference-ledger.ts";
import { makeParts } from "./reference-parts.ts";
import { isTaxed, leveredTax, taxColumns, taxScalars } from "./reference-tax.ts";

export type { ReferenceInput, ReferenceOutput } from "./reference-input.ts";

const PRECISIONS = ["fp4", "fp8", "bf16"] as const;
type Precision = (typeof PRECISIONS)[number];

export function simulateReference(input: ReferenceInput): ReferenceOutput {
  const first = Math.min(input.startMonth, ...input.undelayedDates) - 240;
  const end = Math.max(
    input.startMonth + input.monthCount + 240,
    ...(input.names.contracts ?? []).map((name) => lastMonthOf(input, name)),
  );
  const window = { first, end };

  const ledgers = makeParts(input, window)
    .map((part) => openLedger(input, part))
    .sort((a, b) => (a.part.key < b.part.key ? -1 : 1));
  const part = new Map<string, Columns>();
  const site = new Map<string, Columns>();
  const facilities = new Map<string, Columns>();
  const words: ReferenceOutput["words"] = { part: new Map(), site: new Map(), total: { binding: [] } };

  const outputs = ledgers.map((ledger) => outputOf(input, window, ledger));
  const contracts = openContracts(input, ledgers);
  const financing = openFinancing(input);
  const sites = sorted(input.names.sites).map(
    (name) => [name, ledgers.filter((ledger) => ledger.part.site === name)] as const,
  );
  for (let month = window.first; month < window.end; month++) {
    for (const ledger of ledgers) ledger.isFunded = mayLand(input, financing, ledger, month);
    for (const [name, members] of sites) runSiteMonth(input, window, name, members, month);
    for (const output of outputs) output(month);
    settleMonth(input, window, contracts, ledgers, month);
    closeFinancingMonth(input, window, financing, ledgers, contracts, month);
  }

  for (const [name, members] of sites) {
    for (const ledger of members) {
      partMoney(input, window, ledger);
      part.set(ledger.part.key, ledger.columns);
      words.part.set(ledger.part.key, {
        binding: horizonMonths(input).map((month) => bindingOf(ledger, month - window.first).cause),
        fp4_runs_as: runsAs(input, ledger.part.chip, "fp4"),
        fp8_runs_as: runsAs(input, ledger.part.chip, "fp8"),
      });
    }
    const powerIn = (month: number) =>
      sumOf(members, ({ columns }) => columns.get("facility_power_mw")?.[month - window.first] ?? 0);
    const bought = (fleet: string) => {
      const mix = input.names.mixOf(fleet);
      return mix.length > 0 ? mix : [input.word(`fleets.${fleet}.chip`) ?? ""];
    };
    const successors = members
      .filter(({ part: { fleet, chip } }) => !bought(fleet).includes(chip))
      .map(({ part: { fleet, chip }, columns, life }) => ({
        chip,
        bought: bought(fleet),
        standing: (month: number) => {
          const at = (name: string, when: number) => columns.get(name)?.[when - window.first] ?? 0;
          const lead = duration(input, `fleets.${fleet}.replacement.lead`);
          const retiring = Array.from({ length: lead }, (_, month) => month + 1 - life);
          const leaving = sumOf(retiring, (months) => at("chips_energised_new", month + months));
          return at("chips_installed", month) - leaving;
        },
      }));
    const facility = facilityOf(input, window, name, powerIn, successors);
    facilities.set(name, facility);
    site.set(name, sumColumns([...members.map((ledger) => ledger.columns), facility]));
    words.site.set(name, {
      binding: horizonMonths(input).map((month) => jointBinding(members, month - window.first)),
    });
  }
  words.total.binding.push(
    ...horizonMonths(input).map((month) => jointBinding(ledgers, month - window.first)),
  );

  const total = sumColumns([...site.values()]);
  providerTotals(total);
  const last = input.startMonth + input.monthCount - 1;
  const residual =
    sumOf(ledgers, (ledger) => partResidual(input, window, ledger, last)) +
    sumOf([...facilities], ([name, columns]) => siteResidual(input, window, name, columns, last));
  const scalars = scalarsOf(input, window, total, residual);
  // Books need inputs that cases of the ledger alone leave out.
  const hasBooks = input.names.contracts !== undefined;
  if (hasBooks) bookColumns(input, window, total, contracts, financing);
  const taxed = { input, window, total, ledgers, facilities, residual };
  const onResidual = hasBooks && isTaxed(input) ? taxColumns(taxed) : undefined;
  const world = { input, window, ledgers, facilities, contracts, total };
  const loans = runLoans(world, () => (input.plain ? simulateReference(input.plain()).world : world));
  if (hasBooks) {
    const costPv = scalars.get("cost_provider_pv_usd") ?? 0;
    const buyers = sumOf(ledgers, (ledger) => partResidual(input, window, ledger, last, "buyer"));
    const books = bookScalars(input, window, total, { provider: residual, buyer: buyers }, costPv);
    for (const [name, value] of books) scalars.set(name, value);
    const worth = contractedWorth(input, window, ledgers, facilities, contracts);
    if (worth !== undefined) scalars.set("npv_provider_contracted_usd", worth);
    scalars.set(
      "payments_after_horizon_usd",
      sumOf(contracts, (contract) => unsettledOf(input, window, contract)),
    );
    for (const contract of contracts) contractScalars(input, window, contract);
    const equity = loans.size > 0 ? equityOf(input, window, total, loans, residual) : new Map();
    for (const [name, value] of equity) scalars.set(name, value);
    if (onResidual !== undefined) {
      for (const [name, value] of taxScalars(taxed, onResidual)) scalars.set(name, value);
      const owed = equity.get("debt_at_end_usd");
      if (owed !== undefined)
        for (const [name, value] of leveredTax(taxed, loans, owed, onResidual)) scalars.set(name, value);
    }
  }

  const from = input.startMonth - first;
  const cut = (columns: Columns): Columns => horizonOnly(columns, from, from + input.monthCount);
  const contract = new Map(
    contracts.map(({ name, columns, scalars: own }) => [name, withScalars(cut(columns), own)]),
  );
  const loan = new Map(
    [...loans].map(([name, { columns, scalars: own }]) => [name, withScalars(cut(columns), own)]),
  );
  const tranche = new Map(
    financing.tranches.map(({ name, columns, unlocked }) => {
      const month = unlocked === undefined ? Number.NaN : unlocked - input.startMonth;
      return [name, withScalars(cut(columns), new Map([["tranche_unlock_month", month]]))];
    }),
  );
  return {
    part: mapValues(part, cut),
    site: mapValues(site, cut),
    total: cut(total),
    contract,
    tranche,
    loan,
    scalars,
    words,
    world,
  };
}

function withScalars(columns: Columns, scalars: ReadonlyMap<string, number>): Columns {
  for (const [name, value] of scalars) columns.set(name, [value]);
  return columns;
}

/** A contract is simulated to its end, for what it implies over the term. */
function lastMonthOf(input: ReferenceInput, contract: string): number {
  const start = date(input, `contracts.${contract}.start`) ?? input.startMonth;
  const extensions =
    (input.number(`contracts.${contract}.extension.times`, input.startMonth) ?? 1) *
    orZero(input, `contracts.${contract}.extension.term`);
  return start + 2 * duration(input, `contracts.${contract}.term`) + Math.ceil(extensions) + 242;
}

function horizonMonths(input: ReferenceInput): number[] {
  return Array.from({ length: input.monthCount }, (_, t) => input.startMonth + t);
}

function horizonOnly(columns: Columns, from: number, to: number): Columns {
  const kept: Columns = new Map();
  for (const [name, values] of columns) {
    if (!name.startsWith("_")) kept.set(name, values.slice(from, to));
  }
  return kept;
}

function mapValues<From, To>(map: Map<string, From>, change: (value: From) => To): Map<string, To> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}

function sumColumns(all: readonly Columns[]): Columns {
  const sums: Columns = new Map();
  for (const columns of all) {
    for (const [name, values] of columns) {
      const sum = column(sums, name, values.length);
      values.forEach((value, index) => {
        sum[index] = (sum[index] ?? 0) + value;
      });
    }
  }
  return sums;
}

/** Cash by the month it is paid, construction in progress, and the costs that follow from the ledger: 9.1. */
function partMoney(input: ReferenceInput, window: Window, ledger: PartLedger): void {
  const { chip, fleet, site } = ledger.part;
  const length = window.end - window.first;
  const values = (name: string): number[] => column(ledger.columns, name, length);
  const lead = duration(input, `chips.${chip}.lead`);
  const onOrder = required(input, `fleets.${fleet}.pay_on_order`);
  const discountRate = required(input, "provider.discount_rate");
  const electricityGrowth = orZero(input, `sites.${site}.electricity_growth`);

  // Every landing is paid in two sums: one in its order month, the rest in its landing month.
  for (let landing = 0; landing < length; landing++) {
    const order = landing - lead;
    for (const [cash, cost] of [
      ["buyer_chip_cash_usd", "buyer_chip_landed_cost_usd"],
      ["chip_cash_usd", "_landed_chip_cost"],
      ["network_cash_usd", "_landed_network_cost"],
    ] as const) {
      const landedCost = values(cost)[landing] ?? 0;
      add(values(cash), landing, (1 - onOrder) * landedCost);
      if (order >= 0) add(values(cash), order, onOrder * landedCost);
    }
    if (order >= 0) add(values("chips_ordered"), order, values("chips_landed")[landing] ?? 0);
  }

  const landedCost = (index: number): number =>
    (values("_landed_chip_cost")[index] ?? 0) + (values("_landed_network_cost")[index] ?? 0);
  const isBuyers = ledger.owner === "buyer";
  for (let index = 0; index < length; index++) {
    const month = window.first + index;
    const at = (name: string): number => values(name)[index] ?? 0;
    const put = (name: string, value: number): void => {
      values(name)[index] = value;
    };
    let onOrderCost = 0;
    let buyersOnOrder = 0;
    for (let later = index + 1; later <= index + lead; later++) {
      onOrderCost += landedCost(later);
      buyersOnOrder += values("buyer_chip_landed_cost_usd")[later] ?? 0;
    }
    put("chip_construction_in_progress_usd", at("_pool") + onOrder * onOrderCost);
    put("buyer_chip_construction_in_progress_usd", at("buyer_stranded_cost_usd") + onOrder * buyersOnOrder);
    const writtenOff = at("_written_off_at_retirement") + at("_written_off_at_failure");
    put("chip_write_off_usd", isBuyers ? 0 : writtenOff);
    put("buyer_chip_write_off_usd", isBuyers ? writtenOff : 0);
    put("buyer_chip_upkeep_usd", buyersUpkeep(input, ledger, index));
    put("spares_cost_usd", at("chips_replaced") * at("_price"));
    put(
      "chip_maintenance_cost_usd",
      isBuyers ? 0 : (required(input, `fleets.${fleet}.maintenance`) / 12) * at("_original_cost"),
    );
    put("stranded_idle_capital_usd", at("_pool") * ((1 + discountRate) ** (1 / 12) - 1));

    const loadFactor = required(input, `fleets.${fleet}.load_factor`, month);
    const pue = input.number(`sites.${site}.pue`, month) ?? required(input, `sites.${site}.pue_design`);
    const drawn = Math.min(loadFactor * pue, required(input, `sites.${site}.pue_design`));
    const energy = at("_chips_in_use") * ledger.itWatts * drawn * hoursOf(month);
    const growth = (1 + electricityGrowth) ** ((month - input.startMonth) / 12);
    put("energy_gwh", energy);
    put("energy_cost_usd", energy * orZero(input, `sites.${site}.electricity`, month) * growth);
  }
}

function add(values: number[], index: number, value: number): void {
  values[index] = (values[index] ?? 0) + value;
}

/** The cohorts and what is paid ahead or stranded, at the end of a month, less the haircut, in the book of one or the other. */
function partResidual(
  input: ReferenceInput,
  window: Window,
  { columns, part }: PartLedger,
  month: number,
  book: "provider" | "buyer" = "provider",
): number {
  const at = (name: string) => columns.get(name)?.[month - window.first] ?? 0;
  const haircut = required(input, `fleets.${part.fleet}.residual_haircut`);
  const worth =
    book === "provider"
      ? at("_worth") + at("chip_construction_in_progress_usd")
      : at("_buyer_worth") + at("buyer_chip_construction_in_progress_usd");
  return worth * (1 - haircut);
}

/** A building and what is under construction, at the end of a month, less the haircut. */
function siteResidual(
  input: ReferenceInput,
  window: Window,
  site: string,
  columns: Columns,
  month: number,
): number {
  const at = (name: string) => columns.get(name)?.[month - window.first] ?? 0;
  const haircut = required(input, `sites.${site}.residual_haircut`);
  return (at("_worth") + at("facility_construction_in_progress_usd")) * (1 - haircut);
}

/** Worth of the contracts to the end of the last one: 10.6. Undefined where no fleet lists one. */
function contractedWorth(
  input: ReferenceInput,
  window: Window,
  ledgers: readonly PartLedger[],
  facilities: ReadonlyMap<string, Columns>,
  contracts: readonly ContractLedger[],
): number | undefined {
  const listed = contracts.filter(({ parts }) => parts.length > 0);
  if (listed.length === 0) return undefined;
  const end = Math.max(...listed.map(endOf));
  const under = ledgers.filter((ledger) => listOf(input, ledger).length > 0);
  const sites = [...facilities].filter(([site]) => under.some(({ part }) => part.site === site));
  const rate = required(input, "provider.discount_rate");
  const isSunk = input.word("provider.sunk") === "true";
  const factor = (month: number) => (1 + rate) ** (-(month - input.startMonth + 1) / 12);
  let worth =
    sumOf(under, (ledger) => partResidual(input, window, ledger, end - 1)) +
    sumOf(sites, ([site, columns]) => siteResidual(input, window, site, columns, end - 1));
  worth *= factor(end - 1);
  const totals = sumColumns([...under.map(({ columns }) => columns), ...sites.map(([, columns]) => columns)]);
  providerTotals(totals);
  for (let month = isSunk ? input.startMonth : window.first; month < window.end; month++) {
    const index = month - window.first;
    const payments = sumOf(contracts, ({ columns }) => columns.get("contract_payment_usd")?.[index] ?? 0);
    worth += payments * factor(month);
    if (month < end) worth -= (totals.get("provider_cash_usd")?.[index] ?? 0) * factor(month);
  }
  return worth;
}

/** Number format in which work of a precision runs: the chip's own, or the next wider one it has. */
function runsAs(input: ReferenceInput, chip: string, precision: Precision): Precision {
  const candidates = PRECISIONS.slice(PRECISIONS.indexOf(precision));
  return (
    candidates.find((format) => input.number(`chips.${chip}.${format}`, input.startMonth) !== undefined) ??
    "bf16"
  );
}

/** What the chips compute, one month after the other: section 7. */
function outputOf(input: ReferenceInput, window: Window, ledger: PartLedger): (month: number) => void {
  const { chip, fleet } = ledger.part;
  const length = window.end - window.first;
  const values = (name: string): number[] => column(ledger.columns, name, length);
  const use = input.word("reference_use") ?? "training";
  const interruptionsPerHour =
    (required(input, `fleets.${fleet}.job_chips`) * required(input, `chips.${chip}.interruption_rate`)) /
    8766;
  const runtimeGoodput = 1 / (1 + interruptionsPerHour * required(input, `fleets.${fleet}.recovery`));
  const goodput =
    required(input, `chips.${chip}.availability`) *
    required(input, `fleets.${fleet}.scheduling_goodput`) *
    runtimeGoodput;
  const hbm = required(input, `chips.${chip}.hbm`);
  const bandwidth = required(input, `chips.${chip}.hbm_bandwidth`);
  const precisions = PRECISIONS.map((precision) => {
    const format = runsAs(input, chip, precision);
    const rate = required(input, `chips.${chip}.${format}`);
    const mfu = orZero(input, `chips.${chip}.mfu.${use}.${format}`);
    return { precision, rate, mfu };
  });
  const fp8Rate = required(input, `chips.${chip}.${runsAs(input, chip, "fp8")}`);
  const perChip: readonly (readonly [string, number])[] = [
    ["hbm_pb", hbm],
    ["hbm_bandwidth_pb_per_s", bandwidth],
    ["h100e_fp8", ratio(fp8Rate, orZero(input, "chips.h100.fp8"))],
    ["h100e_bf16", ratio(required(input, `chips.${chip}.bf16`), orZero(input, "chips.h100.bf16"))],
    ["h100e_hbm_bandwidth", ratio(bandwidth, orZero(input, "chips.h100.hbm_bandwidth"))],
  ];
  return (month) => {
    const index = month - window.first;
    const inUse = values("_chips_in_use")[index] ?? 0;
    const productive = values("chips_productive")[index] ?? 0;
    for (const { precision, rate, mfu } of precisions) {
      const effective = productive * rate * goodput * mfu;
      const before = values(`cumulative_effective_${precision}_yflop`)[index - 1] ?? 0;
      const added = month >= input.startMonth ? effective * 3600 * hoursOf(month) : 0;
      values(`peak_${precision}_eflops`)[index] = inUse * rate;
      values(`effective_${precision}_eflops`)[index] = effective;
      values(`cumulative_effective_${precision}_yflop`)[index] = before + added;
    }
    for (const [name, figure] of perChip) values(name)[index] = inUse * figure;
  };
}

const CAUSES = ["power", "money", "chips", "none"] as const;
type Cause = (typeof CAUSES)[number];

/** What binds a part in a month, and the facility watts that are short for it: section 8. */
function bindingOf(ledger: PartLedger, index: number): { cause: Cause; shortfall: number } {
  const at = (name: string): number => ledger.columns.get(name)?.[index] ?? 0;
  const tolerance = 1e-9 * Math.max(ledger.part.size, at("chips_installed"));
  const short: readonly (readonly [Cause, number])[] = [
    ["power", at("chips_stranded") + at("chips_held") + at("chips_curtailed")],
    ["money", at("chips_unfunded")],
    ["chips", at("_planned_not_due")],
  ];
  const found = short.find(([, chips]) => chips > tolerance);
  return found
    ? { cause: found[0], shortfall: found[1] * ledger.facilityWatts }
    : { cause: "none", shortfall: 0 };
}

function jointBinding(ledgers: readonly PartLedger[], index: number): Cause {
  const sums = new Map<Cause, number>();
  for (const ledger of ledgers) {
    const { cause, shortfall } = bindingOf(ledger, index);
    sums.set(cause, (sums.get(cause) ?? 0) + shortfall);
  }
  const largest = Math.max(...sums.values());
  return CAUSES.find((cause) => (sums.get(cause) ?? 0) >= largest * (1 - 1e-9) && largest > 0) ?? "none";
}

/** The provider's columns, from the sums over all sites: 9.3. */
function providerTotals(total: Columns): void {
  const length = total.values().next().value?.length ?? 0;
  for (let index = 0; index < length; index++) {
    const at = (name: string): number => total.get(name)?.[index] ?? 0;
    const capex =
      at("chip_cash_usd") + at("network_cash_usd") + at("chip_buyout_usd") + at("facility_cash_usd");
    const opex =
      at("energy_cost_usd") +
      at("chip_maintenance_cost_usd") +
      at("spares_cost_usd") +
      at("facility_maintenance_cost_usd") +
      at("staff_cost_usd") +
      at("lease_cost_usd") +
      at("demand_charge_usd") +
      at("chip_lease_cost_usd") +
      at("chip_rent_cost_usd");
    const writtenDown =
      at("chip_depreciation_usd") + at("facility_depreciation_usd") + at("chip_write_off_usd");
    column(total, "provider_capex_usd", length)[index] = capex;
    column(total, "provider_opex_usd", length)[index] = opex;
    column(total, "provider_cash_usd", length)[index] = capex + opex;
    column(total, "provider_cost_usd", length)[index] = opex + writtenDown;
  }
}

function scalarsOf(
  input: ReferenceInput,
  window: Window,
  total: Columns,
  residual: number,
): Map<string, number> {
  const rate = required(input, "provider.discount_rate");
  const isSunk = input.word("provider.sunk") === "true";
  let opening = 0;
  let present = 0;
  let chipHours = 0;
  let exaflopHours = 0;
  for (let month = window.first; month < input.startMonth + input.monthCount; month++) {
    const index = month - window.first;
    const at = (name: string): number => total.get(name)?.[index] ?? 0;
    const isBeforeStart = month < input.startMonth;
    const discount = (1 + rate) ** (-(month - input.startMonth + 1) / 12);
    if (isBeforeStart) opening += at("provider_cash_usd") * discount;
    else present += at("provider_cash_usd") * discount;
    if (isBeforeStart && isSunk) continue;
    chipHours += at("chips_productive") * hoursOf(month) * discount;
    exaflopHours += (at("effective_fp4_eflops") / 1e18) * hoursOf(month) * discount;
  }
  // Where sunk, the opening is still reported but in no present value.
  if (!isSunk) present += opening;
  const netCost = present - residual * (1 + rate) ** (-input.monthCount / 12);
  return new Map([
    ["cost_provider_pv_usd", present],
    ["provider_opening_cash_usd", opening],
    ["provider_residual_usd", residual],
    ["levelised_cost_usd_per_chip_hour", perUnit(netCost, chipHours)],
    ["levelised_cost_usd_per_effective_fp4_eflop_hour", perUnit(netCost, exaflopHours)],
  ]);
}
