import { monthFromWhich, type Register, Shape } from "../engine/index.ts";
import { contractRegister, trancheRegister } from "./contracts/contract-registers.ts";
import { demandRegister, withDemand } from "./demand/demand-registers.ts";
import type { Entity } from "./entities.ts";
import type { Part } from "./parts.ts";
import type { PartStock } from "./stock.ts";
import type { World } from "./world.ts";

/** Codes of `binding`, in the order of its words. */
const BINDING = { none: 0, power: 1, money: 2, chips: 3 } as const;

/** A shortfall is one above this share of the part's size or, if larger, of what it has installed. */
const TOLERANCE = 1e-9;

const STOCK_METRICS: Readonly<Record<string, keyof PartStock>> = {
  chips_landed: "landed",
  chips_energised_new: "energisedNew",
  chips_retired: "retired",
  chips_failed: "failed",
  chips_replaced: "replaced",
  chips_energised: "energised",
  chips_stranded: "stranded",
  chips_curtailed: "curtailed",
  chips_held: "held",
  chips_unfunded: "unfunded",
  chips_successors_landed: "successors",
};

/** The register of a metric that a kernel makes. `metric` gives other metrics of the same entity. */
export function kernelRegister(
  world: World,
  name: string,
  entity: Entity,
  metric: (name: string) => Register,
): Register | undefined {
  if (name === "binding") return withDemand(world, entity, bindingOf(world, entity));
  if (entity.level === "workload" || entity.level === "assignment")
    return demandRegister(world, name, entity);
  if (entity.level === "part") return partRegister(world, name, entity.part, metric);
  if (entity.level === "contract") return contractRegister(world, name, entity.contract);
  if (entity.level === "tranche") return trancheRegister(world, name, entity.tranche);
  if (entity.level === "run") return returnsRegister(world, name);
  if (entity.level === "site") return siteRegister(world, name, entity.site, metric);
  return undefined;
}

function partRegister(world: World, name: string, part: Part, metric: (name: string) => Register): Register {
  const { builder } = world.inputs.context;
  const stockOutput = STOCK_METRICS[name];
  if (stockOutput) return world.stock(part)[stockOutput];
  const size = world.size(part);
  const delivery = world.delivery(part);
  switch (name) {
    case "chips_planned":
      return builder.op("multiply", size, delivery.planned);
    case "chips_due":
      return builder.op("multiply", size, delivery.due);
    case "chips_deferred":
      return builder.op("multiply", size, builder.op("subtract", delivery.undeferred, delivery.due));
    case "chips_productive":
      return productive(world, part);
    case "chips_productive_new":
      return productiveNew(world, part);
    case "chip_energised_cost_usd":
      return world.energisedCost(part);
    case "chip_cost_in_service_usd":
      return world.book(part).inService;
    case "chip_depreciation_usd":
      return world.book(part).depreciation;
    case "chip_write_off_usd":
      return world.book(part).writtenOff;
    case "chip_book_value_usd":
      return world.book(part).bookValue;
    case "chip_residual_usd": {
      const waiting = atHorizonEnd(world, metric("chip_construction_in_progress_usd"));
      const worth = builder.op("add", world.chipResidual(part), waiting);
      return afterHaircut(world, worth, `fleets.${part.fleet}.residual_haircut`);
    }
    default:
      throw new Error(`no kernel makes ${name}`);
  }
}

function siteRegister(
  world: World,
  name: string,
  site: string,
  metric: (name: string) => Register,
): Register {
  const { builder } = world.inputs.context;
  switch (name) {
    case "power_limit_mw":
      return world.powerLimit(site);
    case "facility_cash_usd":
      return world.facility(site).cash;
    case "facility_cost_in_service_usd":
      return world.facility(site).inService;
    case "facility_depreciation_usd":
      return world.facility(site).depreciation;
    case "facility_book_value_usd":
      return world.facility(site).bookValue;
    case "facility_residual_usd": {
      const waiting = atHorizonEnd(world, metric("facility_construction_in_progress_usd"));
      const worth = builder.op("add", world.facilityResidual(site), waiting);
      return afterHaircut(world, worth, `sites.${site}.residual_haircut`);
    }
    default:
      throw new Error(`no kernel makes ${name}`);
  }
}

