/** The page in Debian's Chromium wherever it may be opened: the same is done and said from disk and served, with and without what a browser may lack. */
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { cli, makeFolder } from "../cli/gigafleet.ts";
import {
  built,
  compareMoved,
  copyOfPage,
  launch,
  linkTo,
  open,
  outside,
  sentences,
  settle,
  uncertain,
  WAIT,
} from "./browser.ts";

const folder = makeFolder();
const fromDisk = copyOfPage(folder);
const planFile = path.join(folder, "plan.yaml");

let browser: Browser;
let server: ChildProcess;
let address = "";
let link = "";

beforeAll(async () => {
  fs.writeFileSync(planFile, uncertain);
  browser = await launch();
  link = `${fromDisk}${await linkTo(uncertain)}`;
  server = spawn(process.execPath, [cli, "open", planFile, "--no-browser"]);
  address = await new Promise<string>((resolve) =>
    server.stdout?.on("data", (told) => resolve(String(told).trim())),
  );
}, 120_000);
afterAll(async () => {
  server?.kill();
  await browser?.close();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/** The page with a line before the program of its helpers, with which that of its engine begins. */
function withProgram(line: string): string {
  const html = fs.readFileSync(built, "utf8");
  const changed = html.replace(/id="helper">/, (tag) => `${tag}${line}`);
  expect(changed).not.toBe(html);
  return changed;
}

/** Keeps, slides, adds a slider, edits, compares, opens a number, downloads and shares; says what came of it. */
async function useAll(page: Page) {
  await settle(page);
  await page.locator("#tab-compare").click();
  await page.getByRole("button", { name: "Keep this plan as A" }).click();
  await page.locator("#tab-values").click();
  await page.locator("input[type=range]").first().focus();
  await page.keyboard.press("End");
  await page.getByLabel("Find a value").fill("design");
  await page
    .getByRole("button", { name: /^Add a slider/ })
    .first()
    .click(WAIT);
  await page.getByLabel("Find a value").fill("");
  await page.locator("#tab-plan").click();
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("# a note");
  await settle(page);
  const said = await sentences(page);
  await page.locator("#tab-compare").click();
  await page.getByRole("button", { name: "Compare with A" }).click(WAIT);
  await page.locator("#panel-compare caption", { hasText: "Inputs that are not" }).waitFor(WAIT);
  const compared = await page.locator("#panel-compare").innerText();
  await page.locator("#answer .keys button.num").first().click();
  await page.locator(".trace .node").nth(1).waitFor(WAIT);
  const traced = await page.locator(".trace .node").allInnerTexts();
  await page.locator(".menu > summary").click();
  const [download] = await Promise.all([
    page.waitForEvent("download", WAIT),
    page.locator(".menu button", { hasText: "monthly.csv" }).click(WAIT),
  ]);
  const csv = fs.readFileSync(await download.path(), "utf8");
  await page.locator(".menu > summary").click();
  await page.getByRole("button", { name: "Copy a link" }).click();
  await page.getByText("The link is").waitFor(WAIT);
  return { said, compared, traced, csv, fragment: new URL(page.url()).hash };
}

const isolated = (page: Page) =>
  page.evaluate("crossOriginIsolated && typeof SharedArrayBuffer === 'function'");

describe("the page does and says the same", () => {
  let expected: Awaited<ReturnType<typeof useAll>> | undefined;

  test("from disk, where memory cannot be shared", async () => {
    const { page, requests, messages } = await open(browser, link);
    expected = await useAll(page);
    expect(expected.compared).toContain("Inputs that are not the same (1)");
    expect(await isolated(page)).toBe(false);
    expect(outside(requests, fromDisk)).toEqual([]);
    expect(messages).toEqual([]);
  });

  test("in a browser without WebAssembly", async () => {
    const without = path.join(folder, "without.html");
    fs.writeFileSync(without, withProgram("delete globalThis.WebAssembly;"));
    const { page, messages } = await open(browser, link.replace("gigafleet.html", "without.html"));
    expect(await useAll(page)).toEqual(expected);
    expect(messages).toEqual([]);
  });

  test("where a thread that helps cannot read what it is sent", async () => {
    const broken = path.join(folder, "broken.html");
    const refuse = `if (globalThis.name === "helper") addEventListener("message", (event) => { event.stopImmediatePropagation(); globalThis.onmessageerror(); });`;
    fs.writeFileSync(broken, withProgram(refuse));
    const { page, messages } = await open(browser, link.replace("gigafleet.html", "broken.html"));
    expect(await useAll(page)).toEqual(expected);
    expect(messages).toEqual([]);
  });

  test("served, where memory can be shared", async () => {
    const { page, requests, messages } = await open(browser, address);
    expect(await isolated(page)).toBe(true);
    expect(await useAll(page)).toEqual(expected);
    expect(requests.filter((url) => !url.startsWith("blob:") && !url.startsWith(address))).toEqual([]);
    expect(messages).toEqual([]);
  });

  test("served to a browser that does not isolate it", async () => {
    const context: BrowserContext = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.route(address, async (route) => {
      const response = await route.fetch();
      const {
        "cross-origin-opener-policy": _opener,
        "cross-origin-embedder-policy": _embedder,
        ...headers
      } = response.headers();
      await route.fulfill({ response, headers });
    });
    const { page } = await open(context, address);
    expect(await isolated(page)).toBe(false);
    expect(await useAll(page)).toEqual(expected);
  });
});

test("a stranger's plan runs no script and asks for nothing in any part of the page", async () => {
  const hostile = `<img src=https://evil.example/x onerror=alert(1)><script>alert(2)</script>" onclick="alert(3)`;
  const quoted = JSON.stringify(hostile);
  const price = `{ value: 8 thousand USD to 12 thousand USD, source: ${quoted}, url: "https://evil.example/x", as_of: 2026-01, quality: assumed, note: ${quoted} }`;
  const text = uncertain
    .replace("name: Chips wait for power", `name: ${quoted}`)
    .replace(/description: .*/, `description: ${quoted}`)
    .replace("title: Tiny", `title: ${quoted}`)
    .replace("price: 8 thousand USD to 12 thousand USD", `price: ${price}`);
  const name = "x<img src=x onerror=alert(5)>.yaml";
  const fragment = await linkTo(text, name, [hostile]);
  const { page, requests, messages } = await open(browser, `${fromDisk}${fragment}`);
  await page.locator("h1", { hasText: "<img" }).waitFor(WAIT);
  await settle(page);
  const clean = async () => {
    const foreign =
      "#app img, #app script, #app iframe, #app [onerror], #app [onclick], #app [href^='javascript']";
    expect(await page.locator(foreign).count()).toBe(0);
    expect(outside(requests, fromDisk)).toEqual([]);
    expect(messages).toEqual([]);
  };
  await clean();
  await compareMoved(page);
  await clean();
  await page.locator("#answer .keys button.num[data-metric=cost_provider_pv_usd]").first().click();
  const closed = page.locator(".trace details:not([open]) > summary");
  const source = page.locator(".trace details[open] > .source", { hasText: "<img" });
  for (let count = 0; (await source.count()) === 0; count++) {
    expect(count).toBeLessThan(100);
    await closed.first().click(WAIT);
    await page.waitForTimeout(30);
  }
  await clean();
  await page.locator(".menu > summary").click();
  await page.locator(".menu button", { hasText: "report.html" }).waitFor(WAIT);
  await clean();
  await page.locator("#tab-plan").click();
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(`${quoted}: 1\n`);
  await page.locator(".problems li.error").first().waitFor(WAIT);
  await clean();
  // An address that would be a script is none.
  const bad = text.replace('https://evil.example/x", as_of', 'javascript:alert(4)", as_of');
  await page.setInputFiles("input[type=file]", { name, mimeType: "text/yaml", buffer: Buffer.from(bad) });
  await page.locator(".problems li.error", { hasText: "it is not a web address" }).waitFor(WAIT);
  await clean();
});
