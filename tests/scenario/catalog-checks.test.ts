import { describe, expect, test } from "vitest";
import { isSaidToBeSparse } from "../../src/scenario/check/sparse-words.ts";
import { loadCatalog } from "../../src/scenario/load-catalog.ts";
import { BASE, faultsOf, load, scenarioText } from "./load-files.ts";

type Figures = Readonly<Record<string, string>>;
const plain: Figures = {
  fp8: "2 PFLOPS",
  bf16: "1 PFLOPS",
  hbm: "100 GB",
  hbm_bandwidth: "4 TB/s",
  it_power: "1 kW",
  price: "30 thousand USD",
  network: "5 thousand USD",
  available_from: "2025-01",
};

/** A chip of a catalog; `note` goes with its FP8 rate. */
function chip(name: string, figures: Figures = {}, note = ""): string {
  const lines = Object.entries({ ...plain, ...figures }).map(([field, value]) => {
    const more = field === "fp8" && note !== "" ? `, note: "${note}"` : "";
    return `    ${field}: { value: ${value}, source: s, url: "https://example.org", as_of: 2026-03, quality: official${more} }\n`;
  });
  return `  ${name}:\n    title: Chip ${name}\n${lines.join("")}`;
}

function faults(...files: readonly string[]): string[] {
  const texts = new Map(files.map((text, index) => [`${"abc"[index]}.yaml`, `chips:\n${text}`]));
  return faultsOf(loadCatalog({ catalog: [...texts.keys()], read: (path) => texts.get(path) }));
}

describe("two entries for one chip", () => {
  test("one name in two files is refused at the second", () => {
    expect(faults(chip("one"), chip("one"))).toContain(
      "b.yaml:2:3+3 duplicate-entry duplicate entry `one` in the catalog",
    );
  });

  test("one chip under two names is refused at the second", () => {
    const copy = chip("other").replace("Chip other", "CHIP  one");
    expect(faults(chip("one") + copy)).toEqual([
      "a.yaml:12:3+5 duplicate-entry duplicate entry `other` in the catalog",
    ]);
  });

  test("a name under `let` in two files is refused, and a scenario may still change an entry", () => {
    const named = `let:\n  x_of: { value: 1, source: s, url: "https://example.org", as_of: 2026-03, quality: official }\n`;
    const texts: Figures = { "a.yaml": named, "b.yaml": named };
    expect(faultsOf(loadCatalog({ catalog: ["a.yaml", "b.yaml"], read: (path) => texts[path] }))).toEqual([
      "b.yaml:2:3+4 duplicate-entry duplicate entry `x_of` in the catalog",
    ]);
    expect(faultsOf(load(scenarioText({ more: "chips: { gb300: { it_power: 3 kW } }\n" })))).toEqual([]);
  });
});

