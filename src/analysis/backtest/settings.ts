import type { Basis, Case, DeploymentCase, WorkCase } from "./case.ts";

/** Names in the templates. */
const [site, fleet, work] = ["sites.site", "fleets.built", "workloads.work"];

/**
 * The `--set` texts that a case applies to its template, for one reading of the basis of its power.
 *
 * Fails: never.
 */
export function settingsOf(one: Case, basis: Basis | undefined): readonly string[] {
  return one.subject === "demand" ? workSettings(one) : deploymentSettings(one, basis);
}

/**
 * Published rates are those of working copies, and published chip-hours those of available chips, so nothing is lost to
 * unavailable chips. A training run loses time to interruptions, which its days include; a benchmark of minutes does not.
 */
function workSettings(one: WorkCase): readonly string[] {
  const { model, weights, compute, kv, predict } = one;
  const [{ chip, parts: chips }] = one.chips;
  const common = [`${fleet}.chip=${chip}`, `chips.${chip}.availability=100 %`, `${work}.model=${model}`];
  if (predict === "training") {
    const run = [
      `training_tokens=${one.trainingTokens} tokens`,
      `precision=${compute}`,
      `min_chips=${chips} chips`,
    ];
    return [...common, ...run.map((each) => `${work}.${each}`)];
  }
  const formats = { weight_precision: weights, compute_precision: compute, kv_precision: kv };
  const request = [
    `prompt=${one.promptTokens} tokens`,
    `answer=${one.answerTokens} tokens`,
    `speed=${one.tokensPerSecond} tokens/s`,
    `replica=${chips} chips`,
    ...servingSettings(one),
  ];
  return [
    ...common,
    `chips.${chip}.interruption_rate=0 / year`,
    // Chips that only prefill keep hardly any cache: weights may fill their memory.
    ...(predict === "prefill" ? [`chips.${chip}.serving.reserve=0 %`] : []),
    ...Object.entries(formats).flatMap(([field, word]) =>
      word === "" ? [] : [`models.${model}.${field}=${word}`],
    ),
    ...request.map((each) => `${work}.${each}`),
  ];
}

/** How the source says the model was served; a program that it does not name is the default of the model's class, as in scenarios. */
function servingSettings(one: WorkCase): readonly string[] {
  const { stack, concurrency, answerSpread, attention, prefillRatio, predict } = one;
  // A pool that is measured alone always has work waiting.
  const occupancy = predict === "service" ? one.occupancy : "100 %";
  return [
    ...(stack === "" ? [] : [`serving.stack=${stack}`]),
    ...(concurrency > 0 ? [`serving.max_batch=${concurrency}`] : []),
    ...(answerSpread === "" ? [] : [`answer_spread=${answerSpread}`]),
    ...(attention === "" ? [] : [`serving.attention=${attention}`]),
    ...(prefillRatio > 0 ? [`serving.prefill_ratio=${prefillRatio}`] : []),
    ...(occupancy === "" ? [] : [`serving.occupancy=${occupancy}`]),
    ...(predict === "prefill" ? ["serving.prompt_use=100 %"] : []),
  ];
}

/** Chips without numbers share what is given in equal parts: by number where chips are given, else by power. */
function deploymentSettings(one: DeploymentCase, basis: Basis | undefined): readonly string[] {
  const { month, given, designPue, predict } = one;
  const isPower = /W$/.test(given);
  const common = [`start=${month}`, `${fleet}.size=${given}`, ...chipSettings(one, isPower)];
  if (designPue !== "") common.push(`${site}.pue_design=${designPue}`);
  if (one.facility !== "") common.push(`${site}.facility=${one.facility}`);
  if (isPower && basis) common.push(`${fleet}.basis=${basis}`);
  // The chips of an announced date serve only to wait for it.
  if (predict === "months_late") return [...common, `${site}.power={ ${month}: ${given} }`];
  return [...common, `${fleet}.deliver.at=${month}`];
}

function chipSettings({ chips }: DeploymentCase, isPower: boolean): readonly string[] {
  const [first, ...others] = chips;
  if (others.length === 0) return [`${fleet}.chip=${first.chip}`];
  const total = chips.reduce((sum, { parts }) => sum + parts, 0);
  const shares = others.map(({ chip, parts }) => `${chip}: ${parts / total}`);
  return [
    `${fleet}.chip=null`,
    `${fleet}.mix={ ${[`${first.chip}: rest`, ...shares].join(", ")} }`,
    `${fleet}.by=${isPower ? "power" : "chips"}`,
  ];
}
