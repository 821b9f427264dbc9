import { diagnose } from "../../diagnostics/diagnostic.ts";
import { factorise } from "../../engine/operations/cholesky.ts";
import { joinPairs, readPairs, variableOf } from "../correlations.ts";
import { offerNames } from "../fields/words.ts";
import { valueAtPath } from "../files/tree.ts";
import { type CheckContext, isFaulty, keySpanAt, reportMissing } from "../read/check-context.ts";
import type { FieldValue } from "../scenario.ts";
import { nearestCorrelation } from "./nearest-correlation.ts";

/**
 * Checks `correlation`: each entry names two uncertain values, no pair occurs twice, and together they form a
 * correlation matrix.
 *
 * Fails: never; faults are added to the context.
 */
export function checkCorrelations(context: CheckContext, lets: readonly FieldValue[]): void {
  const section = valueAtPath(context.merged, ["correlation"]);
  if (section?.kind !== "map") return;
  const fields = new Map([...context.fields, ...lets.map((value) => [value.path, value] as const)]);
  const sound = [...section.entries.keys()].map((name) => checkPair(context, fields, name));
  if (sound.includes(false)) return;
  if (checkOnce(context, fields)) checkMatrix(context, fields);
}

/** True for a pair that names two uncertain values and their correlation. */
function checkPair(context: CheckContext, fields: ReadonlyMap<string, FieldValue>, name: string): boolean {
  const path = `correlation.${name}`;
  let isSound = true;
  for (const field of ["between", "value"]) {
    if (isFaulty(context, `${path}.${field}`)) isSound = false;
    else if (!fields.has(`${path}.${field}`)) {
      reportMissing(context, path, field, "write `{ between: [let.a, let.b], value: 0.6 }`");
      isSound = false;
    }
  }
  const between = fields.get(`${path}.between`);
  if (!isSound || !between) return false;
  const texts = between.texts ?? [];
  const refuse = (reason: string, help?: string): boolean => {
    const { span } = between.origin;
    context.diagnostics.push(
      diagnose("invalid-correlation", { values: { reason }, path: `${path}.between`, span, help }),
    );
    return false;
  };
  if (texts.length !== 2) return refuse(`it names ${texts.length} values, not two`);
  for (const text of texts) {
    const value = fields.get(text);
    // A faulty value has been reported at its own place.
    if (isFaulty(context, text)) return false;
    if (!value) return refuse(`no value has the path \`${text}\``, offer(text, fields));
    if (variableOf(value.expr) !== undefined) continue;
    const reads = value.expr && value.expr.binding !== "constant" && value.expr.binding !== "month";
    return refuse(
      `\`${text}\` is not a distribution of its own: \`${value.text}\``,
      reads
        ? "name the distribution that it reads, or give each distribution a name under `let`"
        : "give it a range",
    );
  }
  const [first, second] = texts.map((text) => variableOf(fields.get(text)?.expr));
  if (first === second) return refuse("both are the same value");
  return true;
}

function offer(text: string, fields: ReadonlyMap<string, FieldValue>): string | undefined {
  const uncertain = [...fields.values()].filter(({ expr }) => variableOf(expr) !== undefined);
  const offered = offerNames(
    text,
    uncertain.map(({ path }) => path),
  );
  return offered && `write ${offered}`;
}

function checkOnce(context: CheckContext, fields: ReadonlyMap<string, FieldValue>): boolean {
  const seen = new Map<string, string>();
  for (const { name, keys } of readPairs(fields)) {
    const key = [...keys].sort().join(" ");
    const first = seen.get(key);
    seen.set(key, name);
    if (first === undefined) continue;
    const span = keySpanAt(context.merged, ["correlation", name]);
    const reason = `\`${first}\` and \`${name}\` correlate the same two values`;
    context.diagnostics.push(
      diagnose("invalid-correlation", { values: { reason }, path: `correlation.${name}`, span }),
    );
    return false;
  }
  return true;
}

/** Rejects correlations that contradict each other and offers the nearest consistent ones. */
function checkMatrix(context: CheckContext, fields: ReadonlyMap<string, FieldValue>): void {
  const pairs = readPairs(fields);
  for (const { keys, matrix } of joinPairs(pairs)) {
    if (factorise(matrix, keys.length)) continue;
    const nearest = nearestCorrelation(matrix, keys.length);
    const own = pairs.filter((pair) => keys.includes(pair.keys[0]));
    const offered = own.map((pair) => {
      const [row, column] = pair.keys.map((key) => keys.indexOf(key));
      return `${pair.name} ${Math.trunc(nearest[row * keys.length + column] * 1000) / 1000}`;
    });
    const unstated = keys.flatMap((key, row) =>
      keys.slice(row + 1).flatMap((other, index) => {
        const value = Math.trunc(nearest[row * keys.length + row + 1 + index] * 1000) / 1000;
        const isStated = own.some((pair) => pair.keys.includes(key) && pair.keys.includes(other));
        return isStated || value === 0 ? [] : [`between ${key} and ${other} ${value}`];
      }),
    );
    const [first] = own;
    const reason = `the correlations of ${keys.length} values contradict each other (not positive definite)`;
    context.diagnostics.push(
      diagnose("invalid-correlation", {
        values: { reason },
        path: `correlation.${first.name}`,
        span: fields.get(`correlation.${first.name}.value`)?.origin.span,
        help: `the nearest consistent ones: ${[...offered, ...unstated].join(", ")}`,
      }),
    );
  }
}
