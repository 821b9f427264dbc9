/** The server of `gigafleet open`: whom it answers, what it gives, and what saving may not lose. */
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type PageServer, servePage } from "../../src/cli/page/page-server.ts";
import { gigafleet, makeFolder, smallScenario } from "./gigafleet.ts";

const folder = makeFolder();
const file = path.join(folder, "plan.yaml");
const token = "a-token-of-this-test";
const scenariosFolder = path.resolve("scenarios");
const environment = {
  version: "0",
  scenariosFolder,
  packedCatalog: path.resolve("dist/catalog.packed"),
  workerFile: new URL("file:///"),
  sweepWorkerFile: new URL("file:///"),
  packWorkerFile: new URL("file:///"),
  pageFile: "",
};
const policy = "default-src 'none'; script-src 'sha256-x'; worker-src blob:; connect-src 'none'";
const html = `<head><meta http-equiv="Content-Security-Policy" content="${policy}"></head>`;
let server: PageServer;
let host = "";

beforeAll(async () => {
  const program = path.join(folder, "optimizer.js");
  fs.writeFileSync(program, "// a program");
  const programs = {
    "optimizer.js": { path: program, type: "text/javascript" },
    "highs.wasm": { path: path.join(folder, "never-built.wasm"), type: "application/wasm" },
  } as const;
  server = await servePage({ html, file, token, environment, programs }, 0);
  host = new URL(server.address).host;
});
afterAll(() => server.close());
beforeEach(() => fs.writeFileSync(file, smallScenario));

type Reply = { readonly code: number; readonly text: string; readonly headers: http.IncomingHttpHeaders };

