/** The page in Debian's Chromium, from disk and served: what a person can do with it, and what nobody can do to them. */
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { cli, gigafleet, makeFolder, smallScenario } from "../cli/gigafleet.ts";
import { findCommand } from "../programs.mjs";

const folder = makeFolder();
const built = path.resolve("dist/page/gigafleet.html");
/** A copy of its own, so that what the browser keeps is too. */
const file = path.join(folder, "gigafleet.html");
const uncertain = smallScenario.replace("price: 10 thousand USD", "price: 8 thousand USD to 12 thousand USD");
const WAIT = { timeout: 60_000 };

let browser: Browser;

beforeAll(async () => {
  fs.copyFileSync(built, file);
  browser = await chromium.launch({
    executablePath: findCommand("chromium") ?? "",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });
}, 120_000);
afterAll(() => browser?.close());
// A page that a failed test left would go on computing.
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

type Opened = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly requests: string[];
  readonly messages: string[];
};

async function open(
  address = pathToFileURL(file).href,
  options: { readonly width?: number; readonly colorScheme?: "light" | "dark" } = {},
): Promise<Opened> {
  const { width = 1440, colorScheme = "light" } = options;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const messages: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(error.message));
  page.on("dialog", (dialog) => {
    messages.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(address);
  return { page, context, requests, messages };
}

/** Waits until the answer is of all trials, or of the plain run where nothing is uncertain. */
async function settle(page: Page): Promise<void> {
  await page.locator("#answer .status", { hasText: "Up to date" }).waitFor({ state: "attached", ...WAIT });
}

/** Puts a text into the page as if it had been opened from a file. */
async function give(page: Page, text: string, name = "plan.yaml"): Promise<void> {
  await page.setInputFiles("input[type=file]", { name, mimeType: "text/yaml", buffer: Buffer.from(text) });
}

const sentences = (page: Page): Promise<string> => page.locator("#answer .answer").innerText();

async function findFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ target }) => target).slice(0, 5).join(' ')))",
  );
}

describe("from disk", () => {
  test("the reference is answered, in one request and in silence; a number opens its trace", async () => {
    const { page, context, requests, messages } = await open();
    await settle(page);
    expect(await sentences(page)).toContain("OpenAI on AWS reaches");
    expect(await page.locator("#answer figure").count()).toBeGreaterThan(6);
    await page.locator("#answer .keys button.num[data-metric=npv_provider_usd]").click();
    await page.locator(".trace summary").nth(2).click();
    expect(await page.locator(".trace .node").count()).toBeGreaterThan(3);
    expect(requests.filter((url) => !url.startsWith("blob:"))).toEqual([pathToFileURL(file).href]);
    expect(messages).toEqual([]);
    await context.close();
  });

  test("an edit runs; a faulty one keeps the last answer, shows the fault at its place, and one click mends it", async () => {
    const { page, context } = await open();
    await give(page, uncertain);
    await settle(page);
    const good = await sentences(page);
    await page.locator("#tab-plan").click();
    await page.locator(".cm-content").getByText("pue_design", { exact: false }).first().dblclick();
    await page.keyboard.type("pue_desing");
    await page.locator(".problems li.error").first().waitFor(WAIT);
    expect(await sentences(page)).toBe(good);
    expect(await page.locator("#answer.old").count()).toBe(1);
    expect(await page.locator(".cm-lintRange-error").first().innerText()).toBe("pue_desing");
    await page.locator(".problems button", { hasText: "pue_design" }).first().click();
    await settle(page);
    expect(await page.locator("#answer.old").count()).toBe(0);
    await context.close();
  });

  test("a slider moves the answer, a link carries it, a reload keeps it, and it can be forgotten", async () => {
    const { page, context } = await open();
    await give(page, uncertain);
    await settle(page);
    const before = await sentences(page);
    const slider = page.locator("input[type=range]").first();
    await slider.focus();
    await page.keyboard.press("End");
    await settle(page);
    const moved = await sentences(page);
    expect(moved).not.toBe(before);
    await page.getByRole("button", { name: "Copy a link" }).click();
    await expect.poll(() => page.url(), WAIT).toContain("#plan=1.");
    const address = page.url();
    await page.reload();
    await settle(page);
    expect(await sentences(page)).toBe(moved);
    const other = await open(address);
    await settle(other.page);
    expect(await sentences(other.page)).toBe(moved);
    await other.context.close();
    await page.getByRole("button", { name: "Forget" }).click();
    await page.reload();
    await page.locator("h1", { hasText: "OpenAI on AWS" }).waitFor(WAIT);
    await context.close();
  });

  test("a damaged link says so, and the page works", async () => {
    const { page, context } = await open(`${pathToFileURL(file).href}#plan=1.AAAA`);
    expect(await page.getByRole("alert").innerText()).toContain("damaged");
    await page.locator("h1", { hasText: "OpenAI on AWS" }).waitFor(WAIT);
    await context.close();
  });

  test("downloads are the command's bytes", async () => {
    const { page, context } = await open();
    fs.writeFileSync(path.join(folder, "plan.yaml"), uncertain);
    const { code } = gigafleet(folder, [
      "run",
      "plan.yaml",
      "--trials",
      "10000",
      "--seed",
      "1",
      "--out",
      "out",
      "--quiet",
    ]);
    expect(code).toBe(0);
    await give(page, uncertain);
    await settle(page);
    await page.locator(".menu > summary").click();
    for (const name of ["monthly.csv", "report.html", "datapackage.json"]) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.locator(".menu button", { hasText: name }).click(),
      ]);
      const saved = fs.readFileSync(await download.path());
      expect(saved.equals(fs.readFileSync(path.join(folder, "out", name))), name).toBe(true);
    }
    await context.close();
  });

  test("a stranger's plan runs no script and asks for nothing", async () => {
    const { page, context, requests, messages } = await open();
    const hostile = JSON.stringify(
      `<img src=https://evil.example/x onerror=alert(1)><script>alert(2)</script>" onclick="alert(3)`,
    );
    const text = uncertain
      .replace("name: Chips wait for power", `name: ${hostile}`)
      .replace("title: Tiny", `title: ${hostile}`);
    await give(page, text, "x<img src=x onerror=alert(4)>.yaml");
    await settle(page);
    expect(await page.locator("h1").innerText()).toContain("<img");
    await page.locator("#answer button.num").first().click();
    expect(await page.locator("#app img, #app script").count()).toBe(0);
    expect(requests.filter((url) => !url.startsWith("blob:"))).toEqual([pathToFileURL(file).href]);
    expect(messages).toEqual([]);
    await context.close();
  });

  test("where a policy forbids WebAssembly it says the same", async () => {
    const forbidden = path.join(folder, "forbidden.html");
    fs.writeFileSync(forbidden, fs.readFileSync(built, "utf8").replace(" 'wasm-unsafe-eval'", ""));
    const texts: string[] = [];
    for (const address of [file, forbidden]) {
      const { page, context } = await open(pathToFileURL(address).href);
      await give(page, uncertain);
      await settle(page);
      texts.push(await sentences(page));
      await context.close();
    }
    expect(texts[1]).toBe(texts[0]);
  });

  test.each([
    [1440, "light"],
    [1440, "dark"],
    [390, "light"],
    [320, "dark"],
  ] as const)(
    "has nothing that axe finds at %i px, %s, and does not scroll sideways",
    async (width, colorScheme) => {
      const { page, context } = await open(undefined, { width, colorScheme });
      await give(page, uncertain.replace("pue: 1\n", "pue: 1\n    nonsense: 1\n"));
      await page.locator("#tab-plan").click();
      await page.locator(".problems li.error").first().waitFor(WAIT);
      expect(await findFaults(page)).toEqual([]);
      await give(page, uncertain);
      await settle(page);
      if (width < 900) await page.locator("#tab-answer").click();
      await page.locator("#answer .keys button.num").first().click();
      await page.locator(".trace .node").first().waitFor(WAIT);
      for (const name of ["trace", "plan", "values", ...(width < 900 ? ["answer"] : [])]) {
        await page.locator(`#tab-${name}`).click();
        expect(await findFaults(page), name).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth"), name).toBeLessThanOrEqual(width);
      }
      await context.close();
    },
  );
});

