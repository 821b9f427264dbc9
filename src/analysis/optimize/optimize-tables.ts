import type { Table } from "../../metrics/table.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import type { Optimum } from "./optimize.ts";
import type { Task } from "./read-task.ts";
import type { Situation } from "./situation.ts";

/** The purchases by chip, site and month: purchases.csv. */
export function makePurchasesTable({ purchases }: Optimum): Table {
  const rows = purchases
    .flatMap(({ months, ...purchase }) => months.map((month) => ({ ...purchase, ...month })))
    .sort((a, b) => a.at - b.at);
  const text = (name: string, words: string, values: readonly (string | null)[]) =>
    ({ name, type: "string", text: words, values }) as const;
  const number = (name: string, unit: string, words: string, values: readonly number[]) =>
    ({ name, type: "number", unit, text: words, values }) as const;
  return {
    name: "purchases",
    text: "Chips of the best plan by landing month.",
    columns: [
      {
        name: "month",
        type: "month",
        text: "Month of landing, before delays.",
        values: rows.map(({ at }) => formatMonth(at)),
      },
      text(
        "chip",
        "Name of the chip.",
        rows.map(({ chip }) => chip),
      ),
      text(
        "site",
        "Name of the site.",
        rows.map(({ site }) => site),
      ),
      text(
        "contracts",
        "Contracts that bill it, in order; empty if none has a rate for the chip.",
        rows.map(({ contracts }) => contracts.join(" ") || null),
      ),
      number(
        "chips",
        "chips",
        "Chips landed.",
        rows.map(({ chips }) => chips),
      ),
      number(
        "facility_power_mw",
        "MW",
        "Largest facility power of these chips over their life.",
        rows.map(({ megawatts }) => megawatts),
      ),
    ],
    rowCount: rows.length,
    primaryKey: ["month", "chip", "site"],
  };
}

/** The value of one more unit of each limit: shadow_prices.csv. */
export function makeShadowPricesTable({ shadowPrices }: Optimum, task: Task): Table {
  const objective = task.goal === "minimize_cost" ? "USD" : "EFLOP-hours";
  const meaning =
    task.goal === "minimize_cost"
      ? "Change of the present value of cost per additional unit; negative if a looser limit saves money."
      : "Change of effective FP4 over the horizon per additional unit.";
  const column = (name: string, text: string, values: readonly (string | null)[]) => ({
    name,
    type: "string" as const,
    text,
    values,
  });
  return {
    name: "shadow_prices",
    text: "What one more unit of each limit is worth to the best plan. Chips bought for a month serve later ones, so the first month of a plateau carries the price of all of it.",
    columns: [
      column(
        "limit",
        "Kind of the limit.",
        shadowPrices.map(({ kind }) => kind),
      ),
      column(
        "name",
        "Site, chip, vendor, contract or workload; empty for the whole.",
        shadowPrices.map(({ name }) => name || null),
      ),
      column(
        "period",
        "Month, quarter, year or fulfilment interval; empty for the whole horizon.",
        shadowPrices.map(({ period }) => period || null),
      ),
      column(
        "per",
        "Unit of the limit.",
        shadowPrices.map(({ unit }) => unit),
      ),
      {
        name: "shadow_price",
        type: "number",
        unit: `${objective} per unit`,
        text: meaning,
        values: shadowPrices.map(({ value }) => value),
      },
    ],
    rowCount: shadowPrices.length,
    primaryKey: ["limit", "name", "period"],
  };
}

/** The least cost for increasing compute: frontier.csv. */
export function makeFrontierTable(frontier: readonly Optimum[], { scenario }: Situation): Table {
  const chips = [...new Set(frontier.flatMap(({ purchases }) => purchases.map(({ chip }) => chip)))].sort();
  const chipsOf = ({ purchases }: Optimum, name: string) =>
    purchases.reduce((sum, { chip, chips: count }) => sum + (chip === name ? count : 0), 0);
  const number = (name: string, unit: string, text: string, of: (point: Optimum) => number) =>
    ({ name, type: "number", unit, text, values: frontier.map(of) }) as const;
  return {
    name: "frontier",
    text: "The best plans in order of size: no other plan costs less for the same compute.",
    columns: [
      {
        name: "point",
        type: "integer",
        unit: "1",
        text: "Number of the point.",
        values: frontier.map((_, index) => index + 1),
      },
      number(
        "supply_share",
        "1",
        "Share of the required supply or demand that is met in every period.",
        ({ supplyShare }) => supplyShare,
      ),
      number(
        "cost_provider_pv_usd",
        "USD",
        "Present value of the whole plan's cost.",
        ({ costPv }) => costPv,
      ),
      number(
        "provider_residual_pv_usd",
        "USD",
        "Present value of the residual value at the horizon.",
        ({ residualPv }) => residualPv,
      ),
      ...(scenario.names.contracts.length > 0
        ? [
            number(
              "buyer_cost_pv_usd",
              "USD",
              "Present value of the buyer's payments, including shortfalls of commitments.",
              ({ paymentPv }) => paymentPv,
            ),
          ]
        : []),
      number(
        "final_cumulative_effective_fp4_yflop",
        "YFLOP",
        "Effective FP4 over the horizon.",
        ({ flop }) => flop / 1e24,
      ),
      ...chips.map((chip) =>
        number(`${chip}_chips`, "chips", `Chips of ${chip} bought.`, (point) => chipsOf(point, chip)),
      ),
    ],
    rowCount: frontier.length,
    primaryKey: ["point"],
  };
}
