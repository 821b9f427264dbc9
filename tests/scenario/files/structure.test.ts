import { expect, test } from "vitest";
import { faultsOf, load, loaded, scenarioText } from "../load-files.ts";

function faults(sections: Readonly<Record<string, string>>): string[] {
  return faultsOf(load(scenarioText(sections)), true);
}

test("a scenario without fault is read whole", () => {
  const scenario = loaded(scenarioText());
  expect(scenario.slug).toBe("a");
  expect(scenario.names).toEqual({
    sites: ["east"],
    fleets: ["first"],
    // Of the catalog, what the scenario mentions.
    chips: ["gb300"],
    contracts: [],
    debt: [],
    financing: [],
    workloads: [],
    models: [],
    stacks: [],
    let: [],
  });
  expect([scenario.startMonth, scenario.monthCount]).toEqual([2026 * 12, 96]);
  expect([...scenario.files.keys()]).toEqual(["catalog.yaml", "a.yaml"]);
  expect(scenario.fields.get("sites.east.power")).toMatchObject({
    path: "sites.east.power",
    text: "1 GW",
    dimension: "power",
    origin: {
      layer: "scenario",
      from: "a.yaml",
      declaredAt: "sites.east.power",
      span: { file: "a.yaml", line: 5, column: 12, length: 4 },
    },
    expr: { kind: "number", value: 1e9, binding: "constant" },
  });
});

test("the order of a file changes nothing", () => {
  const { head, sites, fleets } = {
    head: scenarioText({ sites: "", fleets: "" }),
    sites: scenarioText({ head: "", fleets: "" }),
    fleets: scenarioText({ head: "", sites: "" }),
  };
  const summary = (text: string) => [...loaded(text).fields].map(([path, { text: value }]) => [path, value]);
  expect(summary(fleets + sites + head)).toEqual(summary(head + sites + fleets));
});

test("a slug is safe as a folder's name", () => {
  const slug = (path: string) => loaded({ [path]: scenarioText() }, { path }).slug;
  expect(["x/my plan.v2.yaml", "con.yaml", ".yaml", "a.warns.yaml"].map(slug)).toEqual([
    "my-plan-v2",
    "scenario-con",
    "yaml",
    "a-warns",
  ]);
});

test.each([
  ["    powr: 1 GW\n", "a.yaml:10:5+4 unknown-key unknown key `powr` in `sites.east` | `power` | -"],
  [
    "    chip: gb300\n",
    "a.yaml:10:5+4 unknown-key unknown key `chip` in `sites.east` | `title`, `power`, `interpolate`, `delay`, `pue` and others | `chip` belongs in `fleets.NAME`",
  ],
  ["fleet: {}\n", "a.yaml:10:1+5 unknown-key unknown key `fleet` | `fleets` | -"],
  [
    "sites.east.delay: 1 month\n",
    "a.yaml:10:1+16 unknown-key unknown key `sites.east.delay` | `sites` | dotted keys are for overrides only; nest the maps here",
  ],
  ["let: [a]\n", "a.yaml:10:6+3 invalid-type `let` needs a map with names as keys, got a list | - | -"],
  [
    "overrides: { x: 3 }\n",
    "a.yaml:10:17+1 invalid-type `overrides.x` needs a map of changes, got one text | - | -",
  ],
  [
    "allow: { a: 1 }\n",
    "a.yaml:10:8+8 invalid-type `allow` needs a text or a list of texts, got a map | a text or a list of texts, such as `[unused-site]` | -",
  ],
])("%j", (text, expected) => {
  const base = { sites: scenarioText({ head: "", fleets: "" }) + text };
  expect(faults(base)).toEqual([expected]);
});

test("an ill-formed name is offered a good one, and references to it are not reported too", () => {
  const text = scenarioText().replaceAll("east", "US-East");
  expect(faultsOf(load(text), true)).toEqual([
    "a.yaml:4:3+7 invalid-name invalid name `US-East`: a name is a lower-case letter, then at most 63 lower-case letters, digits and `_` | - | write `us_east`",
  ]);
});

test("what is absent is reported at the member, or at the file", () => {
  expect(faults({ head: "" })).toEqual([
    "a.yaml:1:1+1 missing-field missing `schema_version` | - | write `schema_version: 1`",
    "a.yaml:1:1+1 missing-field missing `start` | - | write `start: 2026-01`",
  ]);
  expect(faults({ fleets: "fleets:\n  first: { chip: gb300 }\n" })).toEqual([
    "a.yaml:11:3+5 missing-field missing `site` in `fleets.first` | - | such as `site: us_east`",
    "a.yaml:11:3+5 missing-field missing `size` in `fleets.first` | - | such as `size: 200 thousand chips`",
    "a.yaml:11:3+5 missing-field missing `deliver` in `fleets.first` | - | write `deliver: { from: 2026-01, to: 2026-12 }`, `{ at: 2026-06 }` or a `schedule`",
  ]);
});

test("another version of the language is not read on", () => {
  expect(faults({ head: "schema_version: 2\nstrat: 2026-01\n" })).toEqual([
    "a.yaml:1:17+1 unsupported-version unknown schema version `2`, this program reads 1 | - | -",
  ]);
});

test("references are met with near names", () => {
  expect(faultsOf(load(scenarioText().replace("chip: gb300", "chip: gb30")), true)).toEqual([
    "a.yaml:12:11+4 unknown-chip `fleets.first.chip` names an unknown chip `gb30` | `gb300` | `gigafleet catalog` lists the chips; others are defined under `chips`",
  ]);
  expect(faultsOf(load(scenarioText().replace("site: east", "site: eats")), true)).toEqual([
    "a.yaml:13:11+4 unknown-reference `fleets.first.site` names an unknown site `eats` | `east` | -",
  ]);
});

test("all faults come at once, sorted, and what follows from them is left out", () => {
  const text = scenarioText({ more: "lets: { a: 1 }\n" })
    .replace("power: 1 GW", "power: 1")
    .replace("pue: 1.15", "peu: 1.15")
    .replace("electricity: 58 USD/MWh", "electricity: a * 1 USD/MWh")
    .replace("size: 100 chips", "size: 100 cips");
  expect(faultsOf(load(text)).map((fault) => fault.split(" ").slice(0, 2).join(" "))).toEqual([
    "a.yaml:5:12+1 missing-unit",
    "a.yaml:6:5+3 unknown-key",
    "a.yaml:14:15+4 unknown-unit",
    "a.yaml:16:1+4 unknown-key",
  ]);
});

test.each([
  ["2 USD/hour", "2 USD/hour"],
  ["{ 2026-01: 3 USD/hour, 2027-01: 2 USD/hour }", "{ 2026-01: 3 USD/hour, 2027-01: 2 USD/hour }"],
  ["{ value: 2 USD/hour, source: a price list, as_of: 2026-11, quality: official }", "2 USD/hour"],
])("a rent `%s` in place of its map is the rent on demand", (text, rent) => {
  const scenario = loaded(scenarioText({ more: `chips: { gb300: { rental_rate: ${text} } }\n` }));
  expect(scenario.fields.get("chips.gb300.rental_rate.on_demand")?.text).toBe(rent);
});
