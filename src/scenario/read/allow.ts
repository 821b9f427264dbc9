import { CODES, findCode } from "../../diagnostics/codes.ts";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { offerNames } from "../fields/words.ts";
import type { FieldValue } from "../scenario.ts";

/**
 * Removes the warnings that a scenario accepts by code; errors cannot be accepted.
 *
 * @param allow the field `allow`, if the scenario has it
 * @return the remaining diagnostics, with an error for each code that is not a warning's
 *
 * Fails: never.
 */
export function allowWarnings(
  diagnostics: readonly Diagnostic[],
  allow: FieldValue | undefined,
): Diagnostic[] {
  const allowed = allow?.texts ?? [];
  const kept = diagnostics.filter(({ code, severity }) => severity === "error" || !allowed.includes(code));
  const warnings = Object.entries(CODES).flatMap(([code, { severity }]) =>
    severity === "warning" ? [code] : [],
  );
  for (const name of new Set(allowed)) {
    if (warnings.includes(name)) continue;
    const help = findCode(name) ? "it is an error, and errors cannot be allowed" : undefined;
    const expected = offerNames(name, warnings);
    kept.push(
      diagnose("unknown-warning", {
        values: { name },
        path: "allow",
        span: allow?.origin.span,
        expected,
        help,
      }),
    );
  }
  return kept;
}
