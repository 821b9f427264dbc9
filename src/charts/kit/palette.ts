/** Colours of pictures: one palette by chip, category and limit, in light and in dark, as classes of CSS. */
import { power } from "../../numbers/plain.ts";

export type Mode = "light" | "dark";
type Pair = readonly [light: string, dark: string];

/** Colours of the page that pictures share. */
export const PAPER: Readonly<Record<Mode, Readonly<Record<string, string>>>> = {
  light: {
    paper: "#fbfaf7",
    card: "#ffffff",
    ink: "#1c1f24",
    soft: "#5b626c",
    rule: "#dddad2",
    grid: "#eceae4",
    accent: "#17527f",
  },
  dark: {
    paper: "#14171b",
    card: "#1a1e23",
    ink: "#e9e7e2",
    soft: "#a3aab4",
    rule: "#343a42",
    grid: "#272c33",
    accent: "#7db9df",
  },
};

/** A shade of a vendor, and the first month in which a chip of it comes to market. */
type Shade = readonly [from: string, ...Pair];

/** Hue is the vendor, darkness the generation; blue and orange stay apart for every kind of colour vision. */
const CHIP_RAMPS: Readonly<Record<string, readonly Shade[]>> = {
  nvidia: [
    ["", "#c9e2f1", "#d9ebf8"],
    ["2024-01", "#9ecae6", "#b4dcf2"],
    ["2024-10", "#4d98c6", "#64a9d4"],
    ["2025-07", "#17527f", "#2f6f9f"],
    ["2026-07", "#0b2c48", "#1f4a6d"],
  ],
  aws: [
    ["", "#f9e0b4", "#f8e2ba"],
    ["2025-06", "#f3bc6c", "#f1c07a"],
    ["2027-01", "#bd5510", "#d4702b"],
    ["2029-01", "#7c3409", "#99480f"],
  ],
  google: [
    ["", "#b9b3e8", "#c4bdf5"],
    ["2025-01", "#8279d6", "#8f84ea"],
    ["2027-01", "#463d96", "#6257c0"],
  ],
  amd: [
    ["", "#c98a76", "#d69a87"],
    ["2025-01", "#6e2a17", "#97422f"],
    ["2026-09", "#42150a", "#6d2a1b"],
  ],
  other: [
    ["", "#8fa08c", "#9db09a"],
    ["2025-01", "#5f7a5b", "#728f6d"],
    ["2027-01", "#38523f", "#4c6c55"],
  ],
};

const colours: Readonly<Record<string, Pair>> = {
  ...Object.fromEntries(
    Object.entries(CHIP_RAMPS).flatMap(([vendor, ramp]) =>
      ramp.map(([, ...pair], step) => [`chip-${vendor}-${step}`, pair] as const),
    ),
  ),
  others: ["#6b6b6e", "#6a6a6c"],
  // Categories of cost: no blue of NVIDIA's, no orange of AWS's.
  "cost-chips": ["#3f3560", "#7f86cf"],
  "cost-network": ["#b5b3e2", "#cfcff0"],
  "cost-halls": ["#3f7f55", "#4a9a68"],
  "cost-energy": ["#d1b040", "#e3cb62"],
  "cost-upkeep": ["#a8648f", "#b9609f"],
  "cost-lease": ["#ddd3c5", "#5d5a53"],
  "cost-leased-chips": ["#2a7a80", "#3f9aa2"],
  "cost-rented-chips": ["#8fc6c4", "#a9dcd9"],
  "limit-bandwidth": ["#7069b4", "#7b76d2"],
  "limit-compute": ["#3fb5ab", "#4fbfb4"],
  "limit-chips": ["#a58a63", "#cbb083"],
  "limit-power": ["#a3282f", "#d23c50"],
  "limit-memory": ["#353f4d", "#525c68"],
  "limit-money": ["#8a3f78", "#b0529b"],
  "limit-latency": ["#a3d474", "#b9ea9a"],
  "limit-fit": ["#e6dfd3", "#f0ece5"],
  "limit-contiguous": ["#f5bfa8", "#80502f"],
  // Roles. Medians are ink, never a chip's colour; alarm marks only unserved, stranded, shortfall and loss.
  main: ["#3b4350", "#aab3c0"],
  middle: ["#1c1f24", "#f2f0eb"],
  band: ["#d3d8df", "#3a424d"],
  inner: ["#aab3bf", "#566170"],
  alarm: ["#c0392b", "#e8695c"],
  served: ["#6fa387", "#6fae8d"],
};

/** Names of all colours. */
export const COLOURS: readonly string[] = Object.keys(colours);

/** The colour of a limit: its own where the palette has one. */
export function limitColour(limit: string): string {
  return `limit-${limit}` in colours ? `limit-${limit}` : "others";
}

/** A chip with what its colour follows from; `since` is the month `YYYY-MM` in which it comes to market, empty where nobody says. */
export type ColouredChip = { readonly name: string; readonly vendor: string; readonly since: string };

/**
 * Gives chips their colours: a hue by vendor, a shade by the month in which the chip comes to market, so that a chip has the same
 * colour in every report.
 *
 * @param chips those to be shown; of two with one shade the later takes the nearest that is free, and what finds none is grey
 */
