import { fileURLToPath } from "node:url";
import yargs, { type Argv } from "yargs";
import { version } from "../../package.json";
import { nearest } from "../diagnostics/nearest.ts";
import { visibleText } from "../diagnostics/visible.ts";
import { STANDARD_INPUT } from "../node/package-files.ts";
import type { Command, Environment, Given } from "./io/command.ts";
import { ExitCode, UsageError } from "./io/exit-code.ts";
import { setOptimiser } from "./io/optimiser.ts";
import { guardStreams, printError, printResult } from "./io/streams.ts";
import { limitOf } from "./io/system-limits.ts";
import { SCREEN_WIDTH } from "./screens/draw-columns.ts";

/** The commands in the order of the help. Each is loaded when it is called, or for a help that lists them. */
const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import("./commands/run.ts")).runCommand,
  validate: async () => (await import("./commands/validate.ts")).validateCommand,
  sensitivity: async () => (await import("./commands/sensitivity.ts")).sensitivityCommand,
  show: async () => (await import("./commands/show.ts")).showCommand,
  init: async () => (await import("./commands/init.ts")).initCommand,
  catalog: async () => (await import("./commands/catalog.ts")).catalogCommand,
  trace: async () => (await import("./commands/trace.ts")).traceCommand,
  backtest: async () => (await import("./commands/backtest.ts")).backtestCommand,
  compare: async () => (await import("./commands/compare.ts")).compareCommand,
  sweep: async () => (await import("./commands/sweep.ts")).sweepCommand,
  solve: async () => (await import("./commands/solve.ts")).solveCommand,
  merge: async () => (await import("./commands/merge.ts")).mergeCommand,
  optimize: async () => (await import("./commands/optimize.ts")).optimizeCommand,
  open: async () => (await import("./commands/open.ts")).openCommand,
  verify: async () => (await import("./commands/verify.ts")).verifyCommand,
  explain: async () => (await import("./commands/explain.ts")).explainCommand,
};

const ENVIRONMENT: Environment = {
  version,
  // The folder of dist/cli.js.
  scenariosFolder: fileURLToPath(new URL("../scenarios", import.meta.url)),
  packedCatalog: fileURLToPath(new URL("./catalog.packed", import.meta.url)),
  workerFile: new URL("./worker.js", import.meta.url),
  sweepWorkerFile: new URL("./sweep-worker.js", import.meta.url),
  packWorkerFile: new URL("./pack-worker.js", import.meta.url),
  pageFile: fileURLToPath(new URL("./page/gigafleet.html", import.meta.url)),
};

/** Commands that work for long; the others are short, but for a sample (`openRunner`). */
const LONG_COMMANDS: ReadonlySet<string> = new Set([
  "backtest",
  "compare",
  "merge",
  "optimize",
  "sensitivity",
  "solve",
  "sweep",
]);

/** Names of the errors of a dead thread; their classes belong to the threads, which few commands load. */
const LOST_THREADS: ReadonlySet<string> = new Set(["LostWorkerError", "LostPointsError"]);

/**
 * Runs a command line and sets the exit code of the process.
 *
 * Fails: never; whatever goes wrong is printed.
 */
export async function main(typed: readonly string[]): Promise<void> {
  guardStreams();
  // yargs drops a lone `-`, which names standard input as in other programs.
  const words = typed.map((word) => (word === "-" ? STANDARD_INPUT : word));
  try {
    process.exitCode = await execute(words);
  } catch (error) {
    if (error instanceof UsageError) {
      const lines = error.message.split("\n").map(visibleText);
      printError(`gigafleet: ${lines.join("\n")}\n`);
      process.exitCode = ExitCode.usage;
      return;
    }
    const limit = limitOf(error);
    if (limit !== undefined) {
      printError(`gigafleet: ${limit}\n`);
      process.exitCode = ExitCode.files;
    } else {
      printError(isLostThread(error) ? describeLostThread(error) : describeInternal(error, words));
      process.exitCode = ExitCode.internal;
    }
  }
}

async function execute(words: readonly string[]): Promise<ExitCode> {
  const completed = await complete(words);
  if (completed !== undefined) {
    printResult(completed.map((name) => `${name}\n`).join(""));
    return ExitCode.done;
  }
  const named = words.find((word) => !word.startsWith("-")) ?? "";
  setOptimiser(LONG_COMMANDS.has(named));
  const wanted = Object.hasOwn(loaders, named) ? [named] : Object.keys(loaders);
  let code: ExitCode = ExitCode.done;
  let parser = yargs([...words])
    .scriptName("gigafleet")
    .locale("en")
    .usage(
      "$0 <command>\n\nCapacity planning for fleets of accelerators: chips, power, money and compute, by month.",
    )
    .epilogue(
      drawExamples([
        ["gigafleet init plan", "Write a first scenario into the folder plan"],
        ["gigafleet run plan/starter.yaml", "Simulate it and write its tables to output/starter/"],
        ["gigafleet run --help", "The options of a command, with examples"],
      ]),
    )
    .version(version)
    .help()
    .alias({ h: "help", V: "version" })
    .wrap(SCREEN_WIDTH)
    .parserConfiguration({
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "duplicate-arguments-array": true,
      "greedy-arrays": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "short-option-groups": false,
    })
    .completion("completion", "Print a script that completes commands, for .bashrc or .zshrc")
    .demandCommand(1, "no command is given")
    .strict()
    .exitProcess(false)
    .showHelpOnFail(false);
  for (const name of wanted) {
    const command = await loaders[name]();
    parser = parser.command({
      command: command.usage,
      describe: command.text,
      builder: (builder) => configure(builder, command),
      handler: async (given) => {
        code = await command.execute(given as Given, ENVIRONMENT);
      },
    });
  }
  keepNoHelp(parser);
  const command = wanted.length === 1 ? await loaders[named]() : undefined;
  await parser
    .fail((message, error) => {
      // yargs throws some faults of the command line as its own errors.
      if (error && error.name !== "YError") throw error;
      throw new UsageError(describeUsage(message ?? error.message, command, words));
    })
    .parseAsync();
  return code;
}

