import { timingSafeEqual } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Environment } from "../io/command.ts";
import { type PlanFile, readPlanFile, writePlanFile } from "./plan-file.ts";

/** What the server serves. */
export type Served = {
  /** The page as it was built. */
  readonly html: string;
  /** The scenario file that the page edits; none for a page with the shipped scenarios. */
  readonly file?: string;
  /** Programs that the page loads from its server alone, by name. */
  readonly programs: Readonly<Record<string, Program>>;
  /** A secret in the address: who does not know it gets nothing. */
  readonly token: string;
  readonly environment: Environment;
};

/** Files that are watched, each with word to all pages that listen. */
type Watch = {
  readonly listeners: Set<http.ServerResponse>;
  /** Watches these files, and no others any more. */
  readonly files: (paths: readonly string[]) => void;
};

/** A file as the page loads it: where it lies, and its type. */
export type Program = { readonly path: string; readonly type: "text/javascript" | "application/wasm" };

/** A running server. */
export type PageServer = { readonly address: string; readonly close: () => Promise<void> };

/** A text that is saved is not longer than a scenario may be [bytes]. */
const MOST_BYTES = 6_000_000;

/** The files are looked at this often [ms]. */
const WATCHED = 500;

/** The page is for its own browser alone: nothing may embed it, and it may ask its own server only. */
const HEADERS: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

/** A worker has a policy of its own: it may load its own parts from this server, and nothing else. */
const PROGRAM_POLICY = "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'self'";

/**
 * Serves the page on 127.0.0.1: the page itself and its programs, one scenario file to read and save, and word of its changes on disk.
 *
 * A request is refused unless it names this server as its host (so that no other name can be made to lead here), comes from the
 * page itself where a browser says where it comes from, and knows the token.
 *
 * @param port 0 for any free one
 *
 * Fails: rejects where the port is taken.
 */
