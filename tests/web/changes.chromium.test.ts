/** The page in Debian's Chromium while its plan changes: links, and what a change calls off or makes out of date. */
import fs from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeFolder } from "../cli/gigafleet.ts";
import {
  atOnce,
  copyOfPage,
  give,
  launch,
  linkTo,
  type Opened,
  open,
  press,
  settle,
  slideTo,
  uncertain,
  WAIT,
} from "./browser.ts";

const folder = makeFolder();
const fromDisk = copyOfPage(folder);
const named = (name: string) => uncertain.replace("name: Chips wait for power", `name: ${name}`);

let browser: Browser;
let shared: Opened;
let small = "";

beforeAll(async () => {
  browser = await launch();
  small = await linkTo(named("Small"));
  shared = await open(browser, `${fromDisk}${small}`);
}, 120_000);
afterAll(() => browser?.close());

describe("a link", () => {
  test("that cannot be read is said, and what is shown instead of it", async () => {
    for (const fragment of [
      "#plan=%00%ff",
      `${small.slice(0, -9)}`,
      "#plan=9.AAAA",
      `#plan=1.${"A".repeat(1_000_000)}`,
    ]) {
      const { page, context } = await open(browser, `${fromDisk}${fragment}`);
      const alert = page.getByRole("alert").getByText("The link could not be read: ");
      await alert.waitFor(WAIT);
      expect(await alert.innerText()).toMatch(/ openai-aws\.yaml is shown instead\.$/);
      await page.locator("h1", { hasText: "OpenAI on AWS" }).waitFor(WAIT);
      await context.close();
    }
    const { page } = shared;
    await settle(page);
    await page.evaluate("location.hash = '#plan=%00%ff'");
    await page.getByRole("alert").getByText("The plan that was here stays.").waitFor(WAIT);
    expect(await page.locator("h1").innerText()).toBe("Small");
    await page.reload();
    await page
      .getByRole("alert")
      .getByText("Your last changes to plan.yaml are shown instead.")
      .waitFor(WAIT);
    expect(await page.locator("h1").innerText()).toBe("Small");
  });

  test("is the address of its plan alone: a reload shows the plan as it was left, also where another one is kept", async () => {
    const { page, context } = await open(browser, `${fromDisk}${await linkTo(named("First"))}`);
    await settle(page);
    await page.goto("about:blank");
    await page.goto(`${fromDisk}${await linkTo(named("Second"))}`);
    await settle(page);
    await page.getByRole("alert").getByText("another plan").waitFor(WAIT);
    await page.reload();
    await settle(page);
    expect(await page.locator("h1").innerText()).toBe("Second");
    await give(page, named("Third"));
    await settle(page);
    expect(page.url()).toBe(fromDisk);
    await page.reload();
    await settle(page);
    expect(await page.locator("h1").innerText()).toBe("Third");
    // Neither is the one kept before lost.
    await page.getByRole("button", { name: "Open the other plan" }).click(WAIT);
    await page.locator("h1", { hasText: "First" }).waitFor(WAIT);
    await context.close();
  });

  test("opened in the page leaves the plan that was there to be chosen, and a shipped scenario needs no choice", async () => {
    const { page, context } = await open(browser, fromDisk);
    await page.locator("h1", { hasText: "OpenAI on AWS" }).waitFor(WAIT);
    const follow = async (name: string) =>
      page.evaluate(`location.hash = ${JSON.stringify(await linkTo(named(name)))}`);
    await follow("First");
    await page.locator("h1", { hasText: "First" }).waitFor(WAIT);
    expect(await page.getByRole("alert").count()).toBe(0);
    await follow("Second");
    await page.locator("h1", { hasText: "Second" }).waitFor(WAIT);
    await follow("Third");
    await page.getByRole("alert").getByText("The link is not opened: first choose").waitFor(WAIT);
    await page.getByRole("button", { name: "Open the other plan" }).click(WAIT);
    await page.locator("h1", { hasText: "First" }).waitFor(WAIT);
    expect(await page.getByRole("alert").count()).toBe(0);
    await context.close();
  });
});

