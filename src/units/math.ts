import {
  create,
  createAccessorNode,
  createArrayNode,
  createAssignmentNode,
  createBigNumberClass,
  createBlockNode,
  createComplexClass,
  createConditionalNode,
  createConstantNode,
  createFractionClass,
  createFunctionAssignmentNode,
  createFunctionNode,
  createIndexNode,
  createNode,
  createObjectNode,
  createOperatorNode,
  createParenthesisNode,
  createParse,
  createRangeNode,
  createRelationalNode,
  createSymbolNode,
  createTyped,
  createUnitClass,
  type FactoryFunctionMap,
  factory,
  type MathNode,
  type UnitStatic,
} from "mathjs";
import { InternalError } from "../diagnostics/diagnostic.ts";

/** A part of mathjs that `create` puts together with others; how is its own affair. */
type Factory = FactoryFunctionMap[string];

// mathjs exports its single factories but leaves them out of its types.
declare module "mathjs" {
  const createAccessorNode: Factory;
  const createArrayNode: Factory;
  const createAssignmentNode: Factory;
  const createBigNumberClass: Factory;
  const createBlockNode: Factory;
  const createComplexClass: Factory;
  const createConditionalNode: Factory;
  const createConstantNode: Factory;
  const createFractionClass: Factory;
  const createFunctionAssignmentNode: Factory;
  const createFunctionNode: Factory;
  const createIndexNode: Factory;
  const createNode: Factory;
  const createObjectNode: Factory;
  const createOperatorNode: Factory;
  const createParenthesisNode: Factory;
  const createParse: Factory;
  const createRangeNode: Factory;
  const createRelationalNode: Factory;
  const createSymbolNode: Factory;
  const createTyped: Factory;
  const createUnitClass: Factory;
}

/** What the program uses of mathjs: its units with ours among them, and its parser. Nothing here evaluates text. */
export type UnitMath = {
  /** The table of units; units belong to an instance, so there is only this one. */
  readonly Unit: UnitStatic;
  /** Parses an expression to a tree. Throws a SyntaxError; the tree cannot be evaluated. */
  readonly parse: (text: string) => MathNode;
};

/**
 * The reduced mathjs of the program, made of single factories.
 *
 * mathjs's own sets (`unitDependencies`, `parseDependencies`) bring matrices along and cost 50 and 100 ms, because
 * evaluation could need them. Here the functions that only evaluation uses are plain ones over numbers, or throw,
 * which leaves 6 and 4 ms and no way to evaluate. The parser is made when it is first used.
 */
export const math: UnitMath = {
  Unit: makeUnits(),
  parse: (text) => {
    parser ??= makeParser();
    return parser(text);
  },
};

let parser: UnitMath["parse"] | undefined;

/** How one of our units is made in mathjs. */
type UnitDefinition = {
  readonly names: readonly string[];
  /** A text over known units; a base dimension of its own if absent. */
  readonly definition?: string;
  /** `short` allows k, M, G, T, P, E, Z, Y before the name. */
  readonly prefixes?: "short";
};

/**
 * Units that mathjs does not have: money, chips, work, tokens and demand as base dimensions, and magnitudes as words.
 *
 * Money takes words, not prefixes, since `GUSD` is read by nobody. Months and years stay as mathjs has them:
 * 1 year = 8,766 h = 12 months exactly; replacing one of them would leave the other alone.
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
  ];
}

function makeUnits(): UnitStatic {
  const numberFunctions = {
    addScalar: (a: number, b: number) => a + b,
    subtractScalar: (a: number, b: number) => a - b,
    multiplyScalar: (a: number, b: number) => a * b,
    divideScalar: (a: number, b: number) => a / b,
    pow: (a: number, b: number) => a ** b,
    equal: (a: number, b: number) => a === b,
    isNumeric: (a: unknown) => typeof a === "number",
    abs: Math.abs,
    fix: Math.trunc,
    round: Math.round,
    format: String,
    number: Number,
  };
  const classes = { createUnitClass, createComplexClass, createFractionClass, createBigNumberClass };
  const { Unit } = create({ ...classes, ...makeFactories(numberFunctions) }) as unknown as {
    Unit: UnitStatic;
  };
  for (const { names, definition, prefixes = "none" } of listUnits()) {
    // mathjs takes a new name silently even where a prefix and a unit already spell it.
    const taken = names.find((name) => Unit.isValuelessUnit(name));
    if (taken) throw new InternalError(`mathjs already knows the unit ${taken}`);
    const [name = "", ...aliases] = names;
    // An undefined definition makes createUnitSingle throw, so the key is left out.
    Unit.createUnitSingle(name, { aliases, prefixes, ...(definition === undefined ? {} : { definition }) });
  }
  return Unit;
}

function makeParser(): UnitMath["parse"] {
  const refuse = (): never => {
    throw new InternalError("expressions are parsed by mathjs, never evaluated");
  };
  const standIns = {
    numeric: (text: string) => Number(text),
    isBounded: Number.isFinite,
    subset: refuse,
    size: refuse,
    ResultSet: refuse,
  };
  const instance = create({
    createTyped,
    createNode,
    createAccessorNode,
    createArrayNode,
    createAssignmentNode,
    createBlockNode,
    createConditionalNode,
    createConstantNode,
    createFunctionAssignmentNode,
    createFunctionNode,
    createIndexNode,
    createObjectNode,
    createOperatorNode,
    createParenthesisNode,
    createRangeNode,
    createRelationalNode,
    createSymbolNode,
    createParse,
    ...makeFactories(standIns),
  });
  return (text) => instance.parse(text);
}

/** Gives functions to mathjs under the names by which its parts ask for them. */
function makeFactories(functions: Readonly<Record<string, unknown>>): Record<string, Factory> {
  return Object.fromEntries(
    Object.entries(functions).map(([name, made]) => [name, factory(name, [], () => made)]),
  );
}
