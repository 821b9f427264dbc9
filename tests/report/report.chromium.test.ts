/** Reports in Debian's Chromium: what a person would see, and what a hostile scenario must not do. */
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gigafleet, makeFolder, smallScenario } from "../cli/gigafleet.ts";
import { findCommand } from "../programs.mjs";

const folder = makeFolder();
const scenarios = path.resolve("scenarios");
let browser: Browser;

/** Text that tries to run, to overflow and to read from the right. */
const HOSTILE = `<img src=x onerror=alert(1)><script>alert(2)</script> \u202e עברית 😀😀 ${"very long ".repeat(20)}`;

/** Commands whose reports are looked at: name of the folder, and the words typed. */
const commands: Readonly<Record<string, readonly string[]>> = {
  reference: ["run", path.join(scenarios, "openai-aws.yaml"), "--trials", "400"],
  starter: ["run", path.join(scenarios, "starter.yaml"), "--trials", "200"],
  plain: ["run", path.join(scenarios, "openai-aws.yaml"), "--trials", "0"],
  hostile: ["run", "hostile.yaml", "--trials", "64"],
  mixes: ["compare", path.join(scenarios, "chip-mixes.yaml"), "--mixes", "--trials", "32"],
  pair: ["compare", "hostile.yaml", path.join(scenarios, "starter.yaml"), "--trials", "32"],
  optimum: ["optimize", path.join(scenarios, "openai-aws.yaml"), "--frontier", "4", "--trials", "32"],
  sweep: ["sweep", "hostile.yaml", "--over", "sites.a.power=[60 kW, 80 kW, 120 kW]", "--trials", "32"],
  inputs: ["sensitivity", "hostile.yaml", "--trials", "32"],
  backtest: ["backtest"],
};

