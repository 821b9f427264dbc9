import { type Diagnostic, diagnose, type RelatedPlace } from "../../diagnostics/diagnostic.ts";
import { PRECISIONS, type Precision } from "../../metrics/precision.ts";
import { formatQuantity } from "../../units/format.ts";
import { plainValue } from "../plain-value.ts";
import type { CheckContext } from "../read/check-context.ts";
import type { FieldValue } from "../scenario.ts";
import { isSaidToBeDense, isSaidToBeSparse } from "./sparse-words.ts";

/**
 * A rate per provisioned watt this many times the best chip of its time is probably sparse; a new generation gains up
 * to 2.
 */
const SPARSE_FACTOR = 2.5;
/** A rate this many times the best chip of all is impossible. */
const ABSURD_FACTOR = 10;
/** Half the bits double a dense rate; counted with sparsity on one side only, they quadruple it. */
const MIXED_RATIO = 4;
const MIXED_TOLERANCE = 0.02;
/** Bandwidth over capacity of a memory stack [1/s]; existing ones have 25 to 80. */
const TURNOVERS = [5, 300] as const;

/** A chip whose figures all come from the catalog, at medians in canonical units. */
type Chip = {
  readonly name: string;
  readonly availableFrom: number;
  readonly itPower: number;
  readonly rates: Readonly<Record<Precision, number | undefined>>;
};

/**
 * Checks figures of the catalog's chips against each other: sparse rates, and physically implausible values.
 *
 * Figures that the scenario itself writes are not checked here: the table of fields bounds single values, and `warnOfChip` doubts
 * what they give together. A scenario
 * reads only the chips it mentions, so each is then checked by itself. Where all are read, as by the `catalog`
 * command, each is also compared with the others.
 *
 * @param isWhole whether `names` are all chips of the catalog
 *
 * Fails: never; faults are added to the context, each at its figure. Cost: three times the square of the number of
 * chips.
 */
export function checkCatalogChips(context: CheckContext, names: readonly string[], isWhole: boolean): void {
  const chips = names.flatMap((name) => readChip(context, name) ?? []);
  for (const chip of chips) {
    const faults = [
      ...PRECISIONS.flatMap((precision) => checkRate(context, chip, precision, isWhole ? chips : []) ?? []),
      ...checkMemory(context, chip),
      ...checkPower(context, chip),
    ];
    context.diagnostics.push(...faults);
  }
}

function readChip(context: CheckContext, name: string): Chip | undefined {
  const value = (field: string): number | undefined => {
    const path = `chips.${name}.${field}`;
    return isFromCatalog(context, path) ? plainValue(context, path) : undefined;
  };
  const [itPower, availableFrom] = [value("it_power"), value("available_from")];
  if (itPower === undefined || availableFrom === undefined) return undefined;
  const [fp4, fp8, bf16] = PRECISIONS.map(value);
  return { name, availableFrom, itPower, rates: { fp4, fp8, bf16 } };
}

function isFromCatalog({ fields }: CheckContext, path: string): boolean {
  return fields.get(path)?.origin.layer === "catalog";
}

function checkRate(
  context: CheckContext,
  chip: Chip,
  precision: Precision,
  chips: readonly Chip[],
): Diagnostic | undefined {
  const rate = chip.rates[precision];
  const field = context.fields.get(`chips.${chip.name}.${precision}`);
  if (rate === undefined || !field) return undefined;
  if (isSaidToBeSparse(rate, field.origin.source, field.origin.note))
    return sparse(field, "its own source or note calls this figure sparse");
  const efficiency = (other: Chip): number => (other.rates[precision] ?? 0) / other.itPower;
  const best = (candidates: readonly Chip[]): Chip | undefined =>
    candidates
      .filter((other) => other !== chip && other.rates[precision] !== undefined)
      .reduce(
        (most: Chip | undefined, other) => (most && efficiency(most) >= efficiency(other) ? most : other),
        undefined,
      );
  const ofAll = best(chips);
  if (ofAll && efficiency(chip) > ABSURD_FACTOR * efficiency(ofAll))
    return implausible(field, {
      needs: `at most ${ABSURD_FACTOR} times the ${perWatt(efficiency(ofAll))} of \`${ofAll.name}\``,
      got: perWatt(efficiency(chip)),
      related: placeOf(context, ofAll, precision),
    });
  const ofItsTime = best(chips.filter((other) => other.availableFrom <= chip.availableFrom));
  if (ofItsTime && efficiency(chip) > SPARSE_FACTOR * efficiency(ofItsTime)) {
    const times = (efficiency(chip) / efficiency(ofItsTime)).toPrecision(2);
    const reason = `per watt it is ${times} times \`${ofItsTime.name}\`, the best chip until then`;
    return sparse(field, reason, placeOf(context, ofItsTime, precision));
  }
  return checkAgainstWider(context, chip, precision, field);
}

