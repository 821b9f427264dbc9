import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { writeFiles } from "../../src/cli/io/output-folder.ts";
import { gigafleet, gigafleetProcess, makeFolder, smallScenario } from "./gigafleet.ts";

const folder = makeFolder();
const out = path.join(folder, "out");
fs.writeFileSync(
  path.join(folder, "a.yaml"),
  smallScenario.replace("price: 10 thousand USD", "price: 8 thousand USD to 14 thousand USD"),
);

const run = (...words: string[]) =>
  gigafleet(folder, ["run", "a.yaml", "--trials", "8", "--out", "out", ...words]);
const verify = (...words: string[]) => gigafleet(folder, ["verify", "out", ...words]);
const list = () => fs.readdirSync(out).sort();

beforeEach(() => fs.rmSync(out, { recursive: true, force: true }));

describe("verify", () => {
  test("finds what a run wrote whole, and says of each file what became of it", () => {
    expect(run().code).toBe(0);
    const whole = verify();
    expect(whole).toMatchObject({ code: 0, stderr: "" });
    expect(whole.stdout).toMatch(/^out: intact, \d+ files of one run of gigafleet \d/);
    fs.appendFileSync(path.join(out, "summary.csv"), "a note\n");
    fs.rmSync(path.join(out, "sites.csv"));
    const broken = verify();
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain("out/summary.csv: changed since the run wrote it\n");
    expect(broken.stderr).toContain("out/sites.csv: missing\n");
    const { files } = JSON.parse(verify("--json").stdout);
    expect(files).toContainEqual({ name: "annual.csv", state: "whole" });
  });

  test("gives the hash that another program finds", () => {
    run();
    const [resource] = JSON.parse(fs.readFileSync(path.join(out, "datapackage.json"), "utf8")).resources;
    const { stdout } = spawnSync("sha256sum", [path.join(out, resource.path)], { encoding: "utf8" });
    expect(resource.hash).toBe(`sha256:${stdout.split(" ")[0]}`);
    expect(resource.bytes).toBe(fs.statSync(path.join(out, resource.path)).size);
  });

  test.each([
    ["nothing", undefined],
    ["no JSON", "{"],
    ["a package of another program", '{"resources": [{"path": "a.csv"}]}'],
    ["a package whose resources are no list", '{"gigafleet": {"version": "1"}, "resources": 5}'],
  ])("ends with 3 where the folder holds %s", (_, text) => {
    fs.mkdirSync(out);
    if (text !== undefined) fs.writeFileSync(path.join(out, "datapackage.json"), text);
    expect(verify()).toMatchObject({ code: 3, stdout: "" });
  });

  test("never leaves its folder", () => {
    fs.mkdirSync(out);
    const resources = [{ path: "../a.yaml" }, { path: "/etc/passwd" }];
    fs.writeFileSync(
      path.join(out, "datapackage.json"),
      JSON.stringify({ gigafleet: { version: "1" }, resources }),
    );
    expect(verify().stdout).toContain("intact, 0 files");
  });
});

