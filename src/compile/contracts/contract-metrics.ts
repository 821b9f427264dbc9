import { monthOfFirst, type Register, Shape } from "../../engine/index.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { FLOPS_PER_EXAFLOPS, MONTHS_PER_YEAR, WATTS_PER_MEGAWATT } from "../../metrics/unit-factors.ts";
import type { Compilation, MetricTable } from "../compilation.ts";
import { absoluteMonths } from "../lower.ts";
import type { Part } from "../parts.ts";
import { hoursOf } from "../window.ts";
import { endByMonthOf, endOf } from "./contract-end.ts";
import {
  commitmentOf,
  isStarted,
  isTerm,
  isUsage,
  moneyOf,
  overTerm,
  partsOfContract,
  rateOf,
  termOf,
  upfrontOf,
} from "./contract-terms.ts";
import { partHours, settledOf, standingBilledOf, terminatedOf } from "./contracts.ts";
import { standingOf } from "./standing.ts";

/** Codes of `contract_status`, in the order of its words. */
const STATUS = { pending: 0, active: 1, exhausted: 2, expired: 3 } as const;

/** Metrics of contracts (docs/model.md sections 10.2 and 10.3). */
export const contractMetrics: MetricTable<"contract"> = {
  contract_billable_chip_hours: (compilation, { contract }) => settledOf(compilation, contract).drawnHours,
  contract_drawdown_usd: (compilation, { contract }) => settledOf(compilation, contract).drawdown,
  contract_shortfall_usd: (compilation, { contract }) => settledOf(compilation, contract).shortfall,
  contract_relief_usd: (compilation, { contract }) =>
    inMoney(compilation, contract, settledOf(compilation, contract).reliefApplied),
  contract_overage_usd: (compilation, { contract }) => settledOf(compilation, contract).overage,
  contract_standing_usd: (compilation, { contract }) => standingBilledOf(compilation, contract),
  contract_released_usd: (compilation, { contract }) => {
    const none = compilation.inputs.context.builder.constant(0);
    return inMoney(compilation, contract, terminatedOf(compilation, contract)?.released ?? none);
  },
  contract_termination_fee_usd: (compilation, { contract }) =>
    terminatedOf(compilation, contract)?.fee ?? compilation.inputs.context.builder.constant(0),
  contract_end_month: (compilation, { contract }) => {
    const { builder, startMonth } = compilation.inputs.context;
    return builder.op("subtract", endOf(compilation, contract), builder.constant(startMonth));
  },
  contract_payment_usd: (compilation, { contract }) => settledOf(compilation, contract).payment,
  contract_remaining_usd: (compilation, { contract }) =>
    inMoney(compilation, contract, settledOf(compilation, contract).balance),
  contract_burn_rate: (compilation, { contract }) => {
    const { inputs } = compilation;
    const { builder } = inputs.context;
    const { balance } = settledOf(compilation, contract);
    const commitment = commitmentOf(inputs, contract);
    const isNone = builder.op("equal", commitment, builder.constant(0));
    const left = builder.op("ratio", balance, commitment);
    const share = builder.op("subtract", builder.constant(1), left);
    return builder.op("select", isNone, builder.constant(Number.NaN), share);
  },
  contract_revenue_usd: revenue,
  contract_status: status,
  contract_unsettled_usd: (compilation, { contract }) => {
    const { builder } = compilation.inputs.context;
    const { originMonth, horizonMonths, monthCount } = builder.window;
    const { payment } = settledOf(compilation, contract);
    return builder.total(payment, originMonth + horizonMonths, monthCount);
  },
  contract_commitment_usd: (compilation, { contract }) => moneyOf(compilation, contract),
  contract_term_chip_hours: (compilation, { contract }) =>
    sumOverTerm(compilation, contract, (part) => billableHours(compilation, contract, part)),
  contract_term_rate_card_usd: (compilation, { contract }) => {
    const { builder } = compilation.inputs.context;
    const hourly = sumOverTerm(compilation, contract, (part) => {
      const hours = billableHours(compilation, contract, part);
      return builder.op("multiply", hours, rateOf(compilation.inputs, contract, part));
    });
    const standing = standingOf(compilation, contract);
    return standing ? builder.op("add", hourly, overTerm(compilation, contract, standing.due)) : hourly;
  },
  contract_term_mw_years: (compilation, { contract }) => {
    const { builder } = compilation.inputs.context;
    const watts = sumOverTerm(compilation, contract, (part) =>
      compilation.metric("facility_power_mw", { level: "part", part }),
    );
    return builder.op("divide", watts, builder.constant(MONTHS_PER_YEAR * WATTS_PER_MEGAWATT));
  },
  contract_term_effective_fp4_eflop_hours: (compilation, { contract }) => {
    const { context } = compilation.inputs;
    const { builder } = context;
    const work = sumOverTerm(compilation, contract, (part) => {
      const rate = compilation.metric("effective_fp4_eflops", { level: "part", part });
      return builder.op("multiply", rate, hoursOf(context));
    });
    return builder.op("divide", work, builder.constant(FLOPS_PER_EXAFLOPS));
  },
  contract_exhaustion_month: (compilation, { contract }) => {
    const { builder } = compilation.inputs.context;
    const used = builder.spread(isUsedUp(compilation, contract), Shape.slab);
    return builder.kernel(monthOfFirst, { series: [{ values: used }] }).series[0].month;
  },
};

