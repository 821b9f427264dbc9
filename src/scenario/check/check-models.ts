import { TOLERANCE } from "../../metrics/tolerance.ts";
import { plainValue } from "../plain-value.ts";
import { type CheckContext, isGiven, reportInvalid, reportMissing } from "../read/check-context.ts";

/**
 * Checks the rules over several fields of a model: fields its kind of attention needs, and parts no larger than the
 * whole.
 *
 * Fails: never; faults are added to the context.
 */
export function checkModel(context: CheckContext, model: string): void {
  const path = `models.${model}`;
  const attention = context.fields.get(`${path}.attention`)?.choice;
  const needed = attention === "gqa" ? "kv_heads" : attention === "mla" ? "kv_latent" : undefined;
  if (needed && !isGiven(context, `${path}.${needed}`))
    reportMissing(context, path, needed, `\`attention: ${attention}\` needs it`);
  if (isGiven(context, `${path}.local_layers`) && !isGiven(context, `${path}.local_window`))
    reportMissing(context, path, "local_window", "`local_layers` needs it");
  for (const [part, whole] of [
    ["local_layers", "layers"],
    ["active_parameters", "parameters"],
    ["experts_active", "experts"],
    ...(attention === "gqa" ? ([["kv_heads", "heads"]] as const) : []),
  ] as const)
    checkOrder(context, path, part, whole);
  checkExperts(context, path);
}

function checkOrder(context: CheckContext, path: string, part: string, whole: string): void {
  const inside = plainValue(context, `${path}.${part}`);
  const outside = plainValue(context, `${path}.${whole}`) ?? (whole === "experts" ? 1 : undefined);
  if (inside === undefined || outside === undefined || inside <= outside) return;
  reportInvalid(context, `${path}.${part}`, `it is more than \`${whole}\``, {
    beside: `${path}.${whole}`,
    help: `give at most as many as \`${whole}\``,
  });
}

/** A token uses its share of the experts and all other weights, so the active weights are at least that share. */
function checkExperts(context: CheckContext, path: string): void {
  const value = (field: string) => plainValue(context, `${path}.${field}`);
  const [all, active] = [value("parameters"), value("active_parameters")];
  const [experts = 1, used = 1] = [value("experts"), value("experts_active")];
  if (all === undefined || active === undefined || active > all) return;
  if (used >= experts && active < all * (1 - TOLERANCE)) {
    const reason = "a dense model uses all of its weights; give `experts` and `experts_active`";
    reportInvalid(context, `${path}.active_parameters`, reason, { beside: `${path}.parameters` });
  } else if (used < experts && active < all * (used / experts) * (1 - TOLERANCE)) {
    const reason = "it is less than the share of the experts that a token uses";
    reportInvalid(context, `${path}.active_parameters`, reason, { beside: `${path}.experts_active` });
  }
}
