import type { Column, Operations } from "../language/operations.ts";

/** A value until an item's fleet retires as a whole, then 0; the value as it is where the fleet never does. */
export function whileServing<N, T>(
  o: Operations<N, T>,
  { serving }: { readonly serving: Column },
  value: N,
): N {
  return o.whenValue(
    serving,
    () => o.multiply(value, o.now(serving)),
    () => value,
  );
}
