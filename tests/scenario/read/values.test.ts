import { describe, expect, test } from "vitest";
import { faultsOf, load, loaded, scenarioText } from "../load-files.ts";

/** The scenario with one more line for its site: line 10. */
function withSite(line: string, more = ""): string {
  return scenarioText({ more: more ? `${more}\n` : "" }).replace("12 USD/W\n", `12 USD/W\n    ${line}\n`);
}

function faults(line: string, more = ""): string[] {
  return faultsOf(load(withSite(line, more)), true);
}

const DURATION = "a duration between 0 months and 120 months, such as `24 months`";
const STAFF =
  "a price per power and year between 0 USD/(W year) and 100 USD/(W year), such as `0.05 USD/(W year)`";

describe("units and ranges", () => {
  test.each([
    [
      "delay: 24",
      `a.yaml:10:12+2 missing-unit missing unit for \`sites.east.delay\`: needs a duration, got the bare number \`24\` | ${DURATION} | write the unit, such as \`24 months\``,
    ],
    [
      "delay: 24 MW",
      `a.yaml:10:12+5 unit-mismatch \`sites.east.delay\` needs a duration, got a power | ${DURATION} | -`,
    ],
    [
      "delay: 2026-01",
      `a.yaml:10:12+7 unit-mismatch \`sites.east.delay\` needs a duration, got a month | ${DURATION} | -`,
    ],
    [
      "delay: 11 years",
      `a.yaml:10:12+8 out-of-range \`sites.east.delay\` is out of range: needs a duration between 0 months and 120 months, got 132 months | ${DURATION} | -`,
    ],
    [
      "delay: 1 / 0 * 1 month",
      "a.yaml:10:12+15 not-finite invalid value `1 / 0 * 1 month` for `sites.east.delay`: not a finite number | - | -",
    ],
    [
      "delay: [1 month]",
      `a.yaml:10:12+9 invalid-type \`sites.east.delay\` needs a duration, got a list | ${DURATION} | -`,
    ],
    [
      "delay: { p5: 1 month, p50: 2 months, p95: 3 months, p99: 4 months }",
      "a.yaml:10:62+8 unknown-key unknown key `p99` in `sites.east.delay` | quantiles with p5, p50, p95; or p5, p95; or p10, p90 | did you mean `p95`?",
    ],
    [
      "delay: { low: 1 month }",
      `a.yaml:10:14+3 unknown-key unknown key \`low\` in \`sites.east.delay\` | ${DURATION} | a map needs keys such as \`value\`, \`distribution\`, \`p5\`, \`p10\`, \`p50\`, \`p90\` and others, or months as keys`,
    ],
    [
      "delay: { 2026-01: 1 month }",
      `a.yaml:10:12+20 invalid-table invalid table for \`sites.east.delay\`: the field does not vary by month, so it takes one value | ${DURATION} | -`,
    ],
    [
      "tenure: leasd",
      "a.yaml:10:13+5 invalid-value invalid value `leasd` for `sites.east.tenure`: it is not one of the choices | `owned` or `leased` | write `leased`",
    ],
    [
      "title: [a]",
      "a.yaml:10:12+3 invalid-type `sites.east.title` needs a text, got a list | a text, such as `AWS US East` | -",
    ],
  ])("%s", (line, expected) => {
    expect(faults(line)).toEqual([expected]);
  });

  test("a price per chip may leave out the chip", () => {
    const { fields } = loaded(scenarioText({ more: "chips: { gb300: { network: 5 thousand USD/chip } }\n" }));
    const [network, price] = ["network", "price"].map((field) => fields.get(`chips.gb300.${field}`));
    expect(network?.dimension).toBe("price_per_chip");
    expect(price?.dimension).toBe("price_per_chip");
  });

  test("a size chooses among its dimensions", () => {
    const dimension = (size: string) =>
      loaded(scenarioText().replace("100 chips", size)).fields.get("fleets.first.size")?.dimension;
    expect(["100 chips", "3 MW", "1 billion USD"].map(dimension)).toEqual(["chips", "power", "money"]);
    expect(faultsOf(load(scenarioText().replace("100 chips", "3 MWh")), true)).toEqual([
      "a.yaml:14:11+5 unit-mismatch `fleets.first.size` needs a number of chips or a power or an amount of money, got an energy | a number of chips or a power or an amount of money between 0 and 1e15, such as `200 thousand chips` | an energy is a power times a duration: is `3 MW` meant?",
    ]);
  });

  test("an interval whose median lies outside is refused, one that reaches out is cut with a warning", () => {
    expect(faults("electricity_growth: 90 % to 140 %")[0]).toContain("out-of-range");
    const result = load(withSite("electricity_growth: 20 % to 120 %"));
    expect(faultsOf(result)).toEqual([
      "a.yaml:10:25+13 truncated-distribution `sites.east.electricity_growth` is out of range with a chance of 9.5 %, cut to a fraction between -50 % and 100 %",
    ]);
    expect(result.scenario?.fields.get("sites.east.electricity_growth")?.expr).toMatchObject({
      admissible: [-0.5, 1],
    });
  });
});

