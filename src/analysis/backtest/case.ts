/** How the power that a source gives is meant, or the power that is predicted. */
export type Basis = "facility" | "it";

/** What can be predicted, with the unit it is compared in. */
export const PREDICTIONS = {
  power: { unit: "MW", text: "power, on the basis of the case" },
  facility_power: { unit: "MW", text: "facility power at design PUE" },
  it_power: { unit: "MW", text: "critical IT power" },
  chips: { unit: "chips", text: "chips" },
  capital: { unit: "B USD", text: "capital cost of chips, network and facility" },
  chip_purchase: { unit: "B USD", text: "chips with host and scale-up share" },
  server_purchase: { unit: "B USD", text: "chips and network" },
  facility_capital: { unit: "B USD", text: "building and power train" },
  peak_fp4: { unit: "EFLOP/s", text: "peak dense FP4 rate" },
  peak_fp8: { unit: "EFLOP/s", text: "peak dense FP8 rate" },
  peak_bf16: { unit: "EFLOP/s", text: "peak dense BF16 rate" },
  rate: { unit: "M USD/MW-year", text: "amount over nameplate power and term" },
  months_late: { unit: "months", text: "months behind the announced date" },
} as const satisfies Readonly<Record<string, { readonly unit: string; readonly text: string }>>;

export type Prediction = keyof typeof PREDICTIONS;

/** Some of a chip: how many parts of the whole, equal where the source does not say. */
export type ChipShare = { readonly chip: string; readonly parts: number };

/** A published figure as a row of cases.csv states it. */
export type Case = {
  readonly id: string;
  readonly fact: string;
  /** What it is, for people, in a few words. */
  readonly title: string;
  /** File of the scenario template, beside the cases. */
  readonly template: string;
  /** Month of delivery, or the announced one. */
  readonly month: string;
  readonly chips: readonly ChipShare[];
  /** A number of chips or a power, as the scenario language writes it. */
  readonly given: string;
  /** Of the power that is given or predicted; both where the source does not say, empty where there is none. */
  readonly bases: readonly Basis[];
  /** What the source says of the site, as a value of `sites.*.pue_design`; the catalog's where it is empty. */
  readonly designPue: string;
  /** For `rate`: the amount [billion USD] and the term [years]. */
  readonly amountBusd?: number;
  readonly termYears?: number;
  readonly predict: Prediction;
  readonly published: number;
  readonly low: number;
  readonly high: number;
  /** Fields of the catalog that its source feeds, or why it tests nothing; empty where it is independent. */
  readonly feeds: string;
  /** What the source says of the deployment beyond chips and power. */
  readonly says: string;
  /** Why a prediction lies outside the band, or why the published figure looks wrong. */
  readonly remark: string;
  readonly url: string;
  readonly date: string;
};

/** True for a point that counts in error and share: none of its figures went into what predicts it. */
export function isIndependent({ feeds }: Case): boolean {
  return feeds === "";
}
