import { describe, expect, test } from "vitest";
import { faultsOf, load, loaded, scenarioText } from "../load-files.ts";

/** A fleet with these lines; they begin at line 14. */
function withFleet(...lines: readonly string[]): string {
  const fleets = [
    "fleets:",
    "  first:",
    "    site: east",
    "    size: 1 GW",
    ...lines.map((line) => `    ${line}`),
    "",
  ].join("\n");
  return scenarioText({ fleets });
}

function faults(...lines: readonly string[]): string[] {
  return faultsOf(load(withFleet(...lines)), true);
}

/** Of a fleet whose deliveries say how many chips it has. */
function faultsWithoutSize(...lines: readonly string[]): string[] {
  return faultsOf(load(withFleet(...lines).replace("    size: 1 GW\n", "")), true);
}

const AT = "deliver: { at: 2026-03 }";

describe("chip or mix", () => {
  test("exactly one of them", () => {
    expect(faults("chip: gb300", "mix: { gb300: 100 % }", AT)).toEqual([
      "a.yaml:15:5+3 conflict-fields conflict in `fleets.first`: `chip` and `mix` exclude each other | - | -",
    ]);
    expect(faults(AT)).toEqual([
      "a.yaml:11:3+5 missing-field missing `chip` in `fleets.first` | - | name a `chip`, or give a `mix`",
    ]);
  });

  test("where another layer gave the first, the help says how to drop it", () => {
    const files = {
      "a.yaml": "extends: b.yaml\nfleets: { first: { mix: { gb300: rest } } }\n",
      "b.yaml": scenarioText(),
    };
    expect(faultsOf(load(files), true)).toEqual([
      "a.yaml:2:20+3 conflict-fields conflict in `fleets.first`: `chip` and `mix` exclude each other | - | to drop what `b.yaml` says, write `chip: null` here",
    ]);
  });

  test.each([
    [
      "chip: gb300",
      "26+5 conflict-fields conflict in `fleets.first`: `chip` and `mix` exclude each other | - | to drop what `b.yaml` says, write `mix: null` here",
    ],
    [
      "deliver: { chips: { 2026-03: 9 chips } }",
      "38+20 conflict-fields conflict in `fleets.first`: `size`, `deliver.at` and `deliver.chips` exclude each other | - | to drop what `b.yaml` says, write `size: null` and `deliver: { at: null }` here",
    ],
  ])("the same for %s over a file that gives it otherwise", (later, fault) => {
    const files = {
      "a.yaml": `extends: b.yaml\nfleets: { first: { ${later} } }\n`,
      "b.yaml": withFleet("mix: { gb300: rest }", AT),
    };
    expect(faultsOf(load(files), true)).toEqual([`a.yaml:2:${fault}`]);
  });
});

describe("shares of a mix", () => {
  test.each([
    ["{ gb300: 40 %, trainium4: 0.6 }", undefined],
    ["{ gb300: 40 %, trainium4: rest }", undefined],
    ["{ gb300: rest }", undefined],
    ["{ gb300: 40 % to 60 %, trainium4: rest }", undefined],
    ["{ gb300: { share: 30 % }, trainium4: { share: { value: rest, note: n } } }", undefined],
    ["{ gb300: { p5: 30 %, p95: 40 % }, trainium4: rest }", undefined],
    ["{ gb300: 40 %, trainium4: 50 % }", "the shares add to 90 %"],
    ["{ gb300: 40 %, trainium4: 60.0001 % }", "the shares add to 100.0001 %"],
    ["{ gb300: rest, trainium4: rest }", "more than one part is `rest`: `gb300` and `trainium4`"],
    ["{ gb300: 40 % to 60 %, trainium4: 50 % }", "the share of `gb300` is uncertain and no part is `rest`"],
    ["{}", "it has no chips"],
    ["{ gb300: { deliver: { at: 2026-01 } }, trainium4: rest }", "`gb300` has no share"],
  ])("%s", (mix, reason) => {
    const found = faultsOf(load(withFleet(`mix: ${mix}`, AT)));
    expect(found).toEqual(
      reason === undefined
        ? []
        : [`a.yaml:14:5+3 invalid-mix invalid mix for \`fleets.first.mix\`: ${reason}`],
    );
  });

  test("constant shares above one leave nothing for the rest", () => {
    const mix = {
      "a.yaml": withFleet("mix: { gb300: 70 %, trainium4: 60 %, h100: rest }", AT),
      "h.yaml": "",
    };
    expect(faultsOf(load(mix)).at(0)).toBe(
      "a.yaml:14:5+3 invalid-mix invalid mix for `fleets.first.mix`: the shares add to 130 %, which leaves nothing for `rest`",
    );
  });

  test("a share is a fraction of a known chip", () => {
    expect(faults("mix: { gb300: 40 MW, trainium4: rest, gb30: 3 % }", AT)).toEqual([
      "a.yaml:14:19+5 unit-mismatch `fleets.first.mix.gb300` needs a fraction or `rest`, got a power | a fraction or `rest` between 0 % and 100 %, such as `55 %` | -",
      "a.yaml:14:43+4 unknown-chip `fleets.first.mix` names an unknown chip `gb30` | `gb300` | `gigafleet catalog` lists the chips; others are defined under `chips`",
    ]);
    expect(faults("mix: { gb300: 140 %, trainium4: rest }", AT)[0]).toContain(
      "out-of-range `fleets.first.mix.gb300`",
    );
  });

  test("a member states a delivery of its own", () => {
    const { fields } = loaded(
      withFleet(
        "mix: { gb300: { share: 40 %, deliver: { from: 2026-01, to: 2026-06 } }, trainium4: rest }",
        AT,
      ),
    );
    expect([...fields.keys()].filter((path) => path.startsWith("fleets.first.mix"))).toEqual([
      "fleets.first.mix.gb300",
      "fleets.first.mix.gb300.deliver.from",
      "fleets.first.mix.gb300.deliver.to",
      "fleets.first.mix.trainium4",
    ]);
    expect(fields.get("fleets.first.mix.trainium4")).toMatchObject({ rest: true, text: "rest" });
    expect(faults("mix: { gb300: { share: 40 %, delver: { at: 2026-01 } }, trainium4: rest }", AT)).toEqual([
      "a.yaml:14:34+6 unknown-key unknown key `delver` in `fleets.first.mix.gb300` | `deliver` | -",
    ]);
  });
});

