import { Bound, type Register, Shape, writeAssignOperands } from "../../engine/index.ts";
import { SECONDS_PER_HOUR } from "../../metrics/unit-factors.ts";
import type { Entity } from "../entities.ts";
import { hoursOfMonths } from "../hours.ts";
import type { Inputs } from "../inputs.ts";
import { absoluteMonths } from "../lower.ts";
import type { Part } from "../parts.ts";
import { listPairs, listWorkloads, type Pair, type Workload } from "./workloads.ts";

/** The register of a metric of any entity. */
export type LookUp = (name: string, entity: Entity) => Register;

/** What the serve kernel says of a pair. */
export type Served = Readonly<Record<"chips" | "doublings" | "batch" | "works" | "bound", Register>>;

/** What the assign kernel says, by pair, workload and part. */
export type Assigned = {
  readonly pairs: ReadonlyMap<Pair, { readonly held: Register; readonly served: Register }>;
  readonly workloads: ReadonlyMap<Workload, { readonly unserved: Register; readonly bound: Register }>;
  /** 0, or (rank of the workload + 1) x CODES + code. */
  readonly parts: ReadonlyMap<Part, Register>;
};

/** FLOP of training per parameter and token: forward and backward pass. */
const TRAINING_FLOP = 6;

/** What a scenario's workloads require and get, compiled when first asked for (docs/model.md section 15). */
export class DemandWorld {
  readonly workloads: readonly Workload[];
  readonly pairs: readonly Pair[];
  readonly #inputs: Inputs;
  readonly #parts: readonly Part[];
  readonly #served = new Map<Pair, Served>();
  #assigned: Assigned | undefined;

  constructor(inputs: Inputs, parts: readonly Part[]) {
    this.#inputs = inputs;
    this.#parts = parts;
    this.workloads = listWorkloads(inputs.scenario);
    this.pairs = listPairs(inputs.scenario, this.workloads, parts);
  }

  /** The pair of a workload and a part. */
  pair(workload: Workload, part: Part): Pair {
    return this.pairs.find((pair) => pair.workload === workload && pair.part === part) as Pair;
  }

