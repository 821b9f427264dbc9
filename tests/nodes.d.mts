/** Nodes of the other lines: their version, their program, and whether it is there. */
export const otherNodes: readonly {
  readonly version: string;
  readonly program: string;
  readonly isThere: boolean;
}[];
