import type { Register } from "../engine/index.ts";
import { bindingMetrics } from "./binding.ts";
import { bookMetrics } from "./chips/book.ts";
import { buyersChipMetrics } from "./chips/buyers-chips.ts";
import { chipMetrics } from "./chips/chip-metrics.ts";
import { hireMetrics } from "./chips/hire.ts";
import type { Compilation } from "./compilation.ts";
import { contractedMetrics, merchantMetrics } from "./contracts/after-contracts.ts";
import { contractMetrics } from "./contracts/contract-metrics.ts";
import { trancheMetrics } from "./contracts/financing.ts";
import { loanMetrics } from "./debt/loans.ts";
import { assignmentMetrics, workloadMetrics } from "./demand/demand-metrics.ts";
import type { Entity } from "./entities.ts";
import { facilityMetrics } from "./facility.ts";
import { returnsMetrics } from "./returns.ts";
import { afterTaxMetrics, taxMetrics } from "./tax/tax.ts";

type Maker = (compilation: Compilation, entity: Entity) => Register | undefined;

/** How metrics without a formula are made, by name. Each is asked for at its own level alone, as its table expects. */
export const DOMAIN_METRICS: ReadonlyMap<string, Maker> = new Map(
  Object.entries({
    ...chipMetrics,
    ...facilityMetrics,
    ...bookMetrics,
    ...hireMetrics,
    ...buyersChipMetrics,
    ...returnsMetrics,
    ...contractMetrics,
    ...trancheMetrics,
    ...merchantMetrics,
    ...contractedMetrics,
    ...loanMetrics,
    ...taxMetrics,
    ...afterTaxMetrics,
    ...workloadMetrics,
    ...assignmentMetrics,
    ...bindingMetrics,
  } as Readonly<Record<string, Maker>>),
);
