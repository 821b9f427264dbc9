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
  type MathNode,
} from "mathjs/number";
import { InternalError } from "../diagnostics/diagnostic.ts";

/** Makes a part of mathjs from those that it asks for by name. */
type Factory = (parts: Readonly<Record<string, unknown>>) => unknown;

// mathjs exports its single factories but omits them from its types.
declare module "mathjs/number" {
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
}

type Parse = (text: string) => MathNode;

let parser: Parse | undefined;

/**
 * Parses an expression to a tree, which cannot be evaluated.
 *
 * The parser is a reduced mathjs, made of single parts when it is first used: mathjs's own set (`parseDependencies`) includes
 * matrices, which only evaluation needs, and costs 100 ms; `create`, which combines parts, brings its dispatch by type along. Here what
 * evaluation needs throws, which reduces this to 4 ms. They come from mathjs's entry for plain numbers, since the whole of it takes twice
 * as long to load for who imports the library. The units of mathjs are in unit-table.ts.
 *
 * Fails: throws a SyntaxError.
 */
export function parseMath(text: string): MathNode {
  parser ??= makeParser();
  return parser(text);
}

function makeParser(): Parse {
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
    // How mathjs shall read a number.
    config: { number: "number" },
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
  return createParse(parts) as Parse;
}
