import type { NumberTable } from "../../charts/kit/picture.ts";
import { type ShownField, showFields } from "../../scenario/describe/show.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Section } from "./page.ts";

/** How a report was made: what stands in it and decides its bytes. */
export type Origin = {
  readonly version: string;
  /** The canonical command: no path, threads or time. */
  readonly command: string;
  /** Every file read, with its SHA-256. */
  readonly files: readonly { readonly file: string; readonly sha256: string }[];
  /** Changes made on the command line or by overrides. */
  readonly changes: readonly { readonly path: string; readonly old: string; readonly new: string }[];
};

/** Sections of a scenario as a reader calls them, in the order of the report. */
const TITLES: Readonly<Record<string, string>> = {
  let: "Named values",
  sites: "Sites",
  fleets: "Fleets",
  chips: "Chips",
  models: "Models",
  stacks: "Serving stacks",
  workloads: "Work",
  contracts: "Contracts",
  financing: "Financing",
  debt: "Debt",
  tax: "Tax",
  provider: "Provider",
  buyer: "Buyer",
  money: "Money",
  start: "First month",
  years: "Horizon",
  defaults: "Defaults for all",
};

/** Every input with its value, quality and source, once where it is declared; those of nobody's making are left out. */
export function assumptionsSection(scenario: Scenario): Section {
  const declared = new Map<string, ShownField>();
  // A value of the catalog, or a default, gives many fields: evaluating each of them for a line that is shown once takes long.
  for (const field of showFields(scenario, ({ origin }) => !declared.has(origin.declaredAt))) {
    if (isInput(field)) declared.set(field.declaredAt, field);
  }
  return {
    id: "assumptions",
    title: "Assumptions",
    lead: "Every input with its value, quality and source. Nothing here is advice; values marked assumed were not published.",
    note: countQualities([...declared.values()]),
    folded: inputTables([...declared.values()]),
  };
}

/** Whether a field is more than a word of nobody's making, such as a title. */
export function isInput({ plain, source, quality }: ShownField): boolean {
  return plain !== "" || source !== "" || quality !== "";
}

/** How many inputs there are of each quality. */
export function countQualities(fields: readonly ShownField[]): string {
  const counts = new Map<string, number>();
  for (const { quality } of fields) counts.set(quality, (counts.get(quality) ?? 0) + 1);
  const counted = ["official", "reported", "derived", "estimate", "assumed"]
    .filter((quality) => counts.has(quality))
    .map((quality) => `${counts.get(quality)} ${quality}`);
  const unmarked = counts.get("") ?? 0;
  return `${fields.length} inputs: ${[...counted, `${unmarked} without a stated quality`].join(", ")}.`;
}

/** Inputs by section, each in the order of the lines that declare them. */
export function inputTables(fields: readonly ShownField[]): NonNullable<Section["folded"]> {
  const groups = new Map<string, ShownField[]>();
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  for (const field of [...fields].sort((a, b) => order(a.declaredAt, b.declaredAt))) {
    const [group] = field.declaredAt.split(".", 1);
    const own = groups.get(group);
    if (own) own.push(field);
    else groups.set(group, [field]);
  }
  const titled = [
    ...Object.keys(TITLES).filter((name) => groups.has(name)),
    ...[...groups.keys()].filter((name) => !(name in TITLES)),
  ];
  return titled.map((name) => {
    const list = groups.get(name) ?? [];
    return { title: `${TITLES[name] ?? name} (${list.length})`, table: inputTable(list) };
  });
}

function inputTable(list: readonly ShownField[]): NumberTable {
  const text = (name: string) => ({ name, isText: true });
  return {
    caption: "Inputs as written, at their medians, with quality and source",
    columns: [{ name: "Field" }, text("Written"), text("Median"), text("Quality"), text("Source")],
    rows: list.map(({ declaredAt, text: written, plain, quality, source }) => [
      declaredAt,
      written,
      plain === written ? "" : plain,
      quality,
      source,
    ]),
  };
}

/** The command that makes the report again, the program's version, and the hashes of what was read. */
export function againSection({ command, version, files, changes }: Origin): Section {
  const changed =
    changes.length === 0
      ? []
      : [
          {
            title: `Changes (${changes.length})`,
            table: {
              caption: "Values that the command changed",
              columns: [{ name: "Field" }, { name: "Was", isText: true }, { name: "Is", isText: true }],
              rows: changes.map((one) => [one.path, one.old, one.new]),
            },
          },
        ];
  return {
    id: "again",
    title: "Run it again",
    lead: "This command writes the same tables and the same report.",
    command,
    note: `Gigafleet ${version}. The same seed gives the same bytes, whatever the machine and the number of threads.`,
    folded: [
      ...changed,
      {
        title: "Hashes of the inputs",
        table: {
          caption: "SHA-256 of the scenario and of every catalog file",
          columns: [{ name: "File" }, { name: "SHA-256", isText: true }],
          rows: files.map(({ file, sha256 }) => [file, sha256]),
        },
      },
    ],
  };
}
