/**
 * The chips of one site, month by month, as a list of cohorts per part: sections 4 to 6 of docs/model.md, and the
 * cost that goes with each cohort (9.1). No cumulative sums: every cohort is aged, thinned and written down one by one.
 */

import { boughtBook, type Hire, openHire, payHire, stayOf } from "./reference-hire.ts";
import {
  type Columns,
  column,
  duration,
  fits,
  type ReferenceInput,
  ratio,
  required,
  sumOf,
  type Window,
} from "./reference-input.ts";
import {
  availableFrom,
  delayedShare,
  deliverPath,
  designPue,
  dueShare,
  type Part,
  plannedShare,
  retireMonthOf,
  unitCost,
} from "./reference-parts.ts";

type Cohort = {
  readonly energisedMonth: number;
  /** Chips still there. */
  chips: number;
  /** What the chips still there cost. */
  cost: number;
  /** Equal parts of the cost written down so far. */
  partsWritten: number;
};

/** One part while the months go by. */
export type PartLedger = {
  readonly part: Part;
  readonly priority: number;
  readonly itWatts: number;
  /** Facility watts per chip at design PUE. */
  readonly facilityWatts: number;
  readonly life: number;
  /** Month from which on the fleet has no chips. */
  readonly retireMonth: number;
  readonly bookLife: number;
  readonly commissioning: number;
  readonly monthlyFailure: number;
  readonly sparesReplace: boolean;
  /** Absent where the provider or the buyer buys the chips. */
  readonly hire: Hire | undefined;
  /** Who buys the chips. */
  readonly owner: "provider" | "buyer" | "others";
  readonly waitForPower: number | undefined;
  cohorts: Cohort[];
  stranded: number;
  /** Cost of the stranded chips. */
  pool: number;
  /** Due, but held back for want of power. */
  queue: number;
  /** Successors whose chip is not available yet. */
  successorsWaiting: number;
  /** Due, but held back for want of money: of the first purchase, and successors. */
  unfunded: number;
  unfundedSuccessors: number;
  /** Whether money lets deliveries land this month. */
  isFunded: boolean;
  /** Landed of the first purchase, so far. */
  landedOfSize: number;
  /** Scratch values of the month. */
  now: { retired: number; replacements: number; ownDue: number; landed: number; curtailed: number };
  /** Results by month of the window. Names that begin with `_` are for the referee alone. */
  readonly columns: Columns;
};

export function openLedger(input: ReferenceInput, part: Part): PartLedger {
  const fleet = `fleets.${part.fleet}`;
  const yearlyFailure = required(input, `chips.${part.chip}.failure_rate`);
  const itWatts = required(input, `chips.${part.chip}.it_power`);
  const waitPath = deliverPath(input, part, "wait_for_power");
  const wait = input.number(waitPath, input.startMonth);
  return {
    part,
    priority: required(input, `${fleet}.priority`),
    itWatts,
    facilityWatts: itWatts * designPue(input, part.site),
    life: stayOf(input, part.fleet),
    retireMonth: retireMonthOf(input, part.fleet),
    bookLife: duration(input, `${fleet}.book_life`),
    commissioning: duration(input, `${fleet}.commissioning`),
    monthlyFailure: 1 - (1 - yearlyFailure) ** (1 / 12),
    sparesReplace: (input.word(`${fleet}.spares`) ?? "replace") === "replace",
    hire: openHire(input, part.fleet),
    owner: ownerOf(input, part.fleet),
    waitForPower: wait === undefined ? undefined : duration(input, waitPath),
    cohorts: [],
    stranded: 0,
    pool: 0,
    queue: 0,
    successorsWaiting: 0,
    unfunded: 0,
    unfundedSuccessors: 0,
    isFunded: true,
    landedOfSize: 0,
    now: { retired: 0, replacements: 0, ownDue: 0, landed: 0, curtailed: 0 },
    columns: new Map(),
  };
}

function ownerOf(input: ReferenceInput, fleet: string): PartLedger["owner"] {
  if (openHire(input, fleet) !== undefined) return "others";
  return input.word(`fleets.${fleet}.owner`) === "buyer" ? "buyer" : "provider";
}

