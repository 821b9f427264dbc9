import { describe, expect, test } from "vitest";
import { measureOf } from "../../src/charts/kit/measure.ts";
import { areaPath, linePath, placesOf } from "../../src/charts/kit/path.ts";
import { FULL, HALF, NARROW, type Picture } from "../../src/charts/kit/picture.ts";
import { joinSmall } from "../../src/charts/kit/stack.ts";
import { widthOf } from "../../src/charts/kit/svg.ts";
import { svgFile } from "../../src/charts/kit/svg-file.ts";
import { drawBest } from "../../src/charts/pictures/best.ts";
import { drawBinds } from "../../src/charts/pictures/binds.ts";
import { isBridgeCut } from "../../src/charts/pictures/bridge.ts";
import { drawCash } from "../../src/charts/pictures/cash.ts";
import { drawContracts } from "../../src/charts/pictures/contracts.ts";
import { drawDifferences } from "../../src/charts/pictures/differences.ts";
import { countBins, drawDistribution } from "../../src/charts/pictures/distribution.ts";
import { drawFanChart, isFanLog } from "../../src/charts/pictures/fan-chart.ts";
import { drawFrontier } from "../../src/charts/pictures/frontier.ts";
import { drawNearness } from "../../src/charts/pictures/nearness.ts";
import { drawPareto, placeNames } from "../../src/charts/pictures/pareto.ts";
import { drawPower } from "../../src/charts/pictures/power.ts";
import { drawStackChart } from "../../src/charts/pictures/stack-chart.ts";
import { drawSweep, scaledPlaces } from "../../src/charts/pictures/sweep.ts";
import { drawTokens } from "../../src/charts/pictures/tokens.ts";
import { drawTornado } from "../../src/charts/pictures/tornado.ts";
import { drawReadings } from "../../src/charts/pictures/validation.ts";

const start = 2026 * 12;
const widths = [NARROW, HALF, FULL];

/** What must hold of any drawing: numbers that are numbers, tags that close, nothing that a browser would run. */
function expectSound(body: string): void {
  expect(body).not.toMatch(/NaN|Infinity|undefined|null/);
  expect(body).not.toMatch(/<script|onload|javascript:/i);
  const open: string[] = [];
  for (const [, close, name, , own] of body.matchAll(/<(\/?)([a-z]+)((?:\s[^>]*?)?)(\/?)>/gi)) {
    if (close) expect(open.pop()).toBe(name);
    else if (!own) open.push(name);
  }
  expect(open).toEqual([]);
}

const coordinates = (body: string, tag: string, attribute: string) =>
  [...body.matchAll(new RegExp(`<${tag}[^>]* ${attribute}="(-?[\\d.]+)"`, "g"))].map(([, value]) =>
    Number(value),
  );

