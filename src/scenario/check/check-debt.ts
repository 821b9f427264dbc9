import { diagnose } from "../../diagnostics/diagnostic.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { type FieldPath, pathOf } from "../fields/index.ts";
import { listNames } from "../fields/words.ts";
import { plainValue } from "../plain-value.ts";
import {
  type CheckContext,
  formatShare,
  isGiven,
  reportInvalid,
  reportMissing,
} from "../read/check-context.ts";
import type { Scenario } from "../scenario.ts";
import { leaseEndOf, purchaserOf, tenureOf } from "../tenure.ts";

/**
 * Checks that every loan pays for something, by a share or an amount, and is repaid within its tenor by some cash.
 *
 * Fails: never; faults are added to the context.
 */
export function checkDebt(context: CheckContext, { debt, fleets, sites }: Scenario["names"]): void {
  for (const loan of debt) {
    checkPurpose(context, loan, { fleets, sites });
    checkSize(context, loan);
    checkTimes(context, loan);
    checkSculpted(context, loan, fleets);
    checkCovenant(context, loan);
  }
  warnOfSharedSpending(context, debt);
  const [first] = debt;
  if (first === undefined || isGiven(context, "provider.equity_rate")) return;
  const help = "write `equity_rate: 15 %` under `provider`, the yearly rate that its equity asks for";
  reportMissing(context, "provider", "equity_rate", help, `debt.${first}`);
}

function checkPurpose(
  context: CheckContext,
  loan: string,
  { fleets, sites }: Pick<Scenario["names"], "fleets" | "sites">,
): void {
  const [ofFleets, ofSites] = paths(loan, "debt.*.fleets", "debt.*.sites");
  const isAny = (path: string) => isGiven(context, path) && context.fields.get(path)?.texts?.length !== 0;
  if (!isAny(ofFleets) && !isAny(ofSites))
    reportMissing(
      context,
      `debt.${loan}`,
      "fleets",
      "a loan pays for something: name `fleets`, `sites` or both",
    );
  const hired = named(context, ofFleets, fleets).find((fleet) => !hasCapital(context, fleet));
  if (hired !== undefined) {
    const isBuyers = purchaserOf(context.fields, hired) === "buyer";
    const whose = isBuyers ? "the buyer's" : tenureOf(context.fields, hired);
    const reason = `the chips of \`${hired}\` are ${whose}, and the provider spends nothing on them`;
    const beside = pathOf(isBuyers ? "fleets.*.owner" : "fleets.*.tenure", hired);
    const help = "name fleets whose chips the provider buys, or `sites`";
    reportInvalid(context, ofFleets, reason, { beside, help });
  }
  const leased = named(context, ofSites, sites).find(
    (site) => context.fields.get(pathOf("sites.*.tenure", site))?.choice === "leased",
  );
  if (leased !== undefined) {
    const reason = `\`${leased}\` is leased, and nothing is spent on its facility`;
    const help = "name sites whose facility the provider builds, or `fleets`";
    reportInvalid(context, ofSites, reason, { beside: pathOf("sites.*.tenure", leased), help });
  }
}

/** The names of a list that exist: others are faults of their own. */
function named(context: CheckContext, path: string, known: readonly string[]): readonly string[] {
  return (context.fields.get(path)?.texts ?? []).filter((name) => known.includes(name));
}

function hasCapital({ fields }: CheckContext, fleet: string): boolean {
  if (purchaserOf(fields, fleet) === "provider") return true;
  return tenureOf(fields, fleet) === "leased" && leaseEndOf(fields, fleet) === "buy";
}

/** Warns where several loans together draw more than is spent on a fleet or a site, by the shares they state. */
function warnOfSharedSpending(context: CheckContext, debt: readonly string[]): void {
  for (const kind of ["fleets", "sites"] as const) {
    const namesOf = (loan: string) => context.fields.get(pathOf(`debt.*.${kind}`, loan))?.texts ?? [];
    for (const name of new Set(debt.flatMap(namesOf)))
      warnOfShares(
        context,
        debt.filter((loan) => namesOf(loan).includes(name)),
        `${kind.slice(0, -1)} \`${name}\``,
      );
  }
}

