import { monthOfFirst, type Register, Shape } from "../../engine/index.ts";
import { FLOPS_PER_EXAFLOPS, MONTHS_PER_YEAR, WATTS_PER_MEGAWATT } from "../../metrics/unit-factors.ts";
import { absoluteMonths } from "../lower.ts";
import type { World } from "../world.ts";
import type { CompiledContract } from "./contracts.ts";

/** A balance below this share of the commitment is used up. */
const TOLERANCE = 1e-9;

/** Codes of `contract_status`, in the order of its words. */
const STATUS = { pending: 0, active: 1, exhausted: 2, expired: 3 } as const;

/** The register of a metric of a contract that a kernel makes. */
export function contractRegister(world: World, name: string, contract: string): Register {
  const { builder } = world.inputs.context;
  const compiled = world.contract(contract);
  switch (name) {
    case "contract_billable_chip_hours":
      return compiled.drawnHours;
    case "contract_drawdown_usd":
      return compiled.drawdown;
    case "contract_shortfall_usd":
      return compiled.shortfall;
    case "contract_relief_usd":
      return inMoney(world, compiled, compiled.reliefApplied);
    case "contract_overage_usd":
      return compiled.overage;
    case "contract_payment_usd":
      return compiled.payment;
    case "contract_remaining_usd":
      return inMoney(world, compiled, compiled.balance);
    case "contract_revenue_usd":
      return revenue(world, compiled);
    case "contract_status":
      return status(world, compiled);
    case "contract_commitment_usd":
      return compiled.money;
    case "contract_burn_rate": {
      const left = builder.op("ratio", compiled.balance, compiled.commitment);
      return builder.op("subtract", builder.constant(1), left);
    }
    case "contract_unsettled_usd": {
      const { originMonth, horizonMonths, monthCount } = builder.window;
      return builder.total(underContract(world, compiled), originMonth + horizonMonths, monthCount);
    }
    case "contract_exhaustion_month": {
      const used = builder.spread(isUsedUp(world, compiled), Shape.slab);
      return builder.kernel(monthOfFirst, { series: [{ values: used }] }).series[0].month;
    }
    default:
      return termRegister(world, name, compiled);
  }
}

/** An amount of a commitment; chip-hours at the mean rate of the first month, so that what adds up over contracts is money. */
function inMoney(world: World, { isUsage, money, commitment }: CompiledContract, amount: Register): Register {
  const { builder } = world.inputs.context;
  return isUsage ? builder.op("multiply", amount, builder.op("ratio", money, commitment)) : amount;
}

/** Sums over the term of the parts whose list names the contract. */
function termRegister(world: World, name: string, contract: CompiledContract): Register {
  const { builder } = world.inputs.context;
  const zero = builder.constant(0);
  const availability = world.inputs.number(`contracts.${contract.name}.contracted_availability`);
  const sum = (value: (part: CompiledContract["parts"][number]) => Register) => {
    const all = contract.parts.map(value).reduce((x, y) => builder.op("add", x, y), zero);
    return builder.total(builder.op("select", contract.isTerm, all, zero), 0, builder.window.monthCount);
  };
  const hours = (part: CompiledContract["parts"][number]) =>
    builder.op("multiply", world.partHours(part).hours, availability);
  switch (name) {
    case "contract_term_chip_hours":
      return sum(hours);
    case "contract_term_rate_card_usd":
      return sum((part) => builder.op("multiply", hours(part), contract.rateOf(part)));
    case "contract_term_mw_years": {
      const watts = sum((part) => world.metricOf(part, "facility_power_mw"));
      return builder.op("divide", watts, builder.constant(MONTHS_PER_YEAR * WATTS_PER_MEGAWATT));
    }
    case "contract_term_effective_fp4_eflop_hours": {
      const work = sum((part) =>
        builder.op("multiply", world.metricOf(part, "effective_fp4_eflops"), world.hours()),
      );
      return builder.op("divide", work, builder.constant(FLOPS_PER_EXAFLOPS));
    }
    default:
      throw new Error(`no kernel makes ${name}`);
  }
}

function revenue(world: World, contract: CompiledContract): Register {
  const { builder } = world.inputs.context;
  const zero = builder.constant(0);
  const isFirst = builder.op(
    "select",
    contract.isStarted,
    builder.scan("difference", contract.isStarted),
    zero,
  );
  const paidUpfront = builder.op("multiply", isFirst, contract.upfront);
  const monthly = builder.op("divide", contract.upfront, contract.term);
  const earned = builder.op("multiply", contract.isTerm, monthly);
  return builder.op("add", builder.op("subtract", contract.payment, paidUpfront), earned);
}

function isExhausted(world: World, contract: CompiledContract): Register {
  const { builder } = world.inputs.context;
  const little = builder.op("multiply", builder.constant(TOLERANCE), contract.commitment);
  return builder.op("lessEqual", contract.balance, little);
}

/** 1 in the month whose use takes the last of the balance; what a shortfall or relief settled was never used up. */
function isUsedUp(world: World, contract: CompiledContract): Register {
  const { builder } = world.inputs.context;
  const used = contract.isUsage ? contract.drawnHours : contract.drawdown;
  const little = builder.op("multiply", builder.constant(TOLERANCE), contract.commitment);
  const wasLeft = builder.op("greater", builder.op("add", contract.balance, used), little);
  return builder.op("and", isExhausted(world, contract), wasLeft);
}

/** Payments but for the overage of months in which the contract is not open: use that goes on is nothing it owes. */
function underContract(world: World, contract: CompiledContract): Register {
  const { builder } = world.inputs.context;
  const isOpen = builder.op("and", contract.isStarted, isBeforeEnd(world, contract));
  const apart = builder.op("select", isOpen, builder.constant(0), contract.overage);
  return builder.op("subtract", contract.payment, apart);
}

/** 1 in the months before a contract's end, extension included. */
function isBeforeEnd(world: World, contract: CompiledContract): Register {
  const { builder } = world.inputs.context;
  const end = builder.op("add", builder.op("add", contract.start, contract.term), contract.extensionMonths);
  return builder.op("less", absoluteMonths(world.inputs.context), end);
}

/** As FOCUS has it: exhausted is a commitment in effect of which nothing is left; past its end it is expired, however it ended. */
function status(world: World, contract: CompiledContract): Register {
  const { builder } = world.inputs.context;
  const code = (name: keyof typeof STATUS) => builder.constant(STATUS[name]);
  const open = builder.op("select", isExhausted(world, contract), code("exhausted"), code("active"));
  const started = builder.op("select", isBeforeEnd(world, contract), open, code("expired"));
  return builder.op("select", contract.isStarted, started, code("pending"));
}

/** The register of a metric of a tranche. */
export function trancheRegister(world: World, name: string, tranche: string): Register {
  const { builder } = world.inputs.context;
  const { unlocked, receipt } = world.tranche(tranche);
  if (name === "tranche_receipt_usd") return receipt;
  const slab = builder.spread(unlocked, Shape.slab);
  return builder.kernel(monthOfFirst, { series: [{ values: slab }] }).series[0].month;
}