describe("a stack of chips", () => {
  const measure = measureOf("chips", [40_000]);
  const layers = [
    { name: "A", colour: "chip-aws-1", values: [10_000, 20_000, 20_000] },
    { name: "B", colour: "chip-nvidia-3", values: [0, 10_000, 20_000] },
  ];

  test("has an area a layer whose corners are the sums on the scale", () => {
    const { body } = drawStackChart({ start, layers, measure }, HALF);
    const paths = [...body.matchAll(/<path d="([^"]+)" class="f-([\w-]+) s-paper"/g)];
    expect(paths.map(([, , colour]) => colour)).toEqual(["chip-aws-1", "chip-nvidia-3"]);
    // 40 thousand at the top of the axis (46), 0 at its bottom (290): A ends at 20 thousand, halfway.
    const last = /L([\d.]+),([\d.]+)/g;
    const points = [...paths[0][1].matchAll(last)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(points).toContainEqual([528, 168]);
    expect(points).toContainEqual([528, 290]);
  });

  test("joins the small ones of forty, and says how many", () => {
    const many = Array.from({ length: 40 }, (_, index) => ({
      name: `fleet ${index}`,
      colour: "others",
      values: [index + 1, index + 1],
    }));
    const joined = joinSmall(many);
    expect(joined.map(({ name }) => name)).toEqual([
      "fleet 33",
      "fleet 34",
      "fleet 35",
      "fleet 36",
      "fleet 37",
      "fleet 38",
      "fleet 39",
      "33 others",
    ]);
    // 1 + 2 + … + 33
    expect(joined.at(-1)?.values).toEqual([561, 561]);
    expectSound(drawStackChart({ start, layers: many, measure }, NARROW).body);
  });
});

describe("a fan", () => {
  const plain = [1, 2, 3, 4];
  const bands = { plain, low: [0.5, 1, 1.5, 2], middle: [1, 2, 3, 4], high: [2, 4, 6, 8] };
  const measure = measureOf("EFLOP/s", [8]);

  test("puts median and band where the scale has them", () => {
    const { body } = drawFanChart({ start, bands, measure }, HALF);
    const middle = /<path d="M([\d.]+),([\d.]+)[^"]*" class="s-middle/.exec(body);
    // Four months between 52 and 490, so that the first is at 52 + 438 / 8; 1 of 8 above 290 by 256 / 8.
    expect(Number(middle?.[1])).toBeCloseTo(106.8, 1);
    expect(Number(middle?.[2])).toBeCloseTo(258, 1);
  });

  test("names a month beside its dot, and clear of the names of the ends where there is room on neither side", () => {
    const flat = (value: number) => Array.from({ length: 96 }, () => value);
    const long = { plain: flat(1760), low: flat(1330), middle: flat(1760), high: flat(2420) };
    const placeOf = (width: number) => {
      const data = { start, bands: long, measure: measureOf("EFLOP/s", [2420]), mark: start + 49 };
      const { body } = drawFanChart(data, width);
      const [, x, rest, text = ""] = /<text x="([\d.]+)"([^>]*)>([^<]* in Feb 2030)</.exec(body) ?? [];
      return { x: Number(x), isEnd: rest?.includes('"end"'), wide: widthOf(text, 12, true) };
    };
    expect(placeOf(HALF).isEnd).toBe(true);
    // On a screen of 320 px, whose axis ends 50 px before the picture does.
    const { x, isEnd, wide } = placeOf(288);
    expect(isEnd).toBe(false);
    expect(x + wide).toBeLessThanOrEqual(238.1);
    expect(x).toBeGreaterThanOrEqual(52);
  });

  test("starts its band where P95 exists, and leaves gaps for what does not", () => {
    const holes = {
      plain: [Number.NaN, 2, 3, 4],
      low: [0.5, 1, 1.5, 2],
      middle: [Number.NaN, 2, 3, 4],
      high: [Number.NaN, 4, 6, 8],
    };
    const { body } = drawFanChart({ start, bands: holes, measure }, HALF);
    expectSound(body);
    expect(/class="f-band"/.test(body)).toBe(true);
    expect(/<path d="M([\d.]+)/.exec(body)?.[1]).toBe("216.3");
  });

  test("over nine orders of magnitude has a logarithmic axis, and does not where anything is zero", () => {
    const wide = { plain: [1e-3, 1, 1e3, 1e6] };
    const data = { start, bands: wide, measure: measureOf("USD per million tokens", wide.plain) };
    expect(isFanLog(data)).toBe(true);
    const { body } = drawFanChart(data, HALF);
    expectSound(body);
    const line = /<path d="([^"]+)" class="s-middle/.exec(body)?.[1] ?? "";
    const heights = [...line.matchAll(/[ML][\d.]+,([\d.]+)/g)].map(([, y]) => Number(y));
    const steps = heights.slice(1).map((y, index) => heights[index] - y);
    for (const step of steps) expect(step).toBeCloseTo(steps[0], 0);
    expect(isFanLog({ ...data, bands: { plain: [0, 1e6] } })).toBe(false);
  });
});