export async function servePage(served: Served, port: number): Promise<PageServer> {
  const watch = createWatch();
  const server = http.createServer((request, response) => {
    handle(served, server, watch, request, response).catch((error: unknown) => {
      sendJson(response, 500, { reason: error instanceof Error ? error.message : String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { file, token } = served;
  if (file !== undefined) watch.files([file]);
  return {
    address: `http://${hostOf(server)}/${token}/`,
    close: async () => {
      watch.files([]);
      for (const listener of watch.listeners) listener.end();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

function createWatch(): Watch {
  const listeners = new Set<http.ServerResponse>();
  const watched = new Set<string>();
  const notify = (): void => {
    for (const listener of listeners) listener.write("data: changed\n\n");
  };
  const files = (paths: readonly string[]): void => {
    for (const path of watched) if (!paths.includes(path)) fs.unwatchFile(path, notify);
    for (const path of paths) if (!watched.has(path)) fs.watchFile(path, { interval: WATCHED }, notify);
    watched.clear();
    for (const path of paths) watched.add(path);
  };
  return { listeners, files };
}

function hostOf(server: http.Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function handle(
  served: Served,
  server: http.Server,
  watch: Watch,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const refusal = refuse(request, hostOf(server), served.token);
  if (refusal) return sendJson(response, refusal.code, { reason: refusal.reason });
  const path = (request.url ?? "").slice(served.token.length + 2);
  const route = `${request.method} ${path}`;
  if (route === "GET ") return sendPage(served, response);
  if (route === "GET file") return sendFile(served, watch, response);
  if (route === "PUT file") return saveFile(served, watch, request, response);
  if (route === "GET events") return listen(watch.listeners, response);
  const program = Object.hasOwn(served.programs, path) ? served.programs[path] : undefined;
  if (program && request.method === "GET") return sendProgram(program, response);
  const isKnown = program !== undefined || path === "" || path === "file" || path === "events";
  sendJson(response, isKnown ? 405 : 404, {
    reason: isKnown ? "this cannot be done here" : "there is nothing here",
  });
}

/** Why a request is refused, before anything is read for it. */
function refuse(
  { headers, method, url = "" }: http.IncomingMessage,
  host: string,
  token: string,
): { readonly code: number; readonly reason: string } | undefined {
  if (headers.host !== host) return { code: 421, reason: "this server has another name" };
  const { origin } = headers;
  const site = headers["sec-fetch-site"];
  const isForeign =
    (origin !== undefined && origin !== `http://${host}`) ||
    (site !== undefined && site !== "same-origin" && site !== "none");
  // A browser names the origin of whatever changes something.
  if (isForeign || (method !== "GET" && origin === undefined))
    return { code: 403, reason: "the request comes from another page" };
  // The address ends in a slash, so that the page asks below it.
  const [, given = "", below] = url.split("/");
  return isSame(given, token) && below !== undefined
    ? undefined
    : { code: 404, reason: "there is nothing here" };
}

/** Compares secrets in a time that does not tell how much of them is equal. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The built page allows itself no request at all; here it may ask its own server, and start that server's programs. */
function sendPage({ html }: Served, response: http.ServerResponse): void {
  const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  const served = policy
    .replace("connect-src 'none'", "connect-src 'self'")
    .replace("worker-src blob:", "worker-src blob: 'self'");
  const own = `${served}; frame-ancestors 'none'`;
  const page = html.replace(
    /<meta http-equiv="Content-Security-Policy" content="[^"]*">/,
    () => '<meta name="gigafleet-open" content="1">',
  );
  response.writeHead(200, {
    ...HEADERS,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": own,
  });
  response.end(page);
}

function sendProgram({ path, type }: Program, response: http.ServerResponse): void {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(path);
  } catch {
    sendJson(response, 404, { reason: "this program has not been built here" });
    return;
  }
  response.writeHead(200, { ...HEADERS, "content-type": type, "content-security-policy": PROGRAM_POLICY });
  response.end(bytes);
}

function sendFile({ file, environment }: Served, watch: Watch, response: http.ServerResponse): void {
  if (file === undefined) {
    response.writeHead(204, HEADERS).end();
    return;
  }
  sendJson(response, 200, readWatched(file, watch, environment));
}

/** Reads a scenario file, and watches it and the files that it names from now on. */
function readWatched(file: string, watch: Watch, environment: Environment): PlanFile {
  const { told, named } = readPlanFile(file, environment);
  watch.files([file, ...named]);
  return told;
}

/** Saves a text, if the file is still as the page knows it. */
async function saveFile(
  { file, environment }: Served,
  watch: Watch,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  if (file === undefined) return sendJson(response, 404, { reason: "no file was opened" });
  if (request.headers["content-type"] !== "application/json")
    return sendJson(response, 415, { reason: "the text must come as JSON" });
  const body = await readBody(request);
  const wanted = body === undefined ? undefined : readSave(body);
  if (body === undefined || (wanted && Buffer.byteLength(wanted.text) > MOST_BYTES))
    return sendJson(response, 413, { reason: "the text is longer than a scenario may be" });
  if (!wanted) return sendJson(response, 400, { reason: "a text and its version are needed" });
  const now = readWatched(file, watch, environment);
  if (now.version !== wanted.version) return sendJson(response, 409, now);
  try {
    writePlanFile(file, wanted.text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === undefined ? message : `${file} cannot be written (${code})`;
    return sendJson(response, 500, { reason });
  }
  sendJson(response, 200, readWatched(file, watch, environment));
}

function readSave(body: string): Pick<PlanFile, "text" | "version"> | undefined {
  try {
    const { text, version } = JSON.parse(body);
    return typeof text === "string" && typeof version === "string" ? { text, version } : undefined;
  } catch {
    return undefined;
  }
}

/** Of a text in JSON most signs take one byte, line ends and quotes two, some six: this is more than any text that may be saved. */
const MOST_BODY = 6 * MOST_BYTES;

/** The body of a request; undefined for one that is too long, which is read to its end, so that the page hears why it is refused. */
async function readBody(request: http.IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    length += (piece as Buffer).length;
    if (length > MOST_BODY) pieces.length = 0;
    else pieces.push(piece as Buffer);
  }
  return length > MOST_BODY ? undefined : Buffer.concat(pieces).toString("utf8");
}

function listen(listeners: Set<http.ServerResponse>, response: http.ServerResponse): void {
  response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" });
  response.write(": open\n\n");
  listeners.add(response);
  response.on("close", () => listeners.delete(response));
}

function sendJson(response: http.ServerResponse, code: number, value: unknown): void {
  if (response.headersSent) return;
  response.writeHead(code, { ...HEADERS, "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
