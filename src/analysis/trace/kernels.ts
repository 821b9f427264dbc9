/** How a trace describes a kernel of the engine, whose figures no formula takes apart. */
export type KernelWords = {
  /** How its figures come about. */
  readonly text: string;
  /** Section of docs/model.md with its equations. */
  readonly section: string;
  /** Metrics of the same entity that explain its figures, whether or not it reads them. */
  readonly beside?: readonly string[];
};

/** Every kernel that the metric table names. */
export const KERNELS: Readonly<Record<string, KernelWords>> = {
  deliver: {
    text: "the part's size times the cumulative share of its delivery, after delay and not before the chip is available",
    section: "4",
  },
  serve: {
    text: "the size of a copy of the model with the most tokens per chip, and the largest batch within memory and the user's speed",
    section: "15.3",
  },
  job: {
    text: "a copy of the model, or the chips that a training run needs at once",
    section: "15.4",
  },
  require: {
    text: "traffic of the month times tokens, or a training run's share of the month by hours",
    section: "15.5",
  },
  assign: {
    text: "chips of the month to workloads in order of priority, each taking parts by the ratio of its rate there to what later ones are worth there",
    section: "15.6 and 15.7",
    beside: ["demand_required_units", "demand_binding"],
  },
  yield: {
    text: "chips held times hours and rate, over the peak they are held for; deferrable work also uses the trough of others",
    section: "15.6",
    beside: ["assigned_chips", "rate_units_per_chip_hour"],
  },
  stock: {
    text: "month after month retire, fail, land what is due and paid for, energise by priority up to the power limit",
    section: "5 and 6",
    beside: ["chips_due", "power_limit_mw"],
  },
  enter_service: {
    text: "chips energised at least `commissioning` months and less than `life`, without the failed and the curtailed",
    section: "6",
    beside: ["chips_energised", "chips_curtailed"],
  },
  pool: {
    text: "the average cost of the chips that wait, for those that get power",
    section: "9.1",
  },
  book: {
    text: "the cost energised in each month, written down in equal parts from its productive month",
    section: "9.1",
  },
  facility: {
    text: "the steps of the site's `power` at their cost per W of design IT, paid over the build time before each",
    section: "9.2",
    beside: ["power_limit_mw"],
  },
  refit: {
    text: "the site's `retrofit` times the month's facility price, for the IT power of landed successors with racks of more than 1.5 times the power; chips that replace their own kind need nothing new",
    section: "9.2",
  },
  demandCharge: {
    text: "the price per kilowatt times the month's facility power, or times the least share of the limit if that is more",
    section: "9.2",
  },
  hire: {
    text: "each chip at the rate of the month it was energised in, to the end of its term; bills are drawn from deposits first",
    section: "9.5",
    beside: ["chips_energised_new"],
  },
  buyout: {
    text: "the share of what the chips whose lease ends cost when they landed",
    section: "9.5",
  },
  residual: {
    text: "cost in service at the horizon's end less a straight line over economic life by age, and what is under construction",
    section: "9.3",
  },
  bind: {
    text: "the cause with the largest shortfall of facility power",
    section: "8",
    beside: ["chips_stranded", "chips_held", "chips_unfunded", "chips_planned", "chips_due"],
  },
  settle: {
    text: "each month's billable chip-hours through the lists of the fleets, intervals closed and relief counted",
    section: "10.1 and 10.2",
    beside: ["contract_billable_chip_hours"],
  },
  termination: {
    text: "what is left of the commitment in the month in which a termination takes effect, and the fee for it",
    section: "10.2",
    beside: ["contract_remaining_usd"],
  },
  contract_end: {
    text: "start and term, with the extensions that were granted and the termination that was given",
    section: "10.2",
  },
  standing: {
    text: "the capacity price times the power it is due for, and the fee, escalated, in months in which the contract is open",
    section: "10.1",
  },
  loan: {
    text: "draws at month ends, interest on the balance before, principal by the plan of repayment and what is left of the tenor",
    section: "10.7",
    beside: ["loan_cash_available_usd"],
  },
  cash_available: {
    text: "payments under the contracts of its fleets, less running cost of its fleets and of their sites by facility power",
    section: "10.7",
  },
  cover: {
    text: "the months of the horizon in which interest or principal is due",
    section: "10.7",
    beside: [],
  },
  tax_depreciation: {
    text: "cost put into service by the method of its class: a table of shares by fiscal year, equal months, or at once",
    section: "10.8",
  },
  tax: {
    text: "the rate times the fiscal year's income less losses carried forward, less credits, in the year's last month",
    section: "10.8",
  },
  after_tax: {
    text: "cash after tax by month, discounted, and the residual value less tax on what it is worth beyond its basis",
    section: "10.8",
  },
  revenue: {
    text: "payments with the upfront payment spread evenly over the term",
    section: "10.4",
    beside: ["contract_payment_usd"],
  },
  status: {
    text: "the month against start and term, and whether anything of the commitment remains",
    section: "10.2",
    beside: ["contract_remaining_usd"],
  },
  commitment: {
    text: "the commitment; one of usage at the mean rate of its first month",
    section: "10.2",
  },
  term: {
    text: "the sum over the months of the term and over the parts whose list names the contract",
    section: "10.3",
  },
  burn: {
    text: "one less what remains over the commitment, in money or chip-hours",
    section: "10.2",
    beside: ["contract_remaining_usd"],
  },
  unsettled: {
    text: "payments in the months simulated after the horizon",
    section: "10.2",
  },
  merchant: {
    text: "productive hours after the last contract of the fleet's list, at its last rate times `after_term.share`, less `after_term.decline` for every whole year since",
    section: "10.6",
    beside: ["productive_chip_hours"],
  },
  contracted: {
    text: "payments of all months less cash to the end of the last contract, of the fleets under contract and their sites, both discounted, and what these are worth then",
    section: "10.6",
    beside: ["payments_pv_usd", "payments_after_horizon_usd"],
  },
  exhaustion: {
    text: "the first month in which nothing of the commitment remains",
    section: "10.2",
  },
  tranche: {
    text: "the first month whose end meets the condition in time, and the amount so much later",
    section: "10.5",
  },
  returns: {
    text: "the running sum of net cash, opening included, over the horizon",
    section: "10.4",
  },
};
