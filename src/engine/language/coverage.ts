import type { Items } from "./items.ts";
import type { ItemId, RecordedColumn, RecordedList, Recording, Step } from "./record.ts";

/**
 * The outputs of a plan's items that a kernel does not set in every month for every trial: those must be cleared before.
 *
 * @return offsets of their slabs
 */
export function partlySet(recording: Recording, items: Items): readonly number[] {
  const set = new Set<string>();
  const bindings = new Map<ItemId, number>();
  const keyOf = (list: string, index: number, name: string) => `${list} ${index} ${name}`;
  const stretch = ({ target, owner }: RecordedList): readonly [number, number] =>
    owner
      ? (items[owner.list][bindings.get(owner.item) as number][owner.name] as readonly [number, number])
      : [0, items[target].length];
  const isThere = ({ list, name, item }: RecordedColumn) =>
    (items[list][bindings.get(item) as number][name] as number) >= 0;
  const walk = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (step.do === "set") {
        const { list, name, item } = step.column;
        // An item that each trial chooses for itself is not set for all.
        const index = bindings.get(item);
        if (index !== undefined) set.add(keyOf(list, index, name));
      } else if (step.do === "follow") {
        const from = bindings.get(step.from);
        if (from !== undefined) bindings.set(step.item, items[step.fromList][from][step.name] as number);
      } else if (step.do === "when") walk(isThere(step.column) ? step.yes : step.no);
      else if (step.do === "loop" && step.goesOn === undefined && typeof step.over === "object") {
        if (!("list" in step.over)) continue;
        const [from, end] = stretch(step.over.list);
        for (let index = from; index < end; index++) {
          bindings.set(step.over.item, index);
          walk(step.body);
        }
      }
    }
  };
  walk(recording.month);
  return Object.entries(recording.schema).flatMap(([list, fields]) =>
    Object.entries(fields)
      .filter(([, field]) => field === "output")
      .flatMap(([name]) =>
        items[list].flatMap((item, index) => {
          const offset = item[name] as number;
          return offset < 0 || set.has(keyOf(list, index, name)) ? [] : [offset];
        }),
      ),
  );
}