function warnOfShares(context: CheckContext, loans: readonly string[], bought: string): void {
  const shares = loans.map((loan) => pathOf("debt.*.share", loan));
  const sum = shares.reduce((total, path) => total + (plainValue(context, path) ?? 0), 0);
  const last = context.fields.get(shares.filter((path) => context.fields.has(path)).at(-1) ?? "");
  if (sum <= 1 + TOLERANCE || !last) return;
  const reason = `${listNames(loans)} together draw ${formatShare(sum)} of what is spent on ${bought}`;
  const { path, text, origin } = last;
  const help = "lower a share; equity gets what is drawn beyond the spending";
  context.diagnostics.push(
    diagnose("doubtful-value", { values: { text, reason }, path, span: origin.span, help }),
  );
}

function checkSize(context: CheckContext, loan: string): void {
  const [share, amount] = paths(loan, "debt.*.share", "debt.*.amount");
  const isShare = isGiven(context, share);
  if (context.fields.has(share) && context.fields.has(amount)) {
    const help = "leave out one of the two";
    reportInvalid(context, amount, "`share` says how much is drawn", { beside: share, help });
  }
  if (!isShare && !isGiven(context, amount))
    reportMissing(
      context,
      `debt.${loan}`,
      "share",
      "write `share: 70 %` of the capital spending, or an `amount`",
    );
}

function checkTimes(context: CheckContext, loan: string): void {
  const [grace, tenor] = paths(loan, "debt.*.grace", "debt.*.tenor");
  const [free, whole] = [plainValue(context, grace), plainValue(context, tenor)];
  if (whole === undefined) return;
  if (free !== undefined && Math.round(free) >= Math.round(whole))
    reportInvalid(context, grace, "nothing of the tenor is left to repay the loan in", { beside: tenor });
  if (Math.round(whole) <= context.monthCount) return;
  const reason = `the scenario ends after ${context.monthCount} months, before the loan could be repaid`;
  reportInvalid(context, tenor, reason, { help: "shorten the tenor, or raise `years`" });
}

/** Cash that sizes and repays a loan comes from contracts. */
function checkSculpted(context: CheckContext, loan: string, fleets: readonly string[]): void {
  const [repayment, dscr, amount] = paths(loan, "debt.*.repayment", "debt.*.dscr", "debt.*.amount");
  if (context.fields.get(repayment)?.choice !== "sculpted") {
    if (!context.fields.has(dscr)) return;
    const help =
      "write `repayment: sculpted`; the least cover that a lender allows is `covenant: { dscr: … }`";
    reportInvalid(context, dscr, "only sculpted debt keeps a cover", { beside: repayment, help });
    return;
  }
  if (context.fields.has(dscr) && isGiven(context, amount)) {
    const reason = "an amount of sculpted debt has the one cover that repays it";
    reportInvalid(context, dscr, reason, {
      beside: amount,
      help: "leave out `dscr`, or write `share: 100 %`",
    });
  }
  const [ofFleets, ofSites] = paths(loan, "debt.*.fleets", "debt.*.sites");
  const sites = context.fields.get(ofSites)?.texts ?? [];
  const paying = fleets.filter(
    (fleet) =>
      context.fields.get(ofFleets)?.texts?.includes(fleet) === true ||
      sites.includes(context.fields.get(pathOf("fleets.*.site", fleet))?.choice ?? ""),
  );
  const isPaid = paying.some((fleet) => isGiven(context, pathOf("fleets.*.procurement.contract", fleet)));
  if (isPaid || (!isGiven(context, ofFleets) && !isGiven(context, ofSites))) return;
  const help = "give a fleet that it pays for a `procurement.contract`, or choose another repayment";
  reportInvalid(context, repayment, "no contract pays for its fleets, so no cash repays it", { help });
}

function checkCovenant(context: CheckContext, loan: string): void {
  const [least, from] = paths(loan, "debt.*.covenant.dscr", "debt.*.covenant.from");
  if (!context.fields.has(from) || isGiven(context, least)) return;
  const help = "write `covenant: { dscr: 1.15, from: … }`";
  reportInvalid(context, from, "there is no cover that must be kept from then on", { help });
}

function paths<const Rows extends readonly FieldPath[]>(
  loan: string,
  ...rows: Rows
): { [K in keyof Rows]: string } {
  return rows.map((row) => pathOf(row, loan)) as { [K in keyof Rows]: string };
}
