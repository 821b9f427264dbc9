import { TOLERANCE } from "../../metrics/tolerance.ts";
import type { ItemOf, Kernel, Operations } from "../language/operations.ts";

const SCHEMA = {
  loans: {
    /** Capital spending of the month that the loan has a share of, and cash available [USD]; 1 from the first energised month on. */
    spending: "slab",
    available: "slab",
    isInService: "slab",
    /** Share of the spending, yearly rate, fee on draws, share of what is left that is swept. */
    share: "trial",
    rate: "slab",
    fee: "trial",
    sweep: "trial",
    /** Whole months from the first energised one. */
    grace: "trial",
    tenor: "trial",
    capitalises: "flag",
    isLinear: "flag",
    isBullet: "flag",
    /** Of sculpted debt in the plain run: the share of the cash that serves it. */
    serviceShare: "trial",
    /** Of sculpted debt in a trial: principal by month of the plain run [USD], and that run's first month in service. */
    profile: "slab",
    profileStart: "trial",
    /** Months in service, the month at hand included. */
    age: "output",
    draw: "output",
    interest: "output",
    fees: "output",
    added: "output",
    planned: "output",
    due: "output",
    principal: "output",
    balance: "output",
  },
} as const;

type Loan = ItemOf<typeof SCHEMA, "loans">;

/**
 * Draws a loan on capital spending and repays it from its first month in service.
 *
 *     balance = balance before + draw + interest and fees added - principal
 *
 * A plan of repayment goes by what is left of the tenor and by the balance, so that a later draw is repaid with the rest; in the
 * last month of the tenor all is.
 *
 * Source: docs/model.md section 10.7.
 */
export const loan: Kernel<typeof SCHEMA> = {
  name: "loan",
  schema: SCHEMA,
  month(o, { loans }) {
    o.each(loans, (one) => closeMonth(o, one));
  },
};

function closeMonth<N, T>(o: Operations<N, T>, loan: Loan): void {
  const { add, subtract, multiply, max } = o;
  const zero = o.constant(0);
  const opening = o.before(loan.balance);
  const age = add(o.before(loan.age), o.now(loan.isInService));
  const tenor = o.now(loan.tenor);
  o.set(loan.age, age);
  const isInTerm = o.both(o.less(zero, age), o.atMost(age, tenor));
  const draw = o.select(o.less(age, tenor), multiply(o.now(loan.share), o.now(loan.spending)), zero);
  const fees = multiply(o.now(loan.fee), draw);
  const monthly = o.divide(o.now(loan.rate), o.constant(12));
  const interest = multiply(opening, monthly);
  const planned = o.whereValue(isInTerm, () => plannedPrincipal(o, loan, { opening, age, monthly }), zero);
  const isBefore = o.equal(age, zero);
  const added = o.whenValue(
    loan.capitalises,
    () => o.select(isBefore, add(interest, fees), zero),
    () => zero,
  );
  const cash = max(zero, subtract(o.now(loan.available), add(interest, planned)));
  const owed = subtract(opening, planned);
  const swept = o.select(isInTerm, o.min(owed, multiply(o.now(loan.sweep), cash)), zero);
  o.set(loan.draw, draw);
  o.set(loan.interest, interest);
  o.set(loan.fees, fees);
  o.set(loan.added, added);
  o.set(loan.planned, planned);
  o.set(loan.due, o.select(isInTerm, add(interest, planned), zero));
  o.set(loan.principal, add(planned, swept));
  // What is swept may be all that is owed: then exactly nothing is left of it.
  o.set(loan.balance, add(add(subtract(owed, swept), draw), added));
}

type Place<N> = { readonly opening: N; readonly age: N; readonly monthly: N };

/** Principal of a month in service, by the plan of repayment. */
function plannedPrincipal<N, T>(o: Operations<N, T>, loan: Loan, place: Place<N>): N {
  const { opening, age } = place;
  const zero = o.constant(0);
  const otherwise = () => paidEvenly(o, loan, place);
  const ofProfile = () => o.whenValue(loan.profile, () => paidByProfile(o, loan, place), otherwise);
  const amount = o.whenValue(loan.serviceShare, () => paidByCash(o, loan, place), ofProfile);
  const isPaying = o.less(o.now(loan.grace), age);
  return o.select(o.equal(age, o.now(loan.tenor)), opening, o.select(isPaying, amount, zero));
}

/** Equal principal, equal payments, or nothing before the end. */
function paidEvenly<N, T>(o: Operations<N, T>, loan: Loan, { opening, age, monthly }: Place<N>): N {
  const [zero, one] = [o.constant(0), o.constant(1)];
  const months = o.add(o.subtract(o.now(loan.tenor), age), one);
  const even = () => o.divide(opening, months);
  const level = () => {
    const factor = o.power(o.add(one, monthly), o.subtract(zero, months));
    const interest = o.multiply(opening, monthly);
    const payment = o.divide(interest, o.subtract(one, factor));
    return o.select(o.equal(monthly, zero), even(), o.subtract(payment, interest));
  };
  const ofLinear = () => o.whenValue(loan.isLinear, even, level);
  return o.whenValue(loan.isBullet, () => zero, ofLinear);
}

function paidByCash<N, T>(o: Operations<N, T>, loan: Loan, { opening, monthly }: Place<N>): N {
  const service = o.multiply(o.now(loan.available), o.now(loan.serviceShare));
  const principal = o.subtract(service, o.multiply(opening, monthly));
  return repaid(o, opening, principal);
}

/** What a principal repays of a balance: all, where no more than rounding would be left. */
export function repaid<N, T>(o: Operations<N, T>, balance: N, principal: N): N {
  const all = o.multiply(balance, o.constant(1 - TOLERANCE));
  return o.select(o.atMost(all, principal), balance, o.max(o.constant(0), principal));
}

/** What the plain run repays at this age. */
function paidByProfile<N, T>(o: Operations<N, T>, loan: Loan, { opening, age }: Place<N>): N {
  const same = o.subtract(o.add(o.now(loan.profileStart), age), o.constant(1));
  return repaid(o, opening, o.ahead(loan.profile, o.subtract(same, o.month())));
}