function energised(ledger: PartLedger): number {
  return sumOf(ledger.cohorts, (cohort) => cohort.chips);
}

function energisedWatts(ledgers: readonly PartLedger[]): number {
  return sumOf(ledgers, (ledger) => energised(ledger) * ledger.facilityWatts);
}

/** The value of a cohort in the books. */
function bookValue(ledger: PartLedger, cohort: Cohort): number {
  return cohort.cost * (1 - cohort.partsWritten / ledger.bookLife);
}

/** Facility watts that the site may draw: its table, moved by the delay. */
export function powerLimit(input: ReferenceInput, site: string, month: number): number {
  // Rented chips stand where nothing limits them.
  if (isElsewhere(input, site)) return 1e12;
  return required(input, `sites.${site}.power`, month - duration(input, `sites.${site}.delay`));
}

export function isElsewhere(input: ReferenceInput, site: string): boolean {
  return (
    site === "elsewhere" &&
    input.names.fleets.some((fleet) => input.word(`fleets.${fleet}.tenure`) === "rented")
  );
}

/** Takes one site through a month. `ledgers` are those of its parts, in sorted order; `isFunded` of each is set. */
export function runSiteMonth(
  input: ReferenceInput,
  window: Window,
  site: string,
  ledgers: readonly PartLedger[],
  month: number,
): void {
  const write = (ledger: PartLedger, name: string, value: number): void => {
    column(ledger.columns, name, window.end - window.first)[month - window.first] = value;
  };
  const limit = powerLimit(input, site, month);
  for (const ledger of ledgers)
    ledger.now = { retired: 0, replacements: 0, ownDue: 0, landed: 0, curtailed: 0 };
  for (const ledger of ledgers) retire(ledger, month, write);
  for (const ledger of ledgers) fail(ledger, write);
  curtail(ledgers, limit);
  for (const ledger of ledgers) replace(input, ledger, ledgers, month);
  land(input, site, ledgers, month);
  energise(input, ledgers, limit, month, write);
  for (const ledger of ledgers) bill(input, ledger, month, write);
}

type Write = (ledger: PartLedger, name: string, value: number) => void;

function retire(ledger: PartLedger, month: number, write: Write): void {
  let writtenOff = 0;
  const staying: Cohort[] = [];
  for (const cohort of ledger.cohorts) {
    if (month - cohort.energisedMonth < ledger.life && month < ledger.retireMonth) {
      staying.push(cohort);
    } else {
      ledger.now.retired += cohort.chips;
      if (!ledger.hire) writtenOff += bookValue(ledger, cohort);
    }
  }
  ledger.cohorts = staying;
  write(ledger, "chips_retired", ledger.now.retired);
  write(ledger, "_written_off_at_retirement", writtenOff);
}

function fail(ledger: PartLedger, write: Write): void {
  let failed = 0;
  let writtenOff = 0;
  for (const cohort of ledger.cohorts) {
    failed += cohort.chips * ledger.monthlyFailure;
    if (ledger.sparesReplace) continue;
    writtenOff += bookValue(ledger, cohort) * ledger.monthlyFailure;
    cohort.chips *= 1 - ledger.monthlyFailure;
    cohort.cost *= 1 - ledger.monthlyFailure;
  }
  write(ledger, "chips_failed", failed);
  write(ledger, "chips_replaced", ledger.sparesReplace ? failed : 0);
  write(ledger, "_written_off_at_failure", writtenOff);
}

/** Where the limit fell below what is energised: the highest number loses its power first. */
function curtail(ledgers: readonly PartLedger[], limit: number): void {
  const draw = energisedWatts(ledgers);
  if (fits(draw, limit)) return;
  let excess = draw - limit;
  for (const priority of priorities(ledgers).reverse()) {
    if (excess <= 1e-9 * draw) return;
    const group = ledgers.filter((ledger) => ledger.priority === priority);
    const groupDraw = energisedWatts(group);
    const cut = fits(groupDraw, excess) ? groupDraw : excess;
    for (const ledger of group) ledger.now.curtailed = energised(ledger) * ratio(cut, groupDraw);
    excess -= cut;
  }
}

