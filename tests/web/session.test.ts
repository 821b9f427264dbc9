/** The engine behind the page, in Node: what it checks, tells, takes apart and hands out. */
import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { FigureName } from "../../src/charts/kit/figure-name.ts";
import { findMetric } from "../../src/metrics/index.ts";
import { createSession } from "../../src/web/engine/session.ts";
import { Refusal } from "../../src/web/engine/shown.ts";
import { readFigureAttributes } from "../../src/web/figure-attributes.ts";
import type { Answer, Movable, Plan, Replies, RunRequest, Tell } from "../../src/web/messages.ts";
import { gigafleet, makeFolder, smallScenario } from "../cli/gigafleet.ts";
import { reader } from "./shipped.ts";

const folder = makeFolder();
/** The small scenario with one uncertain price. */
const uncertain = smallScenario.replace("price: 10 thousand USD", "price: 8 thousand USD to 12 thousand USD");

function planOf(text: string, sets: readonly string[] = []): Plan {
  return { file: "plan.yaml", text, others: {}, sets };
}

/** A session and all that it told; each run waits for its end. */
function open() {
  const told: Tell[] = [];
  const session = createSession(
    reader,
    (message) => told.push(structuredClone(message)),
    async () => {},
  );
  let run = 0;
  return {
    told,
    session,
    /** What a check says; the sample behind it is overtaken at once. */
    check: async (plan: Plan, pins: readonly string[] = []) => {
      told.length = 0;
      const own = ++run;
      const started = session.run({ kind: "run", run: own, plan, pins, width: 800 });
      await session.run({ kind: "run", run: ++run, plan: planOf(""), pins: [], width: 800 });
      await started;
      const checked = told.find((one) => one.kind === "checked" && one.run === own);
      if (checked?.kind !== "checked") throw new Error("the plan was not checked");
      const sliders = told.find(({ kind }) => kind === "sliders");
      return { ...checked, ...(sliders?.kind === "sliders" ? { movables: sliders.movables } : {}) };
    },
    run: async (plan: Plan, pins: readonly string[] = [], more: Partial<RunRequest> = {}) => {
      told.length = 0;
      await session.run({ kind: "run", run: ++run, plan, pins, width: 800, ...more });
      return [...told];
    },
  };
}

