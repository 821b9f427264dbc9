/** Which figure a shown number is, so that a reader can ask what it is made of. */
export type FigureName = {
  /** Name in summary.csv, of a metric, or the path of an input. */
  readonly metric: string;
  /** Part, site, contract, tranche, loan or workload; the whole where absent. */
  readonly entity?: string;
  /** `2027` or `2027-03`; absent for a figure of the whole run. */
  readonly when?: string;
};

/** Wraps the HTML of a number, such as in a button that opens its trace. */
export type MarkNumber = (html: string, figure: FigureName | undefined) => string;

/** Numbers as they are. */
export const unmarked: MarkNumber = (html) => html;
