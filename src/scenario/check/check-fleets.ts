import { diagnose } from "../../diagnostics/diagnostic.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { pathOf } from "../fields/index.ts";
import { listNames } from "../fields/words.ts";
import { constantOf } from "../language/evaluate.ts";
import { formatMonth } from "../language/format-expr.ts";
import { evaluateAt, plainValue } from "../plain-value.ts";
import {
  type CheckContext,
  formatShare,
  isFaulty,
  isGiven,
  keySpanAt,
  mixOf,
  reportConflict,
  reportInvalid,
  reportMissing,
} from "../read/check-context.ts";
import { unknownReference } from "../read/read-word.ts";
import { lifeRowOf } from "../tenure.ts";
import { checkOwner } from "./fleets/check-owner.ts";
import { checkRetirement } from "./fleets/check-retire.ts";
import { checkTenure } from "./fleets/check-tenure.ts";
import { orderMonthOf, waysOf } from "./order-month.ts";

/**
 * Checks the rules over several fields of a fleet: chip or mix, one form of delivery, shares that add to 1, dates in
 * order.
 *
 * Fails: never; faults are added to the context.
 */
export function checkFleet(context: CheckContext, fleet: string): void {
  const path = `fleets.${fleet}`;
  const members = [...(mixOf(context, fleet)?.entries.keys() ?? [])];
  checkMembers(context, fleet);
  checkChipOrMix(context, path, members);
  if (members.length > 0) checkShares(context, path, members);
  const stated = members.filter((chip) => waysOf(context, `${path}.mix.${chip}`).length > 0);
  for (const prefix of [path, ...members.map((chip) => `${path}.mix.${chip}`)]) {
    if (!isFaulty(context, `${prefix}.deliver`)) checkDelivery(context, prefix);
  }
  // If every member of a mix has its own delivery, the fleet needs none.
  const isCovered = members.length > 0 && stated.length === members.length;
  if (!isCovered && waysOf(context, path).length === 0) {
    const help = "write `deliver: { from: 2026-01, to: 2026-12 }`, `{ at: 2026-06 }` or a `schedule`";
    reportMissing(context, path, "deliver", help);
  }
  checkTenure(context, fleet);
  checkOwner(context, fleet);
  checkReplacement(context, path);
  checkRetirement(context, fleet);
  const single = context.fields.get(`${path}.chip`)?.choice;
  checkCost(context, path, members.length > 0 ? members : single === undefined ? [] : [single]);
}

/** A size in money and shares of spend are divided by a chip's cost, which therefore may not be 0. */
function checkCost(context: CheckContext, path: string, chips: readonly string[]): void {
  const size = context.fields.get(`${path}.size`);
  const isSpend = chips.length > 1 && context.fields.get(`${path}.by`)?.choice === "spend";
  if (!size || (size.dimension !== "money" && !isSpend)) return;
  for (const chip of chips) {
    const month = orderMonthOf(context, path, chip);
    const isFree = ["price", "network"].every(
      (field) => plainValue(context, `chips.${chip}.${field}`, month) === 0,
    );
    if (!isFree) continue;
    const reason = `chip \`${chip}\` costs nothing, so an amount of money buys no definite number of it`;
    const help = `write the size in chips or power, or give \`chips.${chip}\` a price`;
    reportInvalid(context, size.path, reason, { beside: `chips.${chip}.price`, help });
  }
}

/** The keys of a mix must be names of chips. */
function checkMembers(context: CheckContext, fleet: string): void {
  const known = context.namesOf("chips");
  for (const [chip, { keySpan }] of mixOf(context, fleet)?.entries ?? []) {
    if (!known.has(chip))
      context.diagnostics.push(unknownReference(chip, "chips", known, `fleets.${fleet}.mix`, keySpan));
  }
}

function checkChipOrMix(context: CheckContext, path: string, members: readonly string[]): void {
  const mixSpan = keySpanAt(context.merged, [...path.split("."), "mix"]);
  if (isFaulty(context, `${path}.mix`)) return;
  if (mixSpan && members.length === 0) {
    const values = { reason: "it has no chips" };
    context.diagnostics.push(diagnose("invalid-mix", { values, path: `${path}.mix`, span: mixSpan }));
  } else if (mixSpan && isGiven(context, `${path}.chip`)) reportConflict(context, path, ["chip", "mix"]);
  else if (!mixSpan && !isGiven(context, `${path}.chip`))
    reportMissing(context, path, "chip", "name a `chip`, or give a `mix`");
}

