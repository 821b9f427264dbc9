import { visibleText } from "../../diagnostics/visible.ts";
import { countText } from "../../export/number-text.ts";
import { type CollectedParts, listNumbers, type ShardState, unitOf } from "../shards/collect-parts.ts";
import { drawFacts, SCREEN_WIDTH } from "./draw-columns.ts";

/** What each state is called, in the order of the screen. */
const WORDS: Readonly<Record<ShardState, string>> = {
  whole: "whole",
  begun: "not whole",
  missing: "missing",
  foreign: "of another job",
};

/** Draws how far the parts of a folder are. */
export function drawParts({ head, shards }: CollectedParts, folder: string): string {
  const own = shards.filter(({ state }) => state === "whole" || state === "begun");
  const done = own.reduce((sum, one) => sum + one.done, 0);
  const whole = shards.filter(({ state }) => state === "whole").length;
  const unit = unitOf(head.job);
  const states = Object.keys(WORDS) as ShardState[];
  const facts = states.flatMap((state) => {
    const those = shards.filter((one) => one.state === state);
    if (those.length === 0) return [];
    const so = those.reduce((sum, one) => sum + one.done, 0);
    const all = those.reduce((sum, one) => sum + one.items, 0);
    const progress = state === "begun" ? `: ${countText(so)} of ${countText(all)} ${unit}` : "";
    return [[WORDS[state], `${listNumbers(those.map(({ shard }) => shard))}${progress}`] as const];
  });
  const title = `${visibleText(folder)}: ${countText(whole)} of ${countText(head.shards)} parts are whole, ${countText(done)} of ${countText(head.items)} ${unit} are done`;
  return `${[title, ...drawFacts(facts, SCREEN_WIDTH)].join("\n")}\n`;
}
