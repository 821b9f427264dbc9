import { diagnose } from "../../diagnostics/diagnostic.ts";
import { formatApart, formatQuantity } from "../../units/format.ts";
import { offerNames } from "../fields/words.ts";
import { valueAtPath } from "../files/tree.ts";
import { plainValue } from "../plain-value.ts";
import {
  type CheckContext,
  chipsOf,
  formatShare,
  isGiven,
  reportInvalid,
  reportMissing,
} from "../read/check-context.ts";

/** What every measurement states. */
const NEEDED = ["model", "counts", "prompt", "answer", "precision"] as const;

/** Lengths that differ by no more than this count as the same: benchmarks draw theirs around a nominal one. */
const NEAR = 0.1;

/**
 * Checks the measurements of a workload: each states what was measured and how, is of its model and of a chip that its fleets
 * hold, and holds for its requests, its speed and its copy, at medians.
 *
 * Fails: never; faults are added to the context.
 */
export function checkMeasured(context: CheckContext, workload: string, fleets: readonly string[]): void {
  const path = `workloads.${workload}`;
  const measured = valueAtPath(context.merged, ["workloads", workload, "measured"]);
  if (measured?.kind !== "map") return;
  const kind = context.fields.get(`${path}.kind`)?.choice;
  const allowed = context.fields.get(`${path}.fleets`)?.texts ?? fleets;
  const chips = [...new Set(allowed.flatMap((fleet) => chipsOf(context, fleet)))];
  for (const [chip, { keySpan: span }] of measured.entries) {
    const at = `${path}.measured.${chip}`;
    if (kind !== "inference") {
      const values = { field: "measured", kind: `kind: ${kind}` };
      context.diagnostics.push(diagnose("misplaced-field", { values, path: at, span }));
      continue;
    }
    if (!chips.includes(chip)) {
      const values = { text: chip, reason: `no fleet that \`${workload}\` may run on has this chip` };
      const expected = offerNames(chip, chips);
      context.diagnostics.push(diagnose("invalid-value", { values, path: at, span, expected }));
    }
    checkWords(context, path, at);
    checkShape(context, path, at);
    checkSpeed(context, path, at);
    checkReplica(context, path, at);
  }
}

/** What a measurement must state, one of rate and curve, and the model and format that it was made with. */
function checkWords(context: CheckContext, path: string, at: string): void {
  for (const field of NEEDED)
    if (!isGiven(context, `${at}.${field}`)) reportMissing(context, at, field, "every measurement states it");
  const [rate, curve] = ["rate", "curve"].map((field) => isGiven(context, `${at}.${field}`));
  if (!rate && !curve) reportMissing(context, at, "curve", "or `rate`, one value for all speeds");
  if (rate && curve)
    reportInvalid(context, `${at}.rate`, "a measurement has either `rate` or `curve`", {
      beside: `${at}.curve`,
    });
  const model = context.fields.get(`${path}.model`)?.choice;
  const measured = context.fields.get(`${at}.model`)?.choice;
  if (model !== undefined && measured !== undefined && measured !== model)
    reportInvalid(context, `${at}.model`, `the workload serves \`${model}\``, { beside: `${path}.model` });
  const format = context.fields.get(`models.${model}.compute_precision`)?.choice;
  const precision = context.fields.get(`${at}.precision`)?.choice;
  if (format === undefined || precision === undefined || precision === format) return;
  const beside = `models.${model}.compute_precision`;
  reportInvalid(context, `${at}.precision`, `the model computes in \`${format}\``, { beside });
}

/** Requests unlike those measured are refused, unless they are to be scaled. */
function checkShape(context: CheckContext, path: string, at: string): void {
  if (context.fields.get(`${at}.shape`)?.choice === "scale") return;
  const help =
    "write `shape: scale` to scale by the ratio of the roofline's rates, or measure these requests";
  for (const field of ["prompt", "answer"]) {
    const [own, measured] = [plainValue(context, `${path}.${field}`), plainValue(context, `${at}.${field}`)];
    if (own === undefined || measured === undefined || Math.abs(own / measured - 1) <= NEAR) continue;
    const [asked, had] = formatApart(own, measured, "tokens");
    const reason = `the workload's \`${field}\` is ${asked}, and ${had} was measured`;
    reportInvalid(context, `${at}.${field}`, reason, { beside: `${path}.${field}`, help });
  }
  const [own, measured] = [path, at].map((each) => plainValue(context, `${each}.cache_hit`) ?? 0);
  if (Math.abs(own - measured) <= NEAR) return;
  const reason = `the workload's \`cache_hit\` is ${formatShare(own)}, and ${formatShare(measured)} was measured`;
  const place = context.fields.has(`${at}.cache_hit`) ? `${at}.cache_hit` : `${path}.cache_hit`;
  reportInvalid(context, place, reason, { beside: `${path}.cache_hit`, help });
}

/** At medians the speed lies on the curve; draws beyond it are faults of their trials. */
function checkSpeed(context: CheckContext, path: string, at: string): void {
  const points = context.fields.get(`${at}.curve`)?.curve;
  const speed = plainValue(context, `${path}.speed`);
  const [first, last] = [points?.at(0), points?.at(-1)];
  if (!first || !last || speed === undefined || (first.x <= speed && speed <= last.x)) return;
  const [slowest, fastest, own] = [first.x, last.x, speed].map((value) =>
    formatQuantity(value, "token_rate"),
  );
  const reason = `it goes from ${slowest} to ${fastest} a user, and \`speed\` is ${own}`;
  reportInvalid(context, `${at}.curve`, reason, { beside: `${path}.speed` });
}

/** A copy of another size than the measured one is another measurement. */
function checkReplica(context: CheckContext, path: string, at: string): void {
  const [own, measured] = [plainValue(context, `${path}.replica`), plainValue(context, `${at}.replica`)];
  if (own === undefined || measured === undefined || own === measured) return;
  const [asked, had] = formatApart(own, measured, "chips");
  const reason = `the workload's copies have ${asked}, the measured one ${had}`;
  reportInvalid(context, `${at}.replica`, reason, { beside: `${path}.replica` });
}
