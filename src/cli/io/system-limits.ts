/** Limits of the machine or of this process, in words, by the code of the system's error. */
export const SYSTEM_LIMITS: Readonly<Record<string, string>> = {
  EMFILE: "this process may open no more files (`ulimit -n`)",
  ENFILE: "the machine has too many files open",
  ENOMEM: "the machine has no memory left for this process",
};

/**
 * The limit that an error says was reached, such as while the program loads its own files, or its solver (whose class belongs to
 * the solver, which few commands load); undefined for any other error.
 */
export function limitOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "SolverMissingError") return error.message;
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && Object.hasOwn(SYSTEM_LIMITS, code) ? SYSTEM_LIMITS[code] : undefined;
}
