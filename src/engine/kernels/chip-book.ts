import type { ItemOf, Kernel, Operations } from "../language/operations.ts";
import { whileServing } from "./while-serving.ts";

const SCHEMA = {
  parts: {
    /** Cost energised in the month, and survival S. */
    cost: "slab",
    survival: "slab",
    /** Whole months. */
    commissioning: "trial",
    bookLife: "trial",
    life: "trial",
    /** 1 in the months before the fleet retires as a whole, then 0. A part without it keeps each chip for its life. */
    serving: "slab",
    /** K = running sum of cost / S, M = running sum of month x cost / S. */
    cumulative: "output",
    moment: "output",
    inService: "output",
    depreciation: "output",
    writtenOff: "output",
    bookValue: "output",
  },
} as const;

type Part = ItemOf<typeof SCHEMA, "parts">;

/**
 * Writes every cohort down in equal parts from its productive month and what is left of it off at retirement or failure.
 *
 * All cohorts at once: sums over the months in which what is alive was energised are differences of K, and sums
 * weighted by age are differences of M. Cost energised so far = book value + depreciation and write-offs so far.
 *
 * Source: docs/model.md section 9.1.
 */
export const chipBook: Kernel<typeof SCHEMA> = {
  name: "chipBook",
  schema: SCHEMA,
  month(o, { parts }) {
    o.each(parts, (part) => {
      // Before the month's cost is added: it concerns what was energised earlier.
      writeOff(o, part);
      addCost(o, part);
      const survival = o.now(part.survival);
      const cost = o.now(part.cumulative);
      const gone = o.lag(part.cumulative, o.now(part.life));
      o.set(part.inService, whileServing(o, part, o.multiply(survival, o.subtract(cost, gone))));
      depreciate(o, part);
      findBookValue(o, part);
    });
  },
};

function addCost<N, T>(o: Operations<N, T>, { cost, survival, cumulative, moment }: Part): void {
  const normalised = o.divide(o.now(cost), o.now(survival));
  o.set(cumulative, o.add(o.before(cumulative), normalised));
  o.set(moment, o.add(o.before(moment), o.multiply(o.month(), normalised)));
}

function depreciate<N, T>(o: Operations<N, T>, part: Part): void {
  const commissioning = o.now(part.commissioning);
  const bookLife = o.now(part.bookLife);
  const life = o.now(part.life);
  const newest = o.lag(part.cumulative, commissioning);
  const oldest = o.lag(part.cumulative, o.min(life, o.add(commissioning, bookLife)));
  const written = o.divide(o.multiply(o.now(part.survival), o.subtract(newest, oldest)), bookLife);
  o.set(
    part.depreciation,
    whileServing(o, part, o.select(o.less(commissioning, life), written, o.constant(0))),
  );
}

/** Chips that retire or fail, with their book value. */
function writeOff<N, T>(o: Operations<N, T>, part: Part): void {
  const { add, subtract, multiply, max } = o;
  const [zero, one] = [o.constant(0), o.constant(1)];
  const commissioning = o.now(part.commissioning);
  const bookLife = o.now(part.bookLife);
  const life = o.now(part.life);
  const survival = o.now(part.survival);
  const survivalBefore = o.before(part.survival, one);
  const worn = o.divide(max(zero, subtract(life, commissioning)), bookLife);
  const retired = subtract(o.lag(part.cumulative, life), o.lag(part.cumulative, add(life, one)));
  const lost = multiply(multiply(survivalBefore, retired), max(zero, subtract(one, worn)));
  const withFailed = () => {
    const reach = o.min(life, add(commissioning, bookLife));
    const age = subtract(o.month(), commissioning);
    const { gone, aged } = wornAway(o, part, { newest: max(one, commissioning), oldest: reach, age });
    // A cohort fully written down, or retired this month, has nothing left to lose.
    const left = subtract(subtract(o.before(part.cumulative), gone), aged);
    return add(lost, multiply(subtract(survivalBefore, survival), max(zero, left)));
  };
  const ofAge = o.whereValue(o.not(o.equal(survival, survivalBefore)), withFailed, lost);
  // A fleet that retires as a whole leaves with all that it was worth in the books, and nothing of it fails any more.
  const all = () => o.select(o.equal(o.now(part.serving), o.constant(0)), o.before(part.bookValue), ofAge);
  o.set(
    part.writtenOff,
    o.whenValue(part.serving, all, () => ofAge),
  );
}

function findBookValue<N, T>(o: Operations<N, T>, part: Part): void {
  const { add, subtract, max } = o;
  const [zero, one] = [o.constant(0), o.constant(1)];
  const commissioning = o.now(part.commissioning);
  const oldest = o.min(o.now(part.life), subtract(add(commissioning, o.now(part.bookLife)), one));
  const age = subtract(add(o.month(), one), commissioning);
  const newest = max(zero, subtract(commissioning, one));
  const { gone, aged } = wornAway(o, part, { newest, oldest, age });
  const alive = subtract(subtract(o.now(part.cumulative), gone), aged);
  o.set(part.bookValue, whileServing(o, part, max(zero, o.multiply(o.now(part.survival), alive))));
}

/**
 * What is gone of K `oldest` months ago, and what has been written down of what came since, up to `newest` months ago.
 *
 * @param age months from the productive month of what was energised in month 0 to the month at hand
 */
function wornAway<N, T>(
  o: Operations<N, T>,
  { cumulative, moment, bookLife }: Part,
  { newest, oldest, age }: { readonly newest: N; readonly oldest: N; readonly age: N },
): { readonly gone: N; readonly aged: N } {
  const gone = o.lag(cumulative, oldest);
  const cost = o.subtract(o.lag(cumulative, newest), gone);
  const weighted = o.subtract(o.lag(moment, newest), o.lag(moment, oldest));
  const aged = o.divide(o.subtract(o.multiply(age, cost), weighted), o.now(bookLife));
  return { gone, aged: o.select(o.less(newest, oldest), aged, o.constant(0)) };
}
