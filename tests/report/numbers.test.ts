/** The report tells the numbers of the tables beside it, the same bytes everywhere, and is left out where it is not wanted. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { alike } from "../../src/charts/kit/numbers.ts";
import { columnOf, gigafleet, makeFolder, smallScenario } from "../cli/gigafleet.ts";

const folder = makeFolder();
const text = smallScenario.replace("price: 10 thousand USD", "price: 8 thousand USD to 12 thousand USD");
const read = (...names: string[]) => fs.readFileSync(path.join(folder, ...names), "utf8");

beforeAll(() => {
  fs.writeFileSync(path.join(folder, "small.yaml"), text);
  fs.mkdirSync(path.join(folder, "deep", "er"), { recursive: true });
  fs.writeFileSync(path.join(folder, "deep", "er", "small.yaml"), text);
  const words = ["--trials", "256", "--charts", "svg", "--set", "sites.a.pue=1.1", "--quiet"];
  expect(gigafleet(folder, ["run", "small.yaml", "--out", "one", ...words]).code).toBe(0);
  const deep = ["run", "er/small.yaml", "--out", "../two", "--threads", "1", ...words];
  expect(gigafleet(path.join(folder, "deep"), deep).code).toBe(0);
});

describe("report.html", () => {
  test("tells the median and the ends of the cost as summary.csv has them", () => {
    const rows = columnOf(path.join(folder, "one", "summary.csv"), "metric");
    const row = rows.indexOf("cost_provider_pv_usd");
    const ends = ["p5", "p50", "p95"].map(
      (end) => Number(columnOf(path.join(folder, "one", "summary.csv"), `value_${end}`)[row]) / 1e6,
    );
    const [low, middle, high] = alike(ends);
    expect(read("one", "report.html")).toContain(
      `It costs the provider <b>${middle}\u202fM USD</b> (${low} to ${high}) in present value`,
    );
  });

  test("is the same from another folder, with other threads and at another time", () => {
    for (const name of ["report.html", "power.svg", "distribution.svg"])
      expect(read("two", name)).toBe(read("one", name));
  });

  test("names the command that makes it again, and the hash of what it read", () => {
    const html = read("one", "report.html");
    expect(html).toContain(
      "<code>gigafleet run small.yaml --set sites.a.pue=1.1 --trials 256 --seed 1</code>",
    );
    expect(html).toContain(createHash("sha256").update(text).digest("hex"));
    expect(html).not.toContain(folder);
  });

  test("allows one script by its hash, and nothing else", () => {
    const html = read("one", "report.html");
    const [, script] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? [];
    const hash = createHash("sha256").update(script).digest("base64");
    expect(html).toContain(`default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)[^<"]*"|src=|@import/);
  });

  test("lists every input with its source", () => {
    const html = read("one", "report.html");
    for (const field of ["chips.tiny.price", "sites.a.power", "fleets.f.size"])
      expect(html).toContain(`<th scope="row">${field}</th>`);
    expect(html).toContain("8 thousand USD to 12 thousand USD");
  });

  test("is left out with --no-report, and one of an earlier run goes", () => {
    const words = ["run", "small.yaml", "--out", "one", "--trials", "0", "--no-report", "--quiet"];
    expect(gigafleet(folder, words).code).toBe(0);
    const left = fs.readdirSync(path.join(folder, "one"));
    expect(left).not.toContain("report.html");
    expect(left).not.toContain("power.svg");
    expect(left).toContain("summary.csv");
  });
});

test("a picture as a file stands alone: its title, its colours, nothing from elsewhere", () => {
  const svg = read("two", "power.svg");
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(svg).toContain("Energised power by fleet");
  expect(svg).toContain("prefers-color-scheme:dark");
  expect(svg.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|<script|url\((?!#)/);
});
