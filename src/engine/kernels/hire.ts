import { TOLERANCE } from "../../metrics/tolerance.ts";
import type { ItemOf, Kernel, Operations } from "../language/operations.ts";

const SCHEMA = {
  parts: {
    /** Chips energised in the month, chips that wait for power, and the share of the energised that is in use. */
    energisedNew: "slab",
    waiting: "slab",
    used: "slab",
    /** USD per chip and unit of the clock; the term in whole months; the least share that is paid, and that of it which is prepaid. */
    rate: "slab",
    term: "trial",
    minimum: "trial",
    deposit: "trial",
    /** Units so far at the beginning of each month, beyond the window: months, or hours. */
    clock: "table",
    /** Sums over the months of what is energised, at its rate [USD per unit], and of that times the clock at the end of its term [USD]. */
    hired: "output",
    ends: "output",
    bill: "output",
    balance: "output",
    cost: "output",
    owed: "output",
  },
} as const;

type Part = ItemOf<typeof SCHEMA, "parts">;

/**
 * What is paid for chips that others own, each at the rate of the month it was energised in, to the end of its term.
 *
 *     bill = rate x units x max(share in use, minimum),  cost = bill - drawn from the deposit + new deposits
 *
 * All cohorts at once: the sum of the rates that run is a difference of running sums. Deposits paid = drawn + balance.
 *
 * Source: docs/model.md section 9.5.
 */
export const hire: Kernel<typeof SCHEMA> = {
  name: "hire",
  schema: SCHEMA,
  month(o, { parts }) {
    o.each(parts, (part) => pay(o, part));
  },
};

function pay<N, T>(o: Operations<N, T>, part: Part): void {
  const { add, subtract, multiply, max } = o;
  const [zero, one] = [o.constant(0), o.constant(1)];
  const [rate, term, minimum] = [o.now(part.rate), o.now(part.term), o.now(part.minimum)];
  const begin = o.lookUp(part.clock, o.month());
  const end = o.lookUp(part.clock, add(o.month(), one));
  const endOfTerm = o.lookUp(part.clock, add(o.month(), term));
  const units = subtract(end, begin);
  const added = multiply(rate, o.now(part.energisedNew));
  const hired = add(o.before(part.hired), added);
  const ends = add(o.before(part.ends), multiply(added, endOfTerm));
  o.set(part.hired, hired);
  o.set(part.ends, ends);
  const running = subtract(hired, o.lag(part.hired, term));
  const toGo = subtract(subtract(ends, o.lag(part.ends, term)), multiply(running, end));
  const paidShare = max(o.now(part.used), minimum);
  const ofWaiting = multiply(multiply(o.now(part.waiting), rate), units);
  const bill = add(multiply(multiply(running, units), paidShare), ofWaiting);
  const least = multiply(multiply(added, subtract(endOfTerm, begin)), minimum);
  const prepaid = multiply(least, o.now(part.deposit));
  const credit = add(o.before(part.balance), prepaid);
  const drawn = o.min(credit, bill);
  // Where no term goes on, bills have drawn all that was prepaid; what rounding leaves is dropped.
  const isOver = o.equal(hired, o.lag(part.hired, subtract(term, one)));
  const balance = o.select(isOver, zero, subtract(credit, drawn));
  o.set(part.bill, bill);
  o.set(part.balance, balance);
  o.set(part.cost, add(subtract(bill, drawn), prepaid));
  const leastToGo = o.select(isOver, zero, multiply(toGo, minimum));
  const owed = subtract(leastToGo, balance);
  o.set(part.owed, o.select(o.atMost(owed, multiply(o.constant(TOLERANCE), leastToGo)), zero, owed));
}