/** The numbers of HTML that open their trace. */
function buttonsIn(html: string): readonly { readonly figure: FigureName; readonly text: string }[] {
  return [...html.matchAll(/<button type="button" class="num"([^>]*)>(.*?)<\/button>/gs)].flatMap(
    ([, attributes = "", text = ""]) => {
      const data = [...attributes.matchAll(/data-([a-z]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]);
      const figure = readFigureAttributes(Object.fromEntries(data));
      return figure ? [{ figure, text: text.replace(/<[^>]*>/g, "") }] : [];
    },
  );
}

/** Whether a number, in some decimal unit, is shown by a text; a text without a number shows any. */
function isShownAs(value: number, text: string): boolean {
  const [digits = "0"] = /\d[\d.]*/.exec(text.replace(/[\s\u202f]/g, "")) ?? [];
  const [shown, decimals] = [Number(digits), digits.split(".")[1]?.length ?? 0];
  if (shown === 0) return true;
  const power = Math.log10(Math.abs(value) / shown);
  const allowed = Math.max(0.51 * 10 ** -decimals, 0.005 * shown);
  return [Math.floor(power), Math.ceil(power)].some(
    (unit) => Math.abs(Math.abs(value) / 10 ** unit - shown) <= allowed,
  );
}

function answersOf(told: readonly Tell[]): readonly Answer[] {
  return told.flatMap((one) => (one.kind === "answer" ? [one.answer] : []));
}

describe("a sound plan", () => {
  test("is answered at medians first, then coarsely, then with as many trials as the command takes", async () => {
    const { run } = open();
    const told = await run(planOf(uncertain));
    expect(told.map(({ kind }) => kind)).toEqual(["checked", "answer", "sliders", "answer", "answer"]);
    expect(answersOf(told).map(({ trials, isFinal }) => [trials, isFinal])).toEqual([
      [0, false],
      [200, false],
      [10_000, true],
    ]);
  });

  test("that is edited draws pictures far from the screen with its last answer only", async () => {
    const { run } = open();
    const htmlOf = (answer: Answer | undefined) =>
      answer?.sections.flatMap(({ pictures }) => pictures.map(({ id, html }) => [id, html !== undefined]));
    const [, , first] = answersOf(await run(planOf(uncertain)));
    const [coarse, whole] = answersOf(await run(planOf(`${uncertain}\n`), [], { far: ["power"] }));
    expect([coarse?.trials, whole?.trials]).toEqual([200, 10_000]);
    expect(htmlOf(coarse)).toEqual(htmlOf(first)?.map(([id]) => [id, id !== "power"]));
    expect(htmlOf(whole)).toEqual(htmlOf(first));
    // A plan that is opened has none of them on the page yet.
    const opened = answersOf(await run({ ...planOf(uncertain), file: "other.yaml" }, [], { far: ["power"] }));
    expect(htmlOf(opened[1])).toEqual(htmlOf(first));
  });

  test("is run with all trials once it rests after its coarse answer, at once where it has just been opened", async () => {
    const heard: (string | number)[] = [];
    const session = createSession(
      reader,
      (told) => void (told.kind === "answer" && heard.push(`${told.answer.trials} trials`)),
      async (time = 0) => void (time > 0 && heard.push(time)),
    );
    for (const [run, text] of [uncertain, `${uncertain}\n`].entries())
      await session.run({ kind: "run", run, plan: planOf(text), pins: [], width: 800 });
    const [coarse, whole] = ["200 trials", "10000 trials"];
    expect(heard).toEqual(["0 trials", coarse, whole, coarse, 40, whole]);
  });

  test("may extend a scenario that comes with the page, and one that came with it", async () => {
    const { run } = open();
    const text = "schema_version: 1\nextends: [./base.yaml, ./more.yaml]\nname: Both\n";
    const others = { "more.yaml": "schema_version: 1\nsites: { a: { pue: 1.1, pue_design: 1.1 } }\n" };
    expect(answersOf(await run({ ...planOf(text), others }))[0]?.title).toBe("Both");
  });

  test("brings no catalog of its own", async () => {
    const { check } = open();
    const others = { "catalog/chips-nvidia.yaml": "nonsense: [", "chips-nvidia.yaml": "nonsense: [" };
    expect((await check({ ...planOf(uncertain), others })).isSound).toBe(true);
  });

  test.each(["constructor", "__proto__", "toString.yaml"])(
    "that extends %s names a file that is none",
    async (name) => {
      const { check } = open();
      const { problems, isSound } = await check(planOf(`${uncertain}extends: [./${name}]\n`));
      expect([isSound, problems.map(({ code }) => code)]).toEqual([false, ["missing-file"]]);
    },
  );

  test("with hostile texts is answered without a tag or an attribute of theirs", async () => {
    const { run } = open();
    const hostile = `"<img src=x onerror=alert(1)>\\"'</script>"`;
    const text = uncertain
      .replace("name: Chips wait for power", `name: ${hostile}`)
      .replace("title: Tiny", `title: ${hostile}`);
    const answer = answersOf(await run(planOf(text)))[1];
    expect(answer?.title).toContain("<img");
    const html = JSON.stringify([answer?.sentences, answer?.keys, answer?.sections]);
    expect(html).not.toMatch(/<img|<\/script|onerror=alert\(1\)>/);
    expect(html).toContain("&lt;img");
  });
});

describe("sliders", () => {
  /** What `--set` takes for each slider at its median. */
  const setsAtMedians = (movables: readonly Movable[]): readonly string[] =>
    movables.map(({ path: name, form, middle, unit, isMonth }) => {
      const month = `${Math.floor(middle / 12)}-${String((middle % 12) + 1).padStart(2, "0")}`;
      const value = isMonth ? month : `${Number(middle.toPrecision(6))} ${unit}`.trim();
      return `${name}=${form.replace("VALUE", value)}`;
    });

  test("stand where the median is, with the quantiles as written", async () => {
    const { check } = open();
    const { movables = [] } = await check(planOf(uncertain));
    const price = movables.find(({ path: name }) => name === "chips.tiny.price");
    expect(price).toMatchObject({
      isUncertain: true,
      isMonth: false,
      form: "VALUE",
      written: "8 thousand USD to 12 thousand USD",
    });
    const size = price?.unit.startsWith("thousand") ? 1 : 1000;
    // A lognormal between 8 and 12: its median is the geometric mean, its P5 and P95 are the ends as written.
    expect(price?.middle).toBeCloseTo(Math.sqrt(8 * 12) * size, 6);
    expect(price?.quantiles[0]).toBeCloseTo(8 * size, 6);
    expect(price?.quantiles[3]).toBeCloseTo(12 * size, 6);
    expect([price?.low, price?.high].every((end) => end !== undefined && Number.isFinite(end))).toBe(true);
  });

  test("are those of the values that the plan reads, and leave nothing uncertain when all are moved", async () => {
    const { check, run } = open();
    const { movables = [] } = await check(planOf(uncertain));
    expect(movables.map(({ path: name }) => name).filter((name) => name.startsWith("chips."))).toEqual([
      "chips.tiny.price",
    ]);
    expect(
      answersOf(await run(planOf(uncertain, setsAtMedians(movables)))).map(({ trials }) => trials),
    ).toEqual([0]);
  });

  test("know how closely the cost follows them as soon as the first trials are told, beyond what chance explains", async () => {
    const { run } = open();
    // Maintenance moves the cost by next to nothing.
    const told = await run(planOf(uncertain.replace("maintenance: 0 %", "maintenance: 0.001 % to 0.002 %")));
    const influences = told.flatMap((one) =>
      one.kind === "answer" ? [[one.answer.trials, one.influence?.trials, one.influence?.byLine]] : [],
    );
    expect(influences.map(([trials, of]) => [trials, of])).toEqual([
      [0, undefined],
      [200, 200],
      // Of more, the figure of each trial is not kept.
      [10_000, 1024],
    ]);
    for (const [, trials, byLine = {}] of influences.slice(1) as [number, number, Record<string, number>][]) {
      expect(byLine["chips.tiny.price"]).toBeGreaterThan(0.9);
      for (const size of Object.values(byLine)) expect(size).toBeGreaterThanOrEqual(2 / Math.sqrt(trials));
    }
    expect(Object.keys(influences[2][2] ?? {})).toEqual(["chips.tiny.price"]);
  });

  test("are beside uncertain values that no one number stands for: expressions, and tables by month", async () => {
    const { run } = open();
    const listed = async (text: string) => {
      const told = (await run(planOf(text))).find(({ kind }) => kind === "sliders");
      if (told?.kind !== "sliders") throw new Error("nothing was listed");
      return [told.movables.map(({ line }) => line), told.unmovables];
    };
    for (const written of [
      "1.1 * between(8 thousand USD, 12 thousand USD)",
      "{ 2026-01: 8 thousand USD to 12 thousand USD, 2027-01: 7 thousand USD to 9 thousand USD }",
    ]) {
      const [movables, unmovables] = await listed(
        uncertain.replace("price: 8 thousand USD to 12 thousand USD", `price: ${written}`),
      );
      expect(movables).not.toContain("chips.tiny.price");
      expect(unmovables).toEqual([
        expect.objectContaining({ line: "chips.tiny.price", name: "Price of Tiny", written }),
      ]);
    }
    expect((await listed(uncertain))[1]).toEqual([]);
  });

  test("have the unit in which the plan writes the range, so that one is shown alone", async () => {
    const { check } = open();
    const text = uncertain
      .replace("it_power: 1 kW", "it_power: 950 W to 1050 W")
      .replace("maintenance: 0 %", "maintenance: { p5: 1 %, p95: 3 % }")
      .replace("lead: 0 months", "lead: 30 days to 3 months");
    const { movables = [] } = await check(planOf(text));
    const of = (path: string) => {
      const { unit, quantiles = [] } = movables.find((one) => one.path === path) ?? {};
      return [unit, ...[quantiles[0], quantiles[3]].map((one) => Number(one?.toPrecision(6)))];
    };
    expect(of("chips.tiny.price")).toEqual(["thousand USD", 8, 12]);
    expect(of("chips.tiny.it_power")).toEqual(["W", 950, 1050]);
    expect(of("fleets.f.maintenance")).toEqual(["%", 1, 3]);
    // Of two units the one that ends the range.
    expect(of("chips.tiny.lead")[0]).toBe("months");
    const { problems } = await check(planOf(text, setsAtMedians(movables)));
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test("stay when one is moved, and are listed again when the text changes", async () => {
    const { check } = open();
    const moved = planOf(uncertain, ["chips.tiny.price=15 thousand USD"]);
    const { movables = [] } = await check(moved);
    expect(movables.map(({ path: name }) => name)).toContain("chips.tiny.price");
    expect((await check(planOf(uncertain))).movables).toBeUndefined();
    expect((await check(planOf(`${uncertain}# more\n`))).movables).toEqual(movables);
  });

  test("are listed again for a page that has none", async () => {
    const { run } = open();
    const listed = async (more: Partial<RunRequest> = {}) =>
      (await run(planOf(uncertain), [], more)).filter(({ kind }) => kind === "sliders").length;
    expect([await listed(), await listed(), await listed({ isWithoutSliders: true })]).toEqual([1, 0, 1]);
  });

  test("of every value of the reference set their own median without a fault", async () => {
    const { check } = open();
    const text = fs.readFileSync("scenarios/openai-aws.yaml", "utf8");
    const { movables = [] } = await check(planOf(text));
    expect(movables.length).toBeGreaterThan(60);
    const { problems, isSound } = await check(planOf(text, setsAtMedians(movables)));
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(isSound).toBe(true);
  });

  /** What the page asks when a slider moves to 15 thousand USD. */
  const price = "chips.tiny.price";
  const dear = planOf(uncertain, [`${price}=15 thousand USD`]);
  const moving = { moving: price };

  test("answer a move at once as a run of its own does, and draw only what is near the screen", async () => {
    const { run, session } = open();
    const shown = answersOf(await run(planOf(uncertain)))[2];
    const ids = shown?.sections.flatMap(({ pictures }) => pictures.map(({ id }) => id)) ?? [];
    session.hold(price);
    const far = ids.filter((id) => id !== "power");
    const told = await run(dear, [], { ...moving, far });
    expect(told.map(({ kind }) => kind)).toEqual(["answer", "answer", "checked", "final"]);
    const [quick, whole] = answersOf(told);
    expect([quick?.trials, whole?.trials, whole?.isWhole, whole?.isFinal]).toEqual([
      200,
      10_000,
      true,
      false,
    ]);
    const alone = await open().run(dear);
    const [, slow, exact] = answersOf(alone);
    const last = alone.at(-1);
    expect(told.at(-1)).toMatchObject({ influence: last?.kind === "answer" ? last.influence : undefined });
    expect({ ...whole, isWhole: undefined, isFinal: true }).toEqual(exact);
    expect([quick?.sentences, quick?.keys, quick?.command]).toEqual([
      slow?.sentences,
      slow?.keys,
      slow?.command,
    ]);
    const tablesOf = (answer: Answer | undefined) => answer?.sections.map(({ table }) => table);
    expect(tablesOf(quick)).toEqual(tablesOf(slow));
    const drawn = quick?.sections.flatMap(({ pictures }) => pictures.filter(({ html }) => html)) ?? [];
    expect(drawn).toEqual(
      slow?.sections.flatMap(({ pictures }) => pictures.filter(({ id }) => id === "power")),
    );
  });

  test("moved out of the range of a value say so, and the next move is answered", async () => {
    const { run } = open();
    const pue = planOf(
      uncertain.replace("pue: 1\n", "pue: 1.1\n").replace("pue_design: 1", "pue_design: 1.2"),
    );
    await run(pue, ["sites.a.pue"]);
    const to = (position: number) =>
      run({ ...pue, sets: [`sites.a.pue=${position}`] }, ["sites.a.pue"], {
        moving: "sites.a.pue",
      });
    const outside = await to(0.5);
    expect(outside.map(({ kind }) => kind)).toEqual(["checked", "fixes"]);
    expect(answersOf(await to(1.15)).map(({ trials }) => trials)).toEqual([200, 10_000]);
  });

  test.each([
    ["reads no more", "let: { tag: 10 thousand USD to 12 thousand USD }\n"],
    ["has lost", ""],
  ])("of a name that the plan %s move nothing", async (_, lets) => {
    const { check } = open();
    const { problems } = await check(planOf(`${lets}${smallScenario}`, ["let.tag=11 thousand USD"]));
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test("moved where the plan contradicts itself leave the last good answer", async () => {
    const { run } = open();
    const mix = "mix: { tiny: { share: 60 % }, h100: { share: 40 % } }";
    const mixed = planOf(uncertain.replace("chip: tiny", mix));
    const path = "fleets.f.mix.tiny.share";
    const pins = ["fleets.f.mix.tiny"];
    const good = answersOf(await run(mixed, pins)).at(-1);
    const told = await run({ ...mixed, sets: [`${path}=70 %`] }, pins, { moving: path });
    expect(told.map(({ kind }) => kind)).toEqual(["answer", "answer", "answer", "checked", "fixes"]);
    const [quick, whole, last] = answersOf(told);
    expect([quick?.isFinal, whole?.isFinal, last]).toEqual([false, false, good]);
    expect(quick?.keys).not.toBe(good?.keys);
  });

  test("of money of a year move its amount", async () => {
    const { run } = open();
    const written = "price: { value: 10 thousand USD, currency_year: 2025 }";
    const own = { ...dear, text: smallScenario.replace("price: 10 thousand USD", written) };
    const set = `${price}={ value: 15 thousand USD, currency_year: 2025 }`;
    const told = await run({ ...own, sets: [] }, [price]);
    const sliders = told.find((one) => one.kind === "sliders");
    expect(sliders?.kind === "sliders" && sliders.movables.map(({ unit }) => unit)).toContain("thousand USD");
    const answers = answersOf(await run({ ...own, sets: [set] }, [price], moving));
    // Inflation is 2.5 % a year at the median, so what was 1.5 million in mid 2025 is more in 2027.
    expect(answers.map(({ trials }) => trials)).toEqual([200, 10_000]);
    for (const { keys } of answers)
      expect(keys).toContain('data-metric="cost_provider_pv_usd">1.56</button>');
  });

  test("take what is written to the last bit, on which a limit may hang", async () => {
    // 35 times a hundredth is more than 35 %, by what here makes a chip cost half as much again.
    const limited = uncertain
      .replace(
        "8 thousand USD to 12 thousand USD",
        "10 thousand USD + min(5 thousand USD, max(0, x - 0.35) * 1e20 USD)",
      )
      .replace("\nsites:\n", "\nlet: { x: 30 % to 40 % }\nsites:\n");
    const set = planOf(limited, ["let.x=35 %"]);
    const { run } = open();
    await run(planOf(limited));
    const [, whole] = answersOf(await run(set, [], { moving: "let.x" }));
    const exact = answersOf(await open().run(set)).at(-1);
    expect({ ...whole, isWhole: undefined, isFinal: true }).toEqual(exact);
  });

  test("pinned while a run is under way are listed once a move is answered", async () => {
    const { run } = open();
    await run(planOf(uncertain));
    const told = await run(dear, ["sites.a.pue"], { moving: price });
    const sliders = told.find((one) => one.kind === "sliders");
    expect(sliders?.kind === "sliders" && sliders.movables.map(({ path }) => path)).toContain("sites.a.pue");
  });

  test("of a pinned value reach to either side of it", async () => {
    const { check } = open();
    const { movables = [] } = await check(planOf(smallScenario), ["chips.tiny.price"]);
    const {
      low = 0,
      middle = 0,
      high = 0,
      isUncertain,
    } = movables.find(({ path: name }) => name === "chips.tiny.price") ?? {};
    expect([isUncertain, low / middle, high / middle]).toEqual([false, 0.5, 1.5]);
  });
});

describe("a faulty plan", () => {
  test("is told with its place, and with what removes the fault", async () => {
    const { run } = open();
    const told = await run(planOf(smallScenario.replace("pue_design: 1", "pue_desing: 1")));
    const fixes = told.find(({ kind }) => kind === "fixes");
    const [problem] = fixes?.kind === "fixes" ? fixes.problems : [];
    const line = smallScenario.split("\n").findIndex((one) => one.includes("pue_design")) + 1;
    expect(problem?.at).toEqual({ line, column: 5, length: "pue_desing".length });
    expect(problem?.fixes).toEqual(["pue_design"]);
    expect(answersOf(told)).toEqual([]);
  });

  test("offers nothing that leaves as many faults as there were", async () => {
    const { run } = open();
    const told = await run(planOf(smallScenario.replace("pue: 1", "pue: 1 banana")));
    const fixes = told.find(({ kind }) => kind === "fixes");
    const problems = fixes?.kind === "fixes" ? fixes.problems : [];
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.flatMap((one) => one.fixes)).toEqual([]);
  });

  test("of 10 MB is refused for its length", async () => {
    const { run } = open();
    const [checked] = await run(planOf(`${smallScenario}# ${"x".repeat(10_000_000)}\n`));
    expect(checked?.kind === "checked" && checked.problems[0]?.code).toBe("too-large");
  });

  test("leaves the last good answer to be asked about", async () => {
    const { run, session } = open();
    await run(planOf(uncertain));
    await run(planOf("nonsense: ["));
    const traced = session.answer({
      kind: "trace",
      figure: { metric: "cost_provider_pv_usd" },
    }) as Replies["trace"];
    expect(traced.tree.name).toBe("cost_provider_pv_usd");
  });

  test("that draws out of range says so after the sample began", async () => {
    const { run } = open();
    const text = uncertain.replace("pue_design: 1", "pue_design: normal(1.2, 0.01)\n    # wide");
    const told = await run(planOf(text));
    expect(told.some(({ kind }) => kind === "checked")).toBe(true);
  });
});

describe("a number", () => {
  test("has in its trace the answer's writing, and no name of a column", async () => {
    const { run, session } = open();
    const told = await run(planOf(smallScenario.replace("discount_rate: 0 %", "discount_rate: 10 %")));
    const answer = answersOf(told).at(-1);
    const html =
      (answer?.sentences ?? "") + answer?.keys + JSON.stringify(answer?.sections).replaceAll('\\"', '"');
    const columnsIn = (text: string) =>
      (text.match(/(?<![.\w])\w+/g) ?? []).filter((word) => word.includes("_") && findMetric(word));
    const seen = new Set<string>();
    const walk = (nodes: Replies["unfold"], path: readonly number[]): void => {
      for (const [index, { label, number, notes = [], hidden }] of nodes.entries()) {
        expect(label).not.toMatch(/_|\busd\b/);
        expect(number).toMatch(
          /^(?:none|[a-z ]+|\d{4}-\d\d|[<>]?\u2212?[\d\u202f.]+(?:e\u2212?\d+)?(?:\u202f\D.*)?)$/,
        );
        for (const note of notes) expect([columnsIn(note), /\d,\d{3}\b/.test(note)]).toEqual([[], false]);
        const key = `${label} ${number}`;
        if (hidden === undefined || seen.has(key) || path.length > 3) continue;
        seen.add(key);
        walk(session.answer({ kind: "unfold", path: [...path, index] }) as Replies["unfold"], [
          ...path,
          index,
        ]);
      }
    };
    const figures = new Map(buttonsIn(html).map(({ figure }) => [JSON.stringify(figure), figure]));
    expect(figures.size).toBeGreaterThan(30);
    for (const figure of figures.values()) {
      const { tree, text } = session.answer({ kind: "trace", figure }) as Replies["trace"];
      expect(columnsIn(text)).toEqual([]);
      walk([tree], []);
      walk(session.answer({ kind: "unfold", path: [] }) as Replies["unfold"], []);
    }
  });

  test("of a year that adds up is the sum of its months, each with its own parts", async () => {
    const { run, session } = open();
    await run(planOf(smallScenario));
    const figure = { metric: "provider_cash_usd", when: "2027" };
    const { tree } = session.answer({ kind: "trace", figure }) as Replies["trace"];
    expect(tree.children.map(({ month }) => month)).toEqual(["2027-03"]);
    expect(tree.zeros).toHaveLength(11);
    // A hundred chips at 10 thousand USD, and nothing else costs.
    expect(tree.canonical).toBeCloseTo(1_000_000, 6);
    const paid = tree.children.findIndex(({ canonical }) => canonical > 0);
    const parts = session.answer({ kind: "unfold", path: [paid] }) as Replies["unfold"];
    expect(parts.length).toBeGreaterThan(0);
  });

  test("of a fiscal year is the sum of the months of that year", async () => {
    const { run, session } = open();
    await run(planOf(`${smallScenario}fiscal_year_start: 7\n`));
    const monthsOf = (when: string) => {
      const asked = session.answer({ kind: "trace", figure: { metric: "provider_cash_usd", when } });
      const { children, zeros = [] } = (asked as Replies["trace"]).tree;
      return [...children.flatMap(({ month = "" }) => month), ...zeros].sort();
    };
    // From July 2026 to June 2027, of which the plan begins in January.
    expect([monthsOf("2027").length, monthsOf("2027").at(-1)]).toEqual([6, "2027-06"]);
    expect([monthsOf("2028").length, monthsOf("2028")[0]]).toEqual([6, "2027-07"]);
  });

  test("of cost goes down to its inputs: years, their months, terms, the price with its place", async () => {
    const { run, session } = open();
    await run(planOf(smallScenario.replace("discount_rate: 0 %", "discount_rate: 10 %")));
    const { tree } = session.answer({
      kind: "trace",
      figure: { metric: "cost_provider_pv_usd" },
    }) as Replies["trace"];
    const partsOf = (path: readonly number[]) =>
      session.answer({ kind: "unfold", path }) as Replies["unfold"];
    const [year, ...otherYears] = tree.children;
    expect([year?.name, otherYears]).toEqual(["2027", []]);
    const [paid, ...otherMonths] = partsOf([0]);
    expect(otherMonths).toEqual([]);
    const [cash, factor] = partsOf([0, 0]);
    // A hundred chips at 10 thousand USD, paid in one month; the factor is that of the month's end.
    expect(cash?.canonical).toBeCloseTo(1_000_000, 6);
    const month = Number(/^2027-(\d\d)$/.exec(paid?.name ?? "")?.[1]);
    expect(factor?.canonical).toBeCloseTo(1.1 ** (-month / 12), 12);
    expect(paid?.canonical).toBeCloseTo(1_000_000 * 1.1 ** (-month / 12), 6);
    expect(paid?.canonical).toBe(year?.canonical);
    expect(tree.canonical).toBe(year?.canonical);
    const fieldsBelow = (path: readonly number[]): readonly string[] =>
      partsOf(path).flatMap(({ field }, index) => [
        ...(field ? [`${field.path} ${field.place}`] : []),
        ...fieldsBelow([...path, index]),
      ]);
    const line = smallScenario.split("\n").findIndex((one) => one.includes("price: 10 thousand USD")) + 1;
    expect(fieldsBelow([0, 0, 0])).toContain(`chips.tiny.price plan.yaml:${line}`);
    expect(partsOf([0, 99, 3])).toEqual([]);
    // The same plan, run again with another slider: its trace opens further. That of another plan does not.
    const plan = planOf(smallScenario.replace("discount_rate: 0 %", "discount_rate: 10 %"));
    await run(plan, ["chips.tiny.price"]);
    expect(partsOf([0, 0])).toHaveLength(2);
    await run(planOf(smallScenario));
    expect(() => partsOf([0, 0])).toThrow("the plan has changed since");
  });

  test("of a peak is that of the month of the peak", async () => {
    const { run, session } = open();
    await run(planOf(smallScenario));
    const figure = { metric: "peak_facility_power_mw" };
    const { tree } = session.answer({ kind: "trace", figure }) as Replies["trace"];
    expect([tree.name, tree.month, tree.value]).toEqual(["facility_power_mw", "2027-05", 0.1]);
  });

  test("stands in no sentence of the answer without its trace, and none of the answer's numbers is refused", async () => {
    const { check, told, session } = open();
    const text = fs.readFileSync("scenarios/openai-aws.yaml", "utf8");
    await check(planOf(text));
    // All pictures, of which the first answer has those of the first screen.
    session.draw(800);
    const { sentences, keys, sections } = answersOf(told).at(-1) as Answer;
    const rest = sentences.replace(/<button.*?<\/button>/g, "").replace(/<[^>]*>/g, "");
    // Months, the names of precisions, and of the scenario itself, are no figures.
    expect(rest.replace(/\b20\d\d\b|FP4|P5|P95/g, "")).not.toMatch(/\d/);
    const html = [
      sentences,
      keys,
      ...sections.flatMap(({ pictures, table }) => [table, ...pictures.map((one) => one.html)]),
    ].join("");
    // No bracket or full stop begins a line alone behind the button before it.
    const loose = sentences.replace(/<span class="held">.*?<\/span>/g, "");
    expect(loose).not.toMatch(/<\/button>(?:<\/b>)?[).,:;]/);
    const untraced = (note: string) => note.replace(/<button.*?<\/button>/g, "").replace(/\b20\d\d\b/g, "");
    const notes = [...html.matchAll(/<p class="note">(.*?)<\/p>/g)].map(([, note = ""]) => untraced(note));
    expect(notes.filter((note) => /\d/.test(note))).toEqual([]);
    expect(notes.join(" ")).toContain("Not drawn: training");
    // Of each figure of each part the last month that is shown.
    const figures = new Map(
      buttonsIn(html).map((one) => [`${one.figure.metric} ${one.figure.entity} ${one.figure.of}`, one]),
    );
    expect(figures.size).toBeGreaterThan(25);
    for (const [name, { figure, text }] of figures) {
      const { tree } = session.answer({ kind: "trace", figure }) as Replies["trace"];
      expect(tree.how, name).not.toBe("");
      // What is shown is the plain run, and so is what is taken apart: the same number but for its unit.
      if (tree.word === undefined) expect(isShownAs(tree.value, text), `${name}: ${text}`).toBe(true);
    }
  });

  test("of trials says what a trial is, wherever it stands beside pictures, in notes and below", async () => {
    const { run, session } = open();
    const answer = answersOf(await run(planOf(uncertain))).at(-1) as Answer;
    await session.answer({ kind: "compare", with: planOf(smallScenario), width: 400 });
    const compared = (await session.answer({
      kind: "compare",
      with: planOf(smallScenario),
      width: 400,
    })) as Replies["compare"];
    const htmlOf = (pictures: readonly { readonly html?: string }[]) =>
      pictures.map(({ html = "" }) => html).join("");
    const html = [
      answer.keysNote,
      answer.footer,
      ...answer.sections.map(({ pictures }) => htmlOf(pictures)),
      htmlOf(compared.pictures),
    ].join("");
    const told = html.replace(/<(?:svg|table).*?<\/(?:svg|table)>/gs, "");
    expect(told.replace(/<button.*?<\/button>/g, "")).not.toMatch(/\d trials/);
    const counts = buttonsIn(told).filter(({ figure }) => figure.of === "trials");
    expect(new Set(counts.map(({ text }) => text))).toEqual(
      new Set(["10\u202f000 trials", "1\u202f024 trials"]),
    );
    for (const { figure, text } of counts) {
      const { tree } = session.answer({ kind: "trace", figure }) as Replies["trace"];
      expect([tree.number.replace("\u202ftrials", " trials"), tree.notes?.length]).toEqual([
        text,
        figure.entity === undefined ? 3 : 1,
      ]);
    }
  });

  test("below 0 says in how many of the trials that are shown it is", async () => {
    const { run, session } = open();
    await run(planOf(uncertain));
    const figure = { metric: "cost_provider_pv_usd", of: "loss" } as const;
    const { tree } = session.answer({ kind: "trace", figure }) as Replies["trace"];
    expect([tree.value, tree.children.map(({ value }) => value)]).toEqual([0, [0, 1024]]);
  });

  test("of several metrics or several fleets is the sum of theirs, also of months from one to another", async () => {
    const { run, session } = open();
    const two = smallScenario.replace(
      /^fleets:\n( {2}f:\n(?: {4}.*\n)+)/m,
      (_, fleet) => `fleets:\n${fleet}${fleet.replace("f:", "g:")}`,
    );
    const answers = answersOf(await run(planOf(two.replace("years: 1", "years: 3"))));
    const traced = (figure: FigureName) =>
      (session.answer({ kind: "trace", figure }) as Replies["trace"]).tree;
    const html = JSON.stringify(answers.at(-1)?.sections).replaceAll('\\"', '"');
    const [, metric = "", when = ""] =
      /data-metric="(chip_cash_usd [^"]*)" data-when="(2027-0[^"]*)"/.exec(html) ?? [];
    expect([metric.split(" ").length > 1, when]).toEqual([true, "2027-01..2027-03"]);
    // Twice a hundred chips at 10 thousand USD, and nothing else costs.
    const cash = traced({ metric, when });
    expect(cash.canonical).toBeCloseTo(2_000_000, 6);
    expect(cash.children.reduce((sum, child) => sum + child.canonical, 0)).toBeCloseTo(2_000_000, 6);
    expect(html).toContain('data-entity="f/tiny g/tiny"');
    const chips = traced({ metric: "chips_installed", entity: "f/tiny g/tiny", when: "2027-12" });
    expect([chips.value, chips.children.map(({ entity }) => entity)]).toEqual([200, ["f/tiny", "g/tiny"]]);
  });

  test("of an event says whether it is true, and what its condition reads", async () => {
    const { run, session } = open();
    const answers = answersOf(
      await run(
        planOf(`${smallScenario}let: { many: 50 chips }\nevents: { landed: total.chips_energised > many }\n`),
      ),
    );
    expect(answers.at(-1)?.sections.find(({ id }) => id === "events")?.table).toContain(
      'data-metric="event"',
    );
    const traced = (when?: string) =>
      (
        session.answer({
          kind: "trace",
          figure: { metric: "event", entity: "landed", ...(when ? { when } : {}) },
        }) as Replies["trace"]
      ).tree;
    expect(traced("2027-01").word).toBe("not true");
    const later = traced("2027");
    expect([later.word, later.month, later.field?.text]).toEqual([
      "true",
      "2027-12",
      "total.chips_energised > many",
    ]);
    expect(later.children.map(({ name, value }) => [name, value])).toEqual([
      ["chips_energised", 100],
      ["many", 50],
    ]);
    expect(traced().word).toBe("true");
    const unknown = { metric: "event", entity: "nothing" };
    expect(() => session.answer({ kind: "trace", figure: unknown })).toThrow("no event is called");
  });

  test("of an input leads to the line that states it", async () => {
    const { run, session } = open();
    await run(planOf(smallScenario));
    const figure = { metric: "provider.discount_rate" };
    const { tree } = session.answer({ kind: "trace", figure }) as Replies["trace"];
    expect([tree.value, tree.unit, tree.field?.place]).toEqual([0, "%", "plan.yaml:6"]);
    const none = { metric: "provider.nothing" };
    expect(() => session.answer({ kind: "trace", figure: none })).toThrow(Refusal);
  });

  test("that is none is refused in words", async () => {
    const { run, session } = open();
    expect(() => session.answer({ kind: "trace", figure: { metric: "x" } })).toThrow(Refusal);
    await run(planOf(smallScenario));
    expect(() => session.answer({ kind: "trace", figure: { metric: "x" } })).toThrow(Refusal);
  });
});

describe("two plans", () => {
  test("are compared with the same draws, and a plan with itself does not differ", async () => {
    const { run, session } = open();
    await run(planOf(uncertain, ["chips.tiny.price=15 thousand USD"]));
    const ask = (other: Plan) =>
      session.answer({ kind: "compare", with: other, width: 400 }) as Promise<Replies["compare"]>;
    const { sentences, inputs, pictures } = await ask(planOf(uncertain));
    expect(sentences).toMatch(/A<\/?b?>?.* costs the provider least|costs the provider least/);
    expect(inputs).toContain("15 thousand USD");
    expect(pictures.length).toBeGreaterThan(2);
    // What the second costs more: a hundred chips at 15 instead of the median of 8 to 12 thousand USD.
    const html = pictures.map((one) => one.html).join("");
    expect(html).toContain('data-metric="cost_provider_pv_usd" data-run="1" data-minus="0"');
    const figure = { metric: "cost_provider_pv_usd", run: 1, minus: 0 };
    const { tree } = session.answer({ kind: "trace", figure }) as Replies["trace"];
    expect(tree.canonical).toBeCloseTo(100 * (15_000 - Math.sqrt(8 * 12) * 1000), 4);
    expect(tree.children.map(({ sign }) => sign)).toEqual(["+", "-"]);
    expect(session.answer({ kind: "unfold", path: [0] })).not.toEqual([]);
    expect(() => session.answer({ kind: "trace", figure: { ...figure, run: 7 } })).toThrow(Refusal);
    const same = await ask(planOf(uncertain, ["chips.tiny.price=15 thousand USD"]));
    expect(same.inputs).toContain("(0)");
    expect(same.sentences).toContain("the same plan");
    expect(same.pictures.map(({ html }) => html).join("")).not.toMatch(/50\u202f%/);
    await expect(ask(planOf("nonsense: ["))).rejects.toThrow(Refusal);
  });

  /** Takes a number of the last comparison apart. */
  const traced = (session: ReturnType<typeof open>["session"], figure: FigureName) =>
    (session.answer({ kind: "trace", figure }) as Replies["trace"]).tree;

  test("say of a chance how many trials of how many, of a loss the means that it is the difference of", async () => {
    const { run, session } = open();
    // Always dearer than the draws, nearly all of which lie from 7 to 14 thousand USD.
    await run(planOf(uncertain, ["chips.tiny.price=25 thousand USD"]));
    const compared = (await session.answer({
      kind: "compare",
      with: planOf(uncertain),
      width: 400,
    })) as Replies["compare"];
    const html = [compared.sentences, ...compared.pictures.map((one) => one.html), compared.inputs].join("");
    const marked = buttonsIn(html);
    for (const { figure, text } of marked)
      expect(traced(session, figure).how, `${JSON.stringify(figure)} ${text}`).not.toBe("");
    expect([...new Set(marked.flatMap(({ figure }) => figure.of ?? []))].sort()).toEqual(
      expect.arrayContaining(["best", "concentration", "regret", "unbeaten", "vendor"]),
    );
    // Neither numbers of sentences nor cells are left without a trace; names of plans and P5 are none.
    const rest = html
      .replace(
        /<(button|svg|caption|thead|figcaption|summary)\b.*?<\/\1>|<p class="note">.*?<\/p>|<[^>]*>/gs,
        "",
      )
      .replace(/P5 to P95/g, "");
    expect(rest).not.toMatch(/\d/);
    const metric = "cost_provider_pv_usd";
    const counts = ["best", "unbeaten"].flatMap((of) =>
      [0, 1].map((of_) =>
        traced(session, { metric, run: of_, of } as FigureName).children.map(({ canonical }) => canonical),
      ),
    );
    expect(counts).toEqual([
      [10_000, 10_000],
      [0, 10_000],
      [10_000, 10_000],
      [0, 10_000],
    ]);
    // A hundred chips at 25 thousand USD, against the mean of a lognormal from 8 to 12 (P5 to P95).
    const spread = Math.log(12 / 8) / (2 * 1.6448536269514722);
    const mean = Math.sqrt(8 * 12) * Math.exp(spread ** 2 / 2) * 1e5;
    const loss = traced(session, { metric, run: 1, of: "regret" });
    const [own, best] = loss.children;
    expect([own?.canonical, own?.sign, best?.sign]).toEqual([2_500_000, "+", "-"]);
    expect(Math.abs((best?.canonical ?? 0) / mean - 1)).toBeLessThan(0.002);
    expect(loss.canonical).toBeCloseTo(2_500_000 - (best?.canonical ?? 0), 4);
    expect(traced(session, { metric, run: 0, of: "regret" }).canonical).toBeCloseTo(0, 4);
    const unknown = { metric, run: 0, of: "even-rent" } as const;
    expect(() => traced(session, unknown)).toThrow(Refusal);
  });

  test("say of a vendor's share which chips of it stand for how much of all", async () => {
    const { run, session } = open();
    const [, fleet = ""] = /^ {2}f:\n((?: {4}.*\n)+)/m.exec(smallScenario) ?? [];
    const [, chip = ""] = /^ {2}tiny:\n((?: {4}.*\n)+)/m.exec(smallScenario) ?? [];
    // A hundred chips of one vendor and fifty of another, each as fast, with power for all.
    const text = smallScenario
      .replace("power: { 2027-01: 80 kW, 2027-05: 120 kW }", "power: 200 kW")
      .replace(
        "chips:\n",
        `  g:\n${fleet.replace("chip: tiny", "chip: other").replace("100 chips", "50 chips")}chips:\n`,
      )
      .concat(`  other:\n${chip.replace("vendor: Nobody", "vendor: Somebody")}`);
    await run(planOf(text));
    const one = (await session.answer({
      kind: "compare",
      with: planOf(smallScenario),
      width: 400,
    })) as Replies["compare"];
    const shares = one.pictures.find(({ id }) => id === "compare-concentration")?.html ?? "";
    // A plan without chips of a vendor has no share of it, rather than one of 0 %.
    expect(shares).toContain("<td>none</td>");
    expect(shares.replace(/<svg.*?<\/svg>/gs, "").replace(/<button.*?<\/button>/g, "")).not.toContain("%");
    await session.answer({ kind: "compare", with: planOf(text), width: 400 });
    const metric = "effective_fp4_eflops";
    const share = traced(session, { metric, run: 0, entity: "Somebody", of: "vendor" });
    expect(share.canonical).toBeCloseTo(1 / 3, 12);
    const [own, all] = share.children;
    expect((own?.canonical ?? 0) / (all?.canonical ?? 0)).toBeCloseTo(1 / 3, 12);
    expect(traced(session, { metric, run: 1, of: "concentration" }).canonical).toBeCloseTo(5 / 9, 12);
    traced(session, { metric, run: 0, entity: "Somebody", of: "vendor" });
    const months = session.answer({ kind: "unfold", path: [0, 0] }) as Replies["unfold"];
    const added = months.reduce((sum, { canonical }) => sum + canonical, 0);
    expect(months.length).toBeGreaterThan(1);
    expect(added / (own?.canonical ?? 0)).toBeCloseTo(1, 12);
  });
});

describe("the files", () => {
  test("are those of the command, byte for byte", async () => {
    const { run, session } = open();
    const sets = ["sites.a.pue=1.05", "sites.a.pue_design=1.1"];
    fs.writeFileSync(path.join(folder, "plan.yaml"), uncertain);
    const words = [
      "run",
      "plan.yaml",
      ...sets.flatMap((set) => ["--set", set]),
      "--trials",
      "10000",
      "--seed",
      "1",
    ];
    const { code } = gigafleet(folder, [...words, "--out", "out", "--quiet"]);
    expect(code).toBe(0);
    const answer = answersOf(await run(planOf(uncertain, sets))).at(-1);
    const files = (await session.answer({ kind: "files" })) as Replies["files"];
    expect(files.map(({ name }) => name).sort()).toEqual(fs.readdirSync(path.join(folder, "out")).sort());
    for (const { name, text } of files)
      expect(text === fs.readFileSync(path.join(folder, "out", name), "utf8"), name).toBe(true);
    // The answer is made from fewer figures than the files, and says the same.
    const report = files.find(({ name }) => name === "report.html")?.text ?? "";
    const plain = (html: string) =>
      html.replace(/<\/?button[^>]*>/g, "").replace(/<span class="held">(.*?)<\/span>/g, "$1");
    expect(report).toContain(plain(answer?.sentences ?? "-"));
    expect(report).toContain(plain(answer?.keys ?? "-"));
    for (const { table } of answer?.sections ?? []) expect(report).toContain(plain(table));
  });

  test("wait for all trials", async () => {
    const { session } = open();
    expect(() => session.answer({ kind: "files" })).toThrow(Refusal);
  });
});
