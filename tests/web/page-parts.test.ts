/** Parts of the page that need no browser: links, drafts, places in a scenario, hashes. */
import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { replaceAt } from "../../src/web/engine/problems.ts";
import { sha256 } from "../../src/web/engine/sha256.ts";
import { suggestAt } from "../../src/web/engine/suggest.ts";
import { type Draft, isSamePlan, readDraft } from "../../src/web/page/draft.ts";
import { readFragment, writeFragment } from "../../src/web/page/link.ts";
import { keysAt, spotAt } from "../../src/web/page/spot.ts";
import { type Boxes, draftOfChange, forgetDrafts, keepDraft, keptDrafts } from "../../src/web/page/store.ts";

const draft: Draft = {
  file: "plan.yaml",
  text: "name: \u202e \u{1f600} \u00e9\n".repeat(50),
  others: { "base.yaml": "x" },
  moved: { "sites.a.pue": { position: 1.2, set: "sites.a.pue=1.2" } },
  pins: ["sites.a.pue"],
};

describe("a link", () => {
  test("holds the plan, shorter than the plan", async () => {
    const fragment = await writeFragment(draft);
    expect(fragment).toMatch(/^#plan=1\.[\w-]+$/);
    expect(fragment.length).toBeLessThan(draft.text.length);
    expect(await readFragment(fragment)).toEqual({ draft });
  });

  test("of something else is no link", async () => {
    expect(await readFragment("")).toEqual({});
    expect(await readFragment("#years")).toEqual({});
  });

  const packed = (value: unknown) => deflateRawSync(JSON.stringify(value)).toString("base64url");
  test.each([
    ["another version", "#plan=2.abc", "another version"],
    ["something cut off", "#plan=1.", "damaged"],
    ["characters of no link", "#plan=1.%%%", "damaged"],
    ["noise", "#plan=1.AAAA", "damaged"],
    ["no plan", `#plan=1.${packed({ file: 1 })}`, "damaged"],
    ["a file with a folder", `#plan=1.${packed({ file: "../x", text: "" })}`, "damaged"],
    [
      "sliders that are none",
      `#plan=1.${packed({ file: "x", text: "", moved: { a: { position: "1" } } })}`,
      "damaged",
    ],
    [
      "a text that unpacks to very much",
      `#plan=1.${deflateRawSync("x".repeat(20_000_000)).toString("base64url")}`,
      "damaged",
    ],
  ])("with %s is refused in words", async (_what, fragment, says) => {
    const { draft: none, fault } = await readFragment(fragment);
    expect(none).toBeUndefined();
    expect(fault).toContain(says);
  });
});

test("a draft of an older page, without sliders, is read", () => {
  expect(readDraft({ file: "a.yaml", text: "b" })).toEqual({
    file: "a.yaml",
    text: "b",
    others: {},
    moved: {},
    pins: [],
  });
  for (const bad of [
    null,
    1,
    [],
    { text: "b" },
    { file: "a", text: "b", others: { c: 1 } },
    { file: "a", text: "b", pins: [1] },
  ])
    expect(readDraft(bad)).toBeUndefined();
});

describe("what the browser keeps", () => {
  /** Keys are properties, as browsers have them. */
  class Shelf {
    [key: string]: unknown;
    getItem(key: string) {
      return (this[key] as string | undefined) ?? null;
    }
    setItem(key: string, text: string) {
      if (text.length > 1_000_000) throw new RangeError("QuotaExceededError");
      this[key] = text;
    }
    removeItem(key: string) {
      delete this[key];
    }
  }
  const other = { ...draft, text: "name: Other\n" };
  const openTab = (shared: Shelf): Boxes => {
    const own = new Shelf();
    return { own: () => own, shared: () => shared };
  };

  test("is the plan of each tab, and the one that all share until another is chosen", () => {
    const shared = new Shelf();
    const [first, second] = [openTab(shared), openTab(shared)];
    keepDraft(first, "plan", draft, true);
    expect(keptDrafts(second, "plan")).toEqual({ own: undefined, shared: draft });
    keepDraft(second, "plan", other, false);
    expect(keptDrafts(second, "plan")).toEqual({ own: other, shared: draft });
    expect(keptDrafts(first, "plan")).toEqual({ own: draft, shared: draft });
    expect([isSamePlan(other, draft), isSamePlan({ ...draft, base: "1" }, draft)]).toEqual([false, true]);
  });

  test("is heard from another tab for the same place, where it can be read", () => {
    const change = { key: "gigafleet:plan", newValue: JSON.stringify(other) };
    expect(draftOfChange(change, "plan")).toEqual(other);
    for (const none of [{ key: null }, { key: "gigafleet:else" }, { newValue: null }, { newValue: "{" }])
      expect(draftOfChange({ ...change, ...none }, "plan")).toBeUndefined();
  });

  test("is forgotten; what does not fit or is forbidden is said", () => {
    const shared = new Shelf();
    const tab = openTab(shared);
    keepDraft(tab, "plan", draft, true);
    shared.setItem("another page's", "x");
    forgetDrafts(tab);
    expect(keptDrafts(tab, "plan")).toEqual({ own: undefined, shared: undefined });
    expect(Object.keys(shared)).toEqual(["another page's"]);
    expect(keepDraft(tab, "plan", { ...draft, text: "x".repeat(2_000_000) }, true)).toBe(false);
    const forbid = () => {
      throw new Error("SecurityError");
    };
    const none: Boxes = { own: forbid, shared: forbid };
    expect(keepDraft(none, "plan", draft, true)).toBe(false);
    expect(keptDrafts(none, "plan")).toEqual({ own: undefined, shared: undefined });
    expect(() => forgetDrafts(none)).not.toThrow();
  });
});

describe("a place in a scenario", () => {
  const lines = "sites:\n  main:\n    power: 40 MW\n    # note\n";
  test.each([
    [`${lines}    pu`, { keys: ["sites", "main"], isValue: false, typed: 2 }],
    [`${lines}    tenure: ow`, { keys: ["sites", "main", "tenure"], isValue: true, typed: 2 }],
    [`${lines}fl`, { keys: [], isValue: false, typed: 2 }],
    [`${lines}    # pu`, undefined],
    [`${lines}    power: { 2027`, undefined],
  ])("%j", (before, spot) => {
    expect(spotAt(before)).toEqual(spot);
  });

  test("has the keys of the word under the pointer", () => {
    expect(keysAt(`${lines}    pu`, "    pue: 1.2")).toEqual(["sites", "main", "pue"]);
    expect(keysAt(`${lines}    pue: 1`, "    pue: 1.2")).toBeUndefined();
  });
});

describe("suggestions", () => {
  const labels = (keys: readonly string[], isValue: boolean) =>
    suggestAt({ keys, isValue }, undefined).map(({ label }) => label);

  test("are the keys of the level, with what they mean", () => {
    expect(labels(["sites", "main"], false)).toEqual(expect.arrayContaining(["power", "pue", "tenure"]));
    expect(labels(["overrides", "late", "sites.main"], false)).toContain("delay");
    const [first] = suggestAt({ keys: ["sites", "main"], isValue: false }, undefined);
    expect(first?.text.length).toBeGreaterThan(20);
  });

  test("are the words of a value", () => {
    expect(labels(["sites", "main", "tenure"], true)).toEqual(["owned", "leased"]);
    expect(labels(["sites", "main", "nonsense"], true)).toEqual([]);
  });
});

test("a text in place of another changes nothing else", () => {
  const text = "a: 1\r\nbc: 2\n";
  expect(replaceAt(text, { line: 2, column: 1, length: 2 }, "xyz")).toBe("a: 1\r\nxyz: 2\n");
  expect(replaceAt(text, { line: 9, column: 1, length: 2 }, "xyz")).toBe(text);
});

test.each(["", "abc", "a".repeat(55), "a".repeat(56), "a".repeat(64), "\u00e9\u{1f600}".repeat(100_000)])(
  "SHA-256 is that of the standard (text %#)",
  (text) => {
    const own = (encoding: "hex" | "base64") => createHash("sha256").update(text).digest(encoding);
    expect(sha256(text, "hex")).toBe(own("hex"));
    expect(sha256(text, "base64")).toBe(own("base64"));
  },
);
