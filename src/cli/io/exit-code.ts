/** Exit codes of the process: docs/architecture.md. */
export const ExitCode = {
  done: 0,
  /** The scenario is faulty. */
  scenario: 1,
  usage: 2,
  /** Something could not be read or written, or the machine lacks what the command needs. */
  files: 3,
  noPlan: 4,
  /** A fault of the program. */
  internal: 70,
  /** By Ctrl-C. */
  interrupted: 130,
  /** By a signal to end, as schedulers send it. */
  terminated: 143,
} as const;
/** One of the exit codes. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Raised for an invalid command line; the message says what to type. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
