import type { FieldSpec } from "./field.ts";

/** Members of these collections may be like another one. */
export const LIKE_COLLECTIONS = ["sites", "fleets", "chips", "contracts"] as const;

const WHAT = {
  sites: ["site", "us_east"],
  fleets: ["fleet but for its title, chip and mix", "gb300"],
  chips: ["chip", "gb300"],
  contracts: ["contract", "nov_2025"],
} as const;

/** What a member does not state, it takes from the one that it is like. */
export const likeFields = LIKE_COLLECTIONS.map((collection) => ({
  path: `${collection}.*.like` as const,
  kind: "reference" as const,
  refers: collection,
  example: WHAT[collection][1],
  text: `Takes what is not stated here from another ${WHAT[collection][0]}, with its draws.`,
})) satisfies readonly FieldSpec[];
