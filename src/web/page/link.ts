import { type Draft, MOST_BYTES, readDraft } from "./draft.ts";

/** Version of what a link holds. */
const VERSION = "1";

/** What a fragment of an address says: a plan, why it could not be read, or nothing. */
export type LinkedPlan = { readonly draft?: Draft; readonly fault?: string };

/** A fragment that holds a plan, without what is known of its file: compressed, so that a usual plan fits into a message. */
export async function writeFragment(draft: Draft): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...draft, base: undefined }));
  const packed = await collect(
    through(bytes, new CompressionStream("deflate-raw")),
    Number.POSITIVE_INFINITY,
  );
  let binary = "";
  for (const byte of packed) binary += String.fromCharCode(byte);
  const text = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return `#plan=${VERSION}.${text}`;
}

/** Reads a fragment; no link leads to a place on the page. Fails: never; what cannot be read is said. */
export async function readFragment(fragment: string): Promise<LinkedPlan> {
  const text = decode(fragment.replace(/^#/, ""));
  if (text === "") return {};
  const [, version, packed] = /^plan=(\d+)\.(.*)$/s.exec(text ?? "") ?? [];
  if (version === undefined || packed === undefined)
    return refuse("what stands behind # is not a plan that this page wrote");
  if (version !== VERSION)
    return refuse("it was made by another version of Gigafleet. Ask for the scenario file instead");
  if (packed.trim() === "") return refuse("the plan is missing. Copy the whole link again");
  const [foreign] = /[^\w\s-]/.exec(packed) ?? [];
  if (foreign) return refuse(`it contains \u201c${foreign}\u201d, which no link does`);
  let json: unknown;
  try {
    json = await unpack(packed);
  } catch (error) {
    if (error instanceof TooLong)
      return refuse(`the plan in it has more than ${Math.round(MOST_BYTES / 1e6)} MB`);
    return refuse("it is incomplete or was changed on its way. Copy the whole link again");
  }
  const draft = readDraft(json);
  if (!draft) return refuse("it holds no plan");
  const { base: _ofAnotherFile, ...own } = draft;
  return { draft: own };
}

function refuse(why: string): LinkedPlan {
  return { fault: `The link could not be read: ${why}.` };
}

/** Mail programs encode signs, and break lines; undefined where that is done wrongly. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Fails: throws where the text is not one that was packed. */
async function unpack(packed: string): Promise<unknown> {
  const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  const unpacked = await collect(through(bytes, new DecompressionStream("deflate-raw")), MOST_BYTES);
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(unpacked));
}

function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream) {
  return new Blob([bytes]).stream().pipeThrough(stream);
}

/** Little text may unpack to very much. */
class TooLong extends Error {}

/** All bytes of a stream. Fails: throws `TooLong` where there are more than `most`. */
async function collect(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    length += piece.value.length;
    if (length > most) {
      await reader.cancel();
      throw new TooLong();
    }
    pieces.push(piece.value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
