/** The page in Debian's Chromium for whoever has no mouse, a reader of screens, a phone, or wants no motion. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeFolder } from "../cli/gigafleet.ts";
import {
  compareMoved,
  copyOfPage,
  findFaults,
  give,
  launch,
  linkTo,
  type Opened,
  open,
  sentences,
  settle,
  uncertain,
  WAIT,
} from "./browser.ts";

let browser: Browser;
let shared: Opened;

beforeAll(async () => {
  browser = await launch();
  shared = await open(browser, `${copyOfPage(makeFolder())}${await linkTo(uncertain)}`);
}, 120_000);
afterAll(() => browser?.close());

/** What axe finds in the whole page, light and dark. */
async function findInBoth(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await findFaults(page)).map((one) => `${colorScheme}: ${one}`));
  }
  return found;
}

/** What has the focus, by its name or its text. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(
    "(document.activeElement.getAttribute('aria-label') ?? (document.activeElement.innerText || document.activeElement.id)).trim()",
  );

/** Goes on with the Tab key to what has this name or text, and fails where it never comes. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let count = 0; count < 400; count++) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    if (typeof name === "string" ? now === name : name.test(now)) {
      const isShown = await page.evaluate(
        "document.activeElement.matches(':focus-visible') && document.activeElement.checkVisibility()",
      );
      expect(isShown, now).toBe(true);
      return;
    }
  }
  throw new Error(`Tab never came to ${name}`);
}

describe("axe finds nothing", () => {
  test("in what opens over the page or in its editor: downloads, completion, search, faults, hover", async () => {
    const { page } = shared;
    await settle(page);
    await page.locator(".menu > summary").click();
    await page.locator(".menu button", { hasText: "monthly.csv" }).waitFor(WAIT);
    expect(await findInBoth(page)).toEqual([]);
    await page.locator(".menu > summary").click();
    await page.locator("#tab-plan").click();
    await page.locator(".cm-content .y-key").first().waitFor(WAIT);
    await page.locator(".cm-line", { hasText: "tenure: leased" }).first().click();
    await page.keyboard.press("End");
    for (let count = 0; count < 6; count++) await page.keyboard.press("Backspace");
    await page.keyboard.press("Control+Space");
    await page.locator(".cm-tooltip-autocomplete li").first().waitFor(WAIT);
    expect(await findInBoth(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+f");
    await page.locator(".cm-search").waitFor(WAIT);
    expect(await findInBoth(page)).toEqual([]);
    await page.keyboard.press("Escape");
    // Of the value that is missing now.
    await page.locator(".problems li").first().waitFor(WAIT);
    await page.locator(".cm-content").focus();
    await page.keyboard.press("Control+Shift+M");
    await page.locator(".cm-panel-lint").waitFor(WAIT);
    expect(await findInBoth(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.locator(".cm-content .y-key", { hasText: "price" }).first().hover();
    await page.locator(".y-hover").waitFor(WAIT);
    expect(await findInBoth(page)).toEqual([]);
    await page.mouse.move(0, 0);
    await give(page, uncertain);
    await settle(page);
  });

  test("in a comparison, one that is out of date, and what the page warns of", async () => {
    const { page } = shared;
    await compareMoved(page);
    expect(await findInBoth(page)).toEqual([]);
    await give(page, `${uncertain}nonsense: 1\n`);
    await page.locator("#panel-compare .old").waitFor(WAIT);
    await page.evaluate("location.hash = '#plan=%00%ff'");
    await page.getByRole("alert").waitFor(WAIT);
    expect(await findInBoth(page)).toEqual([]);
    await give(page, uncertain);
    await settle(page);
  });
});

describe("whoever has a keyboard alone, at 320 px,", () => {
  test("opens, moves, finds, pins, compares, opens a number and comes back, downloads and shares", async () => {
    const { page } = shared;
    await page.setViewportSize({ width: 320, height: 640 });
    await page.emulateMedia({ colorScheme: "light" });
    await page.locator("#tab-answer").click();
    // From part to part by arrows, and round.
    for (const name of ["Values", "Plan", "Trace", "Compare", "Best plan", "Answer", "Values"]) {
      await page.keyboard.press("ArrowRight");
      expect(await focused(page)).toMatch(new RegExp(`^${name}`));
    }
    const before = await page.locator(".slider output").first().innerText();
    await tabTo(page, /^value-/);
    await page.keyboard.press("Home");
    await expect.poll(() => page.locator(".slider output").first().innerText(), WAIT).not.toBe(before);
    await page.locator("#tab-values").focus();
    await tabTo(page, "Find a value");
    await page.keyboard.type("design");
    await page
      .getByRole("button", { name: /^Add a slider/ })
      .first()
      .waitFor(WAIT);
    await tabTo(page, /^Add a slider/);
    await page.keyboard.press("Enter");
    await page.locator(".slider", { hasText: "certain in the plan" }).first().waitFor(WAIT);
    await page.getByLabel("Find a value").focus();
    for (const key of ["Control+a", "Delete"]) await page.keyboard.press(key);
    await settle(page);

    await page.locator("#tab-values").focus();
    for (const _part of ["Plan", "Trace", "Compare"]) await page.keyboard.press("ArrowRight");
    await tabTo(page, /^Keep (?:this|the) plan/);
    await page.keyboard.press("Enter");
    await tabTo(page, "Compare with A");
    await page.keyboard.press("Enter");
    await page.locator("#panel-compare .answer").waitFor(WAIT);

    await page.locator("#tab-compare").focus();
    for (const _part of ["Best plan", "Answer"]) await page.keyboard.press("ArrowRight");
    const said = await sentences(page);
    expect(said).not.toBe("");
    await page.keyboard.press("Tab");
    for (let count = 0; count < 30; count++) {
      if (await page.evaluate("document.activeElement.matches('button.num')")) break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.locator(".trace .node").first().waitFor(WAIT);
    await expect.poll(() => page.evaluate("document.activeElement.className"), WAIT).toBe("trace");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.evaluate("document.activeElement.className"), WAIT).toBe("num");

    await page.evaluate("document.activeElement.blur(); document.querySelector('header select').focus()");
    await tabTo(page, "Copy a link");
    await page.keyboard.press("Enter");
    await page.getByText("The link is").waitFor(WAIT);
    await tabTo(page, "Download");
    await page.keyboard.press("Enter");
    await page.locator(".menu button", { hasText: "annual.csv" }).first().waitFor(WAIT);
    await tabTo(page, "annual.csv");
    const [download] = await Promise.all([page.waitForEvent("download", WAIT), page.keyboard.press("Enter")]);
    expect(download.suggestedFilename()).toBe("annual.csv");
    await page.getByText("Download", { exact: true }).focus();
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);

    await page.evaluate(
      "document.querySelector('header strong').parentElement.querySelector('summary').blur()",
    );
    await page.locator("header select").focus();
    await page.keyboard.press("ArrowDown");
    await page
      .locator("#answer .status", { hasText: "Chips wait for power" })
      .waitFor({ state: "attached", ...WAIT });
    await give(page, uncertain);
    await settle(page);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("reaches everything that can be pressed, in every part of the page", async () => {
    const { page } = shared;
    await page.setViewportSize({ width: 320, height: 640 });
    for (const name of ["values", "plan", "trace", "compare", "search", "answer"]) {
      await page.locator(`#tab-${name}`).click();
      const unreachable =
        await page.evaluate(`[...document.querySelectorAll("#app :is(button, a[href], input, select, summary)")]
        .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex < 0 && one.getAttribute("role") !== "tab" && !one.closest(".cm-editor"))
        .map((one) => one.outerHTML.slice(0, 80))`);
      expect(unreachable, name).toEqual([]);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

test("nothing moves for whoever wants no motion", async () => {
  const { page } = shared;
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.locator("#tab-values").click();
  await page.locator("input[type=range]").first().focus();
  await page.keyboard.press("End");
  const moving = `(async () => {
    for (let frame = 0; frame < 5; frame++) {
      await new Promise(requestAnimationFrame);
      const running = document.getAnimations().filter((one) => one.effect?.getComputedTiming().duration > 0);
      if (running.length > 0) return running.length;
    }
    return [...document.querySelectorAll("*")].filter((one) => getComputedStyle(one).scrollBehavior === "smooth").length;
  })()`;
  expect(await page.evaluate(moving)).toBe(0);
  await page.locator("#tab-plan").click();
  await page.locator(".cm-content").click();
  // The cursor of the editor stands, too.
  expect(await page.evaluate(moving)).toBe(0);
});
