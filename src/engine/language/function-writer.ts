import { Code } from "../wasm/code.ts";
import { Type, type ValueType, Vector, Wasm } from "../wasm/instructions.ts";

/** Code of a function under construction, and its locals. */
export class FunctionWriter {
  readonly code = new Code();
  /** Type of each local, in order. */
  readonly locals: ValueType[] = [];
  readonly #free = new Map<ValueType, number[]>();
  #taken: { readonly type: ValueType; readonly local: number }[] = [];

  /** A local, of those that are free where there is one. */
  local(type: ValueType): number {
    const local = this.#free.get(type)?.pop() ?? this.locals.push(type) - 1;
    this.#taken.push({ type, local });
    return local;
  }

  /** What is on the stack, in a local. */
  keep(type: ValueType): number {
    const local = this.local(type);
    this.code.set(local);
    return local;
  }

  /** Frees the locals of a body behind it. */
  scoped(body: () => void): void {
    const outer = this.#taken;
    this.#taken = [];
    body();
    for (const { type, local } of this.#taken) {
      const free = this.#free.get(type) ?? [];
      this.#free.set(type, free);
      free.push(local);
    }
    this.#taken = outer;
  }

  /** A loop that runs while `isGoingOn` pushes a value other than 0; the body runs at least once. */
  loop(body: () => void, isGoingOn: () => void): void {
    this.code.open(Wasm.loop, Type.none);
    body();
    isGoingOn();
    this.code.branch(Wasm.branchIf, 0).op(Wasm.end);
  }

  /** Counts a local from 0 up by steps while it is below a bound, which is above 0. */
  count(local: number, by: number, below: number, body: () => void): void {
    this.code.constant32(0).set(local);
    this.loop(body, () =>
      this.code.get(local).constant32(by).op(Wasm.add32).tee(local).constant32(below).op(Wasm.less32),
    );
  }

  /** A condition on the stack decides which body runs. */
  when(body: () => void, otherwise?: () => void): void {
    this.code.open(Wasm.if, Type.none);
    body();
    if (otherwise) {
      this.code.op(Wasm.else);
      otherwise();
    }
    this.code.op(Wasm.end);
  }

  /** x where the condition holds, else y, each left on the stack by a function. */
  choose(condition: () => void, x: () => void, y: () => void): void {
    x();
    y();
    condition();
    this.code.vector(Vector.choose);
  }
}
