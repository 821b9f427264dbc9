import type { Schema } from "./operations.ts";

/** A register of a Plan under construction. */
type Register = number;

/** The source of an item's field: inputs may be absent, and outputs of the kernel are not given. */
type GivenField<F> = F extends { readonly list: string }
  ? readonly [from: number, end: number]
  : F extends { readonly item: string }
    ? number
    : F extends "table"
      ? readonly number[]
      : F extends "flag"
        ? boolean
        : F extends "number"
          ? number
          : Register | undefined;

type Made = "output" | "result";

/** The items of a kernel as the compiler says them: registers, numbers, flags, tables, places in other lists. */
export type GivenLists<S extends Schema> = {
  readonly [L in keyof S]: readonly {
    readonly [F in keyof S[L] as S[L][F] extends Made | "state" ? never : F]: GivenField<S[L][F]>;
  }[];
};

/** The registers that a kernel makes, by list and item. */
export type MadeLists<S extends Schema> = {
  readonly [L in keyof S]: readonly {
    readonly [F in keyof S[L] as S[L][F] extends Made ? F : never]: Register;
  }[];
};
