// Who may import whom in src/, and what the pure folders may not touch. Used by layers.test.ts.
import { isBuiltin } from "node:module";
import path from "node:path";

/** Source text by path from the repository's root, for example "src/engine/simulate.ts". */
export type Sources = ReadonlyMap<string, string>;

export interface Violation {
  readonly file: string;
  /** What was imported or written. */
  readonly what: string;
  readonly rule: string;
  readonly reason: string;
}

interface FolderRule {
  readonly mayImport: readonly string[];
  readonly reason: string;
}

/** A folder of src/ (or index.ts), the folders it may import besides itself, and why no others. */
const folders: Readonly<Record<string, FolderRule>> = {
  metrics: { mayImport: [], reason: "the metric table is data that every other part reads" },
  diagnostics: {
    mayImport: [],
    reason: "errors are data; whoever reports them knows nothing of their cause",
  },
  numbers: { mayImport: [], reason: "functions of numbers are arithmetic and nothing else" },
  engine: {
    mayImport: ["metrics", "numbers"],
    reason: "the engine runs from a posted Plan, in any thread or browser",
  },
  units: { mayImport: ["diagnostics", "numbers"], reason: "quantities know nothing of scenarios" },
  scenario: {
    // Of engine/ the operations alone: quantiles of distributions and the arithmetic that expressions share with it.
    mayImport: ["engine", "metrics", "numbers", "units", "diagnostics"],
    reason: "a scenario is checked values with their origin; what is computed of it is decided elsewhere",
  },
  compile: {
    mayImport: ["scenario", "engine", "metrics", "units", "diagnostics"],
    reason: "a scenario becomes a Plan; who runs it and what is shown is decided elsewhere",
  },
  analysis: {
    // Of run/ the type Runner alone; of diagnostics/ and units/ what turns a fault into a message.
    mayImport: ["compile", "engine", "metrics", "numbers", "scenario", "units", "diagnostics", "run"],
    reason: "an analysis is given a Runner and returns Tables; display and threads are not its concern",
  },
  export: {
    mayImport: ["metrics", "numbers", "units", "diagnostics"],
    reason: "an exporter sees Tables, never the model",
  },
  charts: {
    mayImport: ["metrics", "numbers"],
    reason: "a picture is drawn from the numbers of a table alone, and says the same wherever it is shown",
  },
  report: {
    // Of analysis/ and scenario/ what was found and what is called how; of charts/ the pictures.
    mayImport: ["metrics", "charts", "scenario", "compile", "analysis", "units", "diagnostics"],
    reason:
      "a report tells of an analysis that is done; where it is written, and what else is shown, is not its concern",
  },
  workbook: {
    // It reads from engine/ what instructions and kernels mean, from compile/ the entities and what each figure reads, and from
    // analysis/ the traced run and the tables.
    mayImport: ["metrics", "numbers", "engine", "scenario", "compile", "analysis", "diagnostics"],
    reason:
      "a workbook is made of the formulas of the metric table and of one run; where it is written is not its concern",
  },
  run: { mayImport: ["engine"], reason: "a worker carries no mathjs, yaml or yargs" },
  solver: {
    // It reads from analysis/ only the interface of a solver.
    mayImport: ["analysis"],
    reason:
      "a search is given its solver, which is larger than everything else and is loaded where one is needed",
  },
  index: {
    mayImport: [
      "metrics",
      "diagnostics",
      "engine",
      "units",
      "scenario",
      "compile",
      "analysis",
      "export",
      "run",
    ],
    reason: "the library has no command line and no page",
  },
  node: {
    mayImport: ["scenario", "diagnostics"],
    reason: "files of the disk go in as texts; the library's core never sees Node",
  },
  cli: {
    mayImport: [
      "node",
      "metrics",
      "diagnostics",
      "engine",
      "units",
      "scenario",
      "compile",
      "analysis",
      "export",
      "charts",
      "report",
      "workbook",
      "run",
      "solver",
      "index",
    ],
    reason: "the page is not a part of the command line",
  },
  web: {
    mayImport: [
      "metrics",
      "diagnostics",
      "units",
      "scenario",
      "analysis",
      "export",
      "charts",
      "report",
      "workbook",
      "run",
      "solver",
    ],
    reason: "the page shows analyses; it has no model of its own, and the command line is no part of it",
  },
};

