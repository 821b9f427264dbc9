import fs from "node:fs";
import { createPlanReader } from "../../src/web/engine/plans.ts";
import type { Shipped } from "../../src/web/messages.ts";
import { smallScenario } from "../cli/gigafleet.ts";

const { version } = JSON.parse(fs.readFileSync("package.json", "utf8"));
const names = fs.readdirSync("scenarios/catalog").filter((name) => name.endsWith(".yaml"));

/** What comes with the page in tests: the catalog, and the small scenario. */
export const shipped: Shipped = {
  version,
  catalog: Object.fromEntries(
    names.map((name) => [`catalog/${name}`, fs.readFileSync(`scenarios/catalog/${name}`, "utf8")]),
  ),
  scenarios: { "base.yaml": smallScenario },
  first: "base.yaml",
};

/** A reader of plans with these texts, shared since making one parses the catalog. */
export const reader = createPlanReader(shipped);
