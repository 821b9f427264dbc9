/** Which figure a shown number is, so that a reader can ask what it is made of. */
export type FigureName = {
  /**
   * Name in summary.csv, of a metric, or the path of an input; several with spaces between them for their sum, those with `-` in
   * front subtracted.
   */
  readonly metric: string;
  /** Part, site, contract, tranche, loan, workload or event; several likewise; the whole where absent. */
  readonly entity?: string;
  /** `2027`, `2027-03`, or from one month to another, `2027-01..2027-03`; absent for a figure of the whole run. */
  readonly when?: string;
  /** A metric of the same entity: only months in which it is above 0 count, or in which it is not. */
  readonly where?: string;
  readonly unless?: string;
  /** Which of the runs that are compared, from 0; and from which of them it is the difference. */
  readonly run?: number;
  readonly minus?: number;
  /** What is said of the figure, where the number is not the figure itself. */
  readonly of?: Statistic;
};

/** What days, many trials, or all that a plan has say of a figure. */
export type Statistic =
  /** The figure of a month by its days. */
  | "daily"
  /** Work served as a share of work required. */
  | "served"
  /** How many trials there are, of no figure. */
  | "trials"
  /** In how many trials the figure is below 0. */
  | "loss"
  /** In how many trials an event has been true by the end of `when`, work goes unserved in it, or the limit `entity` binds in it. */
  | "chance"
  /** The mean of the figure over trials with the input `entity` in its lowest or highest tenth, and their rank correlation. */
  | "lowest"
  | "highest"
  | "correlation"
  /** In how many trials a run is best in the figure, and what choosing it loses on average. */
  | "best"
  | "regret"
  /** In how many trials no other run is better in both the figure and compute. */
  | "unbeaten"
  /** Where the input `entity` decides who is best, how often it is beyond, and how often the other is better there. */
  | "break-even"
  | "beyond"
  | "holds"
  /** The share that the chips of the vendor `entity` have in the figure over the horizon, and how much one vendor has. */
  | "vendor"
  | "concentration"
  /** The flat rent that is paid, and that at which renting and owning cost the same. */
  | "rent"
  | "even-rent"
  /** The difference of a run from another as a share of the other's. */
  | "relative"
  /** In how many trials a run beats the first. */
  | "cheaper"
  /**
   * Of the best plan: chips of a kind, or of `chip/site`; the price of a limit, the prices beside it, where it binds, and how far the
   * best may be from a plan that is not proved.
   */
  | SearchStatistic;

const SEARCH = ["bought", "price", "typical", "binding", "gap"] as const;
type SearchStatistic = (typeof SEARCH)[number];

/** What is said of the plain run alone. */
const PLAIN: ReadonlySet<Statistic> = new Set([
  ...SEARCH,
  ...(["daily", "served", "vendor", "concentration", "rent", "even-rent", "relative"] as const),
]);

/** Whether a number is of the trials, and no figure of the plain run. */
export function isOfTrials({ of }: FigureName): boolean {
  return of !== undefined && !PLAIN.has(of);
}

/** Whether a number is of the program that was searched, and no figure of the plan found. */
export function isOfSearch({ of }: FigureName): boolean {
  return SEARCH.some((one) => one === of);
}

/** Wraps the HTML of a number, such as in a button that opens its trace. */
export type MarkNumber = (html: string, figure: FigureName | undefined) => string;

/** Numbers as they are. */
export const unmarked: MarkNumber = (html) => html;
