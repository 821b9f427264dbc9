import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type ParsedNode,
  Parser,
  type Scalar,
  type YAMLParseError,
} from "yaml";
import { type Diagnostic, diagnose, type Span } from "../../diagnostics/diagnostic.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import type { Layer, MapNode, TreeEntry, TreeNode } from "./tree.ts";

/** Longest text that is read [characters]; a real scenario has a few thousand. */
const LONGEST_TEXT = 5_000_000;
/** Most YAML tokens in one text; they determine the time to read it. */
const MOST_LEXEMES = 1_000_000;
/** Most nodes after aliases are written out. */
const MOST_NODES = 100_000;
/** Deepest nesting; fields are at most six levels deep. */
const DEEPEST = 40;

/** A tree, or the faults of the text. */
export type ParsedYaml = { readonly tree?: TreeNode; readonly diagnostics: readonly Diagnostic[] };

/** The place of a text: its file, its layer, and for a piece of a line its 1-based position. */
export type TextPlace = {
  readonly file: string;
  readonly layer: Layer;
  readonly line?: number;
  readonly column?: number;
};

/**
 * Reads a scenario or catalog file. JSON is valid YAML.
 *
 * Reads YAML 1.2 without its types: every scalar keeps its source text, because its meaning depends on the field. Rejects
 * tags, merge keys, keys that are not texts, a second document, and anything that could grow without bound.
 *
 * @param text  content of the file; a byte order mark is dropped
 * @param place name of the file for diagnostics, and its layer
 * @return a map and the faults; the map lacks duplicate and unsafe keys. A file that is not YAML gives no map and only its
 *   first fault
 *
 * Fails: never. Cost: length of the text, which is bounded.
 */
export function parseYaml(text: string, place: TextPlace): ParsedYaml & { readonly tree?: MapNode } {
  const { tree, diagnostics } = parseYamlValue(text, place);
  if (tree === undefined && diagnostics.length > 0) return { diagnostics };
  const { file } = place;
  if (tree === undefined || (tree.kind === "scalar" && tree.isNull)) {
    return {
      diagnostics: [
        diagnose("empty-file", {
          values: { file },
          span: { file, line: 1, column: 1, length: 1 },
          help: "`gigafleet init` writes a first scenario",
        }),
      ],
    };
  }
  if (tree.kind === "map") return { tree, diagnostics };
  const got = tree.kind === "list" ? "a list" : "one text";
  const needs = "`key: value` lines at the top";
  return { diagnostics: [diagnose("invalid-type", { values: { needs, got, path: file }, span: tree.span })] };
}

/**
 * Reads any YAML value, such as the one after `=` in `--set path=value`.
 *
 * @return the tree, `undefined` for an empty text, and the faults
 *
 * Fails: never. Cost: length of the text, which is bounded.
 */
export function parseYamlValue(text: string, place: TextPlace): ParsedYaml {
  if (text.length > LONGEST_TEXT) {
    const values = {
      subject: `\`${place.file}\``,
      got: `${(text.length / 1e6).toFixed(1)} million characters`,
      limit: `${LONGEST_TEXT / 1e6} million`,
    };
    return {
      diagnostics: [
        diagnose("too-large", { values, span: { file: place.file, line: 1, column: 1, length: 1 } }),
      ],
    };
  }
  // Keeps lines and columns as an editor counts them: the mark and the second half of a Windows line end take no column.
  const source = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const reader = new Reader(source, place);
  try {
    const tree = reader.read();
    return tree === undefined ? { diagnostics: [] } : { tree, diagnostics: reader.faults };
  } catch (fault) {
    if (fault instanceof YamlFault) return { diagnostics: [fault.diagnostic] };
    throw fault;
  }
}

/** Stops the reading of one text; it never leaves this file. */
class YamlFault extends Error {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.code);
    this.diagnostic = diagnostic;
  }
}

/** A tree with the number of its nodes and levels, counting aliases in full. */
type Counted = { readonly node: TreeNode; readonly count: number; readonly height: number };

const UNSAFE_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that YAML forbids.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

/** Reads one text; faults that leave the rest readable (duplicate or unsafe keys) are collected in `faults`. */
class Reader {
  readonly faults: Diagnostic[] = [];
  readonly #source: string;
  readonly #place: TextPlace;
  readonly #lines = new LineCounter();
  readonly #anchors = new Map<string, Counted>();

  constructor(source: string, place: TextPlace) {
    this.#source = source;
    this.#place = place;
  }