describe("power", () => {
  test("draws sites on one scale, the limit as steps and stranded power hatched", () => {
    const measure = measureOf("MW", [100]);
    const site = (title: string, size: number) => ({
      title,
      layers: [{ name: "chip", colour: "chip-aws-1", values: [0, size * 0.8] }],
      stranded: [0, size * 0.1],
      limit: [size / 2, size],
    });
    const { body } = drawPower(
      { start, sites: [site("large", 100), site("small", 50)], measure },
      HALF,
      "power",
    );
    expectSound(body);
    expect(body.match(/url\(#power-stranded-540\)/g)).toHaveLength(3);
    const limits = [...body.matchAll(/<path d="M44[.0]*,([\d.]+)H[\d.]+V([\d.]+)H/g)].map(([, a, b]) => [
      Number(a),
      Number(b),
    ]);
    // 230 px for 100 MW: the large site's limit rises by half of that, the small one's by half as much.
    expect(limits[0][0] - limits[0][1]).toBeCloseTo(115, 0);
    expect(limits[1][0] - limits[1][1]).toBeCloseTo(57.5, 0);
  });

  test("keeps the names of chips clear of the limit's label", () => {
    const measure = measureOf("MW", [100]);
    const name = "A chip with a rather long title indeed";
    const grows = Array.from({ length: 36 }, (_, month) => 2 + month * 2.7);
    for (const limit of [40, 70, 100, 130]) {
      const site = {
        title: "one",
        layers: [{ name, colour: "chip-aws-1", values: grows.map((value) => Math.min(value, limit)) }],
        stranded: grows.map((value) => Math.max(0, value - limit)),
        limit: grows.map(() => limit),
      };
      const { body } = drawPower({ start, sites: [site], measure }, NARROW, "power");
      const at = (text: string) => {
        const [, x, y, anchor] =
          new RegExp(`<text x="([\\d.]+)" y="([\\d.]+)"[^>]*?text-anchor="(\\w+)"[^>]*>${text}`).exec(body) ??
          [];
        return { x: Number(x), y: Number(y), anchor };
      };
      const [own, label] = [at(name), at("limit")];
      expect(label.anchor).toBe("end");
      // A name that fits nowhere is in the legend's numbers alone.
      if (!Number.isFinite(own.x)) continue;
      const isApart = Math.abs(own.y - label.y) >= 12 || own.x + widthOf(name, 12, true) / 2 <= label.x - 60;
      expect(isApart, `at a limit of ${limit}`).toBe(true);
    }
  });
});

test("a distribution counts every trial once, the outermost bins holding what lies beyond", () => {
  const values = Float64Array.from({ length: 1000 }, (_, index) => index);
  values[999] = 1e6;
  const { counts, low, high } = countBins(values);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
  expect([low, high]).toEqual([1, 995]);
  expect(countBins(Float64Array.of(7, 7, 7)).counts.reduce((sum, count) => sum + count, 0)).toBe(3);
  expect(countBins(Float64Array.of(Number.POSITIVE_INFINITY)).counts).toEqual([]);
  const measure = measureOf("USD", [1000]);
  const panel = { title: "NPV", quantiles: [-50, 10, 400], plain: 5, measure, hasLoss: true };
  const spread = Float64Array.from({ length: 200 }, (_, index) => index * 5 - 100);
  const { body } = drawDistribution([{ ...panel, values: spread }], HALF);
  expectSound(body);
  // 20 of 200 trials lose: bars of red, none at or above zero.
  expect(body.match(/class="f-alarm"/g)?.length).toBeGreaterThan(2);
});

test("a tornado's bars end where the scale has the figure at its ends", () => {
  const measure = measureOf("USD", [80e9]);
  const row = { title: "price of a chip", quality: "assumed", low: 50e9, high: 80e9, weight: 0.7 };
  const data = {
    base: 60e9,
    rows: [row],
    measure,
    baseName: "all at medians",
    lowName: "low",
    highName: "high",
    weightName: "share",
  };
  const { body } = drawTornado(data, HALF);
  expectSound(body);
  const [low, high] = coordinates(body, "rect", "width");
  expect(high / low).toBeCloseTo(2, 1);
  // On a phone a title stands above its bar, hence across the base's line, which it keeps off.
  expect(drawTornado(data, NARROW).body).toMatch(/class="ink halo">price of a chip</);
  // What nobody says is told from what was assumed, in the mark and in its key, and has no key where all is said.
  expect(body).not.toContain("not stated");
  const unsaid = drawTornado({ ...data, rows: [row, { ...row, quality: "unmarked" }] }, HALF).body;
  expect(unsaid.match(/<circle[^>]*stroke-dasharray/g)).toHaveLength(2);
  expect(unsaid).toContain(">not stated<");
});

describe("a sweep of several series", () => {
  const measure = measureOf("USD", [3e9]);
  const axis = { name: "sites.a.power", values: ["60 kW", "80 kW", "140 kW"] };
  const series = { name: "price", values: ["1", "2", "3"] };
  const values = [1e9, 2e9, 3e9].map((value) => [value, value, value]);
  const data = { x: axis, series, values, measure };
  const low = values.map((own) => own.map((value) => value - 0.5e9));
  const high = values.map((own) => own.map((value) => value + 0.5e9));

  test("names each line at its end, in their order, and has the values of the axis to scale", () => {
    const { body } = drawSweep(data, HALF);
    expectSound(body);
    const [x0, x1, x2] = coordinates(body, "circle", "cx");
    // 60, 80 and 140 kW: a quarter and three quarters.
    expect((x1 - x0) / (x2 - x0)).toBeCloseTo(0.25, 2);
    const names = [...body.matchAll(/<text x="[\d.]+" y="([\d.]+)" class="t-[\w-]+ b">(\d)</g)];
    expect(names.map(([, , name]) => name)).toEqual(["1", "2", "3"]);
    const heights = coordinates(body, "circle", "cy").filter((_, index) => index % 3 === 2);
    expect(names.map(([, y]) => Number(y) - 4)).toEqual(heights);
  });

  test("has a panel a series with the same scale where ranges were sampled, since they would cover each other", () => {
    for (const width of [NARROW, HALF]) {
      const { body, height } = drawSweep({ ...data, low, high }, width);
      expectSound(body);
      const bands = [
        ...body.matchAll(
          /<path d="M([\d.]+),([\d.]+)L([\d.]+),[\d.]+L[\d.]+,([\d.]+)L[\d.]+,[\d.]+Z" class="f-band"/g,
        ),
      ];
      expect(bands).toHaveLength(3);
      const ends = bands.map(([, left, , right]) => [Number(left), Number(right)]);
      const isApart = ends.every(
        ([left], index) => index === 0 || left > ends[index - 1][1] || width === NARROW,
      );
      expect(isApart).toBe(true);
      // Half a unit above and below: all bands are equally high, and the middle dot lies in the middle.
      const tall = bands.map(([, , top, , bottom]) => Number(bottom) - Number(top));
      for (const one of tall) expect(one).toBeCloseTo(tall[0], 0);
      expect(Math.max(...coordinates(body, "text", "y"))).toBeLessThan(height);
    }
  });

  test("stands to scale only where values are numbers of one unit that rise or fall and keep apart", () => {
    expect(scaledPlaces(["1.15", "1.2", "1.28"])?.[1]).toBeCloseTo(5 / 13, 9);
    expect(scaledPlaces(["3 months", "1 months", "0 months"])?.[1]).toBeCloseTo(2 / 3, 9);
    expect(
      scaledPlaces(["1 000 chips".replace(" ", "\u202f"), "2,000 chips", "4000 chips"])?.[1],
    ).toBeCloseTo(1 / 3, 9);
    for (const values of [
      ["1 kW", "1 MW"],
      ["1", "3", "2"],
      ["1", "1"],
      ["1", "10", "1000"],
      ["a", "b"],
      ["1"],
      [],
    ])
      expect(scaledPlaces(values)).toBeUndefined();
  });
});

describe("cost against compute", () => {
  const mark = (name: string) => ({ name, colours: ["chip-aws-1"], isFirst: name === "a" });
  const names = ["a", "b", "c"];
  const points = names.map((name, index) => ({
    mark: mark(name),
    cost: [50e9, (60 + index) * 1e9, 80e9] as const,
    compute: [100, 200 + index, 300] as const,
    isBest: index > 0,
  }));
  const data = {
    points,
    cost: measureOf("USD", [80e9]),
    compute: measureOf("YFLOP", [300]),
    costTitle: "cost",
    computeTitle: "compute",
  };

  test("has a range a scenario beside each axis, none above another, from P5 to P95 on the scale of the discs", () => {
    for (const width of [NARROW, HALF]) {
      const { body, height } = drawPareto(data, width);
      expectSound(body);
      const bars = [
        ...body.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" class="f-chip/g),
      ].map(([, ...numbers]) => numbers.map(Number));
      const [across, up] = [
        bars.filter(([, , , high]) => high === 3),
        bars.filter(([, , wide]) => wide === 3),
      ];
      expect([across.length, up.length]).toEqual([3, 3]);
      expect(new Set(across.map(([, y]) => y)).size).toBe(3);
      expect(new Set(up.map(([x]) => x)).size).toBe(3);
      // 50 to 80 around 60: a third of the range lies left of the disc of `a`.
      const [x, , wide] = across[0];
      const discs = [...body.matchAll(/<circle cx="([\d.]+)" cy="[\d.]+" r="7"/g)].map(([, place]) =>
        Number(place),
      );
      expect(discs).toHaveLength(3);
      expect((discs[0] - x) / wide).toBeCloseTo(1 / 3, 2);
      expect(Math.max(...coordinates(body, "text", "y"))).toBeLessThan(height);
    }
  });

  test("lists below what finds no place beside its disc, and needs no room for ranges without a sample", () => {
    const plain = points.map((point) => ({
      ...point,
      cost: [6e10, 6e10, 6e10] as const,
      compute: [2, 2, 2] as const,
    }));
    expect(drawPareto({ ...data, points: plain }, HALF).height).toBeLessThan(drawPareto(data, HALF).height);
    const many = Array.from({ length: 40 }, (_, index) => ({ ...plain[0], mark: mark(`scenario ${index}`) }));
    const { body } = drawPareto({ ...data, points: many }, NARROW);
    for (const { mark: own } of many) expect(body).toContain(`>${own.name}<`);
  });
});

describe("names beside discs", () => {
  test("and their lines cover no other name, and no line another disc", () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const frame = { left: 50, right: 330, top: 30, bottom: 290 };
    const texts = ["a", "Trainium 4", "half as long", "a quite long name of a plan"];
    let lines = 0;
    for (let round = 0; round < 300; round++) {
      const names = Array.from({ length: 6 }, (_, index) => ({
        name: texts[index % texts.length],
        x: 80 + 200 * random() ** 2,
        y: 60 + 200 * random() ** 2,
      }));
      const { body } = placeNames(names, frame);
      const boxes = [...body.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</g)].map(
        ([, x, y, text]) => ({
          left: Number(x) + 1,
          right: Number(x) + widthOf(text, 12, true) - 1,
          top: Number(y) - 7,
          bottom: Number(y) - 1,
        }),
      );
      const discs = names.map(({ x, y }) => ({ left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 }));
      for (const [, ...ends] of body.matchAll(
        /<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)"/g,
      )) {
        lines++;
        const [x1, y1, x2, y2] = ends.map(Number);
        for (let part = 0; part <= 1; part += 0.02) {
          const [x, y] = [x1 + part * (x2 - x1), y1 + part * (y2 - y1)];
          const covered = [...boxes, ...discs].filter(
            ({ left, right, top, bottom }) => x > left && x < right && y > top && y < bottom,
          );
          expect(covered).toEqual([]);
        }
      }
    }
    expect(lines).toBeGreaterThan(50);
  });
});

