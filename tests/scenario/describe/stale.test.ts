import { expect, test } from "vitest";
import { listStale } from "../../../src/scenario/describe/stale.ts";
import { loadCatalog } from "../../../src/scenario/load-catalog.ts";
import { chipText } from "../load-files.ts";

const dated = (text: string, month: string) => text.replaceAll("as_of: 2026-03", `as_of: ${month}`);
const texts: Readonly<Record<string, string>> = {
  "old.yaml": `chips:\n${dated(chipText("older"), "2024-01-31")}`,
  "new.yaml": `chips:\n${dated(chipText("newer"), "2025-06")}let:\n  note_of_it: { value: 3 months, source: s, url: "https://example.org", as_of: 2024-12, quality: reported }\n`,
};
const { figures } = loadCatalog({ catalog: Object.keys(texts), read: (path) => texts[path] });

test("figures older than an age are listed with age and place, the oldest first", () => {
  const stale = listStale(figures, 12, "2026-01-15");
  expect(stale.map(({ path }) => path)).toEqual([
    "chips.older.available_from",
    "chips.older.bf16",
    "chips.older.hbm",
    "chips.older.hbm_bandwidth",
    "chips.older.it_power",
    "chips.older.network",
    "chips.older.price",
    "let.note_of_it",
  ]);
  expect(stale[1]).toMatchObject({
    asOf: "2024-01-31",
    ageMonths: 24,
    file: "old.yaml",
    line: 3,
    source: "sheet",
  });
  expect(stale[7]).toMatchObject({ ageMonths: 13, quality: "reported" });
});

test("a figure exactly as old is not stale yet", () => {
  expect(listStale(figures, 13, "2026-01").map(({ path }) => path)).not.toContain("let.note_of_it");
});

test("without a date it counts from the newest figure", () => {
  expect(new Set(listStale(figures, 12).map(({ path }) => path.split(".")[1]))).toEqual(new Set(["older"]));
  expect(listStale(figures, 3).at(-1)).toMatchObject({ path: "let.note_of_it", ageMonths: 6 });
});
