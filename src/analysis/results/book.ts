/** The party whose money counts: the provider's cost, or the buyer's payments. */
export type Book = "provider" | "buyer";
