import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { gigafleet, makeFolder } from "./gigafleet.ts";

const readme = fs.readFileSync("README.md", "utf8");

test("the README has every command", () => {
  const { stdout } = gigafleet(process.cwd(), ["--help"]);
  const [list = ""] = stdout.split("Examples:");
  const commands = [...list.matchAll(/^ {2}gigafleet ([a-z]+) /gm)].map(([, name]) => name ?? "");
  expect(commands).toContain("run");
  expect(commands.filter((name) => !readme.includes(`\n| \`${name}`))).toEqual([]);
});

test("the README shows what the reference scenario prints today (UPDATE=1 rewrites it)", () => {
  const folder = makeFolder();
  fs.symlinkSync(path.resolve("scenarios"), path.join(folder, "scenarios"));
  const { code, stdout } = gigafleet(folder, ["run", "scenarios/openai-aws.yaml"]);
  expect(code).toBe(0);
  const block = /(?<=```\n)OpenAI on AWS\n[\s\S]*?(?=```\n)/;
  if (process.env.UPDATE)
    fs.writeFileSync(
      "README.md",
      readme.replace(block, () => stdout),
    );
  expect(process.env.UPDATE ? stdout : block.exec(readme)?.[0]).toBe(stdout);
});
