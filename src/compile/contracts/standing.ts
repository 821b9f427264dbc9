import type { Register } from "../../engine/index.ts";
import { addUp } from "../arithmetic.ts";
import { type Compilation, once } from "../compilation.ts";
import { isElsewhere, undelayedPower } from "../facility.ts";
import type { Inputs } from "../inputs.ts";
import type { Part } from "../parts.ts";
import { contractsOfPart, escalationOf, partsOfContract } from "./contract-terms.ts";
import { lateChipsOf } from "./late-chips.ts";

/** What a contract bills by the month, whatever is used, and what of it the provider is late with [USD]. */
export type Standing = { readonly due: Register; readonly late: Register };

/**
 * What is due for capacity and as a fee (docs/model.md section 10.1); undefined where the contract states neither.
 *
 * Fails: never.
 */
export const standingOf = once((compilation: Compilation, contract: string): Standing | undefined => {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const price = inputs.optional("contracts.*.capacity_price.price", contract);
  const fee = inputs.optional("contracts.*.fee", contract);
  if (price === undefined && fee === undefined) return undefined;
  const zero = builder.constant(0);
  const { watts, late } = price === undefined ? { watts: zero, late: zero } : powerOf(compilation, contract);
  const growth = escalationOf(inputs, contract);
  const escalated = (amount: Register) => builder.op("multiply", amount, growth);
  const forPower = (power: Register) => builder.op("multiply", price ?? zero, power);
  return {
    due: escalated(builder.op("add", forPower(watts), fee ?? zero)),
    late: escalated(forPower(late)),
  };
});

/** Watts that a capacity price is due for, and those that the provider is late with. */
function powerOf(compilation: Compilation, contract: string): { watts: Register; late: Register } {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const zero = builder.constant(0);
  const capacity = inputs.optional("contracts.*.capacity", contract);
  switch (inputs.choice("contracts.*.capacity_price.of", contract)) {
    case "contracted":
      return { watts: capacity ?? zero, late: zero };
    case "energised":
      return energised(compilation, contract);
    default: {
      const limitOf = (site: string) => compilation.metric("power_limit_mw", { level: "site", site });
      const limit = sumOverSites(compilation, contract, limitOf);
      // Where others see to the power, none is late.
      const undelayed = (site: string) =>
        isElsewhere(inputs, site) ? limitOf(site) : undelayedPower(inputs, site);
      const promised = capacity ?? sumOverSites(compilation, contract, undelayed);
      return {
        watts: capacity === undefined ? limit : builder.op("min", capacity, limit),
        late: builder.op("max", zero, builder.op("subtract", promised, limit)),
      };
    }
  }
}

function isIt(inputs: Inputs, contract: string): boolean {
  return inputs.choice("contracts.*.capacity_price.basis", contract) === "it";
}

/** Sum over the sites where the contract's fleets stand, of facility power or of the IT power it feeds. */
function sumOverSites(
  compilation: Compilation,
  contract: string,
  powerOfSite: (site: string) => Register,
): Register {
  const { inputs, entities } = compilation;
  const { builder } = inputs.context;
  const parts = partsOfContract(compilation, contract);
  const powers = entities.names.sites
    .filter((site) => parts.some((part) => part.site === site))
    .map((site) => {
      const power = powerOfSite(site);
      if (!isIt(inputs, contract)) return power;
      return builder.op("divide", power, inputs.number("sites.*.pue_design", site));
    });
  return addUp(builder, powers);
}

/** Power that the fleets have energised, and that of chips which were to be energised by then. */
function energised(compilation: Compilation, contract: string): { watts: Register; late: Register } {
  const { inputs, metric } = compilation;
  const { builder } = inputs.context;
  const parts = partsOfContract(compilation, contract);
  const name = isIt(inputs, contract) ? "it_power_mw" : "facility_power_mw";
  const first = parts.filter((part) => contractsOfPart(inputs, part)[0] === contract);
  return {
    watts: addUp(
      builder,
      parts.map((part) => metric(name, { level: "part", part })),
    ),
    late: addUp(
      builder,
      first.map((part) =>
        builder.op(
          "multiply",
          lateChipsOf(compilation, part, builder.constant(0), "chips_energised"),
          wattsOf(inputs, contract, part),
        ),
      ),
    ),
  };
}

function wattsOf(inputs: Inputs, contract: string, { chip, site }: Part): Register {
  const own = inputs.number("chips.*.it_power", chip);
  if (isIt(inputs, contract)) return own;
  return inputs.context.builder.op("multiply", own, inputs.number("sites.*.pue_design", site));
}