describe("a sparse figure given as dense", () => {
  test("a rate that its note calls sparse is refused", () => {
    expect(faults(chip("one", {}, "2 PFLOPS with sparsity"))).toEqual([
      "a.yaml:4:19+8 sparse-rate invalid rate `2 PFLOPS` for `chips.one.fp8`, which looks sparse: its own source or note calls this figure sparse",
    ]);
  });

  test("a note may name the sparse figure beside the dense one", () => {
    for (const note of [
      "4 sparse / 2",
      "4,000 TFLOPS is the sparse figure",
      "2 dense, 4 with sparsity",
      "no sparsity in 2",
    ])
      expect(faults(chip("one", {}, note)), note).toEqual([]);
    expect(isSaidToBeSparse(2e15, "the sheet's sparse 2,000 TFLOPS")).toBe(true);
    expect(isSaidToBeSparse(2e15, undefined, "sparse figure of 2 PFLOPS")).toBe(true);
  });

  test("four times the next wider format is refused, twice and three times are not", () => {
    expect(faults(chip("one", { fp8: "4 PFLOPS" }))[0]).toMatch(
      /^a\.yaml:4:19\+8 sparse-rate .* it is 4 times the BF16 rate, but half the bits only double a rate$/,
    );
    for (const fp4 of ["2 PFLOPS", "4 PFLOPS", "6 PFLOPS"])
      expect(faults(chip("one", { fp4 })), fp4).toEqual([]);
    // A chip made for its narrowest format: the note says that the rate is dense.
    expect(faults(chip("one", { fp8: "4 PFLOPS" }, "dense, a quarter of it in BF16"))).toEqual([]);
    expect(faults(chip("one", { fp8: "4 PFLOPS" }, "not dense"))).toHaveLength(1);
  });

  test("a rate per watt far beyond every chip of its time is refused, a generation's step is not", () => {
    const old = chip("old", { available_from: "2024-01" });
    expect(faults(old + chip("step", { fp8: "4 PFLOPS", bf16: "2 PFLOPS" }))).toEqual([]);
    expect(faults(old + chip("leap", { fp8: "6 PFLOPS", bf16: "3 PFLOPS" }))).toEqual([
      expect.stringMatching(
        /^a\.yaml:14:19\+8 sparse-rate .*per watt it is 3\.0 times `old`, the best chip until then$/,
      ),
      expect.stringMatching(/^a\.yaml:15:20\+8 sparse-rate /),
    ]);
  });

  test("the word in the value itself is no unit", () => {
    expect(faults(chip("one", { fp8: "2 PFLOPS sparse" }))[0]).toContain("a.yaml:4:");
  });
});

describe("a value outside physical sense", () => {
  test("ten times the best FLOP per watt known", () => {
    const found = faults(chip("one") + chip("two", { fp8: "21 PFLOPS", bf16: "10.5 PFLOPS" }));
    expect(found[0]).toBe(
      "a.yaml:14:19+9 implausible-value `chips.two.fp8` is physically implausible: needs at most 10 times the 2 TFLOPS/W of `one`, got 21 TFLOPS/W",
    );
  });

  test("memory read thousands of times a second, or hardly at all", () => {
    expect(faults(chip("one", { hbm_bandwidth: "400 TB/s" }))[0]).toMatch(
      /hbm_bandwidth` is physically implausible: needs 5 to 300 times the memory per second, got 4000 times$/,
    );
    expect(faults(chip("one", { hbm_bandwidth: "4 GB/s" }))).toHaveLength(1);
  });

  test("a package that takes more than is provisioned for it", () => {
    expect(faults(chip("one", { chip_power: "1.2 kW" }))[0]).toMatch(
      /it_power` is physically implausible: needs at least its `chip_power` of 1\.2 kW\/chip, got 1 kW\/chip$/,
    );
  });

  test("what a scenario writes itself is doubted, not refused", () => {
    const found = (fp8: string) =>
      faultsOf(
        load({ "a.yaml": Object.values({ ...BASE, own: `chips:\n${chip("mine", { fp8 })}` }).join("") }),
      );
    expect(found("70 PFLOPS")).toEqual([]);
    expect(found("900 PFLOPS")).toEqual([
      expect.stringMatching(
        /doubtful-value doubtful value `900 PFLOPS` for `chips\.mine\.fp8`: 900 TFLOPS\/W is more/,
      ),
    ]);
  });
});

test("a scenario reads only the chips it mentions, so each is held against itself alone", () => {
  const files = (leap: Figures) => ({
    "a.yaml": scenarioText({ fleets: BASE.fleets.replace("chip: gb300", "chip: leap") }),
    "catalog.yaml": `chips:\n${chip("old", { available_from: "2024-01" })}${chip("leap", leap)}`,
  });
  expect(faultsOf(load(files({ fp8: "6 PFLOPS", bf16: "3 PFLOPS" })))).toEqual([]);
  expect(faultsOf(load(files({ fp8: "4 PFLOPS" })))[0]).toContain("sparse-rate");
});

test("a figure without source or without unit is refused at its place", () => {
  expect(faults(chip("one").replace("source: s, ", ""))[0]).toMatch(/^a\.yaml:4:10\+\d+ missing-source /);
  expect(faults(chip("one", { hbm: "100" }))[0]).toMatch(/^a\.yaml:6:19\+3 missing-unit /);
});
