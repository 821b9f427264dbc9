import type { Register } from "../../engine/index.ts";
import type { Compilation } from "../compilation.ts";
import { startOf, termOf } from "./contract-terms.ts";
import { addedMonthsOf, settledOf, terminatedOf } from "./contracts.ts";

/** The month after a contract's last as every month knows it, absolute: with extensions granted and notice given by then. */
export function endByMonthOf(compilation: Compilation, contract: string): Register {
  const { inputs } = compilation;
  const { builder, firstMonth } = inputs.context;
  const stated = builder.op("add", startOf(inputs, contract), termOf(inputs, contract));
  const isRelieved = inputs.choice("contracts.*.shortfall_relief", contract) === "extend_term";
  const relieved = isRelieved
    ? builder.op("add", stated, settledOf(compilation, contract).extensionMonths)
    : stated;
  const added = addedMonthsOf(compilation, contract);
  const planned = added === undefined ? relieved : builder.op("add", relieved, added);
  const termination = terminatedOf(compilation, contract);
  if (!termination) return planned;
  const terminated = builder.op("add", termination.at, builder.constant(firstMonth - 1));
  const isTerminated = builder.op("greater", termination.at, builder.constant(0));
  return builder.op("select", isTerminated, builder.op("min", planned, terminated), planned);
}

/** The month after a contract's last, absolute. */
export function endOf(compilation: Compilation, contract: string): Register {
  const { builder } = compilation.inputs.context;
  const end = endByMonthOf(compilation, contract);
  if (builder.constantOf(end) !== undefined) return end;
  // Whatever happens has happened by the window's last month.
  return builder.total(end, builder.window.monthCount - 1, builder.window.monthCount);
}
