import type { Register } from "../../engine/index.ts";
import { noticeOf, timesOf } from "../../scenario/contract-options.ts";
import { type FieldPath, pathOf } from "../../scenario/fields/index.ts";
import { type Compilation, once } from "../compilation.ts";
import { lowerCondition } from "../condition.ts";
import type { Inputs } from "../inputs.ts";
import { startOf } from "./contract-terms.ts";

/** What the kernel reads of an option to extend a contract; undefined where it has none (docs/model.md section 10.2). */
export const extensionOf = once(({ inputs }: Compilation, contract: string) => {
  const holds = heldBefore(inputs, "contracts.*.extension.when", contract);
  if (holds === undefined) return undefined;
  inputs.field("contracts.*.extension.times", contract);
  return {
    holds,
    months: inputs.months("contracts.*.extension.term", contract),
    notice: noticeIn(inputs, "contracts.*.extension.notice", contract),
    times: timesOf(inputs.scenario.fields, contract),
  };
});

/** What the kernel reads of an option to terminate a contract; undefined where it has none. */
export const terminationOf = once(({ inputs }: Compilation, contract: string) => {
  const { builder, firstMonth } = inputs.context;
  const holds = heldBefore(inputs, "contracts.*.termination.when", contract);
  if (holds === undefined) return undefined;
  const stated = inputs.field("contracts.*.termination.from", contract);
  const from = stated ? inputs.months("contracts.*.termination.from", contract) : startOf(inputs, contract);
  const fee = inputs.number("contracts.*.termination.fee", contract);
  const isShare = inputs.field("contracts.*.termination.fee", contract)?.dimension === "fraction";
  const none = builder.constant(0);
  // The field's own range is that of an amount.
  if (isShare) builder.check(fee, 0, 1, pathOf("contracts.*.termination.fee", contract));
  return {
    holds,
    from: builder.op("subtract", from, builder.constant(firstMonth)),
    notice: noticeIn(inputs, "contracts.*.termination.notice", contract),
    feeShare: isShare ? fee : none,
    feeAmount: isShare ? none : fee,
  };
});

/** 1 in the months after those at whose end a condition holds; undefined where none is stated. */
function heldBefore(inputs: Inputs, row: FieldPath, contract: string): Register | undefined {
  const { context } = inputs;
  const expr = inputs.field(row, contract)?.expr;
  if (!expr) return undefined;
  return context.builder.shift("behind", lowerCondition(context, expr), context.builder.constant(1));
}

function noticeIn(inputs: Inputs, row: FieldPath, contract: string): Register {
  const stated = inputs.optional(row, contract);
  return stated === undefined
    ? inputs.context.builder.constant(noticeOf(undefined))
    : inputs.months(row, contract);
}
