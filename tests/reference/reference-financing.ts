/** Tranches, and what waits for them or for the buyer's cash: section 10.5 of docs/model.md. */

import type { ContractLedger } from "./reference-contracts.ts";
import { listOf, stateAt } from "./reference-contracts.ts";
import {
  type Columns,
  column,
  date,
  duration,
  type ReferenceInput,
  required,
  sorted,
  sumOf,
  type Window,
} from "./reference-input.ts";
import { buyersUpkeep, type PartLedger } from "./reference-ledger.ts";

type Tranche = {
  readonly name: string;
  readonly lag: number;
  readonly before: number | undefined;
  unlocked: number | undefined;
  /** Whether the condition held before anything had happened: then the past is not looked at. */
  heldAlways: boolean;
  readonly columns: Columns;
};

/** The buyer's side while the months go by. */
export type Financing = {
  readonly tranches: readonly Tranche[];
  /** Cash at the end of the month before; `undefined` where no floor is watched. */
  cash: number | undefined;
  readonly floor: number;
  /** The largest magnitude of cash and floor so far. */
  largest: number;
};

export function openFinancing(input: ReferenceInput): Financing {
  const floor = input.number("buyer.cash.floor", input.startMonth);
  return {
    tranches: sorted(input.names.tranches ?? []).map((name) => ({
      name,
      lag: duration(input, `financing.${name}.lag`),
      before: date(input, `financing.${name}.before`),
      unlocked: undefined,
      heldAlways: false,
      columns: new Map(),
    })),
    cash: floor === undefined ? undefined : required(input, "buyer.cash.opening"),
    floor: floor ?? 0,
    largest: Math.max(
      Math.abs(floor ?? 0),
      Math.abs(input.number("buyer.cash.opening", input.startMonth) ?? 0),
    ),
  };
}

/** True where a part's deliveries of the month may land, as far as money goes. */
export function mayLand(
  input: ReferenceInput,
  financing: Financing,
  ledger: PartLedger,
  month: number,
): boolean {
  const funder = input.word(`fleets.${ledger.part.fleet}.funded_by`);
  if (funder !== undefined) {
    const tranche = financing.tranches.find(({ name }) => name === funder);
    if (tranche?.unlocked === undefined || month <= tranche.unlocked) return false;
  }
  if (financing.cash === undefined || listOf(input, ledger).length === 0) return true;
  return financing.cash - financing.floor >= -1e-9 * financing.largest;
}

/** The end of a month: conditions are looked at, tranches paid, and the buyer's cash counted. */
export function closeFinancingMonth(
  input: ReferenceInput,
  window: Window,
  financing: Financing,
  ledgers: readonly PartLedger[],
  contracts: readonly ContractLedger[],
  month: number,
): void {
  const at = month - window.first;
  const state = stateAt(ledgers, at);
  let receipts = 0;
  for (const tranche of financing.tranches) {
    const holds = input.condition?.(`financing.${tranche.name}.when`, month, state) === true;
    if (month === window.first) tranche.heldAlways = holds;
    const counts = month >= input.startMonth || !tranche.heldAlways;
    const isInTime = tranche.before === undefined || month <= tranche.before;
    if (tranche.unlocked === undefined && isInTime && counts && holds) tranche.unlocked = month;
    const isPaid = tranche.unlocked !== undefined && month === tranche.unlocked + tranche.lag;
    const receipt = isPaid ? required(input, `financing.${tranche.name}.amount`, tranche.unlocked) : 0;
    column(tranche.columns, "tranche_receipt_usd", window.end - window.first)[at] = receipt;
    receipts += receipt;
  }
  if (financing.cash === undefined || month < input.startMonth) return;
  const payments = sumOf(contracts, ({ columns }) => columns.get("contract_payment_usd")?.[at] ?? 0);
  // With a floor, the buyer's own chips are paid for as they land.
  const own = sumOf(
    ledgers,
    (ledger) =>
      (ledger.columns.get("buyer_chip_landed_cost_usd")?.[at] ?? 0) + buyersUpkeep(input, ledger, at),
  );
  financing.cash += receipts - payments - own;
  financing.largest = Math.max(financing.largest, Math.abs(financing.cash));
}