describe("deliveries", () => {
  test("in exactly one way", () => {
    expect(faults("chip: gb300")).toEqual([
      "a.yaml:11:3+5 missing-field missing `deliver` in `fleets.first` | - | write `deliver: { from: 2026-01, to: 2026-12 }`, `{ at: 2026-06 }` or a `schedule`",
    ]);
    expect(faults("chip: gb300", "deliver: { at: 2026-01, from: 2026-01, to: 2026-02 }")).toEqual([
      "a.yaml:15:48+7 conflict-fields conflict in `fleets.first.deliver`: `at`, `from` and `to` exclude each other | - | -",
    ]);
    expect(faults("chip: gb300", "deliver: { schedule: { 2026-01: 100 % }, at: 2026-01 }")).toEqual([
      "a.yaml:15:26+18 conflict-fields conflict in `fleets.first.deliver`: `at` and `schedule` exclude each other | - | -",
    ]);
    expect(faults("chip: gb300", "deliver: { from: 2026-01 }")).toEqual([
      "a.yaml:15:5+7 missing-field missing `to` in `fleets.first.deliver` | - | `from` and `to` go together; a single month is `at`",
    ]);
  });

  test("the last month does not lie before the first", () => {
    expect(faults("chip: gb300", "deliver: { from: 2026-05, to: 2026-04 }")).toEqual([
      "a.yaml:15:35+7 invalid-value invalid value `2026-04` for `fleets.first.deliver.to`: it lies before `from`, 2026-05 | - | write `2026-05` or a later month",
    ]);
  });

  test("a schedule does not fall", () => {
    expect(faults("chip: gb300", "deliver: { schedule: { 2026-01: 50 %, 2026-06: 40 % } }")).toEqual([
      "a.yaml:15:52+4 invalid-table invalid table for `fleets.first.deliver.schedule`: the share falls to 40 % in 2026-06, and shares are cumulative | - | write `50 %` or more: what was delivered is not taken back",
    ]);
  });

  test("a mix whose members all say when needs no delivery of the fleet", () => {
    const member = "{ share: 50 %, deliver: { at: 2026-01 } }";
    expect(faults(`mix: { gb300: ${member}, trainium4: ${member} }`)).toEqual([]);
    expect(faults(`mix: { gb300: ${member}, trainium4: rest }`)[0]).toContain("missing `deliver`");
  });

  test("a successor lands before what it replaces retires", () => {
    expect(
      faults("chip: gb300", AT, "life: 12 months", "replacement: { with: gb300, lead: 12 months }"),
    ).toEqual([
      "a.yaml:17:39+9 invalid-value invalid value `12 months` for `fleets.first.replacement.lead`: it must be shorter than the chips' `life` | - | -",
    ]);
  });
});

