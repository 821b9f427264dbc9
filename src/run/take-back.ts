/** An ArrayBuffer as ES2024 has it. */
type Transferable = { readonly transfer?: (length: number) => unknown };

/** Takes memory from an array, which is empty then; no where only the garbage collector can (Node before 21). */
export function takeBack({ buffer }: ArrayBufferView): boolean {
  const { transfer } = buffer as Transferable;
  transfer?.call(buffer, 0);
  return transfer !== undefined;
}