export function colourChips(chips: readonly ColouredChip[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const taken = new Set<string>();
  const ordered = [...chips].sort((a, b) => (a.since + a.name < b.since + b.name ? -1 : 1));
  for (const { name, vendor, since } of ordered) {
    const ramp = rampOf(vendor);
    const shades = CHIP_RAMPS[ramp];
    const wanted = shades.filter(([from]) => from <= since).length - 1;
    const step = nearestFree(wanted, (one) => taken.has(`chip-${ramp}-${one}`), shades.length);
    const colour = step === undefined ? "others" : `chip-${ramp}-${step}`;
    taken.add(colour);
    found.set(name, colour);
  }
  return found;
}

function rampOf(vendor: string): string {
  const name = vendor.toLowerCase().split(/\W/)[0] ?? "";
  return Object.hasOwn(CHIP_RAMPS, name) ? name : name === "amazon" ? "aws" : "other";
}

function nearestFree(wanted: number, isTaken: (step: number) => boolean, steps: number): number | undefined {
  const free = Array.from({ length: steps }, (_, step) => step).filter((step) => !isTaken(step));
  return free.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted) || b - a)[0];
}

/** Contrast that text needs (WCAG 2, AA). */
const TEXT_CONTRAST = 4.5;

/** Contrast of two colours, 1 to 21 (WCAG 2). */
export function contrastOf(a: string, b: string): number {
  const [one, other] = [luminance(a), luminance(b)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** Paper, ink and fills are each compared with several colours, and a luminance takes three powers. */
const knownLuminances = new Map<string, number>();

function luminance(colour: string): number {
  const known = knownLuminances.get(colour);
  if (known !== undefined) return known;
  const [red, green, blue] = channelsOf(colour).map((channel) =>
    channel <= 0.04045 ? channel / 12.92 : power((channel + 0.055) / 1.055, 2.4),
  );
  const sum = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  knownLuminances.set(colour, sum);
  return sum;
}

function channelsOf(colour: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
}

/** Steps from a colour to the ink. */
const MIX_STEPS = 20;

/** The colour of a label beside its mark: the mark's own, moved towards the ink until it can be read on paper. */
export function labelColour(name: string, mode: Mode): string {
  const fill = fillOf(name, mode);
  const { paper, ink } = PAPER[mode];
  const isRead = (colour: string) => contrastOf(colour, paper) >= TEXT_CONTRAST + 0.1;
  if (isRead(fill)) return fill;
  // The nearer to the ink, the better it is read: steps are halved until the first that is.
  let [low, high] = [0, MIX_STEPS];
  while (high - low > 1) {
    const step = Math.floor((low + high) / 2);
    if (isRead(mix(fill, ink, step / MIX_STEPS))) high = step;
    else low = step;
  }
  return mix(fill, ink, high / MIX_STEPS);
}

/** The colour of a text on a fill. */
export function onColour(name: string, mode: Mode): string {
  const fill = fillOf(name, mode);
  return contrastOf("#14171b", fill) >= contrastOf("#ffffff", fill) ? "#14171b" : "#ffffff";
}

/** The fill of a colour in a mode. */
export function fillOf(name: string, mode: Mode): string {
  return colours[name][mode === "light" ? 0 : 1];
}

function mix(from: string, to: string, share: number): string {
  const [a, b] = [channelsOf(from), channelsOf(to)];
  const hex = a.map((channel, index) => {
    const value = Math.round((channel + (b[index] - channel) * share) * 255);
    return value.toString(16).padStart(2, "0");
  });
  return `#${hex.join("")}`;
}

const FONT = '"Helvetica Neue",Helvetica,Arial,"Liberation Sans",sans-serif';

/** Rules that do not depend on light or dark. */
export const PICTURE_RULES = `svg.gf text{font-family:${FONT};font-size:12px;font-variant-numeric:tabular-nums}svg.gf .sm{font-size:11px}svg.gf .b{font-weight:700}svg.gf .ttl{font-size:16px;font-weight:700}svg.gf .halo{stroke-width:3px;paint-order:stroke;stroke-linejoin:round}svg.gf .no{fill:none}`;

/** The classes that some drawings use. */
export function classesIn(drawings: string): ReadonlySet<string> {
  const lists = new Set<string>();
  const start = 'class="';
  for (let at = drawings.indexOf(start); at >= 0; at = drawings.indexOf(start, at)) {
    at += start.length;
    lists.add(drawings.slice(at, drawings.indexOf('"', at)));
  }
  return new Set([...lists].flatMap((list) => list.split(" ")));
}

/**
 * Rules for the classes of drawings: f- fill, s- stroke, t- a label beside a mark, o- a text on it. Colours that no drawing uses
 * are left out, so that a page carries none that it does not show.
 */
export function colourRules(mode: Mode, used: ReadonlySet<string>): string {
  const { ink, soft, rule, grid, paper } = PAPER[mode];
  const base = `.ink{fill:${ink}}.soft{fill:${soft}}.s-ink{stroke:${ink}}.s-soft{stroke:${soft}}.s-rule{stroke:${rule}}.s-grid{stroke:${grid}}.f-paper{fill:${paper}}.s-paper{stroke:${paper}}.halo{stroke:${paper}}.f-grid{fill:${grid}}`;
  const rules = COLOURS.flatMap((name) => [
    ...(used.has(`f-${name}`) ? [`.f-${name}{fill:${fillOf(name, mode)}}`] : []),
    ...(used.has(`s-${name}`) ? [`.s-${name}{stroke:${fillOf(name, mode)}}`] : []),
    ...(used.has(`t-${name}`) ? [`.t-${name}{fill:${labelColour(name, mode)}}`] : []),
    ...(used.has(`o-${name}`) ? [`.o-${name}{fill:${onColour(name, mode)}}`] : []),
  ]);
  return base + rules.join("");
}