/** What a limit leaves free; rounding leaves nothing. */
function roomUnder(limit: number, used: number): number {
  return limit - used > 1e-9 * limit ? limit - used : 0;
}

function priorities(ledgers: readonly PartLedger[]): number[] {
  return [...new Set(ledgers.map((ledger) => ledger.priority))].sort((a, b) => a - b);
}

/** Successors land `lead` months before what they replace retires; what fails until then is not replaced. */
function replace(
  input: ReferenceInput,
  old: PartLedger,
  ledgers: readonly PartLedger[],
  month: number,
): void {
  if (old.part.successor === undefined) return;
  const successor = ledgers.find(
    (other) => other.part.fleet === old.part.fleet && other.part.chip === old.part.successor,
  );
  if (successor === undefined) throw new Error(`${old.part.key} has no successor.`);
  const lead = duration(input, `fleets.${old.part.fleet}.replacement.lead`);
  if (lead >= old.life) throw new Error(`${old.part.key}: the replacement lead is not less than the life.`);
  let retiring = old.now.retired;
  if (lead > 0) {
    retiring = 0;
    for (const cohort of old.cohorts) {
      if (cohort.energisedMonth + old.life !== month + lead) continue;
      // Failures of this month are done; those of the months between are still to come.
      retiring += cohort.chips * (old.sparesReplace ? 1 : (1 - old.monthlyFailure) ** (lead - 1));
    }
  }
  if (retiring === 0) return;
  const basis = input.word(`fleets.${old.part.fleet}.replacement.basis`) ?? "power";
  let perChip = 1;
  if (basis === "power") perChip = old.itWatts / successor.itWatts;
  if (basis === "spend") {
    const oldCost = unitCost(input, old.part.chip, month);
    const newCost = unitCost(input, successor.part.chip, month);
    perChip = ratio(oldCost.chip + oldCost.network, newCost.chip + newCost.network);
  }
  successor.now.replacements += perChip * retiring;
}

/** What is due lands, except in parts that wait for power. Replacements never wait. */
function land(input: ReferenceInput, site: string, ledgers: readonly PartLedger[], month: number): void {
  for (const ledger of ledgers) {
    const { size } = ledger.part;
    ledger.now.ownDue =
      size * dueShare(input, ledger.part, month) - size * dueShare(input, ledger.part, month - 1);
    ledger.successorsWaiting += ledger.now.replacements;
    if (month >= availableFrom(input, ledger.part.chip)) {
      ledger.unfundedSuccessors += ledger.successorsWaiting;
      ledger.successorsWaiting = 0;
    }
    ledger.unfunded += ledger.now.ownDue;
    if (!ledger.isFunded || month >= ledger.retireMonth) continue;
    ledger.now.landed = ledger.unfundedSuccessors;
    ledger.now.ownDue = ledger.unfunded;
    ledger.unfundedSuccessors = 0;
    ledger.unfunded = 0;
    if (ledger.waitForPower === undefined) {
      ledger.now.landed += ledger.now.ownDue;
      ledger.landedOfSize += ledger.now.ownDue;
    } else {
      ledger.queue += ledger.now.ownDue;
    }
  }
  const standing = sumOf(
    ledgers,
    (ledger) => (energised(ledger) + asking(ledger, month)) * ledger.facilityWatts,
  );
  let landing = sumOf(ledgers, (ledger) => ledger.now.landed * ledger.facilityWatts);
  for (const priority of priorities(ledgers)) {
    const waiting = ledgers.filter(
      (ledger) =>
        ledger.priority === priority && ledger.waitForPower !== undefined && month < ledger.retireMonth,
    );
    const wanted = sumOf(waiting, (ledger) => ledger.queue * ledger.facilityWatts);
    let released = 0;
    for (const ledger of waiting) {
      const room = roomUnder(powerLimit(input, site, month + (ledger.waitForPower ?? 0)), standing + landing);
      const chips = fits(wanted, room) ? ledger.queue : ledger.queue * (room / wanted);
      ledger.queue -= chips;
      ledger.now.landed += chips;
      ledger.landedOfSize += chips;
      released += chips * ledger.facilityWatts;
    }
    landing += released;
  }
}

