import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension, type Text } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  type Tooltip,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Place, Problem } from "../messages.ts";
import type { Engine } from "./engine.ts";
import { keysAt, keysBeside, spotAt } from "./spot.ts";

/** The editor as the page uses it. */
export type Editor = {
  readonly view: EditorView;
  /** Replaces the whole text, and forgets the history of the one before. */
  readonly open: (text: string) => void;
  /** Replaces what stands at a place, as a step that can be undone. */
  readonly replace: (place: Place, by: string) => void;
  readonly show: (problems: readonly Problem[], fix: (problem: Problem, by: string) => void) => void;
  /** Puts the cursor at a place and brings it into view. */
  readonly goTo: (place: Place) => void;
};

/** Longer texts have no colours: finding them would hold up every key [characters]. */
const MOST_COLOURED = 1_000_000;

/** Faults that are marked in the text: to mark tens of thousands takes a second. */
const MOST_MARKED = 1000;

const colours = HighlightStyle.define([
  { tag: tags.comment, class: "y-comment" },
  { tag: [tags.definition(tags.propertyName), tags.propertyName], class: "y-key" },
  { tag: [tags.string, tags.content], class: "y-text" },
  { tag: [tags.number, tags.bool, tags.null], class: "y-text" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], class: "y-mark" },
]);

const coloured = [yaml(), syntaxHighlighting(colours)];

function coloursFor(length: number): Extension {
  return length < MOST_COLOURED ? coloured : none;
}

const none: Extension = [];
const colouring = new Compartment();

/**
 * Makes the editor of a scenario: completion and hover from the table of fields, marks from the program's own diagnostics.
 *
 * @param edit called with the text after every change that a person makes
 */
export function createEditor(parent: HTMLElement, engine: Engine, edit: (text: string) => void): Editor {
  let isOpening = false;
  const stateOf = (text: string) =>
    EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        colouring.of(coloursFor(text.length)),
        EditorView.lineWrapping,
        // A file of Windows keeps its line ends.
        ...(text.includes("\r\n") ? [EditorState.lineSeparator.of("\r\n")] : []),
        EditorView.contentAttributes.of({ "aria-label": "Scenario, in YAML" }),
        autocompletion({ override: [(context) => complete(context, engine)], icons: false }),
        hoverTooltip((view, position) => describe(view, position, engine)),
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...completionKeymap, ...lintKeymap]),
        EditorView.updateListener.of(({ docChanged, startState, state }) => {
          if (docChanged && !isOpening) edit(state.sliceDoc());
          const wanted = coloursFor(state.doc.length);
          if (wanted !== coloursFor(startState.doc.length))
            view.dispatch({ effects: colouring.reconfigure(wanted) });
        }),
      ],
    });
  const view = new EditorView({ parent, state: stateOf("") });
  // Whoever has no mouse can scroll it.
  view.scrollDOM.tabIndex = 0;
  keepCaretShown(view);
  return {
    view,
    open: (text) => {
      isOpening = true;
      view.setState(stateOf(text));
      isOpening = false;
    },
    replace: (place, by) => {
      const { from, to } = rangeOf(view.state.doc, place);
      view.dispatch({ changes: { from, to, insert: by } });
    },
    show: (problems, fix) => {
      const marks = problems
        .slice(0, MOST_MARKED)
        .flatMap((problem) => markOf(problem, view.state.doc, fix) ?? []);
      view.dispatch(setDiagnostics(view.state, marks));
    },
    goTo: (place) => {
      const { from, to } = rangeOf(view.state.doc, place);
      view.dispatch({
        selection: { anchor: from, head: to },
        effects: EditorView.scrollIntoView(from, { y: "center" }),
      });
      view.focus();
    },
  };
}

/** Scrolls to the cursor where the editor shrinks, as it does for a list of faults, and no longer shows the line that is being typed. */
function keepCaretShown(view: EditorView): void {
  let before = 0;
  new ResizeObserver(() => {
    const { clientHeight, scrollTop } = view.scrollDOM;
    const { top, bottom } = view.lineBlockAt(view.state.selection.main.head);
    const wasShown = top >= scrollTop && top < scrollTop + before;
    if (view.hasFocus && wasShown && bottom > scrollTop + clientHeight)
      view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head) });
    before = clientHeight;
  }).observe(view.scrollDOM);
}

/** Positions of a place; within the text, which may have changed since. */
function rangeOf(doc: Text, { line, column, length }: Place): { readonly from: number; readonly to: number } {
  const own = doc.line(Math.min(doc.lines, Math.max(1, line)));
  const from = Math.min(own.to, own.from + column - 1);
  return { from, to: Math.min(own.to, from + length) };
}

function markOf(
  problem: Problem,
  doc: Text,
  fix: (problem: Problem, by: string) => void,
): Diagnostic | undefined {
  if (!problem.at) return undefined;
  const { severity, headline, expected, help, fixes } = problem;
  const message = [headline, expected && `expected: ${expected}`, help && `help: ${help}`]
    .filter(Boolean)
    .join("\n");
  return {
    ...rangeOf(doc, problem.at),
    severity,
    message,
    actions: fixes.map((by) => ({ name: `Write ${by}`, apply: () => fix(problem, by) })),
  };
}

async function complete(context: CompletionContext, engine: Engine): Promise<CompletionResult | null> {
  const spot = spotAt(context.state.sliceDoc(0, context.pos));
  if (!spot || (!context.explicit && spot.typed === 0 && !spot.isValue)) return null;
  const { typed, ...place } = spot;
  const all = await engine.ask<"suggest">({ kind: "suggest", spot: place }).catch(() => []);
  const { doc } = context.state;
  // A key may stand once in a map.
  const beside = place.isValue ? undefined : keysBeside(doc.toJSON(), doc.lineAt(context.pos).number - 1);
  const found = all.filter(({ label }) => !beside?.has(label));
  if (found.length === 0) return null;
  return {
    from: context.pos - typed,
    options: found.map(({ label, apply, isKey, detail, text }) => ({
      label,
      apply,
      detail,
      type: isKey ? "property" : "constant",
      ...(text === "" ? {} : { info: text }),
    })),
    validFor: /^[\w.-]*$/,
  };
}

async function describe(view: EditorView, position: number, engine: Engine): Promise<Tooltip | null> {
  const { doc } = view.state;
  const line = doc.lineAt(position);
  const keys = keysAt(view.state.sliceDoc(0, position), line.text);
  const found = keys && (await engine.ask<"describe">({ kind: "describe", keys }).catch(() => undefined));
  if (!found) return null;
  return {
    pos: position,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "y-hover";
      const title = document.createElement("b");
      title.textContent = found.title;
      dom.append(title, document.createTextNode(` ${found.text}`));
      return { dom };
    },
  };
}