function checkShares(context: CheckContext, path: string, members: readonly string[]): void {
  const paths = members.map((chip) => `${path}.mix.${chip}`);
  // If a share is faulty, the others need not add up; the fault has been reported.
  for (const faulty of context.faulty) {
    if (faulty === `${path}.mix` || faulty.startsWith(`${path}.mix.`)) return;
  }
  const fault = faultOfShares(context, paths);
  if (!fault) return;
  const { reason, help } = fault;
  const span = keySpanAt(context.merged, [...path.split("."), "mix"]);
  context.diagnostics.push(diagnose("invalid-mix", { values: { reason }, path: `${path}.mix`, span, help }));
}

type MixFault = { readonly reason: string; readonly help?: string };

function faultOfShares(context: CheckContext, paths: readonly string[]): MixFault | undefined {
  const isRest = (path: string): boolean => context.fields.get(path)?.rest === true;
  const absent = paths.filter((path) => !context.fields.has(path));
  if (absent.length > 0) {
    return {
      reason: `${listNames(absent.map(chipOf))} has no share`,
      help: "write `share: 55 %` beside `deliver`",
    };
  }
  const rests = paths.filter(isRest);
  if (rests.length > 1) return { reason: `more than one part is \`rest\`: ${listNames(rests.map(chipOf))}` };
  const uncertain = paths.find((path) => {
    const expr = context.fields.get(path)?.expr;
    return expr && constantOf(expr, context.names) === undefined;
  });
  if (rests.length === 0 && uncertain !== undefined) {
    const reason = `the share of \`${chipOf(uncertain)}\` is uncertain and no part is \`rest\``;
    return { reason, help: "write `rest` for the last part" };
  }
  const sum = paths.reduce((total, path) => total + (plainValue(context, path) ?? 0), 0);
  if (rests.length === 0 && Math.abs(sum - 1) > TOLERANCE)
    return { reason: `the shares add to ${formatShare(sum)}` };
  if (sum <= 1 + TOLERANCE) return undefined;
  return { reason: `the shares add to ${formatShare(sum)}, which leaves nothing for \`rest\`` };
}

function chipOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function checkDelivery(context: CheckContext, prefix: string): void {
  const given = waysOf(context, prefix);
  const deliver = `${prefix}.deliver`;
  if (given.length > 1) {
    const fields = given.flat().filter((field) => isGiven(context, `${deliver}.${field}`));
    reportConflict(context, deliver, fields);
    return;
  }
  if (given[0]?.[0] === "schedule") checkSchedule(context, `${deliver}.schedule`);
  if (given[0]?.[0] !== "from") return;
  for (const field of ["from", "to"]) {
    if (!isGiven(context, `${deliver}.${field}`))
      reportMissing(context, deliver, field, "`from` and `to` go together; a single month is `at`");
  }
  const [from, to] = [plainValue(context, `${deliver}.from`), plainValue(context, `${deliver}.to`)];
  if (from === undefined || to === undefined || to >= from) return;
  const reason = `it lies before \`from\`, ${formatMonth(from)}`;
  const help = `write \`${formatMonth(from)}\` or a later month`;
  reportInvalid(context, `${deliver}.to`, reason, { beside: `${deliver}.from`, help });
}

/** Cumulative shares must not fall, at the dates of a table or in the months of the horizon; uncertain ones are taken at their medians. */
function checkSchedule(context: CheckContext, path: string): void {
  const { fields, startMonth, monthCount } = context;
  const expr = fields.get(path)?.expr;
  if (!expr) return;
  const steps =
    expr.kind === "table"
      ? expr.points
      : Array.from({ length: monthCount }, (_, month) => ({ month: startMonth + month, value: expr }));
  let before = 0;
  for (const { month, value } of steps) {
    const share = evaluateAt(context, value, month);
    if (share < before - TOLERANCE) {
      const reason = `the share falls to ${formatShare(share)} in ${formatMonth(month)}, and shares are cumulative`;
      const help = `write \`${formatShare(before)}\` or more: what was delivered is not taken back`;
      if (expr.kind !== "table") reportInvalid(context, path, reason, { help: "let it rise or stay" });
      else
        context.diagnostics.push(
          diagnose("invalid-table", { values: { reason }, path, span: value.span, help }),
        );
      return;
    }
    before = share;
  }
}

function checkReplacement(context: CheckContext, path: string): void {
  if (!context.fields.has(`${path}.replacement.with`)) return;
  const fleet = path.slice("fleets.".length);
  const lifePath = pathOf(lifeRowOf(context.fields, fleet), fleet);
  const [lead, life] = [plainValue(context, `${path}.replacement.lead`), plainValue(context, lifePath)];
  if (lead === undefined || life === undefined || lead < life) return;
  const reason = `it must be shorter than the chips' \`${lifePath.slice(path.length + 1)}\``;
  reportInvalid(context, `${path}.replacement.lead`, reason, { beside: lifePath });
}
