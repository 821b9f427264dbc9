import type { StockLayout, StockPart, StockReplacement, StockSite } from "./stock.ts";

/** Inputs of a part that are registers, in the order of the operands. */
const PART_INPUTS = ["due", "power", "life", "survival", "hazard", "available"] as const;
const PART_OUTPUTS = [
  "landed",
  "energisedNew",
  "cumulative",
  "energised",
  "stranded",
  "curtailed",
  "retired",
  "failed",
  "replaced",
  "held",
  "successors",
  "unfunded",
] as const;

/** Outputs that the kernel itself does not read, so that it may leave them out. */
export const OPTIONAL_STOCK_OUTPUTS: readonly (typeof PART_OUTPUTS)[number][] = [
  "energisedNew",
  "retired",
  "failed",
  "replaced",
];

/** Number of slabs the stock kernel makes for one part, in the order of `StockPartOutput`. */
export const STOCK_OUTPUTS = PART_OUTPUTS;
/** A slab that the stock kernel makes for a part. */
export type StockPartOutput = (typeof PART_OUTPUTS)[number];

/** What the compiler says of one part; registers, but for the flag of spares. */
export type StockPartRegisters = Readonly<Record<(typeof PART_INPUTS)[number] | StockPartOutput, number>> & {
  readonly spares: boolean;
  readonly wait: number | undefined;
  /** Feedback register that lets deliveries land, and whether they may in the window's first month. */
  readonly gate: { readonly register: number; readonly atFirst: number } | undefined;
};

/**
 * The operands of the stock instruction: counts, then parts, sites and replacements one after another.
 * Registers of the parts' outputs are those of `StockPartOutput`. `readStockLayout` is the inverse.
 */
export function writeStockOperands(
  parts: readonly StockPartRegisters[],
  sites: readonly StockSite[],
  replacements: readonly StockReplacement[],
): readonly number[] {
  const operands = [parts.length, sites.length, replacements.length];
  for (const part of parts) {
    for (const name of PART_INPUTS) operands.push(part[name]);
    operands.push(part.spares ? 1 : 0, part.wait ?? -1, part.gate?.register ?? -1, part.gate?.atFirst ?? -1);
    for (const name of PART_OUTPUTS) operands.push(part[name]);
  }
  for (const site of sites) {
    operands.push(site.limit, site.parts.length, ...site.parts, site.rankEnds.length, ...site.rankEnds);
  }
  for (const { from, to, ratio, lead } of replacements) operands.push(from, to, ratio, lead);
  return operands;
}

/** Reads the operands of a stock instruction, with every register as its offset in memory, and where they end. */
export function readStockLayout(
  program: Int32Array,
  start: number,
  offsets: Int32Array,
): { readonly layout: StockLayout; readonly end: number } {
  let at = start;
  const next = () => program[at++];
  const offset = () => offsets[next()];
  const [partCount, siteCount, replacementCount] = [next(), next(), next()];
  const parts: StockPart[] = [];
  for (let part = 0; part < partCount; part++) {
    const inputs = Object.fromEntries(PART_INPUTS.map((name) => [name, offset()]));
    const spares = next();
    const wait = next();
    const gate = next();
    const gateAtFirst = next();
    const outputs = Object.fromEntries(PART_OUTPUTS.map((name) => [name, offset()]));
    const optional = (register: number) => (register < 0 ? -1 : offsets[register]);
    parts.push({
      ...inputs,
      ...outputs,
      spares,
      wait: optional(wait),
      gate: optional(gate),
      gateAtFirst: optional(gateAtFirst),
    } as StockPart);
  }
  const sites: StockSite[] = [];
  for (let site = 0; site < siteCount; site++) {
    const limit = offset();
    const siteParts = Array.from({ length: next() }, next);
    const rankEnds = Array.from({ length: next() }, next);
    sites.push({ limit, parts: siteParts, rankEnds });
  }
  const replacements: StockReplacement[] = [];
  for (let index = 0; index < replacementCount; index++) {
    replacements.push({ from: next(), to: next(), ratio: offset(), lead: offset() });
  }
  return { layout: { parts, shortestLives: new Float64Array(partCount), sites, replacements }, end: at };
}