describe("how near predictions come", () => {
  const dots = [0.5, 1, 1, 2, 4].map((ratio, index) => ({ name: `r${index}`, ratio, counts: index !== 2 }));
  const data = {
    kinds: [{ name: "Power", dots, cells: ["4", "8 %"] }],
    headings: ["count", "error"],
    near: 0.1,
  };

  test("has a dot a reading at its ratio, none above another; what leaves the scale stands at its end with its number", () => {
    for (const width of widths) {
      const { body } = drawNearness(data, width);
      expectSound(body);
      const [xs, ys] = [coordinates(body, "circle", "cx"), coordinates(body, "circle", "cy")];
      expect(xs).toHaveLength(dots.length);
      // A half is as far from 1 as 2 is, and the same ratio is above or below itself.
      expect(xs[1] - xs[0]).toBeCloseTo(xs[3] - xs[1], 0);
      expect(xs[4]).toBe(xs[3]);
      expect(xs[1]).toBe(xs[2]);
      expect(Math.abs(ys[1] - ys[2])).toBeGreaterThan(7);
      expect(body).toContain(">4.00 \u2192<");
      expect(body.match(/class="f-paper s-main"/g)).toHaveLength(1);
    }
  });

  test("draws readings with their bands on the same scale, a row each", () => {
    const reading = { name: "a", published: 10, predicted: 20, low: 10, high: 40, isIndependent: true };
    const { body } = drawReadings([reading, { ...reading, predicted: 10, band: [5, 20] }], HALF);
    expectSound(body);
    const [two, one] = coordinates(body, "circle", "cx");
    const [band] = coordinates(body, "rect", "width");
    expect(band / (two - one)).toBeCloseTo(2, 1);
    expect(coordinates(body, "circle", "cy")).toEqual([30, 50]);
    expect(coordinates(drawReadings([], NARROW).body, "circle", "cy")).toEqual([]);
  });
});