describe("time", () => {
  test("start and years must be fixed", () => {
    const head = (text: string) =>
      faultsOf(load(scenarioText({ head: `schema_version: 1\n${text}\n` })), true);
    expect(head("start: 2026")).toEqual([
      "a.yaml:2:8+4 unit-mismatch `start` needs a month, got a plain number | a month between 2000-01 and 2100-01, such as `2026-01` | write `2026-01`",
    ]);
    expect(head("start: 2026-01 to 2026-06")).toEqual([
      "a.yaml:2:8+18 invalid-value invalid value `2026-01 to 2026-06` for `start`: it is uncertain, and this field is one fixed value | a month between 2000-01 and 2100-01, such as `2026-01` | -",
    ]);
    expect(head("start: 1999-12")[0]).toContain("2:8+7 out-of-range `start` is out of range");
    expect(head("start: 2026-01\nyears: 3.5")).toEqual([
      "a.yaml:3:8+3 invalid-value invalid value `3.5` for `years`: it is not a whole number | a whole number between 1 and 30, such as `8` | -",
    ]);
    expect(head("start: 2026-01\nyears: 40")[0]).toContain("3:8+2 out-of-range `years` is out of range");
  });

  test("an inflated amount leaves its range in the first month in which it does", () => {
    // 95 x 1.03^(months / 12) passes 100 after 20.8 months from July 2026, and 101 x it 4.04 months before.
    const staffOf = (value: string, year: number, rate: string) =>
      faults(`staff: { value: "${value}", currency_year: ${year} }`, `money: { inflation: ${rate} }`).map(
        (fault) => /got .* in \d{4}-\d\d/.exec(fault)?.[0],
      );
    expect(staffOf("95 USD/(W year)", 2026, "3 %")).toEqual(["got 100000 USD/(kW year) in 2028-04"]);
    expect(staffOf("90 USD/(W year)", 2026, "0 %")).toEqual([]);
    expect(staffOf("95 USD/(W year)", 2026, "-3 %")).toEqual([]);
    expect(staffOf("101 USD/(W year)", 2026, "3 %")[0]).toMatch(/in 2026-03$/);
  });

  test("the calendar is read where a field varies by month, and the range holds in every month of the horizon", () => {
    expect(
      loaded(withSite("staff: 0.05 USD/(W year) * calendar_year / 2026")).fields.get("sites.east.staff")?.expr
        ?.binding,
    ).toBe("month");
    expect(faults("staff: 1 USD/(W year) * (elapsed_months - 3)")).toEqual([
      `a.yaml:10:12+37 out-of-range \`sites.east.staff\` is out of range: needs a price per power and year between 0 USD/(W year) and 100 USD/(W year), got -3000 USD/(kW year) in 2026-01 | ${STAFF} | -`,
    ]);
    expect(faults("delay: elapsed_months * 1 month")[0]).toContain("10:12+14 forbidden-expression");
  });

  test("a name that varies by month is no use in a field that does not", () => {
    const [fault] = faults("delay: d", "let: { d: { 2026-01: 1 month, 2027-01: 2 months } }");
    expect(fault).toContain("a.yaml:10:12+1 forbidden-expression");
  });
});

