/** What the page shows of a trace: numbers and names as the answer writes them, from the same functions. */
import type { TraceNode } from "../../analysis/trace/trace-node.ts";
import { inMagnitude, sixDigits } from "../../analysis/trace/trace-number.ts";
import { differenceMeasure, measureOf } from "../../charts/kit/measure.ts";
import { brief, MINUS, NARROW_SPACE, percent, significant } from "../../charts/kit/numbers.ts";
import { findMetric } from "../../metrics/index.ts";
import { chipName, inputName, metricTitle, titleOf, wordsOf } from "../../report/names.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { PostedNode } from "../messages.ts";

/**
 * A tree down to a depth, as it can be posted: what is made when it is opened counts as hidden.
 *
 * @param known nodes that several trees of one depth share, so that each is posted once
 */
export function postNode(
  node: TraceNode,
  depth: number,
  scenario: Scenario,
  known?: Map<TraceNode, PostedNode>,
): PostedNode {
  const before = known?.get(node);
  if (before) return before;
  const { later, children, notes, zeros, reads, entity, ...rest } = node;
  const isCut = later !== undefined || depth <= 0;
  const hidden = later ? 1 : isCut ? children.length : 0;
  const [number, digits] = [numberOf(node), digitsOf(node)];
  const posted: PostedNode = {
    ...rest,
    entity,
    label: labelOf(node, scenario),
    whose: entity === "" || entity === node.name ? "" : entityInWords(entity, scenario),
    number,
    ...(digits === number ? {} : { digits }),
    ...(notes ? { notes: notes.map((note) => remarkInWords(note.replace(KERNEL, ""))) } : {}),
    ...(zeros ? { zeros: zeros.map((name) => entityInWords(remarkInWords(name), scenario)) } : {}),
    ...(reads
      ? {
          reads: reads.map((one) => ({
            ...one,
            name: nameInWords(one.name, scenario),
            value: inDigits(one.value),
          })),
        }
      : {}),
    children: isCut ? [] : children.map((child) => postNode(child, depth - 1, scenario, known)),
    ...(hidden > 0 ? { hidden } : {}),
  };
  known?.set(node, posted);
  return posted;
}

/** What a remark begins with that says what a kernel does. */
const KERNEL = /^kernel \w+: /;

/** Units of traces that the answer writes in another, and so many of them in one of those; from how many on. */
const IN_ANSWER: Readonly<Record<string, readonly [unit: string, size: number, from: number]>> = {
  tokens: ["billion tokens", 1e9, 1e6],
  FLOP: ["YFLOP", 1e24, 1e18],
};

/** What is counted one by one, and has no decimals then. */
const COUNTED: ReadonlySet<string> = new Set(["", "months", "chips", "sessions", "sequences", "runs"]);

/** From this size on, a number without a larger unit of its own is told in billions. */
const BILLION = 1e9;

/**
 * The number of a node: what a plan states, and what is counted, as it stands there; what is computed as the answer writes it.
 *
 * Fails: never.
 */
export function numberOf(node: TraceNode): string {
  const { word, value, unit, canonical, shownAs, operator } = node;
  if (word !== undefined) return word;
  if (Number.isNaN(value)) return "none";
  if (shownAs === "share") return percent(canonical);
  if (shownAs === "points") return differenceMeasure("1", [canonical]).full(canonical);
  const isStated = operator === "input" || operator === "constant" || unit === "trials";
  if (isStated && isShort(value)) return inDigits(withUnit(sixDigits(value), unit));
  if (unit === "%") return withUnit(brief(value), unit);
  if (COUNTED.has(unit) && Number.isInteger(value) && Math.abs(value) < 1000)
    return inDigits(withUnit(String(value), unit));
  const text = computed(value, unit);
  return value !== 0 && !/[1-9]/.test(text.replace(unit, "")) ? digitsOf(node) : text;
}

function computed(value: number, unit: string): string {
  const size = Math.abs(value);
  const [larger, one, from] = IN_ANSWER[unit] ?? [];
  if (larger !== undefined && one !== undefined && size >= (from ?? 0))
    return measureOf(larger, [value / one]).full(value / one);
  const measure = measureOf(unit === "1" ? "" : unit, [value]);
  const isHuge = measure.unit === unit && size >= BILLION;
  return isHuge ? withUnit(significant(value / BILLION), `billion ${unit}`.trimEnd()) : measure.full(value);
}

