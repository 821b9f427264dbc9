import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { loadScenario } from "../../src/scenario/load.ts";
import { loadCatalog } from "../../src/scenario/load-catalog.ts";
import { packCatalog } from "../../src/scenario/pack-catalog.ts";

const folder = "scenarios/catalog";
const texts = Object.fromEntries(
  fs.readdirSync(folder).map((name) => [name, fs.readFileSync(`${folder}/${name}`, "utf8")]),
);
const catalog = Object.keys(texts).sort();
const packed = packCatalog(texts);

/** What a scenario says, read from the packed catalog or from its texts. */
function load(text: string, usesPacked: boolean, sets: readonly string[] = []) {
  const read = (path: string) => (path === "plan.yaml" ? text : texts[path]);
  const input = { path: "plan.yaml", catalog, read, sets };
  const { scenario, diagnostics } = loadScenario(usesPacked ? { ...input, packed } : input);
  return { fields: scenario?.fields, lets: scenario?.lets, diagnostics };
}

const chips = loadCatalog({ catalog, read: (name) => texts[name] }).chips;
const planOf = (named: readonly string[]) => `
schema_version: 1
start: 2026-01
years: 4
sites: { main: { power: 1 GW, pue: 1.2, pue_design: 1.3 } }
fleets:
${named.map((chip) => `  f_${chip}: { chip: ${chip}, site: main, size: 10 chips, deliver: { at: 2027-01 } }`).join("\n")}
`;
const small = planOf(["gb300"]);

describe("the catalog as the build packs it", () => {
  test("is what the build wrote", () => {
    expect(JSON.parse(fs.readFileSync("dist/catalog.json", "utf8"))).toEqual(
      JSON.parse(JSON.stringify(packed)),
    );
  });

  test("gives every value that its texts give", () => {
    const everything = planOf(chips);
    const fromTexts = load(everything, false);
    expect(fromTexts.fields?.size).toBeGreaterThan(chips.length * 20);
    expect(load(everything, true)).toEqual(fromTexts);
    const reference = fs.readFileSync("scenarios/openai-aws.yaml", "utf8");
    expect(load(reference, true)).toEqual(load(reference, false));
  });

  test("has most of the figures: an empty table would give them all, too", () => {
    const count = Object.values(packed).flatMap(({ figures }) => Object.keys(figures?.values ?? {})).length;
    const all = loadCatalog({ catalog, read: (name) => texts[name] }).figures.filter(({ expr }) => expr);
    expect(count).toBeGreaterThan(0.8 * all.length);
  });

  test("gives way to what a scenario writes in place of a value", () => {
    const sets = ["chips.gb300.price=50 thousand USD", "let.pue_aws=1.2"];
    const fromTexts = load(small, false, sets);
    expect(fromTexts.fields?.get("chips.gb300.price")?.text).toBe("50 thousand USD");
    expect(load(small, true, sets)).toEqual(fromTexts);
  });

  test("is read again where a scenario gives a word in it as a name", () => {
    // `mode` is a key of triangular distributions, and here also a name.
    const named = `${small}let: { mode: 3 }\n`;
    expect(load(named, true)).toEqual(load(named, false));
  });

  test("counts for no other text", () => {
    const name = catalog.find((one) => texts[one].includes("gb300:")) ?? "";
    const changed = { ...texts, [name]: `${texts[name]}# a line more\n` };
    const read = (path: string) => (path === "plan.yaml" ? small : changed[path]);
    const { scenario } = loadScenario({ path: "plan.yaml", catalog, read, packed });
    expect(scenario?.fields).toEqual(load(small, false).fields);
  });
});