describe("tables", () => {
  test("rows stand in order of their months, whatever the order of the file", () => {
    const expr = loaded(withSite("staff: { 2028-01: 2 USD/(W year), 2026-01: 1 USD/(W year) }")).fields.get(
      "sites.east.staff",
    )?.expr;
    expect(expr?.kind === "table" && expr.points.map((point) => point.month - 2026 * 12)).toEqual([0, 24]);
    expect(expr).toMatchObject({ interpolate: "step", before: "hold", binding: "month" });
  });

  test("values of one table share its variable", () => {
    const expr = loaded(
      withSite(
        "staff: { 2026-01: 1 USD/(W year) to 2 USD/(W year), 2027-01: 2 USD/(W year) to 3 USD/(W year) }",
      ),
    ).fields.get("sites.east.staff")?.expr;
    const variables =
      expr?.kind === "table"
        ? expr.points.map(({ value }) => value.kind === "distribution" && value.variable)
        : [];
    expect(variables).toEqual(["sites.east.staff", "sites.east.staff"]);
  });

  test("power goes from date to date where the site says so", () => {
    const text = withSite("interpolate: linear").replace(
      "power: 1 GW",
      "power: { 2026-01: 1 GW, 2027-01: 2 GW }",
    );
    expect(loaded(text).fields.get("sites.east.power")?.expr).toMatchObject({
      interpolate: "linear",
      before: "zero",
    });
  });

  test.each([
    [
      "staff: { 2026-1: 1 USD/(W year), 2027: 1 USD/(W year) }",
      [
        "a.yaml:10:14+6 invalid-date invalid month `2026-1` for `sites.east.staff` | - | write `2026-01`",
        "a.yaml:10:38+4 invalid-date invalid month `2027` for `sites.east.staff` | - | write `2027-01`",
      ],
    ],
    [
      "staff: { 2026-13: 1 USD/(W year) }",
      ["a.yaml:10:14+7 invalid-date invalid month `2026-13` for `sites.east.staff` | - | -"],
    ],
    [
      "staff: { 2026-01: 1 USD/(W year), interpolate: linear }",
      [
        "a.yaml:10:39+11 unknown-key unknown key `interpolate` in `sites.east.staff` | - | all keys of a table by month are months such as `2027-01`",
      ],
    ],
    [
      "staff: { 2026-01: { 2027-01: 1 USD/(W year) } }",
      [
        `a.yaml:10:23+27 invalid-type \`sites.east.staff\` needs a price per power and year, got a table within a table | ${STAFF} | -`,
      ],
    ],
    [
      "staff: { 2026-01: 1 USD/(W year), 2027-01: 1 }",
      [
        `a.yaml:10:48+1 invalid-table invalid table for \`sites.east.staff\`: its values have different dimensions, here a plain number | ${STAFF} | -`,
      ],
    ],
    [
      "staff: { 2026-01: 1, 2027-01: 1 USD/(W year) }",
      [
        `a.yaml:10:23+1 invalid-table invalid table for \`sites.east.staff\`: its values have different dimensions, here a plain number | ${STAFF} | -`,
      ],
    ],
    [
      "staff: { 2026-01: 1 }",
      [
        `a.yaml:10:23+1 missing-unit missing unit for \`sites.east.staff\`: needs a price per power and year, got the bare number \`1\` | ${STAFF} | write the unit, such as \`1 USD/(kW year)\``,
      ],
    ],
    [
      "staff: { 1900-01: 1 USD/(W year) }",
      [
        "a.yaml:10:23+14 out-of-range `sites.east.staff` is out of range: needs months between 2000-01 and 2150-12, got 1900-01 | - | -",
      ],
    ],
    [
      "staff: {}",
      [
        `a.yaml:10:12+2 invalid-type \`sites.east.staff\` needs a price per power and year, got an empty map | ${STAFF} | -`,
      ],
    ],
  ])("%s", (line, expected) => {
    expect(faults(line)).toEqual(expected);
  });
});

