// Times the page in Chromium, from disk, beside the command's own simulation of the same scenario in Node, in one thread:
// `npm run build && npm run page && node tests/bench/page.mjs [scenario of those shipped]`. The page is timed by the clock, the command
// by its processor time: on a busy machine the ratios are too high. So is said what the busiest thread of the page took of a processor,
// below which no machine of this kind comes. Aims, on an idle one: first picture 1.5 s, a move 150 ms at 200 trials and 1.2 s at 10,000,
// no task over 50 ms, 400 MB.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { createThreadRunner, prepareSample, runMonteCarlo, runPlain } from "../../dist/index.mjs";
import { loadFile } from "../../dist/node.mjs";
import { findCommand } from "../programs.mjs";
import { readableFile } from "./words.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scenario = readableFile(
  path.join(root, "scenarios", process.argv[2] ?? "openai-aws.yaml"),
  "node tests/bench/page.mjs [scenario of those shipped]",
);
const MOVES = 12;
const RESTS = 5;
const EDITS = 100;
/** Longer than threads that help are kept [ms]. */
const REST = 25_000;
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
const session = await browser.newBrowserCDPSession();

/** Processes of pages. */
async function listRenderers() {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

/** What each thread of the pages took of a processor so far [ms]. */
async function readThreads() {
  const threads = new Map();
  for (const id of await listRenderers()) {
    for (const thread of fs.readdirSync(`/proc/${id}/task`)) {
      try {
        const stat = fs.readFileSync(`/proc/${id}/task/${thread}/stat`, "utf8");
        const [user, system] = stat
          .slice(stat.lastIndexOf(")") + 2)
          .split(" ")
          .slice(11, 13)
          .map(Number);
        // In hundredths of a second, as Linux counts.
        threads.set(thread, (user + system) * 10);
      } catch {
        // A thread that has just ended.
      }
    }
  }
  return threads;
}

/** What each thread took since then [ms]. */
async function timesSince(before) {
  return new Map(
    [...(await readThreads())].map(([thread, time]) => [thread, time - (before.get(thread) ?? 0)]),
  );
}

/** What the busiest thread took since then [ms]. */
async function busiestSince(before) {
  return Math.max(...(await timesSince(before)).values());
}

/** What the busiest of the threads that draw took since then: the first of its process [ms]. */
async function drawingSince(before) {
  const times = await timesSince(before);
  return Math.max(...(await listRenderers()).map((id) => times.get(String(id)) ?? 0));
}

try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const started = performance.now();
  await page.goto(pathToFileURL(path.join(root, "dist/page/gigafleet.html")).href);
  const file = path.basename(scenario);
  if (file !== "openai-aws.yaml") await page.locator("header select").selectOption(file);
  await page.locator("#answer figure svg").first().waitFor(WAIT);
  const first = performance.now() - started;
  const firstBusy = await busiestSince(new Map());
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
  /**
   * Moves the slider and waits in the page until an element has changed and its text matches: Playwright's own waiting looks only
   * every half second after the first.
   */
  const timeMove = (move, selector, pattern) =>
    page.evaluate(
      async ({ key, selector, pattern }) => {
        const input = document.querySelector("input[type=range]");
        const box = document.querySelector(selector);
        const begun = performance.now();
        const changed = new Promise((resolve) =>
          new MutationObserver(() => {
            if (new RegExp(pattern).test(box.textContent)) resolve();
          }).observe(box, { childList: true, subtree: true, characterData: true }),
        );
        input[key]();
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await changed;
        await new Promise(requestAnimationFrame);
        return performance.now() - begun;
      },
      { key: move % 2 === 0 ? "stepUp" : "stepDown", selector, pattern },
    );
  const moves = [];
  const beforeMoves = await readThreads();
  for (let move = 0; move < MOVES; move++) {
    moves.push(await timeMove(move, "#answer .answer", ""));
  }
  const moveBusy = (await busiestSince(beforeMoves)) / MOVES;
  const moveDrawn = (await drawingSince(beforeMoves)) / MOVES;
  const tasks = await page.evaluate(() => globalThis.tasks);
  const exact = [];
  for (let move = 0; move < RESTS; move++) {
    await status("Up to date: 10");
    // The sliders' threads, too, have nothing left to do.
    await page.waitForTimeout(500);
    const before = await readThreads();
    const clock = await timeMove(move, "#answer .status", "^(Up to date: )?10");
    exact.push({ clock, busy: await busiestSince(before) });
  }

  await page.locator("#tab-plan").click();
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  for (let edit = 0; edit < EDITS; edit++) {
    await page.keyboard.type(edit === 0 ? "\n#x" : "x");
    // Longer than the page waits for the next key: every edit begins a run.
    await page.waitForTimeout(300);
  }
  await status("Up to date: 10");
  const residentOf = (id) => {
    const status = fs.readFileSync(`/proc/${id}/status`, "utf8");
    const read = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
    // Chromium's task manager tells the second: without its program file, which all its processes share.
    return { all: read("VmRSS"), own: read("RssAnon") + read("VmSwap") };
  };
  const readMemory = async () =>
    (await listRenderers()).map(residentOf).reduce((most, one) => (one.all > most.all ? one : most));
  const memory = await readMemory();
  // Threads that help end, and the browser collects what is not needed.
  await page.waitForTimeout(REST);
  const resting = await readMemory();

  const [few, many] = [await timeCommand(200, 5), await timeCommand(10_000, 1)];
  const line = (what, value, beside) =>
    console.log(`${what.padEnd(52)}${value.padStart(10)}${beside ? `   ${beside}` : ""}`);
  const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
  const busy = (ms) => `busiest thread ${(ms / 1000).toFixed(2)} s of a processor`;
  line("first picture", seconds(first), busy(firstBusy));
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
  line("slowest of them", `${Math.max(...moves).toFixed(0)} ms`, busy(moveBusy));
  line("main thread, a move", `${moveDrawn.toFixed(0)} ms`, "of a processor");
  const whole = median(exact.map(({ clock }) => clock));
  line(
    `slider to all trials, median of ${RESTS}`,
    seconds(whole),
    `${(whole / many).toFixed(2)} of the command's 10,000 trials; ${busy(median(exact.map((one) => one.busy)))}`,
  );
  line(
    "tasks over 50 ms on the main thread while sliding",
    String(tasks.length),
    tasks.length === 0 ? "" : `longest ${Math.max(...tasks).toFixed(0)} ms`,
  );
  const megabytes = ({ all, own }) => [
    `${all.toFixed(0)} MB`,
    `${own.toFixed(0)} MB without Chromium's program file`,
  ];
  line(`memory of the page's process, ${EDITS} edits answered`, ...megabytes(memory));
  line(`the same ${REST / 1000} s later`, ...megabytes(resting));
} finally {
  await browser.close();
}
