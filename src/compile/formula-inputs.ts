import type { Register } from "../engine/index.ts";
import { BASIS_CHIP } from "../metrics/compute-metrics.ts";
import type { InputName } from "../metrics/formula.ts";
import type { Precision } from "../metrics/precision.ts";
import type { FieldPath } from "../scenario/fields/index.ts";
import { mfuOf, peakOf, type Use } from "./chip-peaks.ts";
import { purchaserIn } from "./chips/purchaser.ts";
import type { Compilation } from "./compilation.ts";
import { capacityOf } from "./contracts/contract-terms.ts";
import { demandInput } from "./demand/demand-inputs.ts";
import type { Entity } from "./entities.ts";
import type { Inputs } from "./inputs.ts";
import { leadOf } from "./lags.ts";
import type { Part } from "./parts.ts";
import { sizeOf } from "./sizes.ts";

type InputTable<Key> = Readonly<Partial<Record<InputName, (compilation: Compilation, key: Key) => Register>>>;

/** Register of an input that is not made of others; undefined where the entity has no such input. */
export function inputRegister(
  compilation: Compilation,
  name: InputName,
  entity: Entity,
): Register | undefined {
  const common = COMMON_INPUTS[name];
  if (common) return common(compilation, undefined);
  switch (entity.level) {
    case "part": {
      const { part } = entity;
      return PART_INPUTS[name]?.(compilation, part) ?? SITE_INPUTS[name]?.(compilation, part.site);
    }
    case "site":
      return SITE_INPUTS[name]?.(compilation, entity.site);
    case "contract":
      return CONTRACT_INPUTS[name]?.(compilation, entity.contract);
    case "workload":
      return demandInput(compilation.inputs, name, entity);
    case "assignment": {
      const ofDemand = demandInput(compilation.inputs, name, entity);
      return ofDemand ?? PART_INPUTS[name]?.(compilation, entity.part);
    }
    default:
      return undefined;
  }
}

/** Inputs that are the same for every entity. */
const COMMON_INPUTS: InputTable<undefined> = {
  "provider.discount_rate": ({ inputs }) => inputs.number("provider.discount_rate"),
  "buyer.opening": ({ inputs }) => inputs.number("buyer.cash.opening"),
};

/** Inputs of a part: its chip's, its fleet's, and what all parts are measured by. */
const PART_INPUTS: InputTable<Part> = {
  "chip.it_power": ofChip("chips.*.it_power"),
  "chip.price": ofPurchase("provider", ofChip("chips.*.price")),
  "chip.network": ofPurchase("provider", ofChip("chips.*.network")),
  "buyer.chip_price": ofPurchase("buyer", ofChip("chips.*.price")),
  "buyer.chip_network": ofPurchase("buyer", ofChip("chips.*.network")),
  "chip.lead": ({ inputs }, { chip }) => leadOf(inputs, chip),
  "chip.hbm": ofChip("chips.*.hbm"),
  "chip.hbm_bandwidth": ofChip("chips.*.hbm_bandwidth"),
  "chip.availability": ofChip("chips.*.availability"),
  "chip.interruption_rate": ofChip("chips.*.interruption_rate"),
  "chip.run_fp4": ({ inputs }, { chip }) => peakOf(inputs, chip, "fp4"),
  "chip.run_fp8": ({ inputs }, { chip }) => peakOf(inputs, chip, "fp8"),
  "chip.run_bf16": ({ inputs }, { chip }) => peakOf(inputs, chip, "bf16"),
  "chip.mfu_fp4": ({ inputs }, part) => mfuInUse(inputs, part, "fp4"),
  "chip.mfu_fp8": ({ inputs }, part) => mfuInUse(inputs, part, "fp8"),
  "chip.mfu_bf16": ({ inputs }, part) => mfuInUse(inputs, part, "bf16"),
  "fleet.load_factor": ofFleet("fleets.*.load_factor"),
  "fleet.scheduling_goodput": ofFleet("fleets.*.scheduling_goodput"),
  "fleet.job_chips": ofFleet("fleets.*.job_chips"),
  "fleet.recovery": ofFleet("fleets.*.recovery"),
  "fleet.maintenance": (compilation, part) =>
    purchaserIn(compilation, part) === "buyer"
      ? compilation.inputs.context.builder.constant(0)
      : ofFleet("fleets.*.maintenance")(compilation, part),
  "buyer.maintenance": ofPurchase("buyer", ofFleet("fleets.*.maintenance")),
  "fleet.pay_on_order": ofFleet("fleets.*.pay_on_order"),
  "fleet.size_chips": sizeOf,
  "basis.h100_fp8": ({ inputs }) => inputs.atMedians("chips.*.fp8", BASIS_CHIP),
  "basis.h100_bf16": ({ inputs }) => inputs.atMedians("chips.*.bf16", BASIS_CHIP),
  "basis.h100_hbm_bandwidth": ({ inputs }) => inputs.atMedians("chips.*.hbm_bandwidth", BASIS_CHIP),
};

function ofChip(row: FieldPath): (compilation: Compilation, part: Part) => Register {
  return ({ inputs }, { chip }) => inputs.number(row, chip);
}

/** An input of a cost that one purchaser bears: 0 for chips that another buys. */
function ofPurchase(
  purchaser: "provider" | "buyer",
  read: (compilation: Compilation, part: Part) => Register,
): (compilation: Compilation, part: Part) => Register {
  return (compilation, part) =>
    purchaserIn(compilation, part) === purchaser
      ? read(compilation, part)
      : compilation.inputs.context.builder.constant(0);
}

function ofFleet(row: FieldPath): (compilation: Compilation, part: Part) => Register {
  return ({ inputs }, { fleet }) => inputs.number(row, fleet);
}

/** The utilisation figure of the use that the scenario compares chips by. */
function mfuInUse(inputs: Inputs, { chip }: Part, precision: Precision): Register {
  return mfuOf(inputs, chip, precision, (inputs.choice("reference_use") ?? "training") as Use);
}

/** Inputs of a site. */
const SITE_INPUTS: InputTable<string> = {
  "site.pue": ofSite("sites.*.pue"),
  "site.pue_design": ofSite("sites.*.pue_design"),
  "site.electricity": ofSite("sites.*.electricity"),
  "site.electricity_growth": ofSite("sites.*.electricity_growth"),
  "site.facility_maintenance": ofSite("sites.*.maintenance"),
  "site.staff": ofSite("sites.*.staff"),
  // A default for rent does not apply to an owned site.
  "site.lease": ({ inputs }, site) =>
    inputs.choice("sites.*.tenure", site) === "leased"
      ? inputs.number("sites.*.lease", site)
      : inputs.context.builder.constant(0),
  "site.lease_growth": ofSite("sites.*.lease_growth"),
};

function ofSite(row: FieldPath): (compilation: Compilation, site: string) => Register {
  return ({ inputs }, site) => inputs.number(row, site);
}

/** Inputs of a contract. */
const CONTRACT_INPUTS: InputTable<string> = {
  // Without a capacity there is no rate by it, rather than one of 0.
  "contract.capacity": (compilation, contract) =>
    capacityOf(compilation, contract) ?? compilation.inputs.context.builder.constant(Number.NaN),
  "contract.term": ({ inputs }, contract) => inputs.months("contracts.*.term", contract),
};
