import { expect, test } from "vitest";
import { loadCatalog } from "../../src/scenario/load-catalog.ts";
import { CATALOG, chipText, faultsOf } from "./load-files.ts";

function read(texts: Readonly<Record<string, string>>) {
  return loadCatalog({ catalog: Object.keys(texts), read: (path) => texts[path] });
}

const SLOW = `defaults:
  chips:
    lead: { value: 4 months to 12 months, source: x, as_of: 2026-01, quality: assumed, note: y }
`;

test("a catalog gives its chips with their fields, defaults of a later file included", () => {
  const { chips, fields, defaults, diagnostics } = read({ "chips.yaml": CATALOG, "more.yaml": SLOW });
  expect(diagnostics).toEqual([]);
  expect(chips).toEqual(["gb300", "trainium4"]);
  expect(fields.get("chips.gb300.it_power")).toMatchObject({
    text: "1 kW",
    dimension: "power_per_chip",
    origin: {
      layer: "catalog",
      from: "chips.yaml",
      quality: "official",
      asOf: "2026-03",
      url: "https://example.org/x",
    },
  });
  expect(fields.get("chips.gb300.lead")?.origin.declaredAt).toBe("defaults.chips.lead");
  expect(fields.get("chips.gb300.slip")?.origin.layer).toBe("default");
  expect([...defaults.keys()]).toEqual(["defaults.chips.lead"]);
});

test("a later file changes a field of a chip", () => {
  const more =
    'chips: { gb300: { hbm: { value: 200 GB, source: x, url: "https://x.org", as_of: 2026-01, quality: reported } } }\n';
  const field = read({ "chips.yaml": CATALOG, "more.yaml": more }).fields.get("chips.gb300.hbm");
  expect(field).toMatchObject({
    text: "200 GB",
    origin: { overrode: [{ from: "chips.yaml", text: "100 GB" }] },
  });
});

test("sections of a scenario are refused, and what a chip lacks is reported", () => {
  const bad = `start: 2026-01\nchips:\n${chipText("good")}  poor: { title: Poor }\n`;
  const [first, ...others] = faultsOf(read({ "chips.yaml": bad }));
  expect(first).toBe("chips.yaml:1:1+5 unknown-key unknown key `start`");
  const lacking = ["bf16", "hbm", "hbm_bandwidth", "it_power", "price", "network", "available_from"];
  expect(others).toEqual(
    lacking.map((field) => `chips.yaml:11:3+4 missing-field missing \`${field}\` in \`chips.poor\``),
  );
});

test("a missing file is reported and the others are read", () => {
  const { chips, diagnostics } = loadCatalog({
    catalog: ["a", "b"],
    read: (path) => (path === "b" ? CATALOG : undefined),
  });
  expect(faultsOf({ diagnostics })).toEqual(["- missing-file missing file `a`"]);
  expect(chips).toEqual(["gb300", "trainium4"]);
});