describe("served by `gigafleet open`", () => {
  const plan = path.join(folder, "served.yaml");
  let server: ChildProcess;
  let address = "";

  beforeAll(async () => {
    fs.writeFileSync(plan, uncertain);
    server = spawn(process.execPath, [cli, "open", plan, "--no-browser"]);
    address = await new Promise<string>((resolve) =>
      server.stdout?.on("data", (text) => resolve(String(text).trim())),
    );
  });
  afterAll(() => {
    server.kill();
  });

  test("the file is edited, saved, followed on disk, and never overwritten unseen", async () => {
    const { page, context, requests, messages } = await open(address);
    await settle(page);
    expect(await page.evaluate("crossOriginIsolated")).toBe(true);
    await page.locator("#tab-plan").click();
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("# typed here");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Saved" }).waitFor(WAIT);
    expect(fs.readFileSync(plan, "utf8")).toBe(`${uncertain}# typed here`);

    fs.writeFileSync(plan, `${uncertain}# by another program\n`);
    await page.locator(".cm-content", { hasText: "by another program" }).waitFor(WAIT);

    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("# mine");
    fs.writeFileSync(plan, `${uncertain}# theirs\n`);
    await page.getByRole("alert").waitFor(WAIT);
    expect(fs.readFileSync(plan, "utf8")).toBe(`${uncertain}# theirs\n`);
    await page.getByRole("button", { name: "Save the plan here" }).click();
    await page.getByRole("button", { name: "Saved" }).waitFor(WAIT);
    expect(fs.readFileSync(plan, "utf8")).toContain("# mine");

    const { origin } = new URL(address);
    expect(requests.filter((url) => !url.startsWith("blob:") && !url.startsWith(origin))).toEqual([]);
    expect(messages).toEqual([]);
    await context.close();
  });

  test("a stopped server loses nothing", async () => {
    const { page, context } = await open(address);
    await settle(page);
    await page.locator("#tab-plan").click();
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\n# kept");
    server.kill();
    await new Promise((resolve) => server.once("exit", resolve));
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("has been stopped").waitFor(WAIT);
    expect(await page.locator(".cm-content").innerText()).toContain("# kept");
    await context.close();
  });
});
