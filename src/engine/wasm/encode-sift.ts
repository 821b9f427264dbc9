import { STRIP, TILE } from "../statistics/figures.ts";
import { SIFT, SIFT_GROUP, SIFTED, SIFTED_RANKS, Sift, Sifted, type TilePlaces } from "../statistics/sift.ts";
import { Code } from "./code.ts";
import { advance } from "./elementwise.ts";
import { LANE_BYTES, Type, type ValueType, VECTOR_BYTES, Vector, Wasm } from "./instructions.ts";
import type { WasmFunction } from "./module.ts";

/** Bytes of a row in one strip. */
const ROW_BYTES = STRIP * LANE_BYTES;

/** Locals of a function by name, in the order in which they are asked for. */
class Locals {
  readonly types: ValueType[] = [];
  constructor(private readonly parameters: number) {}
  make(type: ValueType): number {
    return this.parameters + this.types.push(type) - 1;
  }
  vectors(count: number): number[] {
    return Array.from({ length: count }, () => this.make(Type.vector));
  }
  integers(count: number): number[] {
    return Array.from({ length: count }, () => this.make(Type.int32));
  }
}

const ranks = Array.from({ length: SIFTED_RANKS }, (_, rank) => rank);

/**
 * Encodes `sift` of `statistics/sift.ts` for two trials at once.
 *
 * A row is gone through twice, so that what each pass keeps fits the registers of a processor: for moments, and for ranks. The second
 * puts what is near any rank into one list, always in the same steps, since the processor could not foresee what is near; from that list,
 * which is short, each rank takes its own.
 */
