import { diagnose } from "../../../diagnostics/diagnostic.ts";
import { TOLERANCE } from "../../../metrics/tolerance.ts";
import { formatMonth } from "../../language/format-expr.ts";
import { plainValue } from "../../plain-value.ts";
import {
  type CheckContext,
  chipsOf,
  formatShare,
  isFaulty,
  isGiven,
  keySpanAt,
  reportConflict,
  reportInvalid,
  reportMissing,
} from "../../read/check-context.ts";
import type { Scenario } from "../../scenario.ts";
import { purchaserOf } from "../../tenure.ts";
import { checkOptions } from "./check-contract-options.ts";

/**
 * Checks the rules over several fields of contracts, of the fleets under them, and of the buyer's cash.
 *
 * Fails: never; faults are added to the context.
 */
export function checkContracts(context: CheckContext, names: Scenario["names"]): void {
  const listOf = (fleet: string) => context.fields.get(`fleets.${fleet}.procurement.contract`)?.texts ?? [];
  for (const contract of names.contracts) {
    checkTerms(context, contract);
    checkStanding(context, contract);
    checkOptions(context, contract);
    checkSchedule(context, contract);
    const fleets = names.fleets.filter((fleet) => listOf(fleet).includes(contract));
    const isDoubtful = names.fleets.some((fleet) =>
      isFaulty(context, `fleets.${fleet}.procurement.contract`),
    );
    if (fleets.length === 0 && !isDoubtful) {
      const span = keySpanAt(context.merged, ["contracts", contract]);
      const path = `contracts.${contract}`;
      context.diagnostics.push(diagnose("unused-contract", { values: { name: contract }, path, span }));
    }
    for (const fleet of fleets) checkFleetUnder(context, fleet, contract);
  }
  for (const fleet of names.fleets) checkAfterTerm(context, fleet);
  checkCash(context);
}

/** What a fleet earns after its contracts needs contracts, and a share of their rate. */
function checkAfterTerm(context: CheckContext, fleet: string): void {
  const path = `fleets.${fleet}.after_term`;
  const [share, decline] = ["share", "decline"].map((field) => context.fields.get(`${path}.${field}`));
  if (decline && !share && !isFaulty(context, `${path}.share`)) {
    reportMissing(context, path, "share", "write `share: 60 %`, of the last contracted rate");
  }
  const contracts = `fleets.${fleet}.procurement.contract`;
  if (!share || context.fields.has(contracts) || isFaulty(context, contracts)) return;
  // A default may be there for other fleets.
  if (share.origin.layer === "default" || share.origin.declaredAt !== share.path) return;
  reportInvalid(context, share.path, "the fleet has no contract whose rate it could be a share of", {
    help: "add `procurement: { contract: NAME }`, or leave `after_term` out",
  });
}

/** A commitment fits its category and has no `currency_year`. */
function checkTerms(context: CheckContext, contract: string): void {
  const path = `contracts.${contract}`;
  const isUsage = context.fields.get(`${path}.category`)?.choice === "usage";
  for (const field of ["commitment", "consumed_to_date"]) {
    const value = context.fields.get(`${path}.${field}`);
    if (!value) continue;
    if ((value.dimension === "chip_hours") !== isUsage) {
      const reason = isUsage ? "`category: usage` counts chip-hours" : "`category: spend` counts money";
      reportInvalid(context, value.path, reason, { beside: `${path}.category` });
    }
    if (value.expr?.kind === "inflated") {
      reportInvalid(context, value.path, "a commitment is never inflated: leave out `currency_year`");
    }
  }
  const consumed = context.fields.get(`${path}.consumed_to_date`);
  const start = plainValue(context, `${path}.start`);
  if (consumed && start !== undefined && start >= context.startMonth) {
    reportInvalid(
      context,
      consumed.path,
      `the contract starts in ${formatMonth(start)}, not before the scenario`,
    );
  }
}

/** A capacity price has what it counts, and amounts of money count against no commitment of hours. */
function checkStanding(context: CheckContext, contract: string): void {
  const path = `contracts.${contract}`;
  const own = `${path}.capacity_price`;
  const of = (field: string) => context.fields.get(`${path}.${field}`);
  const price = of("capacity_price.price");
  const stray = of("capacity_price.of") ?? of("capacity_price.basis");
  if (stray && !price && !isFaulty(context, `${own}.price`))
    reportMissing(context, own, "price", "write `price: 12 million USD/(MW year)`");
  const counted = of("capacity_price.of");
  if (price && counted?.choice === "contracted" && !of("capacity") && !isFaulty(context, `${path}.capacity`))
    reportMissing(context, path, "capacity", "`of: contracted` counts it; write `capacity: 2 GW`");
  if (of("category")?.choice !== "usage") return;
  for (const value of [price, of("fee")]) {
    if (!value) continue;
    const reason = "`category: usage` counts chip-hours, and this is money";
    const help = "commit to money, or put the price into a contract of its own";
    reportInvalid(context, value.path, reason, { beside: `${path}.category`, help });
  }
}