test("what binds is one rectangle for neighbours with one limit", () => {
  const limits = ["none", "power", "power", "compute", "none", "power"];
  const { body } = drawBinds({ start, chances: [], rows: [{ title: "chip", limits }] }, HALF);
  expectSound(body);
  expect(body.match(/<rect[^>]*class="f-limit-power"><title>/g)).toHaveLength(2);
  expect(body).toContain("chip: power binds, Feb 2026 to Mar 2026");
});

test("the chance that a limit binds is a row of shades a limit, the one that binds in most months first", () => {
  const chances = [
    { limit: "power", values: [0, 0, 0.04, 1] },
    { limit: "compute", values: [0.51, 0.6, 0.5, 0] },
    { limit: "memory", values: [0, 0, 0, 0] },
  ];
  const rows = [{ title: "chip", limits: ["none", "none", "power", "power"] }];
  const { body } = drawBinds({ start, chances, rows }, HALF);
  expectSound(body);
  const texts = [...body.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  // 0.51 + 0.6 + 0.5 and 0.04 + 1 months; what never binds has no row.
  const from = texts.indexOf("any limit");
  expect(texts.slice(from, from + 6)).toEqual(["any limit", "3", "compute", "2", "power", "1"]);
  expect(texts).not.toContain("memory size");
  // Tenths, rounded up: half of the trials is the fifth shade, 51 % and 60 % the sixth, 4 % the first, all of them no shade at all.
  const shadesOf = (colour: string) =>
    [
      ...body.matchAll(
        new RegExp(`<path d="([^"]+)" class="f-limit-${colour}"(?: fill-opacity="([\\d.]+)")?`, "g"),
      ),
    ].map(([, path, opacity]) => [path.split("z").length - 1, opacity]);
  expect(shadesOf("compute")).toEqual([
    [1, "0.65"],
    [1, "0.56"],
  ]);
  expect(shadesOf("power")).toEqual([
    [1, "0.21"],
    [1, undefined],
  ]);
});

test("tiles of how often a scenario is best: dark where it clearly is, framed where it leads, empty where it never is", () => {
  const marks = ["A", "B", "C"].map((name, index) => ({ name, colours: ["main"], isFirst: index === 0 }));
  const measure = measureOf("USD", [5e9]);
  const column = { title: "Cost", measure, chances: [0.9, 0.1, 0], isSame: false, regrets: [0, 2e9, 5e9] };
  for (const width of widths) {
    const clear = drawBest({ marks, columns: [{ ...column, lead: { run: 0, isClear: true } }] }, width).body;
    expectSound(clear);
    expect(clear.match(/class="f-main"><title>A is best/g)).toHaveLength(1);
    expect(clear).not.toContain("no s-main");
    const open = drawBest({ marks, columns: [{ ...column, lead: { run: 0, isClear: false } }] }, width).body;
    expect(open.match(/class="no s-main"/g)).toHaveLength(1);
    // A tenth of the trials: 0.1 + 0.9 x 0.1.
    expect(open).toMatch(/class="f-inner" fill-opacity="0.19"><title>B is best/);
    expect(open).toMatch(/class="f-grid" fill-opacity="0.6"><title>C is best/);
    // Where all are the same nobody leads.
    const same = drawBest({ marks, columns: [{ ...column, isSame: true }] }, width).body;
    expect(same).not.toMatch(/class="(?:f-main"><title>|no s-main)|90/);
    expect(same.match(/>same</g)).toHaveLength(3);
    expect(same).toContain("Cost is the same for all in every trial");
  }
});

