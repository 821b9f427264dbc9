/** Names and values of the program as a person reads them, who need not know how a plan is written. */
import { listed } from "../../charts/kit/numbers.ts";

/** How a value comes about. */
const MAKINGS: Readonly<Record<string, string>> = {
  "+": "sum",
  x: "product",
  "^": "power",
  "min of": "the smallest of",
  "max of": "the largest of",
  same: "the same",
  input: "from the plan",
  kernel: "computed month by month",
  identity: "computed month by month",
  rule: "by a rule",
};

export function makingInWords(how: string): string {
  return MAKINGS[how] ?? how;
}

/** A distribution as it stands in a plan, in words; what is no such map stays as it is. */
export function valueInWords(written: string): string {
  const [, inner] = /^\{ (.+) \}$/.exec(written) ?? [];
  if (inner === undefined || /[{[]/.test(inner)) return written;
  const given = new Map(
    inner.split(/, (?=\w+: )/).map((pair) => {
      const [key = "", value = ""] = pair.split(/: (.*)/s);
      return [key, value] as const;
    }),
  );
  const [low, high] = [given.get("p5") ?? given.get("min"), given.get("p95") ?? given.get("max")];
  if (low === undefined || high === undefined) return inner.replaceAll("_", " ");
  const rest = [...given].flatMap(([key, value]) => {
    if (key === "mode") return `most likely ${value}`;
    return /^(?:p5|p95|min|max|distribution)$/.test(key) ? [] : `${key.replaceAll("_", " ")} ${value}`;
  });
  return [`${low} to ${high}`, ...rest].join(", ");
}

/** Moved values that are named one by one; of more, the others are counted. */
const MOST_NAMED = 3;

/** Values as they were moved, in a list: `", with Trainium4 share at 62 %"`; empty without any. */
export function movedInWords(moved: readonly { readonly name: string; readonly value: string }[]): string {
  if (moved.length === 0) return "";
  const named = moved.slice(0, MOST_NAMED).map(({ name, value }) => `${name} at ${value}`);
  const left = moved.length - named.length;
  if (left > 0) named.push(`${left} other ${left === 1 ? "value" : "values"} moved`);
  return `, with ${listed(named)}`;
}
