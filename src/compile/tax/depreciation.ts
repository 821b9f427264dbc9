import type { Register } from "../../engine/index.ts";
import { MONTHS_PER_YEAR } from "../../metrics/unit-factors.ts";
import { yearOf, yearStartOf } from "../../scenario/calendar.ts";
import { type Compilation, once, onceForAll } from "../compilation.ts";
import { HALF_YEAR_SHARES } from "./half-year.ts";

/** Asset classes of tax depreciation, with their fields. */
const CLASSES = {
  chips: { depreciation: "tax.chips.depreciation", life: "tax.chips.life", credit: "tax.chips.credit" },
  facility: {
    depreciation: "tax.facility.depreciation",
    life: "tax.facility.life",
    credit: "tax.facility.credit",
  },
} as const;

type TaxClass = keyof typeof CLASSES;

/** Tax depreciation of the month. */
export const taxDepreciation = onceForAll((compilation) =>
  compilation.inputs.context.builder.op(
    "add",
    depreciationOf(compilation, "chips"),
    depreciationOf(compilation, "facility"),
  ),
);

/** Credits earned in the month: a share of the cost of what is put into service. */
export const taxCredits = onceForAll((compilation) => {
  const { builder } = compilation.inputs.context;
  const [chips, facility] = (["chips", "facility"] as const).map((name) =>
    builder.op("multiply", inService(compilation, name), compilation.inputs.number(CLASSES[name].credit)),
  );
  return builder.op("add", chips, facility);
});

/** 1 in the last month of a fiscal year. */
export function endsFiscalYear({ inputs }: Compilation): Register {
  const { builder, firstMonth } = inputs.context;
  inputs.field("fiscal_year_start");
  const start = yearStartOf(inputs.scenario);
  return builder.monthsBy("ends a fiscal year", (month) =>
    yearOf(firstMonth + month, start) === yearOf(firstMonth + month + 1, start) ? 0 : 1,
  );
}

/** Cost put into service in the month. */
const inService = once((compilation: Compilation, name: TaxClass): Register => {
  const { builder } = compilation.inputs.context;
  const total = (metric: string) => compilation.metric(metric, { level: "total" });
  return name === "chips"
    ? builder.op("add", total("chip_energised_cost_usd"), total("chip_buyout_usd"))
    : builder.scan("difference", total("facility_cost_in_service_usd"));
});

function depreciationOf(compilation: Compilation, name: TaxClass): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const cost = inService(compilation, name);
  const method = inputs.choice(CLASSES[name].depreciation) ?? "full";
  const shares = HALF_YEAR_SHARES.get(method);
  if (shares) return byHalfYearTable(compilation, cost, shares);
  if (method === "full") return cost;
  const life = inputs.months(CLASSES[name].life);
  const soFar = builder.scan("cumulate", cost);
  const written = builder.op("subtract", soFar, builder.shift("behind", soFar, life));
  return builder.op("divide", written, life);
}

/** The first share in the month of service, that of each later fiscal year in twelfths. */
function byHalfYearTable(
  compilation: Compilation,
  cost: Register,
  [first, ...later]: readonly number[],
): Register {
  const { builder } = compilation.inputs.context;
  const none = builder.constant(0);
  const soFar = builder.scan("cumulate", cost);
  // What was in service at the end of the last fiscal year: the sum never falls.
  const atEnds = builder.op("select", endsFiscalYear(compilation), soFar, none);
  const closed = builder.shift("behind", builder.scan("runningMax", atEnds), builder.constant(1));
  const yearsAgo = (years: number) =>
    builder.shift("behind", closed, builder.constant(MONTHS_PER_YEAR * years));
  return later.reduce(
    (sum, share, index) => {
      const ofYear = builder.op("subtract", yearsAgo(index), yearsAgo(index + 1));
      const monthly = builder.constant(share / MONTHS_PER_YEAR);
      return builder.op("add", sum, builder.op("multiply", ofYear, monthly));
    },
    builder.op("multiply", cost, builder.constant(first)),
  );
}
