import type { Register } from "../../engine/index.ts";
import type { DemandInputName } from "../../metrics/formula.ts";
import type { Precision } from "../../metrics/precision.ts";
import { bytesOf, precisionRun } from "../../scenario/precision.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Part } from "../parts.ts";
import type { World } from "../world.ts";
import type { Workload } from "./workloads.ts";

/** Register of an input of a workload, of its model, or of the chip for it; undefined for any other input. */
export function demandInput(
  world: World,
  name: DemandInputName,
  workload: Workload,
  part?: Part,
): Register | undefined {
  const [scope, field = ""] = name.split(".");
  if (scope === "model") return modelInput(world, workload, field);
  if (scope === "workload") return workloadInput(world, workload, field);
  return part && chipInput(world, workload, part, field);
}

function modelInput({ inputs }: World, { model }: Workload, field: string): Register {
  const { builder } = inputs.context;
  const path = `models.${model}.`;
  const constant = (value: number) => builder.constant(value);
  const number = (name: string) => inputs.number(path + name);
  const or = (name: string, other: Register) => inputs.optional(path + name) ?? other;
  const bytes = (name: string) => constant(bytesOf(inputs.scenario, path + name) ?? 0);
  const parameters = number("parameters");
  const active = or("active_parameters", parameters);
  const unread = builder.op(
    "subtract",
    constant(1),
    builder.op("divide", or("experts_active", constant(1)), or("experts", constant(1))),
  );
  const attention = inputs.choice(`${path}attention`);
  switch (field) {
    case "active_parameters":
      return active;
    case "expert_parameters":
      return builder.op("ratio", builder.op("subtract", parameters, active), unread);
    case "unread_share":
      return unread;
    case "weight_bytes":
      return bytes("weight_precision");
    case "kv_bytes": {
      const heads = attention === "mha" ? number("heads") : number("kv_heads");
      const pairs = builder.op("multiply", builder.op("multiply", constant(2), heads), number("head_dim"));
      const values = attention === "mla" ? number("kv_latent") : pairs;
      return builder.op("multiply", bytes("kv_precision"), values);
    }
    case "full_layers":
      return builder.op("subtract", number("layers"), number("local_layers"));
    case "decode_dim":
      return attention === "mla" ? number("kv_latent") : number("head_dim");
    default:
      return number(field);
  }
}

function workloadInput(world: World, workload: Workload, field: string): Register {
  const { inputs } = world;
  const { builder } = inputs.context;
  const path = `workloads.${workload.name}.`;
  const isTraining = workload.kind === "training";
  const isStateful = workload.kind === "stateful";
  const flag = (value: boolean) => builder.constant(value ? 1 : 0);
  const zero = builder.constant(0);
  // What another kind has is 0 and never read from defaults.
  const own = (name: string, applies: boolean) => (applies ? inputs.number(path + name) : zero);
  const input = builder.op("add", own("history", isStateful), own("prompt", !isTraining));
  const cached = builder.op("multiply", own("cache_hit", !isTraining), input);
  switch (field) {
    case "is_training":
      return flag(isTraining);
    case "is_serving":
      return flag(!isTraining);
    case "keeps_state":
      return flag(workload.tier !== "none");
    case "in_hbm":
      return flag(workload.tier === "hbm");
    case "input":
      return input;
    case "prefix":
      return workload.tier === "none" ? cached : inputs.number(`${path}history`);
    case "stateless_prefix":
      return cached;
    case "state_tokens":
      return builder.op("add", input, own("answer", !isTraining));
    case "arrivals":
      return isStateful ? world.demand.arrivals(workload) : zero;
    case "tier_price":
    case "reload_bandwidth":
      return own(field, workload.tier === "host" || workload.tier === "storage");
    case "active":
    case "idle":
    case "turns":
      return own(field, isStateful);
    case "prompt":
    case "answer":
      return own(field, !isTraining);
    case "run_flop":
      return isTraining ? world.demand.runFlop(workload) : zero;
    default:
      return inputs.number(path + field);
  }
}

