import { STRIP } from "../statistics/figures.ts";
import { SIFT, SIFTED, SIFTED_RANKS, Sift, Sifted, type TilePlaces } from "../statistics/sift.ts";
import { Code } from "./code.ts";
import { advance } from "./elementwise.ts";
import { append } from "./encode-values.ts";
import { LANE_BYTES, Type, type ValueType, VECTOR_BYTES, Vector, Wasm } from "./instructions.ts";
import type { WasmFunction } from "./module.ts";

/** Bytes of a row in one strip. */
const ROW_BYTES = STRIP * LANE_BYTES;

const PARAMETERS = [Type.int32, Type.int32, Type.int32, Type.double];

/** Locals of a function by name, in the order in which they are asked for. */
class Locals {
  readonly types: ValueType[] = [];
  make(type: ValueType): number {
    return PARAMETERS.length + this.types.push(type) - 1;
  }
  vectors(count: number): number[] {
    return Array.from({ length: count }, () => this.make(Type.vector));
  }
  integers(count: number): number[] {
    return Array.from({ length: count }, () => this.make(Type.int32));
  }
}

const ranks = Array.from({ length: SIFTED_RANKS }, (_, rank) => rank);

const bytes = (place: number): number => place * LANE_BYTES;

/**
 * Encodes `sift` of `statistics/sift.ts` for two trials at once.
 *
 * A row is gone through twice, for moments and for ranks, so that what each pass keeps fits the registers of a processor. The second
 * lists what is near any rank, always in the same steps, since the processor could not foresee what is near; from that list, which is
 * short, each rank takes its own.
 */
export function encodeSift(places: TilePlaces): WasmFunction {
  const writer = new SiftWriter(places);
  writer.write();
  return {
    name: "sift",
    parameters: PARAMETERS,
    results: [Type.int32],
    locals: writer.locals.types,
    code: writer.code,
  };
}

class SiftWriter {
  readonly code = new Code();
  readonly locals = new Locals();
  readonly #places: TilePlaces;
  readonly #parameters = { firstEntry: 0, endEntry: 1, trials: 2, nearStart: 3 } as const;
  /** Addresses of the numbers that say what to sift of the entry, and of those that come of it. */
  readonly #sift = this.locals.make(Type.int32);
  readonly #sifted = this.locals.make(Type.int32);
  readonly #lastSifted = this.locals.make(Type.int32);
  /** Where the row begins, and the address at hand; where its odd trial stands, and a vector further, so that 0 says there is none. */
  readonly #first = this.locals.make(Type.int32);
  readonly #row = this.locals.make(Type.int32);
  readonly #oddAt = this.locals.make(Type.int32);
  readonly #left = this.locals.make(Type.int32);
  /** Ends of the list of values near any rank, and of those of each rank. */
  readonly #listed = this.locals.make(Type.int32);
  readonly #near = this.locals.make(Type.int32);
  readonly #rankNear = this.locals.make(Type.int32);
  readonly #bits = this.locals.make(Type.int32);
  readonly #x = this.locals.make(Type.vector);
  /** The first lane's bits. */
  readonly #firstLane = this.locals.make(Type.vector);
  readonly #counted = this.locals.make(Type.vector);
  readonly #deviation = this.locals.make(Type.vector);
  readonly #count = this.locals.make(Type.vector);
  readonly #base = this.locals.make(Type.vector);
  readonly #moments = this.locals.vectors(4);
  readonly #low = this.locals.vectors(SIFTED_RANKS);
  readonly #high = this.locals.vectors(SIFTED_RANKS);
  /** The upper end; minus infinity where the interval is a single value, whose trials are counted by themselves. */
  readonly #innerHigh = this.locals.vectors(SIFTED_RANKS);
  readonly #below = this.locals.vectors(SIFTED_RANKS);

  constructor(places: TilePlaces) {
    this.#places = places;
  }

