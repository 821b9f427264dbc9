import type { SettleContract, SettleLayout, SettlePart } from "./settle.ts";

/** Terms of a contract that are registers of shape trial, in the order of the operands. */
const TERMS = ["commitment", "start", "term", "availability", "upfront", "consumed"] as const;

/** Slabs the settle kernel makes for one contract, in the order of the operands. */
export const SETTLE_OUTPUTS = [
  "drawdown",
  "drawnHours",
  "shortfall",
  "reliefApplied",
  "overage",
  "payment",
  "balance",
  "intervalUse",
  "intervalRelief",
  "credit",
  "extensionAmount",
  "extensionMonths",
] as const;
/** A slab that the settle kernel makes for a contract. */
export type SettleOutput = (typeof SETTLE_OUTPUTS)[number];

const RELIEFS = ["none", "reduce", "extend_term"] as const;

/** What the compiler says of one contract: registers, flags, and where its interval shares stand among the Plan's tables. */
export type SettleContractRegisters = Readonly<Record<(typeof TERMS)[number] | SettleOutput, number>> &
  Pick<SettleContract, "isUsage" | "takeOrPay" | "relief" | "intervalEnds" | "links"> & {
    readonly sharesStart: number;
  };

/** The operands of the settle instruction; `readSettleLayout` is the inverse. */
export function writeSettleOperands(
  contracts: readonly SettleContractRegisters[],
  parts: readonly SettlePart[],
): readonly number[] {
  const operands = [contracts.length, parts.length];
  for (const contract of contracts) {
    for (const name of TERMS) operands.push(contract[name]);
    operands.push(contract.isUsage ? 1 : 0, contract.takeOrPay ? 1 : 0, RELIEFS.indexOf(contract.relief));
    operands.push(contract.intervalEnds.length, contract.sharesStart, ...contract.intervalEnds);
    operands.push(contract.links.length);
    for (const link of contract.links) operands.push(link.part, link.rate, link.overageRate);
    for (const name of SETTLE_OUTPUTS) operands.push(contract[name]);
  }
  for (const part of parts)
    operands.push(part.hours, part.lateHours, part.contracts.length, ...part.contracts);
  return operands;
}

/** Reads the operands of a settle instruction, with every register as its offset in memory. */
export function readSettleLayout(
  program: Int32Array,
  start: number,
  offsets: Int32Array,
  tables: Float64Array,
  blockSize: number,
): SettleLayout {
  let at = start;
  const next = () => program[at++];
  const offset = () => offsets[next()];
  const [contractCount, partCount] = [next(), next()];
  const contracts = Array.from({ length: contractCount }, () => {
    const terms = Object.fromEntries(TERMS.map((name) => [name, offset()]));
    const flags = { isUsage: next() === 1, takeOrPay: next() === 1, relief: RELIEFS[next()] };
    const [intervalCount, sharesStart] = [next(), next()];
    const intervalEnds = Array.from({ length: intervalCount }, next);
    const intervalShares = Array.from(tables.subarray(sharesStart, sharesStart + intervalCount));
    const links = Array.from({ length: next() }, () => ({
      part: next(),
      rate: offset(),
      overageRate: offset(),
    }));
    const outputs = Object.fromEntries(SETTLE_OUTPUTS.map((name) => [name, offset()]));
    return {
      ...terms,
      ...flags,
      intervalEnds,
      intervalShares,
      links,
      ...outputs,
    } as unknown as SettleContract;
  });
  const parts = Array.from({ length: partCount }, () => ({
    hours: offset(),
    lateHours: offset(),
    contracts: Array.from({ length: next() }, next),
  }));
  const withFirst = contracts.map((contract, index) => ({
    ...contract,
    firstLinks: contract.links.filter(({ part }) => parts[part].contracts[0] === index),
  }));
  return { contracts: withFirst, parts, left: new Float64Array(partCount * blockSize) };
}
