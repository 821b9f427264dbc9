// The list of differences that are meant: each entry with its reason.
import fs from "node:fs";
import { parse } from "yaml";
import { BaselineError } from "./build.mjs";

const PATTERNS = ["case", "command", "kind", "file", "column"];
/** Limits of a difference of cells: relative to the cell, and to the largest number of its column. */
const LIMITS = ["within", "ofLargest"];

/** Reads a list; one that is not of its form is refused, since an entry that matches by mistake hides a fault. */
export function readExpected(file) {
  const entries = parse(fs.readFileSync(file, "utf8")) ?? [];
  if (!Array.isArray(entries))
    throw new BaselineError(`${file}: a list is needed, of entries with a reason each`);
  for (const [index, entry] of entries.entries()) {
    const at = `${file}: entry ${index + 1}`;
    const strange = Object.keys(entry ?? {}).find((key) => ![...PATTERNS, ...LIMITS, "reason"].includes(key));
    if (strange)
      throw new BaselineError(
        `${at} has \`${strange}\`; there is ${[...PATTERNS, ...LIMITS].join(", ")}, reason`,
      );
    if (typeof entry?.reason !== "string") throw new BaselineError(`${at} needs a reason`);
    if (!PATTERNS.some((key) => key in entry))
      throw new BaselineError(`${at} needs one of ${PATTERNS.join(", ")}`);
    const limit = LIMITS.find((key) => key in entry && !(entry[key] >= 0));
    if (limit) throw new BaselineError(`${at}: ${limit} is a number, such as 1e-12`);
  }
  return entries;
}

/** The first entry that allows a difference. */
export function findExpected(entries, found) {
  return entries.find(
    (entry) =>
      PATTERNS.every((key) => !(key in entry) || matches(String(entry[key]), String(found[key] ?? ""))) &&
      (!("within" in entry) || (found.kind === "cells" && found.relative <= entry.within)) &&
      // A number that came or went is infinitely far away, however small it is.
      (!("ofLargest" in entry) ||
        (found.kind === "cells" && found.relative <= 2 && found.ofLargest <= entry.ofLargest)),
  );
}

/** `*` stands for any text. */
export function matches(pattern, text) {
  const parts = pattern.split("*").map((part) => part.replace(/[.\\+?^${}()|[\]]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}
