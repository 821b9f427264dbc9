import { type FieldPath, pathOf } from "../../fields/index.ts";
import { valueAtPath } from "../../files/tree.ts";
import { plainValue } from "../../plain-value.ts";
import { type CheckContext, isGiven, reportInvalid, reportMissing } from "../../read/check-context.ts";
import { ELSEWHERE, leaseEndOf, tenureOf } from "../../tenure.ts";

/** Fields that only fleets of one tenure have, and whether such a fleet needs them. */
const OWN_FIELDS: Readonly<Record<string, readonly (readonly [row: FieldPath, isNeeded: boolean])[]>> = {
  leased: [
    ["fleets.*.lease", true],
    ["fleets.*.lease_term", true],
    ["fleets.*.lease_end", false],
    ["fleets.*.lease_buyout", false],
    ["fleets.*.lease_extension", false],
  ],
  rented: [
    ["fleets.*.rent", true],
    ["fleets.*.rent_term", true],
    ["fleets.*.rent_minimum", false],
    ["fleets.*.deposit", false],
  ],
};

/** The field that each end of a lease needs, and no other has. */
const END_FIELDS: Readonly<Record<string, FieldPath>> = {
  buy: "fleets.*.lease_buyout",
  extend: "fleets.*.lease_extension",
};

/**
 * Checks that a fleet has the fields of its tenure and no others, and that a lease does not outlive the chips.
 *
 * Fails: never; faults are added to the context.
 */
export function checkTenure(context: CheckContext, fleet: string): void {
  const tenure = tenureOf(context.fields, fleet);
  for (const [owner, rows] of Object.entries(OWN_FIELDS)) {
    for (const [row, isNeeded] of rows) {
      if (owner !== tenure) rejectStray(context, fleet, row, `the fleet is ${tenure}`, `tenure: ${owner}`);
      else if (isNeeded) needField(context, fleet, row, `\`tenure: ${tenure}\` needs it`);
    }
  }
  if (tenure !== "rented") rejectElsewhere(context, fleet, tenure);
  if (tenure === "owned") return;
  rejectPrice(context, fleet, tenure);
  if (tenure === "rented") checkRented(context, fleet);
  else checkLeased(context, fleet);
}

/** A fleet that is like a rented one says where it stands itself. */
function rejectElsewhere(context: CheckContext, fleet: string, tenure: string): void {
  const path = pathOf("fleets.*.site", fleet);
  if (context.fields.get(path)?.choice !== ELSEWHERE) return;
  if (context.fields.get(pathOf("sites.*.power", ELSEWHERE))?.origin.layer !== "default") return;
  const reason = `only rented chips stand there, and the fleet is ${tenure}`;
  reportInvalid(context, path, reason, { help: "name a site of the scenario" });
}

function checkRented(context: CheckContext, fleet: string): void {
  const path = pathOf("fleets.*.site", fleet);
  const reason = "rented chips stand at a site of others";
  if (valueAtPath(context.merged, path.split(".")) !== undefined) {
    reportInvalid(context, path, reason, {
      beside: pathOf("fleets.*.tenure", fleet),
      help: "leave `site` out, or write `tenure: leased` for chips of a lessor at this site",
    });
  }
  const site = pathOf("sites.*.power", ELSEWHERE);
  if (valueAtPath(context.merged, ["sites", ELSEWHERE]) !== undefined) {
    const taken = `\`${ELSEWHERE}\` is where rented chips stand, so it cannot be a site of the scenario`;
    reportInvalid(context, site, taken, { help: "give the site another name" });
  }
}

function checkLeased(context: CheckContext, fleet: string): void {
  const end = leaseEndOf(context.fields, fleet);
  for (const [of, row] of Object.entries(END_FIELDS)) {
    if (of === end) needField(context, fleet, row, `\`lease_end: ${end}\` needs it`);
    else rejectStray(context, fleet, row, `the lease ends with \`${end}\``, `lease_end: ${of}`);
  }
  const [termPath, lifePath] = [pathOf("fleets.*.lease_term", fleet), pathOf("fleets.*.life", fleet)];
  const [term, life] = [plainValue(context, termPath), plainValue(context, lifePath)];
  if (term === undefined || life === undefined) return;
  const isOver = end === "return" ? term > life : term >= life;
  if (!isOver) return;
  const reason =
    end === "return" ? "it outlives the chips" : `nothing of the chips' life is left to ${end} at its end`;
  reportInvalid(context, termPath, reason, { beside: lifePath });
}

/** Nothing is bought, so no amount of money gives a number of chips; and who owns the chips replaces what fails. */
function rejectPrice(context: CheckContext, fleet: string, tenure: string): void {
  const size = context.fields.get(pathOf("fleets.*.size", fleet));
  const reason = `${tenure} chips have no price to divide it by`;
  const beside = pathOf("fleets.*.tenure", fleet);
  if (size?.dimension === "money")
    reportInvalid(context, size.path, reason, { beside, help: "write the size in chips or power" });
  const by = pathOf("fleets.*.by", fleet);
  if (context.fields.get(by)?.choice === "spend")
    reportInvalid(context, by, reason, { beside, help: "write `by: power` or `by: chips`" });
  const spares = pathOf("fleets.*.spares", fleet);
  if (context.fields.get(spares)?.choice === "none")
    reportInvalid(context, spares, "the owner of the chips replaces those that fail", {
      beside,
      help: "write `spares: replace`; it costs the fleet nothing",
    });
}

function needField(context: CheckContext, fleet: string, row: FieldPath, why: string): void {
  if (isGiven(context, pathOf(row, fleet))) return;
  const field = row.slice("fleets.*.".length);
  reportMissing(context, `fleets.${fleet}`, field, `${why}; add it here or under \`defaults.fleets\``);
}

/** A default may be there for other fleets; what the fleet itself writes is meant. */
function rejectStray(
  context: CheckContext,
  fleet: string,
  row: FieldPath,
  why: string,
  remedy: string,
): void {
  const value = context.fields.get(pathOf(row, fleet));
  if (!value || value.origin.layer === "default" || value.origin.declaredAt !== value.path) return;
  reportInvalid(context, value.path, `${why} and reads it nowhere`, {
    beside: pathOf("fleets.*.tenure", fleet),
    help: `write \`${remedy}\`, or \`null\` to drop the value of an earlier layer`,
  });
}
