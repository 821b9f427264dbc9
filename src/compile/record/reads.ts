import type { InputName } from "../../metrics/formula.ts";
import type { Entity } from "../entities.ts";

/** The subject of a reading: a line of the scenario, a metric or input of an entity, or a step on the way to one. */
export type ReadSubject =
  | { readonly kind: "line"; readonly path: string }
  | { readonly kind: "metric"; readonly name: string; readonly entity: Entity }
  | { readonly kind: "input"; readonly name: InputName; readonly entity: Entity }
  | { readonly kind: "step" };

/** Something compiled, and what it read. Conditions on the state make circles of readings. */
export type Reading = { readonly subject: ReadSubject; readonly reads: ReadonlySet<Reading> };

type Draft = { readonly subject: ReadSubject; readonly reads: Set<Reading> };

/**
 * Records which fields each metric reads while a scenario is compiled.
 *
 * Everything compiled inside `during` and read through `note` belongs to the reading that is open. So the record says what
 * a figure depends on, and no list has to be kept beside the code.
 */
export class ReadRecorder {
  readonly #lines = new Map<string, Draft>();
  #open: Draft | undefined;

  /** A new, empty reading. */
  start(subject: ReadSubject): Reading {
    return { subject, reads: new Set() } as Draft;
  }

  /** The reading of a line, the same one whenever it is asked for. */
  line(path: string): Reading {
    let line = this.#lines.get(path);
    if (!line) {
      line = { subject: { kind: "line", path }, reads: new Set() };
      this.#lines.set(path, line);
    }
    return line;
  }

  /** Adds a reading to the one that is open. */
  note(reading: Reading): void {
    if (reading !== this.#open) this.#open?.reads.add(reading);
  }

  /** Makes something: what it reads belongs to `reading`, which the one open before has read in turn. */
  during<Made>(reading: Reading, make: () => Made): Made {
    this.note(reading);
    return this.#within(reading as Draft, make);
  }

  /** Makes something whose caller reads only a part of it, and notes that part itself. */
  apart<Made>(make: () => Made): Made {
    return this.#within(undefined, make);
  }

  #within<Made>(draft: Draft | undefined, make: () => Made): Made {
    const outer = this.#open;
    this.#open = draft;
    try {
      return make();
    } finally {
      this.#open = outer;
    }
  }
}

/** Paths of all lines that something depends on, however far behind other figures, sorted. */
export function linesBehind(reading: Reading): readonly string[] {
  return [...walk(reading, () => true)].flatMap((each) => pathOfLine(each)).sort();
}

/** For each line that any of several things depends on, the first of them in their order. Cost: readings, each once. */
export function firstReaders<Reader>(
  readers: Iterable<readonly [Reader, readonly Reading[]]>,
): ReadonlyMap<string, Reader> {
  const first = new Map<string, Reader>();
  const met = new Set<Reading>();
  for (const [reader, readings] of readers) {
    const open = [...readings];
    for (let reading = open.pop(); reading; reading = open.pop()) {
      if (met.has(reading)) continue;
      met.add(reading);
      for (const path of pathOfLine(reading)) if (!first.has(path)) first.set(path, reader);
      open.push(...reading.reads);
    }
  }
  return first;
}

/** What something reads itself: lines and other figures, without what those read in turn, in the order of reading. */
export function directReads(reading: Reading): readonly ReadSubject[] {
  const isStep = ({ subject }: Reading) => subject.kind === "step";
  const met = walk(reading, (each) => each === reading || isStep(each));
  return [...met].filter((each) => each !== reading && !isStep(each)).map(({ subject }) => subject);
}

function pathOfLine({ subject }: Reading): readonly string[] {
  return subject.kind === "line" ? [subject.path] : [];
}

/** Every reading that can be reached, entering only those that `enters` says. */
function walk(from: Reading, enters: (reading: Reading) => boolean): ReadonlySet<Reading> {
  const met = new Set([from]);
  for (const reading of met) if (enters(reading)) for (const read of reading.reads) met.add(read);
  return met;
}
