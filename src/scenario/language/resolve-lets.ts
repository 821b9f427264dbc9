import {
  compareText,
  type Diagnostic,
  diagnose,
  type RelatedPlace,
  type Span,
} from "../../diagnostics/diagnostic.ts";
import { isReservedName } from "../../units/symbol.ts";
import { isTruth } from "./build-call.ts";
import { constantOf } from "./evaluate.ts";
import type { Expr } from "./expr.ts";
import { functionNames, isClockName } from "./language.ts";
import { rateLine } from "./line-name.ts";
import type { NameInfo, NameResolver, ParsedValue } from "./value-reader.ts";

/** A definition under `let` before it is parsed. */
export type RawLet = {
  readonly name: string;
  /** Place of the name, for faults of the name itself. */
  readonly span: Span;
  /** All texts of its value, searched for the names it reads. */
  readonly texts: readonly string[];
  /** Parses the value, given the names that it may read. */
  readonly parse: (names: NameResolver) => ParsedValue;
};

/** The valid definitions, each after those it reads, and the resolver for further names. */
export type ResolvedLets = {
  readonly lets: ReadonlyMap<string, Expr>;
  readonly names: NameResolver;
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * Parses the definitions under `let`, each after those it reads.
 *
 * The order is by depth and then by name, so it does not depend on the file. A faulty name and every name that reads it are
 * left out; only the first is reported. Constants carry their value, which later definitions are checked with.
 *
 * Fails: never. Cost: texts of all definitions, once or twice.
 */
export function resolveLets(definitions: readonly RawLet[]): ResolvedLets {
  const diagnostics: Diagnostic[] = [];
  const infos = new Map<string, NameInfo | "faulty">();
  const byName = new Map<string, RawLet>();
  for (const definition of definitions) {
    // A rate's name is the path of its line, whose reader checks it.
    const fault = isRate(definition.name) ? undefined : faultOfName(definition.name);
    if (!fault) byName.set(definition.name, definition);
    else {
      diagnostics.push(diagnoseName(definition, fault));
      // A unit or function keeps its meaning; only other names count as faulty.
      if (!isTaken(definition.name)) infos.set(definition.name, "faulty");
    }
  }
  const names: NameResolver = {
    lookup: (name) => infos.get(name) ?? (byName.has(name) ? "faulty" : undefined),
    known: [...byName.keys()].filter((name) => !isRate(name)).sort(compareText),
  };
  const { order, rest } = sortByReading(byName);
  for (const chain of findCircles(rest)) diagnostics.push(diagnoseCircle(chain, byName));
  const lets = new Map<string, Expr>();
  for (const definition of order) {
    const { name } = definition;
    const { expr, diagnostics: found } = definition.parse(names);
    diagnostics.push(...found);
    if (expr) lets.set(name, expr);
    infos.set(name, expr ? infoOf(expr, names) : "faulty");
  }
  return { lets, names, diagnostics };
}

/** What readers of a name need to know about its definition. */
function infoOf(expr: Expr, names: NameResolver): NameInfo {
  const { vector, isDate, binding } = expr;
  const value = constantOf(expr, names);
  return {
    vector,
    isDate,
    binding,
    ...(value === undefined ? {} : { value }),
    ...(isTruth(expr, names) ? { isTruth: true } : {}),
  };
}

function isRate(name: string): boolean {
  return name.startsWith(rateLine(""));
}

function isTaken(name: string): boolean {
  return isReservedName(name) || functionNames.includes(name) || isClockName(name);
}

/** Longest name [characters]. */
const LONGEST_NAME = 60;

function faultOfName(name: string): string | undefined {
  if (isTaken(name)) return "it is a unit, a function or a word of the language";
  if (name.length > LONGEST_NAME) return `it has more than ${LONGEST_NAME} characters`;
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    return "names are lower-case letters, digits and `_`, with a letter first";
  return undefined;
}

function diagnoseName({ name, span }: RawLet, reason: string): Diagnostic {
  const proper = name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "_")
    .replace(/^[^a-z]+/, "");
  const candidates = [proper, `${proper}_value`, `my_${proper}`].filter(
    (one) => one !== name && !faultOfName(one),
  );
  const help = candidates[0] ? `write \`${candidates[0]}\`` : "choose another name";
  return diagnose("invalid-name", { values: { name, reason }, path: `let.${name}`, span, help });
}

/** Definitions in reading order, and those in a circle or reading one that is, with the names they read. */
function sortByReading(byName: ReadonlyMap<string, RawLet>): {
  readonly order: readonly RawLet[];
  readonly rest: ReadonlyMap<string, readonly string[]>;
} {
  const readers = new Map<string, string[]>();
  const waiting = new Map<string, number>();
  const reads = new Map<string, readonly string[]>();
  for (const [name, definition] of byName) {
    // What has an amount in a currency reads its rate; a rate states its unit alone.
    const words = namesIn(definition.texts).flatMap((word) =>
      isRate(name) ? [word] : [word, rateLine(word)],
    );
    const read = words.filter((word) => byName.has(word));
    reads.set(name, read);
    waiting.set(name, read.length);
    for (const one of read) readers.set(one, [...(readers.get(one) ?? []), name]);
  }
  const order: RawLet[] = [];
  let ready = [...byName.keys()].filter((name) => waiting.get(name) === 0);
  while (ready.length > 0) {
    const next: string[] = [];
    for (const name of ready.sort(compareText)) {
      const definition = byName.get(name);
      if (definition) order.push(definition);
      waiting.delete(name);
      for (const reader of readers.get(name) ?? []) {
        const left = (waiting.get(reader) ?? 0) - 1;
        waiting.set(reader, left);
        if (left === 0) next.push(reader);
      }
    }
    ready = next;
  }
  const rest = [...waiting.keys()].sort(compareText);
  return {
    order,
    rest: new Map(rest.map((name) => [name, (reads.get(name) ?? []).filter((one) => waiting.has(one))])),
  };
}

/** The words of several texts, each once, sorted. */
function namesIn(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? []))].sort(compareText);
}

/** One circle of each group: every name of `rest` reads another of `rest`, so following them leads into a circle. */
function findCircles(rest: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const circles: (readonly string[])[] = [];
  const seen = new Set<string>();
  for (const start of rest.keys()) {
    const way: string[] = [];
    let name: string | undefined = start;
    while (name !== undefined && !seen.has(name)) {
      seen.add(name);
      way.push(name);
      name = rest.get(name)?.[0];
    }
    const back = name === undefined ? -1 : way.indexOf(name);
    if (back >= 0) circles.push(way.slice(back));
  }
  return circles;
}

function diagnoseCircle(circle: readonly string[], byName: ReadonlyMap<string, RawLet>): Diagnostic {
  // Starts at the alphabetically first name, so that the message does not depend on the search.
  const first = circle.indexOf([...circle].sort(compareText)[0]);
  const chain = [...circle.slice(first), ...circle.slice(0, first)];
  const [name, ...others] = chain;
  const related = others.map((other): RelatedPlace => {
    const span = byName.get(other)?.span;
    return { note: `\`${other}\` is defined here`, ...(span ? { span } : {}) };
  });
  return diagnose("circular-let", {
    values: { chain: [...chain, name].join(" -> ") },
    path: `let.${name}`,
    span: byName.get(name)?.span,
    related,
    help:
      others.length > 0
        ? "give one of them a value that does not use the others"
        : "a name cannot read itself",
  });
}
