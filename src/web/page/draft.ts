import type { Plan, Texts } from "../messages.ts";

/** Texts that are longer are read by nobody: a scenario's limit, in bytes of its letters. */
export const MOST_BYTES = 6_000_000;

/** A plan as it is edited. */
export type Draft = {
  readonly file: string;
  readonly text: string;
  readonly others: Texts;
  /** Values of sliders that were moved, by path, in the unit of the slider. */
  readonly moved: Readonly<Record<string, MovedValue>>;
  /** Certain values with a slider. */
  readonly pins: readonly string[];
  /** Version of the file on disk that the draft began with. */
  readonly base?: string;
};

/** Whether two drafts are the same plan, whatever file on disk they began with. */
export function isSamePlan(a: Draft, b: Draft): boolean {
  return isSameRun(planOf(a), planOf(b)) && JSON.stringify(a.pins) === JSON.stringify(b.pins);
}

/** The plan of a draft, sliders included. */
export function planOf({ file, text, others, moved }: Draft): Plan {
  return { file, text, others, sets: Object.values(moved).map(({ set }) => set) };
}

/** Whether two plans have the same answer. */
export function isSameRun(a: Plan, b: Plan): boolean {
  // Texts may have millions of letters, and this is asked at every move.
  const isSameText = a.file === b.file && a.text === b.text;
  const rest = ({ others, sets }: Plan) => JSON.stringify([others, sets]);
  return isSameText && rest(a) === rest(b);
}

/** A moved value: where the slider stands, and the text that `--set` takes. */
export type MovedValue = { readonly position: number; readonly set: string };

/** Reads a draft that may be anybody's: from a link, or from an older version of the page. */
export function readDraft(given: unknown): Draft | undefined {
  if (!isRecord(given)) return undefined;
  const { file, text, others = {}, moved = {}, pins = [], base } = given;
  if (typeof file !== "string" || typeof text !== "string" || !isRecord(others) || !isRecord(moved))
    return undefined;
  if (!/^[^\0/\\]{1,200}$/.test(file) || !Array.isArray(pins)) return undefined;
  const isMoved = (one: unknown) =>
    isRecord(one) && typeof one.set === "string" && Number.isFinite(one.position);
  if (!Object.values(moved).every(isMoved) || !pins.every((pin) => typeof pin === "string")) return undefined;
  if (!Object.values(others).every((one) => typeof one === "string")) return undefined;
  return { file, text, others, moved, pins, ...(typeof base === "string" ? { base } : {}) } as Draft;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
