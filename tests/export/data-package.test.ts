import { describe, expect, test } from "vitest";
import { makeSpecimenTables } from "../../src/analysis/sample/specimen.ts";
import { makeDataPackage, type Provenance } from "../../src/export/data-package.ts";

const provenance: Provenance = {
  version: "1.2.3",
  schemaVersion: 1,
  slug: "My_plan",
  title: "My plan",
  scenarioFiles: [
    { name: "plan.yaml", text: "own" },
    { name: "base.yaml", text: "base" },
  ],
  catalogFiles: [{ name: "catalog/chips.yaml", text: "chips" }],
  referenceUse: "training",
  changes: [{ path: "sites.a.delay", from: "--set", old: "0 months", new: "6 months" }],
};

const make = () =>
  makeDataPackage(makeSpecimenTables(), provenance, { delimiter: ";" }, (text) => `hash of ${text}`);

describe("the data package", () => {
  const content = JSON.parse(make());

  test("describes every column of every table", () => {
    const names = content.resources.map((resource: { name: string }) => resource.name);
    expect(names).toEqual([
      "summary",
      "annual",
      "quarterly",
      "monthly",
      "by_chip_annual",
      "fleets",
      "sites",
      "costs",
      "workloads_annual",
      "workloads",
      "demand",
      "serving",
      "contracts",
      "debt",
    ]);
    const monthly = content.resources[3];
    expect(monthly).toMatchObject({ path: "monthly.csv", dialect: { delimiter: ";", lineTerminator: "\n" } });
    expect(monthly.schema).toMatchObject({ primaryKey: ["month"], missingValues: [""] });
    expect(monthly.schema.fields[0]).toEqual({
      name: "month",
      type: "yearmonth",
      description: "Calendar month.",
    });
    const power = monthly.schema.fields.find((field: { name: string }) => field.name === "facility_power_mw");
    expect(power).toMatchObject({ type: "number", unit: "MW" });
    expect(power.description).toContain("design PUE");
  });

  test("follows Data Package v2: profiles by $schema, tables by type, decimal signs by field", () => {
    expect(content.$schema).toBe("https://datapackage.org/profiles/2.0/datapackage.json");
    expect(content).not.toHaveProperty("profile");
    for (const resource of content.resources) {
      expect(resource.name).toMatch(/^[-a-z0-9._/]+$/);
      expect(resource).toMatchObject({
        type: "table",
        dialect: { $schema: "https://datapackage.org/profiles/2.0/tabledialect.json" },
        schema: { $schema: "https://datapackage.org/profiles/2.0/tableschema.json" },
      });
      expect(resource).not.toHaveProperty("profile");
    }
    const german = JSON.parse(
      makeDataPackage(makeSpecimenTables(), provenance, { delimiter: ";", decimal: "," }, () => ""),
    );
    const [year, months, first] = german.resources[1].schema.fields;
    expect([year.decimalChar, months.decimalChar, first.decimalChar]).toEqual([undefined, undefined, ","]);
  });

  test("names the inputs with their hashes, and every change", () => {
    expect(content).toMatchObject({ name: "my_plan", title: "My plan" });
    expect(content.gigafleet).toEqual({
      version: "1.2.3",
      schema_version: 1,
      scenario: { file: "plan.yaml", sha256: "hash of own" },
      bases: [{ file: "base.yaml", sha256: "hash of base" }],
      catalog: [{ file: "catalog/chips.yaml", sha256: "hash of chips" }],
      seed: null,
      trials: 0,
      quantities: "medians",
      reference_use: "training",
      overrides: provenance.changes,
    });
  });

  test("is the same bytes for the same inputs", () => {
    expect(make()).toBe(make());
  });
});
