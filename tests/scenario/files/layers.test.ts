import { describe, expect, test } from "vitest";
import { faultsOf, load, loaded, scenarioText } from "../load-files.ts";

describe("extends", () => {
  test("a file builds on its base and replaces what it writes again", () => {
    const files = {
      "dir/a.yaml": "extends: ../base.yaml\nsites: { east: { pue: 1.2, delay: 3 months } }\n",
      "base.yaml": scenarioText(),
    };
    const { fields, changes } = loaded(files, { path: "dir/a.yaml" });
    expect(fields.get("sites.east.pue")?.text).toBe("1.2");
    expect(fields.get("sites.east.pue")?.origin).toMatchObject({
      layer: "scenario",
      from: "dir/a.yaml",
      declaredAt: "sites.east.pue",
      overrode: [{ from: "base.yaml", text: "1.15" }],
    });
    expect(fields.get("sites.east.power")?.origin.from).toBe("base.yaml");
    expect(changes).toEqual([
      { path: "sites.east.pue", from: "dir/a.yaml", old: "1.15", new: "1.2" },
      { path: "sites.east.delay", from: "dir/a.yaml", old: "0 months", new: "3 months" },
    ]);
  });

  test("several bases stand in order, and a file reached twice stands at its first place", () => {
    const files = {
      "a.yaml": "extends: [b.yaml, c.yaml]\n",
      "b.yaml": "extends: root.yaml\nsites: { east: { pue: 1.2, delay: 1 month } }\n",
      "c.yaml": "extends: root.yaml\nsites: { east: { pue: 1.3 } }\n",
      "root.yaml": scenarioText(),
    };
    const { fields } = loaded(files);
    expect(fields.get("sites.east.pue")?.text).toBe("1.3");
    expect(fields.get("sites.east.delay")?.text).toBe("1 month");
  });

  test("a circle names its files, at the reference that closes it", () => {
    const files = { "a.yaml": "extends: ./b.yaml\n", "b.yaml": "extends: ./sub/../a.yaml\n" };
    expect(faultsOf(load(files))).toEqual([
      "b.yaml:1:10+15 circular-extends invalid `extends`: the files extend each other in a circle (`a.yaml` -> `b.yaml` -> `a.yaml`)",
    ]);
  });

  test("a missing file is reported at the reference", () => {
    expect(faultsOf(load("extends:\n  - ./b.yaml\n"))).toEqual([
      "a.yaml:2:5+8 missing-file missing file `b.yaml`",
    ]);
    expect(faultsOf(load({ "b.yaml": "" }))).toEqual(["- missing-file missing file `a.yaml`"]);
  });

  test("null removes what the base says", () => {
    const base = scenarioText({ more: "let: { unread: 3 }\n" }).replace(
      "pue_design: 1.25",
      "pue_design: 1.25\n    delay: 3 months",
    );
    const files = { "a.yaml": "extends: b.yaml\nsites: { east: { delay: null } }\nlet:\n", "b.yaml": base };
    const { fields, names, changes } = loaded(files);
    expect(fields.get("sites.east.delay")).toMatchObject({ text: "0 months", origin: { layer: "default" } });
    expect(names.let).toEqual([]);
    expect(changes).toEqual([
      { path: "sites.east.delay", from: "a.yaml", old: "3 months", new: "null" },
      { path: "let.unread", from: "a.yaml", old: "3", new: "null" },
    ]);
  });

  test("a table replaces as a whole", () => {
    const files = {
      "a.yaml": "extends: b.yaml\nsites: { east: { power: { 2027-01: 2 GW } } }\n",
      "b.yaml": scenarioText().replace("power: 1 GW", "power: { 2026-01: 1 GW }"),
    };
    expect(loaded(files).fields.get("sites.east.power")?.text).toBe("{ 2027-01: 2 GW }");
  });
});

const MIX =
  "fleets:\n  first:\n    mix: { gb300: 40 %, trainium4: 60 % }\n    site: east\n    size: 1 GW\n    deliver: { at: 2026-03 }\n";
