import { type CheckContext, isGiven, reportMissing } from "../read/check-context.ts";

/**
 * Checks the rules over several fields of a site: PUE and electricity price after defaults, and fields its tenure
 * needs.
 *
 * Fails: never; faults are added to the context.
 */
export function checkSite(context: CheckContext, site: string): void {
  const path = `sites.${site}`;
  for (const field of ["pue", "electricity"]) {
    if (!isGiven(context, `${path}.${field}`))
      reportMissing(context, path, field, `add it here or under \`defaults.sites\``);
  }
  if (isGiven(context, `${path}.pue`) && !isGiven(context, `${path}.pue_design`)) {
    reportMissing(
      context,
      path,
      "pue_design",
      "`pue` varies by month, so it cannot serve as the design value",
    );
  }
  const tenure = context.fields.get(`${path}.tenure`)?.choice;
  const needed = tenure === "leased" ? "lease" : tenure === "owned" ? "facility" : undefined;
  if (needed === undefined || isGiven(context, `${path}.${needed}`)) return;
  const help = `\`tenure: ${tenure}\` needs it; add it here or under \`defaults.sites\``;
  reportMissing(context, path, needed, help);
}
