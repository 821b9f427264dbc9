import type { Kernel } from "../language/operations.ts";
import { chipBook } from "./chip-book.ts";
import { chipResidual } from "./chip-residual.ts";
import { facilityBook } from "./facility-book.ts";
import { facilityResidual } from "./facility-residual.ts";
import { monthFromWhich, monthOfFirst } from "./months-found.ts";
import { pool } from "./pool.ts";
import { settle } from "./settle.ts";
import { stock } from "./stock.ts";

/** Every kernel; a Plan names them by their place here. */
export const KERNELS: readonly Kernel[] = [
  stock,
  settle,
  pool,
  chipBook,
  chipResidual,
  facilityBook,
  facilityResidual,
  monthFromWhich,
  monthOfFirst,
];
