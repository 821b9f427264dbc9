/** The page in Debian's Chromium, from disk: what a person can do with it, and what nobody can do to them. */
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createSession } from "../../src/web/engine/session.ts";
import type { Tell } from "../../src/web/messages.ts";
import { gigafleet, makeFolder, smallScenario } from "../cli/gigafleet.ts";
import {
  built,
  copyOfPage,
  findFaults,
  give,
  launch,
  linkTo,
  type Opened,
  open,
  outside,
  sentences,
  settle,
  uncertain,
  WAIT,
} from "./browser.ts";
import { reader } from "./shipped.ts";

const folder = makeFolder();
const fromDisk = copyOfPage(folder);
let browser: Browser;
/** The page with the small plan, which most tests share: starting it costs more than what they do. */
let shared: Opened;

beforeAll(async () => {
  browser = await launch();
  // A link to the small plan: the reference is not run.
  shared = await open(browser, `${fromDisk}${await linkTo(uncertain)}`);
}, 120_000);
afterAll(() => browser?.close());
// A page that a failed test left would go on computing.
afterEach(async () => {
  for (const context of browser.contexts()) if (context !== shared.context) await context.close();
});

describe("from disk", () => {
  test("the reference is answered, in one request and in silence; cost opens down to an input with its source", async () => {
    const { page, context, requests, messages } = await open(browser, fromDisk);
    await page.locator("#answer figure").first().waitFor(WAIT);
    const cost = page.locator("#answer .keys button.num[data-metric=cost_provider_pv_usd]");
    await cost.click();
    expect(await page.locator(".trace .lead").innerText()).toMatch(/You clicked \d+\.\d\./);
    expect(await sentences(page)).toContain("OpenAI on AWS reaches");
    await page
      .locator("#answer figure")
      .nth(6)
      .waitFor({ state: "attached", ...WAIT });
    // The first line that is still closed, again and again: a year, a month, its terms, down to what the plan states.
    const closed = page.locator(".trace details:not([open]) > summary");
    for (let count = 0; (await page.locator(".trace details[open] > .source").count()) === 0; count++) {
      expect(count).toBeLessThan(100);
      await closed.first().click(WAIT);
      await page.waitForTimeout(30);
    }
    expect(await page.locator(".trace details[open] > .source").first().innerText()).toMatch(/\d/);
    expect(outside(requests, fromDisk)).toEqual([]);
    expect(messages).toEqual([]);
    await context.close();
  });

  test("what is shown before the engine has started is what the engine tells first", async () => {
    const text = fs.readFileSync("scenarios/openai-aws.yaml", "utf8");
    const told: Tell[] = [];
    const ended = new Error("told");
    const session = createSession(
      reader,
      (message) => told.push(message),
      () => Promise.reject(ended),
    );
    const plan = { file: "openai-aws.yaml", text, others: {}, sets: [] };
    await session.run({ kind: "run", run: 1, plan, pins: [], width: 973 }).catch(() => {});
    const [, first] = told;
    const [, json = ""] = /id="first">(.*?)<\/script>/s.exec(fs.readFileSync(built, "utf8")) ?? [];
    expect(first?.kind === "answer" && first.answer).toEqual(JSON.parse(json));
  });

  test("values stand in the order in which the cost follows them, and each uncertain one is found", async () => {
    const { page, context } = await open(browser, fromDisk);
    await settle(page);
    await page.getByRole("tab", { name: "Values" }).click();
    const named = `[...document.querySelectorAll("#panel-values .slider")].map((one) => one.firstElementChild.textContent)`;
    const drawn = `[...[...document.querySelectorAll("#answer table")].find((one) => one.textContent.includes("Inputs by rank correlation")).tBodies[0].rows].map((row) => row.cells[0].textContent)`;
    // Pictures off the screen are replaced a moment after the status is.
    await expect.poll(() => page.evaluate(drawn), WAIT).toContain("Price of Trainium4");
    await expect
      .poll(
        () => page.evaluate(`((inputs) => inputs.filter((one, at) => one !== ${named}[at]))(${drawn})`),
        WAIT,
      )
      .toEqual([]);
    await page.getByRole("searchbox", { name: "Find a value" }).fill("price trainium4");
    await page.locator("#panel-values .slider", { hasText: "Price of Trainium4" }).waitFor(WAIT);
    await context.close();
  });

  test("a slider moves the answer, a link carries it, a reload keeps it", async () => {
    const { page } = shared;
    await settle(page);
    const before = await sentences(page);
    await page.locator("input[type=range]").first().focus();
    await page.keyboard.press("End");
    await expect.poll(() => sentences(page), WAIT).not.toBe(before);
    await settle(page);
    // Threads of its own have just shared all trials with the engine; they end when they have had nothing to do for a while.
    const processors = Number(await page.evaluate("navigator.hardwareConcurrency"));
    expect(page.workers()).toHaveLength(Math.min(processors, 4));
    // While more is to come, what is off the screen is not laid out, and takes the room that it had.
    expect(await page.locator("#answer.more").count()).toBe(0);
    const heights = `(async () => {
      const { scrollHeight, classList } = document.querySelector("#answer");
      classList.add("more");
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      const hidden = [...document.querySelectorAll("#answer figure")].filter((one) => !one.checkVisibility({ contentVisibilityAuto: true }));
      const during = document.querySelector("#answer").scrollHeight;
      classList.remove("more");
      return [hidden.length > 0, during - scrollHeight];
    })()`;
    expect(await page.evaluate(heights)).toEqual([true, 0]);
    const moved = await sentences(page);
    await page.getByRole("button", { name: "Copy a link" }).click();
    await expect.poll(() => page.getByText("The link is").count(), WAIT).toBe(1);
    const address = page.url();
    await page.evaluate("history.replaceState(undefined, '', location.pathname)");
    await page.reload();
    await settle(page);
    expect(await sentences(page)).toBe(moved);
    const other = await open(browser, address);
    await settle(other.page);
    expect(await sentences(other.page)).toBe(moved);
  });

  test("two tabs tell each other of their plans, and neither replaces the other unasked", async () => {
    const { page, context } = shared;
    const { page: second } = await open(context, fromDisk);
    await settle(second);
    expect(await sentences(second)).toBe(await sentences(page));
    await give(second, uncertain.replace("name: Chips wait for power", "name: The other tab"));
    await page.getByRole("alert").getByText("another plan").waitFor(WAIT);
    await page.getByRole("button", { name: "Keep the plan here instead" }).click();
    await second.getByRole("button", { name: "Open the other plan" }).click(WAIT);
    await second.locator("h1", { hasText: "Chips wait for power" }).waitFor(WAIT);
    expect(await second.getByRole("alert").count()).toBe(0);
    await second.close();
  });

  test("an edit runs; a faulty one keeps the last answer, shows the fault at its place, and one click mends it", async () => {
    const { page } = shared;
    await give(page, uncertain);
    await settle(page);
    const good = await sentences(page);
    const lastPicture = "[...document.querySelectorAll('#answer figure')].at(-1)";
    // Pictures off the screen are drawn one after another when the browser is idle.
    await page.evaluate(
      "(async () => { for (let turn = 0; turn < 40; turn++) await new Promise(requestIdleCallback); })()",
    );
    await page.evaluate(`${lastPicture}.isMarked = true`);
    await page.locator("#tab-plan").click();
    // Its key alone is an element once the text has its colours; before, a line is one.
    await page.locator(".cm-content .y-key", { hasText: "pue_design" }).first().dblclick(WAIT);
    await page.keyboard.type("pue_desing");
    await page.locator(".problems li.error").first().waitFor(WAIT);
    expect(await sentences(page)).toBe(good);
    expect(await page.locator("#answer.old").count()).toBe(1);
    expect(await page.locator(".cm-lintRange-error").first().innerText()).toBe("pue_desing");
    await page.locator(".problems button", { hasText: "pue_design" }).first().click();
    await settle(page);
    expect(await page.locator("#answer.old").count()).toBe(0);
    // What an answer leaves as it was is not drawn again.
    expect(await page.evaluate(`${lastPicture}.isMarked`)).toBe(true);
  });

  test("whoever has no mouse completes, mends a fault, opens a number and comes back to it; hover says what a key means", async () => {
    const { page } = shared;
    await give(page, uncertain);
    await settle(page);
    await page.locator("#tab-plan").focus();
    await page.keyboard.press("Enter");
    const line = (text: string) => page.locator(".cm-line", { hasText: text }).first();
    const offered = page.locator(".cm-tooltip-autocomplete li");
    await line("tenure: leased").click();
    for (const key of ["End", ..."leased".split("").map(() => "Backspace"), "Control+Space"])
      await page.keyboard.press(key);
    await offered.first().waitFor(WAIT);
    expect((await offered.allInnerTexts()).sort()).toEqual(["leased", "owned"]);
    await page.keyboard.press("Escape");
    await page.keyboard.type("leased");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+Space");
    await offered.first().waitFor(WAIT);
    const keys = (await page.locator(".cm-tooltip-autocomplete .cm-completionLabel").allInnerTexts()).join(
      " ",
    );
    expect(keys).toContain("demand_charge");
    expect(keys).not.toMatch(/electricity_growth|commitment/);
    await page.keyboard.press("Escape");

    await give(page, uncertain.replace("pue_design", "pue_desing"));
    await page.locator(".problems li.error").first().waitFor(WAIT);
    await page.locator(".cm-content").focus();
    await page.locator(".cm-lintRange-error").first().waitFor(WAIT);
    await page.keyboard.press("Control+Shift+M");
    // The panel has the focus; W is the key of "Write pue_design".
    await page.locator(".cm-panel-lint").waitFor(WAIT);
    // A remedy is offered once it was tried, which comes later than the fault.
    await page.locator(".cm-panel-lint .cm-diagnosticAction").first().waitFor(WAIT);
    await page.keyboard.press("w");
    await line("pue_design").waitFor(WAIT);
    await page.keyboard.press("Escape");
    await settle(page);

    await line("price:").getByText("price").first().hover();
    await page.locator(".y-hover", { hasText: "price per chip" }).waitFor(WAIT);

    const focused =
      "document.activeElement.closest('.trace, button')?.dataset.metric ?? document.activeElement.className";
    await page.locator("#answer .keys button.num[data-metric=cost_provider_pv_usd]").first().focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(focused), WAIT).toBe("trace");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.evaluate(focused), WAIT).toBe("cost_provider_pv_usd");
    expect(await page.locator("[role=tab][aria-selected=true]").innerText()).toBe("Plan");
  });

  // The page leaves out what it never calls of the packages that read YAML and expressions: what they refuse must not change.
  test("texts that are refused by what reads them are refused in the words of the command", async () => {
    const { page } = shared;
    const faulty = [
      "!!binary eA==",
      "!!timestamp 2001-01-01",
      "!!set {a, b}",
      "!!omap [a: 1]",
      "!!pairs [a: 1]",
      "f(x) = x",
      "(1 + 2):3",
      "5! + a.b(2) ? 1 : x",
    ];
    for (const text of faulty) {
      const plan = uncertain.replace(/price: .*/, `price: ${text}`);
      const { diagnostics } = reader.load({ file: "plan.yaml", text: plan, others: {}, sets: [] });
      await give(page, plan);
      const reason = String(diagnostics[0]?.values.reason ?? diagnostics[0]?.values.what);
      await page.locator(".problems li.error", { hasText: reason }).first().waitFor(WAIT);
    }
    await give(page, uncertain);
    await settle(page);
  });

  test("downloads are the command's bytes", async () => {
    const { page } = shared;
    fs.writeFileSync(path.join(folder, "plan.yaml"), uncertain);
    // A folder with a workbook lists it in its datapackage.json; the page's files are those of a folder without one.
    for (const rest of ["--out out", "--xlsx --no-report --out book"]) {
      const words = `run plan.yaml --trials 10000 --seed 1 --quiet ${rest}`;
      expect(gigafleet(folder, words.split(" ")).code).toBe(0);
    }
    await settle(page);
    await page.locator(".menu > summary").click();
    for (const file of ["out/monthly.csv", "out/report.html", "out/datapackage.json", "book/plan.xlsx"]) {
      const name = path.basename(file);
      const [download] = await Promise.all([
        page.waitForEvent("download", WAIT),
        page.locator(".menu button", { hasText: name }).click(WAIT),
      ]);
      const saved = fs.readFileSync(await download.path());
      expect(saved.equals(fs.readFileSync(path.join(folder, file))), name).toBe(true);
    }
    await page.locator(".menu > summary").click();
  });

  test("a file of 10 MB is refused in words, and the page works on", async () => {
    const { page } = shared;
    await page.setInputFiles("input[type=file]", {
      name: "huge.yaml",
      mimeType: "text/yaml",
      buffer: Buffer.alloc(10_000_000, "# x\n"),
    });
    await page.getByText("huge.yaml is not opened: it has 10 MB").waitFor(WAIT);
    expect(await page.locator("h1").innerText()).toBe("Chips wait for power");
  });

  test("a thousand fleets are answered and taken apart, and no task holds the page up for long", async () => {
    const { page } = shared;
    const tasks = "globalThis.tasks";
    await page.evaluate(
      `${tasks} = []; new PerformanceObserver((list) => ${tasks}.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ["longtask"] })`,
    );
    const [, fleet = ""] = /^ {2}f:\n((?: {4}.*\n)+)/m.exec(smallScenario) ?? [];
    const fleets = Array.from({ length: 1000 }, (_, index) => `  f${index}:\n${fleet}`).join("");
    const text = smallScenario
      .replace("name: Chips wait for power", "name: A thousand fleets")
      .replace(`  f:\n${fleet}`, fleets);
    await give(page, text, "many.yaml");
    await page.locator("h1", { hasText: "A thousand fleets" }).waitFor(WAIT);
    // A hundred thousand chips at 10 thousand USD.
    const cost = page.locator("#answer .keys button.num[data-metric=cost_provider_pv_usd]").first();
    expect(await cost.innerText()).toBe("1.00");
    await cost.click();
    await page.locator(".trace .node").first().waitFor(WAIT);
    expect(await page.locator("#answer figure svg").count()).toBeGreaterThan(1);
    expect(await page.evaluate(`${tasks}.filter((duration) => duration > 2000)`)).toEqual([]);
    await give(page, uncertain);
    await settle(page);
  });

  test("a stranger's plan runs no script and asks for nothing", async () => {
    const { page, requests, messages } = shared;
    const hostile = JSON.stringify(
      `<img src=https://evil.example/x onerror=alert(1)><script>alert(2)</script>" onclick="alert(3)`,
    );
    const text = uncertain
      .replace("name: Chips wait for power", `name: ${hostile}`)
      .replace("title: Tiny", `title: ${hostile}`);
    await give(page, text, "x<img src=x onerror=alert(4)>.yaml");
    await page.locator("h1", { hasText: "<img" }).waitFor(WAIT);
    await settle(page);
    await page.locator("#answer button.num").first().click();
    expect(await page.locator("#app img, #app script").count()).toBe(0);
    expect(outside(requests, fromDisk)).toEqual([]);
    expect(messages).toEqual([]);
  });

  test("two numbers of one name and value are each taken apart", async () => {
    const { page } = shared;
    await give(page, uncertain);
    await page.locator("h1", { hasText: /^Chips/ }).waitFor(WAIT);
    await settle(page);
    for (const month of ["2027-05", "2027-09"]) {
      const number = page.locator(`#answer button.num[data-metric=chips_installed][data-when="${month}"]`);
      await number.first().dispatchEvent("click");
      // Of the number itself and of what it is made of.
      const told = page.locator(".trace .node", { hasText: month.replace("-", "\u2011") });
      await told.nth(1).waitFor(WAIT);
    }
  });

  test("axe finds nothing at any width, light or dark, and nothing scrolls sideways", async () => {
    const { page } = shared;
    const looks = [
      [1440, "light"],
      [1440, "dark"],
      [390, "light"],
      [320, "dark"],
    ] as const;
    await give(page, uncertain.replace("pue: 1\n", "pue: 1\n    nonsense: 1\n"));
    await page.locator("#tab-plan").click();
    await page.locator(".problems li.error").first().waitFor(WAIT);
    expect(await findFaults(page)).toEqual([]);
    await give(page, uncertain);
    await page.locator("h1", { hasText: /^Chips/ }).waitFor(WAIT);
    await settle(page);
    await page.locator("#answer .keys button.num").first().click();
    await page.locator(".trace .node").first().waitFor(WAIT);
    for (const [width, colorScheme] of looks) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      for (const name of ["trace", "plan", "values", "search", ...(width < 900 ? ["answer"] : [])]) {
        await page.locator(`#tab-${name}`).click();
        const where = `${name} at ${width} px, ${colorScheme}`;
        // The whole page with one of its parts, and of the others what they change.
        const part = name === "trace" ? "html" : name === "answer" ? "#answer" : `#panel-${name}`;
        expect(await findFaults(page, part), where).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth"), where).toBeLessThanOrEqual(width);
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("where a policy forbids WebAssembly it says the same; what is kept can be forgotten", async () => {
    const { page } = shared;
    const says = await sentences(page);
    const forbidden = path.join(folder, "forbidden.html");
    fs.writeFileSync(forbidden, fs.readFileSync(built, "utf8").replace(" 'wasm-unsafe-eval'", ""));
    await page.goto(pathToFileURL(forbidden).href);
    await settle(page);
    expect(await sentences(page)).toBe(says);
    await page.getByRole("button", { name: "Forget" }).click();
    expect(await page.evaluate("localStorage.length + sessionStorage.length")).toBe(0);
  });
});
