import type { Operator } from "../../metrics/formula.ts";
import { ENDLESS } from "../cells.ts";

/** Precedence of an expression: one of a lower precedence than its surroundings stands in brackets. */
export const Precedence = { comparison: 0, sum: 1, product: 2, power: 3, atom: 4 } as const;
export type Precedence = (typeof Precedence)[keyof typeof Precedence];

/** An expression of cells; its value times `scale` is canonical. A plain 0 fits any scale. */
export type Term = {
  readonly text: string;
  readonly precedence: Precedence;
  readonly scale: number;
  /** For a rate, which is empty where its divisor is 0: the divisor, and the quotient elsewhere. An empty cell cannot be scaled. */
  readonly rate?: { readonly divisor: string; readonly quotient: Term };
  /** Whether it is true or false, rather than a number. */
  readonly isTruth?: true;
};

/** What stands without brackets anywhere: a cell, a number, a function. */
export function atom(text: string, scale = 1): Term {
  return { text, precedence: Precedence.atom, scale };
}

/** A number, as it is. */
export function numberTerm(value: number): Term {
  // Cells hold neither NaN nor infinity: NaN is an empty text, and infinity a number that no amount of money comes near.
  if (Number.isNaN(value)) return atom('""');
  if (!Number.isFinite(value)) return atom(value < 0 ? `(-${ENDLESS})` : ENDLESS);
  return atom(value < 0 ? `(${numberText(value)})` : numberText(value));
}

function numberText(value: number): string {
  // 1/12 has no short decimals; its reciprocal does.
  const inverse = Math.round(1 / value);
  if (value !== 0 && Math.abs(value) < 1 && 1 / inverse === value) return `(1/${inverse})`;
  return String(value).replace("e+", "E").replace("e", "E");
}

/** The same expression in another scale. */
export function scaled(term: Term, scale: number): Term {
  if (term.scale === scale) return term;
  if (isZero(term)) return { ...term, scale };
  if (term.rate) return rateTerm(term.rate.divisor, scaled(term.rate.quotient, scale));
  const factor = Number((term.scale / scale).toPrecision(15));
  if (factor === 1) return { ...term, scale };
  const inverse = Number((scale / term.scale).toPrecision(15));
  const body = inBrackets(term, Precedence.product);
  const text =
    factor < 1 && Number.isInteger(inverse) ? `${body}/${inverse}` : `${body}*${numberText(factor)}`;
  return { text, precedence: Precedence.product, scale };
}

/** A rate, empty where its divisor is 0. */
function rateTerm(divisor: string, quotient: Term): Term {
  const text = `IF(${divisor}=0,"",${quotient.text})`;
  return { ...atom(text, quotient.scale), rate: { divisor, quotient } };
}

function isZero({ text }: Term): boolean {
  return text === "0";
}

function inBrackets({ text, precedence }: Term, least: Precedence): string {
  return precedence < least ? `(${text})` : text;
}

/** What an operation of formulas makes of its operands. */
export function operate(operator: Operator, operands: readonly Term[]): Term {
  // What is made from a rate is empty where the rate is.
  const [rate] = operands.flatMap(({ rate: own }) => own ?? []);
  if (rate) {
    const plain = operands.map((operand) => (operand.rate === rate ? rate.quotient : operand));
    return rateTerm(rate.divisor, operate(operator, plain));
  }
  const [first, ...others] = operands;
  switch (operator) {
    case "multiply":
      return {
        text: operands.map((operand) => inBrackets(operand, Precedence.product)).join("*"),
        precedence: Precedence.product,
        scale: operands.reduce((product, { scale }) => product * scale, 1),
      };
    case "divide":
    case "per":
      return others.reduce((dividend, divisor) => {
        // Formulas ask so whether something is there; what it is by itself stands behind a test for 0 below.
        const isItself = dividend.text === divisor.text && dividend.scale === divisor.scale;
        const plain = isItself ? numberTerm(1) : quotient(dividend, divisor);
        if (/^\d+(\.\d+)?$/.test(divisor.text) && !isZero(divisor)) return plain;
        if (operator === "per") return rateTerm(divisor.text, plain);
        return atom(`IF(${divisor.text}=0,0,${plain.text})`, plain.scale);
      }, first);
    case "power": {
      const [base, exponent] = operands.map((operand) => scaled(operand, 1));
      return {
        text: `${inBrackets(base, Precedence.atom)}^${inBrackets(exponent, Precedence.atom)}`,
        precedence: Precedence.power,
        scale: 1,
      };
    }
    default: {
      const scale = operands.find((operand) => !isZero(operand))?.scale ?? 1;
      const same = operands.map((operand) => scaled(operand, scale));
      if (operator === "min" || operator === "max")
        return atom(`${operator.toUpperCase()}(${same.map(({ text }) => text).join(",")})`, scale);
      const [head, ...tail] = same;
      const text =
        operator === "add"
          ? same.map((one) => one.text).join("+")
          : [head.text, ...tail.map((one) => inBrackets(one, Precedence.product))].join("-");
      return { text, precedence: Precedence.sum, scale };
    }
  }
}

/** The plain quotient, for divisors that are not 0. */
export function quotient(dividend: Term, divisor: Term): Term {
  const text = `${inBrackets(dividend, Precedence.product)}/${inBrackets(divisor, Precedence.power)}`;
  return { text, precedence: Precedence.product, scale: dividend.scale / divisor.scale };
}

/** A comparison of two numbers. */
export function compare(sign: "<" | "<=" | "=" | "<>", one: Term, other: Term): Term {
  const [x, y] = alike([one, other]);
  return truth(`${inBrackets(x, Precedence.sum)}${sign}${inBrackets(y, Precedence.sum)}`);
}

/** Whether both, or either of two conditions hold. */
export function join(word: "AND" | "OR", one: Term, other: Term): Term {
  return truth(`${word}(${asTruth(one).text},${asTruth(other).text})`);
}

/** Whether a condition does not hold. */
export function negate(term: Term): Term {
  return truth(`NOT(${asTruth(term).text})`);
}

/** One of two numbers by a condition. */
export function choose(test: Term, one: Term, other: Term): Term {
  const [x, y] = alike([asNumber(one), asNumber(other)]);
  return atom(`IF(${asTruth(test).text},${x.text},${y.text})`, isZero(x) ? y.scale : x.scale);
}

/** A function of one number, in its own unit: `ABS`, or in canonical units where the unit matters. */
export function apply(name: string, term: Term, isScaled = false): Term {
  const own = isScaled ? term : scaled(term, 1);
  return atom(`${name}(${own.text})`, own.scale);
}

/** A condition as 1 or 0, as formulas count it. */
export function asNumber(term: Term): Term {
  return term.isTruth ? atom(`IF(${term.text},1,0)`) : term;
}

function asTruth(term: Term): Term {
  return term.isTruth ? term : truth(`${inBrackets(term, Precedence.sum)}<>0`);
}

function truth(text: string): Term {
  return { ...atom(text), precedence: Precedence.comparison, isTruth: true };
}

/** Terms in the scale of the first that is not 0. */
function alike(terms: readonly Term[]): readonly Term[] {
  const scale = terms.find((term) => !isZero(term))?.scale ?? 1;
  return terms.map((term) => scaled(asNumber(term), scale));
}
