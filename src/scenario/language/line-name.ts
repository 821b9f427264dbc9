/**
 * Names that expressions read, and the lines that define them: those under `let` by their name, and rates of currencies by
 * their path, which nobody can type in an expression.
 */

const LET = "let.";

/** The name by which expressions read a line. */
export function nameOfLine(path: string): string {
  return path.startsWith(LET) ? path.slice(LET.length) : path;
}

/** The path of the line that defines a name. */
export function lineOfName(name: string): string {
  return name.includes(".") ? name : `${LET}${name}`;
}

/** The path of a currency's rate, which is its name too. */
export function rateLine(currency: string): string {
  return `money.rates.${currency}`;
}