const OVERRIDES = `overrides:
  late: { sites.east.delay: 24 months }
  later: { sites: { east: { delay: 36 months } } }
  all_gb300: { fleets: { first: { mix: { gb300: 100 % } } } }
  more_gb300: { fleets.first.mix.gb300: 45 %, fleets.first.mix.trainium4: 55 % }
  gone: { fleets.first.mix: null, fleets.first.chip: gb300 }
scenarios:
  slow: [late]
`;

describe("overrides", () => {
  const text = scenarioText({ fleets: MIX, overrides: OVERRIDES });
  const fieldOf = (path: string, options: Parameters<typeof loaded>[1]) =>
    loaded(text, options).fields.get(path);

  test("they are applied by name, alone or as a list of scenarios", () => {
    expect(fieldOf("sites.east.delay", {})?.text).toBe("0 months");
    expect(fieldOf("sites.east.delay", { overrides: ["late"] })?.text).toBe("24 months");
    expect(fieldOf("sites.east.delay", { scenario: "slow" })?.origin).toMatchObject({
      layer: "override",
      from: "late",
    });
    expect(fieldOf("sites.east.delay", { scenario: "slow", overrides: ["later"] })?.text).toBe("36 months");
  });

  test("a mix that is written is replaced, a dotted key changes one member", () => {
    const { fields } = loaded(text, { overrides: ["all_gb300"] });
    expect(fields.get("fleets.first.mix.gb300")?.text).toBe("100 %");
    expect(fields.has("fleets.first.mix.trainium4")).toBe(false);
    expect(fieldOf("fleets.first.mix.trainium4", { overrides: ["more_gb300"] })?.text).toBe("55 %");
  });

  test("null in an override removes a mix, so that a chip may take its place", () => {
    const { fields } = loaded(text, { overrides: ["gone"] });
    expect([...fields.keys()].filter((path) => path.startsWith("fleets.first.mix"))).toEqual([]);
    expect(fields.get("fleets.first.chip")?.choice).toBe("gb300");
  });

  test("each change stands as old and new, defaults included", () => {
    expect(loaded(text, { overrides: ["late", "all_gb300"] }).changes).toEqual([
      { path: "sites.east.delay", from: "late", old: "0 months", new: "24 months" },
      { path: "fleets.first.mix.gb300", from: "all_gb300", old: "40 %", new: "100 %" },
      { path: "fleets.first.mix.trainium4", from: "all_gb300", old: "60 %", new: "null" },
    ]);
  });

  test("unknown names are met with near ones", () => {
    const result = load(text, { overrides: ["lat"], scenario: "slo" });
    expect(faultsOf(result, true)).toEqual([
      "- unknown-override unknown override `lat` | `late` or `later` | -",
      "- unknown-scenario unknown scenario `slo` | `slow` | -",
    ]);
    expect(faultsOf(load(scenarioText(), { scenario: "slow" }), true)).toEqual([
      "- unknown-scenario unknown scenario `slow` | a name under `scenarios`; the files have none there | -",
    ]);
  });

  test("two overrides of one list may not set the same field, also where one replaces what holds it", () => {
    const lists = (names: string) =>
      load(scenarioText({ fleets: MIX, overrides: OVERRIDES, two: `  two: ${names}\n` }));
    expect(faultsOf(lists("[late, later]"))).toEqual([
      "a.yaml:18:29+5 duplicate-override duplicate override: `sites.east.delay` is set by both `late` and `later`",
    ]);
    expect(faultsOf(lists("[all_gb300, more_gb300, all_gb300]"))).toEqual([
      "a.yaml:20:34+5 duplicate-override duplicate override: `fleets.first.mix.gb300` is set by both `all_gb300` and `more_gb300`",
      "a.yaml:20:64+9 duplicate-override duplicate override: `fleets.first.mix.trainium4` is set by both `all_gb300` and `more_gb300`",
    ]);
    expect(faultsOf(lists("[late, absent]"))).toEqual([
      "a.yaml:24:15+6 unknown-override unknown override `absent`",
    ]);
  });

  test("one override may not say the same twice, nested and dotted", () => {
    const overrides =
      "overrides:\n  x: { sites.east.delay: 1 month, sites: { east: { delay: 2 months } } }\n";
    expect(faultsOf(load(scenarioText({ overrides })))).toEqual([
      "a.yaml:17:52+5 duplicate-key duplicate key `delay`",
    ]);
  });

  test("an override that nobody applies is checked for unknown keys and does not touch the rest", () => {
    const overrides = "overrides:\n  x: { sites.east.powr: 1 GW, extends: b.yaml }\n";
    expect(faultsOf(load(scenarioText({ overrides })), true)).toEqual([
      "a.yaml:17:19+4 unknown-key unknown key `powr` in `sites.east` | `power` | -",
      "a.yaml:17:31+7 unknown-key unknown key `extends` | - | an override cannot change `extends`",
    ]);
  });
});

