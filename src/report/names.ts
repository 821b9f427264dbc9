import type { ColouredChip } from "../charts/kit/palette.ts";
import { UNSTATED } from "../charts/kit/words.ts";
import { ABBREVIATIONS, metricInWords } from "../metrics/metric-words.ts";
import type { FieldValue, Quality, Scenario } from "../scenario/scenario.ts";

/** The title of a site, fleet, workload or contract, its name where it has none. */
export function titleOf(scenario: Scenario, collection: string, name: string): string {
  return scenario.fields.get(`${collection}.${name}.title`)?.text || name;
}

/** Headline figures in words: as a title, and within a sentence. */
export const FIGURE_WORDS = {
  cost_provider_pv_usd: {
    title: "Provider\u2019s cost, present value",
    inSentence: "the provider\u2019s cost in present value",
  },
  final_cumulative_effective_fp4_yflop: {
    title: "Effective FP4 over the horizon",
    inSentence: "effective FP4 over the horizon",
  },
  levelised_cost_usd_per_effective_fp4_eflop_hour: {
    title: "Levelised cost",
    inSentence: "the levelised cost of effective FP4",
  },
  horizon_demand_unserved_share: {
    title: "Value of work unserved",
    inSentence: "the share of work by value that is not served",
  },
  npv_provider_usd: {
    title: "Provider\u2019s NPV over the horizon",
    inSentence: "the provider\u2019s NPV over the horizon",
  },
  buyer_cost_pv_usd: {
    title: "Buyer\u2019s payments, present value",
    inSentence: "the buyer\u2019s payments in present value",
  },
  npv_provider_after_tax_usd: {
    title: "Provider\u2019s NPV after tax",
    inSentence: "the provider\u2019s NPV after tax",
  },
  equity_npv_usd: { title: "Equity\u2019s NPV after debt", inSentence: "the NPV of equity after debt" },
  equity_npv_after_tax_usd: {
    title: "Equity\u2019s NPV after debt and tax",
    inSentence: "the NPV of equity after debt and tax",
  },
} as const;

/** A metric as the title of a figure; a word that is no metric as it is. */
export function metricTitle(name: string): string {
  return FIGURE_WORDS[name as keyof typeof FIGURE_WORDS]?.title ?? metricInWords(name) ?? name;
}

/** A figure within a sentence; one without words of its own by its column. */
export function figureWords(metric: string): string {
  return FIGURE_WORDS[metric as keyof typeof FIGURE_WORDS]?.inSentence ?? metric;
}

/** The name of the scenario as a reader knows it. */
export function scenarioName(scenario: Scenario): string {
  return scenario.fields.get("name")?.text || scenario.slug;
}

/** A chip's title without its vendor and without what stands in brackets: `NVIDIA H200 SXM` is `H200 SXM`. */
export function chipName(scenario: Scenario, chip: string): string {
  const title = titleOf(scenario, "chips", chip);
  const vendor = vendorOf(scenario, chip);
  const short = title.startsWith(`${vendor} `) ? title.slice(vendor.length + 1) : title;
  return short.replace(/\s*\([^)]*\)\s*$/, "") || chip;
}

/** Who makes a chip, empty where nobody says. */
function vendorOf(scenario: Scenario, chip: string): string {
  return scenario.fields.get(`chips.${chip}.vendor`)?.text ?? "";
}

/** A chip with what its colour follows from; a month that is no plain date counts as unknown. */
export function colouredChip(scenario: Scenario, name: string): ColouredChip {
  const since = scenario.fields.get(`chips.${name}.available_from`)?.text ?? "";
  return { name, vendor: vendorOf(scenario, name), since: /^\d{4}-\d{2}/.exec(since)?.[0] ?? "" };
}

/** Words that are not written as they are in a path. */
const SPELLED: Readonly<Record<string, string>> = {
  ...ABBREVIATIONS,
  pue: "PUE",
  it: "IT",
  mbu: "MBU",
  dscr: "debt service cover",
  chatgpt: "ChatGPT",
};

/** Sections whose fields are named after their entity: `price of GB300`. */
const COLLECTIONS = [
  "chips",
  "sites",
  "fleets",
  "contracts",
  "workloads",
  "models",
  "financing",
  "debt",
] as const;

/**
 * Names an input in a few words: `price of Trainium4`, `design PUE of the AWS Trainium campus`, `facility of all sites`.
 *
 * The words are those of the table of fields where it has a short name, else those of the path.
 */
export function inputName(scenario: Scenario, path: string): string {
  const parts = path.split(".");
  const isDefault = parts[0] === "defaults";
  const [section = "", entity = "", ...rest] = isDefault ? [parts[1], "", ...parts.slice(2)] : parts;
  const field = scenario.fields.get(path) ?? scenario.lets.find((one) => one.path === path);
  if (section === "let") return wordsOf(entity, scenario);
  const short = shortName(scenario, path, field);
  if (!(COLLECTIONS as readonly string[]).includes(section))
    return `${section}\u2019s ${short ?? wordsOf([entity, ...rest].join("_"), scenario)}`.trim();
  const own = short ?? wordsOf(rest.join("_"), scenario);
  if (isDefault) return `${own} of all ${section}`;
  return `${own} of ${section === "chips" ? chipName(scenario, entity) : titleOf(scenario, section, entity)}`;
}

function shortName(scenario: Scenario, path: string, field: FieldValue | undefined): string | undefined {
  if (field) return field.spec.short;
  for (const { origin, spec } of scenario.fields.values()) if (origin.declaredAt === path) return spec.short;
  return undefined;
}

/** Words of a name with underscores, chips of the scenario by their titles. */
export function wordsOf(name: string, scenario?: Scenario): string {
  return name
    .split("_")
    .filter(Boolean)
    .map((word) => SPELLED[word] ?? (scenario?.names.chips.includes(word) ? chipName(scenario, word) : word))
    .join(" ");
}

/** What a value of a quality is called in a sentence. */
export function qualityOfValue(quality: Quality | "unmarked"): string {
  return {
    official: "an official value",
    reported: "a reported value",
    derived: "a derived value",
    estimate: "an estimate",
    assumed: "an assumption",
    unmarked: "a value without a stated quality",
  }[quality];
}

/** A quality as a word of its own, such as in a table. */
export function qualityWord(quality: Quality | "unmarked"): string {
  return quality === "unmarked" ? UNSTATED : quality;
}

/** How sure an input is: of its own line, or of the default that fields share. */
export function inputQuality(scenario: Scenario, path: string): Quality | "unmarked" {
  const own = scenario.fields.get(path) ?? scenario.lets.find((one) => one.path === path);
  if (own) return own.origin.quality ?? "unmarked";
  for (const { origin } of scenario.fields.values())
    if (origin.declaredAt === path) return origin.quality ?? "unmarked";
  return "unmarked";
}
