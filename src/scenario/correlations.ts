import { factorise } from "../engine/operations/cholesky.ts";
import { partsOf } from "./language/evaluate.ts";
import type { Expr } from "./language/expr.ts";
import type { FieldValue, Scenario } from "./scenario.ts";

/** Two uncertain values that move together, as stated under `correlation`. */
export type CorrelatedPair = {
  /** Name under `correlation`. */
  readonly name: string;
  /** Keys of the two variables. */
  readonly keys: readonly [string, string];
  /** Correlation of their normal scores. */
  readonly value: number;
};

/** Variables joined by pairs, directly or through other variables. */
export type CorrelatedGroup = {
  /** Keys, sorted. */
  readonly keys: readonly string[];
  /** Cholesky factor of their correlation matrix, [row][column]. */
  readonly lower: Float64Array;
};

/** The matrix of a group, not yet checked to be a correlation matrix. */
export type CorrelationMatrix = { readonly keys: readonly string[]; readonly matrix: Float64Array };

/**
 * The groups of correlated variables of a checked scenario, sorted.
 *
 * Fails: never, for a scenario without errors.
 */
export function listCorrelatedGroups({ fields, lets }: Scenario): readonly CorrelatedGroup[] {
  return joinPairs(
    readPairs(new Map([...fields, ...lets.map((value) => [value.path, value] as const)])),
  ).flatMap(({ keys, matrix }) => {
    const lower = factorise(matrix, keys.length);
    return lower ? [{ keys, lower }] : [];
  });
}

/** The pairs that can be read; `checkCorrelations` reports the others. */
export function readPairs(fields: ReadonlyMap<string, FieldValue>): readonly CorrelatedPair[] {
  return [...fields.values()].flatMap(({ path, texts }) => {
    const name = /^correlation\.([^.]+)\.between$/.exec(path)?.[1];
    if (name === undefined || texts?.length !== 2) return [];
    const keys = texts.flatMap((text) => variableOf(fields.get(text)?.expr) ?? []);
    const expr = fields.get(`correlation.${name}.value`)?.expr;
    if (keys.length !== 2 || expr?.kind !== "number") return [];
    return [{ name, keys: [keys[0], keys[1]] as const, value: expr.value }];
  });
}

/** Key of the only variable that an expression draws itself; undefined if it draws none or several. */
export function variableOf(expr: Expr | undefined): string | undefined {
  const found = new Set<string>();
  const visit = (part: Expr): void => {
    if (part.kind === "distribution") found.add(part.variable);
    for (const inner of partsOf(part)) visit(inner);
  };
  if (expr) visit(expr);
  return found.size === 1 ? [...found][0] : undefined;
}

/** Groups joined by pairs, each with its matrix; a pair that is not stated has correlation 0. */
export function joinPairs(pairs: readonly CorrelatedPair[]): readonly CorrelationMatrix[] {
  const groupOf = new Map<string, Set<string>>();
  for (const { keys } of pairs) {
    const joined = new Set(keys.flatMap((key) => [...(groupOf.get(key) ?? [key])]));
    for (const key of joined) groupOf.set(key, joined);
  }
  return [...new Set(groupOf.values())]
    .map((group) => [...group].sort())
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((keys) => {
      const matrix = new Float64Array(keys.length * keys.length);
      for (const [index] of keys.entries()) matrix[index * (keys.length + 1)] = 1;
      for (const pair of pairs) {
        const [row, column] = pair.keys.map((key) => keys.indexOf(key));
        if (row < 0) continue;
        matrix[row * keys.length + column] = pair.value;
        matrix[column * keys.length + row] = pair.value;
      }
      return { keys, matrix };
    });
}
