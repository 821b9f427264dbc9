import { add, divide, hours, type InputName, input, multiply, running } from "./formula.ts";
import type { Metric } from "./metric.ts";
import { PRECISIONS, type Precision } from "./precision.ts";
import { HOURS_PER_YEAR, SECONDS_PER_HOUR } from "./unit-factors.ts";
import { CHIPS, EXAFLOPS, FRACTION, PETABYTE, PETABYTE_PER_SECOND, YOTTAFLOP } from "./units.ts";

/** Amounts of compute and memory; the shares that lead from peak to effective compute. */
const amount = { level: "part", adds: true, time: "stock", group: "compute", better: "more" } as const;
const share = {
  ...FRACTION,
  level: "part",
  adds: false,
  time: "ratio",
  group: "funnel",
  better: "more",
} as const;

function precisionMetrics(precision: Precision): readonly Metric[] {
  const label = precision.toUpperCase();
  const peak: InputName = `chip.run_${precision}`;
  const mfu: InputName = `chip.mfu_${precision}`;
  return [
    {
      ...amount,
      ...EXAFLOPS,
      name: `peak_${precision}_eflops`,
      formula: multiply("chips_powered", input(peak)),
      text: `Peak dense ${label} rate of the chips that draw power, in the precision actually run.`,
    },
    {
      ...amount,
      group: "funnel",
      ...EXAFLOPS,
      name: `productive_peak_${precision}_eflops`,
      formula: multiply("chips_productive", input(peak)),
      text: `Peak dense ${label} rate of productive chips: the first step from peak to effective compute.`,
    },
    {
      ...amount,
      ...EXAFLOPS,
      name: `effective_${precision}_eflops`,
      // The product of shares is computed once per trial, not once per month.
      formula: multiply(
        `productive_peak_${precision}_eflops`,
        multiply("availability", "scheduling_goodput", "runtime_goodput", `mfu_${precision}`),
      ),
      text: `Model FLOP/s delivered in ${label} work: productive peak times availability, both goodputs and MFU.`,
    },
    {
      ...share,
      name: `mfu_${precision}`,
      formula: input(mfu),
      text: `Model FLOP/s per healthy step over peak, for the reference use, in the precision in which ${label} work actually runs.`,
    },
    {
      ...amount,
      ...YOTTAFLOP,
      name: `cumulative_effective_${precision}_yflop`,
      formula: running(multiply(`effective_${precision}_eflops`, hours, SECONDS_PER_HOUR), "horizon"),
      text: `Model FLOP delivered in ${label} work since the start of the horizon.`,
    },
  ];
}

/** The chip in whose equivalents the `h100e_` metrics count. */
export const BASIS_CHIP = "h100";

function equivalentMetric(basis: string, peak: InputName, h100: InputName, words: string): Metric {
  return {
    ...amount,
    ...CHIPS,
    name: `h100e_${basis}`,
    unit: "H100e",
    basis: BASIS_CHIP,
    formula: divide(multiply("chips_powered", input(peak)), input(h100)),
    text: `H100 equivalents by ${words}: chips that draw power times their figure over the H100's, before losses.`,
  };
}

/** Compute and memory: docs/model.md section 7. */
export const computeMetrics: readonly Metric[] = [
  ...PRECISIONS.flatMap(precisionMetrics),
  {
    ...share,
    name: "availability",
    formula: input("chip.availability"),
    text: "Share of time that powered chips are in service and healthy.",
  },
  {
    ...share,
    name: "scheduling_goodput",
    formula: input("fleet.scheduling_goodput"),
    text: "Share of healthy chip time occupied by jobs.",
  },
  {
    ...share,
    name: "runtime_goodput",
    formula: divide(
      1,
      add(
        1,
        multiply(
          input("fleet.job_chips"),
          divide(input("chip.interruption_rate"), HOURS_PER_YEAR),
          input("fleet.recovery"),
        ),
      ),
    ),
    text: "Share of a job's time not lost to interruptions.",
  },
  {
    ...amount,
    ...PETABYTE,
    name: "hbm_pb",
    formula: multiply("chips_powered", input("chip.hbm")),
    text: "High-bandwidth memory of the chips that draw power, 10^15 bytes.",
  },
  {
    ...amount,
    ...PETABYTE_PER_SECOND,
    name: "hbm_bandwidth_pb_per_s",
    formula: multiply("chips_powered", input("chip.hbm_bandwidth")),
    text: "Peak bandwidth of this memory.",
  },
  equivalentMetric("fp8", "chip.run_fp8", "basis.h100_fp8", "dense FP8 peak"),
  equivalentMetric("bf16", "chip.run_bf16", "basis.h100_bf16", "dense BF16 peak"),
  equivalentMetric("hbm_bandwidth", "chip.hbm_bandwidth", "basis.h100_hbm_bandwidth", "HBM bandwidth"),
];