describe("annotated values", () => {
  test("a value carries its source; the value may be a table, an interval or a distribution", () => {
    for (const value of [
      "1 USD/(W year)",
      "1 USD/(W year) to 2 USD/(W year)",
      "{ 2026-01: 1 USD/(W year) }",
      "{ p5: 1 USD/(W year), p95: 2 USD/(W year) }",
    ]) {
      const field = loaded(
        withSite(
          `staff: { value: ${value}, source: a report, url: "https://x.org/y", as_of: 2026-03-01, quality: estimate, note: n }`,
        ),
      ).fields.get("sites.east.staff");
      expect(field?.text).toBe(value);
      expect(field?.origin).toMatchObject({
        source: "a report",
        url: "https://x.org/y",
        asOf: "2026-03-01",
        quality: "estimate",
        note: "n",
      });
    }
  });

  test("rows of a table may be annotated, and words too", () => {
    const { fields } = loaded(
      withSite(
        "staff: { 2026-01: { value: 1 USD/(W year), source: x } }\n    tenure: { value: owned, note: n }",
      ),
    );
    expect(fields.get("sites.east.staff")?.expr?.kind).toBe("table");
    expect(fields.get("sites.east.tenure")).toMatchObject({ choice: "owned", origin: { note: "n" } });
  });

  test("an amount in the money of a year is carried to its month", () => {
    const { fields } = loaded(withSite("staff: { value: 1 USD/(W year), currency_year: 2024 }"));
    expect(fields.get("sites.east.staff")?.expr).toMatchObject({
      kind: "inflated",
      currencyYear: 2024,
      binding: "month",
      amount: { kind: "number" },
    });
    const uncertain = loaded(
      withSite(
        "staff: { 2026-01: { value: 1 USD/(W year), currency_year: 2024 } }",
        "money: { inflation: 1 % to 3 % }",
      ),
    );
    expect(uncertain.fields.get("sites.east.staff")?.expr).toMatchObject({
      kind: "table",
      binding: "month-trial",
    });
  });

  test.each([
    [
      "staff: { source: x }",
      [
        "a.yaml:10:12+13 missing-field missing `value` in `sites.east.staff` | - | write the value itself under `value`",
      ],
    ],
    [
      "staff: { value: 1 USD/(W year), sorce: x }",
      [
        "a.yaml:10:37+5 unknown-key unknown key `sorce` in `sites.east.staff` | `value`, `source`, `url`, `as_of`, `quality`, `note` and `currency_year` | -",
      ],
    ],
    [
      "staff: { value: 1 USD/(W year), quality: offical }",
      [
        "a.yaml:10:46+7 invalid-value invalid value `offical` for `sites.east.staff.quality`: it is not a quality | `official` | -",
      ],
    ],
    [
      "staff: { value: 1 USD/(W year), url: x }",
      [
        "a.yaml:10:42+1 invalid-value invalid value `x` for `sites.east.staff.url`: it is not a web address | `https://…` | -",
      ],
    ],
    [
      "staff: { value: 1 USD/(W year), as_of: May }",
      [
        "a.yaml:10:44+3 invalid-value invalid value `May` for `sites.east.staff.as_of`: it is not a date | `2026-03` or `2026-03-01` | -",
      ],
    ],
    [
      "pue: { value: 1.2, currency_year: 2024 }",
      [
        "a.yaml:6:19+3 invalid-value invalid value `2024` for `sites.east.pue.currency_year`: only an amount of money takes one | - | -",
      ],
    ],
  ])("%s", (line, expected) => {
    const text = line.startsWith("pue:") ? scenarioText().replace("pue: 1.15", line) : withSite(line);
    const found = faultsOf(load(text), true);
    expect(found).toEqual(expected);
  });
});

describe("texts for people", () => {
  const longest = "long ".repeat(1_000);
  const described = (text: string) => scenarioText({ more: `description: "${text}"\n` });

  test("are read whole, though other values are cut where they are shown", () => {
    expect(loaded(described(longest)).fields.get("description")?.text).toBe(longest);
    const { note, source } =
      loaded(withSite(`delay: { value: 2 months, source: "${longest}", note: "${longest}" }`)).fields.get(
        "sites.east.delay",
      )?.origin ?? {};
    expect([source, note]).toEqual([longest, longest]);
  });

  test("have a length that is refused above its limit, not cut", () => {
    const fault = (path: string) =>
      `too-large the text of \`${path}\` is out of range: 5001 characters, at most 5000 characters | - | say it shorter, or name a document`;
    const found = [
      ...faultsOf(load(described(`${longest}x`)), true),
      ...faults(`delay: { value: 2 months, note: "${longest}x" }`),
    ];
    expect(found.map((one) => one.slice(one.indexOf(" ") + 1))).toEqual([
      fault("description"),
      fault("sites.east.delay.note"),
    ]);
  });
});

describe("the catalog's figures", () => {
  const chip = (line: string) => `chips:\n  bad:\n    title: no figure\n    bf16: ${line}\n`;
  const sources = (line: string) =>
    faultsOf(
      // The catalog's chips are read where a scenario mentions them.
      load(
        { "a.yaml": `description: of bad\n${scenarioText()}`, "more.yaml": chip(line) },
        { catalog: ["catalog.yaml", "more.yaml"] },
      ),
      true,
    ).filter((fault) => fault.includes("missing-source"));

  test.each([
    [
      "1 PFLOPS",
      "more.yaml:4:11+8 missing-source missing source for `chips.bad.bf16` | - | write `{ value: …, source: …, as_of: …, quality: …, url: … }`",
    ],
    [
      "{ value: 1 PFLOPS, source: x, as_of: 2026-01, quality: official }",
      "more.yaml:4:11+65 missing-source missing source for `chips.bad.bf16` | - | add `url`",
    ],
    [
      "{ value: 1 PFLOPS, source: x, as_of: 2026-01, quality: assumed }",
      "more.yaml:4:11+64 missing-source missing source for `chips.bad.bf16` | - | add `note`",
    ],
  ])("%s lacks something", (line, expected) => {
    expect(sources(line)).toEqual([expected]);
  });

  test("what is derived or assumed needs its reasoning, and no address", () => {
    expect(
      sources("{ value: 1 PFLOPS, source: x, as_of: 2026-01, quality: assumed, note: half of the next }"),
    ).toEqual([]);
    expect(
      sources('{ value: 1 PFLOPS, source: x, as_of: 2026-01, quality: reported, url: "https://x.org" }'),
    ).toEqual([]);
  });
});

