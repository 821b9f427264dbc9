import { pathOf } from "../../fields/index.ts";
import {
  type CheckContext,
  chipsOf,
  isGiven,
  isZero,
  reportInvalid,
  reportMissing,
} from "../../read/check-context.ts";
import { tenureOf } from "../../tenure.ts";

/**
 * Checks a fleet whose chips the buyer owns: the provider hosts them under a contract that bills nothing by the hour, and what is
 * paid for them does not run ahead of a floor of the buyer's cash.
 *
 * Fails: never; faults are added to the context.
 */
export function checkOwner(context: CheckContext, fleet: string): void {
  const path = pathOf("fleets.*.owner", fleet);
  const value = context.fields.get(path);
  if (value?.choice !== "buyer") return;
  const tenure = tenureOf(context.fields, fleet);
  if (tenure !== "owned") {
    // A default, or an `owner` inherited by `like`, was not written for this fleet.
    if (value.origin.layer === "default" || value.origin.declaredAt !== value.path) return;
    const help = "leave `owner` out, or write `tenure: owned`: the buyer's chips are bought";
    const beside = pathOf("fleets.*.tenure", fleet);
    reportInvalid(context, path, `${tenure} chips are neither the provider's nor the buyer's`, {
      beside,
      help,
    });
    return;
  }
  checkHosting(context, fleet, path);
  checkFloor(context, fleet);
}

function checkHosting(context: CheckContext, fleet: string, path: string): void {
  const procurement = pathOf("fleets.*.procurement.contract", fleet);
  if (!isGiven(context, procurement)) {
    const help =
      "`owner: buyer` needs a contract that hosts the chips: write `procurement: { contract: NAME }`, and give it a `capacity_price`";
    reportMissing(context, `fleets.${fleet}`, "procurement.contract", help);
  }
  for (const contract of context.fields.get(procurement)?.texts ?? []) {
    for (const chip of chipsOf(context, fleet)) {
      const rate = (["contracts.*.rates.*", "contracts.*.overage_rates.*"] as const)
        .map((row) => pathOf(row, contract, chip))
        .find((each) => context.fields.has(each));
      if (rate === undefined) continue;
      const reason = `\`${rate}\` would bill the buyer by the hour for chips of its own`;
      const help = "bill hosting by a `capacity_price` or a `fee`, in a contract without a rate for the chip";
      reportInvalid(context, path, reason, { beside: rate, help });
    }
  }
}

/** What lands may depend on the buyer's cash, so that cash must not depend on what lands later. */
function checkFloor(context: CheckContext, fleet: string): void {
  const share = pathOf("fleets.*.pay_on_order", fleet);
  if (!context.fields.has("buyer.cash.floor")) return;
  const leads = chipsOf(context, fleet).map((chip) => pathOf("chips.*.lead", chip));
  if (isZero(context, share) || leads.every((lead) => isZero(context, lead))) return;
  const reason =
    "the buyer pays for its chips before they land, but the floor of its cash decides what lands";
  reportInvalid(context, share, reason, {
    beside: "buyer.cash.floor",
    help: "write `pay_on_order: 0 %`, or leave `buyer.cash` out",
  });
}
