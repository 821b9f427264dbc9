/** What the process ends with: docs/architecture.md. */
export const ExitCode = {
  done: 0,
  /** The scenario is at fault. */
  scenario: 1,
  usage: 2,
  /** Something could not be read or written. */
  files: 3,
  noPlan: 4,
  /** A fault of ours. */
  internal: 70,
  /** By Ctrl-C. */
  interrupted: 130,
  /** By a signal to end, as schedulers send it. */
  terminated: 143,
} as const;
/** One of the codes. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Raised for a command line that cannot be understood; the message says what to type. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