describe("let", () => {
  test("definitions stand in reading order, whatever their shape", () => {
    const more =
      "let:\n  total: part + 1 month\n  part: { value: 3 months, source: total of part, quality: assumed }\n  table: { 2026-01: total }\n  unsure: { distribution: pert, min: 1, mode: 2, max: 3 }";
    const { lets } = loaded(
      withSite("delay: total * unsure\n    staff: 1 USD/(W year) * (table / 1 month)", more),
    );
    expect(lets.map(({ path }) => path)).toEqual(["let.part", "let.unsure", "let.total", "let.table"]);
    expect(lets.map(({ expr }) => expr?.binding)).toEqual(["constant", "trial", "constant", "month"]);
  });

  test("a fault in a definition is reported once, not where it is read", () => {
    expect(faults("delay: first + other", "let: { first: 3 mnths, other: third, third: other }")).toEqual([
      "a.yaml:17:17+5 unknown-unit unknown unit `mnths` for `let.first` | - | write `3 months`",
      expect.stringContaining("a.yaml:17:24+5 circular-let"),
    ]);
  });

  test("an unknown unit says what the field takes", () => {
    expect(faults("delay: 3M")).toEqual([
      expect.stringContaining(`unknown unit \`M\` for \`sites.east.delay\` | ${DURATION} |`),
    ]);
    expect(faults("staff: { 2026-01: 3M }")).toEqual([expect.stringContaining(`| ${STAFF} |`)]);
  });

  test("a name that is a unit or a function is refused", () => {
    expect(
      faults("delay: 1 month", "let: { h: 3, min: 4, Big: 2 }").map((fault) => fault.split(" | ")[0]),
    ).toEqual([
      "a.yaml:17:8+1 invalid-name invalid name `h`: it is a unit, a function or a word of the language",
      "a.yaml:17:14+3 invalid-name invalid name `min`: it is a unit, a function or a word of the language",
      "a.yaml:17:22+3 invalid-name invalid name `Big`: names are lower-case letters, digits and `_`, with a letter first",
    ]);
  });
});

describe("what a first scenario gets wrong is answered with how to write it", () => {
  test.each([
    ["deliver: 2026-03", "write the month under `from`, `to` or `at`, as in `deliver: { at: 2026-03 }`"],
    ["deliver: soon", "such as `deliver: { from: "],
    ["life: 5", "write the unit, such as `5 years` or `5 months`"],
  ])("%s", (line, help) => {
    const text = scenarioText().replace(/^ {4}size: 100 chips$/m, `    size: 100 chips\n    ${line}`);
    const without = text.replace(/^ {4}deliver: \{.*\n/m, line.startsWith("deliver") ? "" : "$&");
    expect(faultsOf(load(without), true).join("\n")).toContain(help);
  });

  test("entries as a list", () => {
    const listed = (lines: string) => faultsOf(load(scenarioText({ more: lines })), true).join("\n");
    expect(listed("contracts:\n  - { name: big, term: 3 years }\n")).toContain(
      "write each entry under its name, as in `contracts: { big: { ... } }`",
    );
    expect(listed("models: [{ layers: 10 }]\n")).toContain("as in `models: { NAME: { ... } }`");
  });

  test("a call that YAML cuts at its comma", () => {
    const cut = faultsOf(load(scenarioText({ more: "let: { rate: normal(1, 5), other: 2 }\n" })), true);
    expect(cut.join("\n")).toContain("so write one with a comma in quotes there");
    const open = faultsOf(load(scenarioText({ more: "let: { rate: (1 + 2 }\n" })), true);
    expect(open.join("\n")).toContain("close every bracket");
    const quoted = faultsOf(load(scenarioText({ more: 'let: { rate: "normal(1, 5)" }\n' })), true);
    expect(quoted.join("\n")).not.toContain("invalid-expression");
  });
});