describe("a change of the plan", () => {
  test("during a comparison makes it begin again for the plan as it is then", async () => {
    const { page } = shared;
    await give(page, named("Compared"));
    await settle(page);
    await page.locator("#tab-compare").click();
    await page.getByRole("button", { name: "Keep this plan as A" }).click();
    await atOnce(page, press("Compare with A"), slideTo(0.9));
    await page
      .locator("#panel-compare caption", { hasText: "Inputs that are not the same (1)" })
      .waitFor(WAIT);
    expect(await page.locator("#panel-compare .old").count()).toBe(0);
    // From the change on, what is shown is marked; with a fault in the plan it stays so.
    await page.locator("#tab-plan").click();
    await page.locator(".cm-content").click();
    await atOnce(page, press("Compare"));
    await give(page, `${named("Compared")}nonsense: 1\n`);
    await page.locator("#tab-compare").click();
    await page.locator("#panel-compare .old", { hasText: "The plan has changed since" }).waitFor(WAIT);
    await page.locator(".tabs .count").waitFor(WAIT);
    expect(await page.getByRole("button", { name: "Compare with A" }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Keep the plan as it is now as A" }).isDisabled()).toBe(
      true,
    );
    // Back at the plan that was compared, it holds again; of any other, it follows.
    await give(page, named("Compared"));
    await expect.poll(() => page.locator("#panel-compare .old").count(), WAIT).toBe(0);
  });

  test("marks a comparison at once, while a slider still moves", async () => {
    const { page } = shared;
    await page.locator("#tab-compare").click();
    await expect.poll(() => page.locator("#panel-compare .answer").count(), WAIT).toBe(1);
    await settle(page);
    const isOld = await page.evaluate(
      `(async () => { ${slideTo(0.3)} await new Promise(requestAnimationFrame); return document.querySelectorAll("#panel-compare .old").length; })()`,
    );
    expect(isOld).toBe(1);
    await expect.poll(() => page.locator("#panel-compare .old").count(), WAIT).toBe(0);
  });

  test("marks the trace of a number that is still that of the last good plan", async () => {
    const { page } = shared;
    await give(page, `${named("Traced")}nonsense: 1\n`);
    await page.locator(".tabs .count").waitFor(WAIT);
    await page.locator("#answer .keys button.num").first().click();
    await page.locator("#panel-trace .warn", { hasText: "The plan has changed since" }).waitFor(WAIT);
    await give(page, named("Traced"));
    await settle(page);
    await page.locator("#answer .keys button.num").first().click();
    await expect.poll(() => page.locator("#panel-trace .warn").count(), WAIT).toBe(0);
  });

  test("takes the files of the plan before out of the list, and lists those of the new one", async () => {
    const { page } = shared;
    await give(page, named("Listed"));
    await settle(page);
    await page.locator(".menu > summary").click();
    await page.locator(".menu button", { hasText: "monthly.csv" }).waitFor(WAIT);
    const left = await page.evaluate(
      `(async () => { ${slideTo(0.7)} await new Promise(requestAnimationFrame); return [...document.querySelectorAll(".menu li")].map((one) => one.innerText).join("|"); })()`,
    );
    expect(left).not.toContain("monthly.csv");
    await page.locator(".menu button", { hasText: "monthly.csv" }).waitFor(WAIT);
    const [download] = await Promise.all([
      page.waitForEvent("download", WAIT),
      page.locator(".menu button", { hasText: "report.html" }).click(WAIT),
    ]);
    expect(fs.readFileSync(await download.path(), "utf8")).toContain("--set");
  });

  test("that ends the workbook's making says so, and the workbook can be begun again", async () => {
    const { page } = shared;
    await settle(page);
    await page.locator(".menu button", { hasText: "plan.xlsx" }).waitFor(WAIT);
    // The engine answers the first move no sooner than the clock goes six seconds on, and is given up at the next.
    const late = "{ const now = performance.now.bind(performance); performance.now = () => now() + 6000; }";
    await atOnce(page, press("plan.xlsx"), slideTo(0.2), late, slideTo(0.4), slideTo(0.6));
    await page.getByText("The workbook is not made: the plan changed meanwhile.").waitFor(WAIT);
    await settle(page);
    const [download] = await Promise.all([
      page.waitForEvent("download", WAIT),
      page.getByRole("button", { name: "Begin it again" }).click(WAIT),
    ]);
    expect(download.suggestedFilename()).toBe("plan.xlsx");
    expect(await page.getByText("the plan changed meanwhile").count()).toBe(0);
    await page.locator(".menu > summary").click();
  });
});

describe("another plan", () => {
  test("takes the sliders of the plan before away at once, and says whose answer still stands there", async () => {
    const { page } = shared;
    await give(page, named("Before"));
    await settle(page);
    await page.locator("#tab-values").click();
    await page.locator("input[type=range]").first().waitFor(WAIT);
    await give(page, "nonsense: 1\n", "faulty.yaml");
    const status = page.locator("#answer .status");
    await status
      .getByText("The plan has a fault; this is the answer to the plan before, Before.")
      .waitFor(WAIT);
    expect(await page.locator("input[type=range]").count()).toBe(0);
    await give(page, named("After"));
    await settle(page);
    await page.locator("#tab-plan").click();
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("nonsense: 1");
    await status.getByText("The plan has a fault; this is the last good answer.").waitFor(WAIT);
  });
});

describe("a plan that is typed", () => {
  test("with faults has its cursor in view, and no values, but says where they are and leads there", async () => {
    const { page, context } = await open(browser, fromDisk);
    await settle(page);
    await page.getByRole("tab", { name: "Plan", exact: true }).click();
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\nbogus: 12\nshar: 3");
    await page.getByText("2 errors").waitFor(WAIT);
    const below = `document.querySelector(".cm-cursor-primary").getBoundingClientRect().bottom - document.querySelector(".cm-scroller").getBoundingClientRect().bottom`;
    await expect.poll(() => page.evaluate(below), WAIT).toBeLessThanOrEqual(0);
    await give(page, `${named("Small")}\nbogus: 12\nshar: 3\n`, "faulty.yaml");
    await page.getByRole("tab", { name: "Values" }).click();
    await page.getByText("The plan has 2 errors; its values stand here once they are mended.").waitFor(WAIT);
    expect(await page.getByText("None is moved").count()).toBe(0);
    await page.getByRole("button", { name: "Show them in the plan" }).click();
    expect(await page.locator("#tab-plan").getAttribute("aria-selected")).toBe("true");
    await give(page, named("Small"));
    await settle(page);
    await page.setViewportSize({ width: 320, height: 700 });
    await page.getByRole("tab", { name: "Best plan" }).waitFor(WAIT);
    const over = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector(".tabs"))`;
    expect(await page.evaluate(over)).toBe(0);
    await context.close();
  });

  test("is kept to the last key by a reload that follows at once", async () => {
    const { page } = shared;
    await give(page, named("Typed"));
    await settle(page);
    await page.locator("#tab-plan").click();
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("# to the last key");
    await page.reload();
    await settle(page);
    await page.locator("#tab-plan").click();
    await page.locator(".cm-content", { hasText: "# to the last key" }).waitFor(WAIT);
  });

  test("and is of 10 MB is refused in words, is not coloured, and says for as long as it lasts that nothing keeps it", async () => {
    const { page } = shared;
    await page.locator("#tab-plan").click();
    await page.locator(".cm-content .y-key").first().waitFor(WAIT);
    const noRoom = page.getByText("This browser has no room to keep the plan");
    expect(await noRoom.count()).toBe(0);
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+Home");
    await page.evaluate(`{
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", "# a line of a long text\\n".repeat(400000));
      document.querySelector(".cm-content").dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }`);
    await page
      .locator(".problems li.error", { hasText: "million characters, at most 5 million" })
      .waitFor(WAIT);
    await noRoom.waitFor(WAIT);
    await page.keyboard.press("Control+Home");
    expect(await page.locator(".cm-content .y-key, .cm-content .y-comment").count()).toBe(0);
    await page.keyboard.type("# more");
    expect(await noRoom.count()).toBe(1);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await settle(page);
    await expect.poll(() => noRoom.count(), WAIT).toBe(0);
    await page.locator(".cm-content .y-key").first().waitFor(WAIT);
  });
});
