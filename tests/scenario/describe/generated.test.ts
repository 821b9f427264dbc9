import { expect, test } from "vitest";
import { type JsonSchema, makeJsonSchema } from "../../../src/scenario/describe/json-schema.ts";
import { makeReference } from "../../../src/scenario/describe/reference.ts";
import { showScenario } from "../../../src/scenario/describe/show.ts";
import { usedDefaults } from "../../../src/scenario/describe/used-defaults.ts";
import { FIELDS } from "../../../src/scenario/fields/index.ts";
import { parseYaml } from "../../../src/scenario/files/parse-yaml.ts";
import type { TreeNode } from "../../../src/scenario/files/tree.ts";
import { loaded, scenarioText } from "../load-files.ts";

const schema = makeJsonSchema();

/** Whether a value fits a schema, as far as ours go: a subset of draft 2020-12 written down for this test. */
function fits(value: unknown, given: unknown): boolean {
  const one = given as JsonSchema;
  if (typeof one.$ref === "string") {
    const name = one.$ref.replace("#/$defs/", "");
    return fits(value, (schema.$defs as JsonSchema)[name]);
  }
  if (Array.isArray(one.anyOf) && !one.anyOf.some((option) => fits(value, option))) return false;
  if (Array.isArray(one.enum) && !one.enum.includes(value)) return false;
  const types = one.type === undefined ? undefined : [one.type].flat();
  if (
    types &&
    !types.some((type) => typeOf(value) === type || (type === "number" && typeOf(value) === "integer"))
  )
    return false;
  if (typeof value === "string" && typeof one.pattern === "string")
    return new RegExp(one.pattern, "u").test(value);
  if (typeof value === "number")
    return Number(one.minimum ?? value) <= value && value <= Number(one.maximum ?? value);
  if (Array.isArray(value)) return value.every((item) => fits(item, one.items ?? {}));
  if (typeOf(value) !== "object") return true;
  return fitsObject(value as Record<string, unknown>, one);
}