  /** Sessions or requests that begin per second, growth included; 0 before `start`. */
  arrivals({ name, kind }: Workload): Register {
    const { builder, startMonth, firstMonth } = this.#inputs.context;
    const path = `workloads.${name}.`;
    const years = Float64Array.from(
      { length: builder.window.monthCount },
      (_, month) => (firstMonth + month - startMonth) / 12,
    );
    const one = builder.constant(1);
    const growth = builder.op(
      "power",
      builder.op("add", one, this.#inputs.number(`${path}growth`)),
      builder.months(years),
    );
    const tokens = kind === "inference" ? this.#inputs.optional(`${path}tokens`) : undefined;
    const length = () =>
      builder.op("add", this.#inputs.number(`${path}prompt`), this.#inputs.number(`${path}answer`));
    const traffic =
      tokens === undefined
        ? this.#inputs.number(`${path}${kind === "inference" ? "requests" : "sessions"}`)
        : builder.op("divide", tokens, length());
    return this.#fromStart(builder.op("multiply", traffic, growth));
  }

  /** Model FLOP of a training run. */
  runFlop({ name, model }: Workload): Register {
    const { builder } = this.#inputs.context;
    const given = this.#inputs.optional(`workloads.${name}.flop`);
    if (given !== undefined) return given;
    const active = this.#inputs.optional(`models.${model}.active_parameters`);
    const parameters = active ?? this.#inputs.number(`models.${model}.parameters`);
    const tokens = this.#inputs.number(`workloads.${name}.training_tokens`);
    return builder.op(
      "multiply",
      builder.op("multiply", builder.constant(TRAINING_FLOP), parameters),
      tokens,
    );
  }

  /** Units due by month. */
  required(workload: Workload): Register {
    const { builder } = this.#inputs.context;
    if (workload.kind === "training")
      return builder.op("multiply", this.runFlop(workload), builder.months(this.#planOf(workload)));
    const path = `workloads.${workload.name}.`;
    const perHour = builder.op("multiply", this.arrivals(workload), builder.constant(SECONDS_PER_HOUR));
    const answer = this.#inputs.number(`${path}answer`);
    const turns = workload.kind === "stateful" ? this.#inputs.number(`${path}turns`) : builder.constant(1);
    const each = builder.op("multiply", turns, answer);
    return builder.op("multiply", builder.op("multiply", perHour, this.#hours()), each);
  }

  /** How large a copy of the model is on a part, and how many sequences it answers at once. */
  served(pair: Pair, lookUp: LookUp): Served {
    const known = this.#served.get(pair);
    if (known) return known;
    const made = pair.workload.kind === "training" ? this.#notServed() : this.#serve(pair, lookUp);
    this.#served.set(pair, made);
    return made;
  }

  /** Who gets which chips. */
  assigned(lookUp: LookUp): Assigned {
    this.#assigned ??= this.#assign(lookUp);
    return this.#assigned;
  }

  #notServed(): Served {
    const { builder } = this.#inputs.context;
    const zero = builder.constant(0);
    return { chips: zero, doublings: zero, batch: zero, works: zero, bound: builder.constant(Bound.compute) };
  }

  #serve({ workload, part }: Pair, lookUp: LookUp): Served {
    const { builder } = this.#inputs.context;
    const trial = (register: Register) => builder.spread(register, Shape.trial);
    const chip = `chips.${part.chip}.`;
    const ofWorkload = (name: string) => lookUp(name, { level: "workload", workload });
    const input = (name: string) => lookUp(`input ${name}`, { level: "assignment", workload, part });
    const times = (x: Register, y: Register) => builder.op("multiply", x, y);
    const one = builder.constant(1);
    const reserve = builder.op("subtract", one, input("chip.serving_reserve"));
    const operands = [
      ofWorkload("weights_gb"),
      ofWorkload("expert_weights_gb"),
      input("model.unread_share"),
      ofWorkload("kv_gb_per_sequence"),
      ofWorkload("decode_gflop_per_token"),
      times(input("chip.serving_compute"), input("chip.serving_peak")),
      times(input("chip.serving_bandwidth"), this.#inputs.number(`${chip}hbm_bandwidth`)),
      times(this.#inputs.number(`${chip}hbm`), reserve),
      times(input("model.layers"), input("chip.serving_exchange")),
      this.#inputs.number(`workloads.${workload.name}.speed`),
      this.#inputs.optional(`${chip}scale_up_domain`) ?? one,
      this.#inputs.number(`workloads.${workload.name}.replica`),
    ].map(trial);
    const [chips, doublings, batch, works, bound] = builder.handWritten(
      "serve",
      new Array(5).fill(Shape.trial),
      operands,
      (outputs) => [...operands, ...outputs],
    );
    return { chips, doublings, batch, works, bound };
  }

  #assign(lookUp: LookUp): Assigned {
    const { builder } = this.#inputs.context;
    const consumed: Register[] = [];
    const use = (register: Register, shape: typeof Shape.trial | typeof Shape.slab) => {
      const spread = builder.spread(register, shape);
      consumed.push(spread);
      return spread;
    };
    const hours = use(this.#hours(), Shape.slab);
    const parts = this.#parts.map((part) =>
      use(lookUp("chips_productive", { level: "part", part }), Shape.slab),
    );
    const workloads = this.workloads.map((workload) => ({
      required: use(this.required(workload), Shape.slab),
      peak: use(this.#inputs.number(`workloads.${workload.name}.peak_over_mean`), Shape.trial),
      value: use(this.#valueAtStart(workload), Shape.trial),
      minimum: use(this.#inputs.number(`workloads.${workload.name}.min_chips`), Shape.trial),
      deferrable: workload.deferrable ? 1 : 0,
      last: this.#lastMonth(workload),
      ...this.#rangeOf(workload),
    }));
    const pairs = this.pairs.map((pair) => ({
      part: this.#parts.indexOf(pair.part),
      rate: use(lookUp("rate_units_per_chip_hour", { level: "assignment", ...pair }), Shape.trial),
      limit: use(this.served(pair, lookUp).bound, Shape.trial),
    }));
    const count = 2 * this.pairs.length + 2 * this.workloads.length + this.#parts.length;
    const made = builder.handWritten("assign", new Array(count).fill(Shape.slab), consumed, (outputs) => {
      const take = reader(outputs);
      return writeAssignOperands({
        hours,
        pairs: pairs.map((pair) => ({ ...pair, held: take(), served: take() })),
        workloads: workloads.map((workload) => ({ ...workload, unserved: take(), bound: take() })),
        parts: parts.map((productive) => ({ productive, bound: take() })),
      });
    });
    const take = reader(made);
    return {
      pairs: new Map(this.pairs.map((pair) => [pair, { held: take(), served: take() }])),
      workloads: new Map(this.workloads.map((workload) => [workload, { unserved: take(), bound: take() }])),
      parts: new Map(this.#parts.map((part) => [part, take()])),
    };
  }

  /** Worth of a unit at `start`: it settles who takes which chips, in every month alike. */
  #valueAtStart({ name }: Workload): Register {
    const { builder } = this.#inputs.context;
    const value = this.#inputs.number(`workloads.${name}.value`);
    const { originMonth } = builder.window;
    const vector = builder.monthsOf(value);
    if (vector) return builder.constant(vector[originMonth]);
    return builder.shapeOf(value) === Shape.slab ? builder.total(value, originMonth, originMonth + 1) : value;
  }

  /** Positions of a workload's pairs, which stand together. */
  #rangeOf(workload: Workload): { readonly first: number; readonly end: number } {
    const first = Math.max(
      0,
      this.pairs.findIndex((pair) => pair.workload === workload),
    );
    return { first, end: first + this.pairs.filter((pair) => pair.workload === workload).length };
  }

  #hours(): Register {
    const { builder, firstMonth } = this.#inputs.context;
    return builder.months(hoursOfMonths(firstMonth, builder.window.monthCount));
  }

  /** Window month in which what is left of a training run is lost; -1 for work that is lost month by month. */
  #lastMonth(workload: Workload): number {
    if (workload.kind !== "training") return -1;
    return this.#month(workload, "to") - this.#inputs.context.firstMonth;
  }

  /** Share of a training run due in each month: even over the hours of its window. */
  #planOf(workload: Workload): Float64Array {
    const { builder, firstMonth } = this.#inputs.context;
    const [from, to] = [this.#month(workload, "from"), this.#month(workload, "to")];
    const lengths = hoursOfMonths(from, to - from + 1);
    const all = lengths.reduce((sum, length) => sum + length, 0);
    return Float64Array.from({ length: builder.window.monthCount }, (_, month) => {
      const at = firstMonth + month - from;
      return at >= 0 && at < lengths.length ? lengths[at] / all : 0;
    });
  }

  #month({ name }: Workload, field: "from" | "to"): number {
    const register = this.#inputs.months(`workloads.${name}.${field}`);
    return this.#inputs.context.builder.constantOf(register) ?? this.#inputs.context.startMonth;
  }

  #fromStart(register: Register): Register {
    const { context } = this.#inputs;
    const { builder } = context;
    const started = builder.op("greaterEqual", absoluteMonths(context), builder.constant(context.startMonth));
    return builder.op("select", started, register, builder.constant(0));
  }
}

/** Gives registers one after another. */
function reader(registers: readonly Register[]): () => Register {
  let at = 0;
  return () => registers[at++];
}
