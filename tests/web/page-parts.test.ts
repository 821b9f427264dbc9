/** Parts of the page that need no browser: links, drafts, places in a scenario, hashes. */
import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { replaceAt } from "../../src/web/engine/problems.ts";
import { sha256 } from "../../src/web/engine/sha256.ts";
import { describeAt, suggestAt } from "../../src/web/engine/suggest.ts";
import type { Ask } from "../../src/web/messages.ts";
import { type Draft, isSamePlan, readDraft } from "../../src/web/page/draft.ts";
import { CalledOff, type Heard, type Port, startEngine } from "../../src/web/page/engine.ts";
import { readFragment, writeFragment } from "../../src/web/page/link.ts";
import { keysAt, keysBeside, spotAt } from "../../src/web/page/spot.ts";
import { type Boxes, draftOfChange, forgetDrafts, keepDraft, keptDrafts } from "../../src/web/page/store.ts";
import { movedInWords, valueInWords } from "../../src/web/page/words.ts";
import { smallScenario } from "../cli/gigafleet.ts";
import { reader } from "./shipped.ts";

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

  test("of nothing is no link", async () => {
    expect(await readFragment("")).toEqual({});
    expect(await readFragment("#")).toEqual({});
  });

  test("is read as mail programs send it on: with signs encoded, and broken into lines", async () => {
    const fragment = await writeFragment(draft);
    expect(await readFragment(fragment.replace("=", "%3D").replace(".", "%2E"))).toEqual({ draft });
    expect(await readFragment(`${fragment.slice(0, 40)}%0D%0A ${fragment.slice(40)}`)).toEqual({ draft });
  });

  const packed = (value: unknown) => deflateRawSync(JSON.stringify(value)).toString("base64url");
  const ofBytes = (...bytes: number[]) => deflateRawSync(Buffer.from(bytes)).toString("base64url");
  const whole = packed({ file: "x", text: "a: 1\n".repeat(99).concat("b: 2") });
  test.each([
    ["another version", "#plan=2.abc", "made by another version"],
    ["no version", "#plan=.abc", "not a plan that this page wrote"],
    ["one word", "#rubbish", "not a plan that this page wrote"],
    ["no plan behind its name", "#plan", "not a plan that this page wrote"],
    ["signs that are no text", "#plan=%00%ff", "not a plan that this page wrote"],
    ["signs that are no text, and no name", "#%00%ff", "not a plan that this page wrote"],
    ["another form", "#plan=abc", "not a plan that this page wrote"],
    ["a name written otherwise", "#PLAN=1.abc", "not a plan that this page wrote"],
    ["nothing behind its version", "#plan=1.", "the plan is missing"],
    ["characters of no link", "#plan=1.AA(A", "contains \u201c(\u201d"],
    ["an encoding that is none", "#plan=1.%%%", "not a plan that this page wrote"],
    ["an end that is missing", `#plan=1.${whole.slice(0, -4)}`, "incomplete or was changed"],
    ["noise", "#plan=1.AAAA", "incomplete or was changed"],
    ["a length of no such text", "#plan=1.AAAAA", "incomplete or was changed"],
    ["bytes that are no text", `#plan=1.${ofBytes(0xff, 0xfe)}`, "incomplete or was changed"],
    ["something that is no plan", `#plan=1.${packed({ file: 1 })}`, "holds no plan"],
    ["a list", `#plan=1.${packed([1, 2])}`, "holds no plan"],
    ["a file with a folder", `#plan=1.${packed({ file: "../x", text: "" })}`, "holds no plan"],
    [
      "sliders that are none",
      `#plan=1.${packed({ file: "x", text: "", moved: { a: { position: "1" } } })}`,
      "holds no plan",
    ],
    [
      "a text that unpacks to very much",
      `#plan=1.${deflateRawSync("x".repeat(20_000_000)).toString("base64url")}`,
      "more than 6 MB",
    ],
  ])("with %s is refused in words that say why", async (_what, fragment, says) => {
    const { draft: none, fault } = await readFragment(fragment);
    expect(none).toBeUndefined();
    expect(fault).toMatch(/^The link could not be read: .*\.$/);
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

describe("the engine of a page", () => {
  /** Workers that say only what a test lets them say. */
  function openEngine() {
    const workers: (Port & { readonly posted: Ask[]; isEnded: boolean })[] = [];
    const make = () => {
      const posted: Ask[] = [];
      const worker = {
        posted,
        isEnded: false,
        onmessage: null,
        onerror: null,
        postMessage: (message: Ask) => void posted.push(message),
        terminate: () => {
          worker.isEnded = true;
        },
      };
      workers.push(worker);
      return worker;
    };
    const heard: Heard[] = [];
    const plans: (string | undefined)[] = [];
    let time = 0;
    const engine = startEngine(
      make,
      (told, plan) => {
        heard.push(told);
        plans.push(plan?.text);
      },
      () => time,
    );
    return {
      engine,
      heard,
      plans,
      workers,
      pass: (milliseconds: number) => {
        time += milliseconds;
      },
    };
  }
  const requestOf = (text: string) => ({
    plan: { file: "a.yaml", text, others: {}, sets: [] },
    pins: [],
    width: 1,
  });
  const textsOf = (posted: readonly Ask[]) =>
    posted.flatMap((ask) => (ask.kind === "run" ? [ask.plan.text] : []));

  test("runs the newest plan once the one before has its answer", () => {
    const { engine, workers } = openEngine();
    for (const text of ["1", "2", "3"]) engine.run(requestOf(text));
    expect(textsOf(workers[0]?.posted ?? [])).toEqual(["1"]);
    workers[0]?.onmessage?.({ data: { kind: "checked", run: 1, problems: [], isSound: false } });
    expect(textsOf(workers[0]?.posted ?? [])).toEqual(["1", "3"]);
  });

  test("says of which plan an answer is, where a newer one waits already", () => {
    const { engine, plans, workers } = openEngine();
    for (const text of ["1", "2", "3"]) engine.run(requestOf(text));
    const tell = (run: number) =>
      workers[0]?.onmessage?.({ data: { kind: "checked", run, problems: [], isSound: false } });
    tell(1);
    tell(2);
    expect(plans).toEqual(["1", "3"]);
  });

  test("gives up a plan that it is busy with for seconds when another is to be run, and what was asked about it", async () => {
    const { engine, heard, workers, pass } = openEngine();
    engine.run(requestOf("a thousand fleets"));
    const asked = engine.ask<"describe">({ kind: "describe", keys: [] });
    pass(4000);
    engine.run(requestOf("waits"));
    expect(workers).toHaveLength(1);
    pass(2000);
    engine.run(requestOf("small"));
    await expect(asked).rejects.toThrow(CalledOff);
    expect(workers.map(({ isEnded, posted }) => [isEnded, textsOf(posted)])).toEqual([
      [true, ["a thousand fleets"]],
      [false, ["small"]],
    ]);
    // What the first may still say is of no plan that is shown.
    workers[0]?.onmessage?.({ data: { kind: "checked", run: 1, problems: [], isSound: true } });
    expect(heard).toEqual([]);
  });
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

  test("has the keys beside it, and none of maps above, below or elsewhere", () => {
    const text = `${lines}    pue: 1\n  other:\n    delay: 1 month\nfleets:\n`.split("\n");
    expect([...keysBeside(text, 3)]).toEqual(["power", "pue"]);
    expect([...keysBeside(text, 1)]).toEqual(["other"]);
    expect([...keysBeside(text, 0)]).toEqual(["fleets"]);
    expect([...keysBeside([""], 0)]).toEqual([]);
  });

  test("has the keys of the word under the pointer", () => {
    expect(keysAt(`${lines}    pu`, "    pue: 1.2")).toEqual(["sites", "main", "pue"]);
    expect(keysAt(`${lines}    pue: 1`, "    pue: 1.2")).toBeUndefined();
  });
});

describe("suggestions", () => {
  const labels = (keys: readonly string[], isValue: boolean) =>
    suggestAt({ keys, isValue }, undefined, reader.chips).map(({ label }) => label);

  test("are the keys of the level, with what they mean", () => {
    expect(labels(["sites", "main"], false)).toEqual(expect.arrayContaining(["power", "pue", "tenure"]));
    expect(labels(["overrides", "late", "sites.main"], false)).toContain("delay");
    const [first] = suggestAt({ keys: ["sites", "main"], isValue: false }, undefined, reader.chips);
    expect(first?.text.length).toBeGreaterThan(20);
  });

  test("are the words of a value", () => {
    expect(labels(["sites", "main", "tenure"], true)).toEqual(["owned", "leased"]);
    expect(labels(["sites", "main", "nonsense"], true)).toEqual([]);
    // Every chip of the catalog, though a plan loads only its own.
    expect(labels(["fleets", "new", "chip"], true)).toEqual(expect.arrayContaining(["gb300", "trainium4"]));
  });

  test("say on hover what a key means and what its value is from", () => {
    const text = smallScenario.replace(
      "price: 10 thousand USD",
      "price: { value: 10 thousand USD, quality: reported, source: A price list, as_of: 2026-03-01 }",
    );
    const { scenario } = reader.load({ file: "plan.yaml", text, others: {}, sets: [] });
    const told = describeAt(["chips", "tiny", "price"], scenario);
    expect(told?.title).toBe("chips.tiny.price");
    expect(told?.text).toMatch(
      /price per chip.* For example: .*\. The plan\u2019s value is reported 2026-03-01: A price list$/,
    );
    expect(describeAt(["chips", "tiny"], scenario)).toBeUndefined();
  });
});

test.each([
  ["{ distribution: triangular, min: 30 %, mode: 55 %, max: 80 % }", "30 % to 80 %, most likely 55 %"],
  ["{ p5: 56 %, p95: 85 %, at_most: 100 % }", "56 % to 85 %, at most 100 %"],
  ["{ distribution: normal, mean: 5, sd: 1 }", "distribution: normal, mean: 5, sd: 1"],
  ["{ value: { p5: 1, p95: 2 } }", "{ value: { p5: 1, p95: 2 } }"],
  ["8 thousand USD to 12 thousand USD", "8 thousand USD to 12 thousand USD"],
])("the value %s reads %s", (written, words) => {
  expect(valueInWords(written)).toBe(words);
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

test("values that were moved are named with where they stand; of many, the others are counted", () => {
  const moved = (...names: readonly string[]) =>
    movedInWords(names.map((name, index) => ({ name, value: `${index + 1} %` })));
  expect(moved()).toBe("");
  expect(moved("Share")).toBe(", with Share at 1 %");
  expect(moved("Share", "Rent")).toBe(", with Share at 1 % and Rent at 2 %");
  expect(moved("A", "B", "C")).toBe(", with A at 1 %, B at 2 % and C at 3 %");
  expect(moved("A", "B", "C", "D")).toBe(", with A at 1 %, B at 2 %, C at 3 % and 1 other value moved");
  expect(moved("A", "B", "C", "D", "E")).toMatch(/C at 3 % and 2 other values moved$/);
});