describe("--set", () => {
  test("a value is YAML on one line", () => {
    const sets = [
      "sites.east.power={2026-01: 1 GW, 2027-01: 2 GW}",
      "years=3",
      "sites.east.delay= 24 months",
    ];
    const { fields, monthCount, changes } = loaded(scenarioText(), { sets });
    expect(fields.get("sites.east.power")?.expr?.kind).toBe("table");
    expect(monthCount).toBe(36);
    expect(fields.get("sites.east.delay")?.origin).toMatchObject({
      layer: "set",
      from: "--set sites.east.delay= 24 months",
    });
    expect(changes.map(({ path, old }) => [path, old])).toEqual([
      ["sites.east.power", "1 GW"],
      ["years", "8"],
      ["sites.east.delay", "0 months"],
    ]);
  });

  test("a full path changes one member of a mix and keeps its delivery", () => {
    const fleets = MIX.replace("gb300: 40 %", "gb300: { share: 40 %, deliver: { at: 2027-01 } }").replace(
      "60 %",
      "rest",
    );
    const { fields } = loaded(scenarioText({ fleets }), { sets: ["fleets.first.mix.gb300=30 %"] });
    expect(fields.get("fleets.first.mix.gb300")?.text).toBe("30 %");
    expect(fields.get("fleets.first.mix.gb300.deliver.at")?.text).toBe("2027-01");
    expect(fields.get("fleets.first.mix.trainium4")?.rest).toBe(true);
  });

  test("faults point into the text", () => {
    const sets = [
      "sites.eats.pue=1.2",
      "sites.east.peu=1.2",
      "pue",
      "sites.east.pue=",
      "sites.east.pue=[1",
      "sites.east.pue=4",
      "sites.east.power.2027-01=1 GW",
    ];
    expect(faultsOf(load(scenarioText(), { sets }), true)).toEqual([
      "--set:1:1+14 unknown-key unknown key `eats` in `sites` | `east` | -",
      "--set:2:12+3 unknown-key unknown key `peu` in `sites.east` | `pue` | -",
      "--set:3:1+3 invalid-value invalid value `pue`: write a dotted path, `=` and a value | - | write `--set sites.us_east.delay='24 months'`",
      "--set:4:1+15 invalid-value invalid value `sites.east.pue=` for `sites.east.pue`: there is no value after `=` | - | write `null` to remove the value that the files give",
      "--set:5:18+1 invalid-yaml invalid YAML: flow sequence must end with a ] | - | -",
      "--set:6:16+1 out-of-range `sites.east.pue` is out of range: needs a plain number between 1 and 3, got 4 | a plain number between 1 and 3, such as `1.12 to 1.18` | -",
      "--set:7:18+7 unknown-key unknown key `2027-01` in `sites.east.power` | - | `sites.east.power` is one value; replace it as a whole",
    ]);
  });

  test("its text is among the sources, a line each", () => {
    const { sources } = load(scenarioText(), { sets: ["years=3", "sites.east.pue=\n1.2"] });
    expect(sources.get("--set")).toBe("years=3\nsites.east.pue= 1.2");
  });
});

