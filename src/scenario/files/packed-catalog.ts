import { InternalError, type Span } from "../../diagnostics/diagnostic.ts";
import type { FigureValues, PackedFigures, StoredFigures } from "../language/packed-figures.ts";
import { OFFERED } from "./catalog-offers.ts";
import { fileNameOf } from "./resolve-path.ts";
import { type Layer, type MapNode, PackedEntry, type TreeEntry, type TreeNode } from "./tree.ts";

/**
 * The catalog's files, merged and checked by the build: reading their YAML takes longer than the rest of a start.
 *
 * Chips and sites stand in the body, each a text of its own, because a scenario names a few of them: the others are not
 * even parsed. Behind them stand the texts of the files, for which alone the pack is valid.
 */
export type PackedCatalog = { readonly head: Head; readonly body: string };

type Head = {
  /** Names of the files without folders, in the order in which they were merged, with the places of their texts. */
  readonly files: readonly (readonly [name: string, ...Stretch])[];
  readonly tree: PackedTree;
  /** Figures of each file, without those of the parts in the body; absent where none were packed. */
  readonly figures?: readonly PackedFigures[];
};

/** A stretch of the body: first character, and the one behind the last. */
type Stretch = readonly [start: number, end: number];

/** A place in a file; the file is given by number where it is another than that of the map around it. */
type Place = readonly [line: number, column: number, length: number, file?: number];

type PackedTree =
  | readonly ["scalar", Place, string, quoted: 0 | 1, isNull: 0 | 1]
  | readonly ["list", Place, readonly PackedTree[]]
  | readonly ["map", Place, readonly PackedMember[]];

type PackedMember = readonly [key: string, Place, PackedTree | Stretch];

/** What stands in the body for an entry: its value, the number of its file, and the figures in it. */
type PackedPart = readonly [PackedTree, file: number, FigureValues];
type Part = { readonly tree: PackedTree; readonly file: number; readonly values: FigureValues };

/** A part of the pack that cannot be read. */
class DamagedPackError extends Error {
  override readonly name = "DamagedPackError";
}

/** Loads with the packed catalog; without it, so from the texts of the files, if a part of it turns out to be damaged. */
export function loadWithPack<Input extends { readonly packed?: PackedCatalog | undefined }, Loaded>(
  input: Input,
  load: (input: Input) => Loaded,
): Loaded {
  try {
    return load(input);
  } catch (error) {
    if (!(error instanceof DamagedPackError)) throw error;
    return load({ ...input, packed: undefined });
  }
}

/** The pack as one text: the head on a line of its own, then the body. */
export function writePacked({ head, body }: PackedCatalog): string {
  return `${JSON.stringify(head)}\n${body}`;
}

/** Reads a pack from its text; parts are parsed when they are looked at. Fails: throws a SyntaxError where the head is none. */
export function readPacked(text: string): PackedCatalog {
  const end = text.indexOf("\n");
  const head = JSON.parse(text.slice(0, end));
  if (!Array.isArray(head?.files) || !Array.isArray(head.tree)) throw new SyntaxError("no packed catalog");
  return { head, body: text.slice(end + 1) };
}

/**
 * Packs the merged tree of the catalog's files.
 *
 * @param names   of the files, as the tree's layers have them
 * @param texts   of the files, likewise
 * @param figures of each file, or none
 */
export function packTree(
  tree: MapNode,
  names: readonly string[],
  texts: readonly string[],
  figures?: readonly PackedFigures[],
): PackedCatalog {
  let body = "";
  const append = (text: string): Stretch => {
    const start = body.length;
    body += text;
    return [start, body.length];
  };
  const rest = figures?.map((one) => ({ ...one, values: { ...one.values } }));
  const fileOf = ({ span, layer }: TreeNode): number => {
    const file = names.indexOf(layer.from);
    if (file < 0 || span.file !== layer.from)
      throw new InternalError(`${span.file} is no file of the catalog`);
    return file;
  };
  const place = ({ file, line, column, length }: Span, around: number): Place => {
    const number = names.indexOf(file);
    return number === around ? [line, column, length] : [line, column, length, number];
  };
  /** Takes the figures under a path out of those of a file. */
  const takeValues = (file: number, path: string): FigureValues => {
    const values = rest?.[file].values ?? {};
    const own = Object.entries(values).filter(([one]) => one.startsWith(`${path}.`));
    for (const [one] of own) delete values[one];
    return Object.fromEntries(own);
  };
  const pack = (node: TreeNode, keys: readonly string[], around: number): PackedTree => {
    const file = fileOf(node);
    const at = place(node.span, around);
    if (node.kind === "scalar") return ["scalar", at, node.text, node.quoted ? 1 : 0, node.isNull ? 1 : 0];
    if (node.kind === "list") return ["list", at, node.items.map((item) => pack(item, keys, file))];
    const isOffer = keys.length === 1 && OFFERED.some((one) => one === keys[0]);
    const members = [...node.entries].map(([key, { keySpan, value }]): PackedMember => {
      const path = [...keys, key];
      if (!isOffer) return [key, place(keySpan, file), pack(value, path, file)];
      const own = fileOf(value);
      const part: PackedPart = [pack(value, path, own), own, takeValues(own, path.join("."))];
      return [key, place(keySpan, file), append(JSON.stringify(part))];
    });
    return ["map", at, members];
  };
  const packed = pack(tree, [], -1);
  const files = names.map((name, index) => [fileNameOf(name), ...append(texts[index])] as const);
  return { head: { files, tree: packed, ...(rest ? { figures: rest } : {}) }, body };
}

