/** A result as rows and columns, independent of any file format. */
export type Table = {
  /** File name without extension, such as `monthly`. */
  readonly name: string;
  readonly text: string;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** Columns that together name a row; empty where some of them may be empty. */
  readonly primaryKey: readonly string[];
  /** Whether files keep every digit of its numbers, as those of draws, from which a sample is reckoned again. */
  readonly isExact?: boolean;
  /** Format of its file, by default CSV. */
  readonly fileType?: "csv" | "parquet";
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

/** A number as a cell of a table or of JSON; one that does not exist is empty. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
