import type { Table } from "../../metrics/table.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { months, numbers, tableOf, words } from "../tables/table-of.ts";
import type { Optimum } from "./optimize.ts";
import type { Task } from "./read-task.ts";
import type { Situation } from "./situation.ts";

/** The purchases by chip, site and month: purchases.csv. */
export function makePurchasesTable({ purchases }: Optimum): Table {
  const rows = purchases
    .flatMap(({ months, ...purchase }) => months.map((month) => ({ ...purchase, ...month })))
    .sort((a, b) => a.at - b.at);
  return tableOf("purchases", "Chips of the best plan by landing month.", ["month", "chip", "site"], rows, [
    months("month", "Month of landing, before delays.", ({ at }) => formatMonth(at)),
    words("chip", "Name of the chip.", ({ chip }) => chip),
    words("site", "Name of the site.", ({ site }) => site),
    words("contracts", "Contracts that bill it, in order; empty if none has a rate for the chip.", (row) =>
      row.contracts.join(" "),
    ),
    numbers("chips", "chips", "Chips landed.", ({ chips }) => chips),
    numbers(
      "facility_power_mw",
      "MW",
      "Largest facility power of these chips over their life.",
      ({ megawatts }) => megawatts,
    ),
  ]);
}

/** The value of one more unit of each limit: shadow_prices.csv. */
export function makeShadowPricesTable({ shadowPrices }: Optimum, task: Task): Table {
  const objective = task.goal === "minimize_cost" ? "USD" : "EFLOP-hours";
  const meaning =
    task.goal === "minimize_cost"
      ? "Change of the present value of cost per additional unit; negative if a looser limit saves money."
      : "Change of effective FP4 over the horizon per additional unit.";
  return tableOf(
    "shadow_prices",
    "What one more unit of each limit is worth to the best plan. Chips bought for a month serve later ones, so the first month of a plateau carries the price of all of it.",
    ["limit", "name", "period"],
    shadowPrices,
    [
      words("limit", "Kind of the limit.", ({ kind }) => kind),
      words("name", "Site, chip, vendor, contract or workload; empty for the whole.", ({ name }) => name),
      words(
        "period",
        "Month, quarter, year or fulfilment interval; empty for the whole horizon.",
        ({ period }) => period,
      ),
      words("per", "Unit of the limit.", ({ unit }) => unit),
      numbers("shadow_price", `${objective} per unit`, meaning, ({ value }) => value),
    ],
  );
}

/** The least cost for increasing compute: frontier.csv. */
export function makeFrontierTable(frontier: readonly Optimum[], { scenario }: Situation): Table {
  const chips = [...new Set(frontier.flatMap(({ purchases }) => purchases.map(({ chip }) => chip)))].sort();
  const chipsOf = ({ purchases }: Optimum, name: string) =>
    purchases.reduce((sum, { chip, chips: count }) => sum + (chip === name ? count : 0), 0);
  const payments = numbers<Optimum>(
    "buyer_cost_pv_usd",
    "USD",
    "Present value of the buyer's payments, including shortfalls of commitments.",
    ({ paymentPv }) => paymentPv,
  );
  return tableOf(
    "frontier",
    "The best plans in order of size: no other plan costs less for the same compute.",
    ["point"],
    frontier,
    [
      {
        name: "point",
        type: "integer",
        unit: "1",
        text: "Number of the point.",
        of: (_, index) => index + 1,
      },
      numbers(
        "supply_share",
        "1",
        "Share of what is asked that is met in every period: of the required supply, or of the shares of demand in `optimize.serve`.",
        ({ supplyShare }) => supplyShare,
      ),
      numbers(
        "cost_provider_pv_usd",
        "USD",
        "Present value of the whole plan's cost.",
        ({ costPv }) => costPv,
      ),
      numbers(
        "provider_residual_pv_usd",
        "USD",
        "Present value of the residual value at the horizon.",
        ({ residualPv }) => residualPv,
      ),
      ...(scenario.names.contracts.length > 0 ? [payments] : []),
      numbers(
        "final_cumulative_effective_fp4_yflop",
        "YFLOP",
        "Effective FP4 over the horizon.",
        ({ flop }) => flop / 1e24,
      ),
      ...chips.map((chip) =>
        numbers<Optimum>(`${chip}_chips`, "chips", `Chips of ${chip} bought.`, (point) =>
          chipsOf(point, chip),
        ),
      ),
    ],
  );
}