test("titles of tiles are small where a word would touch that of the next tile", () => {
  const marks = [{ name: "Half of one, half of the other", colours: ["main"], isFirst: true }];
  const column = {
    title: "Provider\u2019s cost",
    measure: measureOf("USD", [1]),
    chances: [1],
    regrets: [0],
  };
  const bodyOf = (count: number) => drawBest({ marks, columns: new Array(count).fill(column) }, NARROW).body;
  expect(bodyOf(4)).not.toContain('class="ink b"');
  expect(bodyOf(2)).toContain('class="ink b"');
});

describe("hostile and odd data", () => {
  const hostile = [
    `<script>alert(1)</script>"'&`,
    "\u202eעברית العربية",
    "😀".repeat(100),
    "x".repeat(200),
    "\u0000\u0008",
    "",
  ];
  const odd: readonly (readonly [string, number, readonly number[]])[] = [
    ["one month", 1, [5]],
    ["zeros", 12, new Array<number>(12).fill(0)],
    ["NaN", 12, new Array<number>(12).fill(Number.NaN)],
    ["30 years", 360, Array.from({ length: 360 }, (_, month) => month)],
    ["negative", 3, [-1e9, 2e9, -3e9]],
  ];

  test.each(hostile)("a title of %j runs nothing and breaks nothing", (title) => {
    for (const width of widths) {
      const measure = measureOf("MW", [100]);
      const layers = [{ name: title, colour: "others", values: [50, 60] }];
      const site = { title, layers, stranded: [0, 1], limit: [100, 100] };
      expectSound(drawPower({ start, sites: [site], measure }, width, "power").body);
      expectSound(drawBinds({ start, chances: [], rows: [{ title, limits: ["power"] }] }, width).body);
      const panel = { title, required: [5, 6], served: [5, 3], measure };
      expectSound(drawTokens({ start, panels: [panel] }, width, "tokens").body);
    }
    const picture: Picture = {
      id: "hostile",
      title,
      subtitle: title,
      draw: () => ({ height: 10, body: "" }),
      numbers: { caption: "", columns: [], rows: [] },
    };
    expectSound(svgFile(picture).replace(/<style>.*<\/style>/s, ""));
  });

  test.each(odd)("%s draws", (_, months, values) => {
    const measure = measureOf("USD", values);
    for (const width of widths) {
      expectSound(drawFanChart({ start, bands: { plain: values }, measure }, width).body);
      const layers = [{ name: "layer", colour: "main", values: values.map((value) => Math.max(0, value)) }];
      expectSound(drawStackChart({ start, layers, measure }, width).body);
      const periods = values.map((_value, index) => ({
        name: `p${index}`,
        first: start + index,
        end: start + index + 1,
      }));
      const cash = {
        start,
        months,
        periods,
        costs: layers,
        revenue: values,
        measure,
        cumulative: { plain: values },
        cumulativeMeasure: measure,
      };
      expectSound(drawCash(cash, width).body);
      const panel = {
        title: "contract",
        colour: "main",
        commitment: 5,
        start,
        end: start + 84,
        terms: "",
        remaining: values,
        shortfall: 0,
      };
      expectSound(drawContracts({ start, months, panels: [panel], measure }, width).body);
    }
  });
});

