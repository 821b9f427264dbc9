/** The page in Debian's Chromium as `gigafleet open` serves it: one file, edited in one tab or in several, or behind their backs. */
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { cli, makeFolder } from "../cli/gigafleet.ts";
import { launch, linkTo, open, settle, uncertain, WAIT } from "./browser.ts";

const folder = makeFolder();
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
}, 120_000);
afterAll(() => browser?.close());

const servers = new Set<ChildProcess>();
afterEach(async () => {
  for (const server of servers) server.kill();
  for (const context of browser.contexts()) await context.close();
});

/** Serves a file of a name, with the small plan or another text in it. */
async function serve(name: string, text = uncertain) {
  const plan = path.join(folder, name);
  fs.writeFileSync(plan, text);
  const server = spawn(process.execPath, [cli, "open", plan, "--no-browser"]);
  servers.add(server);
  const address = await new Promise<string>((resolve) =>
    server.stdout.on("data", (told) => resolve(String(told).trim())),
  );
  const stop = async () => {
    servers.delete(server);
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill();
    await ended;
  };
  return { plan, address, stop };
}

async function type(page: Page, text: string): Promise<void> {
  await page.locator("#tab-plan").click();
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(text);
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save", exact: true }).click(WAIT);
  await page.getByRole("button", { name: "Saved" }).waitFor(WAIT);
}

const alerts = (page: Page): Promise<readonly string[]> => page.getByRole("alert").allInnerTexts();
const noAlert = (page: Page) => expect.poll(() => alerts(page), WAIT).toEqual([]);
const holds = (page: Page, text: string) => page.locator(".cm-content", { hasText: text }).waitFor(WAIT);

test("the file is edited, saved, followed on disk, never overwritten unseen, and nothing is lost without it or the server", async () => {
  const { plan, address, stop } = await serve("served.yaml");
  const { page, context, requests, messages } = await open(browser, address);
  await settle(page);
  expect(await page.evaluate("crossOriginIsolated")).toBe(true);
  await page.locator("#tab-plan").click();
  await type(page, "# typed here");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Saved" }).waitFor(WAIT);
  expect(fs.readFileSync(plan, "utf8")).toBe(`${uncertain}# typed here`);

  fs.writeFileSync(plan, `${uncertain}# by another program\n`);
  await page.locator(".cm-content", { hasText: "by another program" }).waitFor(WAIT);

  await type(page, "# mine");
  fs.writeFileSync(plan, `${uncertain}# theirs\n`);
  await page.getByRole("alert").waitFor(WAIT);
  expect(fs.readFileSync(plan, "utf8")).toBe(`${uncertain}# theirs\n`);
  await page.getByRole("button", { name: "Save the plan here" }).click();
  await page.getByRole("button", { name: "Saved" }).waitFor(WAIT);
  expect(fs.readFileSync(plan, "utf8")).toContain("# mine");

  fs.rmSync(plan);
  await page.getByRole("alert").getByText("is gone from the disk").waitFor(WAIT);
  expect(await page.getByText("is saved").count()).toBe(0);
  await page.getByRole("button", { name: "Save the plan here" }).click();
  await page.getByRole("button", { name: "Saved" }).waitFor(WAIT);
  expect(fs.readFileSync(plan, "utf8")).toContain("# mine");

  await page.locator("#tab-search").click();
  await page.getByRole("button", { name: "Search" }).click();
  await page.locator("#panel-search .answer", { hasText: "The cheapest plan" }).waitFor(WAIT);
  expect(await page.locator("#panel-search figure svg").count()).toBeGreaterThan(0);
  // What it buys opens without the search's program, what it costs with both plans run again.
  for (const [number, name] of [
    ["[data-of=bought]", "tiny bought"],
    ["[data-metric=cost_provider_pv_usd]", "present value"],
  ]) {
    await page.locator("#tab-search").click();
    await page.locator(`#panel-search .answer button.num${number}`).first().click();
    await page.locator("#panel-trace .node", { hasText: name }).first().waitFor(WAIT);
  }
  expect(requests.filter((url) => !url.startsWith("blob:") && !url.startsWith(address))).toEqual([]);
  expect(messages).toEqual([]);

  await page.locator("#tab-plan").click();
  await type(page, "# kept");
  await stop();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The plan is not saved.").waitFor(WAIT);
  expect(await page.locator(".cm-content").innerText()).toContain("# kept");
  await context.close();
});

