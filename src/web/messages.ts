/**
 * What the page and its engine say to each other: the page asks, the engine tells. Both sides import these types, so that every
 * message can be posted as it is.
 */
import type { Goal } from "../analysis/optimize/read-task.ts";
import type { Book } from "../analysis/results/book.ts";
import type { TraceNode } from "../analysis/trace/trace-node.ts";
import type { FigureName } from "../charts/kit/figure-name.ts";

/** Texts of files by name. */
export type Texts = Readonly<Record<string, string>>;

/** What comes with the page: the catalog, and scenarios to begin with. */
export type Shipped = {
  readonly version: string;
  readonly catalog: Texts;
  readonly scenarios: Texts;
  /** The scenario that a page without any other plan shows. */
  readonly first: string;
};

/** A plan: its scenario file, the files beside it, and changes as `--set` takes them. */
export type Plan = {
  readonly file: string;
  readonly text: string;
  /** Files that the scenario extends or reads, besides those that come with the page. */
  readonly others: Texts;
  readonly sets: readonly string[];
};

/** Asks to run a plan; a newer request ends it. */
export type RunRequest = {
  readonly kind: "run";
  readonly run: number;
  readonly plan: Plan;
  /** Paths of certain values that shall have a slider. */
  readonly pins: readonly string[];
  /** Width of the column that shows the pictures [px]. */
  readonly width: number;
  /** Whether the page has no sliders: they are told then even if they are those that were told last. */
  readonly isWithoutSliders?: boolean;
  /** Path of the slider that moves just now: it is answered coarsely before the plan is checked. */
  readonly moving?: string;
  /** Pictures on the page that are far from the screen: a coarse answer leaves them as they are. */
  readonly far?: readonly string[];
};

/** Where in a scenario the cursor stands: the keys above it, and whether a value is wanted there. */
export type Spot = { readonly keys: readonly string[]; readonly isValue: boolean };

/** Questions that have one answer each. */
export type Question =
  /** `plans` are those that the figure's `run` counts among, where they are not the ones compared last. */
  | { readonly kind: "trace"; readonly figure: FigureName; readonly plans?: readonly [Plan, Plan] }
  /** The parts of a node of the last trace; `path` are positions among children, from the figure down. */
  | { readonly kind: "unfold"; readonly path: readonly number[] }
  | { readonly kind: "suggest"; readonly spot: Spot }
  | { readonly kind: "describe"; readonly keys: readonly string[] }
  /** Certain values by words of their name, to give one a slider. */
  | { readonly kind: "find"; readonly words: readonly string[] }
  /** The last plan beside an earlier one, or its mixes side by side; `width` is that of the pictures [px]. */
  | { readonly kind: "compare"; readonly with: Plan | "mixes"; readonly width: number }
  /** The files that the command would write for the last run. */
  | { readonly kind: "files" }
  /** The workbook that the command would write for it. */
  | { readonly kind: "workbook" };

export type Ask =
  /** `helper` is the program of threads that help. */
  | { readonly kind: "start"; readonly shipped: Shipped; readonly helper: string }
  | RunRequest
  /** Draws the last answer again for another width. */
  | { readonly kind: "draw"; readonly width: number }
  /** Gets ready to move a slider. */
  | { readonly kind: "hold"; readonly path: string }
  | { readonly kind: "question"; readonly id: number; readonly question: Question };

/** A place in the scenario file: 1-based line and column, length in UTF-16 units. */
export type Place = { readonly line: number; readonly column: number; readonly length: number };

/** A fault or a doubt; `at` is absent where it is not in the scenario file itself. */
export type Problem = {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly headline: string;
  readonly at?: Place;
  /** Its place in words, if it is elsewhere. */
  readonly elsewhere?: string;
  readonly expected?: string;
  readonly help?: string;
  /** Texts that remove it when they stand in its place. */
  readonly fixes: readonly string[];
};

/** What a run says, as HTML whose every text is escaped. */
export type Answer = {
  /** Trials of the sample; 0 for the plain run, before the first sample or where nothing is uncertain. */
  readonly trials: number;
  /** Whether no finer answer follows. */
  readonly isFinal: boolean;
  /** Whether it has all trials and only its plan is still to be checked; `final` says that it is. */
  readonly isWhole?: boolean;
  readonly title: string;
  readonly kicker: string;
  readonly question: string;
  readonly sentences: string;
  readonly keys: string;
  readonly keysNote: string;
  /** Columns of pictures. */
  readonly columns: 1 | 2;
  readonly sections: readonly AnswerSection[];
  readonly footer: string;
  /** The command that computes the same. */
  readonly command: string;
  /** Whether the scenario names mixes to compare. */
  readonly hasMixes: boolean;
};

export type AnswerSection = {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  /** Without HTML where an earlier drawing may stay. */
  readonly pictures: readonly { readonly id: string; readonly html?: string }[];
  readonly table: string;
};

