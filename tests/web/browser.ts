/** Debian's Chromium with the page in it, for tests. */
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { writeFragment } from "../../src/web/page/link.ts";
import { smallScenario } from "../cli/gigafleet.ts";
import { findCommand } from "../programs.mjs";

/** The page as it was built. */
export const built = path.resolve("dist/page/gigafleet.html");

/** The address of a copy of the page of its own, so that what the browser keeps is too. */
export function copyOfPage(folder: string): string {
  const file = path.join(folder, "gigafleet.html");
  fs.copyFileSync(built, file);
  return pathToFileURL(file).href;
}

/** What stands behind # in a link to a plan. */
export function linkTo(text: string, file = "plan.yaml", pins: readonly string[] = []): Promise<string> {
  return writeFragment({ file, text, others: {}, moved: {}, pins });
}

/** A small plan with an uncertain value, which takes its trials in a moment. */
export const uncertain = smallScenario.replace(
  "price: 10 thousand USD",
  "price: 8 thousand USD to 12 thousand USD",
);

/** A busy machine takes long over what takes an idle one a moment. */
export const WAIT = { timeout: 60_000 };

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: findCommand("chromium") ?? "",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });
}

/** A page with what it asked for and said. */
export type Opened = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly requests: string[];
  readonly messages: string[];
};

/** Opens an address in a context, or in a new one, which keeps nothing of others. */
export async function open(where: Browser | BrowserContext, address: string): Promise<Opened> {
  const isContext = "newPage" in where && !("newContext" in where);
  const viewport = { width: 1440, height: 900 };
  const context = isContext ? where : await where.newContext({ viewport, acceptDownloads: true });
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
export async function settle(page: Page): Promise<void> {
  await page.locator("#answer .status", { hasText: "Up to date" }).waitFor({ state: "attached", ...WAIT });
}

/** Keeps the plan as A, moves its first slider to the end, and compares. */
export async function compareMoved(page: Page): Promise<void> {
  await page.locator("#tab-compare").click();
  await page.getByRole("button", { name: "Keep this plan as A" }).click();
  await page.locator("#tab-values").click();
  await page.locator("input[type=range]").first().focus();
  await page.keyboard.press("End");
  await settle(page);
  await page.locator("#tab-compare").click();
  await page.getByRole("button", { name: "Compare with A" }).click(WAIT);
  await page.locator("#panel-compare caption", { hasText: "Inputs that are not" }).waitFor(WAIT);
}

/** Puts a text into the page as if it had been opened from a file, and waits until it is on its way. */
export async function give(page: Page, text: string, name = "plan.yaml"): Promise<void> {
  await page.setInputFiles("input[type=file]", { name, mimeType: "text/yaml", buffer: Buffer.from(text) });
  const kept = () => page.evaluate("JSON.parse(sessionStorage.getItem('gigafleet:plan') ?? '{}').text");
  await expect.poll(kept, WAIT).toBe(text);
}

/** What the answer says. */
export const sentences = (page: Page): Promise<string> => page.locator("#answer .answer").innerText();

/** Requests for anything but the page itself. */
export const outside = (requests: readonly string[], own: string): readonly string[] =>
  requests.filter((url) => !url.startsWith("blob:") && url.replace(/#.*$/s, "") !== own);

/** What axe finds in a part of the page. */
export async function findFaults(page: Page, part = "html"): Promise<readonly string[]> {
  await page.evaluate("globalThis.axe === undefined").then((isNew) => isNew && page.evaluate(axe.source));
  return page.evaluate(
    `axe.run("${part}", { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ target }) => target).slice(0, 5).join(' ')))`,
  );
}

/** Does several things in one go, so that nothing comes between them. */
export const atOnce = (page: Page, ...steps: readonly string[]): Promise<unknown> =>
  page.evaluate(`{ ${steps.join(";")} }`);

/** Moves the first slider, as a step of `atOnce`. */
export const slideTo = (share: number): string =>
  `{ const slider = document.querySelector("input[type=range]"); slider.value = String(Number(slider.min) + ${share} * (slider.max - slider.min)); slider.dispatchEvent(new Event("input", { bubbles: true })); }`;

/** Presses a button by a part of its text, as a step of `atOnce`. */
export const press = (text: string): string =>
  `[...document.querySelectorAll("button")].find((one) => one.innerText.includes(${JSON.stringify(text)})).click()`;
