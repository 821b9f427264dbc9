import { expect, test } from "vitest";
import { drawNamed, type ScreenColumn } from "../../../src/cli/screens/draw-columns.ts";

const column = (...cells: string[]): ScreenColumn => ({ side: "right", cells });

test("a name that fits stands beside its cells, a longer one above them", () => {
  const columns = [column("x".repeat(70), "1"), column("b", "2")];
  // 70 and 1 and a blank before each leave seven.
  expect(drawNamed(["figure", "seven77"], columns)).toEqual([
    `figure  ${"x".repeat(70)} b`,
    `seven77 ${" ".repeat(69)}1 2`,
  ]);
  expect(drawNamed(["figure", "eight888"], columns)).toEqual([
    `figure  ${"x".repeat(70)} b`,
    "eight888",
    `${" ".repeat(8 + 69)}1 2`,
  ]);
});

test("columns that alone are too wide have all names above them", () => {
  const wide = "9".repeat(90);
  expect(drawNamed(["figure", "cost"], [column("a", wide)])).toEqual([
    "figure",
    `${" ".repeat(90)}a`,
    "cost",
    ` ${wide}`,
  ]);
});