/**
 * Four times the rate of the next wider format: twice for half the bits, and twice for sparsity on one side only. A chip
 * built for its narrowest format can reach that ratio densely; its source or note then says so.
 */
function checkAgainstWider(
  context: CheckContext,
  chip: Chip,
  precision: Precision,
  field: FieldValue,
): Diagnostic | undefined {
  const wider = PRECISIONS[PRECISIONS.indexOf(precision) + 1];
  const [rate = 0, base] = [chip.rates[precision], wider && chip.rates[wider]];
  if (!wider || !base || Math.abs(rate / base / MIXED_RATIO - 1) > MIXED_TOLERANCE) return undefined;
  if (isSaidToBeDense(field.origin.source, field.origin.note)) return undefined;
  const reason = `it is ${MIXED_RATIO} times the ${wider.toUpperCase()} rate, but half the bits only double a rate`;
  return sparse(field, reason, placeOf(context, chip, wider));
}

function checkMemory(context: CheckContext, { name }: Chip): readonly Diagnostic[] {
  const [hbm, bandwidth] = ["hbm", "hbm_bandwidth"].map((field) =>
    plainValue(context, `chips.${name}.${field}`),
  );
  const field = context.fields.get(`chips.${name}.hbm_bandwidth`);
  if (!hbm || !bandwidth || !field || !isFromCatalog(context, field.path)) return [];
  const turnover = bandwidth / hbm;
  if (TURNOVERS[0] <= turnover && turnover <= TURNOVERS[1]) return [];
  const needs = `${TURNOVERS[0]} to ${TURNOVERS[1]} times the memory per second`;
  return [implausible(field, { needs, got: `${Number(turnover.toPrecision(3))} times` })];
}

/** The power of the package is part of the provisioned power. */
function checkPower(context: CheckContext, { name, itPower }: Chip): readonly Diagnostic[] {
  const field = context.fields.get(`chips.${name}.it_power`);
  const chipPower = plainValue(context, `chips.${name}.chip_power`);
  if (!field || chipPower === undefined || itPower >= chipPower) return [];
  const needs = `at least its \`chip_power\` of ${formatQuantity(chipPower, "power_per_chip")}`;
  return [implausible(field, { needs, got: formatQuantity(itPower, "power_per_chip") })];
}

function sparse(field: FieldValue, reason: string, related: readonly RelatedPlace[] = []): Diagnostic {
  const { path, text, origin } = field;
  const help =
    "enter the dense rate, which is usually half; if this is the dense rate, say `dense` in its note or correct the figure it is compared with";
  return diagnose("sparse-rate", { values: { text, reason }, path, span: origin.span, related, help });
}

function implausible(
  { path, origin }: FieldValue,
  {
    needs,
    got,
    related = [],
  }: { readonly needs: string; readonly got: string; readonly related?: readonly RelatedPlace[] },
): Diagnostic {
  return diagnose("implausible-value", { values: { needs, got }, path, span: origin.span, related });
}

function placeOf({ fields }: CheckContext, { name }: Chip, precision: Precision): readonly RelatedPlace[] {
  const span = fields.get(`chips.${name}.${precision}`)?.origin.span;
  return span ? [{ span, note: "compared with this" }] : [];
}

const FLOPS_PER_TERAFLOPS = 1e12;

function perWatt(flopsPerWatt: number): string {
  return `${Number((flopsPerWatt / FLOPS_PER_TERAFLOPS).toPrecision(3))} TFLOPS/W`;
}
