import type { Scenario } from "../../scenario/scenario.ts";
import { isUsageOf } from "./read-coefficients.ts";
import type { Task } from "./read-task.ts";
import type { Situation } from "./situation.ts";

/**
 * Rules of the model that a program leaves out, in words of the scenario: reasons why its objective may differ from the
 * plan's run.
 *
 * Fails: never.
 */
export function rulesLeftOut({ scenario, task, choices, commitments, served }: Situation): readonly string[] {
  const has = (field: string) => hasField(scenario, task, field);
  const unbilled = [
    ...new Set(
      choices
        .filter(({ candidate }) => candidate.contracts.length === 0)
        .map(({ candidate }) => `\`${candidate.chip}\``),
    ),
  ];
  return [
    ...(has("replacement.with")
      ? ["`replacement`: retired chips are not replaced automatically; the program buys new ones instead"]
      : []),
    ...(has("deliver.wait_for_power")
      ? ["`wait_for_power`: the program never lands a chip without power"]
      : []),
    ...(has("funded_by") ? ["`funded_by`: new fleets do not wait for a financing tranche"] : []),
    ...(has("procurement.contract") && unbilled.length > 0
      ? [
          `\`rates\`: no contract of the replaced fleets has a rate for ${unbilled.join(", ")}, so its hours are not billed`,
        ]
      : []),
    ...(task.replaced.length > 1
      ? ["life, goodput and the like: a new fleet takes them from the first fleet replaced at its site"]
      : []),
    ...(scenario.names.debt.length > 0
      ? [
          "`debt`: costs are those before financing; loans on replaced fleets pay for the fleets in their place",
        ]
      : []),
    ...commitments.flatMap(({ contract }) => contractRules(scenario, choices, contract)),
    ...(served.length > 0
      ? [
          "assignment: the run serves a workload fully before those of lower priority, which may get less than in the program",
        ]
      : []),
    ...(served.some(({ minChips }) => minChips > 0)
      ? ["`min_chips`: the program lets a training run use fewer chips of a fleet"]
      : []),
    ...(commitments.length > 0 && scenario.fields.has("buyer.cash.floor")
      ? ["`buyer.cash.floor`: deliveries are not deferred when the buyer's cash is low"]
      : []),
  ];
}

function hasField(scenario: Scenario, { replaced }: Task, field: string): boolean {
  return replaced.some((fleet) =>
    [...scenario.fields.keys()].some((path) => path.startsWith(`fleets.${fleet}.${field}`)),
  );
}

/** Non-linear settlement: docs/model.md section 10. */
function contractRules(
  scenario: Scenario,
  choices: Situation["choices"],
  contract: string,
): readonly string[] {
  const { fields } = scenario;
  const path = `contracts.${contract}`;
  const upfront = fields.get(`${path}.upfront`)?.expr;
  const drawing = choices.filter(({ candidate }) => candidate.contracts.includes(contract));
  const chips = new Set(drawing.map(({ candidate }) => candidate.chip));
  const isLate = drawing.some(({ billings }) =>
    billings.some((one) => one.contract === contract && one.late.some((value) => value > 0)),
  );
  const relief = fields.get(`${path}.shortfall_relief`)?.choice ?? "reduce";
  const isUsage = isUsageOf(scenario, contract);
  const interval = fields.get(`${path}.fulfillment_interval`)?.choice ?? "full_term";
  return [
    ...(drawing.some(({ candidate }) => candidate.contracts.length > 1)
      ? [`\`${path}\`: use beyond it is billed at its own rates, not to the next contract in the list`]
      : []),
    ...([...chips].some((chip) => fields.has(`${path}.overage_rates.${chip}`))
      ? [`\`${path}.overage_rates\`: use beyond the commitment is billed at the rate card within the term`]
      : []),
    ...(fields.has(`${path}.fee`) || fields.has(`${path}.capacity_price.price`)
      ? [`\`${path}\`: a capacity price and a fee are not billed, only hours`]
      : []),
    ...(fields.has(`${path}.extension.when`) || fields.has(`${path}.termination.when`)
      ? [`\`${path}\`: it is neither extended nor terminated`]
      : []),
    ...(upfront && !(upfront.kind === "number" && upfront.value === 0)
      ? [`\`${path}.upfront\`: bills are paid as they come, without the credit of the upfront payment`]
      : []),
    ...(fields.has(`${path}.schedule`) || interval !== "full_term"
      ? [`\`${path}\`: use beyond an interval's amount does not lower later shortfalls`]
      : []),
    ...(isLate && relief !== "none"
      ? [
          relief === "reduce" && !isUsage
            ? `\`${path}.shortfall_relief\`: relief is counted separately for each landing`
            : `\`${path}.shortfall_relief\`: a shortfall is charged even if the provider is late`,
        ]
      : []),
    ...(isUsage
      ? [`\`${path}\`: unused hours are charged at the mean rate of all chips that may be bought`]
      : []),
  ];
}
