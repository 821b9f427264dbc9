import type { Field, Schema } from "./operations.ts";

/**
 * The items of one plan, by list. A column is an offset in the memory of a block [elements], -1 where the item has none, and
 * so is a flag that is down (0 where it is up); a list is a stretch [from, end) of the other list; a reference is an index in it.
 */
export type Items = Readonly<Record<string, readonly Item[]>>;
export type Item = Readonly<Record<string, number | readonly [from: number, end: number] | Float64Array>>;

/** Numbers that one field takes among the operands of an instruction. */
function wordCount(field: Field): number {
  if (field === "state") return 0;
  return field === "table" || (typeof field === "object" && "list" in field) ? 2 : 1;
}

/** What stands for one field among the operands: a register, a flag, an index, or the two numbers of a stretch. */
export type Word = number | readonly [number, number];

/** The items of a kernel in a Plan under construction, by list. */
export type ItemWords = Readonly<Record<string, readonly Readonly<Record<string, Word>>[]>>;

/** The items of several plans of one kernel as those of one: places in other lists are moved on. */
export function mergeItems(schema: Schema, all: readonly ItemWords[]): ItemWords {
  const lists: Record<string, Record<string, Word>[]> = {};
  for (const list of Object.keys(schema)) lists[list] = [];
  for (const one of all) {
    const starts = Object.fromEntries(Object.entries(lists).map(([list, items]) => [list, items.length]));
    for (const [list, fields] of Object.entries(schema)) {
      for (const item of one[list]) {
        const moved = Object.entries(item).map(([name, word]) => [name, moveOn(fields[name], word, starts)]);
        lists[list].push(Object.fromEntries(moved));
      }
    }
  }
  return lists;
}

function moveOn(field: Field, word: Word, starts: Readonly<Record<string, number>>): Word {
  if (typeof field === "string") return word;
  if (typeof word === "number") return "item" in field ? word + starts[field.item] : word;
  return "list" in field ? [word[0] + starts[field.list], word[1] + starts[field.list]] : word;
}

/** Writes the items of a kernel as operands; `readItems` is the inverse. */
export function writeItems(schema: Schema, lists: ItemWords): readonly number[] {
  return Object.entries(schema).flatMap(([list, fields]) => [
    lists[list].length,
    ...lists[list].flatMap((item) =>
      Object.entries(fields).flatMap(([name, field]) => (wordCount(field) === 0 ? [] : item[name])),
    ),
  ]);
}

/**
 * Reads the items of a kernel from the operands of an instruction.
 *
 * @param start where the operands begin
 * @param tables of the Plan
 */
export function readItems(
  schema: Schema,
  program: Int32Array,
  start: number,
  offsets: Int32Array,
  tables: Float64Array,
): Items {
  let at = start;
  const read = (field: Field): Item[string] => {
    const word = program[at++];
    if (typeof field === "object") return "list" in field ? [word, program[at++]] : word;
    if (field === "table") return tables.subarray(word, word + program[at++]);
    if (field === "flag") return word;
    return word < 0 ? -1 : offsets[word];
  };
  const lists: Record<string, Item[]> = {};
  for (const [list, fields] of Object.entries(schema)) {
    const named = Object.entries(fields).filter(([, field]) => wordCount(field) > 0);
    lists[list] = Array.from({ length: program[at++] }, () =>
      Object.fromEntries(named.map(([name, field]) => [name, read(field)])),
    );
  }
  return lists;
}
