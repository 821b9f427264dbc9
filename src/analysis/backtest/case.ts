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
  service: {
    unit: "tokens/s/chip",
    text: "output tokens of a chip a second, the prefill of their input included",
  },
  decode: { unit: "tokens/s/chip", text: "output tokens of a chip a second that does nothing but decode" },
  prefill: { unit: "tokens/s/chip", text: "input tokens of a chip a second that does nothing but prefill" },
  training: { unit: "days", text: "days of a training run" },
} as const satisfies Readonly<Record<string, { readonly unit: string; readonly text: string }>>;

/** A figure that is predicted, by its name in the case files. */
export type Prediction = keyof typeof PREDICTIONS;

/** Some of a chip: how many parts of the whole, equal where the source does not say. */
export type ChipShare = { readonly chip: string; readonly parts: number };

/** Predictions of work instead of deployments. */
export type WorkPrediction = "service" | "decode" | "prefill" | "training";

/** A published figure as a row of a file of cases states it. */
type PublishedFigure = {
  readonly id: string;
  /** What it is, for people, in a few words. */
  readonly title: string;
  /** File of the scenario template, beside the cases. */
  readonly template: string;
  readonly chips: readonly ChipShare[];
  /** Of the power that is given or predicted; both where the source does not say, empty where there is none. */
  readonly bases: readonly Basis[];
  readonly published: number;
  /** Band of the published figure; a measured one has none, and both are the figure. */
  readonly low: number;
  readonly high: number;
  /** Fields of the catalog that its source feeds, or why it tests nothing; empty where it is independent. */
  readonly feeds: string;
  /** What the source says beyond what the other columns hold. */
  readonly says: string;
  /** Why a prediction lies outside, or why the published figure looks wrong. */
  readonly remark: string;
  readonly url: string;
  readonly date: string;
};

/** A published deployment. */
export type DeploymentCase = PublishedFigure & {
  readonly subject: "deployments";
  readonly predict: Exclude<Prediction, WorkPrediction>;
  readonly fact: string;
  /** Month of delivery, or the announced one. */
  readonly month: string;
  /** A number of chips or a power, as the scenario language writes it. */
  readonly given: string;
  /** What the source says of the site, as a value of `sites.*.pue_design`; the catalog's where it is empty. */
  readonly designPue: string;
  /** For `rate`: the amount [billion USD] and the term [years]. */
  readonly amountBusd?: number;
  readonly termYears?: number;
};

/** Published work of a model on some chips: the rate of serving, or the time of a training run. */
export type WorkCase = PublishedFigure & {
  readonly subject: "demand";
  readonly predict: WorkPrediction;
  /** Name of the model, of the catalog or the template. */
  readonly model: string;
  /** Formats the source states, of weights, products and cache; the catalog's where empty. */
  readonly weights: string;
  readonly compute: string;
  readonly kv: string;
  /** Chips across which the copy reaches where that is more than their scale-up domain; 0 where it is not. */
  readonly domainChips: number;
  /** Tokens of a request in and out, and the least tokens a second a user gets; 0 for training. */
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly tokensPerSecond: number;
  /** Tokens of the training run; 0 for serving. */
  readonly trainingTokens: number;
};

/** A published figure with what it takes to predict it. */
export type Case = DeploymentCase | WorkCase;

/** What cases are of; errors of one say nothing of the other's. */
export type Subject = Case["subject"];

/** True for a point that counts in error and share: none of its figures went into what predicts it. */
export function isIndependent({ feeds }: Case): boolean {
  return feeds === "";
}
