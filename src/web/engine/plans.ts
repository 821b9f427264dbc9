import { type LoadResult, loadScenario } from "../../scenario/load.ts";
import { loadCatalog } from "../../scenario/load-catalog.ts";
import { packTrees } from "../../scenario/pack-catalog.ts";
import { withoutUnread } from "../../scenario/unread-settings.ts";
import type { Plan, Shipped } from "../messages.ts";

/** Loads plans from texts alone: the plan's own, and those that come with the page. */
export type PlanReader = {
  readonly version: string;
  /** Names of the catalog's files. */
  readonly catalog: readonly string[];
  /** Names of the catalog's chips, of which a scenario loads those that it uses. */
  readonly chips: () => readonly string[];
  /** Fails: never; a plan with a fault has no scenario. */
  readonly load: (plan: Plan, mix?: string) => LoadResult;
};

/** Makes a reader of plans. Cost: parses the catalog once, which is most of what a scenario is loaded from. */
export function createPlanReader({ catalog, scenarios, version }: Shipped): PlanReader {
  const names = Object.keys(catalog).sort();
  const packed = packTrees(catalog);
  let chips: readonly string[] | undefined;
  return {
    version,
    catalog: names,
    chips: () => {
      chips ??= loadCatalog({ catalog: names, read: (name) => catalog[name], packed }).chips;
      return chips;
    },
    load: function load(plan, mix): LoadResult {
      const { file, text, others, sets } = plan;
      const read = (path: string) => {
        if (path === file) return text;
        // The catalog first, because a stranger's plan must not replace it. Own properties alone, because a plan may name a file
        // `constructor`, which every record inherits.
        return [catalog, others, scenarios].find((texts) => Object.hasOwn(texts, path))?.[path];
      };
      const loaded = loadScenario({
        path: file,
        catalog: names,
        read,
        sets,
        packed,
        ...(mix === undefined ? {} : { mix }),
      });
      // The plan may have lost the name of a slider that was moved.
      const own = withoutUnread(sets, loaded.diagnostics);
      return own ? load({ ...plan, sets: own }, mix) : loaded;
    },
  };
}