function fitsObject(value: Record<string, unknown>, one: JsonSchema): boolean {
  const properties = (one.properties ?? {}) as JsonSchema;
  const required = (one.required ?? []) as readonly string[];
  if (required.some((key) => !Object.hasOwn(value, key))) return false;
  return Object.entries(value).every(([key, item]) => {
    if (one.propertyNames && !fits(key, one.propertyNames)) return false;
    if (Object.hasOwn(properties, key)) return fits(item, properties[key]);
    return (
      one.additionalProperties === undefined ||
      (one.additionalProperties !== false && fits(item, one.additionalProperties))
    );
  });
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

/** The value an editor sees: plain numbers, truth values and nulls read as YAML 1.2 does. */
function valueOfNode(node: TreeNode): unknown {
  if (node.kind === "list") return node.items.map(valueOfNode);
  if (node.kind === "map")
    return Object.fromEntries([...node.entries].map(([key, entry]) => [key, valueOfNode(entry.value)]));
  if (node.isNull) return null;
  if (!node.quoted && /^-?\d+(\.\d+)?$/.test(node.text)) return Number(node.text);
  return !node.quoted && /^(true|false)$/.test(node.text) ? node.text === "true" : node.text;
}

function isValid(text: string): boolean {
  const { tree } = parseYaml(text, { file: "a", layer: { kind: "scenario", from: "a" } });
  return tree !== undefined && fits(valueOfNode(tree), schema);
}

test("the schema accepts what the program accepts", () => {
  expect(isValid(scenarioText())).toBe(true);
  for (const line of [
    "    delay: { p5: 1 month, p95: 3 months }",
    "    staff: { 2026-01: 1 USD/(W year), 2027-01: { value: 2 USD/(W year), source: x } }",
    "    staff: { 2026-Q1: 1 USD/(W year), 2027-Q4: 2 USD/(W year) }",
    "    staff: { csv: ./x.csv, column: a, unit: USD/(W year) }",
    "    delay: { value: 3 months, quality: assumed, currency_year: 2024 }",
    "    delay: null",
    "    title: { value: x, note: y }",
  ]) {
    expect([line, isValid(scenarioText().replace("12 USD/W\n", `12 USD/W\n${line}\n`))]).toEqual([
      line,
      true,
    ]);
  }
  for (const mix of [
    "{ gb300: 0.4, trainium4: rest }",
    "{ gb300: { share: 40 %, deliver: { at: 2026-01 } }, trainium4: null }",
  ]) {
    expect([mix, isValid(scenarioText().replace("chip: gb300", `mix: ${mix}`))]).toEqual([mix, true]);
  }
});

test("the schema refuses unknown keys, bare numbers and wrong words", () => {
  for (const line of [
    "    powr: 1 GW",
    "    delay: 24",
    "    tenure: leasd",
    "    delay: { value: 1 month, sorce: x }",
    "    delay: { 2026-01: 1 month }",
    "    staff: { 2026-Q5: 1 USD/(W year) }",
  ]) {
    expect([line, isValid(scenarioText().replace("12 USD/W\n", `12 USD/W\n${line}\n`))]).toEqual([
      line,
      false,
    ]);
  }
  expect(isValid(scenarioText().replace("schema_version: 1", "schema_version: 2"))).toBe(false);
  expect(isValid(scenarioText().replaceAll("east", "US-East"))).toBe(false);
});

test("every example of the table of fields fits its own schema, and every field is described", () => {
  for (const spec of FIELDS) {
    expect(spec.text.length, spec.path).toBeGreaterThan(10);
    let node: unknown = schema;
    for (const key of spec.path.split(".")) {
      // Of the forms a value may have, the one with the next key; `*` stands for the members of a map.
      const forms = ((node as JsonSchema).anyOf as readonly JsonSchema[] | undefined) ?? [node as JsonSchema];
      const next = (form: JsonSchema): unknown =>
        key === "*" ? form.additionalProperties : (form.properties as JsonSchema | undefined)?.[key];
      node = forms.map(next).find((one) => one !== undefined && one !== false);
    }
    const { description, examples } = node as { description?: string; examples?: readonly unknown[] };
    expect(description, spec.path).toContain(spec.text.slice(0, 20));
    if (spec.kind !== "share" && spec.kind !== "tree")
      expect(fits(examples?.[0], node), `${spec.path}: ${spec.example}`).toBe(true);
  }
});

test("every example of the table of fields is read by the program", () => {
  const more: string[] = [];
  for (const spec of FIELDS.filter(
    ({ path }) => path.startsWith("sites.*.") && !/\.(interpolate|like)$/.test(path),
  )) {
    more.push(`    ${spec.path.replace("sites.*.", "")}: ${spec.example}\n`);
  }
  const sites = `sites:\n  us_east:\n${more.join("")}`;
  const { fields } = loaded(
    scenarioText({ sites, allow: "allow: [truncated-distribution]\n" }).replace(
      "site: east",
      "site: us_east",
    ),
  );
  expect(fields.get("sites.us_east.staff")?.text).toBe("0.05 USD/(W year)");
});

test("the reference page has every field with its default and example", () => {
  const page = makeReference(usedDefaults([]));
  for (const spec of FIELDS) {
    expect(page).toContain(spec.text);
    expect(page).toContain(`example \`${spec.example}\``);
    if (spec.default !== undefined) expect(page).toContain(`default \`${spec.default}\``);
  }
  expect(page).toContain("### `fleets.NAME.mix.CHIP.deliver.from`");
  expect(page.endsWith("\n")).toBe(true);
});

test("show lists each field with its plain value and its origin", () => {
  const text = scenarioText({ more: "let: { wait: 3 months to 12 months }\nmoney: { inflation: 12 % }\n" })
    .replace(
      "power: 1 GW",
      "power: { 2026-01: 600 MW, 2027-01: 1.4 GW, 2029-01: { value: 3.2 GW, source: x } }",
    )
    .replace(
      "facility: 12 USD/W",
      "facility: { value: 12 USD/W, source: a report, url: https://x.org, quality: reported, currency_year: 2025 }\n    delay: wait",
    );
  const rows = showScenario(loaded(text, { sets: ["years=3"] }));
  const row = (path: string) => rows.find((one) => one.path === path);
  expect(rows.map(({ path }) => path)).toEqual(rows.map(({ path }) => path).sort());
  expect(row("sites.east.power")).toMatchObject({
    plain: "600 MW from 2026-01, then 3.2 GW from 2029-01",
    unit: "W",
  });
  expect(row("sites.east.facility")).toMatchObject({
    text: "12 USD/W",
    quality: "reported",
    source: "a report",
    url: "https://x.org",
    from: "a.yaml",
  });
  expect(row("sites.east.delay")).toMatchObject({ text: "wait", plain: "6 months" });
  expect(row("let.wait")).toMatchObject({ text: "3 months to 12 months", plain: "6 months" });
  expect(row("start")).toMatchObject({ plain: "2026-01", unit: "" });
  expect(row("years")).toMatchObject({ text: "3", plain: "", from: "--set years=3" });
  expect(row("sites.east.tenure")).toMatchObject({ text: "owned", plain: "", from: "the table of fields" });
  expect(row("chips.gb300.price")).toMatchObject({
    plain: "30 thousand USD/chip",
    quality: "official",
    declaredAt: "chips.gb300.price",
  });
});
