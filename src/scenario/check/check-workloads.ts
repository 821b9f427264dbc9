import { diagnose } from "../../diagnostics/diagnostic.ts";
import { formatApart, formatQuantity } from "../../units/format.ts";
import { pathOf } from "../fields/index.ts";
import { listNames } from "../fields/words.ts";
import { formatMonth } from "../language/format-expr.ts";
import { plainValue } from "../plain-value.ts";
import { bytesOf } from "../precision.ts";
import {
  type CheckContext,
  chipsOf,
  isGiven,
  reportConflict,
  reportInvalid,
  reportMissing,
} from "../read/check-context.ts";
import { unknownReference } from "../read/read-word.ts";
import { servingWord } from "../serving-stack.ts";
import { checkMeasured } from "./check-measured.ts";

type Kind = "inference" | "training" | "stateful";

/** Fields that only some kinds of workload have; all kinds share the others. */
const OWNERS: Readonly<Record<string, readonly Kind[]>> = {
  requests: ["inference"],
  tokens: ["inference"],
  sessions: ["stateful"],
  prompt: ["inference", "stateful"],
  answer: ["inference", "stateful"],
  answer_spread: ["inference", "stateful"],
  speed: ["inference", "stateful"],
  replica: ["inference", "stateful"],
  "serving.stack": ["inference", "stateful"],
  "serving.mode": ["inference", "stateful"],
  "serving.attention": ["inference", "stateful"],
  "serving.max_batch": ["inference", "stateful"],
  "serving.occupancy": ["inference", "stateful"],
  "serving.prefill_ratio": ["inference", "stateful"],
  "serving.prompt_use": ["inference", "stateful"],
  "serving.speculation": ["inference", "stateful"],
  "serving.drafted": ["inference", "stateful"],
  history: ["stateful"],
  tier_price: ["stateful"],
  reload_bandwidth: ["stateful"],
  flop: ["training"],
  training_tokens: ["training"],
  overhead: ["training"],
  from: ["training"],
  to: ["training"],
  min_chips: ["training"],
};

/** Groups of fields; a workload of the kind gives exactly one field of each group. */
const NEEDED: Readonly<Record<Kind, readonly (readonly string[])[]>> = {
  inference: [["requests", "tokens"], ["prompt"], ["answer"], ["speed"]],
  stateful: [["sessions"], ["prompt"], ["answer"], ["history"], ["speed"]],
  training: [["flop", "training_tokens"], ["from"], ["to"]],
};

/**
 * Checks the rules over several fields of a workload: fields its kind needs or cannot use, dates in order, lengths
 * within the model's context, fleets that exist and have room for the model.
 *
 * Fails: never; faults are added to the context.
 */
export function checkWorkload(context: CheckContext, workload: string, fleets: readonly string[]): void {
  const path = `workloads.${workload}`;
  checkFleets(context, path);
  const kind = context.fields.get(`${path}.kind`)?.choice as Kind | undefined;
  if (!kind) return;
  checkFields(context, path, kind);
  checkMeasured(context, workload, fleets);
  checkValueDimension(context, path, kind);
  if (kind === "training") checkWindow(context, path);
  else {
    checkTier(context, path);
    checkContext(context, path, kind);
    checkSpeculation(context, path);
    checkPools(context, workload);
    warnOfRoom(context, path, fleets);
  }
}

/** Checks the names of the fleets a workload may run on. */
function checkFleets(context: CheckContext, path: string): void {
  const value = context.fields.get(`${path}.fleets`);
  if (!value) return;
  const known = context.namesOf("fleets");
  const names = value.texts ?? [];
  const twice = names.find((name, index) => names.indexOf(name) < index);
  const reason =
    twice === undefined ? "it names no fleet; leave it out to allow all" : `\`${twice}\` occurs twice`;
  if (names.length === 0 || twice !== undefined) reportInvalid(context, `${path}.fleets`, reason);
  for (const name of names) {
    if (known.has(name)) continue;
    const { path: place, origin } = value;
    context.diagnostics.push(unknownReference(name, "fleets", known, place, origin.span));
  }
}

function checkFields(context: CheckContext, path: string, kind: Kind): void {
  for (const [field, owners] of Object.entries(OWNERS)) {
    const value = context.fields.get(`${path}.${field}`);
    if (!owners.includes(kind) && value?.origin.declaredAt === `${path}.${field}`)
      misplaced(context, path, field, `kind: ${kind}`);
  }
  for (const group of NEEDED[kind]) {
    const given = group.filter((field) => isGiven(context, `${path}.${field}`));
    if (given.length === 0) {
      const others = group.length > 1 ? `give one of ${listNames(group)}` : `\`kind: ${kind}\` needs it`;
      reportMissing(context, path, group[0] ?? "", others);
    } else if (given.length > 1) {
      reportConflict(context, path, given);
    }
  }
}

function misplaced(context: CheckContext, path: string, field: string, kind: string): void {
  const span = context.fields.get(`${path}.${field}`)?.origin.span;
  context.diagnostics.push(
    diagnose("misplaced-field", { values: { field, kind }, path: `${path}.${field}`, span }),
  );
}

/** A training run is valued per FLOP, all other work per token. */
function checkValueDimension(context: CheckContext, path: string, kind: Kind): void {
  const value = context.fields.get(`${path}.value`);
  const needs = kind === "training" ? "price_per_flop" : "price_per_token";
  if (!value?.dimension || value.dimension === needs) return;
  const words = { price_per_flop: "a price per FLOP", price_per_token: "a price per token" } as const;
  const help = kind === "training" ? "such as `2 USD/EFLOP`" : "such as `8 USD/(million tokens)`";
  const values = { needs: words[needs], got: words[value.dimension as keyof typeof words] };
  context.diagnostics.push(
    diagnose("unit-mismatch", { values, path: `${path}.value`, span: value.origin.span, help }),
  );
}