/** A request with exactly these headers; `fetch` would not send another host. */
function request(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): Promise<Reply> {
  const [hostname, port] = host.split(":");
  return new Promise((resolve, reject) => {
    const sent = http.request(
      { hostname, port, method, path: target, headers: { host, ...headers } },
      (response) => {
        let text = "";
        response.on("data", (piece) => (text += piece));
        response.on("end", () =>
          resolve({ code: response.statusCode ?? 0, text, headers: response.headers }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

const put = (body: string, headers: Readonly<Record<string, string>> = {}) =>
  request(
    "PUT",
    `/${token}/file`,
    { origin: `http://${host}`, "content-type": "application/json", ...headers },
    body,
  );

describe("the server", () => {
  test("listens on this machine alone, and names its token", () => {
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/a-token-of-this-test\/$/);
  });

  test("serves the page, isolated, allowed to ask this server and nothing else", async () => {
    const { code, text, headers } = await request("GET", `/${token}/`);
    expect(code).toBe(200);
    expect(text).toBe('<head><meta name="gigafleet-open" content="1"></head>');
    expect(headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'sha256-x'; worker-src blob: 'self'; connect-src 'self'; frame-ancestors 'none'",
    );
    expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
    expect(headers["cross-origin-embedder-policy"]).toBe("require-corp");
    expect(headers["cache-control"]).toBe("no-store");
  });

  test("gives a program of the page to the page alone, which may load from this server and nowhere else", async () => {
    const target = `/${token}/optimizer.js`;
    const { code, text, headers } = await request("GET", target);
    expect([code, text, headers["content-type"]]).toEqual([200, "// a program", "text/javascript"]);
    expect(headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'self'",
    );
    expect(headers["cross-origin-embedder-policy"]).toBe("require-corp");
    expect((await request("GET", target, { "sec-fetch-site": "same-site" })).code).toBe(403);
    expect((await request("GET", target, { host: "evil.example" })).code).toBe(421);
    expect((await request("PUT", target, { origin: `http://${host}` })).code).toBe(405);
    const missing = await request("GET", `/${token}/highs.wasm`);
    expect([missing.code, missing.text]).toEqual([404, '{"reason":"this program has not been built here"}']);
  });

  test.each([
    ["another host, as a rebound name gives it", { host: "evil.example" }, 421],
    ["its port under another name", { host: "localhost.evil.example" }, 421],
    ["another origin", { origin: "http://evil.example" }, 403],
    ["a page without an origin", { origin: "null" }, 403],
    ["a link on another site", { "sec-fetch-site": "cross-site" }, 403],
    ["another port of this machine", { "sec-fetch-site": "same-site" }, 403],
  ])("refuses %s", async (_what, headers, code) => {
    const target = `/${token}/file`;
    const { text, ...reply } = await request("GET", target, headers);
    expect(reply.code).toBe(code);
    expect(text).not.toContain("schema_version");
  });

  test.each([
    ["/", 404],
    ["/file", 404],
    ["/a-token-of-this-tesT/file", 404],
    ["/a-token/file", 404],
    [`/${token}`, 404],
    [`/${token}/../plan.yaml`, 404],
    [`/${token}/%2e%2e/plan.yaml`, 404],
    [`/${token}/plan.yaml`, 404],
    [`/${token}/constructor`, 404],
    [`/${token}/file?x=/etc/passwd`, 404],
  ])("gives nothing at %s", async (target, code) => {
    const { text, ...reply } = await request("GET", target);
    expect(reply.code).toBe(code);
    expect(text).not.toContain("schema_version");
  });

  test("knows no other methods", async () => {
    const origin = { origin: `http://${host}` };
    for (const method of ["POST", "DELETE", "OPTIONS"])
      expect((await request(method, `/${token}/file`, origin)).code, method).toBe(405);
  });
});

describe("the file", () => {
  test("comes with the scenarios and tables that it reads, and with nothing else", async () => {
    const base = path.join(folder, "base.yaml");
    fs.writeFileSync(base, smallScenario);
    fs.writeFileSync(path.join(folder, "secret.txt"), "secret");
    fs.writeFileSync(file, "extends: [./base.yaml, ./secret.txt, /etc/passwd]\nschema_version: 1\n");
    const { text } = await request("GET", `/${token}/file`);
    const told = JSON.parse(text);
    expect(told.file).toBe("plan.yaml");
    expect(told.others).toEqual({ "base.yaml": smallScenario });
    expect(text).not.toContain('secret"');
    expect(text).not.toContain("root:");
  });

  test("is saved when it is as the page knows it", async () => {
    const { version } = JSON.parse((await request("GET", `/${token}/file`)).text);
    const saved = await put(JSON.stringify({ text: `${smallScenario}# more\n`, version }));
    expect(saved.code).toBe(200);
    expect(fs.readFileSync(file, "utf8")).toBe(`${smallScenario}# more\n`);
    expect(JSON.parse(saved.text).version).not.toBe(version);
    expect(fs.readdirSync(folder).filter((name) => name.endsWith(".new"))).toEqual([]);
  });

  test("is saved up to the length of a scenario, however long it is in JSON", async () => {
    const { version } = JSON.parse((await request("GET", `/${token}/file`)).text);
    const text = '#"\n'.repeat(1_999_999);
    expect((await put(JSON.stringify({ text, version }))).code).toBe(200);
    expect(fs.readFileSync(file, "utf8")).toBe(text);
  });

  test("is watched with the files that it names, until it names them no longer", async () => {
    const [base, named] = [path.join(folder, "watched.yaml"), path.join(folder, "not-yet.yaml")];
    const heard: string[] = [];
    const [hostname, port] = host.split(":");
    const events = http.get({ hostname, port, path: `/${token}/events`, headers: { host } }, (response) => {
      response.on("data", (piece) => heard.push(String(piece)));
    });
    const changes = () => heard.filter((one) => one.includes("data: changed")).length;
    fs.writeFileSync(base, smallScenario);
    fs.writeFileSync(file, "extends: [./watched.yaml, ./not-yet.yaml]\nschema_version: 1\n");
    await request("GET", `/${token}/file`);
    await expect.poll(changes, { timeout: 20_000 }).toBeGreaterThan(0);
    for (const other of [base, named]) {
      // What changed before has been told.
      await new Promise((resolve) => setTimeout(resolve, 1200));
      const before = changes();
      fs.writeFileSync(other, `${smallScenario}# changed\n`);
      await expect.poll(changes, { timeout: 20_000 }).toBeGreaterThan(before);
    }
    events.destroy();
  });

  test("is not overwritten when it changed on disk, and comes back as it is", async () => {
    const { version } = JSON.parse((await request("GET", `/${token}/file`)).text);
    fs.writeFileSync(file, "# by another program\n");
    const { code, text } = await put(JSON.stringify({ text: smallScenario, version }));
    expect(code).toBe(409);
    expect(JSON.parse(text).text).toBe("# by another program\n");
    expect(fs.readFileSync(file, "utf8")).toBe("# by another program\n");
  });

  test("is told to be gone, and can be written again", async () => {
    const { version } = JSON.parse((await request("GET", `/${token}/file`)).text);
    fs.rmSync(file);
    const gone = await put(JSON.stringify({ text: smallScenario, version }));
    expect([gone.code, JSON.parse(gone.text).version]).toEqual([409, ""]);
    expect((await put(JSON.stringify({ text: smallScenario, version: "" }))).code).toBe(200);
    expect(fs.readFileSync(file, "utf8")).toBe(smallScenario);
  });

  test.each([
    ["without an origin", { origin: "" }, "{}", 403],
    ["as a form", { "content-type": "text/plain" }, "{}", 415],
    ["as no JSON", {}, "{", 400],
    ["without a version", {}, '{"text":"x"}', 400],
    [
      "with more than a scenario may hold",
      {},
      JSON.stringify({ text: "x".repeat(6_000_001), version: "" }),
      413,
    ],
    ["with more than any text takes in JSON", {}, `"${"x".repeat(36_000_001)}"`, 413],
  ])("is not saved %s", async (_what, headers, body, code) => {
    const reply = await put(body, headers);
    expect(reply.code).toBe(code);
    expect(fs.readFileSync(file, "utf8")).toBe(smallScenario);
  });

  test("keeps its rights, and a link to it stays a link", async () => {
    const target = path.join(folder, "target.yaml");
    fs.writeFileSync(target, smallScenario, { mode: 0o600 });
    fs.rmSync(file);
    fs.symlinkSync(target, file);
    const { version } = JSON.parse((await request("GET", `/${token}/file`)).text);
    expect((await put(JSON.stringify({ text: "# x\n", version }))).code).toBe(200);
    expect(fs.lstatSync(file).isSymbolicLink()).toBe(true);
    expect(fs.readFileSync(target, "utf8")).toBe("# x\n");
    expect(fs.statSync(target).mode & 0o777).toBe(0o600);
    fs.rmSync(file);
  });
});

describe("the command", () => {
  test.each([
    [["open", "nothing.yaml"], 3, "nothing.yaml"],
    [["open", "-"], 2, "name one instead of"],
    [["open", "--port", "0"], 2, "is not a port"],
    [["open", "--port", "99999"], 2, "is not a port"],
  ])("refuses %j", (words, code, says) => {
    const reply = gigafleet(folder, words);
    expect(reply.code).toBe(code);
    expect(reply.stderr).toContain(says);
    expect(reply.stderr).not.toMatch(/^\s+at /m);
  });
});
