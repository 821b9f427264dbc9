import { type Draft, readDraft } from "./draft.ts";

/** Prefix of everything that this page keeps in the browser. */
const PREFIX = "gigafleet:";

/** A browser's storage, as far as it is used here. */
export type Box = {
  readonly getItem: (key: string) => string | null;
  readonly setItem: (key: string, text: string) => void;
  readonly removeItem: (key: string) => void;
};

/** Storage of this tab, which a reload keeps, and of all tabs, which later visits find. A browser may forbid to name them. */
export type Boxes = { readonly own: () => Box; readonly shared: () => Box };

/**
 * Keeps a draft in the browser, so that a reload loses nothing.
 *
 * @param place    where the draft is from, so that plans of different files do not mix
 * @param isShared whether it takes the place of the draft that all tabs share
 * @return whether the browser had room for it
 */
export function keepDraft(boxes: Boxes, place: string, draft: Draft, isShared: boolean): boolean {
  const text = JSON.stringify(draft);
  try {
    boxes.own().setItem(PREFIX + place, text);
    if (isShared) boxes.shared().setItem(PREFIX + place, text);
    return true;
  } catch {
    return false;
  }
}

/** The drafts kept for a place: that of this tab, and the one that all tabs share; undefined where there is none that can be read. */
export function keptDrafts(
  boxes: Boxes,
  place: string,
): { readonly own: Draft | undefined; readonly shared: Draft | undefined } {
  const read = (box: () => Box): Draft | undefined => {
    try {
      return parse(box().getItem(PREFIX + place));
    } catch {
      return undefined;
    }
  };
  return { own: read(boxes.own), shared: read(boxes.shared) };
}

/** The draft that another tab has just kept for a place; undefined for any other change of the storage. */
export function draftOfChange(
  { key, newValue }: { readonly key: string | null; readonly newValue: string | null },
  place: string,
): Draft | undefined {
  return key === PREFIX + place ? parse(newValue) : undefined;
}

function parse(text: string | null): Draft | undefined {
  try {
    return readDraft(JSON.parse(text ?? "null"));
  } catch {
    return undefined;
  }
}

/** Forgets everything that the page kept in this browser. */
export function forgetDrafts(boxes: Boxes): void {
  try {
    for (const box of [boxes.own(), boxes.shared()])
      for (const key of Object.keys(box)) if (key.startsWith(PREFIX)) box.removeItem(key);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}
