// Times the page in Chromium, from disk, beside the command's own simulation of the same scenario in Node:
// `npm run build && npm run page && node tests/bench/page.mjs [scenario of those shipped]`. The page is timed by the clock, the command
// by its processor time: on a busy machine the ratios are too high. Aims, on an idle one: first picture 1.5 s, a move 150 ms at 200
// trials and 1.2 s at 10,000, no task over 50 ms, 400 MB.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { createThreadRunner, prepareSample, runMonteCarlo, runPlain } from "../../dist/index.js";
import { loadFile } from "../../dist/node.js";
import { findCommand } from "../programs.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scenario = path.join(root, "scenarios", process.argv[2] ?? "openai-aws.yaml");
const MOVES = 12;
const EDITS = 100;
const WAIT = { timeout: 120_000 };

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** What the command's own simulation takes for a sample of all tables, in one thread like the page [ms of processor time]. */
async function timeCommand(trials, rounds) {
  const { scenario: plan } = loadFile(scenario);
  const runner = createThreadRunner();
  const { results } = await runPlain(plan, runner);
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const started = process.cpuUsage();
    await runMonteCarlo(prepareSample(plan, results, { trials, seed: "1" }), results, runner);
    const { user, system } = process.cpuUsage(started);
    times.push((user + system) / 1000);
  }
  return median(times);
}

const browser = await chromium.launch({
  executablePath: findCommand("chromium") ?? "",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--enable-precise-memory-info"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const started = performance.now();
  await page.goto(pathToFileURL(path.join(root, "dist/page/gigafleet.html")).href);
  const file = path.basename(scenario);
  if (file !== "openai-aws.yaml") await page.locator("header select").selectOption(file);
  await page.locator("#answer figure svg").first().waitFor(WAIT);
  const first = performance.now() - started;
  const status = (text) =>
    page.locator("#answer .status", { hasText: text }).waitFor({ state: "attached", ...WAIT });
  await status("Up to date: 10");
  const settled = performance.now() - started;

  // Frames of the main thread, and when the answer says something new.
  await page.evaluate(() => {
    globalThis.longest = 0;
    let last = performance.now();
    const tick = (now) => {
      globalThis.longest = Math.max(globalThis.longest, now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    globalThis.tasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.tasks.push(duration);
    }).observe({ entryTypes: ["longtask"] });
  });
  const slider = page.locator("input[type=range]").first();
  await slider.focus();
  await page.waitForTimeout(1500);
  await page.evaluate(() => (globalThis.tasks.length = 0));
  const moves = [];
  for (let move = 0; move < MOVES; move++) {
    moves.push(
      await page.evaluate(
        async (key) => {
          const input = document.querySelector("input[type=range]");
          const box = document.querySelector("#answer .answer");
          const begun = performance.now();
          const changed = new Promise((resolve) =>
            new MutationObserver(resolve).observe(box, { childList: true, subtree: true }),
          );
          input[key]();
          input.dispatchEvent(new Event("input", { bubbles: true }));
          await changed;
          await new Promise(requestAnimationFrame);
          return performance.now() - begun;
        },
        move % 2 === 0 ? "stepUp" : "stepDown",
      ),
    );
  }
  const tasks = await page.evaluate(() => globalThis.tasks);
  const begun = performance.now();
  await slider.press("ArrowRight");
  await status("Up to date: 10");
  const exact = performance.now() - begun;

  await page.locator("#tab-plan").click();
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  for (let edit = 0; edit < EDITS; edit++) {
    await page.keyboard.type(edit === 0 ? "\n#x" : "x");
    // Longer than the page waits for the next key: every edit begins a run.
    await page.waitForTimeout(300);
  }
  await status("Up to date: 10");
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const residentOf = ({ id }) =>
    Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${id}/status`, "utf8"))?.[1]) / 1024;
  const memory = Math.max(...processInfo.filter(({ type }) => type === "renderer").map(residentOf));

  const [few, many] = [await timeCommand(200, 5), await timeCommand(10_000, 1)];
  const line = (what, value, beside) =>
    console.log(`${what.padEnd(52)}${value.padStart(10)}${beside ? `   ${beside}` : ""}`);
  const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
  line("first picture", seconds(first));
  line(
    "all trials after opening",
    seconds(settled),
    `${(settled / many).toFixed(2)} of the command's 10,000 trials, ${seconds(many)}`,
  );
  line(
    `slider to picture, 200 trials, median of ${MOVES} moves`,
    `${median(moves).toFixed(0)} ms`,
    `${(median(moves) / few).toFixed(2)} of the command's 200 trials, ${few.toFixed(0)} ms`,
  );
  line("slowest of them", `${Math.max(...moves).toFixed(0)} ms`);
  line("slider to all trials", seconds(exact), `${(exact / many).toFixed(2)} of the command's 10,000 trials`);
  line(
    "tasks over 50 ms on the main thread while sliding",
    String(tasks.length),
    tasks.length === 0 ? "" : `longest ${Math.max(...tasks).toFixed(0)} ms`,
  );
  line(`memory of the page's process after ${EDITS} edits`, `${memory.toFixed(0)} MB`);
} finally {
  await browser.close();
}