function checkWindow(context: CheckContext, path: string): void {
  const [from, to] = [plainValue(context, `${path}.from`), plainValue(context, `${path}.to`)];
  if (from !== undefined && from < context.startMonth)
    reportInvalid(context, `${path}.from`, `it lies before \`start\`, ${formatMonth(context.startMonth)}`, {
      beside: "start",
    });
  if (from === undefined || to === undefined) return;
  if (to < from) {
    reportInvalid(context, `${path}.to`, `it lies before \`from\`, ${formatMonth(from)}`, {
      beside: `${path}.from`,
      help: `write \`${formatMonth(from)}\` or a later month`,
    });
    return;
  }
  const shortest = plainValue(context, `${path}.min_duration`) ?? 1;
  const months = to - from + 1;
  if (months >= shortest) return;
  const reason = `the window of ${formatQuantity(months, "duration")} is shorter than \`min_duration\`, ${formatQuantity(shortest, "duration")}`;
  reportInvalid(context, `${path}.to`, reason, { beside: `${path}.min_duration` });
}

/** State outside HBM needs a price and a bandwidth to come back; the other tiers need neither. */
function checkTier(context: CheckContext, path: string): void {
  const tier = context.fields.get(`${path}.tier`)?.choice;
  if (tier !== "host" && tier !== "storage") return;
  for (const field of ["tier_price", "reload_bandwidth"]) {
    if (!isGiven(context, `${path}.${field}`))
      reportMissing(context, path, field, `\`tier: ${tier}\` needs it`);
  }
}

function checkContext(context: CheckContext, path: string, kind: Kind): void {
  const model = context.fields.get(`${path}.model`)?.choice;
  const limit = plainValue(context, `models.${model}.context`);
  const lengths = ["prompt", "answer", ...(kind === "stateful" ? ["history"] : [])];
  const sum = lengths.reduce((total, field) => total + (plainValue(context, `${path}.${field}`) ?? 0), 0);
  if (limit === undefined || sum <= limit) return;
  const last = lengths.at(-1) ?? "answer";
  const [needed, held] = formatApart(sum, limit, "tokens");
  const reason = `${listNames(lengths)} together are ${needed}, but the model's context holds ${held}`;
  const left = limit - (sum - (plainValue(context, `${path}.${last}`) ?? 0));
  const help =
    left > 0 ? `write at most \`${left} tokens\`, or shorten the others` : "shorten the others too";
  reportInvalid(context, `${path}.${last}`, reason, { beside: `models.${model}.context`, help });
}

/** A step cannot keep more tokens of a sequence than it checks: the next one and the drafted ones. */
function checkSpeculation(context: CheckContext, path: string): void {
  const kept = plainValue(context, `${path}.serving.speculation`) ?? 1;
  const drafted = plainValue(context, `${path}.serving.drafted`) ?? 0;
  if (kept <= 1 + drafted) return;
  const reason = `a step keeps at most 1 + \`serving.drafted\` tokens of a sequence, ${1 + drafted} here`;
  reportInvalid(context, `${path}.serving.speculation`, reason, { beside: `${path}.serving.drafted` });
}

/** Only `mode: disaggregated` gives prompts chips of their own, whose number and use can be stated. */
function checkPools(context: CheckContext, workload: string): void {
  const { fields } = context;
  const served = { fields, names: { stacks: context.namesOf("stacks").list } };
  const mode = servingWord(
    served,
    workload,
    "mode",
    (row, ...names) => fields.get(pathOf(row, ...names))?.choice,
  );
  if (mode === "disaggregated") return;
  for (const field of ["prefill_ratio", "prompt_use"])
    if (isGiven(context, `workloads.${workload}.serving.${field}`))
      reportInvalid(
        context,
        `workloads.${workload}.serving.${field}`,
        "prompts are computed within decode steps here; leave it out, or write `serving.mode: disaggregated`",
      );
}

/** Warns where, at medians, no scale-up domain of the workload's fleets holds the model. */
function warnOfRoom(context: CheckContext, path: string, fleets: readonly string[]): void {
  const allowed = context.fields.get(`${path}.fleets`)?.texts ?? fleets;
  const model = context.fields.get(`${path}.model`)?.choice;
  const weights = plainValue(context, `models.${model}.parameters`);
  const bytes = bytesOf(context.fields.get(`models.${model}.weight_precision`));
  const chips = allowed.flatMap((fleet) => chipsOf(context, fleet));
  const domains = chips.map((chip) => {
    const usable = 1 - (plainValue(context, `chips.${chip}.serving.reserve`) ?? 0);
    const domain = plainValue(context, `chips.${chip}.scale_up_domain`) ?? 1;
    return (plainValue(context, `chips.${chip}.hbm`) ?? Number.POSITIVE_INFINITY) * usable * domain;
  });
  if (weights === undefined || bytes === undefined || domains.length === 0) return;
  const largest = Math.max(...domains);
  if (weights * bytes <= largest) return;
  const [needs, has] = formatApart(weights * bytes, largest, "memory");
  const values = { needs, has };
  const span = context.fields.get(`${path}.model`)?.origin.span;
  context.diagnostics.push(diagnose("model-without-room", { values, path, span }));
}
