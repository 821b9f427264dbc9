import { test } from "vitest";
import { CATALOG, chipText, faultsOf, load, scenarioText } from "./load-files.ts";

const show = (name: string, r: any) => {
  console.log(
    "## " +
      name +
      "\n" +
      faultsOf(r, true).join("\n") +
      (r.scenario ? `\n  -> ${r.scenario.fields.size} fields` : ""),
  );
  return r;
};
test("x", () => {
  const r = show("base", load(scenarioText()));
  for (const [k, v] of r.scenario?.fields ?? [])
    if (/^(sites|fleets|start|years|chips.gb300)/.test(k))
      console.log(
        k,
        "=",
        v.text,
        v.dimension ?? "",
        v.origin.layer,
        v.origin.from,
        v.origin.declaredAt,
        v.expr?.kind,
        v.expr?.binding,
        v.choice ?? v.integer ?? "",
      );
  const s = (o: any, opt: any = {}) =>
    show(JSON.stringify(o).slice(0, 150) + JSON.stringify(opt), load(scenarioText(o), opt));
  const site = (x: string) => ({
    sites: `sites:\n  east:\n    power: 1 GW\n    pue: 1.15\n    pue_design: 1.25\n    electricity: 58 USD/MWh\n    facility: 12 USD/W\n${x}`,
  });
  const fleet = (x: string) => ({ fleets: `fleets:\n  first:\n    site: east\n    size: 100 chips\n${x}` });
  s(site("    powr: 3\n"));
  s(site("    chip: 3\n"));
  s(site("    delay: 24\n"));
  s(site("    delay: 24 MW\n"));
  s(site("    delay: 400 months\n"));
  s(site("    delay: 1/0 * 1 month\n"));
  s(site("    delay: { 2026-01: 3 months }\n"));
  s(site("    delay: elapsed_months * 1 month\n"));
  s(site("    delay: { p5: 1 month, p95: 8 months }\n"));
  s(site("    delay: { foo: 1 month}\n"));
  s(site("    delay: [1 month]\n"));
  s(site("    staff: { 2026-1: 0.05 USD/(W year), 2027: 1 USD/(W year), x: 3, 2028-01: 3 MW }\n"));
  s(
    site(
      "    staff: { value: 0.05 USD/(W year), quality: offical, currency_year: 25, url: x, as_of: May, foo: 1 }\n",
    ),
  );
  s(site("    tenure: leasd\n"));
  s(site("    tenure: leased\n"));
  s(site("    pue_design: 1\n"));
  s({ sites: "sites: { east: { power: 1 GW, facility: 12 USD/W } }\n" });
  s({
    sites:
      "sites: { east: { power: 1 GW, facility: 12 USD/W, pue: 1.1 to 1.2, electricity: 1 USD/MWh }, west: {power: 1 GW, pue: 1.1, pue_design: 1.3, electricity: 1 USD/MWh, facility: 1 USD/W} }\n",
    d: "let: { x: 3, y: x + 1, z: y }\n",
  });
  s(fleet("    chip: gb30\n    deliver: {at: 2026-01}\n"));
  s(
    fleet(
      "    chip: gb300\n    mix: { gb300: 50%, trainium4: rest }\n    deliver: {at: 2026-01, from: 2026-01}\n",
    ),
  );
  s(fleet("    mix: { gb300: 50%, trainium4: 60% }\n    deliver: {from: 2027-01, to: 2026-01}\n"));
  s(fleet("    mix: { gb300: 50% to 60%, trainium4: 60% }\n"));
  s(fleet("    mix: { gb300: 50% to 60%, trainium4: rest, h100: rest }\n    deliver: {at: 2050-01}\n"));
  s(
    fleet(
      "    mix: { gb300: {share: 30%, deliver: {at: 2026-05}}, trainium4: {value: 70%, quality: assumed} }\n    deliver: {at: 2026-01}\n",
    ),
  );
  s(
    fleet(
      "    mix: { gb300: {share: 30%, delver: {at: 2026-05}}, trainium4: {deliver: {at: 2026-01}} }\n    deliver: {at: 2026-01}\n",
    ),
  );
  s(
    {
      o: "overrides: { late: { sites.east.delay: 24 months }, b: { sites: { east: { delay: 3 months, pu: 3 } } } }\nscenarios: { both: [late, b, c] }\nallow: [unused-sites, unknown-key]\n",
    },
    {
      overrides: ["lat"],
      scenario: "boht",
      sets: [
        "sites.eats.delay=3",
        "sites.east.delai=3",
        "x",
        "sites.east.delay=",
        "sites.east.delay=[",
        "sites.east.power.2027-01=3 GW",
      ],
    },
  );
  s({ head: "schema_version: 2\n" });
  s({ head: "" });
  s({ head: "schema_version: one\nstart: 2026\nyears: 50" + "\n" });
  show(
    "ext",
    load({
      "a.yaml": "extends: b/b.yaml\n",
      "b/b.yaml": "extends: [../c.yaml, ./d.yaml]\n",
      "c.yaml": "extends: a.yaml\n",
    }),
  );
  show(
    "cat",
    load({
      "a.yaml": scenarioText(),
      "catalog.yaml":
        CATALOG +
        "  bad:\n    bf16: 1 PFLOPS\n    hbm: {value: 1 GB, source: x, as_of: 2026-01, quality: assumed}\n    price: {value: {2026-01: 1 USD}, source: x}\n    network: {2026-01: {value: 3 USD, source: x}, 2027-01: 3 USD}\nfleets: {}\n",
    }),
  );
});
