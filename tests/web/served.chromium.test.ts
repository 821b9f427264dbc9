/** The page in Debian's Chromium as `gigafleet open` serves it: one file, edited in one tab or in several, or behind their backs. */
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cli, makeFolder } from "../cli/gigafleet.ts";
import { launch, open, settle, uncertain, WAIT } from "./browser.ts";

const folder = makeFolder();
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
}, 120_000);
afterAll(() => browser?.close());

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

  test("the file is edited, saved, followed on disk, never overwritten unseen, and nothing is lost without it or the server", async () => {
    const { page, context, requests, messages } = await open(browser, address);
    await settle(page);
    expect(await page.evaluate("crossOriginIsolated")).toBe(true);
    await page.locator("#tab-plan").click();
    const type = async (text: string) => {
      await page.locator(".cm-content").click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type(text);
    };
    await type("# typed here");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Saved" }).waitFor(WAIT);
    expect(fs.readFileSync(plan, "utf8")).toBe(`${uncertain}# typed here`);

    fs.writeFileSync(plan, `${uncertain}# by another program\n`);
    await page.locator(".cm-content", { hasText: "by another program" }).waitFor(WAIT);

    await type("# mine");
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
    await type("# kept");
    server.kill();
    await new Promise((resolve) => server.once("exit", resolve));
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("has been stopped").waitFor(WAIT);
    expect(await page.locator(".cm-content").innerText()).toContain("# kept");
    await context.close();
  });
});
