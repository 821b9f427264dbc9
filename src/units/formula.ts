import { power } from "../numbers/plain.ts";
import { type UnitFactor, unitOfSymbol } from "./symbol.ts";
import { dimensionless, divideVectors, multiplyVectors, powerVector } from "./vector.ts";

/** The fault of a unit formula, and its place. */
export type FormulaFault = {
  readonly kind: "unknown-unit" | "ambiguous" | "syntax";
  /** The faulty word or sign. */
  readonly text: string;
  /** Index of the fault in the formula. */
  readonly at: number;
  /** A likely correction of the formula. */
  readonly meant?: string;
};

/** A parsed formula, or its fault. */
export type FormulaResult = { readonly factor: UnitFactor } | { readonly fault: FormulaFault };

/** The factor of a plain number. */
export const unitOne: UnitFactor = { si: 1, multiply: 1, divide: 1, vector: dimensionless };

/** No unit formula is nested deeper than this. */
const DEEPEST = 8;

/**
 * Parses a unit formula such as `USD/MWh`, `billion USD`, `USD/(kW month)`, `FLOP/s/chip` or `m^2`.
 *
 * Adjacent words multiply. After a division they need brackets: the two parsers of mathjs read `USD/kW month` differently
 * (per kW and month, or per kW times a month), so it is rejected.
 *
 * Fails: never; faults are returned as data.
 */
export function parseFormula(text: string): FormulaResult {
  const reader: Reader = { tokens: readTokens(text), next: 0, text };
  try {
    const factor = readProduct(reader, 0);
    const rest = reader.tokens[reader.next];
    if (rest) throw new Fault({ kind: "syntax", text: rest.text, at: rest.at });
    return { factor };
  } catch (fault) {
    if (fault instanceof Fault) return { fault: fault.data };
    throw fault;
  }
}

/** Carries a fault out of the recursive descent; it never leaves this file. */
class Fault extends Error {
  readonly data: FormulaFault;
  constructor(data: FormulaFault) {
    super(data.kind);
    this.data = data;
  }
}

type Token = { readonly text: string; readonly at: number };
type Reader = { readonly tokens: readonly Token[]; next: number; readonly text: string };

function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/[A-Za-z][A-Za-z0-9]*|\d+|[^\s]/gu))
    tokens.push({ text: match[0], at: match.index });
  return tokens;
}

/** product = power { [ "*" | "/" ] power } */
function readProduct(reader: Reader, depth: number): UnitFactor {
  // A rate may begin with its divisor: `2 /year`.
  let product = depth === 0 && reader.tokens[0]?.text === "/" ? unitOne : readPower(reader, depth);
  let lastDivisor: Token | undefined;
  for (
    let token = reader.tokens[reader.next];
    token && token.text !== ")";
    token = reader.tokens[reader.next]
  ) {
    const operator = token.text === "*" || token.text === "·" || token.text === "/" ? token.text : "";
    if (operator) reader.next++;
    else if (lastDivisor) throw ambiguous(reader, lastDivisor, token);
    const first = reader.tokens[reader.next];
    const factor = readPower(reader, depth);
    lastDivisor = operator === "/" ? first : undefined;
    product = operator === "/" ? divideFactors(product, factor) : multiplyFactors(product, factor);
  }
  return product;
}

/** Finds adjacent words after a divisor; suggests brackets around both. */
function ambiguous(reader: Reader, divisor: Token, word: Token): Fault {
  let end = reader.next;
  while (/^[A-Za-z]/.test(reader.tokens[end]?.text ?? "")) end++;
  const last = reader.tokens[end - 1];
  const stop = last ? last.at + last.text.length : reader.text.length;
  const { text } = reader;
  const meant = `${text.slice(0, divisor.at)}(${text.slice(divisor.at, stop)})${text.slice(stop)}`;
  return new Fault({
    kind: "ambiguous",
    text: text.slice(divisor.at, stop),
    at: divisor.at,
    ...(end > reader.next ? { meant } : { text: word.text }),
  });
}

/** power = ( word | "(" product ")" ) [ "^" [ "-" ] digit ] */
function readPower(reader: Reader, depth: number): UnitFactor {
  const token = reader.tokens[reader.next++];
  let factor: UnitFactor;
  if (token?.text === "(" && depth < DEEPEST) {
    factor = readProduct(reader, depth + 1);
    const close = reader.tokens[reader.next++];
    if (close?.text !== ")") throw new Fault({ kind: "syntax", text: token.text, at: token.at });
  } else if (token && /^[A-Za-z]/.test(token.text)) {
    const unit = unitOfSymbol(token.text);
    if (!unit) throw new Fault({ kind: "unknown-unit", text: token.text, at: token.at });
    factor = unit;
  } else {
    throw new Fault({ kind: "syntax", text: token?.text ?? "", at: token?.at ?? reader.text.length });
  }
  if (reader.tokens[reader.next]?.text !== "^") return factor;
  reader.next++;
  const isNegative = reader.tokens[reader.next]?.text === "-";
  if (isNegative) reader.next++;
  const exponent = reader.tokens[reader.next++];
  if (!exponent || !/^[1-9]$/.test(exponent.text))
    throw new Fault({ kind: "syntax", text: "^", at: token.at });
  return raiseFactor(factor, Number(exponent.text) * (isNegative ? -1 : 1));
}

function multiplyFactors(a: UnitFactor, b: UnitFactor): UnitFactor {
  return makeFactor(a.multiply * b.multiply, a.divide * b.divide, multiplyVectors(a.vector, b.vector));
}

function divideFactors(a: UnitFactor, b: UnitFactor): UnitFactor {
  return makeFactor(a.multiply * b.divide, a.divide * b.multiply, divideVectors(a.vector, b.vector));
}

function raiseFactor(a: UnitFactor, exponent: number): UnitFactor {
  const [multiply, divide] = exponent > 0 ? [a.multiply, a.divide] : [a.divide, a.multiply];
  return makeFactor(
    power(multiply, Math.abs(exponent)),
    power(divide, Math.abs(exponent)),
    powerVector(a.vector, exponent),
  );
}

function makeFactor(multiply: number, divide: number, vector: UnitFactor["vector"]): UnitFactor {
  // Cancels common factors, so that per-second and per-hour factors stay small integers.
  const common = Number.isInteger(multiply) && Number.isInteger(divide) ? commonDivisor(multiply, divide) : 1;
  const [top, bottom] = [multiply / common, divide / common];
  return { si: top / bottom, multiply: top, divide: bottom, vector };
}

function commonDivisor(a: number, b: number): number {
  if (Math.max(a, b) > Number.MAX_SAFE_INTEGER) return 1;
  let [large, small] = [a, b];
  while (small > 0) [large, small] = [small, large % small];
  return Math.max(large, 1);
}
