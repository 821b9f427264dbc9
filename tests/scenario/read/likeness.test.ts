/** A member that is like another one, but. */

import { describe, expect, test } from "vitest";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { findColumn } from "../../../src/analysis/results/results.ts";
import { compile } from "../../../src/compile/compile.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { faultsOf, load, loaded, scenarioText } from "../load-files.ts";

const CHIPS =
  "chips: { cheap: { like: gb300, price: 10 thousand USD }, cheaper: { like: cheap, network: 1 USD } }\n";

function fleets(...lines: readonly string[]): string {
  return `fleets:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

test("a chip has what it states, and the rest from the one it is like, with its source", () => {
  const { fields } = loaded(scenarioText({ chips: CHIPS }));
  expect(fields.get("chips.cheap.price")?.text).toBe("10 thousand USD");
  const power = fields.get("chips.cheaper.it_power");
  expect(power?.text).toBe("1 kW");
  expect(power?.origin).toMatchObject({
    declaredAt: "chips.gb300.it_power",
    source: "sheet",
    layer: "catalog",
  });
  expect(fields.get("chips.cheaper.price")?.text).toBe("10 thousand USD");
  expect(fields.get("chips.cheaper.network")?.text).toBe("1 USD");
});

test("an uncertain value is drawn once for both", () => {
  const chips = "chips: { a: { like: gb300, price: 10 to 20 thousand USD }, b: { like: a } }\n".replace(
    "10 to 20 thousand USD",
    "10 thousand USD to 20 thousand USD",
  );
  const text = fleets(
    "first: { chip: a, site: east, size: 5 chips, deliver: { at: 2026-03 } }",
    "second: { chip: b, site: east, size: 5 chips, deliver: { at: 2026-03 } }",
  );
  const plan = compile(loaded(scenarioText({ chips, fleets: text })));
  expect(plan.variables.map(({ key }) => key)).toEqual(["chips.a.price"]);
});

test("a fleet takes size, dates and site, but neither chip nor mix", async () => {
  const text = fleets(
    "first: { mix: { gb300: 50 %, trainium4: rest }, site: east, size: 100 chips, deliver: { from: 2026-03, to: 2026-06 } }",
    "second: { like: first, chip: trainium4, size: 40 chips }",
    "third: { like: second, chip: gb300, deliver: { at: 2026-05 } }",
  );
  const scenario = loaded(scenarioText({ fleets: text }));
  const { results } = await runPlain(scenario, createThreadRunner());
  const landed = (part: string) =>
    [...((results && findColumn(results, "part", "chips_landed", part)) ?? [])].slice(2, 6);
  expect(landed("second/trainium4")).toEqual([10, 10, 10, 10]);
  expect(landed("third/gb300")).toEqual([0, 0, 40, 0]);
});

test("a site takes everything that another site has", () => {
  const sites = `${scenarioText().match(/sites:[\s\S]*?(?=fleets:)/)?.[0]}  west: { like: east, power: 2 MW }\n`;
  const text = fleets("first: { chip: gb300, site: west, size: 5 chips, deliver: { at: 2026-03 } }");
  const { fields } = loaded(scenarioText({ sites, fleets: text }), {});
  expect(fields.get("sites.west.facility")?.text).toBe("12 USD/W");
  expect(fields.get("sites.west.power")?.text).toBe("2 MW");
});

test("a fleet that is like a rented one is rented, or says where it stands", () => {
  const rented =
    "first: { chip: gb300, tenure: rented, rent: 3 USD/chip/hour, rent_term: 2 years, size: 5 chips, deliver: { at: 2026-03 } }";
  const like = loaded(scenarioText({ fleets: fleets(rented, "second: { like: first, chip: trainium4 }") }));
  expect(like.fields.get("fleets.second.site")?.choice).toBe("elsewhere");
  const owned = load(
    scenarioText({ fleets: fleets(rented, "second: { like: first, chip: gb300, tenure: owned }") }),
  );
  expect(faultsOf(owned)).toContainEqual(
    expect.stringContaining("only rented chips stand there, and the fleet is owned"),
  );
});

describe("what is refused", () => {
  test.each([
    ["a: { like: a }", "it is like itself: a, a"],
    ["a: { like: b }, b: { like: c }, c: { like: a }", "it is like itself: a, b, c, a"],
    ["a: { like: gb200 }", "unknown chip `gb200`"],
    ["a: { like: gb300, price: 5 MW }", "needs a price per chip, got a power"],
  ])("%s", (chips, reason) => {
    const found = faultsOf(load(scenarioText({ chips: `chips: { ${chips} }\n` })));
    expect(found.filter((fault) => fault.includes(reason))).toHaveLength(1);
  });

  test("a default cannot be like anything", () => {
    const found = faultsOf(load(`${scenarioText()}defaults: { chips: { like: gb300 } }\n`));
    expect(found).toContainEqual(expect.stringContaining("unknown-key"));
  });
});
