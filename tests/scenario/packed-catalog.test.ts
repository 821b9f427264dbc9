import fs from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { readPacked, unpackCatalog, writePacked } from "../../src/scenario/files/packed-catalog.ts";
import type { TreeNode } from "../../src/scenario/files/tree.ts";
import { literalMedian } from "../../src/scenario/language/evaluate.ts";
import { packFigures, unpackFigures } from "../../src/scenario/language/packed-figures.ts";
import { loadScenario } from "../../src/scenario/load.ts";
import { loadCatalog } from "../../src/scenario/load-catalog.ts";
import { packCatalog, packTrees } from "../../src/scenario/pack-catalog.ts";

const folder = "scenarios/catalog";
const texts = Object.fromEntries(
  fs.readdirSync(folder).map((name) => [name, fs.readFileSync(`${folder}/${name}`, "utf8")]),
);
const catalog = Object.keys(texts).sort();
const packed = packCatalog(texts);
if (!packed) throw new Error("the catalog has a fault");

/** A tree with all its values, none of them still packed. */
function unpacked(node: TreeNode): unknown {
  if (node.kind === "list") return { ...node, items: node.items.map(unpacked) };
  if (node.kind === "scalar") return node;
  const entries = [...node.entries].map(([key, { keySpan, value }]) => [key, keySpan, unpacked(value)]);
  return { ...node, entries };
}