describe("two tabs on one file", () => {
  test("tell of what the other has not saved, follow what it saves, and ask where both changed", async () => {
    const { plan, address } = await serve("two.yaml");
    const { page: a, context } = await open(browser, address);
    await settle(a);
    const { page: b } = await open(context, address);
    await settle(b);
    await b.locator("#tab-plan").click();
    expect([await alerts(a), await alerts(b)]).toEqual([[], []]);

    await type(a, "# of a");
    const told = "Another tab, or an earlier visit, has changes to two.yaml that are neither saved nor here.";
    await b.getByRole("alert").getByText(told).waitFor(WAIT);
    await save(a);
    await holds(b, "# of a");
    await b.getByText("two.yaml changed on disk and was loaded again.").waitFor(WAIT);
    await noAlert(b);
    await noAlert(a);

    // What is kept of a plan that was saved is of the file as it was saved.
    await a.reload();
    await settle(a);
    await type(a, ", again");
    await save(a);
    await noAlert(a);
    await holds(b, "# of a, again");

    await type(a, "# a");
    await type(b, "# b");
    await save(a);
    // Of the two that differ from the plan here, which are the same, one is told of.
    await b
      .getByRole("alert")
      .getByText("two.yaml has changed on disk, and the plan here differs from it.")
      .waitFor(WAIT);
    expect(await alerts(b)).toHaveLength(1);
    expect(fs.readFileSync(plan, "utf8")).toContain("again# a");
    await b.getByRole("button", { name: "Load the file" }).click();
    await holds(b, "again# a");
    await noAlert(b);
    expect(await b.getByRole("button", { name: "Saved" }).count()).toBe(1);

    await type(b, "# b2");
    await save(b);
    await holds(a, "# b2");
    await noAlert(a);
    expect(fs.readFileSync(plan, "utf8")).toContain("again# a# b2");
  });

  test("save to their file alone, also a plan that came by a link, and not unasked", async () => {
    const { plan, address } = await serve("own.yaml");
    const text = uncertain.replace("name: Chips wait for power", "name: Of a friend");
    const fragment = await linkTo(text, "friend.yaml");
    const { page } = await open(browser, `${address}${fragment}`);
    await page.locator("h1", { hasText: "Of a friend" }).waitFor(WAIT);
    expect(await page.locator("header").innerText()).toContain("own.yaml");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page
      .getByRole("alert")
      .getByText("The plan here came by a link, and own.yaml holds another one.")
      .waitFor(WAIT);
    expect(fs.readFileSync(plan, "utf8")).toBe(uncertain);
    await page.getByRole("button", { name: "Save the plan here" }).click();
    await page.getByText("own.yaml is saved.").waitFor(WAIT);
    expect(fs.readFileSync(plan, "utf8")).toBe(text);
    await noAlert(page);
  });
});

describe("a file", () => {
  test("that is gone and comes back is told of only as long as it is gone", async () => {
    const { plan, address, stop } = await serve("gone.yaml");
    const { page } = await open(browser, address);
    await settle(page);
    fs.rmSync(plan);
    await page.getByRole("alert").getByText("gone.yaml is gone from the disk").waitFor(WAIT);
    fs.writeFileSync(plan, uncertain);
    await noAlert(page);
    fs.rmSync(plan);
    await page.getByRole("alert").getByText("gone.yaml is gone from the disk").waitFor(WAIT);
    fs.writeFileSync(plan, uncertain.replace("name: Chips wait for power", "name: Came back"));
    await page.locator("h1", { hasText: "Came back" }).waitFor(WAIT);
    await noAlert(page);
    // Whoever opens the page meanwhile is told, too.
    fs.rmSync(plan);
    await page.getByRole("alert").getByText("gone.yaml is gone from the disk").waitFor(WAIT);
    await page.reload();
    await page.getByRole("alert").getByText("gone.yaml is gone from the disk").waitFor(WAIT);
    await page.locator("h1", { hasText: "Came back" }).waitFor(WAIT);
    // Without the server it cannot be saved again.
    await stop();
    await page.getByRole("alert").getByText("The plan here is not in the file").waitFor(WAIT);
    expect(await alerts(page)).toHaveLength(1);
  });

  test("beside the plan that changes is read again, also one that was missing, and unsaved changes stay", async () => {
    const base = path.join(folder, "base.yaml");
    fs.writeFileSync(base, uncertain);
    const { address } = await serve("above.yaml", "extends: ./base.yaml\nschema_version: 1\n");
    const { page } = await open(browser, address);
    await settle(page);
    await type(page, "# unsaved");
    fs.writeFileSync(base, uncertain.replace("name: Chips wait for power", "name: Another base"));
    await page.locator("h1", { hasText: "Another base" }).waitFor(WAIT);
    await page.getByText("base.yaml changed on disk and was read again.").waitFor(WAIT);
    await holds(page, "# unsaved");
    await noAlert(page);
    fs.rmSync(base);
    await page.locator(".problems li.error", { hasText: "base.yaml" }).first().waitFor(WAIT);
    fs.writeFileSync(base, uncertain);
    await page.locator("h1", { hasText: "Chips wait" }).waitFor(WAIT);
  });
});

test("a server that has ended is told of at once, and a tab with unsaved changes does not close unasked", async () => {
  const { address, stop } = await serve("ended.yaml");
  const { page, messages } = await open(browser, address);
  await settle(page);
  await stop();
  const alert = page.getByRole("alert");
  await alert.getByText("All changes are in the file.").waitFor(WAIT);
  await type(page, "# unsaved");
  await alert.getByText("The plan here is not in the file: download it").waitFor(WAIT);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("The plan is not saved.").waitFor(WAIT);
  messages.length = 0;
  await page.close({ runBeforeUnload: true });
  // The browser's own question, which a test answers with no.
  await expect.poll(() => messages.length, WAIT).toBe(1);
  expect(page.isClosed()).toBe(false);
});
