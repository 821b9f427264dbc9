import type { Statistics } from "../../engine/index.ts";
import type { Column } from "../../metrics/table.ts";
import { finiteOrNull } from "../../metrics/table.ts";
import { quantileName, type Spread } from "../results/spread.ts";

/** Mean, standard error and quantiles as columns, empty if there are none. */
export function statisticsColumns(
  { probabilities }: Spread,
  name: string,
  unit: string | undefined,
  statistics: readonly (Statistics | undefined)[],
): readonly Column[] {
  if (statistics.every((each) => each === undefined)) return [];
  const column = (suffix: string, text: string, numberOf: (each: Statistics) => number): Column => ({
    name: `${name}_${suffix}`,
    type: "number",
    ...(unit === undefined ? {} : { unit }),
    text,
    values: statistics.map((each) => (each ? finiteOrNull(numberOf(each)) : null)),
  });
  return [
    column("mean", `Mean of ${name} over the trials.`, ({ mean }) => mean),
    column("se", `Standard error of the mean of ${name}.`, ({ standardError }) => standardError),
    ...probabilities.map((probability, index) =>
      column(
        quantileName(probability),
        `Value that ${name} stays at or below in ${Number((probability * 100).toPrecision(10))} % of the trials.`,
        ({ quantiles }) => quantiles[index],
      ),
    ),
  ];
}
