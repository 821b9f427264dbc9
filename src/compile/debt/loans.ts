import { loan, type MadeLists, type Register, sculpt } from "../../engine/index.ts";
import { type Compilation, type EntityAt, type MetricTable, once } from "../compilation.ts";
import { leastDscr, monthsBelowCovenant, trailingDscr } from "./cover.ts";
import { cashAvailableOf, inServiceOf, spendingOf } from "./financed.ts";

/** Loans (docs/model.md section 10.7). */
export const loanMetrics: MetricTable<"loan"> = {
  loan_draw_usd: ofLoan("draw"),
  loan_interest_usd: ofLoan("interest"),
  loan_fee_usd: ofLoan("fees"),
  loan_capitalised_usd: ofLoan("added"),
  loan_principal_usd: ofLoan("principal"),
  loan_balance_usd: ofLoan("balance"),
  loan_due_usd: ofLoan("due"),
  loan_cash_available_usd: (compilation, { loan: name }) => cashAvailableOf(compilation, name),
  loan_balance_at_end_usd: (compilation, { loan: name }) => {
    const { builder } = compilation.inputs.context;
    const end = builder.window.originMonth + builder.window.horizonMonths;
    return builder.total(loanOf(compilation, name).balance, end - 1, end);
  },
  loan_trailing_dscr: trailingDscr,
  loan_least_dscr: leastDscr,
  loan_months_below_covenant: monthsBelowCovenant,
};

function ofLoan(what: keyof MadeLoan) {
  return (compilation: Compilation, { loan: name }: EntityAt<"loan">): Register =>
    loanOf(compilation, name)[what];
}

type MadeLoan = MadeLists<typeof loan.schema>["loans"][number];

const loanOf = once((compilation: Compilation, name: string): MadeLoan => {
  const { inputs } = compilation;
  const repayment = inputs.choice("debt.*.repayment", name);
  const given = {
    ...flowsOf(compilation, name),
    available: cashAvailableOf(compilation, name),
    isLinear: repayment === "linear",
    isBullet: repayment === "bullet",
    ...(repayment === "sculpted" ? sculpted(compilation, name) : asStated(compilation, name)),
  };
  return inputs.context.builder.kernel(loan, { loans: [given] }).loans[0];
});

/** What sizing and running a loan both read. */
function flowsOf(compilation: Compilation, name: string) {
  const { inputs } = compilation;
  return {
    spending: spendingOf(compilation, name),
    isInService: inServiceOf(compilation, name),
    rate: inputs.number("debt.*.rate", name),
    fee: inputs.number("debt.*.fee", name),
    grace: inputs.months("debt.*.grace", name),
    capitalises: inputs.field("debt.*.capitalised", name)?.boolean === true,
  };
}

function asStated(compilation: Compilation, name: string) {
  return {
    sweep: compilation.inputs.number("debt.*.sweep", name),
    share: shareOf(compilation, name),
    tenor: compilation.inputs.months("debt.*.tenor", name),
    serviceShare: undefined,
    profile: undefined,
    profileStart: undefined,
  };
}

/** The share drawn of the spending: as stated, or what the amount is of all of it, at most the whole. */
function shareOf(compilation: Compilation, name: string): Register {
  const amount = compilation.inputs.optional("debt.*.amount", name);
  return amount === undefined
    ? compilation.inputs.number("debt.*.share", name)
    : shareFor(compilation, name, amount);
}

function shareFor(compilation: Compilation, name: string, amount: Register): Register {
  const { builder } = compilation.inputs.context;
  const share = builder.op("ratio", amount, allSpending(compilation, name));
  return builder.op("min", builder.constant(1), share);
}

function allSpending(compilation: Compilation, name: string): Register {
  const { builder } = compilation.inputs.context;
  const end = builder.window.originMonth + builder.window.horizonMonths;
  return builder.total(spendingOf(compilation, name), 0, end);
}

/** Sculpted debt: sized on the plain run, whose amount and profile every trial keeps. */
function sculpted(compilation: Compilation, name: string) {
  const { inputs } = compilation;
  const { builder, record, atMedians } = inputs.context;
  const plain = compilation.plain();
  // The plain run reads what this one does, and beside it what sizes the loan.
  for (const row of SIZING) inputs.field(row, name);
  const size = record.apart(() => sizeOf(plain, name));
  const { tenor } = size;
  // The profile is what a loan without a sweep would repay.
  if (atMedians) {
    const none = { sweep: builder.constant(0), profile: undefined, profileStart: undefined };
    return { ...none, share: size.drawn, tenor, serviceShare: size.serviceShare };
  }
  const sweep = inputs.number("debt.*.sweep", name);
  const held = record.apart(() => ({
    profile: loanOf(plain, name).planned,
    amount: builder.op("multiply", size.drawn, allSpending(plain, name)),
  }));
  const share = shareFor(compilation, name, held.amount);
  return { sweep, share, tenor, serviceShare: undefined, profile: held.profile, profileStart: size.start };
}

const SIZING = ["debt.*.share", "debt.*.amount", "debt.*.dscr", "debt.*.tenor"] as const;

const sizeOf = once((plain: Compilation, name: string) => {
  const { inputs } = plain;
  const { builder } = inputs.context;
  const dscr = inputs.optional("debt.*.dscr", name);
  const given = {
    ...flowsOf(plain, name),
    available: cashAvailableOf(plain, name),
    share: shareOf(plain, name),
    statedTenor: inputs.months("debt.*.tenor", name),
    leastCover: dscr && builder.op("divide", builder.constant(1), dscr),
  };
  return builder.kernel(sculpt, { loans: [given] }).loans[0];
});
