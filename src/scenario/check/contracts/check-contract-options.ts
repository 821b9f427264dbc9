import { noticeOf, timesOf } from "../../contract-options.ts";
import { statesRead } from "../../language/evaluate.ts";
import { formatMonth } from "../../language/format-expr.ts";
import { splitState } from "../../language/state-names.ts";
import { evaluateAt, plainValue } from "../../plain-value.ts";
import { type CheckContext, isGiven, reportInvalid, reportMissing } from "../../read/check-context.ts";

const OPTIONS = ["extension", "termination"] as const;

/** Uniforms at which an uncertain date is early and late. */
const ENDS = [0.001, 0.999] as const;

/** What a condition may not read, because it follows from whether the contract is open. */
const EFFECTS: ReadonlySet<string> = new Set(["merchant_revenue"]);

/**
 * Checks a contract's options to go on and to end: each has what it needs, reads nothing that follows from it, and none comes
 * too late.
 *
 * Fails: never; faults are added to the context.
 */
export function checkOptions(context: CheckContext, contract: string): void {
  const path = `contracts.${contract}`;
  const stated = OPTIONS.filter((option) => context.fields.has(`${path}.${option}.when`));
  for (const option of OPTIONS) checkParts(context, `${path}.${option}`);
  const relief = context.fields.get(`${path}.shortfall_relief`);
  for (const option of stated) {
    checkEffects(context, `${path}.${option}.when`);
    if (relief?.choice !== "extend_term") continue;
    const reason = `the end of the contract moves with late deliveries, and the ${option} is tested before its end`;
    reportInvalid(context, relief.path, reason, { help: "write `shortfall_relief: reduce` or `none`" });
  }
  checkDates(context, contract);
}

/** A condition, and for an extension its length. */
function checkParts(context: CheckContext, path: string): void {
  const isExtension = path.endsWith(".extension");
  const others = isExtension ? ["term", "notice", "times"] : ["from", "notice", "fee"];
  const isAny = ["when", ...others].some((field) => context.fields.has(`${path}.${field}`));
  if (!isAny) return;
  if (!isGiven(context, `${path}.when`))
    reportMissing(
      context,
      path,
      "when",
      "write the condition under which it happens, such as a date of `let`",
    );
  if (isExtension && !isGiven(context, `${path}.term`))
    reportMissing(context, path, "term", "write how long an extension is, `term: 2 years`");
}

/** A condition may not read what follows from the contract's end; with a cash floor deliveries do. */
function checkEffects(context: CheckContext, path: string): void {
  const expr = context.fields.get(path)?.expr;
  if (!expr) return;
  const read = statesRead(expr);
  const effect = read.find((name) => EFFECTS.has(splitState(name)[1]));
  if (effect !== undefined)
    reportInvalid(context, path, `it reads its own effect: \`${effect}\` begins when the contract ends`, {
      help: "read chips, power or work, such as `total.chips_energised`",
    });
  else if (read.length > 0 && context.fields.has("buyer.cash.floor"))
    reportInvalid(
      context,
      path,
      `it reads its own effect: deliveries wait for the buyer's cash, which what is paid under the contract changes, and \`${read[0]}\` follows from deliveries`,
      { beside: "buyer.cash.floor", help: "let the condition read dates alone" },
    );
}

/** Notice fits into the term, a termination begins within it, and nothing is extended that was terminated. */
function checkDates(context: CheckContext, contract: string): void {
  const path = `contracts.${contract}`;
  const monthsOf = (field: string) => plainValue(context, `${path}.${field}`);
  const [start, term] = [monthsOf("start"), monthsOf("term")];
  if (start === undefined || term === undefined) return;
  const end = start + Math.round(term);
  const fee = context.fields.get(`${path}.termination.fee`);
  // Draws are checked here, too, because the field's own range is that of an amount.
  const most =
    fee?.expr && fee.dimension === "fraction" ? evaluateAt(context, fee.expr, start, () => ENDS[1]) : 0;
  if (fee && most > 1)
    reportInvalid(context, fee.path, "a fee is at most all of what is released", {
      help: "write an amount of money instead",
    });
  const notice = noticeOf(monthsOf("extension.notice"));
  const isExtended = timesOf(context.fields, contract) > 0;
  if (isExtended && notice > term) {
    const given = context.fields.get(`${path}.extension.notice`)?.path ?? `${path}.extension.when`;
    reportInvalid(context, given, `a notice of ${notice} months is longer than the term`, {
      beside: `${path}.term`,
    });
  }
  const from = monthsOf("termination.from");
  if (from !== undefined && from >= end + longestExtension(context, contract)) {
    reportInvalid(context, `${path}.termination.from`, `the contract is over from ${formatMonth(end)} on`);
    return;
  }
  if (isExtended) checkTerminated(context, contract, end - notice, from ?? start);
}

function longestExtension(context: CheckContext, contract: string): number {
  const term = plainValue(context, `contracts.${contract}.extension.term`) ?? 0;
  return timesOf(context.fields, contract) * Math.round(term);
}

/** Whether a termination that waits for dates alone is certain before the month in which the extension is tested. */
function checkTerminated(context: CheckContext, contract: string, tested: number, from: number): void {
  const when = context.fields.get(`contracts.${contract}.termination.when`);
  const expr = when?.expr;
  if (!expr || statesRead(expr).length > 0) return;
  for (let month = from; month <= tested; month++) {
    // As at the end of the month before.
    const holdsAt = (uniform: number) => evaluateAt(context, expr, month - 1, () => uniform) !== 0;
    if (!ENDS.every(holdsAt)) continue;
    const reason = `notice of termination is given in ${formatMonth(month)} whatever happens, and the extension is tested in ${formatMonth(tested)}`;
    const help =
      "a terminated contract is not extended: leave one of the two out, or let the termination wait for something";
    reportInvalid(context, `contracts.${contract}.extension.when`, reason, { beside: when.path, help });
    return;
  }
}