describe("sites", () => {
  const site = (fields: string) =>
    faultsOf(load(scenarioText({ sites: `sites:\n  east: { power: 1 GW, ${fields} }\n` })), true);

  test("PUE and electricity are needed after defaults", () => {
    expect(site("facility: 12 USD/W")).toEqual([
      "a.yaml:4:3+4 missing-field missing `pue` in `sites.east` | - | add it here or under `defaults.sites`",
      "a.yaml:4:3+4 missing-field missing `electricity` in `sites.east` | - | add it here or under `defaults.sites`",
    ]);
  });

  test("tenure needs its price", () => {
    const rest = "pue: 1.1, pue_design: 1.2, electricity: 1 USD/MWh";
    expect(site(rest)[0]).toContain("missing `facility` in `sites.east` | - | `tenure: owned` needs it");
    expect(site(`${rest}, tenure: leased`)[0]).toContain(
      "missing `lease` in `sites.east` | - | `tenure: leased` needs it",
    );
    expect(site(`${rest}, tenure: leased, lease: 150 USD/(kW month)`)).toEqual([]);
  });

  test("a design PUE that is absent is the yearly mean, with a warning, unless that varies by month", () => {
    expect(site("facility: 12 USD/W, electricity: 1 USD/MWh, pue: 1.1 to 1.2")).toEqual([
      "a.yaml:4:73+10 defaulted-pue-design missing `pue_design` in `sites.east`: `pue`, 1.1 to 1.2, is used | - | -",
    ]);
    expect(site("facility: 12 USD/W, electricity: 1 USD/MWh, pue: { 2026-01: 1.1, 2027-01: 1.2 }")).toEqual([
      "a.yaml:4:3+4 missing-field missing `pue_design` in `sites.east` | - | `pue` varies by month, so it cannot serve as the design value",
    ]);
    const { fields } = loaded(
      scenarioText().replace("    pue_design: 1.25\n", "").replace("pue: 1.15", "pue: 1.1 to 1.2"),
    );
    expect(fields.get("sites.east.pue_design")).toMatchObject({
      path: "sites.east.pue_design",
      origin: { declaredAt: "sites.east.pue" },
    });
  });
});

describe("warnings", () => {
  const WEST =
    "  west: { power: 1 GW, pue: 1.1, pue_design: 1.2, electricity: 1 USD/MWh, facility: 1 USD/W }\n";
  const sites = scenarioText({ head: "", fleets: "" }) + WEST;

  test("a site without a fleet and a name that nothing reads", () => {
    const more =
      "let: { used: 1 month, read_by_override: 2 months, unread: used }\noverrides: { x: { sites.east.delay: read_by_override } }\n";
    expect(faultsOf(load(scenarioText({ sites, more })))).toEqual([
      "a.yaml:10:3+4 unused-site unused site `west`: no fleet is placed there",
      "a.yaml:17:51+6 unused-name unused name `unread`",
    ]);
  });

  test("names of a base are an offer", () => {
    const files = {
      "a.yaml": "extends: b.yaml\nlet: { spare: 1 }\n",
      "b.yaml": scenarioText({ more: "let: { offer: 1 }\n" }),
    };
    expect(faultsOf(load(files))).toEqual(["a.yaml:2:8+5 unused-name unused name `spare`"]);
  });

  test("what an override of a base gives, once it is applied", () => {
    const files = {
      "a.yaml": "extends: b.yaml\n",
      "b.yaml": scenarioText({ more: "overrides: { x: { let.offer: 1 }, y: { let.gone: null } }\n" }),
    };
    expect(faultsOf(load(files))).toEqual([]);
    expect(faultsOf(load(files, { overrides: ["x", "y"] }))).toEqual([
      "b.yaml:16:23+5 unused-name unused name `offer`",
    ]);
  });

  test("a name that changes read counts, wherever it is given", () => {
    const more = "let: { lag: 1 month }\nmixes: { x: { sites.east.delay: lag } }\n";
    expect(faultsOf(load(scenarioText({ more })))).toEqual([]);
    const own = "overrides: { x: { let.lag: 1 month, sites.east.delay: lag } }\n";
    expect(faultsOf(load(scenarioText({ more: own }), { overrides: ["x"] }))).toEqual([]);
    const sets = ["let.late=2 months", "sites.east.delay=late"];
    expect(faultsOf(load(scenarioText(), { sets }))).toEqual([]);
    expect(faultsOf(load(scenarioText(), { sets: sets.slice(0, 1) }), true)).toEqual([
      "--set:1:5+4 unused-setting unused name `late`: nothing reads it, so setting `let.late` changes nothing | - | -",
    ]);
  });

  test("a later layer that changes the tenure, or when a chip is there, leaves no field unused", () => {
    const overrides = { overrides: ["x"] };
    const leased = "overrides: { x: { sites.east: { tenure: leased, lease: 100 USD/(kW month) } } }\n";
    expect(faultsOf(load(scenarioText({ leased }), overrides))).toEqual([]);
    const late = "overrides: { x: { chips.gb300.available_from: 2026-09 } }\n";
    expect(faultsOf(load(scenarioText({ late }), overrides))).toEqual([]);
  });

  test("what is dated after the horizon", () => {
    const text = withFleet("chip: gb300", "deliver: { at: 2050-01 }").replace(
      "power: 1 GW",
      "power: { 2040-01: 1 GW, 2041-01: 2 GW }",
    );
    expect(faultsOf(load(text))).toEqual([
      "a.yaml:5:12+32 without-effect `sites.east.power` has all 2 dates outside the horizon 2026-01 to 2033-12, unused",
      "a.yaml:15:20+7 without-effect `fleets.first.deliver.at` has its month 2050-01 outside the horizon 2026-01 to 2033-12, unused",
    ]);
  });

  test("a warning may be allowed, an error and an unknown code may not", () => {
    expect(load(scenarioText({ sites, allow: "allow: [unused-site]\n" })).diagnostics).toEqual([]);
    expect(
      faultsOf(load(scenarioText({ sites, allow: "allow: [unused-sites, missing-unit]\n" })), true),
    ).toEqual([
      "a.yaml:10:3+4 unused-site unused site `west`: no fleet is placed there | - | -",
      "a.yaml:17:8+28 unknown-warning unknown warning `unused-sites` in `allow` | `unused-site`, `unused-field` or `unused-name` | -",
      "a.yaml:17:8+28 unknown-warning unknown warning `missing-unit` in `allow` | one of `unused-site`, `unused-contract`, `unreachable-contract`, `unused-name`, `without-effect` and others | it is an error, and errors cannot be allowed",
    ]);
  });
});

