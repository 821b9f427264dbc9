/**
 * The referee of docs/model.md section 15: a slow second implementation, written from that page alone. It bisects where
 * the engine takes Newton's steps, and goes trial by trial and part by part over plain objects.
 */
import type { ReferenceInput } from "./reference-input.ts";

export type DemandWork = { readonly name: string; readonly fleets: readonly string[] };
export type DemandPart = {
  readonly key: string;
  readonly fleet: string;
  readonly chip: string;
  /** Productive chips by reported month. */
  readonly productive: ArrayLike<number>;
};

export type DemandPair = {
  replica: number;
  batch: number;
  rate: number;
  limit: string;
  held: number[];
  units: number[];
};

export type DemandResult = {
  readonly pairs: Map<string, DemandPair>;
  readonly works: Map<string, { required: number[]; unserved: number[]; bound: string[] }>;
  /** By part and month: the first short workload with a rate there, by its place in order of priority, and its reason there. */
  readonly parts: Map<string, ({ readonly rank: number; readonly word: string } | undefined)[]>;
};

const BYTES: Record<string, number> = { fp4: 0.5, fp8: 1, bf16: 2 };
const WIDER = ["fp4", "fp8", "bf16"];

export function simulateDemand(
  input: ReferenceInput,
  works: readonly DemandWork[],
  parts: readonly DemandPart[],
): DemandResult {
  const number = (path: string, month = input.startMonth) => input.number(path, month);
  const some = (path: string, other: number, month?: number) => number(path, month) ?? other;
  const word = (path: string) => input.word(path) ?? "";
  const peakOf = (chip: string, precision: string) => {
    const wider = WIDER.slice(WIDER.indexOf(precision));
    const run = wider.find((each) => number(`chips.${chip}.${each}`) !== undefined) ?? "bf16";
    return { run, flops: some(`chips.${chip}.${run}`, 0) };
  };
  const rank = (name: string) => some(`workloads.${name}.priority`, 0);
  const sorted = [...works].sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
  const pairs = new Map<string, DemandPair>();
  for (const work of sorted) {
    for (const part of parts.filter(({ fleet }) => work.fleets.includes(fleet))) {
      pairs.set(`${work.name}/${part.key}`, {
        ...rateOf(work.name, part),
        held: part.productive.length ? new Array(part.productive.length).fill(0) : [],
        units: new Array(part.productive.length).fill(0),
      });
    }
  }

  function modelOf(name: string) {
    const at = `models.${word(`workloads.${name}.model`)}`;
    const all = some(`${at}.parameters`, 0);
    const experts = some(`${at}.experts`, 1);
    const used = Math.min(some(`${at}.experts_active`, 1), experts);
    // A trial may draw parts that are larger than the whole, and less than the experts that a token uses.
    const active = Math.min(Math.max(some(`${at}.active_parameters`, all), (all * used) / experts), all);
    const unused = 1 - used / experts;
    const [heads, size, latent] = [
      some(`${at}.heads`, 0),
      some(`${at}.head_dim`, 0),
      some(`${at}.kv_latent`, 0),
    ];
    const attention = word(`${at}.attention`);
    const cached = attention === "mha" ? heads : Math.min(some(`${at}.kv_heads`, 0), heads);
    const kept = attention === "mla" ? latent : 2 * cached * size;
    const layers = some(`${at}.layers`, 0);
    const local = Math.min(some(`${at}.local_layers`, 0), layers);
    const window = some(`${at}.local_window`, 0);
    const bytes = BYTES[word(`${at}.weight_precision`)] ?? 0;
    const seen = (length: number) => (layers - local) * length + local * Math.min(length, window);
    return {
      at,
      layers,
      active,
      unused,
      // Of the weights a token uses, those in routed experts.
      routed: unused > 0 ? ((all - active) / unused) * (1 - unused) : 0,
      used,
      hidden: some(`${at}.hidden`, heads * size),
      split: attention === "mla" ? 1 : cached,
      weights: all * bytes,
      experts: unused > 0 ? ((all - active) / unused) * bytes : 0,
      cache: (length: number) => kept * (BYTES[word(`${at}.kv_precision`)] ?? 0) * seen(length),
      attention: (length: number) => 4 * heads * (attention === "mla" ? latent : size) * seen(length),
      promptAttention: (from: number, to: number) =>
        4 *
        heads *
        size *
        ((layers - local) * ((to * to - from * from) / 2) + local * (to - from) * Math.min(to, window)),
      isSparse: number(`${at}.experts`) !== undefined,
    };
  }

  /** Tokens of a request, measured or not: what the model's context holds of them, the history cut first and the answer last. */
  function lengthsOf(w: string, at: string) {
    const context = some(`models.${word(`${w}.model`)}.context`, 0);
    const answer = Math.min(some(`${at}.answer`, 0), Math.max(1, context - 1));
    const question = Math.min(some(`${at}.prompt`, 0), Math.max(1, context - answer));
    const stated = word(`${w}.kind`) === "stateful" ? some(`${w}.history`, 0) : 0;
    return { answer, question, history: Math.min(stated, Math.max(0, context - question - answer)) };
  }

  /** How a workload is served: its own words, else its stack's, else the plain ones. */
  function stackOf(name: string, isSparse: boolean) {
    const own = `workloads.${name}.serving`;
    const kind = isSparse ? "mixture" : "dense";
    const stack =
      input.word(`${own}.stack`) ??
      (input.names.stacks ?? []).find((each) => input.word(`stacks.${each}.default_for`) === kind);
    const at = `stacks.${stack}`;
    const attention = input.word(`${own}.attention`) ?? input.word(`${at}.attention`) ?? "tensor";
    const isData = isSparse && attention === "data";
    return {
      isPooled: (input.word(`${own}.mode`) ?? input.word(`${at}.mode`) ?? "aggregated") === "disaggregated",
      isData,
      overlap: some(`${at}.overlap`, 0),
      exchangeOverlap: some(`${at}.exchange_overlap`, 0),
      imbalance: isData ? some(`${at}.imbalance`, 1) : 1,
      most: some(`${own}.max_batch`, Number.POSITIVE_INFINITY),
      occupancy: some(`${own}.occupancy`, some(`${at}.occupancy`, 1)),
      launch: some(`${at}.launch`, 0),
      promptUse: some(`${own}.prompt_use`, some(`${at}.prompt_use`, 1)),
      ratio: number(`${own}.prefill_ratio`),
      kept: Math.min(some(`${own}.speculation`, 1), 1 + some(`${own}.drafted`, 0)),
      checked: 1 + some(`${own}.drafted`, 0),
    };
  }

  function rateOf(name: string, part: DemandPart) {
    const { chip, fleet } = part;
    const w = `workloads.${name}`;
    const c = `chips.${chip}`;
    const goodput = (job: number) =>
      (some(`${c}.availability`, 1) * some(`fleets.${fleet}.scheduling_goodput`, 1)) /
      (1 + (job * some(`${c}.interruption_rate`, 0) * some(`fleets.${fleet}.recovery`, 0)) / 8766);
    if (word(`${w}.kind`) === "training") {
      const { run, flops } = peakOf(chip, word(`${w}.precision`));
      const job = number(`${w}.min_chips`) ?? some(`fleets.${fleet}.job_chips`, 0);
      const rate =
        3600 * flops * some(`${c}.mfu.training.${run}`, 0) * goodput(job) * (1 - some(`${w}.overhead`, 0));
      return { replica: 0, batch: 0, rate, limit: "compute" };
    }
    const measured = `${w}.measured.${chip}`;
    const own = copyOf(name, chip, w);
    const counts = input.word(`${measured}.counts`);
    if (counts === undefined) {
      if (!(own.tokens > 0)) return { replica: own.replica, batch: 0, rate: 0, limit: own.limit };
      const seconds = 1 / own.tokens + own.held + own.reload;
      const rate = (3600 * goodput(own.replica)) / seconds;
      return { replica: own.replica, batch: own.batch, rate, limit: own.limit };
    }
    const [prompt, answer] = [some(`${measured}.prompt`, 0), some(`${measured}.answer`, 0)];
    const tokens = lineThrough(input.curve?.(`${measured}.curve`), some(`${w}.speed`, 0));
    const rate =
      (tokens ?? some(`${measured}.rate`, 0)) * (counts === "total" ? answer / (prompt + answer) : 1);
    const isScaled = input.word(`${measured}.shape`) === "scale";
    const other = isScaled ? copyOf(name, chip, measured) : own;
    const works = !isScaled || (own.tokens > 0 && other.tokens > 0);
    const replica = number(`${measured}.replica`) ?? own.replica;
    const ratio = isScaled && works ? own.tokens / other.tokens : 1;
    return {
      replica,
      batch: own.tokens > 0 ? own.batch : 0,
      rate: works ? 3600 * goodput(replica) * rate * ratio : 0,
      limit: own.tokens > 0 || isScaled ? own.limit : "compute",
    };
  }

  /** A copy of a workload's model on a chip, with the request that `at` states: the workload's own, or a measured one. */
  function copyOf(name: string, chip: string, at: string) {
    const w = `workloads.${name}`;
    const c = `chips.${chip}`;
    const model = modelOf(name);
    const isStateful = word(`${w}.kind`) === "stateful";
    const tier = isStateful ? word(`${w}.tier`) : "none";
    const { history, question, answer } = lengthsOf(w, at);
    const prompt = history + question;
    const ready = tier === "none" ? some(`${at}.cache_hit`, 0) * prompt : history;
    const length = prompt + (answer / 2) * (1 + some(`${w}.answer_spread`, 0) ** 2);
    const how = stackOf(name, model.isSparse);
    const format = word(`${model.at}.compute_precision`);
    const isWider = format !== "fp4" && number(`${c}.fp4`) !== undefined;
    const shares =
      (model.isSparse ? some(`${c}.serving.sparse`, 0) : 1) * (isWider ? some(`${c}.serving.wider`, 1) : 1);
    const peak = peakOf(chip, format).flops;
    const attentionRate =
      some(`${c}.serving.prefill`, 0) * peakOf(chip, word(`${model.at}.kv_precision`)).flops;
    const products = 2 * (model.active + (how.imbalance - 1) * model.routed);
    const decodeEach =
      products / (some(`${c}.serving.compute`, 0) * shares * peak) + model.attention(length) / attentionRate;
    const promptEach =
      ((products * (prompt - ready)) / (some(`${c}.serving.prefill`, 0) * shares * peak) +
        model.promptAttention(ready, prompt) / attentionRate) /
      answer;
    const prompts = (prompt - ready) / answer;
    const bytes = some(`${c}.hbm_bandwidth`, 0) * some(`${c}.serving.bandwidth`, 0);
    const usable = some(`${c}.hbm`, 0) * (1 - some(`${c}.serving.reserve`, 0));
    const domain = some(`${c}.scale_up_domain`, 1);
    const link = some(`${c}.serving.link`, 0) * some(`${c}.scale_up_bandwidth`, 0);
    const network = some(`${c}.serving.link`, 0) * some(`${c}.network_bandwidth`, 0);
    const given =
      at === w
        ? (number(`${w}.replica`) ?? number(`${w}.measured.${chip}.replica`))
        : (number(`${at}.replica`) ?? number(`${w}.replica`));
    const shared = model.weights - model.experts;
    const fraction = how.isData ? model.experts / (usable - shared) : model.weights / usable;
    const fewest =
      how.isData && shared >= usable
        ? Number.POSITIVE_INFINITY
        : Math.max(1, Math.ceil(fraction * (1 - 1e-9)));
    const none = { replica: 0, batch: 0, limit: "fit", tokens: 0, held: 0, reload: 0 };
    if (given === undefined && fewest > domain) return none;
    if (given !== undefined && (given < fewest || (given > domain && !(network > 0)))) return none;
    const sizes: number[] = [];
    if (given !== undefined) sizes.push(given);
    else {
      for (let n = fewest; n < domain; n *= 2) sizes.push(n);
      sizes.push(domain);
    }
    const blend = (x: number, y: number, hides: number) => Math.max(x, y) + (1 - hides) * Math.min(x, y);
    const exchangeEach = (n: number) => {
      const peers = n > domain ? n / domain : n;
      const rate = n > domain ? network : link;
      if (!(rate > 0) || peers <= 1) return 0;
      const width = model.layers * model.hidden;
      if (how.isData)
        return (3 * how.imbalance * width * (peers - 1) * (1 - (1 - 1 / peers) ** model.used)) / n / rate;
      return (8 * width * (peers - 1)) / peers / (n > domain ? domain : 1) / rate;
    };
    let best = { ...none, tokens: -1, spare: 0, copies: 1 };
    for (const n of sizes) {
      const isData = how.isData && n > 1;
      const held = isData ? n * shared + model.experts : model.weights;
      const copies = isData ? 1 : Math.max(1, n / model.split);
      const latency = model.layers * (some(`${c}.serving.exchange`, 0) * Math.log2(n) + how.launch);
      const step = (b: number, withPrompts: boolean) => {
        const tokens = b * (how.checked + (withPrompts ? how.kept * prompts : 0));
        const compute = (b * (how.checked * decodeEach + (withPrompts ? how.kept * promptEach : 0))) / n;
        const memory =
          (held - model.experts * model.unused ** tokens + copies * b * model.cache(length)) / (n * bytes);
        const inside = blend(compute, memory, how.overlap);
        return {
          time: blend(inside, tokens * exchangeEach(n), how.exchangeOverlap) + latency,
          isCompute: compute >= memory,
        };
      };
      const slots = Math.min(how.most, (n * usable - held) / (copies * model.cache(length)));
      const room = how.occupancy * slots;
      const fast = largest((b) => step(b, !how.isPooled).time, how.kept / some(`${w}.speed`, 0));
      const batch = Math.min(slots, fast) >= 1 ? Math.min(room, fast) : 0;
      const whole = step(batch, !how.isPooled);
      const pure = step(batch, false);
      const ownDecode = (n * pure.time) / (how.kept * batch);
      const sending = link > 0 ? model.cache(prompt) / answer / link : 0;
      const ownPrefill = how.isPooled
        ? blend(promptEach, prompts * n * exchangeEach(n), how.exchangeOverlap) / how.promptUse + sending
        : (n * (whole.time - pure.time)) / (how.kept * batch);
      // Two pools of a stated ratio: both take as long as the slower.
      const paced = how.ratio === undefined ? ownDecode : Math.max(ownDecode, ownPrefill / how.ratio);
      const all = how.ratio === undefined ? ownPrefill + ownDecode : (1 + how.ratio) * paced;
      const tokens = batch > 0 ? 1 / all : 0;
      const ofDecode = room <= fast ? "memory" : whole.isCompute ? "compute" : "bandwidth";
      const bound = fast < 1 ? "latency" : slots >= 1 && paced > ownDecode ? "compute" : ofDecode;
      if (tokens > best.tokens)
        best = { ...none, replica: n, batch, limit: bound, tokens, spare: usable - held / n, copies };
    }
    if (best.batch === 0) return { ...none, replica: best.replica, limit: best.limit };
    const state = tier === "none" ? 0 : model.cache(prompt + answer);
    const turns = some(`${w}.turns`, 1);
    const held =
      tier === "hbm" ? (best.copies * state * some(`${w}.idle`, 0)) / best.spare / (turns * answer) : 0;
    const reload =
      tier === "host" || tier === "storage" ? state / some(`${w}.reload_bandwidth`, 1) / answer : 0;
    return { ...best, held, reload };
  }

  const months = input.monthCount;
  const result = new Map(
    sorted.map(({ name }) => [
      name,
      { required: [] as number[], unserved: [] as number[], bound: [] as string[] },
    ]),
  );
  const shortHere: DemandResult["parts"] = new Map(
    parts.map(({ key }) => [key, new Array(months).fill(undefined)]),
  );
  const backlog = new Map<string, number>();
  const phi = (name: string) =>
    word(`workloads.${name}.deferrable`) === "true" ? 1 : some(`workloads.${name}.peak_over_mean`, 1);
  const order = new Map(sorted.map((work, index) => [work.name, partsInOrder(work, index)]));

  function partsInOrder(work: DemandWork, index: number): DemandPart[] {
    const ratio = (part: DemandPart) => {
      const later = sorted.slice(index + 1).map(({ name }) => {
        const rate = pairs.get(`${name}/${part.key}`)?.rate ?? 0;
        return (some(`workloads.${name}.value`, 0) * rate) / phi(name);
      });
      const most = Math.max(0, ...later);
      const rate = pairs.get(`${work.name}/${part.key}`)?.rate ?? 0;
      return most > 0 ? rate / most : Number.POSITIVE_INFINITY;
    };
    let left = parts
      .filter((part) => (pairs.get(`${work.name}/${part.key}`)?.rate ?? 0) > 0)
      .map((part) => ({ part, ratio: ratio(part) }));
    const ordered: DemandPart[] = [];
    while (left.length > 0) {
      const largest = Math.max(...left.map((each) => each.ratio));
      const next = left.find((each) => each.ratio >= largest * (1 - 1e-9)) as (typeof left)[number];
      ordered.push(next.part);
      left = left.filter((each) => each !== next);
    }
    return ordered;
  }

  for (let t = 0; t < months; t++) {
    const hours = hoursOf(input.startMonth + t);
    const free = new Map(parts.map((part) => [part.key, part.productive[t] ?? 0]));
    const trough = new Map(parts.map((part) => [part.key, 0]));
    for (const [rank, { name }] of sorted.entries()) {
      const w = `workloads.${name}`;
      const isDeferrable = word(`${w}.deferrable`) === "true";
      const minimum = some(`${w}.min_chips`, 0) * (1 - 1e-9);
      const required = requiredOf(name, t, hours);
      const wanted = required + (backlog.get(name) ?? 0);
      let ask = wanted;
      for (const part of order.get(name) ?? []) {
        const pair = pairs.get(`${name}/${part.key}`) as DemandPair;
        const spare = isDeferrable ? (trough.get(part.key) ?? 0) : 0;
        const chips = (free.get(part.key) ?? 0) + spare;
        if (chips < minimum || chips <= 0 || ask <= 0) continue;
        const each = (pair.rate * hours) / phi(name);
        const isEnough = ask / each <= chips * (1 + 1e-9);
        const used = Math.min(chips, ask / each);
        const served = isEnough ? ask : used * each;
        const idle = Math.min(used, spare);
        pair.held[t] = used - idle;
        pair.units[t] = served;
        free.set(part.key, remainder(free.get(part.key) ?? 0, used - idle));
        trough.set(
          part.key,
          isDeferrable ? remainder(spare, idle) : (trough.get(part.key) ?? 0) + used * (1 - 1 / phi(name)),
        );
        ask = isEnough ? 0 : ask - served;
      }
      const isTraining = word(`${w}.kind`) === "training";
      const isLost = !isTraining || input.startMonth + t === number(`${w}.to`);
      backlog.set(name, isLost ? 0 : ask);
      const row = result.get(name);
      row?.required.push(required);
      row?.unserved.push(isLost ? ask : 0);
      row?.bound.push(ask > 1e-9 * wanted ? boundOf(name, minimum, t) : "none");
      if (!(ask > 1e-9 * wanted)) continue;
      for (const { key, productive } of order.get(name) ?? []) {
        const row = shortHere.get(key);
        const chips = productive[t] ?? 0;
        if (!row || row[t] || chips <= 0) continue;
        row[t] = { rank, word: chips < minimum ? "contiguous" : (pairs.get(`${name}/${key}`)?.limit ?? "") };
      }
    }
  }
  return { pairs, works: result, parts: shortHere };

  function boundOf(name: string, minimum: number, t: number): string {
    const own = order.get(name) ?? [];
    if (own.length === 0) {
      const limits = parts.map((part) => pairs.get(`${name}/${part.key}`)?.limit);
      return limits.includes("latency") ? "latency" : "fit";
    }
    const standing = own.filter((part) => (part.productive[t] ?? 0) > 0);
    if (standing.length === 0) return "chips";
    const able = standing.find((part) => (part.productive[t] ?? 0) >= minimum);
    return able ? (pairs.get(`${name}/${able.key}`)?.limit ?? "none") : "contiguous";
  }

  function requiredOf(name: string, t: number, hours: number): number {
    const w = `workloads.${name}`;
    const month = input.startMonth + t;
    if (word(`${w}.kind`) === "training") {
      const [from, to] = [some(`${w}.from`, 0), some(`${w}.to`, 0)];
      if (month < from || month > to) return 0;
      let window = 0;
      for (let each = from; each <= to; each++) window += hoursOf(each);
      const flop = number(`${w}.flop`) ?? 6 * modelOf(name).active * some(`${w}.training_tokens`, 0);
      return (flop * hours) / window;
    }
    const growth = (1 + some(`${w}.growth`, 0)) ** (t / 12);
    const { question, answer } = lengthsOf(w, w);
    if (word(`${w}.kind`) === "stateful")
      return some(`${w}.sessions`, 0, month) * growth * 3600 * hours * some(`${w}.turns`, 1) * answer;
    const tokens = number(`${w}.tokens`, month);
    const requests = tokens === undefined ? some(`${w}.requests`, 0, month) : tokens / (question + answer);
    return requests * growth * 3600 * hours * answer;
  }
}

/** The rate at a speed on straight lines between points; undefined without a curve. */
function lineThrough(points: readonly (readonly [number, number])[] | undefined, speed: number) {
  const at = points?.findIndex(([x]) => x >= speed) ?? -1;
  const [[x, y], [from, high]] = [points?.[at] ?? [0, 0], points?.[at - 1] ?? points?.[at] ?? [0, 0]];
  if (points === undefined) return undefined;
  return x === from ? y : high + ((y - high) * (speed - from)) / (x - from);
}

/** What is left of an amount; rounding leaves nothing. */
function remainder(amount: number, taken: number): number {
  return taken < amount * (1 - 1e-9) ? amount - taken : 0;
}

/** The largest b with f(b) <= limit, f rising; 0 where even b = 1 is too much. */
function largest(f: (b: number) => number, limit: number): number {
  if (f(1) > limit) return 0;
  let [low, high] = [1, 2];
  while (f(high) <= limit) [low, high] = [high, high * 2];
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (f(middle) <= limit) low = middle;
    else high = middle;
  }
  return low;
}

function hoursOf(month: number): number {
  const year = Math.floor(month / 12);
  return (Date.UTC(year, (month % 12) + 1, 1) - Date.UTC(year, month % 12, 1)) / 3_600_000;
}
