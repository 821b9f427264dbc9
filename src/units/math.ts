import {
  createAccessorNode,
  createArrayNode,
  createAssignmentNode,
  createBlockNode,
  createConditionalNode,
  createConstantNode,
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
  createUnitClass,
  type MathNode,
  type UnitStatic,
} from "mathjs";
import { InternalError } from "../diagnostics/diagnostic.ts";
import { power } from "../numbers/plain.ts";
import { CURRENCIES } from "./currencies.ts";

/** Makes a part of mathjs from those that it asks for by name. */
type Factory = (parts: Readonly<Record<string, unknown>>) => unknown;

// mathjs exports its single factories but omits them from its types.
declare module "mathjs" {
  const createAccessorNode: Factory;
  const createArrayNode: Factory;
  const createAssignmentNode: Factory;
  const createBlockNode: Factory;
  const createConditionalNode: Factory;
  const createConstantNode: Factory;
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
  const createUnitClass: Factory;
}

/** The parts of mathjs that the program uses: its units together with ours, and its parser. Nothing here evaluates text. */
export type UnitMath = {
  /** The unit class; units belong to an instance of mathjs, so there is only this one. */
  readonly Unit: UnitStatic;
  /** Parses an expression to a tree. Throws a SyntaxError; the tree cannot be evaluated. */
  readonly parse: (text: string) => MathNode;
};

/** How mathjs shall read a number. */
const NUMBERS = { number: "number" } as const;

/**
 * A reduced mathjs, made of single parts.
 *
 * mathjs's own sets (`unitDependencies`, `parseDependencies`) include matrices, which only evaluation needs, and cost 50
 * and 100 ms; `create`, which combines parts, brings its dispatch by type along. Here the functions needed for evaluation are plain
 * number functions or throw, which reduces this to 6 and 4 ms and makes evaluation impossible. The parser is made on first use.
 */
export const math: UnitMath = {
  Unit: makeUnits(),
  parse: (text) => {
    parser ??= makeParser();
    return parser(text);
  },
};

let parser: UnitMath["parse"] | undefined;

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

function makeUnits(): UnitStatic {
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
  const Unit = createUnitClass({ config: NUMBERS, ...numberFunctions, ...others }) as UnitStatic;
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

function makeParser(): UnitMath["parse"] {
  const refuse = (): never => {
    throw new InternalError("expressions are parsed by mathjs, never evaluated");
  };
  /** Takes the parser's signature for a text; the others are not used here. */
  const typed = Object.assign(
    (_name: string, { string: parseText }: { readonly string: unknown }) => parseText,
    {
      addConversion: () => {},
    },
  );
  const parts: Record<string, unknown> = {
    config: NUMBERS,
    math: {},
    mathWithTransform: {},
    typed,
    numeric: (text: string) => Number(text),
    isBounded: Number.isFinite,
    subset: refuse,
    size: refuse,
    ResultSet: refuse,
  };
  // Each node stands behind those that it needs.
  const nodes: Readonly<Record<string, Factory>> = {
    Node: createNode,
    AccessorNode: createAccessorNode,
    ArrayNode: createArrayNode,
    AssignmentNode: createAssignmentNode,
    BlockNode: createBlockNode,
    ConditionalNode: createConditionalNode,
    ConstantNode: createConstantNode,
    FunctionAssignmentNode: createFunctionAssignmentNode,
    SymbolNode: createSymbolNode,
    FunctionNode: createFunctionNode,
    IndexNode: createIndexNode,
    ObjectNode: createObjectNode,
    OperatorNode: createOperatorNode,
    ParenthesisNode: createParenthesisNode,
    RangeNode: createRangeNode,
    RelationalNode: createRelationalNode,
  };
  for (const [name, make] of Object.entries(nodes)) parts[name] = make(parts);
  return createParse(parts) as UnitMath["parse"];
}