/** What a scenario says, read from the packed catalog or from its texts. */
function load(text: string, usesPacked: boolean, sets: readonly string[] = []) {
  const read = (path: string) => (path === "plan.yaml" ? text : texts[path]);
  const input = { path: "plan.yaml", catalog, read, sets };
  const { scenario, diagnostics } = loadScenario(usesPacked ? { ...input, packed } : input);
  const { fields, lets, names, changes, tree } = scenario ?? {};
  return { fields, lets, names, changes, tree: tree && unpacked(tree), diagnostics };
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
const smallFromTexts = load(small, false);

describe("the catalog as the build packs it", () => {
  test("is what the build wrote", () => {
    expect(fs.readFileSync("dist/catalog.packed", "utf8")).toBe(writePacked(packed));
    expect(readPacked(writePacked(packed))).toEqual(packed);
  });

  test.each(["", "no pack", "{}\n", "[]\n\n", writePacked(packed).slice(0, 1000)])(
    "is refused where it is damaged (%#)",
    (text) => {
      expect(() => readPacked(text)).toThrow(SyntaxError);
    },
  );

  test("gives every value that its texts give", () => {
    const everything = planOf(chips);
    const fromTexts = load(everything, false);
    expect(fromTexts.fields?.size).toBeGreaterThan(chips.length * 20);
    expect(load(everything, true)).toEqual(fromTexts);
    const reference = fs.readFileSync("scenarios/openai-aws.yaml", "utf8");
    expect(load(reference, true)).toEqual(load(reference, false));
  });

  test("gives the commands that show the catalog what its texts give", () => {
    const input = { catalog, read: (name: string) => texts[name] };
    const fromTexts = loadCatalog(input);
    expect(fromTexts.figures.length).toBeGreaterThan(chips.length * 20);
    expect(loadCatalog({ ...input, packed })).toEqual(fromTexts);
  });

  test("gives a figure of a chip whether or not the chip was looked at", () => {
    const files = catalog.map((name) => texts[name]);
    const [name] = catalog.filter((one) => texts[one].includes("gb300:"));
    const first = unpackCatalog(packed, catalog, files);
    const second = unpackCatalog(packed, catalog, files);
    if (second) unpacked(second.tree);
    const figure = first?.figures.get(name)?.valueAt("chips.gb300.price");
    expect(figure?.[0][0]).toBe("table");
    expect(second?.figures.get(name)?.valueAt("chips.gb300.price")).toEqual(figure);
    expect(first?.figures.get(name)?.valueAt("chips.gb300.no_field")).toBeUndefined();
  });

  test.each([
    ["a bracket", "]]", "}]"],
    ["a kind", '"scalar"', '"scaler"'],
  ])("gives way to its texts where %s of a chip is damaged", (_what, whole, broken) => {
    const { body } = packed;
    const at = body.lastIndexOf(whole, body.indexOf('{"chips.gb300.'));
    const damaged = body.slice(0, at) + broken + body.slice(at + whole.length);
    const read = (path: string) => (path === "plan.yaml" ? small : texts[path]);
    const input = { path: "plan.yaml", catalog, read, packed: { ...packed, body: damaged } };
    expect(loadScenario(input).scenario?.fields).toEqual(smallFromTexts.fields);
  });

  test("has most of the figures: an empty table would give them all, too", () => {
    const values = writePacked(packed).match(/"[\w.]+":\[\["(?:number|distribution|table)"/g) ?? [];
    const all = loadCatalog({ catalog, read: (name) => texts[name] }).figures.filter(({ expr }) => expr);
    expect(values.length).toBeGreaterThan(0.8 * all.length);
  });

  test("has the median of each distribution, which no start draws again", () => {
    const { figures } = loadCatalog({ catalog, read: (name) => texts[name] });
    const drawn = figures.filter(({ expr }) => expr?.kind === "distribution");
    const { words, vectors, values } = packFigures(drawn);
    const medianAt = (path: string, packedFigure = values[path]) => {
      const stored = { words, vectors, valueAt: () => packedFigure };
      const expr = unpackFigures(stored, "a.yaml", { lookup: () => undefined, known: [] })(path)?.expr;
      return expr?.kind === "distribution" ? literalMedian(expr) : undefined;
    };
    const paths = Object.keys(values);
    expect(paths.length).toBeGreaterThan(100);
    for (const { path, expr } of drawn) {
      if (!paths.includes(path) || expr?.kind !== "distribution") continue;
      expect(medianAt(path)).toBe(literalMedian(expr));
    }
    // Another number in its place is taken as it is, so the distribution is not drawn.
    const [path] = paths;
    const other = JSON.stringify(values[path]).replace(`,${medianAt(path)},`, ",-1,");
    expect(medianAt(path, JSON.parse(other))).toBe(-1);
  });

  test("parses of the chips those that a scenario names", () => {
    const read = (path: string) => (path === "plan.yaml" ? small : texts[path]);
    const parse = vi.spyOn(JSON, "parse");
    // A pack of its own: those of the tests before may be unpacked.
    const own = { ...packed };
    loadScenario({ path: "plan.yaml", catalog, read, packed: own });
    const parts = parse.mock.calls.length;
    loadScenario({ path: "plan.yaml", catalog, read, packed: own });
    expect(parse.mock.calls.length).toBe(parts);
    parse.mockRestore();
    expect(parts).toBeGreaterThan(0);
    expect(parts).toBeLessThan(5);
    expect(chips.length).toBeGreaterThan(20);
  });

  test("gives the same values without figures, and without a part's own layers", () => {
    const trees = packTrees(texts);
    const read = (path: string) => (path === "plan.yaml" ? small : texts[path]);
    const { scenario } = loadScenario({ path: "plan.yaml", catalog, read, packed: trees });
    expect(scenario?.fields).toEqual(smallFromTexts.fields);
  });

  test("without figures keeps those that it reads for the next scenario, but none that a name there changes", () => {
    const trees = packTrees(texts);
    const loadKept = (text: string, sets: readonly string[] = []) => {
      const read = (path: string) => (path === "plan.yaml" ? text : texts[path]);
      return loadScenario({ path: "plan.yaml", catalog, read, packed: trees, sets }).scenario?.fields;
    };
    const first = loadKept(small);
    const second = loadKept(small);
    const price = "chips.gb300.price";
    expect(second?.get(price)?.expr).toBe(first?.get(price)?.expr);
    expect(second).toEqual(smallFromTexts.fields);
    // `mode` is a key of triangular distributions, and here also a name.
    const named = `${small}let: { mode: 3 }\n`;
    expect(loadKept(named)).toEqual(load(named, false).fields);
    const sets = ["chips.gb300.price=50 thousand USD", "let.pue_aws=1.2", "money.inflation=3 %"];
    expect(loadKept(small, sets)).toEqual(load(small, false, sets).fields);
    const all = planOf(chips);
    expect(loadKept(all)).toEqual(load(all, false).fields);
    expect(loadKept(small)).toEqual(smallFromTexts.fields);
  });

  test("is merged with what a scenario adds to a chip, and with a chip of its own", () => {
    const own = `${small}chips: { gb300: { price: 40 thousand USD }, mine: { like: gb300, it_power: 2 kW } }\n`;
    const fromTexts = load(own, false);
    expect(fromTexts.names?.chips).toContain("mine");
    expect(load(own, true)).toEqual(fromTexts);
  });

  test("leaves a catalog with a fault, or with one value twice, to its texts", () => {
    const [name] = catalog.filter((one) => texts[one].includes("gb300:"));
    expect(packCatalog({ ...texts, [name]: `${texts[name]}\nfleets: {}\n` })).toBeUndefined();
    expect(packCatalog({ ...texts, "more.yaml": texts[name] })).toBeUndefined();
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
    expect(scenario?.fields).toEqual(smallFromTexts.fields);
  });
});
