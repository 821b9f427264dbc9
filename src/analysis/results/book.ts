/** Whose money counts: the provider's cost, or what the buyer pays. */
export type Book = "provider" | "buyer";
