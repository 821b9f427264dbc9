import type { Register } from "../../engine/index.ts";
import type { Compilation, EntityAt, MetricTable } from "../compilation.ts";
import { assigned } from "./assignment.ts";
import { serviceOf } from "./measured.ts";
import { requiredOf } from "./requirements.ts";
import { pairOf, type Served } from "./serving.ts";

/** Metrics of workloads that kernels make (docs/model.md section 15). */
export const workloadMetrics: MetricTable<"workload"> = {
  demand_required_units: ({ inputs }, { workload }) => requiredOf(inputs, workload),
  demand_unserved_units: (compilation, { workload }) =>
    assigned(compilation).workloads.get(workload)?.unserved,
  demand_backlog_units: (compilation, { workload }) => assigned(compilation).workloads.get(workload)?.backlog,
  demand_binding: (compilation, { workload }) => assigned(compilation).workloads.get(workload)?.bound,
};

/** Metrics of workloads on parts that kernels make. */
export const assignmentMetrics: MetricTable<"assignment"> = {
  replica_chips: (compilation, pair) => servedOf(compilation, pair).chips,
  replica_doublings: (compilation, pair) => servedOf(compilation, pair).doublings,
  batch_sequences: (compilation, pair) => servedOf(compilation, pair).batch,
  replica_works: (compilation, pair) => servedOf(compilation, pair).works,
  replica_bound_by: (compilation, pair) => servedOf(compilation, pair).bound,
  replica_weights_gb: (compilation, pair) => servedOf(compilation, pair).held,
  cache_copies: (compilation, pair) => servedOf(compilation, pair).cacheCopies,
  decode_compute_ms: (compilation, pair) => servedOf(compilation, pair).compute,
  decode_memory_ms: (compilation, pair) => servedOf(compilation, pair).memory,
  decode_exchange_ms: (compilation, pair) => servedOf(compilation, pair).exchange,
  decode_step_ms: (compilation, pair) => servedOf(compilation, pair).step,
  prefill_chip_ms_per_token: (compilation, pair) => servedOf(compilation, pair).prefill,
  decode_chip_ms_per_token: (compilation, pair) => servedOf(compilation, pair).decode,
  job_size_chips: jobSize,
  assigned_chips: (compilation, pair) => assigned(compilation).pairs.get(pairOf(compilation, pair))?.held,
  assigned_units: (compilation, pair) => assigned(compilation).pairs.get(pairOf(compilation, pair))?.served,
};

function servedOf(compilation: Compilation, pair: EntityAt<"assignment">): Served {
  return serviceOf(compilation, pairOf(compilation, pair));
}

/** Chips that one interruption stops. */
function jobSize(compilation: Compilation, pair: EntityAt<"assignment">): Register {
  const { inputs } = compilation;
  const { workload, part } = pair;
  if (workload.kind !== "training") return servedOf(compilation, pair).chips;
  const stated = inputs.optional("workloads.*.min_chips", workload.name);
  return stated ?? inputs.number("fleets.*.job_chips", part.fleet);
}
