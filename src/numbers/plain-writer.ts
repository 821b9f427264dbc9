import type { Arithmetic } from "./arithmetic.ts";
import { exp, log, log1p, log2, logOf, power, powerByLog } from "./exponential.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

/** A number or a truth in the text of a function: as it is written, or as what computes it. */
type Value = string | Step;

type Step = {
  /** JavaScript, with `$` where an input stands. */
  readonly template: string;
  readonly inputs: readonly Value[];
  /** Of `where`: what is computed, and given, where the input holds. */
  readonly branch?: { readonly block: Block; readonly given: Value };
  /** How many read it: one that a single other reads is written there. */
  readers: number;
  name?: string;
};

/** Steps in the order in which they were made; `made` finds a step by its text, so that none is made twice. */
type Block = { readonly steps: Step[]; readonly made: Map<string, Step>; readonly outer: Block | undefined };

/** The text of plain-functions.ts. */
export function writePlainFunctions(): string {
  return [
    "// Written by `npm run docs` (`.config/numbers.mjs`) from exponential.ts and normal.ts: change those files, not this one.",
    'import type { Pair } from "./pair.ts";',
    'import { exponentOf, mantissaOf, powerOfTwo } from "./plain-arithmetic.ts";',
    "",
    writePlain("exp", ["x"], exp),
    writePlain("log", ["x"], log),
    writePlain("log1p", ["x"], log1p),
    writePlain("log2", ["x"], log2),
    writePlain("power", ["x", "y"], power),
    writePlain("logOf", ["x"], logOf),
    writePlain("powerByLog", ["x", "high", "low", "y"], (o, x, high, low, y) =>
      powerByLog(o, x, { high, low }, y),
    ),
    writePlain("normalQuantile", ["probability"], normalQuantile),
    writePlain("normalCdf", ["z"], normalCdf),
  ].join("\n");
}

/**
 * Reads a function of numbers as JavaScript on plain numbers: the text of a function that does the same operations in the same
 * order, so with the same bits, in a twentieth of the calls. What the function computes twice, the text computes once.
 *
 * @param body what is read: it takes the parameters, and gives a number or a record of them
 */
function writePlain(
  name: string,
  parameters: readonly string[],
  body: (o: Arithmetic<Value, Value>, ...parameters: Value[]) => Value | Readonly<Record<string, Value>>,
): string {
  let block: Block = { steps: [], made: new Map(), outer: undefined };
  const numbers = new Map<Step, number>();
  const step = (template: string, ...inputs: readonly Value[]): Value => {
    const words = inputs.map((input) => (typeof input === "string" ? input : `#${numbers.get(input)}`));
    const key = [template, ...words].join(" ");
    for (let one: Block | undefined = block; one; one = one.outer) {
      const known = one.made.get(key);
      if (known) return known;
    }
    const made: Step = { template, inputs, readers: 0 };
    numbers.set(made, numbers.size);
    block.steps.push(made);
    block.made.set(key, made);
    return made;
  };
  const of =
    (template: string) =>
    (...inputs: readonly Value[]) =>
      step(template, ...inputs);
  const given = body(
    {
      constant: textOfNumber,
      add: of("($ + $)"),
      subtract: of("($ - $)"),
      multiply: of("($ * $)"),
      divide: of("($ / $)"),
      sqrt: of("Math.sqrt($)"),
      abs: of("Math.abs($)"),
      floor: of("Math.floor($)"),
      less: of("($ < $)"),
      atMost: of("($ <= $)"),
      equal: of("($ === $)"),
      both: of("($ && $)"),
      either: of("($ || $)"),
      not: of("!$"),
      select: of("($ ? $ : $)"),
      where: (condition, otherwise, inner) => {
        const own: Block = { steps: [], made: new Map(), outer: block };
        block = own;
        const result = inner();
        block = own.outer ?? own;
        const inputs = [condition, otherwise];
        const made: Step = { template: "", inputs, branch: { block: own, given: result }, readers: 0 };
        numbers.set(made, numbers.size);
        block.steps.push(made);
        return made;
      },
      powerOfTwo: of("powerOfTwo($)"),
      exponentOf: of("exponentOf($)"),
      mantissaOf: of("mantissaOf($)"),
    },
    ...parameters,
  );
  const isOne = typeof given === "string" || "template" in given;
  const results: Readonly<Record<string, Value>> = isOne ? { "": given as Value } : given;
  for (const result of Object.values(results)) countReaders(result);
  const lines = linesOf(block, "  ", { count: 0 });
  const texts = Object.entries(results).map(([key, value]) => (isOne ? "" : `${key}: `) + textOf(value));
  return [
    `export function ${name}(${parameters.map((one) => `${one}: number`).join(", ")}): ${isOne ? "number" : "Pair<number>"} {`,
    ...lines,
    `  return ${isOne ? texts[0] : `{ ${texts.join(", ")} }`};`,
    "}",
    "",
  ].join("\n");
}

function countReaders(value: Value): void {
  if (typeof value === "string" || value.readers++ > 0) return;
  value.inputs.forEach(countReaders);
  if (value.branch) countReaders(value.branch.given);
}

/** The steps of a block that are needed by a name, each a line. */
function linesOf({ steps }: Block, indent: string, names: { count: number }): readonly string[] {
  return steps.flatMap((step) => {
    const { inputs, branch, readers } = step;
    if (readers === 0 || (readers === 1 && !branch)) return [];
    const name = `t${names.count++}`;
    if (!branch) {
      const line = `${indent}const ${name} = ${textOf(step)};`;
      step.name = name;
      return [line];
    }
    const [condition, otherwise] = inputs.map(textOf);
    step.name = name;
    return [
      `${indent}let ${name} = ${otherwise};`,
      `${indent}if (${condition}) {`,
      ...linesOf(branch.block, `${indent}  `, names),
      `${indent}  ${name} = ${textOf(branch.given)};`,
      `${indent}}`,
    ];
  });
}

function textOf(value: Value): string {
  if (typeof value === "string") return value;
  if (value.name) return value.name;
  const inputs = value.inputs.map(textOf);
  return value.template.replace(/\$/g, () => inputs.shift() ?? "");
}

function textOfNumber(value: number): string {
  if (Number.isNaN(value)) return "Number.NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Number.POSITIVE_INFINITY" : "Number.NEGATIVE_INFINITY";
  return 1 / value < 0 ? `(-${-value})` : String(value);
}