/** An amount of a commitment; chip-hours at the mean rate of the first month, so that contracts add up in money. */
function inMoney(compilation: Compilation, contract: string, amount: Register): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  if (!isUsage(inputs, contract)) return amount;
  const rate = builder.op("ratio", moneyOf(compilation, contract), commitmentOf(inputs, contract));
  return builder.op("multiply", amount, rate);
}

/** Chip-hours of a part, as far as the contract's availability bills them. */
function billableHours(compilation: Compilation, contract: string, part: Part): Register {
  const { inputs } = compilation;
  const availability = inputs.number("contracts.*.contracted_availability", contract);
  return inputs.context.builder.op("multiply", partHours(compilation, part).hours, availability);
}

/** Sum over the term and over the parts whose list names the contract. */
function sumOverTerm(compilation: Compilation, contract: string, of: (part: Part) => Register): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const zero = builder.constant(0);
  const all = partsOfContract(compilation, contract)
    .map(of)
    .reduce((x, y) => builder.op("add", x, y), zero);
  return overTerm(compilation, contract, all);
}

/** Payments with the upfront payment spread evenly over the term. */
function revenue(compilation: Compilation, { contract }: { readonly contract: string }): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const started = isStarted(inputs, contract);
  const isFirst = builder.op("select", started, builder.scan("difference", started), builder.constant(0));
  const upfront = upfrontOf(compilation, contract);
  const paidUpfront = builder.op("multiply", isFirst, upfront);
  const monthly = builder.op("divide", upfront, termOf(inputs, contract));
  const earned = builder.op("multiply", isTerm(inputs, contract), monthly);
  const { payment } = settledOf(compilation, contract);
  return builder.op("add", builder.op("subtract", payment, paidUpfront), earned);
}

/** A balance up to this counts as used up. */
function littleOf({ inputs }: Compilation, contract: string): Register {
  const { builder } = inputs.context;
  return builder.op("multiply", builder.constant(TOLERANCE), commitmentOf(inputs, contract));
}

function isExhausted(compilation: Compilation, contract: string): Register {
  const { balance } = settledOf(compilation, contract);
  return compilation.inputs.context.builder.op("lessEqual", balance, littleOf(compilation, contract));
}

/** 1 in the month whose use takes the last of the balance; a shortfall or relief that settles the rest does not count. */
function isUsedUp(compilation: Compilation, contract: string): Register {
  const { builder } = compilation.inputs.context;
  const { balance, drawnHours, drawdown } = settledOf(compilation, contract);
  const used = isUsage(compilation.inputs, contract) ? drawnHours : drawdown;
  const little = littleOf(compilation, contract);
  const wasLeft = builder.op("greater", builder.op("add", balance, used), little);
  return builder.op("and", isExhausted(compilation, contract), wasLeft);
}

/** 1 in the months before a contract's end, extensions included. */
function isBeforeEnd(compilation: Compilation, contract: string): Register {
  const { context } = compilation.inputs;
  return context.builder.op("less", absoluteMonths(context), endByMonthOf(compilation, contract));
}

/** As in FOCUS: exhausted while in force with nothing left, expired after the end however it ended. */
function status(compilation: Compilation, { contract }: { readonly contract: string }): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const code = (name: keyof typeof STATUS) => builder.constant(STATUS[name]);
  const open = builder.op("select", isExhausted(compilation, contract), code("exhausted"), code("active"));
  const started = builder.op("select", isBeforeEnd(compilation, contract), open, code("expired"));
  return builder.op("select", isStarted(inputs, contract), started, code("pending"));
}
