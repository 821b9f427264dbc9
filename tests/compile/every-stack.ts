/** Programs that serve models: each the default of one class of models. */
export const STACKS = `stacks:
  tensor: { points: [M01], default_for: dense, mode: aggregated, attention: tensor, overlap: 12 %, exchange_overlap: 10 %, imbalance: 1.1 }
  wide: { points: [M02], default_for: mixture, mode: disaggregated, attention: data, overlap: 15 %, exchange_overlap: 50 %, imbalance: 1.3 }
`;

/** Workloads served by a default stack, by one with changes, and by measurements. */
export const STACKED = `fleets:
  all: { site: hall, chip: wide, size: 80 chips, deliver: { at: 2026-02 }, life: 40 months, job_chips: 100 chips, recovery: 30 minutes }
workloads:
  mixture: { kind: inference, model: sparse, priority: 1, value: 3 USD/(million tokens), requests: 200 requests/s, prompt: 1000 tokens, answer: 300 tokens, speed: 20 tokens/s }
  changed: { kind: inference, model: sparse, priority: 2, value: 3 USD/(million tokens), requests: 200 requests/s, prompt: 1000 tokens, answer: 300 tokens, speed: 20 tokens/s, replica: 32 chips, serving: { stack: tensor, mode: disaggregated, attention: data, max_batch: 64, occupancy: 80 %, speculation: 1.8, drafted: 3, prefill_ratio: 0.5, prompt_use: 60 % } }
  plain: { kind: inference, model: dense, priority: 3, value: 3 USD/(million tokens), requests: 200 requests/s, prompt: 1000 tokens, answer: 300 tokens, speed: 20 tokens/s, serving: { max_batch: 32 } }
  by_curve: { kind: inference, model: dense, priority: 4, value: 3 USD/(million tokens), requests: 100 requests/s, prompt: 1000 tokens, answer: 300 tokens, cache_hit: 20 %, speed: 25 tokens/s, measured: { wide: { model: dense, counts: output, curve: [[10, 4000], [30, 3000], [90, 1200]], prompt: 900 tokens, answer: 350 tokens, cache_hit: 10 %, precision: bf16, replica: 2 chips, shape: scale } } }
  by_rate: { kind: inference, model: dense, priority: 5, value: 3 USD/(million tokens), requests: 100 requests/s, prompt: 1000 tokens, answer: 300 tokens, speed: 25 tokens/s, measured: { wide: { model: dense, counts: total, rate: 3000 tokens/s, prompt: 1000 tokens, answer: 300 tokens, precision: bf16 } } }
`;