describe("a fleet that retires as a whole", () => {
  const chip = "chip: gb300";

  test("may do so after its first delivery", () => {
    expect(faults(chip, AT, "retire: 2026-04")).toEqual([]);
  });

  test("has had chips before", () => {
    const [fault] = faults(chip, AT, "retire: 2026-03");
    expect(fault).toContain("a.yaml:16:13+7 invalid-value invalid value `2026-03` for `fleets.first.retire`");
    expect(fault).toContain("it retires before its first chips land");
  });

  test.each([
    ["schedule: { 2026-02: 0 %, 2026-04: 50 %, 2026-06: 100 % }", faults],
    ["chips: { 2026-01: 0 chips, 2026-Q2: 30 chips }", faultsWithoutSize],
  ] as const)("has had chips before: %s", (delivery, found) => {
    const [fault] = found(chip, `deliver: { ${delivery} }`, "retire: 2026-04");
    expect(fault).toContain("it retires before its first chips land");
    expect(found(chip, `deliver: { ${delivery} }`, "retire: 2026-05")).toEqual([]);
  });

  test.each([
    ["{ share: 50 %, deliver: { at: 2029-01 } }", "2029-01", "2029-02"],
    ["{ share: 50 %, deliver: { from: 2029-01, to: 2029-12 } }", "2028-06", "2029-02"],
    ["{ share: 50 %, deliver: { schedule: { 2028-01: 0 %, 2029-01: 100 % } } }", "2029-01", "2029-02"],
  ])("has had chips of each kind before: %s", (member, retire, later) => {
    const mix = `mix: { gb300: rest, trainium4: ${member} }`;
    const [fault, ...others] = faults(mix, AT, `retire: ${retire}`);
    expect(others).toEqual([]);
    expect(fault).toContain("it retires before the first of its `trainium4` land");
    expect(faults(mix, AT, `retire: ${later}`)).toEqual([]);
  });

  test("needs no delivery of its own where every member of its mix has one", () => {
    const mix =
      "mix: { gb300: { share: rest, deliver: { at: 2027-01 } }, trainium4: { share: 50 %, deliver: { at: 2027-03 } } }";
    expect(faults(mix, "retire: 2027-03")[0]).toContain("the first of its `trainium4` land");
    expect(faults(mix, "retire: 2027-04")).toEqual([]);
  });

  test("is not said to be replaced where its deliveries are faulty", () => {
    expect(faultsWithoutSize(chip, "deliver: { chips: { 2026-01: 0 chips } }", "retire: 2026-05")).toEqual([
      expect.stringContaining("no month has any chips"),
    ]);
  });

  test("is replaced by nothing", () => {
    const [fault] = faults(chip, AT, "retire: 2028-01", "replacement: { with: gb300 }");
    expect(fault).toContain("chips of the same fleet replace those that retire, so they would retire too");
    expect(fault).toContain("give the successors a fleet of their own");
  });

  test("owns its chips", () => {
    const lease = ["tenure: leased", "lease: 900 USD/chip/month", "lease_term: 4 years"];
    const [fault] = faults(chip, AT, ...lease, "retire: 2028-01");
    expect(fault).toContain("leased chips leave at the end of their term");
    expect(fault).toContain("leave `retire` out: the chips leave at the end of `lease_term`");
  });
});
