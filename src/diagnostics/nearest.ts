/** Longer words are not compared; none of our names is nearly as long [characters]. */
const LONGEST_WORD = 100;

/**
 * Finds the candidates that a mistyped word may have meant, nearest first.
 *
 * Uses the Damerau-Levenshtein distance (an insertion, deletion, substitution or swap of neighbours costs 1), ignoring case
 * and reading `-` as `_`. A candidate is near if the distance is at most a third of the longer word, or 1. Candidates that
 * begin with the word, or that the word begins with, come after the others.
 *
 * @param word       what the user typed
 * @param candidates the names that exist
 * @param max        the most names to return
 *
 * Fails: never. Cost: length of the word x total length of the candidates.
 */
export function nearest(word: string, candidates: Iterable<string>, max = 5): string[] {
  const wanted = normalise(word);
  if (wanted.length === 0 || wanted.length > LONGEST_WORD) return [];
  const found: { name: string; distance: number }[] = [];
  for (const name of new Set(candidates)) {
    const candidate = normalise(name);
    if (candidate.length === 0 || candidate.length > LONGEST_WORD) continue;
    const limit = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
    const distance = editDistance(wanted, candidate);
    // A one-letter word is one substitution away from every other, which means nothing.
    if (distance <= limit && distance < Math.max(wanted.length, candidate.length))
      found.push({ name, distance });
    else if (sharesStart(wanted, candidate)) found.push({ name, distance: LONGEST_WORD + distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return found.slice(0, max).map(({ name }) => name);
}

/** The nearest names as a message offers them, in backticks; undefined if none is near. Fails: never. */
export function offerNearest(word: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(word, candidates).map((name) => `\`${name}\``);
  return near.length > 0 ? near.join(", ") : undefined;
}

function normalise(word: string): string {
  return word.toLowerCase().replaceAll("-", "_");
}

/** Shortest prefix that counts as an abbreviation [characters]. */
const SHORTEST_START = 3;

function sharesStart(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= SHORTEST_START && (a.startsWith(b) || b.startsWith(a));
}

/** Restricted Damerau-Levenshtein distance: no part is edited twice. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (last[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let best = Math.min(substitution, (last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