/** Names for a word that the shell completes; undefined for anything else, and for words that yargs completes itself. */
async function complete([flag, , ...words]: readonly string[]): Promise<readonly string[] | undefined> {
  if (flag !== "--get-yargs-completions") return undefined;
  const { completeNames } = await import("./io/completion.ts");
  return completeNames(words, ENVIRONMENT);
}

/**
 * Draws the help only on request: yargs draws it for every command, in case the command fails, which takes longer than
 * everything else in yargs.
 */
function keepNoHelp(parser: Argv): void {
  const { getInternalMethods } = parser as unknown as {
    getInternalMethods?: () => { getUsageInstance: () => { cacheHelpMessage: () => void } };
  };
  const usage = getInternalMethods?.call(parser).getUsageInstance();
  if (usage) usage.cacheHelpMessage = () => {};
}

function configure(builder: Argv, { usage, text, positionals, options, examples }: Command): Argv {
  const isList = (name: string) => options[name]?.coerce !== undefined || positionals[name]?.array === true;
  let configured = builder
    .usage(`$0 ${usage}\n\n${text}`)
    .options({ ...options })
    .check((given) => {
      for (const [name, value] of Object.entries(given)) {
        if (name === "_" || name === "$0" || isList(name)) continue;
        if (Array.isArray(value)) throw new UsageError(`\`--${name}\` is given more than once`);
      }
      const blank = Object.keys(options).find((name) => [given[name]].flat().includes(""));
      if (blank) throw new UsageError(`\`--${blank}\` is given without a value`);
      return true;
    });
  for (const [name, positional] of Object.entries(positionals))
    configured = configured.positional(name, positional);
  return configured.epilogue(drawExamples(examples));
}

/** Examples as lines to copy; the columns of yargs would break them. */
function drawExamples(examples: Command["examples"]): string {
  return [
    "Examples:",
    ...examples.flatMap(([line, does]) => [`  # ${does}`, `  ${line.replace("$0", "gigafleet")}`]),
  ].join("\n");
}

/** Explains a faulty command line, from the message of yargs, and suggests a correction. */
function describeUsage(message: string, command: Command | undefined, words: readonly string[]): string {
  const name = command?.usage.split(" ")[0];
  const hint = `\`gigafleet ${name ? `${name} ` : ""}--help\` shows what can be typed`;
  if (message.startsWith("Not enough non-option"))
    return `missing argument: type \`gigafleet ${command?.usage}\`\n${hint}`;
  const [, bare] = /^Not enough arguments following: (.*)/.exec(message) ?? [];
  if (bare) return `\`--${bare}\` needs a value after it\n${hint}`;
  const [, option, got, choices] = /Argument: (.*), Given: (.*), Choices: (.*)/.exec(message) ?? [];
  if (option) return `\`--${option}\` is one of ${choices}, not ${got}\n${hint}`;
  const unknown = /^Unknown arguments?: ([^,]*)/.exec(message)?.[1];
  if (unknown === undefined) return `${message}\n${hint}`;
  const known = command ? Object.keys(command.options) : Object.keys(loaders);
  if (unknown === "format" && known.includes("error-format"))
    return `unknown argument \`format\`; \`--error-format\` is that of errors and warnings${known.includes("json") ? ", `--json` prints results as JSON" : ""}\n${hint}`;
  const [meant] = nearest(unknown, known, 1).map((each) => (command ? `--${each}` : each));
  const typed = words.find((word) => word.replace(/^--?/, "").split("=")[0] === unknown) ?? unknown;
  return `unknown argument \`${typed.split("=")[0]}\`${meant ? `; did you mean \`${meant}\`?` : ""}\n${hint}`;
}

/** Whether the error means that a thread died. */
function isLostThread(error: unknown): error is Error {
  return error instanceof Error && LOST_THREADS.has(error.name);
}

/** A thread that dies is hardly a fault of the program: if memory is short, the system ends it. */
function describeLostThread(error: Error): string {
  const lines = [
    `gigafleet: ${visibleText(error.message)}`,
    "  A thread usually ends like this if memory is short: `--threads 1` needs least.",
  ];
  if (process.env.GIGAFLEET_DEBUG) lines.push(String(error.stack));
  return `${lines.join("\n")}\n`;
}

/** The message for a fault of the program: enough to report it, with a stack only on request. */
function describeInternal(error: unknown, words: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const quoted = words.map((word) =>
    /^[\w./=,:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
  );
  const lines = [
    `gigafleet ${version}: internal error: ${visibleText(message)}`,
    "  This is a fault of the program, not of your scenario. Please report it with the scenario and this command:",
    `    gigafleet ${visibleText(quoted.join(" "))}`,
  ];
  if (process.env.GIGAFLEET_DEBUG) lines.push(error instanceof Error ? String(error.stack) : "");
  else lines.push("  Set GIGAFLEET_DEBUG=1 to see where it happened.");
  return `${lines.join("\n")}\n`;
}
