import { DIMENSIONS } from "../../units/dimension.ts";
import type { FieldSpec } from "./field.ts";
import { listChoices } from "./words.ts";

/** The values a field takes, in words: `a power`, `` `owned` or `leased` ``, `a month`. */
export function kindInWords(spec: FieldSpec): string {
  switch (spec.kind) {
    case "quantity":
      return (spec.dimensions ?? []).map((name) => DIMENSIONS[name].label).join(" or ");
    case "share":
      return "a fraction or `rest`";
    case "date":
      return "a month";
    case "choice":
      return listChoices(spec.choices ?? []);
    case "boolean":
      return "`true` or `false`";
    case "integer":
      return spec.choices ? listChoices(spec.choices) : "a whole number";
    case "text":
      return "a text";
    case "reference":
      return `the name of a ${nameOfMember(spec)}`;
    case "references":
      return `the name of a ${nameOfMember(spec)}, or a list of names`;
    case "condition":
      return "a condition";
    case "any":
      return "any quantity or month";
    case "texts":
      return "a text or a list of texts";
    case "curve":
      return `pairs [${spec.axes?.map(({ unit }) => unit).join(", ")}]`;
    case "tree":
      return "a map of changes";
  }
}

/** The word for a member of the collection referred to. */
function nameOfMember({ refers = "chips" }: FieldSpec): string {
  return refers === "financing" ? "tranche" : refers.replace(/s$/, "");
}

/** The admissible range: `between 0 W and 1 TW`; empty if it is unlimited. */
export function rangeInWords({ range: [low, high] = [undefined, undefined] }: FieldSpec): string {
  if (low !== undefined && high !== undefined) return `between ${low} and ${high}`;
  if (low !== undefined) return `at least ${low}`;
  return high === undefined ? "" : `at most ${high}`;
}

/** The values allowed in a field, for a message: `a power between 0 W and 1 TW, such as 40 MW`. */
export function expectedInWords(spec: FieldSpec): string {
  const range = rangeInWords(spec);
  const kind = `${kindInWords(spec)}${range ? ` ${range}` : ""}`;
  if (spec.choices || spec.kind === "boolean") return kind;
  // One value shows a unit better than a table does.
  const [dimension] = spec.dimensions ?? [];
  const example = dimension && spec.example.startsWith("{") ? DIMENSIONS[dimension].example : spec.example;
  return `${kind}, such as \`${example}\``;
}

/** How the value may vary, in words. */
export function varianceInWords(spec: FieldSpec): string {
  if (spec.varies === "month") return "by month";
  return spec.varies === "trial" ? "by trial" : "fixed";
}

/** The text of a field and the values it takes, as an editor shows it. */
export function describeField(spec: FieldSpec): string {
  const range = rangeInWords(spec);
  const kind = kindInWords(spec);
  const parts = [`${kind.charAt(0).toUpperCase()}${kind.slice(1)}${range ? ` ${range}` : ""}`];
  if (spec.varies === "month") parts.push("may vary by month");
  if (spec.default !== undefined) parts.push(`default ${spec.default}`);
  if (spec.required) parts.push("required");
  return `${spec.text} ${parts.join("; ")}.`;
}
