import { Opcode } from "../../engine/index.ts";
import {
  apply,
  asNumber,
  choose,
  compare,
  join,
  negate,
  numberTerm,
  operate,
  quotient,
  type Term,
} from "./terms.ts";

type Write = (x: Term, y: Term, z: Term) => Term;

const ONE = numberTerm(1);
const ZERO = numberTerm(0);

/** What each elementwise operation of a program is in cells; the others have no such formula. */
const WRITERS: ReadonlyMap<number, Write> = new Map<number, Write>([
  [Opcode.copy, (x) => x],
  [Opcode.negate, (x) => operate("subtract", [ZERO, asNumber(x)])],
  [Opcode.abs, (x) => apply("ABS", asNumber(x), true)],
  [Opcode.round, (x) => apply("INT", operate("add", [asNumber(x), numberTerm(0.5)]))],
  [Opcode.floor, (x) => apply("INT", asNumber(x))],
  [Opcode.sqrt, (x) => apply("SQRT", asNumber(x))],
  [Opcode.exp, (x) => apply("EXP", asNumber(x))],
  [Opcode.log, (x) => apply("LN", asNumber(x))],
  [Opcode.not, (x) => negate(x)],
  [Opcode.add, arithmetic("add")],
  [Opcode.subtract, arithmetic("subtract")],
  [Opcode.multiply, arithmetic("multiply")],
  [Opcode.divide, (x, y) => neutral("divide", x, y) ?? quotient(asNumber(x), asNumber(y))],
  [Opcode.ratio, arithmetic("divide")],
  [Opcode.power, arithmetic("power")],
  [Opcode.min, arithmetic("min")],
  [Opcode.max, arithmetic("max")],
  [Opcode.less, (x, y) => compare("<", x, y)],
  [Opcode.lessEqual, (x, y) => compare("<=", x, y)],
  [Opcode.greater, (x, y) => compare("<", y, x)],
  [Opcode.greaterEqual, (x, y) => compare("<=", y, x)],
  [Opcode.equal, (x, y) => compare("=", x, y)],
  [Opcode.notEqual, (x, y) => compare("<>", x, y)],
  [Opcode.and, (x, y) => join("AND", x, y)],
  [Opcode.or, (x, y) => join("OR", x, y)],
  [Opcode.select, (x, y, z) => choose(x, y, z)],
]);

function arithmetic(operator: Parameters<typeof operate>[0]): Write {
  return (x, y) => neutral(operator, x, y) ?? operate(operator, [asNumber(x), asNumber(y)]);
}

/** What is left of an operation with 0 or 1 that changes nothing. */
function neutral(operator: Parameters<typeof operate>[0], x: Term, y: Term): Term | undefined {
  const isNothing = ({ text }: Term) => text === "0";
  const isOne = ({ text, scale }: Term) => text === "1" && scale === 1;
  if ((operator === "add" || operator === "subtract") && isNothing(y)) return x;
  if (operator === "add" && isNothing(x)) return y;
  if ((operator === "multiply" || operator === "divide") && isOne(y)) return x;
  if (operator === "multiply" && isOne(x)) return y;
  return operator === "multiply" && (isNothing(x) || isNothing(y)) ? ZERO : undefined;
}

/** Whether an operation has a formula of cells. */
export function hasTerm(opcode: number): boolean {
  return WRITERS.has(opcode);
}

/** The formula of an elementwise operation. Fails: throws where it has none. */
export function operationTerm(opcode: number, [x = ONE, y = ONE, z = ONE]: readonly Term[]): Term {
  const write = WRITERS.get(opcode);
  if (!write) throw new Error(`operation ${opcode} has no formula of cells`);
  return write(x, y, z);
}
