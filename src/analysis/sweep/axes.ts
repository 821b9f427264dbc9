import { type Diagnostic, diagnose, type Span } from "../../diagnostics/diagnostic.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { writtenPaths } from "../../scenario/files/merge.ts";
import { parseYamlValue } from "../../scenario/files/parse-yaml.ts";
import { type MapNode, type TreeNode, textOf, valueAtPath } from "../../scenario/files/tree.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { readMonth } from "../../scenario/language/month-text.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { explainMisreading } from "../../units/foreign-notation.ts";
import { parseQuantity } from "../../units/quantity.ts";
import { equalVectors } from "../../units/vector.ts";

/** Most points of a sweep; more are a typo in the step. */
export const MOST_POINTS = 1_000_000;

/** A path with its values, in the form of `--set`. */
export type Axis = {
  readonly path: string;
  readonly count: number;
  /** The value at `index`, made on demand. */
  readonly valueAt: (index: number) => string;
};

/** The points of a sweep: all combinations of the axes (the last varies fastest), or their values in parallel. */
export type Sweep = {
  readonly kind: "grid" | "zip" | "list";
  readonly axes: readonly Axis[];
  readonly count: number;
  /** Names of the points of a list. */
  readonly names?: readonly string[];
};

/** A sweep, or its faults. */
export type ReadSweep = { readonly sweep?: Sweep; readonly diagnostics: readonly Diagnostic[] };

/**
 * Parses axes of the command line, each `path=from..to..step` or `path=[a, b]`, as a grid.
 *
 * Fails: never; faults are returned.
 */
export function readOver(texts: readonly string[]): ReadSweep {
  const diagnostics: Diagnostic[] = [];
  const axes = texts.flatMap((text, index) => {
    const span = { file: "--over", line: index + 1, column: 1, length: Math.max(1, text.length) };
    const at = text.indexOf("=");
    const path = text.slice(0, Math.max(0, at)).trim();
    if (path === "") {
      diagnostics.push(refuse(text, "`path=` is missing before the values", span));
      return [];
    }
    const place = {
      file: "--over",
      layer: { kind: "set", from: "--over" },
      line: index + 1,
      column: at + 2,
    } as const;
    const parsed = parseYamlValue(text.slice(at + 1).trim(), place);
    diagnostics.push(...parsed.diagnostics);
    if (parsed.diagnostics.length > 0) return [];
    return readAxis(path, parsed.tree, span, diagnostics);
  });
  const all = { file: "--over", line: 1, column: 1, length: Math.max(1, texts[0]?.length ?? 0) };
  return finish("grid", axes, diagnostics, all);
}

/**
 * Reads the section `sweep` of a scenario.
 *
 * @return empty if the scenario has no such section
 *
 * Fails: never; faults are returned.
 */
export function readSweepSection({ tree }: Pick<Scenario, "tree">): ReadSweep | undefined {
  const kinds = (["grid", "zip", "list"] as const).filter((kind) => valueAtPath(tree, ["sweep", kind]));
  const [kind] = kinds;
  if (!kind) return undefined;
  const section = valueAtPath(tree, ["sweep", kind]);
  if (section?.kind !== "map") return undefined;
  if (kinds.length > 1) {
    const fields = kinds.map((each) => `\`${each}\``).join(" and ");
    return {
      diagnostics: [diagnose("conflict-fields", { values: { fields }, path: "sweep", span: section.span })],
    };
  }
  if (kind === "list") return readList(section);
  const diagnostics: Diagnostic[] = [];
  const axes = writtenPaths(section).flatMap(({ path, entry }) =>
    readAxis(path, entry.value, entry.value.span, diagnostics),
  );
  return finish(kind, axes, diagnostics, section.span);
}

/** Named points: the first determines the paths, and all others must have the same. */
function readList(section: MapNode): ReadSweep {
  const points = [...section.entries].map(([name, { value, keySpan }]) => ({
    name,
    keySpan,
    values: new Map(
      value.kind === "map" ? writtenPaths(value).map(({ path, entry }) => [path, textOf(entry.value)]) : [],
    ),
  }));
  const paths = [...(points[0]?.values.keys() ?? [])];
  const diagnostics = points.flatMap(({ name, keySpan, values }) => {
    const other =
      paths.find((path) => !values.has(path)) ?? [...values.keys()].find((path) => !paths.includes(path));
    if (other === undefined) return [];
    return [refuse(other, `the point \`${name}\` has other paths than the first`, keySpan)];
  });
  const axes = paths.map((path) => ({
    path,
    count: points.length,
    valueAt: (index: number) => points[index]?.values.get(path) ?? "",
  }));
  return finish(
    "list",
    axes,
    diagnostics,
    section.span,
    points.map(({ name }) => name),
  );
}