/** The only folders that may import an npm package. A package that is not listed here may be imported nowhere. */
const packages: Readonly<Record<string, readonly string[]>> = {
  mathjs: ["units", "scenario"],
  yaml: ["scenario"],
  jstat: ["scenario"],
  seedrandom: ["analysis"],
  // The package's main entry streams, and its types let all of Node's in.
  "csv-stringify/sync": ["export"],
  // Scales and marks of charts; no DOM.
  "d3-scale": ["charts", "export"],
  "d3-shape": ["charts", "export"],
  // Its entry for Node opens files; this one does not.
  "hyparquet-writer": ["export"],
  // Workbooks: their XML, and an archive that is the same on every platform.
  "hucre/xlsx": ["workbook"],
  fflate: ["workbook"],
  // The page and its editor.
  preact: ["web"],
  "@preact/signals": ["web"],
  "@codemirror/autocomplete": ["web"],
  "@codemirror/commands": ["web"],
  "@codemirror/lang-yaml": ["web"],
  "@codemirror/language": ["web"],
  "@codemirror/lint": ["web"],
  "@codemirror/search": ["web"],
  "@codemirror/state": ["web"],
  "@codemirror/view": ["web"],
  "@lezer/highlight": ["web"],
  yargs: ["cli"],
  highs: ["solver"],
  "cli-progress": ["cli"],
};

const nodeFolders = ["cli", "run", "node"];

const pureFolders = [
  "numbers",
  "engine",
  "metrics",
  "scenario",
  "compile",
  "units",
  "analysis",
  "charts",
  "report",
];
const impure: readonly (readonly [RegExp, string])[] = [
  [/\bMath\s*\.\s*random\b/, "Math.random"],
  [/\bDate\s*\.\s*now\b/, "Date.now"],
  [/\bnew\s+Date\b/, "new Date"],
  [/\bperformance\s*\./, "performance."],
  [/\bconsole\s*\./, "console."],
];

/** Operators and functions whose last bits are each engine's own; `src/numbers/` has them with the same bits everywhere. */
const machineNumbers: readonly (readonly [RegExp, string])[] = [
  // As the formatter writes it; stars in texts stand otherwise.
  [/[\w)\]] \*\* [\w(-]/, "`**`"],
  [
    /\bMath\s*\.\s*(?:pow|exp|expm1|log|log1p|log2|log10|cbrt|hypot|a?sinh?|a?cosh?|a?tanh?|atan2)\b/,
    "Math's powers and logarithms",
  ],
];

/** Comments become blanks, so that what they mention does not count. Line ends stay. */
function withoutComments(text: string): string {
  return text.replace(
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (piece) => (piece.startsWith("/") ? piece.replace(/[^\n]/g, " ") : piece),
  );
}

/** Quoted strings become empty; templates stay, for they hold code. */
function withoutStrings(text: string): string {
  return text.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, '""');
}

interface Import {
  readonly specifier: string;
  readonly dynamic: boolean;
}