beforeAll(async () => {
  const hostile = smallScenario
    .replace("name: Chips wait for power", `name: ${JSON.stringify(HOSTILE)}`)
    .replace("title: Tiny", `title: ${JSON.stringify(HOSTILE)}`)
    .replace("price: 10 thousand USD", "price: 8 thousand USD to 12 thousand USD");
  fs.writeFileSync(path.join(folder, "hostile.yaml"), hostile);
  browser = await chromium.launch({
    executablePath: findCommand("chromium") ?? "",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}, 120_000);

afterAll(() => browser?.close());

/** Writes a command's report once. */
function reportOf(name: string): string {
  const [command] = commands[name];
  const file = path.join(folder, name, command === "sensitivity" ? "sensitivity-report.html" : "report.html");
  if (!fs.existsSync(file)) {
    const quiet = command === "backtest" ? [] : ["--quiet"];
    const { code, stderr } = gigafleet(folder, [...commands[name], "--out", name, ...quiet]);
    expect(stderr).not.toContain("internal error");
    expect(code).toBe(0);
  }
  return file;
}

/** A page with a report, and every request and message it made since it was opened. */
type Opened = {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly messages: readonly string[];
};

async function open(name: string): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, colorScheme: "light" });
  const requests: string[] = [];
  const messages: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => messages.push(message.text()));
  page.on("dialog", (dialog) => {
    messages.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(pathToFileURL(reportOf(name)).href);
  return { page, requests, messages };
}

/** Texts that leave their drawing, and pairs of texts that touch, in the drawings that are shown. */
function findMisplaced(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const found = [];
    for (const svg of document.querySelectorAll("figure svg.gf")) {
      if (getComputedStyle(svg).display === "none") continue;
      const own = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll("text")].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() })).filter(({ text }) => text !== "");
      for (const { text, box } of texts)
        if (box.left < own.left - 1 || box.right > own.right + 1 || box.top < own.top - 1 || box.bottom > own.bottom + 1)
          found.push(svg.closest("figure").id + ": " + text + " leaves its drawing");
      for (const [index, one] of texts.entries())
        for (const other of texts.slice(index + 1)) {
          const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
          const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
          if (across > 1 && down > 4) found.push(svg.closest("figure").id + ": " + one.text + " / " + other.text);
        }
    }
    return found;
  })()`);
}

describe.each(Object.keys(commands))("the report %s", (name) => {
  // Loaded once: what follows changes only the width, the colours and which tables are open.
  let opened: Opened;
  beforeAll(async () => {
    opened = await open(name);
  });
  afterAll(() => opened?.page.close());

  test.each(["light", "dark"] as const)("has nothing that axe finds, in %s", async (colorScheme) => {
    const { page } = opened;
    await page.emulateMedia({ colorScheme });
    if (colorScheme === "light") await page.evaluate(axe.source);
    // In the dark nothing but colours differs.
    const rules = colorScheme === "dark" ? "runOnly: ['color-contrast'], " : "";
    const faults = await page.evaluate(
      `axe.run(document, { ${rules}resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ target }) => target).slice(0, 5).join(' ')))`,
    );
    expect(faults).toEqual([]);
  });

  test.each([1400, 800, 390, 320])("does not scroll sideways at %i px, tables open", async (width) => {
    const { page } = opened;
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    const wide = await page.evaluate("document.documentElement.scrollWidth");
    expect(wide).toBeLessThanOrEqual(width);
    expect(await findMisplaced(page)).toEqual([]);
  });

  test("prints no picture that is higher or wider than a page", async () => {
    const { page } = opened;
    await page.emulateMedia({ media: "print" });
    // A4 less its margins, 186 by 273 mm, and room for the heading of a section [px, 96 an inch].
    await page.setViewportSize({ width: 703, height: 1000 });
    const shown = await page.evaluate<readonly { id: string; width: number; height: number }[]>(
      "[...document.querySelectorAll('figure')].map((one) => ({ id: one.id, width: one.scrollWidth, height: one.offsetHeight }))",
    );
    expect(shown.filter(({ width, height }) => width > 703 || height > 1032 - 100)).toEqual([]);
    expect(await findMisplaced(page)).toEqual([]);
    // Every text of a picture has 7 points: its size in the drawing, scaled as the drawing is [96 px an inch].
    const small = await page.evaluate(`[...document.querySelectorAll("figure svg.gf")].flatMap((svg) => {
      const box = svg.getBoundingClientRect();
      if (box.width === 0) return [];
      const scale = Math.min(box.width / svg.viewBox.baseVal.width, box.height / svg.viewBox.baseVal.height);
      const sizes = [...svg.querySelectorAll("text")].map((text) => parseFloat(getComputedStyle(text).fontSize) * scale * 0.75);
      const least = Math.min(...sizes);
      return least < 7 ? [svg.closest("figure").id + " " + least.toFixed(1)] : [];
    })`);
    expect(small).toEqual([]);
    await page.emulateMedia({ media: "screen" });
  });

  test("stays below 600 KB, asks for nothing and says nothing", async () => {
    expect(fs.statSync(reportOf(name)).size).toBeLessThan(600_000);
    const { page, requests, messages } = opened;
    await page.mouse.move(300, 700);
    expect(requests).toEqual([pathToFileURL(reportOf(name)).href]);
    expect(messages).toEqual([]);
  });
});

/** What a reader of an open report does not see: parts of it that take no room, but for drawings of other widths and closed tables. */
const HIDDEN = `[...document.querySelectorAll("main *")].filter((one) => {
  if (one.closest("svg") || one.closest("details > :not(summary)") || one.textContent.trim() === "") return false;
  const box = one.getBoundingClientRect();
  return box.width === 0 || box.height === 0 || getComputedStyle(one).visibility !== "visible";
}).map((one) => one.outerHTML.slice(0, 80))`;

/** How many drawings each figure shows, and how many tables stand open or can be opened. */
const SHOWN = `({
  drawings: [...document.querySelectorAll("figure")].map((one) => [...one.querySelectorAll(":scope > svg")].filter((svg) => svg.getBoundingClientRect().height > 0).length),
  unopenable: [...document.querySelectorAll("details")].filter((one) => !(one.firstElementChild instanceof HTMLElement && one.firstElementChild.matches("summary") && one.firstElementChild.offsetHeight > 0)).length,
})`;

describe.each(Object.keys(commands))("the report %s without scripts", (name) => {
  test("has all that it has with them: every text, a drawing a figure, tables that open", async () => {
    const html = fs.readFileSync(reportOf(name), "utf8");
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
    expect(policy.split("; ")[0]).toBe("default-src 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    // The page's own script is the only one, and the last thing in it.
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toMatch(/<script>[^<]*<\/script><\/body><\/html>\n$/);
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, javaScriptEnabled: false });
    await page.goto(pathToFileURL(reportOf(name)).href);
    expect(await page.evaluate("document.getElementById('tip')")).toBeNull();
    expect(await page.evaluate(HIDDEN)).toEqual([]);
    const { drawings, unopenable } = await page.evaluate<{ drawings: number[]; unopenable: number }>(SHOWN);
    expect(drawings.length).toBeGreaterThan(0);
    expect(new Set(drawings)).toEqual(new Set([1]));
    expect(unopenable).toBe(0);
    const closed = page.locator("#assumptions details, #again details").last();
    const table = closed.locator("table");
    expect(await table.isVisible()).toBe(false);
    await closed.locator("summary").click();
    expect(await table.isVisible()).toBe(true);
    await page.close();
  });
});

test("a mark tells its numbers where the pointer is", async () => {
  const { page } = await open("reference");
  const mark = page.locator("#distribution svg.v-m rect[class^=f-inner]").first();
  await mark.scrollIntoViewIfNeeded();
  await mark.hover();
  expect(await page.locator("#tip").textContent()).toMatch(/of trials$/);
  await page.close();
});