function chipInput(
  { inputs }: World,
  workload: Workload,
  { chip }: Part,
  field: string,
): Register | undefined {
  const { builder } = inputs.context;
  const { scenario } = inputs;
  const isTraining = workload.kind === "training";
  const served = inputs.choice(`models.${workload.model}.compute_precision`) as Precision;
  const trained = inputs.choice(`workloads.${workload.name}.precision`) as Precision;
  switch (field) {
    case "serving_peak":
      return inputs.number(`chips.${chip}.${precisionRun(scenario, chip, served)}`);
    case "training_peak": {
      const peak = `chips.${chip}.${precisionRun(scenario, chip, trained)}`;
      return isTraining ? inputs.number(peak) : builder.constant(0);
    }
    case "training_mfu":
      return inputs.number(`chips.${chip}.mfu.training.${precisionRun(scenario, chip, trained)}`);
    case "serving_compute": {
      const compute = inputs.number(`chips.${chip}.serving.compute`);
      const isSparse = inputs.field(`models.${workload.model}.experts`) !== undefined;
      return isSparse
        ? builder.op("multiply", compute, inputs.number(`chips.${chip}.serving.sparse`))
        : compute;
    }
    case "serving_bandwidth":
    case "serving_reserve":
    case "serving_exchange":
      return inputs.number(`chips.${chip}.serving.${field.slice("serving_".length)}`);
    default:
      return undefined;
  }
}

const OF_MODEL: Readonly<Record<string, readonly string[]>> = {
  active_parameters: ["active_parameters", "parameters"],
  expert_parameters: ["parameters", "active_parameters", "experts", "experts_active"],
  unread_share: ["experts", "experts_active"],
  weight_bytes: ["weight_precision"],
  kv_bytes: ["kv_precision", "attention", "heads", "kv_heads", "head_dim", "kv_latent"],
  full_layers: ["layers", "local_layers"],
  decode_dim: ["attention", "head_dim", "kv_latent"],
};

const OF_WORKLOAD: Readonly<Record<string, readonly string[]>> = {
  is_training: ["kind"],
  is_serving: ["kind"],
  keeps_state: ["kind", "tier"],
  in_hbm: ["kind", "tier"],
  input: ["prompt", "history"],
  prefix: ["prompt", "history", "cache_hit", "tier"],
  stateless_prefix: ["prompt", "history", "cache_hit"],
  state_tokens: ["prompt", "history", "answer"],
  arrivals: ["requests", "tokens", "sessions", "growth", "prompt", "answer"],
  run_flop: ["flop", "training_tokens"],
};

/** Paths of the fields that an input of demand is made of, those that the scenario has. */
export function demandInputFields(
  scenario: Scenario,
  name: DemandInputName,
  workload: Workload,
  part?: Part,
): readonly string[] {
  const [scope, field = ""] = name.split(".");
  const paths = (prefix: string, names: readonly string[]) => names.map((each) => `${prefix}.${each}`);
  const candidates = (): readonly string[] => {
    if (scope === "model") return paths(`models.${workload.model}`, OF_MODEL[field] ?? [field]);
    if (scope === "workload") return paths(`workloads.${workload.name}`, OF_WORKLOAD[field] ?? [field]);
    return part ? chipFields(scenario, workload, part.chip, field) : [];
  };
  return candidates().filter((path) => scenario.fields.has(path));
}

function chipFields(scenario: Scenario, workload: Workload, chip: string, field: string): readonly string[] {
  const choice = (path: string) => scenario.fields.get(path)?.choice as Precision;
  const served = choice(`models.${workload.model}.compute_precision`);
  const trained = choice(`workloads.${workload.name}.precision`);
  if (field === "serving_peak") return [`chips.${chip}.${precisionRun(scenario, chip, served)}`];
  if (field === "training_peak") return [`chips.${chip}.${precisionRun(scenario, chip, trained)}`];
  if (field === "training_mfu")
    return [`chips.${chip}.mfu.training.${precisionRun(scenario, chip, trained)}`];
  const own = `chips.${chip}.serving.${field.slice("serving_".length)}`;
  const isSparse = field === "serving_compute" && scenario.fields.has(`models.${workload.model}.experts`);
  return isSparse ? [own, `chips.${chip}.serving.sparse`] : [own];
}