/** Lowest point, payback and rate of return of the provider's net cash. */
function returnsRegister(world: World, name: string): Register {
  const { builder } = world.inputs.context;
  const { originMonth, horizonMonths } = builder.window;
  const slab = (metric: string) => builder.spread(world.totalMetric(metric), Shape.slab);
  if (name === "provider_irr") {
    const residual = builder.spread(world.metric("provider_residual_usd", { level: "run" }), Shape.trial);
    const operands = [slab("provider_net_cash_usd"), residual];
    return builder.handWritten("internalRate", [Shape.trial], operands, (outputs) => [
      ...operands,
      ...outputs,
    ])[0];
  }
  const cumulative = slab("provider_cumulative_cash_usd");
  if (name === "provider_payback_month") {
    return builder.kernel(monthFromWhich, { series: [{ values: cumulative }] }).series[0].month;
  }
  const owed = builder.scan("runningMax", builder.op("negate", cumulative));
  const end = originMonth + horizonMonths;
  // Cash starts from 0, before the window: who is paid ahead of everything has nothing out.
  const zero = builder.constant(0);
  return builder.op("subtract", zero, builder.op("max", zero, builder.total(owed, end - 1, end)));
}

/** S_w max(0, N_{w-c} - N_{w-L}) (1 - curtailed / energised). */
function productive(world: World, part: Part): Register {
  const { builder } = world.inputs.context;
  const { cumulative, survival, life, energised, curtailed } = world.stock(part);
  const commissioned = builder.shift("behind", cumulative, commissioning(world, part));
  const retired = builder.shift("behind", cumulative, life);
  const alive = builder.op("max", builder.constant(0), builder.op("subtract", commissioned, retired));
  const used = builder.op("subtract", builder.constant(1), builder.op("ratio", curtailed, energised));
  return builder.op("multiply", builder.op("multiply", survival, alive), used);
}

function productiveNew(world: World, part: Part): Register {
  const { builder } = world.inputs.context;
  const { energisedNew, survival, life } = world.stock(part);
  const normalised = builder.op("divide", energisedNew, survival);
  const steps = commissioning(world, part);
  const entering = builder.op("multiply", survival, builder.shift("behind", normalised, steps));
  return builder.op("select", builder.op("less", steps, life), entering, builder.constant(0));
}

function commissioning(world: World, part: Part): Register {
  return world.inputs.months(`fleets.${part.fleet}.commissioning`);
}

function atHorizonEnd(world: World, register: Register): Register {
  const { builder } = world.inputs.context;
  const end = builder.window.originMonth + builder.window.horizonMonths;
  return builder.total(register, end - 1, end);
}

function afterHaircut(world: World, worth: Register, path: string): Register {
  const { builder } = world.inputs.context;
  return builder.op(
    "multiply",
    worth,
    builder.op("subtract", builder.constant(1), world.inputs.number(path)),
  );
}

/** What binds, and by how much facility power: docs/model.md section 8. */
function bindingOf(world: World, entity: Entity): Register {
  const { builder } = world.inputs.context;
  if (entity.level === "part") return partBinding(world, entity.part).code;
  const parts = entity.level === "site" ? world.partsAt(entity.site) : world.parts;
  const bindings = parts.map((part) => partBinding(world, part));
  const zero = builder.constant(0);
  const sum = (registers: readonly Register[]) => registers.reduce((x, y) => builder.op("add", x, y), zero);
  // From the last in the order of the list: an earlier cause wins a tie.
  let code = builder.constant(BINDING.none);
  let largest = zero;
  for (const cause of ["chips", "money", "power"] as const) {
    const shortfall = sum(bindings.map((binding) => binding.shortfalls[cause]));
    const wins = builder.op(
      "and",
      builder.op("greater", shortfall, zero),
      builder.op("greaterEqual", shortfall, largest),
    );
    code = builder.op("select", wins, builder.constant(BINDING[cause]), code);
    largest = builder.op("max", largest, shortfall);
  }
  return code;
}

function partBinding(world: World, part: Part) {
  const { builder } = world.inputs.context;
  const zero = builder.constant(0);
  const { stranded, held, energised, curtailed, unfunded } = world.stock(part);
  const { planned, due } = world.delivery(part);
  const size = world.size(part);
  const power = builder.op(
    "multiply",
    world.inputs.number(`chips.${part.chip}.it_power`),
    world.inputs.number(`sites.${part.site}.pue_design`),
  );
  const most = builder.op("max", size, builder.op("add", energised, stranded));
  const threshold = builder.op("multiply", builder.constant(TOLERANCE), most);
  const chipsShort = {
    power: builder.op("add", builder.op("add", stranded, held), curtailed),
    money: unfunded,
    chips: builder.op("multiply", size, builder.op("subtract", planned, due)),
  };
  let code = builder.constant(BINDING.none);
  for (const cause of ["chips", "money", "power"] as const) {
    const isShort = builder.op("greater", chipsShort[cause], threshold);
    code = builder.op("select", isShort, builder.constant(BINDING[cause]), code);
  }
  const shortfall = (cause: "power" | "money" | "chips") =>
    builder.op(
      "select",
      builder.op("equal", code, builder.constant(BINDING[cause])),
      builder.op("multiply", chipsShort[cause], power),
      zero,
    );
  return {
    code,
    shortfalls: { power: shortfall("power"), money: shortfall("money"), chips: shortfall("chips") },
  };
}