describe("files of others", () => {
  test("a file that the program did not write is not replaced, and nothing is written", () => {
    fs.mkdirSync(out);
    fs.writeFileSync(path.join(out, "fleets.csv"), "name;chips\nmine;1\n");
    const { code, stderr } = run();
    expect(code).toBe(3);
    expect(stderr).toContain("Gigafleet did not write the file that is there");
    expect(list()).toEqual(["fleets.csv"]);
    expect(fs.readFileSync(path.join(out, "fleets.csv"), "utf8")).toBe("name;chips\nmine;1\n");
  });

  test("a picture that the program wrote is replaced by one of another size, another's is not", async () => {
    fs.mkdirSync(out);
    const picture = (head: string) => [{ name: "validation.svg", text: `<svg ${head}>\n</svg>\n` }];
    expect(await writeFiles(out, picture('viewBox="0 0 960 620"'))).toBeUndefined();
    expect(await writeFiles(out, picture('viewBox="0 0 960 992.5"'))).toBeUndefined();
    expect((await writeFiles(out, picture('id="mine"')))?.code).toBe("unwritable-output");
  });

  test("other files are written while a piece of one is awaited, and all are undone if that one fails", async () => {
    const seen: string[] = [];
    async function* slow(fault?: Error) {
      yield Buffer.from("one ");
      await new Promise((resolve) => setTimeout(resolve, 50));
      seen.push(...fs.readdirSync(out).filter((name) => name.startsWith(".quick.csv.")));
      if (fault) throw fault;
      yield Buffer.from("two");
    }
    const filesWith = (fault?: Error) => [
      { name: "slow.bin", text: slow(fault) },
      { name: "quick.csv", text: "a,b\n" },
      {
        name: "list.txt",
        text: (written: readonly { readonly name: string }[]) => written.map(({ name }) => name).join(),
      },
    ];
    const fault = await writeFiles(out, filesWith(Object.assign(new Error("full"), { code: "ENOSPC" })));
    expect(fault?.values).toEqual({
      file: path.join(out, "slow.bin"),
      reason: "no space left on the device",
    });
    expect(seen).toHaveLength(1);
    expect(fs.existsSync(out)).toBe(false);
    expect(await writeFiles(out, filesWith())).toBeUndefined();
    expect(fs.readFileSync(path.join(out, "slow.bin"), "utf8")).toBe("one two");
    expect(fs.readFileSync(path.join(out, "list.txt"), "utf8")).toBe("slow.bin,quick.csv");
  });

  test("draws of an earlier run stay, with a word; its other tables go, with a word", () => {
    expect(run("--draws", "d.csv").code).toBe(0);
    const table = path.join(out, "contracts.csv");
    const file = path.join(out, "datapackage.json");
    const written = JSON.parse(fs.readFileSync(file, "utf8"));
    fs.copyFileSync(path.join(out, "sites.csv"), table);
    const { hash } = written.resources.find(({ path: name }: { path: string }) => name === "sites.csv");
    written.resources.push({ name: "contracts", path: "contracts.csv", hash });
    fs.writeFileSync(file, JSON.stringify(written));
    const { code, stderr } = run();
    expect(code).toBe(0);
    expect(stderr).toContain("out: kept files of an earlier run: d.csv\n");
    expect(stderr).toContain(
      "out: removed tables of an earlier run that this one does not write: contracts.csv\n",
    );
    expect(list()).toContain("d.csv");
    expect(list()).not.toContain("contracts.csv");
  });

  test("what somebody changed is replaced with a word, and kept where the run does not write it", () => {
    run("--draws", "d.csv");
    fs.appendFileSync(path.join(out, "summary.csv"), "a note,,,\n");
    const { stderr } = run();
    expect(stderr).toContain(
      "out: replaced files that had changed since an earlier run wrote them: summary.csv\n",
    );
    expect(verify().code).toBe(0);
  });

  test("a link is not followed", () => {
    fs.mkdirSync(out);
    const target = path.join(folder, "target.txt");
    fs.writeFileSync(target, "keep");
    fs.symlinkSync(target, path.join(out, "summary.csv"));
    expect(run().code).toBe(3);
    expect(fs.readFileSync(target, "utf8")).toBe("keep");
  });
});

describe("what a killed process leaves", () => {
  const host = os.hostname().replace(/[^\w-]/g, "-");
  const boot = fs.existsSync("/proc/sys/kernel/random/boot_id")
    ? fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8)
    : "-";
  const put = (name: string, age = 0): string => {
    fs.mkdirSync(out, { recursive: true });
    const file = path.join(out, name);
    fs.writeFileSync(file, "half");
    const when = Date.now() / 1000 - age;
    fs.utimesSync(file, when, when);
    return name;
  };

  test("is cleared by the next run: of a dead process here at once, of another machine after a day", () => {
    put(`.summary.csv.${host}.${boot}.4194305.1.new`);
    put(`.summary.csv.elsewhere.${boot}.1.1.old`, 2 * 86_400);
    const kept = [
      put(`.summary.csv.elsewhere.${boot}.1.2.new`, 3600),
      put(".summary.csv.swp"),
      put(".hidden.1.new"),
    ];
    expect(run().code).toBe(0);
    expect(list().filter((name) => name.startsWith("."))).toEqual(kept.sort());
  });

  test("stays while its process lives", () => {
    const start = fs
      .readFileSync(`/proc/${process.pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")[19];
    const kept = put(`.summary.csv.${host}.${boot}.${process.pid}.${start}.new`);
    const gone = put(`.summary.csv.${host}.${boot}.${process.pid}.${Number(start) - 1}.new`);
    // A process of its own: one that lives has files of its own name.
    expect(gigafleetProcess(folder, ["run", "a.yaml", "--trials", "8", "--out", "out"]).code).toBe(0);
    expect(list()).toContain(kept);
    expect(list()).not.toContain(gone);
  });
});
