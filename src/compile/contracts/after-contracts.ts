import type { Register } from "../../engine/index.ts";
import { findMetric } from "../../metrics/index.ts";
import { CAPITAL_COSTS, costNames, RUNNING_COSTS } from "../../metrics/provider-costs.ts";
import { addUp, discountFactor } from "../arithmetic.ts";
import { chipsLeftOf } from "../chips/book.ts";
import type { Compilation, EntityAt, MetricTable } from "../compilation.ts";
import { facilityLeftOf } from "../facility.ts";
import { absoluteMonths } from "../lower.ts";
import { isUsed } from "../uses.ts";
import { endOf } from "./contract-end.ts";
import { contractsOfPart, partsOfContract } from "./contract-terms.ts";
import { merchantRevenueOf } from "./contracts.ts";

/** What fleets earn after their contracts (docs/model.md section 10.6). */
export const merchantMetrics: MetricTable<"part"> = {
  merchant_revenue_usd: (compilation, { part }) => merchantRevenueOf(compilation, part),
};

/** What the contracts are worth to their end (docs/model.md section 10.6). */
export const contractedMetrics: MetricTable<"run"> = {
  npv_provider_contracted_usd: (compilation) => {
    const { inputs, metric } = compilation;
    const { builder } = inputs.context;
    const { originMonth, monthCount } = builder.window;
    const first = inputs.field("provider.sunk")?.boolean === true ? originMonth : 0;
    const end = endOfContracts(compilation);
    const discount = discountFactor(builder, inputs.number("provider.discount_rate"));
    const isBefore = builder.op("less", absoluteMonths(inputs.context), end);
    const paid = builder.op("multiply", metric("contract_payment_usd", { level: "total" }), discount);
    const spent = builder.op("multiply", cashUnderContract(compilation), discount);
    const net = builder.op("subtract", paid, builder.op("select", isBefore, spent, builder.constant(0)));
    const left = builder.op("multiply", leftUnderContract(compilation), discount);
    return builder.op("add", builder.total(net, first, monthCount), inMonthBefore(compilation, left, end));
  },
};

/** The month after the last contract that a fleet lists has ended, absolute. */
function endOfContracts(compilation: Compilation): Register {
  const { inputs, entities } = compilation;
  return entities.names.contracts
    .filter((contract) => partsOfContract(compilation, contract).length > 0)
    .map((contract) => endOf(compilation, contract))
    .reduce((x, y) => inputs.context.builder.op("max", x, y));
}

/** A register's value in the month before an absolute one, which may differ by trial. */
function inMonthBefore({ inputs }: Compilation, register: Register, end: Register): Register {
  const { context } = inputs;
  const { builder, firstMonth } = context;
  const { monthCount } = builder.window;
  const fixed = builder.constantOf(end);
  if (fixed !== undefined) return builder.total(register, fixed - 1 - firstMonth, fixed - firstMonth);
  const last = builder.op("subtract", end, builder.constant(1));
  const isLast = builder.op("equal", absoluteMonths(context), last);
  return builder.total(builder.op("select", isLast, register, builder.constant(0)), 0, monthCount);
}

/** Parts under contract and the sites where they stand. */
function underContract({ inputs, entities }: Compilation): readonly (EntityAt<"part"> | EntityAt<"site">)[] {
  const parts = entities.parts.filter((part) => contractsOfPart(inputs, part).length > 0);
  const sites = entities.names.sites.filter((site) => parts.some((part) => part.site === site));
  return [
    ...parts.map((part) => ({ level: "part" as const, part })),
    ...sites.map((site) => ({ level: "site" as const, site })),
  ];
}

/** The provider's cash for fleets under contract and their sites, by month. */
function cashUnderContract(compilation: Compilation): Register {
  const { inputs, metric } = compilation;
  const costs = underContract(compilation).flatMap((entity) =>
    costNames([...CAPITAL_COSTS, ...RUNNING_COSTS], entity.level)
      .filter((name) => isUsed(inputs.scenario, findMetric(name) ?? {}))
      .map((name) => metric(name, entity)),
  );
  return addUp(inputs.context.builder, costs);
}

/** What fleets under contract and their sites are worth at the end of each month. */
function leftUnderContract(compilation: Compilation): Register {
  const worths = underContract(compilation).map((entity) =>
    entity.level === "part"
      ? chipsLeftOf(compilation, entity.part)
      : facilityLeftOf(compilation, entity.site),
  );
  return addUp(compilation.inputs.context.builder, worths);
}
