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

/** Writes the items of a kernel as operands; `readItems` is the inverse. */
export function writeItems(
  schema: Schema,
  lists: Readonly<Record<string, readonly Readonly<Record<string, Word>>[]>>,
): readonly number[] {
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
