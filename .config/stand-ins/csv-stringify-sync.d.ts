// Stands in for "csv-stringify/sync" in the library's type check (paths in tsconfig.lib.json). The
// package's own types are one file for streams and sync and bring in all of Node's types, so that Node
// imports would enter the library unnoticed. This is the part we use.

interface CastContext {
  readonly column: number | string;
  readonly header: boolean;
  readonly index: number;
  readonly records: number;
}
type Cast<T> = (value: T, context: CastContext) => string | undefined;

interface Options {
  bom?: boolean;
  cast?: {
    bigint?: Cast<bigint>;
    boolean?: Cast<boolean>;
    date?: Cast<Date>;
    number?: Cast<number>;
    object?: Cast<object>;
    string?: Cast<string>;
  };
  columns?: readonly (string | { key: string; header?: string })[] | Readonly<Record<string, string>>;
  delimiter?: string;
  eof?: boolean;
  escape?: string;
  escape_formulas?: boolean;
  header?: boolean;
  quote?: string | boolean;
  quoted?: boolean;
  quoted_empty?: boolean;
  quoted_match?: string | RegExp | readonly (string | RegExp)[];
  quoted_string?: boolean;
  record_delimiter?: "unix" | "windows" | (string & {});
}

export declare function stringify(input: readonly unknown[], options?: Options): string;
