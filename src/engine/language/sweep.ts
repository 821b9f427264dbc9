import type { Item, Items } from "./items.ts";
import type { Fields, Kernel } from "./operations.ts";

/** A kernel and the items of one plan. */
export type Member = { readonly kernel: Kernel; readonly items: Items };

/**
 * One kernel of several, which share the loop over months: in each month one after another, in their order.
 *
 * So a member may read what one before it made in the same month, and, as `feedback`, what one behind it made in the month
 * before. A member may look ahead only at what none of them makes.
 */
export function sweepOf(members: readonly Member[]): Member {
  const schema: Record<string, Fields> = {};
  const items: Record<string, readonly Item[]> = {};
  const nameIn = (member: number, list: string) => `${member}.${list}`;
  for (const [member, { kernel, items: own }] of members.entries()) {
    for (const [list, fields] of Object.entries(kernel.schema)) {
      schema[nameIn(member, list)] = Object.fromEntries(
        Object.entries(fields).map(([name, field]) => {
          if (typeof field === "string") return [name, field];
          if ("list" in field) return [name, { list: nameIn(member, field.list) }];
          return [name, { item: nameIn(member, field.item) }];
        }),
      );
      items[nameIn(member, list)] = own[list];
    }
  }
  const phase =
    (name: "begin" | "month"): Kernel["month"] =>
    (o, lists) => {
      for (const [member, { kernel }] of members.entries()) {
        const own = Object.keys(kernel.schema).map((list) => [list, lists[nameIn(member, list)]]);
        kernel[name]?.(o, Object.fromEntries(own));
      }
    };
  const name = members.map(({ kernel }) => kernel.name).join(", ");
  return { kernel: { name, schema, begin: phase("begin"), month: phase("month") }, items };
}
