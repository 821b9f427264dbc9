import type { Register } from "../engine/index.ts";
import type { DemandInputName, InputName } from "../metrics/formula.ts";
import type { Precision } from "../metrics/precision.ts";
import { MONTHS_PER_YEAR, WATTS_PER_MEGAWATT } from "../metrics/unit-factors.ts";
import { precisionRun } from "../scenario/precision.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { demandInput } from "./demand/demand-inputs.ts";
import type { Entity } from "./entities.ts";
import type { World } from "./world.ts";

/** Path of the utilisation figure that a chip's work of a precision uses. */
function mfuPath(scenario: Scenario, chip: string, precision: Precision): string {
  const use = scenario.fields.get("reference_use")?.choice ?? "training";
  return `chips.${chip}.mfu.${use}.${precisionRun(scenario, chip, precision)}`;
}

/** Fields whose name in formulas is not their path. */
const RENAMED: Readonly<Partial<Record<InputName, string>>> = { "site.facility_maintenance": "maintenance" };

/** Path of the field that an input of a formula is, where it is one field as it stands. */
export function inputPath(scenario: Scenario, name: InputName, entity: Entity): string | undefined {
  const [scope, field] = name.split(".") as [string, string];
  const site = entity.level === "part" ? entity.part.site : entity.level === "site" ? entity.site : undefined;
  const renamed = RENAMED[name] ?? field;
  if (scope === "basis") return `chips.h100.${field.replace("h100_", "")}`;
  if (scope === "run" || scope === "contract") return undefined;
  if (scope === "buyer") return "buyer.cash.opening";
  if (scope === "site") return name.endsWith("_index") ? undefined : `sites.${site}.${renamed}`;
  if (entity.level !== "part") return undefined;
  const { chip, fleet } = entity.part;
  const [, kind, precision] = /^(run|mfu)_(fp4|fp8|bf16)$/.exec(field) ?? [];
  if (kind === "run") return `chips.${chip}.${precisionRun(scenario, chip, precision as Precision)}`;
  if (kind === "mfu") return mfuPath(scenario, chip, precision as Precision);
  if (scope === "chip") return `chips.${chip}.${renamed}`;
  return field === "size_chips" ? undefined : `fleets.${fleet}.${renamed}`;
}

/** Nameplate MW of a contract times its term in years. */
function nameplateMwYears(world: World, contract: string): Register {
  const { inputs } = world;
  const { builder } = inputs.context;
  // Without a nameplate there is no rate by it, rather than one of 0.
  const capacity = inputs.optional(`contracts.${contract}.capacity`) ?? builder.constant(Number.NaN);
  const watts = builder.op("multiply", capacity, inputs.months(`contracts.${contract}.term`));
  return builder.op("divide", watts, builder.constant(MONTHS_PER_YEAR * WATTS_PER_MEGAWATT));
}

/** Register of an input of a formula. */
export function inputRegister(world: World, name: InputName, entity: Entity): Register {
  const { inputs } = world;
  const { builder, startMonth, firstMonth } = inputs.context;
  if (entity.level === "workload")
    return demandInput(world, name as DemandInputName, entity.workload) as Register;
  if (entity.level === "assignment") {
    const ofDemand = demandInput(world, name as DemandInputName, entity.workload, entity.part);
    return ofDemand ?? inputRegister(world, name, { level: "part", part: entity.part });
  }
  const path = inputPath(inputs.scenario, name, entity);
  if (name.startsWith("basis.")) return inputs.atMedians(path as string);
  // Rent is of leased sites alone; a default for it says nothing of an owned one.
  const isOwned = path?.endsWith(".lease") && inputs.choice(path.replace(/lease$/, "tenure")) !== "leased";
  if (isOwned) return builder.constant(0);
  if (path !== undefined) return name === "chip.lead" ? inputs.months(path) : inputs.number(path);
  if (entity.level === "contract") return nameplateMwYears(world, entity.contract);
  if (name === "fleet.size_chips" && entity.level === "part") return world.size(entity.part);
  if (name === "run.idle_rate") {
    const yearly = builder.op("add", builder.constant(1), inputs.number("provider.discount_rate"));
    return builder.op("subtract", builder.op("power", yearly, builder.constant(1 / 12)), builder.constant(1));
  }
  const site = entity.level === "part" ? entity.part.site : entity.level === "site" ? entity.site : "";
  const growth = inputs.number(
    `sites.${site}.${name === "site.lease_index" ? "lease" : "electricity"}_growth`,
  );
  const years = builder.monthsBy("years", (month) => (firstMonth + month - startMonth) / 12);
  return builder.op("power", builder.op("add", builder.constant(1), growth), years);
}
