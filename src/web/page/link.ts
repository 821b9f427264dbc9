import { type Draft, MOST_BYTES, readDraft } from "./draft.ts";

/** Version of what a link holds. */
const VERSION = "1";

/** What a fragment of an address says: a plan, why it holds none, or nothing. */
export type LinkedPlan = { readonly draft?: Draft; readonly fault?: string };

/** A fragment that holds a plan: compressed, so that a usual plan fits into a message. */
export async function writeFragment(draft: Draft): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(draft));
  const packed = await collect(
    through(bytes, new CompressionStream("deflate-raw")),
    Number.POSITIVE_INFINITY,
  );
  let binary = "";
  for (const byte of packed) binary += String.fromCharCode(byte);
  const text = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return `#plan=${VERSION}.${text}`;
}

/** Reads a fragment. Fails: never; what cannot be read is said. */
export async function readFragment(fragment: string): Promise<LinkedPlan> {
  const [, version, text] = /^#plan=([^.]*)\.(.*)$/s.exec(fragment) ?? [];
  if (version === undefined || text === undefined) return {};
  if (version !== VERSION)
    return { fault: "The link is of another version of Gigafleet. Ask for the scenario file instead." };
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
    const unpacked = await collect(through(bytes, new DecompressionStream("deflate-raw")), MOST_BYTES);
    const draft = readDraft(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(unpacked)));
    if (draft) return { draft };
  } catch {
    // Cut off or changed on its way: below.
  }
  return { fault: "The link is damaged: a part of it is missing or was changed. Copy the whole link again." };
}

function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream) {
  return new Blob([bytes]).stream().pipeThrough(stream);
}

/** All bytes of a stream. Fails: throws where there are more than `most`, since little text may unpack to very much. */
async function collect(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    length += piece.value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError("too long");
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