  read(): TreeNode | undefined {
    this.#lines.addNewLine(0);
    for (let at = this.#source.indexOf("\n"); at >= 0; at = this.#source.indexOf("\n", at + 1))
      this.#lines.addNewLine(at + 1);
    const control = FORBIDDEN.exec(this.#source);
    if (control) this.#refuse(`the control character ${visibleText(control[0])}`, control.index, 1);
    const document = this.#compose();
    if (!document?.contents) return undefined;
    return this.#convert(document.contents, 0).node;
  }

  /** Tokenises first, so that size and depth are bounded before any recursion. */
  #compose(): Document.Parsed | undefined {
    const parser = new Parser();
    const tokens = [];
    let lexemes = 0;
    let flowDepth = 0;
    for (const lexeme of new Lexer().lex(this.#source)) {
      if (++lexemes > MOST_LEXEMES) {
        const values = {
          subject: `\`${this.#place.file}\``,
          got: "more words and signs than that",
          limit: "1,000,000",
        };
        throw new YamlFault(diagnose("too-large", { values, span: this.#span(parser.offset, 1) }));
      }
      if (lexeme === "[" || lexeme === "{") flowDepth++;
      if (lexeme === "]" || lexeme === "}") flowDepth--;
      if (flowDepth > DEEPEST) this.#refuseDepth(parser.offset);
      tokens.push(...parser.next(lexeme));
      this.#checkBlockDepth(parser.stack.length, parser.offset);
    }
    tokens.push(...parser.end());
    const composer = new Composer({
      schema: "failsafe",
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    const documents = [...composer.compose(tokens, true, this.#source.length)] as Document.Parsed[];
    const [first, second] = documents;
    const error = first?.errors[0];
    if (error) this.#refuse(this.#reasonOf(error), error.pos[0], error.pos[1] - error.pos[0]);
    if (second)
      this.#refuse("a second document in the file; write one scenario per file", this.#startOf(second), 3);
    return first;
  }

  /** A text that goes on in lines indented more takes in the `: ` of the next key. */
  #reasonOf({ code, message, pos: [start] }: YAMLParseError): string {
    const [line = ""] = this.#source.slice(start).split("\n", 1);
    return code === "BLOCK_AS_IMPLICIT_KEY" && !/:(\s|$)/.test(line)
      ? "the next line is indented more than this one; give the keys of one map the same indentation"
      : reasonOf(code, message);
  }

  /** The `---` before a second document. */
  #startOf(document: Document.Parsed): number {
    const at = this.#source.lastIndexOf("\n---", document.contents?.range?.[0] ?? document.range[0]);
    return at < 0 ? document.range[0] : at + 1;
  }

  #checkBlockDepth(stack: number, offset: number): void {
    // A level of nesting uses up to two levels of the parser's stack (a collection and its item).
    if (stack > 2 * DEEPEST + 4) this.#refuseDepth(offset);
  }

  #refuseDepth(offset: number): never {
    const values = { subject: "the value", limit: String(DEEPEST) };
    throw new YamlFault(diagnose("too-deep", { values, span: this.#span(offset, 1) }));
  }

  #convert(node: ParsedNode, depth: number): Counted {
    const [start, end] = node.range;
    if (depth > DEEPEST) this.#refuseDepth(start);
    if (isAlias(node)) return this.#resolve(node.source, depth, start, end);
    if (node.tag)
      this.#refuse(
        `the tag \`${node.tag.replace("tag:yaml.org,2002:", "!!")}\`; tags are not used here`,
        start,
        end - start,
      );
    const counted = this.#convertPlain(node, depth, this.#span(start, end - start));
    if (counted.count > MOST_NODES) throw new YamlFault(this.#tooMany(start));
    if (node.anchor) this.#anchors.set(node.anchor, counted);
    return counted;
  }

  #convertPlain(node: ParsedNode, depth: number, span: Span): Counted {
    const { layer } = this.#place;
    if (isMap(node)) return this.#convertMap(node.items as readonly Pair[], depth, span);
    if (isSeq(node)) {
      const items = (node.items as readonly ParsedNode[]).map((item) => this.#convert(item, depth + 1));
      return {
        node: { kind: "list", items: items.map((item) => item.node), span, layer },
        ...measure(items),
      };
    }
    const text = isScalar(node) ? String(node.source ?? node.value ?? "") : "";
    const quoted = isScalar(node) && node.type !== "PLAIN" && node.type !== undefined;
    const isNull = !quoted && /^(|~|null|Null|NULL)$/.test(text);
    return { node: { kind: "scalar", text, quoted, isNull, span, layer }, count: 1, height: 0 };
  }

  #convertMap(pairs: readonly Pair[], depth: number, span: Span): Counted {
    const entries = new Map<string, TreeEntry>();
    const values: Counted[] = [];
    for (const { key, value } of joinNumbers(pairs, this.#source)) {
      const name = this.#keyText(key, span);
      const keySpan = this.#span(key.range[0], key.range[1] - key.range[0]);
      const child = value ? this.#convert(value, depth + 1) : this.#nothingAt(keySpan);
      const earlier = entries.get(name);
      if (UNSAFE_KEYS.has(name))
        this.faults.push(diagnose("unsafe-key", { values: { key: name }, span: keySpan }));
      else if (earlier) {
        const related = [{ span: earlier.keySpan, note: "first here" }];
        this.faults.push(diagnose("duplicate-key", { values: { key: name }, span: keySpan, related }));
      } else {
        entries.set(name, { keySpan, value: child.node });
        values.push(child);
      }
    }
    return { node: { kind: "map", entries, span, layer: this.#place.layer }, ...measure(values) };
  }

  #nothingAt(span: Span): Counted {
    return {
      node: { kind: "scalar", text: "", quoted: false, isNull: true, span, layer: this.#place.layer },
      count: 1,
      height: 0,
    };
  }

  #keyText(key: ParsedNode | null, map: Span): string {
    if (!key)
      throw new YamlFault(
        diagnose("invalid-yaml", { values: { reason: "a value without a key" }, span: map }),
      );
    const [start, end] = key.range;
    if (!isScalar(key) || key.tag) this.#refuse("a key that is not a plain text", start, end - start);
    const text = String(key.source ?? key.value ?? "");
    if (text === "") this.#refuse("an empty key", start, Math.max(1, end - start));
    if (text === "<<" && key.type === "PLAIN") {
      const help =
        "use `extends` to build on another file, and `defaults` for what all sites or fleets share";
      const values = { reason: "merge keys (`<<`) are not used here" };
      throw new YamlFault(diagnose("invalid-yaml", { values, span: this.#span(start, end - start), help }));
    }
    return text;
  }

  /** The value an alias repeats. The tree is shared, but its nodes count again, because later work depends on their number. */
  #resolve(name: string, depth: number, start: number, end: number): Counted {
    const found = this.#anchors.get(name);
    if (!found)
      this.#refuse(`the alias \`*${name}\` has no finished \`&${name}\` before it`, start, end - start);
    if (depth + found.height > DEEPEST) this.#refuseDepth(start);
    return found;
  }

  #tooMany(offset: number): Diagnostic {
    return diagnose("alias-bomb", { values: { limit: "100,000" }, span: this.#span(offset, 1) });
  }

  #refuse(reason: string, offset: number, length: number): never {
    throw new YamlFault(diagnose("invalid-yaml", { values: { reason }, span: this.#span(offset, length) }));
  }

  /** A place on one line; a span over several lines is cut at the first line end. */
  #span(offset: number, length: number): Span {
    const { line, col } = this.#lines.linePos(Math.min(offset, this.#source.length));
    const lineEnd = this.#source.indexOf("\n", offset);
    const rest = (lineEnd < 0 ? this.#source.length : lineEnd) - offset;
    const { file, line: firstLine = 1, column: firstColumn = 1 } = this.#place;
    return {
      file,
      line: firstLine + line - 1,
      column: line === 1 ? firstColumn + col - 1 : col,
      length: Math.max(1, Math.min(length, rest)),
    };
  }
}

/** A key-value pair of the YAML composer. */
type Pair = { readonly key: ParsedNode; readonly value: ParsedNode | null };

/**
 * Joins `size: 1,250 chips` of a map in braces, which YAML ends at the comma: a pair `1` and a key `250 chips` without a
 * value. A digit on each side of a comma without a space is a number that was written so, and the reader of the value
 * says what is wrong with it.
 */
function joinNumbers(pairs: readonly Pair[], source: string): readonly Pair[] {
  const joined: Pair[] = [];
  for (const pair of pairs) {
    const before = joined.at(-1);
    const start = pair.key?.range[0] ?? 0;
    const isCut =
      pair.key !== null && isEmpty(pair.value) && /\d,\d/.test(source.slice(start - 2, start + 1));
    if (!isCut || !isScalar(before?.value) || before.value.type !== "PLAIN") {
      joined.push(pair);
      continue;
    }
    const [from] = before.value.range ?? [start];
    const end = pair.key?.range[1] ?? start;
    const whole = before.value.clone() as Scalar.Parsed;
    whole.source = source.slice(from, end);
    whole.range = [from, end, end];
    joined[joined.length - 1] = { key: before.key, value: whole };
  }
  return joined;
}

function isEmpty(value: ParsedNode | null): boolean {
  return value === null || (isScalar(value) && (value.source ?? "") === "" && value.type === "PLAIN");
}

function measure(children: readonly Counted[]): { count: number; height: number } {
  let count = 1;
  let height = 0;
  for (const child of children) {
    count += child.count;
    height = Math.max(height, child.height + 1);
  }
  return { count, height };
}

/** The parser's message, reworded where its own explains YAML grammar instead of the mistake. */
function reasonOf(code: string, message: string): string {
  if (code === "TAB_AS_INDENT") return "a tab in the indentation; use spaces";
  if (code === "BLOCK_AS_IMPLICIT_KEY")
    return "a second `: ` on the line; indent it as a map, or quote the text";
  if (code === "MISSING_CHAR") return message.charAt(0).toLowerCase() + message.slice(1);
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, "");
}