export function encodeSift(places: TilePlaces): WasmFunction {
  const [figures, trials] = [0, 1];
  const locals = new Locals(2);
  const [sift, sifted, lastSifted, row, first, left, oddAt, isRepaired] = locals.integers(8);
  const near = locals.integers(SIFTED_RANKS);
  const nearStart = locals.integers(SIFTED_RANKS);
  const [listed, bits] = locals.integers(2);
  const existing = locals.make(Type.double);
  const [x, base, sum, squares, least, largest, deviation, exists, mask, equal] = locals.vectors(10);
  const low = locals.vectors(SIFTED_RANKS);
  const high = locals.vectors(SIFTED_RANKS);
  const below = locals.vectors(SIFTED_RANKS);
  const inside = locals.vectors(SIFTED_RANKS);
  const innerHigh = locals.vectors(SIFTED_RANKS);
  const code = new Code();
  const bytes = (place: number): number => place * LANE_BYTES;
  const field = (place: number, offset: number) =>
    code.get(sift).vectorAccess(Vector.loadSplat, bytes(offset + place));
  const clear = (...cleared: number[]): void => {
    for (const local of cleared) code.constantVector(0).set(local);
  };

  /** The pair of trials at `row` and an offset, in `x`. */
  const loadPair = (offset: number): void => {
    code.get(row).vectorAccess(Vector.load, offset).set(x);
  };
  /** The row's pairs of trials, strip by strip, and the odd trial behind them, if there is one, with a mask. */
  const overRow = (body: (isOdd: boolean, offset: number) => void): void => {
    code.get(first).set(row).get(trials).constant32(STRIP).op(Wasm.divide32).tee(left);
    code.open(Wasm.if, Type.none).open(Wasm.loop, Type.none);
    for (let offset = 0; offset < ROW_BYTES; offset += VECTOR_BYTES) {
      loadPair(offset);
      body(false, offset);
    }
    advance(code, row, bytes(places.strip));
    code.get(left).constant32(1).op(Wasm.subtract32).tee(left).branch(Wasm.branchIf, 0);
    code.op(Wasm.end).op(Wasm.end);
    // Whole pairs of the last strip.
    code
      .get(trials)
      .constant32(STRIP - 1)
      .op(Wasm.and32)
      .constant32(2)
      .op(Wasm.divide32)
      .tee(left);
    code.open(Wasm.if, Type.none).open(Wasm.loop, Type.none);
    loadPair(0);
    body(false, 0);
    advance(code, row, VECTOR_BYTES);
    code.get(left).constant32(1).op(Wasm.subtract32).tee(left).branch(Wasm.branchIf, 0);
    code.op(Wasm.end).op(Wasm.end);
    code.get(oddAt).open(Wasm.if, Type.none);
    code.get(first).get(oddAt).op(Wasm.add32).constant32(VECTOR_BYTES).op(Wasm.subtract32).set(row);
    loadPair(0);
    body(true, 0);
    code.op(Wasm.end);
  };
  const masked = (isOdd: boolean): void => {
    if (isOdd) code.get(mask).vector(Vector.and);
  };
  /** Writes each lane of `x` to where the list's next value is to stand; it stays there if it is in the mask on the stack. */
  const append = (list: number): void => {
    code.vector(Vector.bitmask64).set(bits);
    for (const lane of [0, 1]) {
      code.get(list).get(x).laneAccess(Vector.storeLane, 0, lane);
      code
        .get(list)
        .get(bits)
        .constant32(1 << lane)
        .op(Wasm.and32);
      code
        .constant32(3 - lane)
        .op(Wasm.shiftLeft32)
        .op(Wasm.add32)
        .set(list);
    }
  };

  code.constant32(bytes(places.sifts)).set(sift);
  code.constant32(bytes(places.sifted)).tee(sifted);
  code.get(figures).constant32(bytes(SIFTED)).op(Wasm.multiply32).op(Wasm.add32).set(lastSifted);
  // Where in a row the odd trial stands, and a vector further, so that 0 says that there is none.
  code.get(trials).constant32(1).op(Wasm.and32).open(Wasm.if, Type.none);
  code.get(trials).constant32(STRIP).op(Wasm.divide32).constant32(bytes(places.strip)).op(Wasm.multiply32);
  code
    .get(trials)
    .constant32(STRIP - 2)
    .op(Wasm.and32)
    .constant32(LANE_BYTES)
    .op(Wasm.multiply32);
  code.op(Wasm.add32).constant32(VECTOR_BYTES).op(Wasm.add32).set(oddAt).op(Wasm.end);
  for (const rank of ranks) code.constant32(bytes(places.near + rank * SIFT_GROUP * TILE)).set(near[rank]);
  // The first lane's bits.
  code
    .constantVector(0)
    .op(Wasm.constantDouble)
    .append(new Uint8Array(8).fill(0xff))
    .lane(Vector.replaceLane, 0)
    .set(mask);
  code.open(Wasm.loop, Type.none);
  code.get(sift).doubleAccess(Wasm.loadDouble, bytes(Sift.row)).truncate();
  code.constant32(ROW_BYTES).op(Wasm.multiply32).constant32(bytes(places.rows)).op(Wasm.add32).set(first);
  field(0, Sift.base).set(base);
  for (const rank of ranks) {
    field(2 * rank, Sift.ends).set(low[rank]);
    field(2 * rank + 1, Sift.ends).set(high[rank]);
    code.get(near[rank]).set(nearStart[rank]);
  }
  // An interval of one value has nothing inside; how many have it is counted behind.
  for (const rank of ranks) {
    code.constantVector(Number.NEGATIVE_INFINITY).get(high[rank]);
    code.get(low[rank]).get(high[rank]).vector(Vector.equal).vector(Vector.choose).set(innerHigh[rank]);
  }
  /** Begins with no moments. */
  const clearMoments = (): void => {
    clear(sum, squares);
    code.constantVector(Number.POSITIVE_INFINITY).set(least);
    code.constantVector(Number.NEGATIVE_INFINITY).set(largest);
  };
  /** Adds the deviations of a pair, of the trials in the mask where there is one. */
  const addMoments = (counted?: number): void => {
    code.get(x).get(base).vector(Vector.subtract);
    if (counted !== undefined) code.get(counted).vector(Vector.and);
    code.set(deviation).get(sum).get(deviation).vector(Vector.add).set(sum);
    code.get(squares).get(deviation).get(deviation).vector(Vector.multiply).vector(Vector.add).set(squares);
    const extreme = (local: number, instruction: number): void => {
      code.get(local).get(x).vector(instruction);
      if (counted !== undefined) code.get(local).get(counted).vector(Vector.choose);
      code.set(local);
    };
    extreme(least, Vector.pseudoMin);
    extreme(largest, Vector.pseudoMax);
  };
  code.open(Wasm.loop, Type.none);
  clearMoments();
  overRow((isOdd) => addMoments(isOdd ? mask : undefined));
  // Only where the sum is none can a value be none: what does not exist becomes infinite, and moments are taken again.
  code.get(sum).get(sum).vector(Vector.notEqual).vector(Vector.anyTrue).open(Wasm.if, Type.none);
  code.constant32(0).set(isRepaired);
  overRow((_, offset) => {
    code.get(x).get(x).vector(Vector.notEqual).tee(exists).vector(Vector.anyTrue).open(Wasm.if, Type.none);
    code.get(row).constantVector(Number.POSITIVE_INFINITY).get(x).get(exists).vector(Vector.choose);
    code.vectorAccess(Vector.store, offset).constant32(1).set(isRepaired).op(Wasm.end);
  });
  code.get(isRepaired).branch(Wasm.branchIf, 1).op(Wasm.end).op(Wasm.end);

  clear(...below);
  // The list stands where the last rank's values go, which are taken out of it last.
  code.get(near[SIFTED_RANKS - 1]).set(listed);
  overRow((isOdd) => {
    for (const rank of ranks) {
      code.get(x).get(low[rank]).vector(Vector.less);
      masked(isOdd);
      code.set(inside[rank]);
      code.get(below[rank]).get(inside[rank]).vector(Vector.subtract64).set(below[rank]);
      code.get(x).get(innerHigh[rank]).vector(Vector.lessEqual).get(inside[rank]).vector(Vector.andNot);
      masked(isOdd);
      code.set(inside[rank]);
    }
    code.get(inside[0]).get(inside[1]).vector(Vector.or).get(inside[2]).vector(Vector.or);
    append(listed);
  });
  code
    .get(listed)
    .get(near[SIFTED_RANKS - 1])
    .op(Wasm.notEqual32)
    .open(Wasm.if, Type.none);
  // The list's last pair may be half a pair, of which the other half is near no rank.
  code
    .get(listed)
    .op(Wasm.constantDouble)
    .append(new Uint8Array(Float64Array.of(Number.NaN).buffer));
  code.doubleAccess(Wasm.storeDouble, 0);
  for (const rank of ranks) {
    code
      .get(nearStart[SIFTED_RANKS - 1])
      .set(row)
      .open(Wasm.loop, Type.none);
    loadPair(0);
    code.get(x).get(low[rank]).vector(Vector.greaterEqual);
    code.get(x).get(innerHigh[rank]).vector(Vector.lessEqual).vector(Vector.and);
    append(near[rank]);
    advance(code, row, VECTOR_BYTES);
    code.get(row).get(listed).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  }
  code.op(Wasm.end);
  code.get(trials).op(Wasm.convertInt32).set(existing);

  // Where the figure does not exist in some trial, moments are taken again without these.
  code
    .get(largest)
    .constantVector(Number.POSITIVE_INFINITY)
    .vector(Vector.equal)
    .vector(Vector.anyTrue)
    .open(Wasm.if, Type.none);
  clear(equal);
  clearMoments();
  overRow((isOdd) => {
    code.get(x).constantVector(Number.POSITIVE_INFINITY).vector(Vector.less);
    masked(isOdd);
    code.set(exists);
    addMoments(exists);
    code.get(equal).get(exists).vector(Vector.subtract64).set(equal);
  });
  countLanes(code, equal);
  code.set(existing).op(Wasm.end);

  for (const [local, place] of [
    [sum, Sifted.sum],
    [squares, Sifted.squares],
  ]) {
    code.get(sifted).get(local).lane(Vector.extractLane, 0).get(local).lane(Vector.extractLane, 1);
    code.op(Wasm.addDouble).doubleAccess(Wasm.storeDouble, bytes(place));
  }
  for (const [local, place, instruction] of [
    [least, Sifted.least, Vector.pseudoMin],
    [largest, Sifted.largest, Vector.pseudoMax],
  ]) {
    code.get(sifted).get(local).get(local).lane(Vector.extractLane, 1).vector(Vector.splat);
    code.vector(instruction).lane(Vector.extractLane, 0).doubleAccess(Wasm.storeDouble, bytes(place));
  }
  code.get(sifted).get(existing).doubleAccess(Wasm.storeDouble, bytes(Sifted.existing));
  for (const rank of ranks) {
    code.get(sifted);
    countLanes(code, below[rank]);
    code.doubleAccess(Wasm.storeDouble, bytes(Sifted.below + rank));
    code.get(low[rank]).get(high[rank]).vector(Vector.equal).vector(Vector.anyTrue).open(Wasm.if, Type.none);
    clear(equal);
    overRow((isOdd) => {
      code.get(equal).get(x).get(low[rank]).vector(Vector.equal);
      masked(isOdd);
      code.vector(Vector.subtract64).set(equal);
    });
    code.get(sifted).op(Wasm.constantDouble).append(new Uint8Array(LANE_BYTES));
    countLanes(code, equal);
    code
      .op(Wasm.subtractDouble)
      .doubleAccess(Wasm.storeDouble, bytes(Sifted.near + rank))
      .op(Wasm.else);
    code
      .get(sifted)
      .get(near[rank])
      .get(nearStart[rank])
      .op(Wasm.subtract32)
      .constant32(LANE_BYTES)
      .op(Wasm.divide32);
    code
      .op(Wasm.convertInt32)
      .doubleAccess(Wasm.storeDouble, bytes(Sifted.near + rank))
      .op(Wasm.end);
  }
  advance(code, sift, bytes(SIFT));
  advance(code, sifted, bytes(SIFTED));
  code.get(sifted).get(lastSifted).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  return { name: "sift", parameters: [Type.int32, Type.int32], locals: locals.types, code };
}

/** The sum of both lanes' counts as a double. */
function countLanes(code: Code, local: number): void {
  code.get(local).lane(Vector.extractLane64, 0).op(Wasm.wrap64);
  code.get(local).lane(Vector.extractLane64, 1).op(Wasm.wrap64).op(Wasm.add32).op(Wasm.convertInt32);
}
