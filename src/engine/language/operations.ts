import type { Arithmetic } from "../../numbers/arithmetic.ts";

/** Arithmetic that kernels use: its cases are those of whole bodies, and they look at no bits. */
type Elements<N, T> = Omit<Arithmetic<N, T>, "where" | "powerOfTwo" | "exponentOf" | "mantissaOf">;

/**
 * What a kernel may say.
 *
 * A kernel is a function that is written once, for one trial and one month, over a set of operations that it is given. What
 * the operations do depends on the reader: they compute (`plain.ts`), or note what was said (`record.ts`), from which
 * `emit.ts` makes WebAssembly that computes four trials at a time. So a kernel looks at no number by itself: not with `if`, not
 * with `+`, not with `Math.max`. It has no loop over months or trials either; those are the reader's.
 *
 * Three rules are all there is to know beside the operations:
 * - `set` inside `where`, `walk` and `repeat` touches only the trials that are in it;
 * - a value made inside a body does not exist outside: it is handed out as a result, or set;
 * - an output is 0 in months in which it is not set, and a state keeps its value.
 */
export interface Operations<N, T> extends Elements<N, T> {
  /** The first of equal numbers, zeros of both signs included; NaN where either is. */
  min(x: N, y: N): N;
  max(x: N, y: N): N;
  ceil(x: N): N;
  /** Our own functions, with the same bits everywhere; `powers` of one base share its logarithm. */
  power(x: N, y: N): N;
  powers(base: N): (exponent: N) => N;
  log(x: N): N;
  log2(x: N): N;

  /** One of a Plan's elementwise operations by its code: for its formulas, since kernels have words of their own. */
  elementwise(opcode: number, inputs: readonly N[]): N;

  /** The window month at hand, counted from 0; the number of months; the first month that is reported, and the one after the last. */
  month(): N;
  monthCount(): N;
  originMonth(): N;
  horizonEnd(): N;

  /** The value of this month; of an output, what was set in this month. */
  now(column: Column): N;
  /** The value of the month before; in the first month `first`, or 0. */
  before(column: Column, first?: N): N;
  /** The value so many whole months ago, by trial; 0 before the window. Of less than 0 months, the value of this month. */
  lag(column: Column, months: N): N;
  /** The value of an input so many whole months later, by trial, earlier where they are below 0; beyond the window that of its nearest month. */
  ahead(column: Column, months: N): N;
  set(column: Column, value: N): void;
  /** The number at a whole place of a table, by trial; NaN outside it. */
  lookUp(table: Table, place: N): N;

  /** For every item of a list, in order or from the last to the first. The order of a sum is part of the model: floating-point addition is not associative. */
  each<Item>(list: List<Item>, step: (item: Item) => void): void;
  eachBack<Item>(list: List<Item>, step: (item: Item) => void): void;
  /** What `step` makes of `start` and one item after another; `foldBack` goes from the last item to the first. */
  fold<Item>(list: List<Item>, start: N, step: (carried: N, item: Item) => N): N;
  foldBack<Item>(list: List<Item>, start: N, step: (carried: N, item: Item) => N): N;
  /** As `fold`, but a trial leaves the loop behind an item after which it does not go on. */
  walk<Item>(list: List<Item>, start: N, step: (carried: N, item: Item) => Step<N, T>): N;
  /** The item of a list at a place that differs by trial; places outside the list are taken for the nearest in it. Not of an empty list. */
  at<Item>(list: List<Item>, place: N): Item;

  /** For the trials in which p holds, and only them, as if each were alone. Costs nothing where it holds in none. */
  where(p: T, then: () => void): void;
  /** The same with a value: that of `then` where p holds, else `otherwise`. */
  whereValue(p: T, then: () => N, otherwise: N): N;
  /** By the plan, for all months and trials alike: whether the item has the column, or the flag is up. */
  when(column: Column, then: () => void, otherwise?: () => void): void;
  whenValue(column: Column, then: () => N, otherwise: () => N): N;

  /** A bounded search: at most so many steps, and a trial leaves behind a step after which it does not go on. */
  repeat<S extends State<N>>(most: number, start: S, step: (state: S) => { state: S; goesOn: T }): S;
  /** Goes through the months of the window up to the horizon's end; inside, each is the month at hand. Not from within `month`. */
  overMonths<S extends State<N>>(start: S, step: (state: S) => S): S;
}

/** Values by name that go through a loop. */
export type State<N> = Readonly<Record<string, N>>;

/** What a step of a walk hands to the next one, and whether there is a next one. */
export type Step<N, T> = { readonly carried: N; readonly goesOn: T };

/** A number of one item of a list (a part's power, a site's limit), as a place to read or write. Opaque to kernels. */
export type Column = { readonly kind: ColumnKind };

/** A table of one item. Opaque to kernels. */
export type Table = { readonly isTable: true };

/**
 * - `slab`     input by month and trial
 * - `trial`    input by trial
 * - `month`    input by month
 * - `number`   input that varies with neither
 * - `feedback` input by month and trial that readers of this kernel make: only that of the month before may be read
 * - `output`   made here by month and trial
 * - `result`   made here by trial
 * - `state`    the kernel's own, by trial: 0 at first
 * - `flag`     says yes or no for all months and trials
 */
export type ColumnKind =
  | "slab"
  | "trial"
  | "month"
  | "number"
  | "feedback"
  | "output"
  | "result"
  | "state"
  | "flag";

/** Items in order. Opaque to kernels: the loops go over them. */
export type List<Item> = { readonly of?: Item };

/** What an item may have: a column, a table, a stretch of another list, or a reference to an item of one. */
export type Field = ColumnKind | "table" | { readonly list: string } | { readonly item: string };

/** What a list's items have, by name. */
export type Fields = Readonly<Record<string, Field>>;

/** All lists of a kernel, by name. */
export type Schema = Readonly<Record<string, Fields>>;

/** An item of a list as a kernel sees it. */
export type ItemOf<S extends Schema, L extends keyof S> = {
  readonly [F in keyof S[L]]: S[L][F] extends { readonly list: infer M extends keyof S }
    ? List<ItemOf<S, M>>
    : S[L][F] extends { readonly item: infer M extends keyof S }
      ? ItemOf<S, M>
      : S[L][F] extends "table"
        ? Table
        : Column;
};

/** All lists of a kernel as it sees them. */
export type ListsOf<S extends Schema> = { readonly [L in keyof S]: List<ItemOf<S, L>> };

/**
 * A kernel: what it is about, and what it says of a trial before the months, in each month, and behind them, when the month at
 * hand is the horizon's last.
 */
export type Kernel<S extends Schema = Schema> = {
  readonly name: string;
  readonly schema: S;
  begin?<N, T>(o: Operations<N, T>, lists: ListsOf<S>): void;
  month?<N, T>(o: Operations<N, T>, lists: ListsOf<S>): void;
  end?<N, T>(o: Operations<N, T>, lists: ListsOf<S>): void;
};
