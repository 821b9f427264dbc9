/** A hall with power for some of its chips, refitted for the denser racks of successors. */
export const REFITTED = `sites:
  hall: { power: { 2025-12: 100 kW, 2026-04: 200 kW }, pue: 1.1, pue_design: 1.2, electricity: 50 EUR/MWh, facility: 10 USD/W, retrofit: 15 %, build_time: 1 month }
`;

export const RATES = `money: { inflation: 4 %, rates: { EUR: { 2025-10: 1.1 USD/EUR, 2026-03: 1.2 USD/EUR } } }
provider: { discount_rate: 9 % }
`;

/** Chips that come by the month and leave together, and chips that others replace. */
export const STATED_BY_MONTH = `fleets:
  monthly: { site: hall, chip: thin, owner: provider, maintenance: 3 %, deliver: { chips: { 2026-02: 10 chips, 2026-Q2: 30 chips } }, retire: 2026-10, life: 30 months }
  renewed: { site: hall, chip: thin, size: 40 chips, deliver: { at: 2026-02 }, life: 3 months, replacement: { with: dense } }
`;

/** Chips leased and bought, leased and leased on, and rented with a deposit. */
export const HIRED = `fleets:
  bought: { site: hall, chip: old, tenure: leased, lease: { 2026-01: 900 USD/chip/month, 2026-05: 950 USD/chip/month }, lease_term: 4 months, lease_end: buy, lease_buyout: 20 %, size: 100 chips, deliver: { from: 2026-02, to: 2026-06 }, life: 9 months, maintenance: 3 % }
  extended: { site: hall, chip: old, tenure: leased, lease: 800 USD/chip/month, lease_term: 3 months, lease_end: extend, lease_extension: 300 USD/chip/month, size: 60 chips, deliver: { at: 2026-02 }, life: 7 months }
  cloud: { chip: new, tenure: rented, rent: 3 USD/chip/hour, rent_term: 6 months, rent_minimum: 70 %, deposit: 20 %, size: 50 chips, deliver: { from: 2026-03, to: 2026-05 }, commissioning: 1 month, scheduling_goodput: 95 % }
`;

/** Contracts that are extended, that end early and that sell power, and what their chips earn after them. */
export const FORMS = `fleets:
  first: { site: hall, chip: old, size: 100 chips, deliver: { at: 2026-02 }, life: 20 months, procurement: { contract: [longer, power] }, after_term: { share: 60 %, decline: 15 % } }
  second: { site: hall, chip: new, size: 60 chips, deliver: { from: 2026-03, to: 2026-06 }, life: 40 months, procurement: { contract: shorter }, after_term: { share: 80 %, decline: 10 % } }
contracts:
  longer:
    commitment: 500 thousand USD
    start: 2026-01
    term: 6 months
    rates: { old: 2 USD/chip/hour }
    extension: { when: sites.hall.chips_energised >= 100 chips, term: 2 months, notice: 1 month, times: 2 }
  power:
    commitment: 100 thousand USD
    start: 2026-01
    term: 8 months
    capacity: { 2026-01: 50 kW, 2026-06: 150 kW }
    capacity_price: { price: 200 USD/(kW month), of: energised, basis: it }
    fee: 20 thousand USD/month
    rates: { old: 1 USD/chip/hour }
  shorter:
    commitment: 4 million USD
    start: 2026-02
    term: 20 months
    rates: { new: 4 USD/chip/hour }
    termination: { when: sites.hall.chips_energised >= 120 chips, from: 2026-05, notice: 3 months, fee: 25 % }
`;

/** A loan of an amount that is swept, and one whose repayment keeps its cover. */
export const LOANS = `provider: { discount_rate: 9 %, equity_rate: 14 % }
fleets:
  first: { site: hall, chip: old, size: 100 chips, deliver: { from: 2026-02, to: 2026-04 }, life: 40 months, procurement: { contract: use }, pay_on_order: 50 % }
  second: { site: hall, chip: new, size: 60 chips, deliver: { at: 2026-03 }, life: 40 months, procurement: { contract: use } }
contracts:
  use: { commitment: 1 million USD, start: 2026-01, term: 12 months, terms: pay_as_you_go, rates: { old: 6 USD/chip/hour, new: 9 USD/chip/hour } }
debt:
  amount: { fleets: [first], sites: [hall], amount: 2 million USD, rate: 8 %, fee: 2 %, capitalised: true, grace: 1 month, tenor: 7 months, repayment: annuity, sweep: 30 %, covenant: { dscr: 1.2, from: 2026-05 } }
  cover: { fleets: [second], share: 90 %, rate: 9 %, fee: 1 %, grace: 1 month, tenor: 6 months, repayment: sculpted, dscr: 1.3, covenant: { dscr: 1.35, from: 2026-06 } }
`;

/** Tax with losses, credits and both classes in equal months; fiscal years begin in March. */
export const TAXED = `fiscal_year_start: 3
tax:
  rate: 25 %
  loss_limit: 60 %
  discount_rate: 8 %
  chips: { depreciation: straight_line, life: 20 months, credit: 2 % }
  facility: { depreciation: straight_line, life: 15 months, credit: 3 % }
`;