  write(): void {
    const { code } = this;
    const { firstEntry, endEntry } = this.#parameters;
    const places = this.#places;
    this.#pushAddress(firstEntry, places.sifts, SIFT).set(this.#sift);
    this.#pushAddress(firstEntry, places.sifted, SIFTED).set(this.#sifted);
    this.#pushAddress(endEntry, places.sifted, SIFTED).set(this.#lastSifted);
    this.#findOddTrial();
    code.constant32(bytes(places.near)).set(this.#near);
    code.open(Wasm.loop, Type.none);
    code.get(this.#sift).doubleAccess(Wasm.loadDouble, bytes(Sift.row)).truncate().tee(this.#first);
    code.constant32(0).op(Wasm.lessSigned32).open(Wasm.if, Type.none);
    this.#store(Sifted.existing, () => code.constantDouble(-1));
    code.op(Wasm.else);
    this.#siftRow();
    code.op(Wasm.end);
    advance(code, this.#sift, bytes(SIFT));
    advance(code, this.#sifted, bytes(SIFTED));
    code.get(this.#sifted).get(this.#lastSifted).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
    this.#pushNumbersBetween(() => code.constant32(bytes(places.near)), this.#near);
  }

  #pushAddress(entry: number, place: number, length: number): Code {
    const { code } = this;
    code.get(entry).constant32(bytes(length)).op(Wasm.multiply32);
    return code.constant32(bytes(place)).op(Wasm.add32);
  }

  #findOddTrial(): void {
    const { code } = this;
    const { trials } = this.#parameters;
    code.get(trials).constant32(1).op(Wasm.and32).open(Wasm.if, Type.none);
    code.get(trials).constant32(STRIP).op(Wasm.divide32);
    code.constant32(bytes(this.#places.strip)).op(Wasm.multiply32);
    const pair = STRIP - 2;
    code.get(trials).constant32(pair).op(Wasm.and32).constant32(LANE_BYTES).op(Wasm.multiply32);
    code.op(Wasm.add32).constant32(VECTOR_BYTES).op(Wasm.add32).set(this.#oddAt).op(Wasm.end);
    code.constantVector(0).op(Wasm.constantDouble).append(new Uint8Array(LANE_BYTES).fill(0xff));
    code.lane(Vector.replaceLane, 0).set(this.#firstLane);
  }

  #siftRow(): void {
    const { code } = this;
    code.get(this.#first).constant32(ROW_BYTES).op(Wasm.multiply32);
    code.constant32(bytes(this.#places.rows)).op(Wasm.add32).set(this.#first);
    this.#loadEntry();
    this.#takeMoments();
    this.#list();
    for (const rank of ranks) this.#takeRank(rank);
  }

  #loadEntry(): void {
    const { code } = this;
    const load = (place: number, local: number) =>
      code.get(this.#sift).vectorAccess(Vector.loadSplat, bytes(place)).set(local);
    load(Sift.base, this.#base);
    for (const rank of ranks) {
      const [low, high] = [this.#low[rank], this.#high[rank]];
      load(Sift.ends + 2 * rank, low);
      load(Sift.ends + 2 * rank + 1, high);
      code.constantVector(Number.NEGATIVE_INFINITY).get(high);
      code.get(low).get(high).vector(Vector.equal).vector(Vector.choose).set(this.#innerHigh[rank]);
    }
  }

  #store(place: number, push: () => void): void {
    this.code.get(this.#sifted);
    push();
    this.code.doubleAccess(Wasm.storeDouble, bytes(place));
  }

  /** The pair of trials at an offset from `row`, in `x`. */
  #loadPair(offset = 0): void {
    this.code.get(this.#row).vectorAccess(Vector.load, offset).set(this.#x);
  }

  /** The body for each pair of the row's trials, strip by strip, and for the odd trial behind them, if there is one. */
  #overRow(body: (isOdd: boolean, offset: number) => void): void {
    const { code } = this;
    const { trials } = this.#parameters;
    const count = (step: () => void): void => {
      code.tee(this.#left).open(Wasm.if, Type.none).open(Wasm.loop, Type.none);
      step();
      code.get(this.#left).constant32(1).op(Wasm.subtract32).tee(this.#left);
      code.branch(Wasm.branchIf, 0).op(Wasm.end).op(Wasm.end);
    };
    code.get(this.#first).set(this.#row).get(trials).constant32(STRIP).op(Wasm.divide32);
    count(() => {
      for (let offset = 0; offset < ROW_BYTES; offset += VECTOR_BYTES) {
        this.#loadPair(offset);
        body(false, offset);
      }
      advance(code, this.#row, bytes(this.#places.strip));
    });
    // Whole pairs of the last strip.
    code
      .get(trials)
      .constant32(STRIP - 1)
      .op(Wasm.and32)
      .constant32(2)
      .op(Wasm.divide32);
    count(() => {
      this.#loadPair();
      body(false, 0);
      advance(code, this.#row, VECTOR_BYTES);
    });
    code.get(this.#oddAt).open(Wasm.if, Type.none);
    code.get(this.#first).get(this.#oddAt).op(Wasm.add32);
    code.constant32(VECTOR_BYTES).op(Wasm.subtract32).set(this.#row);
    this.#loadPair();
    body(true, 0);
    code.op(Wasm.end);
  }

  /** Leaves of the mask on the stack what the row's trials have of it. */
  #ofTrials(isOdd: boolean): void {
    if (isOdd) this.code.get(this.#firstLane).vector(Vector.and);
  }

  #takeMoments(): void {
    const { code } = this;
    const [sum, squares, least, largest] = this.#moments;
    code.open(Wasm.loop, Type.none);
    this.#clearMoments();
    this.#overRow((isOdd) => this.#addMoments(isOdd ? this.#firstLane : undefined));
    // Only where the sum is no number can a value be none: it does not exist, and moments are taken again.
    code.get(sum).get(sum).vector(Vector.notEqual).vector(Vector.anyTrue).open(Wasm.if, Type.none);
    const isMended = this.locals.make(Type.int32);
    code.constant32(0).set(isMended);
    this.#overRow((_, offset) => {
      code.get(this.#x).get(this.#x).vector(Vector.notEqual).tee(this.#counted);
      code.vector(Vector.anyTrue).open(Wasm.if, Type.none);
      code.get(this.#row).constantVector(Number.POSITIVE_INFINITY).get(this.#x).get(this.#counted);
      code.vector(Vector.choose).vectorAccess(Vector.store, offset).constant32(1).set(isMended).op(Wasm.end);
    });
    code.get(isMended).branch(Wasm.branchIf, 1).op(Wasm.end).op(Wasm.end);
    const existing = this.locals.make(Type.double);
    code.get(this.#parameters.trials).op(Wasm.convertInt32).set(existing);
    this.#leaveOutInfinite(existing);
    for (const [place, local] of [
      [Sifted.sum, sum],
      [Sifted.squares, squares],
    ]) {
      this.#store(place, () => {
        code.get(local).lane(Vector.extractLane, 0).get(local).lane(Vector.extractLane, 1);
        code.op(Wasm.addDouble);
      });
    }
    for (const [place, local, instruction] of [
      [Sifted.least, least, Vector.pseudoMin],
      [Sifted.largest, largest, Vector.pseudoMax],
    ]) {
      this.#store(place, () => {
        code.get(local).get(local).lane(Vector.extractLane, 1).vector(Vector.splat);
        code.vector(instruction).lane(Vector.extractLane, 0);
      });
    }
    this.#store(Sifted.existing, () => code.get(existing));
  }

  #clearMoments(): void {
    const starts = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const [index, start] of starts.entries()) this.code.constantVector(start).set(this.#moments[index]);
  }

  /** Adds the deviations of a pair, of the trials in the mask where there is one. */
  #addMoments(counted?: number): void {
    const { code } = this;
    const [sum, squares, least, largest] = this.#moments;
    const deviation = this.#deviation;
    code.get(this.#x).get(this.#base).vector(Vector.subtract);
    if (counted !== undefined) code.get(counted).vector(Vector.and);
    code.set(deviation).get(sum).get(deviation).vector(Vector.add).set(sum);
    code.get(squares).get(deviation).get(deviation).vector(Vector.multiply).vector(Vector.add).set(squares);
    for (const [local, instruction] of [
      [least, Vector.pseudoMin],
      [largest, Vector.pseudoMax],
    ]) {
      code.get(local).get(this.#x).vector(instruction);
      if (counted !== undefined) code.get(local).get(counted).vector(Vector.choose);
      code.set(local);
    }
  }

  /** Where the figure does not exist in some trial, takes moments again without these, and counts the others. */
  #leaveOutInfinite(existing: number): void {
    const { code } = this;
    const largest = this.#moments[3];
    code.get(largest).constantVector(Number.POSITIVE_INFINITY).vector(Vector.equal).vector(Vector.anyTrue);
    code.open(Wasm.if, Type.none).constantVector(0).set(this.#count);
    this.#clearMoments();
    this.#overRow((isOdd) => {
      code.get(this.#x).constantVector(Number.POSITIVE_INFINITY).vector(Vector.less);
      this.#ofTrials(isOdd);
      code.set(this.#counted);
      this.#addMoments(this.#counted);
      code.get(this.#count).get(this.#counted).vector(Vector.subtract64).set(this.#count);
    });
    this.#pushCount(this.#count);
    code.set(existing).op(Wasm.end);
  }

  /** Lists the values near any rank, and counts for each rank those below. */
  #list(): void {
    const { code } = this;
    const inside = this.#counted;
    const isBelow = this.#deviation;
    for (const below of this.#below) code.constantVector(0).set(below);
    code.constant32(bytes(this.#places.listed)).set(this.#listed);
    this.#overRow((isOdd) => {
      for (const rank of ranks) {
        const below = this.#below[rank];
        code.get(this.#x).get(this.#low[rank]).vector(Vector.less);
        this.#ofTrials(isOdd);
        code.set(isBelow).get(below).get(isBelow).vector(Vector.subtract64).set(below);
        code.get(this.#x).get(this.#innerHigh[rank]).vector(Vector.lessEqual);
        this.#ofTrials(isOdd);
        code.get(isBelow).vector(Vector.andNot);
        if (rank > 0) code.get(inside).vector(Vector.or);
        code.set(inside);
      }
      code.get(inside);
      append(code, this.#listed, this.#x, this.#bits);
    });
    // The list may end with a single number; the other number of its pair is then NaN, which is near no rank.
    code.get(this.#listed).constantDouble(Number.NaN).doubleAccess(Wasm.storeDouble, 0);
  }

  /** Takes the values near one rank out of the list, or counts those that are the only value of its interval. */
  #takeRank(rank: number): void {
    const { code } = this;
    const [low, high] = [this.#low[rank], this.#high[rank]];
    const listStart = bytes(this.#places.listed);
    code.get(this.#near).set(this.#rankNear);
    code.get(this.#listed).constant32(listStart).op(Wasm.notEqual32).open(Wasm.if, Type.none);
    code.constant32(listStart).set(this.#row).open(Wasm.loop, Type.none);
    this.#loadPair();
    code.get(this.#x).get(low).vector(Vector.greaterEqual);
    code.get(this.#x).get(this.#innerHigh[rank]).vector(Vector.lessEqual).vector(Vector.and);
    append(code, this.#near, this.#x, this.#bits);
    advance(code, this.#row, VECTOR_BYTES);
    code.get(this.#row).get(this.#listed).op(Wasm.less32).branch(Wasm.branchIf, 0);
    code.op(Wasm.end).op(Wasm.end);
    this.#store(Sifted.below + rank, () => this.#pushCount(this.#below[rank]));
    this.#store(Sifted.starts + rank, () => {
      code.get(this.#parameters.nearStart);
      this.#pushNumbersBetween(() => code.constant32(bytes(this.#places.near)), this.#rankNear);
      code.op(Wasm.convertInt32).op(Wasm.addDouble);
    });
    code.get(low).get(high).vector(Vector.equal).vector(Vector.anyTrue).open(Wasm.if, Type.none);
    code.constantVector(0).set(this.#count);
    this.#overRow((isOdd) => {
      code.get(this.#count).get(this.#x).get(low).vector(Vector.equal);
      this.#ofTrials(isOdd);
      code.vector(Vector.subtract64).set(this.#count);
    });
    this.#store(Sifted.near + rank, () => {
      code.constantDouble(0);
      this.#pushCount(this.#count);
      code.op(Wasm.subtractDouble);
    });
    code.op(Wasm.else);
    this.#store(Sifted.near + rank, () => {
      this.#pushNumbersBetween(() => code.get(this.#rankNear), this.#near);
      code.op(Wasm.convertInt32);
    });
    code.op(Wasm.end);
  }

  /** Numbers from an address to the one in a local. */
  #pushNumbersBetween(pushFrom: () => void, to: number): void {
    const { code } = this;
    code.get(to);
    pushFrom();
    code.op(Wasm.subtract32).constant32(LANE_BYTES).op(Wasm.divide32);
  }

  /** The sum of both lanes' counts as a double. */
  #pushCount(local: number): void {
    const { code } = this;
    code.get(local).lane(Vector.extractLane64, 0).op(Wasm.wrap64);
    code.get(local).lane(Vector.extractLane64, 1).op(Wasm.wrap64).op(Wasm.add32).op(Wasm.convertInt32);
  }
}
