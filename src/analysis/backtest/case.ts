import type { Span } from "../../diagnostics/diagnostic.ts";

/** The meaning of a power that a source gives or that is predicted. */
export type Basis = "facility" | "it";

/** The figures that can be predicted, with the units they are compared in. */
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
    text: "output tokens per chip and second, including the prefill of their input",
  },
  decode: { unit: "tokens/s/chip", text: "output tokens per second of a chip that only decodes" },
  prefill: { unit: "tokens/s/chip", text: "input tokens per second of a chip that only prefills" },
  training: { unit: "days", text: "days of a training run" },
} as const satisfies Readonly<Record<string, { readonly unit: string; readonly text: string }>>;

/** A figure that is predicted, by its name in the case files. */
export type Prediction = keyof typeof PREDICTIONS;

/** A chip of a mix and its number of parts, which are equal if the source gives no numbers. */
export type ChipShare = { readonly chip: string; readonly parts: number };

/** Predictions of work rather than of deployments. */
export type WorkPrediction = "service" | "decode" | "prefill" | "training";

/** A published figure, as a row of a case file gives it. */
type PublishedFigure = {
  /** Where its row and the name of its template stand. */
  readonly place: Span;
  readonly templatePlace: Span;
  readonly id: string;
  /** A short description for people. */
  readonly title: string;
  /** File of the scenario template, beside the cases. */
  readonly template: string;
  readonly chips: readonly ChipShare[];
  /** Basis of the power that is given or predicted; both if the source does not say, empty if there is none. */
  readonly bases: readonly Basis[];
  /** The other basis, where the source prints none and its words decide: predicted beside, and not counted. */
  readonly otherBases: readonly Basis[];
  readonly published: number;
  /** Band of the published figure; for a measured figure both ends equal the figure. */
  readonly low: number;
  readonly high: number;
  /** Fields of the catalog that its source feeds, or the reason why it tests nothing; empty if it is independent. */
  readonly feeds: string;
  /** Statements of the source that the other columns do not contain. */
  readonly says: string;
  /** Why the prediction lies outside, or why the published figure looks wrong. */
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
  /** Design PUE stated by the source, as a value of `sites.*.pue_design`; the catalog's if empty. */
  readonly designPue: string;
  /** Class of facility cost that the source's description of the site implies, as a value of `sites.*.facility`; else empty. */
  readonly facility: string;
  /** For `rate`: the amount [billion USD] and the term [years]. */
  readonly amountBusd?: number;
  readonly termYears?: number;
};

/** Published work of a model on some chips: a serving rate, or the time of a training run. */
export type WorkCase = PublishedFigure & {
  readonly subject: "demand";
  readonly predict: WorkPrediction;
  /** Name of the model, from the catalog or the template. */
  readonly model: string;
  /** Formats stated by the source for weights, products and cache; the catalog's if empty. */
  readonly weights: string;
  readonly compute: string;
  readonly kv: string;
  /** Tokens of a request in and out, and the least tokens a second a user gets; 0 for training. */
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly tokensPerSecond: number;
  /** Serving stack as the catalog names it; empty where the source does not say. */
  readonly stack: string;
  /** How much the lengths of answers differ, as a value of `workloads.*.answer_spread`; empty where all are equally long. */
  readonly answerSpread: string;
  /** Sequences that a copy answered at once, where the source says; else 0. */
  readonly concurrency: number;
  /** Where attention runs, as a value of `serving.attention`; empty for the stack's. */
  readonly attention: string;
  /** Chips for prompts per chip that decodes, where the source says; else 0. */
  readonly prefillRatio: number;
  /** Share of the slots, and of the chips for prompts, that was busy, such as 100 % offline; empty for the stack's. */
  readonly occupancy: string;
  /** Tokens of the training run; 0 for serving. */
  readonly trainingTokens: number;
};

/** A published figure with everything needed to predict it. */
export type Case = DeploymentCase | WorkCase;

/** The subject of cases; each is scored separately. */
export type Subject = Case["subject"];

/** True for a point that counts in error and share: its prediction uses none of its own figures. */
export function isIndependent({ feeds }: Case): boolean {
  return feeds === "";
}