export function importsOf(text: string): Import[] {
  const code = withoutComments(text);
  const found: Import[] = [];
  const collect = (pattern: RegExp, dynamic: boolean): void => {
    for (const match of code.matchAll(pattern)) found.push({ specifier: match[1], dynamic });
  };
  // import a, { b } from "x"; import type { c } from "x"; export { d } from "x"; export * as e from "x"
  collect(/(?:^|[;}])\s*(?:import|export)\b[\w\s*{},$]*?\bfrom\s*["']([^"']+)["']/gm, false);
  collect(/(?:^|[;}])\s*import\s*["']([^"']+)["']/gm, false);
  collect(/\b(?:import|require)\s*\(\s*["'`]([^"'`]+)["'`]/g, true);
  return found;
}

function folderOf(file: string): string {
  const inside = file.slice("src/".length);
  return inside.includes("/") ? inside.slice(0, inside.indexOf("/")) : inside.replace(/\.[^.]*$/, "");
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The source file that a relative import means, or its bare path when there is none (then tsc complains). */
function resolve(file: string, specifier: string, sources: Sources): string {
  const target = path.posix.join(path.posix.dirname(file), specifier);
  const candidates = [target, `${target}.ts`, `${target}/index.ts`, target.replace(/\.js$/, ".ts")];
  return candidates.find((candidate) => sources.has(candidate)) ?? target;
}

export function findViolations(sources: Sources): Violation[] {
  const violations: Violation[] = [];
  const edges = new Map<string, string[]>();
  const usesNode = new Map<string, string>();

  for (const [file, text] of sources) {
    const folder = folderOf(file);
    const report = (what: string, rule: string, reason: string): void => {
      violations.push({ file, what, rule, reason });
    };
    const targets: string[] = [];
    edges.set(file, targets);

    const own = folders[folder];
    if (!own) {
      const names = Object.keys(folders).join(", ");
      report(
        file,
        `src/ holds ${names} only`,
        "a new folder needs a place among the layers in tests/project",
      );
    }

    for (const { specifier, dynamic } of importsOf(text)) {
      if (dynamic && pureFolders.includes(folder)) {
        report(
          `import("${specifier}")`,
          `no dynamic import in ${folder}/`,
          "what loads when is decided at the edge",
        );
      }
      if (specifier.startsWith(".")) {
        const target = resolve(file, specifier, sources);
        targets.push(target);
        if (!target.startsWith("src/")) {
          if (!(folder === "cli" && target === "package.json")) {
            report(specifier, "src/ imports nothing outside of src/", "the rest is not part of the program");
          }
          continue;
        }
        const other = folderOf(target);
        if (own && other !== folder && !own.mayImport.includes(other)) {
          const allowed = own.mayImport.length > 0 ? own.mayImport.join(", ") : "nothing";
          report(specifier, `${folder} may import ${allowed}`, own.reason);
        }
      } else if (specifier.startsWith("node:") || isBuiltin(specifier)) {
        usesNode.set(file, specifier);
        if (!nodeFolders.includes(folder)) {
          report(
            specifier,
            `Node's modules only in ${nodeFolders.join(" and ")}`,
            "all else runs in a browser too",
          );
        }
      } else {
        const name = packages[specifier] ? specifier : packageOf(specifier);
        const where = packages[name];
        if (!where?.includes(folder)) {
          const rule = where ? `${name} only in ${where.join(" and ")}` : `${name} is in no list of packages`;
          report(
            specifier,
            rule,
            "each library sits behind one folder (tests/project/layers.ts), so that it can be replaced",
          );
        }
      }
    }

    if (pureFolders.includes(folder)) {
      const code = withoutStrings(withoutComments(text));
      for (const [pattern, name] of impure) {
        if (pattern.test(code)) {
          report(
            name,
            `no ${name} in ${folder}/`,
            "the same scenario and seed give the same numbers, silently",
          );
        }
      }
      for (const [pattern, name] of machineNumbers) {
        if (pattern.test(code))
          report(
            name,
            `no ${name} in ${folder}/ but from numbers/`,
            "results have the same bits on every machine",
          );
      }
      if (/\bimport\s*\(\s*[^\s"'`]/.test(code.replace(/import\s*\(\s*""/g, ""))) {
        report("import(...)", `no dynamic import in ${folder}/`, "what loads when is decided at the edge");
      }
    }
  }

  for (const file of sources.keys()) {
    const cycle = cycleFrom(file, edges);
    if (cycle) {
      const reason = "files that need each other cannot be read, tested or moved one by one";
      violations.push({ file, what: cycle.join(" -> "), rule: "no import cycles", reason });
    }
  }

  const reached = pathsFrom("src/index.ts", edges);
  for (const [file, specifier] of usesNode) {
    const way = reached.get(file);
    if (way) {
      const what = `${way.join(" -> ")} -> ${specifier}`;
      violations.push({
        file: "src/index.ts",
        what,
        rule: "the library reaches no module of Node",
        reason: "it runs in a browser",
      });
    }
  }
  return violations;
}

/** Each file that can be reached, with the way to it. */
function pathsFrom(start: string, edges: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const paths = new Map<string, string[]>([[start, [start]]]);
  for (const [file, way] of paths) {
    for (const next of edges.get(file) ?? []) if (!paths.has(next)) paths.set(next, [...way, next]);
  }
  return paths;
}

/** A shortest cycle through `file`, reported only by the first of its files in the alphabet. */
function cycleFrom(file: string, edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  for (const [last, way] of pathsFrom(file, edges)) {
    if (edges.get(last)?.includes(file) && way.every((one) => one >= file)) return [...way, file];
  }
  return undefined;
}

export function render({ file, what, rule, reason }: Violation): string {
  return `${file}: ${what}\n    rule: ${rule}\n    because ${reason}`;
}
