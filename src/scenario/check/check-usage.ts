import { diagnose, type Span } from "../../diagnostics/diagnostic.ts";
import { offerNearest } from "../../diagnostics/nearest.ts";
import { mostCompared } from "../fields/words.ts";
import { isNullNode, type MapNode, type TreeEntry, type TreeNode, valueAt } from "../files/tree.ts";
import { partsOf } from "../language/evaluate.ts";
import type { Expr } from "../language/expr.ts";
import { formatMonth } from "../language/format-expr.ts";
import { nameOfLine } from "../language/line-name.ts";
import { evaluateAt } from "../plain-value.ts";
import { type CheckContext, keySpanAt } from "../read/check-context.ts";
import type { FieldValue } from "../scenario.ts";

/** Warns of a scenario that has neither sites nor fleets, unless one of them was rejected. */
export function warnOfEmptiness(
  context: CheckContext,
  { sites, fleets }: { readonly sites: readonly string[]; readonly fleets: readonly string[] },
  file: string,
): void {
  if (sites.length > 0 || fleets.length > 0 || context.faulty.size > 0) return;
  const span = { file, line: 1, column: 1, length: 1 };
  const help = "add a site with `power` under `sites`, and a fleet with `chip`, `site`, `size` and `deliver`";
  context.diagnostics.push(diagnose("empty-scenario", { values: {}, span, help }));
}

/** Warns of sites without a fleet. */
export function warnOfUnusedSites(
  context: CheckContext,
  sites: readonly string[],
  fleets: readonly string[],
): void {
  const sitePaths = fleets.map((fleet) => `fleets.${fleet}.site`);
  // A fleet without a valid site may belong to any of them.
  if (sitePaths.some((path) => !context.fields.has(path))) return;
  const used = new Set(sitePaths.map((path) => context.fields.get(path)?.choice));
  for (const name of sites) {
    if (used.has(name)) continue;
    const span = keySpanAt(context.merged, ["sites", name]);
    context.diagnostics.push(diagnose("unused-site", { values: { name }, path: `sites.${name}`, span }));
  }
}

/** Sections of changes that are applied on request. Names that they read count as read, applied or not. */
const CHANGES = ["overrides", "mixes", "sweep"] as const;

/**
 * Reports names under `let` that nothing reads: a new name that `--set` gives as an error, because it can only be a
 * slip; a name that is there, of the scenario's own file, or of its overrides and mixes, as a warning, because another file may extend it
 * and read the name. A file it extends may define more than it needs, unless an override of that file is applied.
 *
 * @param lets   the definitions
 * @param others every other value read, defaults included
 * @param file   the scenario's own file
 */
export function checkUnusedNames(
  context: CheckContext,
  lets: readonly FieldValue[],
  others: Iterable<FieldValue>,
  file: string,
): void {
  // A faulty value has no expression, so the names it reads are unknown.
  if (context.faulty.size > 0) return;
  const { merged, diagnostics } = context;
  const read = new Set(CHANGES.flatMap((section) => wordsIn(valueAt(merged, section))));
  for (const value of [...lets, ...others]) if (value.expr) addNames(value.expr, read);
  const scales = new Set(wordsIn(valueAt(merged, "compare")));
  const known = lets.map(({ path }) => nameOfLine(path)).filter((name) => read.has(name));
  const report = (code: "unused-name" | "unused-setting", name: string, path: string, span?: Span): void => {
    const expected = offerNearest(name, known.slice(0, mostCompared));
    diagnostics.push(diagnose(code, { values: { name }, path, span, expected }));
  };
  for (const { path, origin } of lets) {
    const name = nameOfLine(path);
    if (read.has(name)) continue;
    const span = keySpanAt(merged, ["let", name]) ?? origin.span;
    // `compare` sets its scale itself, and says where that changes nothing.
    if (origin.layer === "set" && scales.has(name)) continue;
    // A name that is there keeps its value: it may wait for what reads it, as where a moved slider's name is edited out.
    if (origin.layer === "set")
      report(origin.overrode.length > 0 ? "unused-name" : "unused-setting", name, path, span);
    else if (origin.layer === "scenario" && origin.from === file) report("unused-name", name, path, span);
    else if (origin.layer === "override" && span?.file !== file) report("unused-name", name, path, span);
  }
  for (const { name, path, keySpan } of namesInChanges(merged))
    if (!read.has(name) && keySpan.file === file) report("unused-name", name, path, keySpan);
}

/** Names to which overrides and mixes give a value. */
function namesInChanges(
  merged: MapNode,
): { readonly name: string; readonly path: string; readonly keySpan: Span }[] {
  return (["overrides", "mixes"] as const).flatMap((section) =>
    entriesOf(valueAt(merged, section)).flatMap(([change, { value }]) =>
      entriesOf(valueAt(value, "let"))
        .filter(([, given]) => !isNullNode(given.value))
        .map(([name, { keySpan }]) => ({ name, path: `${section}.${change}.let.${name}`, keySpan })),
    ),
  );
}

function entriesOf(node: TreeNode | undefined): readonly (readonly [string, TreeEntry])[] {
  return node?.kind === "map" ? [...node.entries] : [];
}

function addNames(expr: Expr, names: Set<string>): void {
  if (expr.kind === "name") names.add(expr.name);
  for (const part of partsOf(expr)) addNames(part, names);
}

/** All words in the texts of a tree. */
function wordsIn(node: TreeNode | undefined): string[] {
  if (!node) return [];
  if (node.kind === "scalar") return node.text.match(/[a-z][a-z0-9_]*/g) ?? [];
  const children =
    node.kind === "list" ? node.items : [...(node as MapNode).entries.values()].map((entry) => entry.value);
  return children.flatMap(wordsIn);
}

/** Fields that hold the beginning of a delivery or a training run. */
const BEGINNING = /\.deliver\.(from|at)$|^workloads\.[^.]+\.from$/;

/**
 * Warns of dates after the horizon that the scenario itself writes: a delivery or training run that never begins, or
 * a table whose first row is never reached. Catalog tables may go on for longer.
 */
export function warnOfLateValues(context: CheckContext): void {
  const { startMonth, monthCount } = context;
  const end = startMonth + monthCount;
  const span = `${formatMonth(startMonth)} to ${formatMonth(end - 1)}`;
  for (const value of context.fields.values()) {
    const { path, expr, origin } = value;
    // A default would be reported once for every member that uses it.
    if (!expr || origin.layer === "default" || origin.layer === "catalog" || origin.declaredAt !== path)
      continue;
    const count = lateCount(context, value, expr, end);
    if (count === undefined) continue;
    context.diagnostics.push(
      diagnose("without-effect", { values: { count, span }, path, span: origin.span }),
    );
  }
}

function lateCount(context: CheckContext, { path }: FieldValue, expr: Expr, end: number): string | undefined {
  if (expr.kind === "table") {
    const [first] = expr.points;
    // A parameter keeps its first value backwards, so it is read whatever its date.
    if (!first || first.month < end || expr.before === "hold") return undefined;
    return expr.points.length === 1
      ? `its only date, ${formatMonth(first.month)},`
      : `all ${expr.points.length} dates`;
  }
  if (!BEGINNING.test(path)) return undefined;
  const month = evaluateAt(context, expr);
  return month < end ? undefined : `its month ${formatMonth(month)}`;
}
