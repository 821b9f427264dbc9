import { headlineOf } from "../../src/diagnostics/diagnostic.ts";
import { type LoadInput, type LoadResult, loadScenario } from "../../src/scenario/load.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";

/** A figure of a catalog with its source, on one line. */
function sourced(value: string): string {
  return `{ value: ${value}, source: "sheet", url: "https://example.org/x", as_of: 2026-03, quality: official }`;
}

/** A chip of the catalog with every field it must have. */
export function chipText(name: string): string {
  return [
    `  ${name}:`,
    `    bf16: ${sourced("1 PFLOPS")}`,
    `    hbm: ${sourced("100 GB")}`,
    `    hbm_bandwidth: ${sourced("4 TB/s")}`,
    `    it_power: ${sourced("1 kW")}`,
    `    price: ${sourced("30 thousand USD")}`,
    `    network: ${sourced("5 thousand USD")}`,
    `    available_from: ${sourced("2025-01")}`,
    "",
  ].join("\n");
}

export const CATALOG = `chips:\n${chipText("gb300")}${chipText("trainium4")}`;

/** A scenario without fault, section by section. */
export const BASE = {
  head: "schema_version: 1\nstart: 2026-01\n",
  sites:
    "sites:\n  east:\n    power: 1 GW\n    pue: 1.15\n    pue_design: 1.25\n    electricity: 58 USD/MWh\n    facility: 12 USD/W\n",
  fleets:
    "fleets:\n  first:\n    chip: gb300\n    site: east\n    size: 100 chips\n    deliver: { at: 2026-03 }\n",
} as const;

/** The scenario without fault, with sections replaced or added. */
export function scenarioText(sections: Readonly<Record<string, string>> = {}): string {
  return Object.values({ ...BASE, ...sections }).join("");
}

/** Loads `a.yaml` (or `path`) from files by name; the catalog is `catalog.yaml`. */
export function load(
  files: string | Readonly<Record<string, string>>,
  options: Partial<LoadInput> = {},
): LoadResult {
  const texts = new Map(Object.entries(typeof files === "string" ? { "a.yaml": files } : files));
  if (!texts.has("catalog.yaml")) texts.set("catalog.yaml", CATALOG);
  return loadScenario({
    path: "a.yaml",
    catalog: ["catalog.yaml"],
    read: (path) => texts.get(path),
    ...options,
  });
}

/** The scenario, or a failure that shows what is wrong. */
export function loaded(
  files: string | Readonly<Record<string, string>>,
  options: Partial<LoadInput> = {},
): Scenario {
  const result = load(files, options);
  if (!result.scenario) throw new Error(faultsOf(result).join("\n"));
  return result.scenario;
}

/** Each diagnostic on one line: `file:line:column+length code headline`, with help and expectation where asked. */
export function faultsOf(result: Pick<LoadResult, "diagnostics">, more = false): string[] {
  return result.diagnostics.map((diagnostic) => {
    const { code, span, help, expected } = diagnostic;
    const place = span ? `${span.file}:${span.line}:${span.column}+${span.length}` : "-";
    const rest = more ? ` | ${expected ?? "-"} | ${help ?? "-"}` : "";
    return `${place} ${code} ${headlineOf(diagnostic)}${rest}`;
  });
}
