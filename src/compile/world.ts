import {
  chipBook,
  chipResidual,
  facilityBook,
  facilityResidual,
  pool,
  type Register,
  Shape,
} from "../engine/index.ts";
import { type CompiledContract, compileContracts, type PartHours } from "./contracts/contracts.ts";
import {
  type CompiledTranche,
  compileGate,
  compileTranche,
  type Gate,
  gateOf,
} from "./contracts/financing.ts";
import { compileDelivery, type Delivery } from "./delivery.ts";
import { DemandWorld } from "./demand/demand-world.ts";
import type { Entity, EntitySource } from "./entities.ts";
import type { Inputs } from "./inputs.ts";
import { absoluteMonths } from "./lower.ts";
import { listParts, type Part } from "./parts.ts";
import { compileSizes } from "./sizes.ts";
import { compileStock, type PartStock } from "./stock.ts";

/** Everything of a scenario that the formulas of the metric table stand on, compiled when first asked for. */
export class World {
  readonly inputs: Inputs;
  readonly parts: readonly Part[];
  readonly sites: readonly string[];
  readonly demand: DemandWorld;
  readonly #memo = new Map<string, unknown>();
  readonly #hours: Float64Array;
  readonly #gates: {
    readonly placeholder: Register;
    readonly gate: Gate;
  }[] = [];
  /** Set by `MetricRegisters`, which stand on the world as the world's contracts stand on them. */
  metric: (name: string, entity: Entity) => Register = () => {
    throw new Error("the metrics of a world are not set");
  };

  /** @param hours hours of every window month */
  constructor(inputs: Inputs, hours: Float64Array) {
    this.#hours = hours;
    this.inputs = inputs;
    this.parts = listParts(inputs.scenario);
    this.sites = inputs.scenario.names.sites;
    this.demand = new DemandWorld(inputs, this.parts);
  }

  get entities(): EntitySource {
    const { workloads, pairs } = this.demand;
    return { names: this.inputs.scenario.names, parts: this.parts, workloads, pairs };
  }

  partsAt(site: string): readonly Part[] {
    return this.#once(`parts at ${site}`, () => this.parts.filter((part) => part.site === site));
  }

  delivery(part: Part): Delivery {
    return this.#once(`delivery ${part.key}`, () => compileDelivery(this.inputs, part));
  }

  /** Chips a part buys. */
  size(part: Part): Register {
    if (!part.bought) return this.inputs.context.builder.constant(0);
    const sizes = this.#once(`sizes ${part.fleet}`, () => {
      const fleet = this.parts.filter((other) => other.fleet === part.fleet && other.bought);
      const registers = compileSizes(
        this.inputs,
        fleet,
        fleet.map((other) => this.delivery(other)),
        (other, read) => this.#unitCost(other, read),
      );
      return new Map(fleet.map((other, index) => [other, registers[index]]));
    });
    return sizes.get(part) as Register;
  }

  /** Price plus network of a chip that lands in the month. */
  unitCost(part: Part): Register {
    return this.#unitCost(part, (path) => this.inputs.number(path));
  }

  /** Facility power that the site gives, delay included. */
  powerLimit(site: string): Register {
    return this.#once(`limit ${site}`, () =>
      this.inputs.context.builder.shift(
        "behind",
        this.#undelayedPower(site),
        this.inputs.months(`sites.${site}.delay`),
      ),
    );
  }

  /** Power by the site's own table; power without dates is there from `start`. */
  #undelayedPower(site: string): Register {
    const path = `sites.${site}.power`;
    const power = this.inputs.number(path);
    if (this.inputs.field(path)?.expr?.kind === "table") return power;
    const { context } = this.inputs;
    const { builder } = context;
    const started = builder.op("greaterEqual", absoluteMonths(context), builder.constant(context.startMonth));
    return builder.op("select", started, power, builder.constant(0));
  }

  /** Hours of every month. */
  hours(): Register {
    return this.inputs.context.builder.monthsBy("hours", (month) => this.#hours[month]);
  }

  metricOf(part: Part, name: string): Register {
    return this.metric(name, { level: "part", part });
  }

  totalMetric(name: string): Register {
    return this.metric(name, { level: "total" });
  }

  /** Productive chip-hours of a part, and those planned for it that the provider is late with. */
  partHours(part: Part): PartHours {
    return this.#once(`hours ${part.key}`, () => {
      const { builder } = this.inputs.context;
      const productive = this.metricOf(part, "chips_productive");
      const { planned } = this.delivery(part);
      const commissioned = builder.shift(
        "behind",
        planned,
        this.inputs.months(`fleets.${part.fleet}.commissioning`),
      );
      const retired = builder.shift("behind", planned, this.inputs.months(`fleets.${part.fleet}.life`));
      const promised = builder.op("multiply", this.size(part), builder.op("subtract", commissioned, retired));
      // What waits for the buyer's money is not the provider's to make good.
      const owed = builder.op("subtract", promised, this.stock(part).unfunded);
      const late = builder.op("max", builder.constant(0), builder.op("subtract", owed, productive));
      return {
        hours: builder.op("multiply", productive, this.hours()),
        lateHours: builder.op("multiply", late, this.hours()),
      };
    });
  }

  contracts(): readonly CompiledContract[] {
    return this.#once("contracts", () =>
      compileContracts(this.inputs, this.parts, (part) => this.partHours(part)),
    );
  }

  contract(name: string): CompiledContract {
    return this.contracts().find((contract) => contract.name === name) as CompiledContract;
  }

  tranche(name: string): CompiledTranche {
    return this.#once(`tranche ${name}`, () => compileTranche(this.inputs, name));
  }

  /** Says what the gates of deliveries turn out to be, once everything they read is compiled. */
  bindGates(): void {
    for (const { placeholder, gate } of this.#gates) {
      const { builder } = this.inputs.context;
      const unlocked = gate.tranche === undefined ? builder.constant(1) : this.tranche(gate.tranche).unlocked;
      const cash = () => this.totalMetric("buyer_cash_usd");
      builder.bindFeedback(placeholder, compileGate(this.inputs, gate, unlocked, cash));
    }
  }

  #gateOf(part: Part): { readonly register: Register; readonly atFirst: Register } | undefined {
    const { builder } = this.inputs.context;
    const gate = gateOf(this.inputs, part);
    if (!gate) return undefined;
    const placeholder = this.#once(`gate ${gate.tranche} ${gate.floor}`, () => {
      const register = builder.feedback();
      this.#gates.push({ placeholder: register, gate });
      return register;
    });
    return { register: placeholder, atFirst: builder.constant(gate.tranche === undefined ? 1 : 0) };
  }

  stock(part: Part): PartStock {
    const stocks = this.#once("stock", () =>
      compileStock(
        this.inputs,
        this.parts,
        (each) => ({
          due: this.inputs.context.builder.op("multiply", this.size(each), this.delivery(each).due),
          ratioTo: (successor) => this.#replacementRatio(each, successor),
        }),
        (site) => this.powerLimit(site),
        (each) => this.#gateOf(each),
      ),
    );
    return stocks.get(part.key) as PartStock;
  }

  /** Cumulative cost of the undelayed steps of an owned facility. */
  facilityCost(site: string): Register {
    return this.#once(`facility ${site}`, () => {
      const { builder } = this.inputs.context;
      if (this.inputs.choice(`sites.${site}.tenure`) === "leased") return builder.constant(0);
      const highest = builder.scan("runningMax", this.#undelayedPower(site));
      const built = builder.op("divide", highest, this.inputs.number(`sites.${site}.pue_design`));
      const steps = builder.op(
        "multiply",
        builder.scan("difference", built),
        this.inputs.number(`sites.${site}.facility`),
      );
      return builder.scan("cumulate", steps);
    });
  }

  #unitCost(part: Part, read: (path: string) => Register): Register {
    const { builder } = this.inputs.context;
    const lead = builder.op("round", read(`chips.${part.chip}.lead`));
    const price = builder.shift("behindHold", read(`chips.${part.chip}.price`), lead);
    const network = builder.shift("behindHold", read(`chips.${part.chip}.network`), lead);
    return builder.op("add", price, network);
  }

  #replacementRatio(old: Part, successor: Part): Register {
    const { builder } = this.inputs.context;
    const basis = this.inputs.choice(`fleets.${old.fleet}.replacement.basis`) ?? "power";
    if (basis === "chips" || old.chip === successor.chip) return builder.constant(1);
    if (basis === "spend") return builder.op("ratio", this.unitCost(old), this.unitCost(successor));
    const power = (part: Part) => this.inputs.number(`chips.${part.chip}.it_power`);
    return builder.op("divide", power(old), power(successor));
  }

  #once<T>(key: string, make: () => T): T {
    if (!this.#memo.has(key)) this.#memo.set(key, make());
    return this.#memo.get(key) as T;
  }

  /** Outputs of the book kernel of a part. */
  book(part: Part) {
    return this.#once(`book ${part.key}`, () => {
      const { builder } = this.inputs.context;
      const { survival, life } = this.stock(part);
      const months = (name: string) => this.inputs.months(`fleets.${part.fleet}.${name}`);
      const cost = this.energisedCost(part);
      const [commissioning, bookLife] = [months("commissioning"), months("book_life")];
      const given = { cost, survival, commissioning, bookLife, life };
      return builder.kernel(chipBook, { parts: [given] }).parts[0];
    });
  }

  /** Cost of the chips energised in the month. */
  energisedCost(part: Part): Register {
    return this.#once(`pool ${part.key}`, () => {
      const { builder } = this.inputs.context;
      const { landed, energisedNew, stranded } = this.stock(part);
      const landedCost = builder.op("multiply", landed, this.unitCost(part));
      return builder.kernel(pool, { parts: [{ landedCost, energisedNew, stranded }] }).parts[0].energisedCost;
    });
  }

  /** Worth of a part's chips in service at the end of the horizon. */
  chipResidual(part: Part): Register {
    return this.#once(`residual ${part.key}`, () => {
      const { builder } = this.inputs.context;
      const { cumulative, moment } = this.book(part);
      const { survival, life } = this.stock(part);
      const economicLife = this.inputs.months(`fleets.${part.fleet}.economic_life`);
      const given = { cumulative, moment, survival, life, economicLife };
      return builder.kernel(chipResidual, { parts: [given] }).parts[0].worth;
    });
  }

  /** Outputs of the facility kernel of a site. */
  facility(site: string) {
    return this.#once(`facility book ${site}`, () => {
      const { builder } = this.inputs.context;
      const months = (name: string) => this.inputs.months(`sites.${site}.${name}`);
      const costOfSteps = this.facilityCost(site);
      const cost = builder.spread(costOfSteps, Shape.slab);
      // Where nothing is built, as at a leased site, there is nothing to spread over months.
      if (builder.constantOf(costOfSteps) === 0) {
        const zero = costOfSteps;
        return { cost, moment: cost, cash: zero, inService: zero, depreciation: zero, bookValue: zero };
      }
      const given = {
        cost,
        buildTime: months("build_time"),
        delay: months("delay"),
        bookLife: months("book_life"),
      };
      return { cost, ...builder.kernel(facilityBook, { sites: [given] }).sites[0] };
    });
  }

  /** Worth of a site's facility in service at the end of the horizon. */
  facilityResidual(site: string): Register {
    return this.#once(`facility residual ${site}`, () => {
      const { builder } = this.inputs.context;
      const months = (name: string) => this.inputs.months(`sites.${site}.${name}`);
      const { cost, moment } = this.facility(site);
      const given = { cost, moment, delay: months("delay"), economicLife: months("economic_life") };
      return builder.kernel(facilityResidual, { sites: [given] }).sites[0].worth;
    });
  }
}
