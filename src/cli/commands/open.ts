import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { diagnose } from "../../diagnostics/diagnostic.ts";
import { readText, STANDARD_INPUT } from "../../node/package-files.ts";
import {
  type Command,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  textOf,
  textOption,
} from "../io/command.ts";
import { reportDiagnostics } from "../io/diagnostics.ts";
import { ExitCode, UsageError } from "../io/exit-code.ts";
import { printError, printResult } from "../io/streams.ts";
import { servePage } from "../page/page-server.ts";

/** `open`: the page in a browser, with a scenario file to edit and save. */
export const openCommand: Command = {
  usage: "open [file]",
  text: "Open the page: edit a scenario, move its values, see the answer, click a number. Serves this machine alone, until Ctrl-C.",
  positionals: {
    file: {
      type: "string",
      description: "Scenario file (YAML); without one the page shows the shipped scenarios",
    },
  },
  options: {
    port: textOption("Port on 127.0.0.1 (default: any that is free)"),
    "no-browser": flagOption("Print the address and open no browser"),
  },
  examples: [
    ["gigafleet open plan/starter.yaml", "Edit a scenario in the browser and save it"],
    ["gigafleet open --no-browser", "Print the address of the page with the shipped scenarios"],
  ],
  execute,
};

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  const file = textOf(given, "file");
  const port = readPort(textOf(given, "port"));
  if (file === STANDARD_INPUT) throw new UsageError("the page saves to a file; name one instead of `-`");
  if (file !== undefined && readText(file) === undefined) {
    const help = fs.existsSync(file)
      ? "it is not a file that can be read"
      : `\`gigafleet init ${path.dirname(file)}\` writes a first scenario`;
    return reportDiagnostics([{ ...diagnose("missing-file", { values: { file } }), help }], given);
  }
  const html = readText(environment.pageFile);
  if (html === undefined) throw new UsageError("the page has not been built here; `npm run page` builds it");
  const token = randomBytes(24).toString("base64url");
  const own = file === undefined ? {} : { file: path.resolve(file) };
  const programs = listPrograms(environment);
  const { address } = await listen({ html, token, environment, programs, ...own }, port);
  printResult(`${address}\n`);
  printError(
    `The page is open until Ctrl-C ends this command. Only this machine can reach it, with this address.\n`,
  );
  if (!isGiven(given, "no-browser")) openBrowser(address);
  await new Promise(() => {});
  return ExitCode.done;
}

/** What a search for a better plan needs besides the page: its own program, and the solver of the package `highs`. */
function listPrograms({ pageFile }: Environment): Parameters<typeof servePage>[0]["programs"] {
  const solver = createRequire(import.meta.url).resolve("highs/runtime");
  return {
    "optimizer.js": { path: path.join(path.dirname(pageFile), "optimizer.js"), type: "text/javascript" },
    "highs.wasm": { path: solver, type: "application/wasm" },
  };
}

async function listen(served: Parameters<typeof servePage>[0], port: number) {
  try {
    return await servePage(served, port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE")
      throw new UsageError(`port ${port} is in use; leave out \`--port\` for a free one`);
    if ((error as NodeJS.ErrnoException).code === "EACCES")
      throw new UsageError(
        `port ${port} needs rights that this process lacks; leave out \`--port\` for a free one`,
      );
    throw error;
  }
}

function readPort(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw new UsageError(
    `\`--port ${text}\` is not a port; write a number from 1 to 65535, such as \`--port 8080\``,
  );
}

/** Opens the address with the system's own program; where there is none, the printed address serves. */
function openBrowser(address: string): void {
  const [command, words]: readonly [string, readonly string[]] =
    process.platform === "darwin"
      ? ["open", [address]]
      : process.platform === "win32"
        ? ["cmd", ["/c", "start", "", address]]
        : ["xdg-open", [address]];
  const child = spawn(command, words, { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
