import { type Draft, readDraft } from "./draft.ts";

/** Prefix of everything that this page keeps in the browser. */
const PREFIX = "gigafleet:";

/**
 * Keeps a draft in the browser, so that a reload loses nothing.
 *
 * @param place where the draft is from, so that plans of different files do not mix
 * @return whether the browser had room for it
 */
export function keepDraft(place: string, draft: Draft): boolean {
  try {
    localStorage.setItem(PREFIX + place, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** The draft kept for a place; undefined where there is none that can be read. */
export function keptDraft(place: string): Draft | undefined {
  try {
    return readDraft(JSON.parse(localStorage.getItem(PREFIX + place) ?? "null"));
  } catch {
    return undefined;
  }
}

/** Forgets everything that the page kept in this browser. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}
