import { facilityBook, type Register, Shape } from "../engine/index.ts";
import { TOLERANCE } from "../metrics/tolerance.ts";
import { DENSER } from "../scenario/denser-racks.ts";
import { lifeOf } from "./chips/life.ts";
import { type Compilation, once } from "./compilation.ts";
import type { Part } from "./parts.ts";

/** Cost of refitting a site's halls, with its book. */
export type Refit = Readonly<
  Record<"cash" | "cost" | "moment" | "inService" | "depreciation" | "bookValue", Register>
>;

/**
 * What a site pays to refit its halls for successors with denser racks (docs/model.md section 9.2); undefined where nothing
 * can come of it.
 *
 * IT power counts when such successors land, whether they have power yet or not. A hall that was refitted stays so: chips that
 * land in place of their own kind need nothing new.
 */
export const refitOf = once((compilation: Compilation, site: string): Refit | undefined => {
  const { inputs, entities } = compilation;
  const { builder } = inputs.context;
  const successors = entities.parts.filter((part) => !part.bought && part.site === site);
  if (successors.length === 0 || inputs.choice("sites.*.tenure", site) === "leased") return undefined;
  const watts = successors.flatMap((part) => newWatts(compilation, part) ?? []);
  if (watts.length === 0) return undefined;
  const share = inputs.number("sites.*.retrofit", site);
  if (builder.constantOf(share) === 0) return undefined;
  const power = watts.reduce((sum, each) => builder.op("add", sum, each));
  const price = builder.op("multiply", share, inputs.number("sites.*.facility", site));
  const cash = builder.spread(builder.op("multiply", price, power), Shape.slab);
  const cost = builder.scan("cumulate", cash);
  // Paid and in service in the month itself, so that of the kernel's cash nothing is used.
  const given = {
    cost,
    buildTime: builder.constant(1),
    delay: builder.constant(0),
    bookLife: inputs.months("sites.*.book_life", site),
  };
  const { moment, depreciation, bookValue } = builder.kernel(facilityBook, { sites: [given] }).sites[0];
  return { cash, cost, inService: cost, moment, depreciation, bookValue };
});

/** IT power of the month's landed successors that need a hall refitted; undefined where a rack's power is not stated. */
function newWatts(compilation: Compilation, part: Part): Register | undefined {
  const { inputs, entities, metric } = compilation;
  const { builder } = inputs.context;
  const own = inputs.optional("chips.*.rack_power", part.chip);
  const retired = entities.parts.filter(({ fleet, bought }) => fleet === part.fleet && bought);
  const racks = retired.map(({ chip }) => inputs.optional("chips.*.rack_power", chip));
  if (own === undefined || racks.some((rack) => rack === undefined)) return undefined;
  // The hall holds the densest racks of the fleet.
  const densest = (racks as readonly Register[]).reduce((most, rack) => builder.op("max", most, rack));
  const most = builder.op("multiply", builder.constant(DENSER * (1 + TOLERANCE)), densest);
  const isDenser = builder.op("greater", own, most);
  const stay = builder.op(
    "subtract",
    metric("chips_installed", { level: "part", part }),
    leaving(compilation, part),
  );
  const power = builder.op("multiply", stay, inputs.number("chips.*.it_power", part.chip));
  const refitted = builder.scan("runningMax", builder.spread(power, Shape.slab));
  return builder.op("multiply", isDenser, builder.scan("difference", refitted));
}

/** Installed chips that retire within the lead of their replacement: chips of their own kind may stand beside them. */
function leaving({ inputs, metric }: Compilation, part: Part): Register {
  const { builder } = inputs.context;
  const lead = inputs.months("fleets.*.replacement.lead", part.fleet);
  const life = lifeOf(inputs, part.fleet);
  const energised = builder.scan("cumulate", metric("chips_energised_new", { level: "part", part }));
  const due = builder.shift("behind", energised, builder.op("subtract", life, lead));
  return builder.op("subtract", due, builder.shift("behind", energised, life));
}