test("a sweep, a frontier and a pair of one point draw it where the scales put it", () => {
  const measure = measureOf("USD", [2e9]);
  const one = { name: "sites.a.power", values: ["60 kW"] };
  const sweep = { x: one, series: { name: "", values: [""] }, values: [[2e9]], measure };
  const compute = measureOf("YFLOP", [3]);
  const point = { cost: 2e9, compute: 3 };
  for (const width of widths) {
    const { body } = drawSweep(sweep, width);
    expectSound(body);
    // The only point stands in the middle of its axis, from 56 to 12 less than the width.
    expect(coordinates(body, "circle", "cx")).toEqual([(56 + width - 12) / 2]);
    const frontier = drawFrontier(
      { points: [point], plan: point, scenario: point, cost: measure, compute, costTitle: "cost" },
      width,
    ).body;
    expectSound(frontier);
    // Plan and scenario lie on the one point, in the middle of an axis from 52 to 12 less than the width.
    expect(new Set(coordinates(frontier, "circle", "cx"))).toEqual(new Set([(52 + width - 12) / 2]));
    const apart = {
      title: "cost",
      better: "less",
      measure,
      differences: [{ low: 0, middle: 0, high: 0 }],
    } as const;
    expectSound(
      drawDifferences({ marks: [{ name: "b", colours: ["others"], isFirst: false }], panels: [apart] }, width)
        .body,
    );
  }
});

