import type { Kernel } from "../language/operations.ts";
import { assign } from "./assign.ts";
import { chipBook } from "./chip-book.ts";
import { chipResidual } from "./chip-residual.ts";
import { demandCharge } from "./demand-charge.ts";
import { facilityBook } from "./facility-book.ts";
import { facilityResidual } from "./facility-residual.ts";
import { hire } from "./hire.ts";
import { internalRate } from "./internal-rate.ts";
import { loan } from "./loan.ts";
import { monthFromWhich, monthOfFirst } from "./months-found.ts";
import { pool } from "./pool.ts";
import { sculpt } from "./sculpt.ts";
import { serve } from "./serve.ts";
import { settle } from "./settle.ts";
import { stock } from "./stock.ts";
import { afterTaxPrice, tax } from "./tax.ts";

/** Every kernel; a Plan names them by their place here. */
export const KERNELS: readonly Kernel[] = [
  stock,
  settle,
  serve,
  assign,
  pool,
  chipBook,
  chipResidual,
  facilityBook,
  facilityResidual,
  demandCharge,
  hire,
  internalRate,
  loan,
  sculpt,
  tax,
  afterTaxPrice,
  monthFromWhich,
  monthOfFirst,
];
