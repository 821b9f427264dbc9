import { createUnitClass, type UnitStatic } from "mathjs";
import { InternalError } from "../diagnostics/diagnostic.ts";
import { power } from "../numbers/plain.ts";
import { CURRENCIES } from "./currencies.ts";
import type { UnitRow, UnitTable } from "./unit-table.ts";

// mathjs exports its single factories but omits them from its types.
declare module "mathjs" {
  const createUnitClass: (parts: Readonly<Record<string, unknown>>) => unknown;
}

/** The dimensions that mathjs knows, and the symbol of the SI base unit of each. */
const SYMBOL_OF_BASE: ReadonlyMap<string, string> = new Map([
  ["MASS", "kg"],
  ["LENGTH", "m"],
  ["TIME", "s"],
  ["CURRENT", "A"],
  ["TEMPERATURE", "K"],
  ["LUMINOUS_INTENSITY", "cd"],
  ["AMOUNT_OF_SUBSTANCE", "mol"],
  ["ANGLE", "rad"],
  ["BIT", "bit"],
]);

/** The fields of a unit of mathjs that the table has; its own types leave them out. */
type MathUnit = {
  readonly value: unknown;
  readonly offset: number;
  readonly dimensions: readonly number[];
  readonly prefixes: Readonly<Record<string, { readonly value: number }>>;
};

/**
 * The units of mathjs and ours as plain data, from which the program reads them: making the class takes longer than reading
 * most scenarios. `.config/units.mjs` writes it to unit-table.ts, and a test compares the two.
 */
export function makeUnitTable(): UnitTable {
  const Unit = makeUnits();
  const { UNITS, PREFIXES } = Unit as unknown as {
    readonly UNITS: Readonly<Record<string, MathUnit>>;
    readonly PREFIXES: Readonly<Record<string, MathUnit["prefixes"]>>;
  };
  const rows = new Map<string, { readonly row: UnitRow; readonly names: string[] }>();
  for (const [name, { value, offset, dimensions, prefixes }] of Object.entries(UNITS)) {
    const list = Object.keys(PREFIXES).find((one) => PREFIXES[one] === prefixes);
    if (list === undefined) throw new InternalError(`mathjs has no list of the prefixes of ${name}`);
    const powers = [...dimensions];
    while (powers.at(-1) === 0) powers.pop();
    const row: UnitRow = [list, typeof value === "number" && offset === 0 ? value : null, powers];
    const key = JSON.stringify(row);
    const known = rows.get(key) ?? { row, names: [] };
    rows.set(key, known);
    known.names.push(name);
  }
  const used = new Set([...rows.values()].map(({ row }) => row[0]));
  return {
    bases: Unit.BASE_DIMENSIONS.map((name) => SYMBOL_OF_BASE.get(name) ?? name.replace(/_STUFF$/, "")),
    prefixes: Object.fromEntries(
      [...used].map((list) => [
        list,
        Object.fromEntries(Object.entries(PREFIXES[list]).map(([prefix, { value }]) => [prefix, value])),
      ]),
    ),
    units: [...rows.values()].map(({ row, names }) => [names.join(" "), ...row]),
  };
}

/** The definition of one of our units in mathjs. */
type UnitDefinition = {
  readonly names: readonly string[];
  /** A text in terms of known units; a new base dimension if absent. */
  readonly definition?: string;
  /** `short` allows k, M, G, T, P, E, Z, Y before the name. */
  readonly prefixes?: "short";
};

/**
 * Units that mathjs lacks: money, chips, work, tokens and demand as base dimensions, and magnitudes as words.
 *
 * Money takes magnitude words, not prefixes, because `GUSD` is not in use. Months and years are mathjs's own: 1 year =
 * 8,766 h = 12 months exactly; redefining one would not change the other.
 */
function listUnits(): readonly UnitDefinition[] {
  return [
    { names: ["USD"] },
    { names: ["chip", "chips"] },
    { names: ["FLOP"], prefixes: "short" },
    { names: ["FLOPS"], definition: "1 FLOP/s", prefixes: "short" },
    { names: ["token", "tokens"] },
    { names: ["session", "sessions"] },
    { names: ["request", "requests"] },
    { names: ["thousand"], definition: "1e3" },
    { names: ["million"], definition: "1e6" },
    { names: ["billion"], definition: "1e9" },
    { names: ["trillion"], definition: "1e12" },
    ...CURRENCIES.map((name) => ({ names: [name] })),
  ];
}

/**
 * The unit class of mathjs together with our units, made of single parts: mathjs's own set (`unitDependencies`) includes matrices,
 * and costs 50 ms.
 */
export function makeUnits(): UnitStatic {
  const numberFunctions = {
    addScalar: (a: number, b: number) => a + b,
    subtractScalar: (a: number, b: number) => a - b,
    multiplyScalar: (a: number, b: number) => a * b,
    divideScalar: (a: number, b: number) => a / b,
    pow: power,
    equal: (a: number, b: number) => a === b,
    isNumeric: (a: unknown) => typeof a === "number",
    abs: Math.abs,
    fix: Math.trunc,
    round: Math.round,
    format: String,
    number: Number,
  };
  // A few units have values of these kinds, and are never converted here: the stand-in only has to differ from a number.
  class OtherNumber {}
  const others = { BigNumber: OtherNumber, Fraction: OtherNumber, Complex: { I: new OtherNumber() } };
  const Unit = createUnitClass({ config: { number: "number" }, ...numberFunctions, ...others }) as UnitStatic;
  for (const { names, definition, prefixes = "none" } of listUnits()) {
    // mathjs silently accepts a new name that a prefix and a unit already spell.
    const taken = names.find((name) => Unit.isValuelessUnit(name));
    if (taken) throw new InternalError(`mathjs already knows the unit ${taken}`);
    const [name = "", ...aliases] = names;
    // createUnitSingle throws if the definition is undefined, so the key is omitted.
    Unit.createUnitSingle(name, { aliases, prefixes, ...(definition === undefined ? {} : { definition }) });
  }
  return Unit;
}
