/** Which figure a shown number is, so that a reader can ask what it is made of. */
export type FigureName = {
  /** Name in summary.csv, of a metric, or the path of an input; several with spaces between them for their sum. */
  readonly metric: string;
  /** Part, site, contract, tranche, loan, workload or event; several likewise; the whole where absent. */
  readonly entity?: string;
  /** `2027`, `2027-03`, or from one month to another, `2027-01..2027-03`; absent for a figure of the whole run. */
  readonly when?: string;
  /** Which of the runs that are compared, from 0; and from which of them it is the difference. */
  readonly run?: number;
  readonly minus?: number;
};

/** Wraps the HTML of a number, such as in a button that opens its trace. */
export type MarkNumber = (html: string, figure: FigureName | undefined) => string;

/** Numbers as they are. */
export const unmarked: MarkNumber = (html) => html;
