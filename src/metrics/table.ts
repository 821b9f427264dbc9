/** A result as rows and columns, independent of any file format. */
export type Table = {
  /** File name without extension, such as `monthly`. */
  readonly name: string;
  readonly text: string;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** Columns that together name a row. */
  readonly primaryKey: readonly string[];
};

/** A column of a table, in display units. */
export type Column = {
  readonly name: string;
  readonly type: "month" | "year" | "quarter" | "string" | "number" | "integer";
  /** Unit of the values, `1` for shares, absent for text. */
  readonly unit?: string;
  readonly text: string;
  /** In row order; `null` is an empty cell. */
  readonly values: readonly (string | number | null)[] | Float64Array;
};