/** A value that a slider moves. */
export type Movable = {
  /** Path that `--set` takes. */
  readonly path: string;
  /** Path of the line that states the value. */
  readonly line: string;
  readonly name: string;
  /** As the scenario has it. */
  readonly written: string;
  /** How sure it is, in words. */
  readonly quality: string;
  /** Whether the scenario gives a range; otherwise it was pinned. */
  readonly isUncertain: boolean;
  /** Ends and middle in the unit; the middle is the median. */
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  readonly step: number;
  /** Unit as a scenario has it, empty for plain numbers and months. */
  readonly unit: string;
  /** SI units in one of this unit. */
  readonly siPerUnit: number;
  /** Whether the numbers are absolute months. */
  readonly isMonth: boolean;
  /** Quantiles of the draws: P5, P25, P75, P95; none where it is certain. */
  readonly quantiles: readonly number[];
  /** Written around the value, such as `{ value: VALUE, currency_year: 2025 }`. */
  readonly form: string;
};

/** An uncertain value that no one number stands for, such as a price by month: it has a place in the list and no slider. */
export type Unmovable = Pick<Movable, "line" | "name" | "written" | "quality">;

/** How closely the cost follows the values, in a sample. */
export type Influence = {
  readonly trials: number;
  /** Absolute rank correlation by the path of the line that declares a value; those that chance explains are left out. */
  readonly byLine: Readonly<Record<string, number>>;
};

/** A completion. */
export type Suggestion = {
  readonly label: string;
  readonly apply: string;
  readonly isKey: boolean;
  readonly detail: string;
  readonly text: string;
};

/** What a comparison says, as HTML whose every text is escaped. */
export type Compared = {
  readonly sentences: string;
  readonly pictures: readonly { readonly id: string; readonly html: string }[];
  /** Table of the inputs that differ. */
  readonly inputs: string;
};

/** A node of a trace with its words and its number as the answer writes them. */
export type PostedNode = Omit<TraceNode, "children" | "later"> & {
  readonly label: string;
  /** The site, contract or the like that it is of, in words; empty for the whole. */
  readonly whose: string;
  readonly number: string;
  /** The number with up to six digits, where it has more than are shown. */
  readonly digits?: string;
  readonly children: readonly PostedNode[];
};

export type TracedFigure = { readonly metric: string; readonly text: string; readonly tree: PostedNode };

/** Answers by the kind of question. */
export type Replies = {
  readonly trace: TracedFigure;
  readonly unfold: readonly PostedNode[];
  readonly suggest: readonly Suggestion[];
  readonly describe: { readonly title: string; readonly text: string } | undefined;
  readonly find: readonly { readonly path: string; readonly name: string; readonly written: string }[];
  readonly compare: Compared;
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly workbook: { readonly name: string; readonly pieces: readonly Uint8Array[] };
};

export type Tell =
  | { readonly kind: "ready" }
  | {
      readonly kind: "checked";
      readonly run: number;
      readonly problems: readonly Problem[];
      readonly isSound: boolean;
    }
  /** The sliders of a plan as it is written; told again only when its text or its pins change, or the page has none. */
  | {
      readonly kind: "sliders";
      readonly movables: readonly Movable[];
      readonly unmovables: readonly Unmovable[];
    }
  /** The same problems with what removes them. */
  | { readonly kind: "fixes"; readonly run: number; readonly problems: readonly Problem[] }
  /** `influence`: once a sample says so. */
  | {
      readonly kind: "answer";
      readonly run: number;
      readonly answer: Answer;
      readonly influence?: Influence;
    }
  /** The answer of the run that was told last is final: its plan has been checked meanwhile. */
  | { readonly kind: "final"; readonly run: number; readonly influence?: Influence }
  | { readonly kind: "reply"; readonly id: number; readonly reply: Replies[keyof Replies] }
  /** `isCalledOff`: only because the plan changed meanwhile, so that it can be asked again. */
  | { readonly kind: "refused"; readonly id: number; readonly reason: string; readonly isCalledOff: boolean }
  /** A fault of the program. */
  | { readonly kind: "broken"; readonly text: string };

/** Asks for the best plan within the limits of a plan; `width` is that of the pictures [px]. */
export type Search = {
  readonly shipped: Shipped;
  readonly plan: Plan;
  readonly goal: Goal;
  readonly book: Book;
  readonly width: number;
};

/** A plan that was found, as HTML whose every text is escaped, and the scenario that it is. */
export type FoundPlan = {
  readonly title: string;
  readonly sentences: string;
  readonly pictures: readonly { readonly id: string; readonly html: string }[];
  readonly purchases: string;
  readonly footer: string;
  readonly file: string;
  readonly text: string;
  readonly others: Texts;
  /** Numbers of the search itself taken apart, by the attributes of their buttons: only the search has its program. */
  readonly traces: Readonly<Record<string, TracedFigure>>;
};

/** What a search ends with: `unloaded` without its solver, `broken` by a fault of the program. */
export type Searched =
  | { readonly kind: "found"; readonly found: FoundPlan }
  | { readonly kind: "unloaded" }
  | { readonly kind: "refused" | "broken"; readonly reason: string };
