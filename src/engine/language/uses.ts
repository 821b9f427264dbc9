import type { ColumnKind, Kernel } from "./operations.ts";
import {
  type ItemId,
  PHASES,
  type RecordedColumn,
  type Recording,
  record,
  type Step,
  type Value,
} from "./record.ts";

/** How a kernel uses one column. */
export type Use = {
  readonly list: string;
  readonly name: string;
  readonly kind: ColumnKind | "table";
  readonly uses: ReadonlySet<"now" | "before" | "lag" | "ahead" | "lookUp" | "set" | "asked for">;
};

/** What a kernel reads, writes and looks back at, by column: what layout, liveness and months are made from. */
export function usesOf(recording: Recording): readonly Use[] {
  const uses = new Map<string, Set<string>>();
  const keyOf = (list: string, name: string) => `${list}.${name}`;
  const note = ({ list, name }: RecordedColumn, use: string) => {
    const key = keyOf(list, name);
    const known = uses.get(key) ?? new Set();
    uses.set(key, known.add(use));
  };
  const walk = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (step.do === "when") {
        note(step.column, "asked for");
        walk(step.yes);
        walk(step.no);
      } else if ("body" in step) walk(step.body);
      else if ("column" in step) note(step.column, step.do);
    }
  };
  for (const phase of PHASES) walk(recording[phase]);
  return Object.entries(recording.schema).flatMap(([list, fields]) =>
    Object.entries(fields).flatMap(([name, kind]) =>
      typeof kind === "string"
        ? [{ list, name, kind, uses: (uses.get(keyOf(list, name)) ?? new Set()) as Use["uses"] }]
        : [],
    ),
  );
}

const READS = ["now", "before", "lag", "ahead"] as const;

/** Whether a kernel reads a column itself. */
export function isRead({ uses }: Use): boolean {
  return READS.some((read) => uses.has(read));
}

/** Which months a kernel needs: those of the horizon alone, since it has no months of its own; later ones than it makes. */
export function monthsOf(kernel: Kernel): { readonly isUpToHorizon: boolean; readonly looksAhead: boolean } {
  const looksAhead = usesOf(record(kernel)).some(({ uses }) => uses.has("ahead"));
  return { isUpToHorizon: kernel.month === undefined, looksAhead };
}

/**
 * Leaves out unused operations: sets of columns that `isWanted` denies and the kernel itself does not read, and then all that
 * was made for them alone.
 */
export function prune(recording: Recording, isWanted: (column: RecordedColumn) => boolean): Recording {
  const read = new Set(
    usesOf(recording)
      .filter(isRead)
      .map(({ list, name }) => `${list}.${name}`),
  );
  const pruner = new Pruner((column) => isWanted(column) || read.has(`${column.list}.${column.name}`));
  return {
    ...recording,
    begin: pruner.keep(recording.begin),
    month: pruner.keep(recording.month),
    end: pruner.keep(recording.end),
  };
}

/** Goes through steps from the last to the first: what a step that stays needs stays. */
class Pruner {
  readonly #isWanted: (column: RecordedColumn) => boolean;
  readonly #values = new Set<Value>();
  readonly #items = new Set<ItemId>();

  constructor(isWanted: (column: RecordedColumn) => boolean) {
    this.#isWanted = isWanted;
  }

  keep(steps: readonly Step[]): readonly Step[] {
    const kept: Step[] = [];
    for (let index = steps.length - 1; index >= 0; index--) {
      const stays = this.#keepStep(steps[index]);
      if (stays) kept.push(stays);
    }
    return kept.reverse();
  }

  #need(...values: readonly (Value | undefined)[]): void {
    for (const value of values) if (value !== undefined) this.#values.add(value);
  }

  #keepStep(step: Step): Step | undefined {
    switch (step.do) {
      case "set":
        if (!this.#isWanted(step.column)) return undefined;
        this.#items.add(step.column.item);
        this.#need(step.x);
        return step;
      case "follow":
        if (!this.#items.has(step.item)) return undefined;
        this.#items.add(step.from);
        return step;
      case "choose":
        if (!this.#items.has(step.item)) return undefined;
        if (step.list.owner) this.#items.add(step.list.owner.item);
        this.#need(step.x);
        return step;
      case "loop":
        return this.#keepLoop(step);
      case "where":
        return this.#keepWhere(step);
      case "when":
        return this.#keepWhen(step);
      case "call":
        if (!step.made.some((value) => this.#values.has(value))) return undefined;
        this.#need(...step.inputs);
        return step;
      default:
        if (!this.#values.has(step.to)) return undefined;
        if ("column" in step) this.#items.add(step.column.item);
        if ("test" in step) this.#need(step.test);
        if ("x" in step) this.#need(step.x);
        if ("y" in step) this.#need(step.y);
        if ("first" in step) this.#need(step.first);
        return step;
    }
  }

  #keepLoop(step: Extract<Step, { do: "loop" }>): Step | undefined {
    const isCarried = ({ to, inside }: { to: Value; inside: Value }) =>
      this.#values.has(to) || this.#values.has(inside);
    // What a loop carries it also reads: again, until nothing more is needed.
    let body: readonly Step[];
    let before: number;
    do {
      before = this.#values.size + this.#items.size;
      for (const one of step.carried) if (isCarried(one)) this.#need(one.next);
      body = this.keep(step.body);
      if (body.length > 0 || step.carried.some(isCarried)) this.#need(step.goesOn);
    } while (this.#values.size + this.#items.size > before);
    const carried = step.carried.filter(isCarried);
    if (body.length === 0 && carried.length === 0) return undefined;
    for (const { start } of carried) this.#need(start);
    if (typeof step.over === "object" && "list" in step.over && step.over.list.owner)
      this.#items.add(step.over.list.owner.item);
    return { ...step, body, carried };
  }

  #keepWhere(step: Extract<Step, { do: "where" }>): Step | undefined {
    const result = step.result && this.#values.has(step.result.to) ? step.result : undefined;
    if (result) this.#need(result.x, result.otherwise);
    const body = this.keep(step.body);
    if (body.length === 0 && !result) return undefined;
    this.#need(step.test);
    return { ...step, body, result };
  }

  #keepWhen(step: Extract<Step, { do: "when" }>): Step | undefined {
    const result = step.result && this.#values.has(step.result.to) ? step.result : undefined;
    if (result) this.#need(result.x, result.y);
    const yes = this.keep(step.yes);
    const no = this.keep(step.no);
    if (yes.length + no.length === 0 && !result) return undefined;
    this.#items.add(step.column.item);
    return { ...step, yes, no, result };
  }
}
