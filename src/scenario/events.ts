import { pathOf } from "./fields/index.ts";
import type { Scenario } from "./scenario.ts";

/** Where events are stated. */
const EVENTS = pathOf("events.*", "");

/** Names of the events of a scenario, in its order. */
export function eventNames({ fields }: Pick<Scenario, "fields">): readonly string[] {
  return [...fields.keys()].flatMap((path) => (path.startsWith(EVENTS) ? [path.slice(EVENTS.length)] : []));
}

/** The path of an event. */
export function eventPath(name: string): string {
  return pathOf("events.*", name);
}