describe("defaults", () => {
  test("a member takes what it does not say from defaults, and shares its variable", () => {
    const more =
      "defaults:\n  sites: { pue: 1.1 to 1.2 }\n  fleets: { life: 4 years, deliver: { from: 2026-01, to: 2026-06, delay: 2 months } }\n";
    const text = scenarioText({ more }).replace("    pue: 1.15\n", "");
    const { fields } = loaded(text);
    const pue = fields.get("sites.east.pue");
    expect(pue?.origin.declaredAt).toBe("defaults.sites.pue");
    expect(pue?.expr).toMatchObject({ kind: "distribution", variable: "defaults.sites.pue" });
    expect(fields.get("fleets.first.life")?.text).toBe("4 years");
    expect(fields.get("fleets.first.deliver.delay")?.text).toBe("2 months");
  });

  test("a default of another way is not wanted where the fleet has its own", () => {
    const more = "defaults: { fleets: { chip: trainium4, deliver: { from: 2026-01, to: 2026-06 } } }\n";
    const { fields } = loaded(scenarioText({ fleets: MIX, more }));
    expect(fields.has("fleets.first.chip")).toBe(false);
    expect(fields.has("fleets.first.deliver.from")).toBe(false);
    expect(fields.get("fleets.first.deliver.at")?.text).toBe("2026-03");
  });

  test("the literal of the table of fields comes last", () => {
    const { fields } = loaded(scenarioText());
    expect(fields.get("fleets.first.life")).toMatchObject({
      path: "fleets.first.life",
      text: "6 years",
      dimension: "duration",
      origin: { layer: "default", declaredAt: "defaults.fleets.life" },
    });
  });

  test("a mix is no default", () => {
    expect(
      faultsOf(load(scenarioText({ more: "defaults: { fleets: { mix: { gb300: rest } } }\n" }))),
    ).toEqual(["a.yaml:16:23+3 unknown-key unknown key `mix` in `defaults.fleets`"]);
  });
});

describe("the catalog", () => {
  const sited =
    "sites:\n  west:\n    pue: { value: 1.1, source: x, as_of: 2026-01, quality: assumed, note: y }\n";
  test("a scenario changes a field of a chip and keeps the others", () => {
    const { fields } = loaded(scenarioText({ more: "chips: { gb300: { price: 40 thousand USD } }\n" }));
    expect(fields.get("chips.gb300.price")?.origin).toMatchObject({
      layer: "scenario",
      declaredAt: "chips.gb300.price",
      overrode: [{ from: "catalog.yaml", text: "30 thousand USD" }],
    });
    expect(fields.get("chips.gb300.hbm")?.origin).toMatchObject({
      layer: "catalog",
      source: "sheet",
      quality: "official",
    });
  });

  test("a site of the catalog counts once a fleet stands in it", () => {
    const catalog = ["catalog.yaml", "sites.yaml"];
    expect(loaded({ "a.yaml": scenarioText(), "sites.yaml": sited }, { catalog }).names.sites).toEqual([
      "east",
    ]);
    const text = scenarioText({
      more: "  second: { chip: gb300, site: west, size: 1 chip, deliver: { at: 2026-01 } }\n",
    });
    expect(faultsOf(load({ "a.yaml": text, "sites.yaml": sited }, { catalog }))).toEqual([
      "sites.yaml:2:3+4 missing-field missing `power` in `sites.west`",
      "sites.yaml:2:3+4 missing-field missing `electricity` in `sites.west`",
      "sites.yaml:2:3+4 missing-field missing `facility` in `sites.west`",
      "sites.yaml:3:19+3 defaulted-pue-design missing `pue_design` in `sites.west`: `pue`, 1.1, is used",
    ]);
  });
});
