import type { Entity } from "../../compile/entities.ts";
import { entityKey } from "../../compile/entities.ts";
import { firstHelper, type LevelSheet, sheetOf } from "../layout.ts";
import { returnReads } from "./returns.ts";
import type { Read, Spot } from "./spot.ts";
import type { Template, Translator } from "./translate.ts";

/** A formula from a month on, until the next one begins. */
export type Stretch = Pick<Template, "pieces"> & { readonly first: number };

/** The months of a column, of one entity, that a workbook holds; kernels have no formulas. */
export type Covered = {
  readonly first: number;
  readonly last: number;
  readonly stretches: readonly Stretch[];
};

/**
 * Finds the months that each column has to hold: those of the horizon, and whatever formulas of other cells read before and
 * after it. A workbook of all columns in all months would be nearly twice as large.
 *
 * Make it after the sheets of figures have been written. Fails: never. Cost: formulas that differ, not cells.
 */
export class Coverage {
  readonly #translator: Translator;
  readonly #covered = new Map<string, Covered>();
  readonly #open: Read[] = [];

  constructor(translator: Translator) {
    this.#translator = translator;
    const { layout } = translator;
    const { originMonth, horizonMonths } = layout.run;
    const last = originMonth + horizonMonths - 1;
    for (const sheet of layout.levels.values())
      for (const entity of sheet.entities)
        for (const column of sheet.columns.values())
          this.#need({ sheet, column, entity, first: originMonth, last });
    const monthly = sheetOf(layout, "total");
    for (const name of returnReads(layout.run)) {
      const column = monthly.columns.get(name);
      if (column !== undefined)
        this.#need({ sheet: monthly, column, entity: { level: "total" }, first: 0, last });
    }
    for (const read of translator.reads) this.#need(read);
    for (let read = this.#open.pop(); read; read = this.#open.pop()) this.#write(read);
  }

  /** What a column holds of an entity; undefined for nothing. */
  find(sheet: LevelSheet, column: number, entity: Entity): Covered | undefined {
    return this.#covered.get(keyOf(sheet, column, entity));
  }

  /** Asks for months that the column does not hold yet: it holds all between its first and last. */
  #need({ sheet, column, entity, first, last }: Read): void {
    const key = keyOf(sheet, column, entity);
    const known = this.#covered.get(key);
    const ask = (from: number, to: number) =>
      this.#open.push({ sheet, column, entity, first: from, last: to });
    if (!known) {
      this.#covered.set(key, { first, last, stretches: [] });
      ask(first, last);
      return;
    }
    if (first >= known.first && last <= known.last) return;
    this.#covered.set(key, {
      first: Math.min(first, known.first),
      last: Math.max(last, known.last),
      stretches: known.stretches,
    });
    if (first < known.first) ask(first, known.first - 1);
    if (last > known.last) ask(known.last + 1, last);
  }

  /** Writes the formulas of some months of a column, and asks for what they read. */
  #write({ sheet, column, entity, first, last }: Read): void {
    const key = keyOf(sheet, column, entity);
    const written: Stretch[] = [];
    for (let month = first; month <= last; ) {
      const template = this.#template(sheet, column, { entity, month, sheet: sheet.name });
      if (!template) return;
      const end = Math.min(template.through, last);
      written.push({ pieces: template.pieces, first: month });
      const mostMonths = this.#translator.layout.run.monthCount - 1;
      for (const read of template.reads) {
        // A column that goes on from its own month before is read back to the first one: asked for at once, not month by month.
        const isGoingOn = read.first === month - 1 && keyOf(read.sheet, read.column, read.entity) === key;
        this.#need({
          ...read,
          first: isGoingOn ? 0 : read.first,
          last: Math.min(read.last + end - month, mostMonths),
        });
      }
      month = end + 1;
    }
    const known = this.#covered.get(key) as Covered;
    const stretches = [...known.stretches, ...written].sort((one, other) => one.first - other.first);
    this.#covered.set(key, { ...known, stretches });
  }

  #template(sheet: LevelSheet, column: number, spot: Spot): Template | undefined {
    const translator = this.#translator;
    const metric = sheet.metrics[column - sheet.keys.length];
    if (metric) {
      if (!translator.hasFormula(metric, spot.entity)) return undefined;
      return translator.template(spot, () => translator.writeMetric(metric, spot) ?? "");
    }
    const helper = sheet.helpers[column - firstHelper(sheet)];
    if ("formula" in helper)
      return translator.template(spot, () =>
        translator.writeHelper(helper.formula, column, spot, helper.scale),
      );
    const register = helper.registers.get(entityKey(spot.entity));
    if (register === undefined || !translator.chain.isMoving(register)) return undefined;
    return translator.template(spot, () => translator.chain.writeStep(helper.text, register, spot));
  }
}

function keyOf(sheet: LevelSheet, column: number, entity: Entity): string {
  return `${sheet.name} ${column} ${entityKey(entity)}`;
}