/** What unpacking gives: the merged tree of the files, and the figures of each file. */
export type UnpackedCatalog = {
  readonly tree: MapNode;
  readonly figures: ReadonlyMap<string, StoredFigures>;
};

/** What a pack was unpacked to last, and for which files. */
type Unpacked = {
  readonly files: readonly string[];
  readonly texts: readonly (string | undefined)[];
  readonly catalog: UnpackedCatalog | undefined;
};
const unpackedBefore = new WeakMap<PackedCatalog, Unpacked>();

/**
 * The merged tree of files, if exactly these were packed; undefined otherwise. A part is parsed when its tree or one of its figures is
 * looked at, which throws a DamagedPackError if it is no part: see `loadWithPack`. The same files have the same tree again.
 *
 * @param files with their folders
 */
export function unpackCatalog(
  packed: PackedCatalog,
  files: readonly string[],
  texts: readonly (string | undefined)[],
): UnpackedCatalog | undefined {
  const before = unpackedBefore.get(packed);
  if (before && areSame(before.files, files) && areSame(before.texts, texts)) return before.catalog;
  const catalog = unpackFiles(packed, files, texts);
  unpackedBefore.set(packed, { files, texts, catalog });
  return catalog;
}

function areSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}

function unpackFiles(
  { head, body }: PackedCatalog,
  files: readonly string[],
  texts: readonly (string | undefined)[],
): UnpackedCatalog | undefined {
  const isSame =
    files.length === head.files.length &&
    head.files.every(([name, start, end], index) => {
      const text = texts[index];
      return (
        name === fileNameOf(files[index]) && text?.length === end - start && body.slice(start, end) === text
      );
    });
  if (!isSame) return undefined;
  const layers: readonly Layer[] = files.map((from) => ({ kind: "catalog", from }));
  /** Parts by their paths. */
  const parts = new Map<string, () => Part>();
  // By index, since taking an array apart costs an iterator, and a start unpacks thousands.
  const spanOf = (at: Place, around: number): Span => ({
    file: files[at[3] ?? around],
    line: at[0],
    column: at[1],
    length: at[2],
  });
  const unpack = (packed: PackedTree, around: number, key: string): TreeNode => {
    const at = packed[1];
    const file = at[3] ?? around;
    const span = spanOf(at, around);
    const layer = layers[file];
    if (!layer) throw new DamagedPackError();
    if (packed[0] === "scalar") {
      return {
        kind: "scalar",
        text: packed[2],
        quoted: packed[3] === 1,
        isNull: packed[4] === 1,
        span,
        layer,
      };
    }
    if (packed[0] === "list")
      return { kind: "list", items: packed[2].map((item) => unpack(item, file, "")), span, layer };
    if (packed[0] !== "map") throw new DamagedPackError();
    const entries = new Map<string, TreeEntry>();
    for (const member of packed[2]) {
      const name = member[0];
      const keySpan = spanOf(member[1], file);
      const value = member[2];
      if (!isStretch(value)) entries.set(name, { keySpan, value: unpack(value, file, name) });
      else {
        const part = once(() => readPart(body.slice(value[0], value[1])));
        const unpacked = once(() => unpack(part().tree, part().file, name));
        parts.set(`${key}.${name}`, part);
        entries.set(name, new PackedEntry(keySpan, unpacked));
      }
    }
    return { kind: "map", entries, span, layer };
  };
  const tree = unpack(head.tree, 0, "") as MapNode;
  const figures = head.figures?.map((one, file): [string, StoredFigures] => {
    const valueAt = (path: string) => {
      if (Object.hasOwn(one.values, path)) return one.values[path];
      const part = parts.get(path.split(".", 2).join("."))?.();
      return part?.file === file && Object.hasOwn(part.values, path) ? part.values[path] : undefined;
    };
    return [files[file], { words: one.words, vectors: one.vectors, valueAt }];
  });
  return { tree, figures: new Map(figures) };
}

/** A part as it stands in the body. Fails: throws a DamagedPackError if it is none. */
function readPart(text: string): Part {
  try {
    const [tree, file, values]: PackedPart = JSON.parse(text);
    if (Array.isArray(tree)) return { tree, file, values };
  } catch {
    // Told below.
  }
  throw new DamagedPackError();
}

/** The same function, which computes what it gives when it is first called. */
function once<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function isStretch(value: PackedTree | Stretch): value is Stretch {
  return typeof value[0] === "number";
}