/** The shares of a schedule add to 1 and begin in the contract's first month. */
function checkSchedule(context: CheckContext, contract: string): void {
  const path = `contracts.${contract}`;
  const schedule = context.fields.get(`${path}.schedule`);
  if (!schedule?.expr) return;
  const report = (reason: string, help?: string) =>
    context.diagnostics.push(
      diagnose("invalid-schedule", {
        values: { reason },
        path: schedule.path,
        span: schedule.origin.span,
        help,
      }),
    );
  const interval = context.fields.get(`${path}.fulfillment_interval`);
  if (interval && interval.origin.layer !== "default")
    reportConflict(context, path, ["schedule", "fulfillment_interval"]);
  if (schedule.expr.kind !== "table") {
    report("it has no dates", "write `{ 2027-01: 20 %, 2029-01: 80 % }`");
    return;
  }
  const { points } = schedule.expr;
  const sum = points.reduce(
    (total, { month }) => total + (plainValue(context, schedule.path, month) ?? 0),
    0,
  );
  if (Math.abs(sum - 1) > TOLERANCE) report(`its shares add to ${formatShare(sum)} of the commitment`);
  const start = plainValue(context, `${path}.start`);
  const term = plainValue(context, `${path}.term`);
  if (start === undefined || term === undefined) return;
  if (points[0].month !== start) {
    report(
      `its first date is ${formatMonth(points[0].month)}, the contract's \`start\` ${formatMonth(start)}`,
    );
  }
  const end = start + Math.round(term);
  const late = points.find(({ month }) => month >= end);
  if (late)
    report(`its date ${formatMonth(late.month)} lies after the term, which ends ${formatMonth(end - 1)}`);
}

/** Every chip of a fleet has a rate, and the fleet lands before its last contract ends. */
function checkFleetUnder(context: CheckContext, fleet: string, contract: string): void {
  const path = `contracts.${contract}`;
  const isByMonth = [`${path}.capacity_price.price`, `${path}.fee`].some((each) => isGiven(context, each));
  const isBuyers = purchaserOf(context.fields, fleet) === "buyer";
  if (isBuyers && !isByMonth) {
    const help = `it hosts chips of the buyer's own in \`${fleet}\`: write \`capacity_price: { price: 150 USD/(kW month) }\`, or a \`fee\``;
    reportMissing(context, path, "capacity_price.price", help);
  }
  for (const chip of isByMonth || isBuyers ? [] : chipsOf(context, fleet)) {
    const rate = `${path}.rates.${chip}`;
    if (!context.fields.has(rate) && !isFaulty(context, rate)) {
      const help = `fleet \`${fleet}\` draws on it with \`${chip}\`: write \`${chip}: 3 USD/chip/hour\` under \`rates\``;
      reportMissing(context, path, `rates.${chip}`, help);
    }
  }
  const list = context.fields.get(`fleets.${fleet}.procurement.contract`);
  if (list?.texts?.at(-1) !== contract) return;
  const [start, term] = [plainValue(context, `${path}.start`), plainValue(context, `${path}.term`)];
  const firsts = [`fleets.${fleet}`, ...chipsOf(context, fleet).map((chip) => `fleets.${fleet}.mix.${chip}`)]
    .flatMap((prefix) => ["from", "at"].map((field) => plainValue(context, `${prefix}.deliver.${field}`)))
    .filter((month) => month !== undefined);
  if (start === undefined || term === undefined || firsts.length === 0) return;
  const end = start + term;
  const first = Math.min(...firsts);
  if (first < end) return;
  const values = { name: contract, end: formatMonth(end - 1), fleet, first: formatMonth(first) };
  context.diagnostics.push(
    diagnose("unreachable-contract", { values, path: list?.path ?? "", span: list?.origin.span }),
  );
}

function checkCash(context: CheckContext): void {
  const [opening, floor] = ["buyer.cash.opening", "buyer.cash.floor"].map((path) => context.fields.get(path));
  if (opening && !floor) reportMissing(context, "buyer.cash", "floor", "`opening` and `floor` go together");
  if (floor && !opening) reportMissing(context, "buyer.cash", "opening", "`opening` and `floor` go together");
}