/** Chips without power that still ask for it: a retired fleet does not. */
function asking(ledger: PartLedger, month: number): number {
  return month < ledger.retireMonth ? ledger.stranded : 0;
}

function energise(
  input: ReferenceInput,
  ledgers: readonly PartLedger[],
  limit: number,
  month: number,
  write: Write,
): void {
  let free = roomUnder(limit, energisedWatts(ledgers));
  for (const priority of priorities(ledgers)) {
    const group = ledgers.filter((ledger) => ledger.priority === priority);
    const asked = sumOf(
      group,
      (ledger) => (asking(ledger, month) + ledger.now.landed) * ledger.facilityWatts,
    );
    const all = asked <= free + 1e-9 * limit;
    for (const ledger of group) {
      const isRented = ledger.hire?.tenure === "rented";
      const isOwned = ledger.owner === "provider";
      const isBuyers = ledger.owner === "buyer";
      const cost = isRented ? { chip: 0, network: 0 } : unitCost(input, ledger.part.chip, month);
      const askedChips = ledger.stranded + ledger.now.landed;
      const share = month >= ledger.retireMonth ? 0 : all ? 1 : free / asked;
      const granted = askedChips * share;
      const poolBefore = ledger.pool + ledger.now.landed * (cost.chip + cost.network);
      const grantedCost = granted === askedChips ? poolBefore : poolBefore * (granted / askedChips);
      if (granted > 0) {
        ledger.cohorts.push({ energisedMonth: month, chips: granted, cost: grantedCost, partsWritten: 0 });
      }
      ledger.stranded = askedChips - granted;
      ledger.pool = poolBefore - grantedCost;
      write(ledger, "chips_landed", ledger.now.landed);
      write(ledger, "chips_energised_new", granted);
      write(ledger, "_landed_chip_cost", isOwned ? ledger.now.landed * cost.chip : 0);
      write(ledger, "_landed_network_cost", isOwned ? ledger.now.landed * cost.network : 0);
      write(ledger, "_energised_cost", grantedCost);
      write(ledger, "_price", isOwned ? cost.chip : 0);
      write(ledger, "_buyer_price", isBuyers ? cost.chip : 0);
      const buyers = isBuyers ? ledger.now.landed * (cost.chip + cost.network) : 0;
      write(ledger, "buyer_chip_landed_cost_usd", buyers);
    }
    free = all ? roomUnder(limit, limit - free + asked) : 0;
  }
}

