import type { Span } from "../../diagnostics/diagnostic.ts";
import { finiteOrNull } from "../../metrics/table.ts";
import type { DimensionName, DimensionVector } from "../../units/dimension.ts";
import { knowMedian, literalMedian } from "./evaluate.ts";
import type { Binding, Distribution, Expr } from "./expr.ts";
import type { NameResolver } from "./value-reader.ts";

/**
 * Figures of one file as read and checked, stored as JSON by the build: reading the catalog's values takes longer than the
 * values of most scenarios.
 *
 * Only values that no other line can change are packed: numbers, distributions of numbers and tables of these. A value
 * whose money is inflated, or that reads a name, is read again.
 */
export type PackedFigures = {
  /** Words of the packed texts: if a scenario gives one of them as a name, the texts mean something else. */
  readonly words: readonly string[];
  /** Dimensions that packed values point to. */
  readonly vectors: readonly DimensionVector[];
  readonly values: FigureValues;
};

/** Packed figures of one file, by path. */
export type StoredFigures = Pick<PackedFigures, "words" | "vectors"> & {
  readonly valueAt: (path: string) => PackedFigure | undefined;
};

/** Values by path. */
export type FigureValues = Readonly<Record<string, PackedFigure>>;

type PackedFigure = readonly [expr: PackedExpr, dimension?: DimensionName];

type Place = readonly [line: number, column: number, length: number];

type PackedNumber = readonly ["number", value: number, vector: number, isDate: 0 | 1, place: Place];

type PackedDistribution = readonly [
  "distribution",
  family: Distribution["family"],
  /** What the key of its uniform adds to the path. */
  suffix: string,
  parameters: readonly PackedNumber[],
  weights: readonly number[] | 0,
  /** An open end is `null`, as JSON has no infinity. */
  admissible: readonly [number | null, number | null] | 0,
  floorsAtZero: 0 | 1,
  /** Its median, so that no start draws it: most starts read hundreds, and a draw takes logarithms. */
  median: number | null,
  vector: number,
  isDate: 0 | 1,
  place: Place,
];

type PackedTable = readonly [
  "table",
  points: readonly (readonly [month: number, value: PackedNumber | PackedDistribution])[],
  before: "zero" | "hold",
  binding: Binding,
  vector: number,
  isDate: 0 | 1,
  place: Place,
];

type PackedExpr = PackedNumber | PackedDistribution | PackedTable;

/** A value as read and checked. */
export type Figure = { readonly expr: Expr; readonly dimension?: DimensionName };

/** A figure to pack, under its path, with the text in which it is written. */
export type FigureToPack = Partial<Figure> & { readonly path: string; readonly text: string };

/** Packs what can be packed of the figures of one file. */
export function packFigures(figures: readonly FigureToPack[]): PackedFigures {
  const vectors: DimensionVector[] = [];
  const words = new Set<string>();
  const values: Record<string, PackedFigure> = {};
  for (const { path, text, expr, dimension } of figures) {
    const packed = expr && pack(expr, path, vectors);
    if (!packed) continue;
    values[path] = dimension ? [packed, dimension] : [packed];
    for (const word of wordsOf(text)) words.add(word);
  }
  return { words: [...words].sort(), vectors, values };
}

/** Words of a text, which may be names of a scenario. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/[A-Za-z_]\w*/g) ?? [];
}

/** Whether no line but its own can change a value, so that it may be packed, or kept for another scenario. */
export function isClosed(expr: Expr, path: string): boolean {
  return pack(expr, path, []) !== undefined;
}

/** Gives the packed figures of a file by path, if no name of the scenario is a word in them. */
export function unpackFigures(
  { words, vectors, valueAt }: StoredFigures,
  file: string,
  names: NameResolver,
): (path: string) => Figure | undefined {
  if (words.some((word) => names.lookup(word) !== undefined)) return () => undefined;
  const frozen = vectors.map((vector) => Object.freeze(vector));
  return (path) => {
    const [packed, dimension] = valueAt(path) ?? [];
    if (!packed) return undefined;
    return { expr: unpack(packed, { path, file, vectors: frozen }), ...(dimension ? { dimension } : {}) };
  };
}