/** A number that six digits tell, which nobody would round. */
function isShort(value: number): boolean {
  const rounded = Number(value.toPrecision(6));
  return Math.abs(value) < BILLION && Math.abs(value - rounded) <= 1e-9 * Math.abs(value);
}

/** The number with up to six digits. */
function digitsOf({ word, value, unit, canonical, shownAs }: TraceNode): string {
  if (word !== undefined) return word;
  if (shownAs !== undefined && !Number.isNaN(value))
    return inDigits(withUnit(sixDigits(canonical * 100), shownAs === "share" ? "%" : "points"));
  const shown = inMagnitude(value, unit);
  return inDigits(withUnit(sixDigits(shown.value), Number.isNaN(value) ? "" : shown.unit));
}

function withUnit(number: string, unit: string): string {
  return unit === "" ? number : number + NARROW_SPACE + unit;
}

/** Numbers of a text as the page writes them: thousands apart by a narrow space, a true minus. */
function inDigits(text: string): string {
  return text
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, NARROW_SPACE)
    .replace(/(?<![\w.])-(?=\d)|(?<=\de)-(?=\d)/g, MINUS);
}

/** The name of a node: of a metric and of an input the answer's, also where it names plans, sites or the like beside it. */
export function labelOf({ name, field }: TraceNode, scenario: Scenario): string {
  if (field && !findMetric(name) && /^[\w.]+$/.test(name))
    return inputName(scenario, field.declaredAt === "" ? field.path : field.declaredAt);
  return nameInWords(name, scenario);
}

function nameInWords(name: string, scenario: Scenario): string {
  const title = metricTitle(name);
  return title === name ? remarkInWords(chipsInWords(inputsInWords(name, scenario), scenario)) : title;
}

function chipsInWords(name: string, scenario: Scenario): string {
  return name.replace(/(?<![\w./])[a-z]\w*(?![\w./])/g, (word) =>
    scenario.names.chips.includes(word) ? chipName(scenario, word) : word,
  );
}

/** Paths of inputs by the names that sentences have for them, and inputs of formulas, `chip.it_power`, in words. */
function inputsInWords(name: string, scenario: Scenario): string {
  return name.replace(/(?<![\w.])([a-z]+)((?:\.[\w-]+)+)/g, (path: string, owner: string, rest: string) => {
    if (isInput(path, scenario)) return inputName(scenario, path);
    const isFormulas = (INPUT_OWNERS as readonly string[]).includes(owner);
    return isFormulas ? `${owner} ${wordsOf(rest.slice(1))}` : path;
  });
}

function isInput(path: string, { fields, lets }: Scenario): boolean {
  return path.startsWith("defaults.") || fields.has(path) || lets.some((one) => one.path === path);
}

const INPUT_OWNERS = ["chip", "fleet", "site", "contract", "workload", "tranche", "loan"] as const;

/** A remark in words: names of metrics in it are. */
export function remarkInWords(text: string): string {
  return inDigits(
    text.replaceAll("`", "").replace(/(?<![.\w])[a-z0-9]+(?:_[a-z0-9]+)+\b(?!\.\w)/g, metricTitle),
  );
}

/** Collections whose names a trace may have beside a figure. */
const OWNERS = ["sites", "contracts", "financing", "debt", "workloads", "fleets"] as const;

/** A site, contract or the like by its title, and a part by its chip. */
function entityInWords(entity: string, scenario: Scenario): string {
  const [owning = "", ...rest] = entity.split("/");
  const chip = rest.at(-1);
  if (chip !== undefined && scenario.names.chips.includes(chip)) {
    const name = chipName(scenario, chip);
    // A workload on a part, or a part.
    if (scenario.names.workloads.includes(owning))
      return `${name} for ${titleOf(scenario, "workloads", owning)}`;
    return owning === chip ? name : `${name} in ${titleOf(scenario, "fleets", owning)}`;
  }
  const owner = OWNERS.find((one) => scenario.names[one].includes(entity));
  return owner ? titleOf(scenario, owner, entity) : entity;
}