/** The stocks after the month's events, and the month's depreciation. */
function bill(input: ReferenceInput, ledger: PartLedger, month: number, write: Write): void {
  const { part, now } = ledger;
  let depreciation = 0;
  let productive = 0;
  let productiveNew = 0;
  for (const cohort of ledger.cohorts) {
    const age = month - cohort.energisedMonth;
    if (age >= ledger.commissioning) {
      productive += cohort.chips;
      if (cohort.partsWritten < ledger.bookLife) {
        cohort.partsWritten += 1;
        depreciation += cohort.cost / ledger.bookLife;
      }
    }
    if (age === ledger.commissioning) productiveNew += cohort.chips;
  }
  const count = energised(ledger);
  const using = count - now.curtailed;
  productive *= 1 - ratio(now.curtailed, count);

  const planned = part.size * plannedShare(input, part, month);
  const due = part.size * dueShare(input, part, month);
  write(ledger, "chips_planned", planned);
  write(ledger, "_planned_not_due", planned - due);
  write(
    ledger,
    "chips_deferred",
    part.size * (delayedShare(input, part, month) - dueShare(input, part, month)),
  );
  write(ledger, "chips_undelivered", part.size - ledger.landedOfSize + ledger.unfundedSuccessors);
  write(ledger, "chips_installed", count + ledger.stranded);
  write(ledger, "chips_energised", count);
  write(ledger, "chips_stranded", ledger.stranded);
  write(ledger, "chips_curtailed", now.curtailed);
  write(ledger, "chips_held", ledger.queue);
  write(ledger, "chips_unfunded", ledger.unfunded + ledger.unfundedSuccessors);
  write(ledger, "chips_powered", using);
  write(ledger, "stranded_facility_power_mw", ledger.stranded * ledger.facilityWatts);
  write(ledger, "chips_productive", productive);
  write(ledger, "chips_productive_new", productiveNew);
  write(ledger, "_chips_in_use", using);
  write(ledger, "it_power_mw", using * ledger.itWatts);
  write(ledger, "facility_power_mw", using * ledger.facilityWatts);

  const { hire } = ledger;
  const bought = hire && boughtBook(input, hire, { month, cohorts: ledger.cohorts });
  if (hire) {
    const { cohorts, stranded } = ledger;
    for (const [name, value] of payHire(input, hire, { month, cohorts, stranded, productive }))
      write(ledger, name, value);
  }
  const isBuyers = ledger.owner === "buyer";
  const provided = hire || isBuyers ? 0 : ledger.pool;
  write(ledger, "_pool", provided);
  write(ledger, "buyer_stranded_cost_usd", isBuyers ? ledger.pool : 0);
  write(
    ledger,
    "_original_cost",
    sumOf(ledger.cohorts, (cohort) => cohort.cost),
  );
  const ofOwner = {
    depreciation,
    bookValue: sumOf(ledger.cohorts, (cohort) => bookValue(ledger, cohort)),
    worth: worthOf(input, ledger, month),
  };
  const nothing = { depreciation: 0, bookValue: 0, worth: 0 };
  const ofProvider = bought ?? (isBuyers ? nothing : ofOwner);
  write(ledger, "chip_depreciation_usd", ofProvider.depreciation);
  write(ledger, "chip_book_value_usd", ofProvider.bookValue);
  write(ledger, "_worth", ofProvider.worth);
  const ofBuyer = isBuyers ? ofOwner : nothing;
  write(ledger, "buyer_chip_depreciation_usd", ofBuyer.depreciation);
  write(ledger, "buyer_chip_book_value_usd", ofBuyer.bookValue);
  write(ledger, "_buyer_worth", ofBuyer.worth);
}

/** What the buyer pays to keep up chips of its own, by the index of the month: 9.6. */
export function buyersUpkeep(
  input: ReferenceInput,
  { part, owner, columns }: PartLedger,
  index: number,
): number {
  if (owner !== "buyer") return 0;
  const at = (name: string): number => columns.get(name)?.[index] ?? 0;
  const maintenance = (required(input, `fleets.${part.fleet}.maintenance`) / 12) * at("_original_cost");
  return maintenance + at("chips_replaced") * at("_buyer_price");
}

/** Value of the cohorts at the end of a month, before the haircut: 9.3. */
function worthOf(input: ReferenceInput, { part, cohorts }: PartLedger, month: number): number {
  const economicLife = duration(input, `fleets.${part.fleet}.economic_life`);
  const resale = input.curve?.(`chips.${part.chip}.resale`);
  return sumOf(cohorts, ({ cost, energisedMonth }) => {
    const age = month + 1 - energisedMonth;
    return cost * (resale ? shareAt(resale, age / 12) : Math.max(0, 1 - age / economicLife));
  });
}

/** Share of its cost that a chip is worth at an age [years]: all when new, straight between points, on as at last until 0. */
function shareAt(points: readonly (readonly [number, number])[], years: number): number {
  const corners = [[0, 1] as const, ...points];
  const above = corners.findIndex(([x]) => x >= years);
  const at = above < 0 ? corners.length - 1 : above;
  const [[x0, y0], [x1, y1]] = [corners[at - 1], corners[at]] as [
    readonly [number, number],
    readonly [number, number],
  ];
  return Math.max(0, y0 + ((y1 - y0) * (years - x0)) / (x1 - x0));
}