function finish(
  kind: Sweep["kind"],
  axes: readonly Axis[],
  diagnostics: Diagnostic[],
  span: Span,
  names?: readonly string[],
): ReadSweep {
  const twice = axes.find(({ path }, index) => axes.findIndex((axis) => axis.path === path) < index);
  if (twice) diagnostics.push(refuse(twice.path, "it occurs twice", span));
  const counts = axes.map((axis) => axis.count);
  const count = kind === "grid" ? counts.reduce((product, one) => product * one, 1) : (counts[0] ?? 0);
  const odd = kind === "zip" ? axes.find((axis) => axis.count !== count) : undefined;
  if (odd) {
    const reason = `it has ${odd.count} values but \`${axes[0]?.path}\` has ${count}; all axes of a zip need the same number of values`;
    diagnostics.push(refuse(odd.path, reason, span));
  }
  if (axes.length === 0 && diagnostics.length === 0)
    diagnostics.push(refuse("sweep", "there is no axis", span));
  if (count > MOST_POINTS) {
    const values = {
      subject: "the sweep",
      got: `${count.toLocaleString("en-US")} points`,
      limit: MOST_POINTS.toLocaleString("en-US"),
    };
    diagnostics.push(diagnose("too-large", { values, span, help: "take a larger step, or fewer axes" }));
  }
  if (diagnostics.length > 0) return { diagnostics };
  return { sweep: { kind, axes, count, ...(names ? { names } : {}) }, diagnostics };
}

function readAxis(path: string, node: TreeNode | undefined, span: Span, diagnostics: Diagnostic[]): Axis[] {
  if (!node || (node.kind === "scalar" && (node.isNull || node.text.trim() === ""))) {
    diagnostics.push(refuse(path, "it has no values", span));
    return [];
  }
  if (node.kind === "list") {
    const texts = node.items.map(textOf);
    if (texts.length === 0) diagnostics.push(refuse(path, "it has no values", span));
    return texts.length === 0 ? [] : [{ path, count: texts.length, valueAt: (index) => texts[index] ?? "" }];
  }
  const text = textOf(node);
  if (node.kind === "map" || !text.includes("..")) return [{ path, count: 1, valueAt: () => text }];
  const range = readRange(text);
  if (typeof range === "string") {
    diagnostics.push(refuse(path, range, span));
    return [];
  }
  return [{ path, ...range }];
}

/** A number with its unit, or a month. */
type Step = {
  readonly value: number;
  readonly unit: string;
  readonly decimals: number;
  readonly isMonth: boolean;
};

/** Whether two names mean one unit, such as `chip` and `chips`. */
function isSameUnit(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [a, b].map((unit) => parseQuantity(`1 ${unit}`).value);
  return one !== undefined && other?.si === one.si && equalVectors(one.vector, other.vector);
}

/** Values of `from..to..step`, or the fault. */
function readRange(text: string): Omit<Axis, "path"> | string {
  const parts = text.split("..").map((part) => part.trim());
  if (parts.length !== 3) return "write a range as `from..to..step`";
  const misread = parts.map(explainPart).find((reason) => reason !== undefined);
  if (misread) return misread;
  const [from, to, step] = parts.map(readStep);
  if (!from || !to || !step)
    return "write numbers with units, or months, as the ends and the step of a range";
  if (from.isMonth !== to.isMonth || step.isMonth) return "its ends and its step have different dimensions";
  if (from.isMonth && !/^(month|months|year|years)$/.test(step.unit))
    return "write the step between months in months or years";
  const written = [from, to, ...(from.isMonth ? [] : [step])]
    .map(({ unit }) => unit)
    .filter((unit) => unit !== "");
  const units = [...new Set(written)].filter(
    (unit, index, all) => all.findIndex((other) => isSameUnit(unit, other)) === index,
  );
  if (units.length > 1)
    return `write its ends and its step in one unit, not in ${units.map((unit) => `\`${unit}\``).join(" and ")}`;
  const scale = from.isMonth && step.unit.startsWith("year") ? 12 : 1;
  const width = step.value * scale;
  if (width === 0) return "its step is 0";
  const count = Math.floor((to.value - from.value) / width + TOLERANCE) + 1;
  if (!(count >= 1))
    return `it has no points: the step of \`${parts[2]}\` does not lead from \`${parts[0]}\` to \`${parts[1]}\``;
  if (from.isMonth && !Number.isInteger(width))
    return "a step between months must be a whole number of months";
  const [unit = ""] = units;
  const decimals = Math.max(from.decimals, step.decimals);
  const valueAt = (index: number): string => {
    const value = from.value + index * width;
    if (from.isMonth) return formatMonth(value);
    const number = String(Number(value.toFixed(Math.min(20, decimals))));
    return unit === "" ? number : unit === "%" ? `${number} %` : `${number} ${unit}`;
  };
  return { count, valueAt };
}

/** Why an end or a step is not the number that its digits seem to say. */
function explainPart(text: string): string | undefined {
  const misreading = readMonth(text) === undefined ? explainMisreading(text) : undefined;
  if (misreading) {
    const { reason, help } = misreading;
    return [`\`${text}\`: ${reason || "it is not a finite number"}`, ...(help ? [help] : [])].join("; ");
  }
  const step = readStep(text);
  return step && !Number.isFinite(step.value) ? `\`${text}\` is not a finite number` : undefined;
}

function readStep(text: string): Step | undefined {
  const month = readMonth(text);
  if (month !== undefined) return { value: month, unit: "", decimals: 0, isMonth: true };
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?)\s*(\D.*)?$/i.exec(text);
  if (!match?.[1]) return undefined;
  const [, number, exponent, unit = ""] = match;
  const fraction = /\.(\d+)/.exec(number)?.[1]?.length ?? 0;
  const decimals = Math.max(0, fraction - Number(exponent ?? 0));
  return { value: Number(number), unit: unit.trim(), decimals, isMonth: false };
}

function refuse(axis: string, reason: string, span?: Span): Diagnostic {
  return diagnose("invalid-axis", { values: { axis, reason }, span });
}
