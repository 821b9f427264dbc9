import type { Trace } from "../../analysis/trace/trace.ts";
import type { TracedField, TracedRead, TraceNode } from "../../analysis/trace/trace-node.ts";
import { inMagnitude, sixDigits } from "../../analysis/trace/trace-number.ts";
import { displayWidth, visibleText } from "../../diagnostics/visible.ts";
import { emphasise } from "../io/streams.ts";
import { SCREEN_WIDTH, wrapText } from "./draw-columns.ts";

/** Columns of the tree and its names; values begin behind them. */
const WIDEST_NAMES = 44;

/** A line of the tree before layout: a node with its cells, or a note about one. */
type Line = { readonly lead: string; readonly text: string; readonly cells?: Cells };

type Cells = { readonly value: string; readonly unit: string; readonly share: string; readonly how: string };

/** Nodes drawn so far, by key, with their names, so that nothing is drawn twice. */
type Seen = Map<string, string>;

/** Draws the tree of a figure with its values, units, shares and sources. */
export function drawTraceScreen({ metric, text, entity, month, tree }: Trace): string {
  const whose = entity === "" ? "the whole" : entity;
  const heading = `${metric} of ${whose}${month === undefined ? "" : ` in ${month}`}`;
  const lines = [
    emphasise(visibleText(heading)),
    ...wrapText(`${text} Uncertain values are at their medians.`, SCREEN_WIDTH),
    "",
    ...layOut(drawNode(tree, "", "", tree, new Map())),
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * Lines of a node and all nodes below it.
 *
 * @param branch prefix of the node's own line
 * @param below  prefix of the lines below it
 * @param parent the node above; its entity and month are not repeated
 */
function drawNode(node: TraceNode, branch: string, below: string, parent: TraceNode, seen: Seen): Line[] {
  const key = keyOf(node);
  const known = node.children.length > 0 || node.field ? seen.get(key) : undefined;
  if (known === undefined) seen.set(key, node.name);
  const first = { lead: branch, text: labelOf(node, parent), cells: cellsOf(node) };
  if (known !== undefined) {
    return [{ ...first, cells: { ...first.cells, how: known === node.name ? "as above" : `as ${known}` } }];
  }
  const { children } = node;
  const gutter = `${below}${children.length > 0 ? "│ " : "  "}  `;
  return [
    first,
    ...detailsOf(node, seen).flatMap((detail) =>
      wrapText(visibleText(detail), SCREEN_WIDTH - displayWidth(gutter)).map((text) => ({
        lead: gutter,
        text,
      })),
    ),
    ...children.flatMap((child, index) => {
      const isLast = index === children.length - 1;
      const [own, under] = isLast ? ["└─ ", "   "] : ["├─ ", "│  "];
      return drawNode(child, below + own, below + under, node, seen);
    }),
  ];
}

/** Equal for nodes that need to be drawn only once: a default is one value wherever it is used. */
function keyOf({ name, entity, month, canonical, field, children }: TraceNode): string {
  if (field) return `${field.declaredAt} ${field.rows ?? ""} ${canonical}`;
  if (children.length === 0) return `${name} ${entity} ${month} ${canonical}`;
  return `${name} ${canonical} (${children.map(keyOf).join(", ")})`;
}

/** The longest name that shares a line with its value [columns]. */
const LONGEST_NAME = 42;

function labelOf(node: TraceNode, parent: TraceNode): string {
  const isListed = parent !== node && parent.how.startsWith("sum of");
  const isMember = isListed && node.entity !== "";
  const name = isMember ? node.entity : node.name;
  const words = { x: "product", "+": "sum" } as const;
  const shown =
    name.length <= LONGEST_NAME || /^[\w.]+$/.test(name)
      ? name
      : `(${words[node.operator as "x" | "+"] ?? "value"})`;
  const isOther = !isMember && node.entity !== "" && node.entity !== parent.entity;
  const isElsewhen = node.month !== undefined && parent.month !== undefined && node.month !== parent.month;
  const of = isOther ? ` of ${node.entity}` : "";
  const when = isElsewhen ? ` in ${node.month}` : "";
  const isPlain = node.sign === "+" || node.sign === "x";
  const isUnsigned = isListed || node.sign === undefined || (isPlain && parent.children[0] === node);
  return visibleText(`${isUnsigned ? "" : `${node.sign} `}${shown}${of}${when}`);
}

function cellsOf({ value, unit, word, share, how, hidden }: TraceNode): Cells {
  const shown = inMagnitude(value, unit);
  return {
    value: word ?? sixDigits(shown.value),
    unit: word === undefined && !Number.isNaN(value) ? shown.unit : "",
    share: share === undefined ? "" : `${(share * 100).toFixed(1)} %`,
    how: hidden === undefined ? how : `${how}${how === "" ? "" : ", "}${hidden} below`,
  };
}

/** Notes below the line of a node. */
function detailsOf({ notes = [], hint, reads, zeros, field }: TraceNode, seen: Seen): string[] {
  const said = hint === undefined ? notes : [[...notes, hint].join("; ")];
  const lines = said.map((note) => sayOnce(note, seen));
  const read = `reads ${(reads ?? []).map(readInWords).join(", ")}`;
  if (reads && !seen.has(read)) lines.push(read);
  seen.set(read, "");
  if (zeros) lines.push(`0: ${zeros.join(", ")}`);
  return field ? [...lines, ...fieldLines(field)] : lines;
}

/** The work of a kernel is described once. */
function sayOnce(note: string, seen: Seen): string {
  const [kernel] = /^kernel \w+/.exec(note) ?? [];
  if (kernel === undefined) return note;
  const isKnown = seen.has(note);
  seen.set(note, kernel);
  return isKnown ? `${kernel}, as above` : note;
}

/** A field is called by its last key, because its owner is named above it. */
function readInWords({ name, value, quality }: TracedRead): string {
  const own = name.replace(/^(?:fleets|sites|chips|contracts|financing|debt)\.[^.]+\./, "");
  return `${own} ${value}${quality === undefined ? "" : ` (${quality})`}`;
}

function fieldLines({ path, declaredAt, text, rows, ...origin }: TracedField): string[] {
  const { quality, asOf, source, url, place, overrode } = origin;
  const where = declaredAt === path ? path : `${path} (${declaredAt})`;
  const known = [quality, asOf].filter((part) => part !== undefined).join(" ");
  return [
    `${where}: ${rows ?? text}`,
    [known, source].filter((part) => part !== undefined && part !== "").join(": "),
    url ?? "",
    place,
    ...overrode.map((earlier) => `instead of ${earlier.text} in ${earlier.from}`),
  ].filter((line) => line !== "");
}

/**
 * Aligns values, units and shares of all lines, as far as the screen allows. Web addresses may be longer, since they are
 * useless when broken.
 */
function layOut(lines: readonly Line[]): string[] {
  const ends = lines.flatMap(({ lead, text, cells }) => (cells ? [displayWidth(lead + text)] : []));
  const column = Math.min(WIDEST_NAMES, Math.max(...ends)) + 1;
  const widest = (of: keyof Cells) => Math.max(...lines.map(({ cells }) => displayWidth(cells?.[of] ?? "")));
  const [values, units] = [Math.min(10, widest("value")), Math.min(12, widest("unit"))];
  const shares = widest("share") > 0 ? widest("share") + 1 : 0;
  return lines.map(({ lead, text, cells }) => {
    const name = `${lead}${text}`;
    if (!cells) return name;
    const { value, unit, share, how } = cells;
    const start = `${name.padEnd(column)}${column > displayWidth(name) ? "" : " "}${value.padStart(values)} `;
    const forms = [
      `${start}${unit.padEnd(units)}${share.padStart(shares)}  ${how}`,
      // If the lines do not fit, the columns of unit and share are dropped, then that of the value.
      `${start}${unit}${share === "" ? "" : ` ${share}`}  ${how}`,
      `${name} ${[value, unit, share].filter((part) => part !== "").join(" ")}  ${how}`,
    ].map((form) => form.trimEnd());
    return forms.find((form) => displayWidth(form) <= SCREEN_WIDTH) ?? forms.at(-1) ?? name;
  });
}