test("a bridge says that its axis is cut where the steps are small beside the whole", () => {
  const cut = (value: number, change: number) =>
    isBridgeCut({ from: { name: "a", value }, steps: [{ name: "chips", change }] });
  // 62 to 64 is 2 of a least of 62; 1 to 4 is 3 of a least of 1; what crosses zero shows it.
  expect([cut(64, -2), cut(4, -3), cut(1, -2), cut(5, 0)]).toEqual([true, false, false, false]);
});

test("what choosing a scenario loses has its whole unit, beside the word or below it", () => {
  const measure = measureOf("YFLOP", [2e5]);
  const column = {
    title: "Effective FP4",
    chances: [1],
    isSame: false,
    regrets: [2e5],
    measure,
    lead: undefined,
  };
  const marks = [{ name: "a", colours: ["others"], isFirst: true }];
  for (const width of [HALF, FULL]) {
    const { body } = drawBest({ marks, columns: [column, column, column, column] }, width);
    expectSound(body);
    expect(body).toContain(width === FULL ? ">loses, thousand YFLOP<" : ">thousand YFLOP<");
    expect(body).not.toContain("\u2026");
  }
});

test("a path loses the points within a level stretch and no other", () => {
  const heights = [5, 5, 5, 4.5, 5, 5, 5, 9, 9.01, 9];
  expect(lineThrough(heights)).toBe("M0,5L2,5L3,4.5L4,5L6,5L7,9L9,9");
  // A level stretch ends at a gap, a lone point is closed so that a round cap shows it, and the way back of an area is a path too.
  expect(lineThrough([1, 1, 1, Number.NaN, 1, Number.NaN, 2, 3])).toBe("M0,1L2,1M4,1ZM6,2L7,3");
  const area = areaPath([0, 1, 2, 3], [7, 7, 7, 7], [1, 2, 2, 2]);
  expect(area).toBe("M0,1L1,2L3,2L3,7L0,7Z");
  expect(lineThrough([])).toBe("");
});

function lineThrough(heights: readonly number[]): string {
  return linePath(
    [...heights.keys()],
    placesOf(heights, (height) => height),
  );
}