function pack(expr: Expr, path: string, vectors: DimensionVector[]): PackedExpr | undefined {
  if (expr.kind !== "table") return packDrawn(expr, path, vectors);
  const points = expr.points.map(({ month, value }) => [month, packDrawn(value, path, vectors)] as const);
  if (expr.interpolate !== "step" || !points.every(isPackedPoint)) return undefined;
  const { before, binding } = expr;
  return ["table", points, before, binding, ...packTail(expr, vectors)];
}

function isPackedPoint(
  point: readonly [number, PackedNumber | PackedDistribution | undefined],
): point is readonly [number, PackedNumber | PackedDistribution] {
  return point[1] !== undefined;
}

function packDrawn(
  expr: Expr,
  path: string,
  vectors: DimensionVector[],
): PackedNumber | PackedDistribution | undefined {
  if (expr.kind === "number") return packNumber(expr, vectors);
  if (expr.kind !== "distribution" || !expr.variable.startsWith(path)) return undefined;
  const parameters = expr.parameters.map((one) =>
    one.kind === "number" ? packNumber(one, vectors) : undefined,
  );
  if (!parameters.every((one) => one !== undefined)) return undefined;
  const { family, variable, weights, admissible, floorsAtZero } = expr;
  return [
    "distribution",
    family,
    variable.slice(path.length),
    parameters,
    weights ?? 0,
    admissible ? [finiteOrNull(admissible[0]), finiteOrNull(admissible[1])] : 0,
    floorsAtZero ? 1 : 0,
    packMedian(expr),
    ...packTail(expr, vectors),
  ];
}

function packNumber(expr: Expr & { readonly kind: "number" }, vectors: DimensionVector[]) {
  return isJson(expr.value) ? (["number", expr.value, ...packTail(expr, vectors)] as const) : undefined;
}

function packMedian(expr: Expr & Distribution): number | null {
  const median = literalMedian(expr);
  return median !== undefined && isJson(median) ? median : null;
}

/** JSON has neither infinities nor a negative zero. */
function isJson(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function packTail({ vector, isDate, span }: Expr, vectors: DimensionVector[]) {
  const key = vector.join();
  const found = vectors.findIndex((one) => one.join() === key);
  const index = found < 0 ? vectors.push(vector) - 1 : found;
  return [index, isDate ? 1 : 0, [span.line, span.column, span.length]] as const;
}

type Unpacking = {
  readonly path: string;
  readonly file: string;
  readonly vectors: readonly DimensionVector[];
};

function unpack(packed: PackedExpr, context: Unpacking): Expr {
  if (packed[0] !== "table") return unpackDrawn(packed, context);
  const [kind, points, before, binding, ...tail] = packed;
  return {
    kind,
    points: points.map(([month, value]) => ({ month, value: unpackDrawn(value, context) })),
    interpolate: "step",
    before,
    binding,
    ...unpackTail(tail, context),
  };
}

function unpackDrawn(packed: PackedNumber | PackedDistribution, context: Unpacking): Expr {
  if (packed[0] === "number") {
    const [kind, value, ...tail] = packed;
    return { kind, value, binding: "constant", ...unpackTail(tail, context) };
  }
  const [kind, family, suffix, parameters, weights, admissible, floorsAtZero, median, ...tail] = packed;
  const expr: Expr & Distribution = {
    kind,
    family,
    variable: `${context.path}${suffix}`,
    parameters: parameters.map((one) => unpackDrawn(one, context)),
    ...(weights ? { weights } : {}),
    ...(admissible
      ? {
          admissible: [
            admissible[0] ?? Number.NEGATIVE_INFINITY,
            admissible[1] ?? Number.POSITIVE_INFINITY,
          ] as const,
        }
      : {}),
    ...(floorsAtZero ? { floorsAtZero: true } : {}),
    binding: "trial",
    ...unpackTail(tail, context),
  };
  if (median !== null) knowMedian(expr, median);
  return expr;
}

function unpackTail(
  [vector, isDate, [line, column, length]]: readonly [number, 0 | 1, Place],
  { file, vectors }: Unpacking,
): { readonly vector: DimensionVector; readonly isDate: boolean; readonly span: Span } {
  return { vector: vectors[vector], isDate: isDate === 1, span: { file, line, column, length } };
}
