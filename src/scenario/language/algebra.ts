/** Operators and functions of expressions, named by meaning rather than spelling. */
export type ExprFunction =
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "power"
  | "negate"
  | "min"
  | "max"
  | "abs"
  | "round"
  | "floor"
  | "ceil"
  | "sqrt"
  | "exp"
  | "log"
  /** Comparisons give 1 or 0. */
  | "less"
  | "less_equal"
  | "greater"
  | "greater_equal"
  | "equal"
  | "not_equal"
  | "and"
  | "or"
  | "not"
  /** condition, value where it is not 0, value where it is 0 */
  | "if";

/** The functions that draws use besides those of expressions. */
export type ElementaryFunction = ExprFunction | "normal_quantile" | "normal_cdf";

/**
 * The operations in which formulas are written, so that one text of a formula serves the interpreter (`Value` is a number)
 * and the compiler (`Value` is a register). Both perform the same operations in the same order and agree bit for bit.
 */
export type Algebra<Value> = {
  readonly constant: (value: number) => Value;
  /** The number, if it is known now; a choice on a known condition makes only one branch. */
  readonly known: (value: Value) => number | undefined;
  readonly apply: (fn: ElementaryFunction, ...operands: readonly Value[]) => Value;
  /** The PERT distribution on 0 to 1 with this mode (`pertTable`), looked up at a normal score. */
  readonly pert: (modeFraction: number, score: Value) => Value;
};

/** Short names for the operations of an algebra. */
export type Words<Value> = {
  readonly algebra: Algebra<Value>;
  readonly op: Algebra<Value>["apply"];
  readonly num: (value: number) => Value;
  readonly nan: () => Value;
  readonly choose: (condition: Value, yes: () => Value, no: () => Value) => Value;
};

/** Creates these names; a choice on a known condition makes only one branch. */
export function makeWords<Value>(algebra: Algebra<Value>): Words<Value> {
  return {
    algebra,
    op: algebra.apply,
    num: algebra.constant,
    nan: () => algebra.constant(Number.NaN),
    choose: (condition, yes, no) => {
      const known = algebra.known(condition);
      if (known !== undefined) return known !== 0 ? yes() : no();
      return algebra.apply("if", condition, yes(), no());
    },
  };
}

/** 1 if all values are above 0. */
export function allPositive<Value>({ op, num }: Words<Value>, values: readonly Value[]): Value {
  return values.map((value) => op("greater", value, num(0))).reduce((all, one) => op("and", all, one));
}

/** 1 if no value is below its predecessor. */
export function isOrdered<Value>({ op }: Words<Value>, values: readonly Value[]): Value {
  const steps = values.slice(1).map((value, index) => op("less_equal", values[index], value));
  return steps.reduce((all, one) => op("and", all, one));
}
