// Builds dist/page/gigafleet.html: the whole page in one file, which opens from disk and asks the network for nothing; and
// optimizer.js beside it, the search for a better plan, which `gigafleet open` serves with its solver.
// The engine is a script that is not run but handed to a worker as text: a worker cannot be loaded from a file on disk.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { parseAst } from "rolldown/parseAst";
import { minify } from "rolldown/utils";
import { inAscii } from "./in-ascii.mjs";
import { makeNotices, packagesIn } from "./notices.mjs";
import { storedArchive } from "./stored-archive.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

const inPackages = (file) => path.join(root, "node_modules", file);

/** Only jstat's functions of the beta distribution, from its own source: the whole package adds vectors, tests and regressions. */
const specialFunctions = {
  name: "special-functions",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^jstat$/ }, () => ({ path: inPackages("jstat/src/special.js") }));
    onLoad({ filter: /jstat.src.special\.js$/ }, ({ path: file }) => {
      const source = fs.readFileSync(file, "utf8");
      if (!fs.readFileSync(inPackages("jstat/dist/jstat.js"), "utf8").includes(source))
        throw new Error("the special functions of jstat are not those of its bundle");
      const functions = ["gammaln", "betaln", "betacf", "ibeta", "ibetainv"].map((name) => {
        const [text] = new RegExp(`^jStat\\.${name} = function[\\s\\S]*?^\\};$`, "m").exec(source) ?? [];
        if (!text) throw new Error(`jstat has no function ${name}`);
        return text;
      });
      const wanted = "export default { betaln: jStat.betaln, beta: { inv: jStat.ibetainv } };";
      return { contents: `const jStat = {};\n${functions.join("\n")}\n${wanted}` };
    });
  },
};

/**
 * Modules of packages that the page never calls: pivot tables, passwords and column widths of workbooks, LaTeX, long numbers, writing
 * YAML, and the scalars of YAML 1.1. A call would fail.
 */
const UNCALLED_MODULES = [
  "hucre.dist.xlsx.(?:pivot-writer|auto-width|crypto.agile|crypto.cfb)\\.mjs",
  "mathjs.lib.esm.utils.(?:latex|bignumber.formatter|bignumber.constants)\\.js",
  "yaml.browser.dist.stringify.\\w+\\.js",
  "yaml.browser.dist.schema.yaml-1\\.1.(?:bool|float|int)\\.js",
];

/**
 * Functions and methods of packages that the page never calls: mathjs parses and writes expressions, and neither evaluates nor
 * changes them; hucre writes sheets without cells but those that show the styles, and three kinds of charts with few of their
 * options; yaml reads documents and neither changes nor writes them. A call would fail.
 */
const UNCALLED = [
  {
    modules: "mathjs.lib.esm.expression.node.\\w+\\.js",
    names:
      "_compile _toHTML _toTex clone cloneDeep compile equals evaluate expandTemplate filter forEach fromJSON map needsEnd toHTML toJSON " +
      "toTex transform traverse",
  },
  {
    modules: "hucre.dist.xlsx.[\\w/\\\\-]+\\.mjs",
    names:
      "buildAllErrorBars buildCommentsXml buildDataLabelsBody buildDataLabelsSpPr buildDataLabelsTxPr buildDataTable " +
      "buildDoughnutChart buildErrorBars buildPieChart buildProtection buildScatterAxes buildScatterChart buildShape3D " +
      "buildTrendlines buildUpDownBars buildVmlDrawing collectSourceRows computeTableRange hashSheetPassword serializeColorAttrs " +
      "serializeConditionalFormatting serializeDataValidations serializeHeaderFooter serializeRichTextRuns serializeSparklines " +
      "sniffImageFormat writeFeaturePropertyBagXml writeMetadataXml writeSharedStringsXml writeTable",
  },
  {
    modules: "yaml.browser.dist.(?:compose|doc|nodes|parse).[\\w-]+\\.js",
    names:
      "addIn addPairToJSMap applyReviver clone createAlias createNode createNodeAnchors createPair deleteIn findNewAnchor " +
      "from getAliasCount setIn toJS toJSON toString",
  },
];

const inNodeModules = (pattern) => new RegExp(`node_modules.${pattern}$`);

const leftOut = {
  name: "left-out",
  setup: ({ onLoad }) => {
    onLoad({ filter: inNodeModules(`(?:${UNCALLED_MODULES.join("|")})`) }, ({ path: file }) => {
      const source = fs.readFileSync(file, "utf8");
      const declared = [...source.matchAll(/^export (?:var|let|const|function|async function|class) (\w+)/gm)];
      const listed = [...source.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) => names.split(","));
      const names = [...declared.map(([, name]) => name), ...listed.map((one) => one.trim().split(/ as /).at(-1))];
      const exported = names.filter(Boolean).map((name) => `fail as ${name}`);
      return { contents: `const fail = () => { throw new Error("left out of the page"); };\nexport { ${exported.join(", ")} };` };
    });
    for (const { modules, names } of UNCALLED) {
      const uncalled = new Set(names.split(" "));
      onLoad({ filter: inNodeModules(modules) }, ({ path: file }) => ({
        contents: withoutFunctions(fs.readFileSync(file, "utf8"), uncalled),
      }));
    }
  },
};

/** A source with parts of it replaced: `cutsIn` gives those of a node, none to look into the node. */
function replaceParts(source, cutsIn) {
  const cuts = [];
  const visit = (node) => {
    if (node === null || typeof node !== "object") return;
    const own = cutsIn(node);
    if (own.length > 0) cuts.push(...own);
    else for (const part of Object.values(node)) visit(part);
  };
  visit(parseAst(source));
  cuts.sort((one, other) => one.start - other.start);
  const kept = [0, ...cuts.map(({ end }) => end)].map((from, index) => source.slice(from, cuts[index]?.start));
  return kept.map((text, index) => text + (cuts[index]?.by ?? "")).join("");
}

/** A module without the methods of these names, and with functions of these names that fail. */
function withoutFunctions(source, names) {
  return replaceParts(source, (node) => {
    if (node.type === "MethodDefinition" && names.has(node.key.name)) return [{ ...node, by: "" }];
    if (node.type === "FunctionDeclaration" && names.has(node.id.name))
      return [{ ...node.body, by: '{ throw new Error("left out of the page"); }' }];
    return [];
  });
}

/** Diagnostics without the two texts that only `gigafleet explain` shows: arguments of `error` and `warning` in their table. */
const withoutExplanations = {
  name: "without-explanations",
  setup: ({ onLoad }) => {
    onLoad({ filter: /src.diagnostics.codes\.ts$/ }, async ({ path: file }) => {
      const { code } = await transform(fs.readFileSync(file, "utf8"), { loader: "ts", target: common.target });
      const contents = replaceParts(code, (node) => {
        const isEntry = node.type === "CallExpression" && ["error", "warning"].includes(node.callee.name);
        return isEntry ? node.arguments.slice(2, 4).map((text) => ({ ...text, by: '""' })) : [];
      });
      return { contents, loader: "js" };
    });
  },
};

/** Only d3-shape's default curve, the straight line: the package sets up all seventeen when it is loaded. */
const straightLines = {
  name: "straight-lines",
  setup: ({ onLoad }) => {
    onLoad({ filter: /node_modules.d3-shape.dist.d3-shape\.mjs$/ }, ({ path: file }) => {
      const source = fs.readFileSync(file, "utf8");
      const contents = source
        .replace(/^(?!Linear\.)\w+\.prototype = \{\n[\s\S]*?^\};$/gm, "")
        .replace(/^\(MonotoneY\.prototype[\s\S]*?^\};$/gm, "")
        .replace(/^var (\w+) = \(function custom[\s\S]*?^\}\)\([\d.]+\);$/gm, "var $1;")
        .replace(/^var (\w+) = curveRadial\(.*$/gm, "var $1;");
      return { contents };
    });
  },
};

/**
 * Functions of plain numbers from the source that WebAssembly is made from too, with the same bits: written out for plain numbers, as
 * the command has them, they are 5 KB more.
 */
const numbersFromSource = {
  name: "numbers-from-source",
  setup: ({ onLoad }) => {
    onLoad({ filter: /src.numbers.plain-functions\.ts$/ }, ({ path: file }) => {
      const named = [
        ["exponential", ["exp", "log", "log1p", "log2", "logOf", "power"]],
        ["normal", ["normalQuantile", "normalCdf"]],
      ];
      const lines = named.flatMap(([source, names]) => [
        `import * as ${source} from "./${source}.ts";`,
        ...names.map((name) => `export const ${name} = (x, y) => ${source}.${name}(plain, x, y);`),
      ]);
      const power = "export const powerByLog = (x, high, low, y) => exponential.powerByLog(plain, x, { high, low }, y);";
      const contents = [`import { plain } from "./plain-arithmetic.ts";`, ...lines, power].join("\n");
      return { contents, resolveDir: path.dirname(file) };
    });
  },
};

/** The page may take this much of a mail or a phone's data plan, compressed [bytes]. */
const BUDGET = 600 * 1024;

/** Scenarios that come with the page, the first one first. */
const scenarios = fs.readdirSync("scenarios").filter((name) => name.endsWith(".yaml"));

const common = {
  bundle: true,
  minify: true,
  format: "iife",
  platform: "browser",
  target: ["es2022"],
  write: false,
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  outdir: "dist/page",
  alias: {
    // Its build for browsers brings a whole Buffer along; its source needs two functions of it.
    "csv-stringify/sync": inPackages("csv-stringify/lib/sync.js"),
    "d3-interpolate": path.join(root, ".config/stand-ins/interpolate.mjs"),
    seedrandom: path.join(root, ".config/stand-ins/seedrandom.mjs"),
  },
  plugins: [specialFunctions, straightLines, leftOut, withoutExplanations, storedArchive, numbersFromSource],
  inject: [".config/stand-ins/buffer.mjs"],
  jsx: "automatic",
  jsxImportSource: "preact",
  tsconfigRaw: { compilerOptions: { target: "es2022", verbatimModuleSyntax: true } },
};

/** Scripts, not modules; their syntax stays that of `target`. */
const MINIFIED_AGAIN = { module: false, compress: { target: "es2022" } };

/** Modules of the part that simulates, which others import: it is a program of its own in threads that help the engine. */
const SIMULATION = [
  "src/engine/index.ts",
  "src/engine/operations/quantile-table.ts",
  "src/numbers/plain.ts",
  "src/numbers/plain-arithmetic.ts",
  "src/run/runner.ts",
  "src/run/crew.ts",
];

/** What the modules export, by name of module. */
async function readExports() {
  const one = async (entry) => {
    const { metafile } = await build({ ...common, format: "esm", minify: false, entryPoints: [entry] });
    return [entry, Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint === entry).exports];
  };
  return new Map(await Promise.all(SIMULATION.map(one)));
}

/** The program of threads that help; where another follows, that takes its modules from it. */
async function bundleHelper() {
  const modules = SIMULATION.map((file, index) => `import * as part${index} from "./${file}";`);
  const parts = SIMULATION.map((file, index) => `${JSON.stringify(file)}: { ...part${index} }`);
  const contents = `${modules.join("\n")}\nimport "./src/web/engine/help.ts";\nglobalThis.simulation = { ${parts.join(", ")} };`;
  return bundle("helper", { stdin: { contents, resolveDir: root, sourcefile: "helper.mjs" } });
}

/** Takes the modules of the part that simulates from the program before. */
const fromHelper = (exported) => ({
  name: "from-helper",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /\.ts$/ }, ({ path: file, resolveDir }) => {
      const name = path.relative(root, path.resolve(resolveDir, file));
      return exported.has(name) ? { path: name, namespace: "helper" } : undefined;
    });
    onLoad({ filter: /./, namespace: "helper" }, ({ path: name }) => {
      const lines = exported.get(name).map((one) => `export const ${one} = own.${one};`);
      return { contents: `const own = globalThis.simulation[${JSON.stringify(name)}];\n${lines.join("\n")}` };
    });
  },
});

/** The scenario that a page without any other plan shows. */
const FIRST = "openai-aws.yaml";

const folders = new Set();

/** Bundles a program. Minified a second time by another minifier it is 3 % smaller when compressed. */
async function bundle(entry, options = {}) {
  const result = await build({ ...common, ...(options.stdin ? {} : { entryPoints: [entry] }), ...options });
  for (const folder of packagesIn(result.metafile)) folders.add(folder);
  const { code, errors } = await minify(entry, result.outputFiles[0].text, MINIFIED_AGAIN);
  if (errors.length > 0) throw new Error(`${entry} cannot be minified: ${errors[0].message}`);
  // The browser keeps the texts: with one sign beyond ASCII in the page, all of it takes twice the memory.
  return inAscii(code);
}

/** What the report's own code says of styles, so that the page looks like it. */
async function readStyle() {
  const entry = "src/web/page/style.ts";
  const { outputFiles } = await build({ ...common, format: "esm", entryPoints: [entry] });
  const temporary = path.join(root, "dist", `style-${process.pid}.mjs`);
  fs.writeFileSync(temporary, outputFiles[0].contents);
  try {
    return await import(pathToFileURL(temporary).href);
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

/** Width of the column of pictures for which the first answer is drawn: that of a usual screen; others scale it [px]. */
const FIRST_WIDTH = 973;

/** The first answer to the first scenario, as the engine tells it: whoever opens the page reads it while the engine starts. */
async function readFirstAnswer(given) {
  const contents = `export { createPlanReader } from "./src/web/engine/plans.ts";
export { createSession } from "./src/web/engine/session.ts";`;
  const stdin = { contents, resolveDir: root, sourcefile: "first.mjs" };
  const { outputFiles } = await build({ ...common, format: "esm", stdin });
  const temporary = path.join(root, "dist", `first-${process.pid}.mjs`);
  fs.writeFileSync(temporary, outputFiles[0].contents);
  try {
    const { createPlanReader, createSession } = await import(pathToFileURL(temporary).href);
    const told = [];
    const ended = new Error("the first answer is told");
    const pause = async () => {
      throw ended;
    };
    const session = createSession(createPlanReader(given), (message) => told.push(message), pause);
    const plan = { file: FIRST, text: given.scenarios[FIRST], others: {}, sets: [] };
    await session.run({ kind: "run", run: 1, plan, pins: [], width: FIRST_WIDTH }).catch((error) => {
      if (error !== ended) throw error;
    });
    return told.find(({ kind }) => kind === "answer").answer;
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

const textsIn = (folder, names, prefix) =>
  Object.fromEntries(names.map((name) => [`${prefix}${name}`, fs.readFileSync(path.join(folder, name), "utf8")]));

const sha256 = (text) => createHash("sha256").update(text).digest("base64");

/** A script's text cannot end the element that it stands in. */
const inScript = (text) => text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");

fs.mkdirSync("dist/page", { recursive: true });
const { version } = JSON.parse(fs.readFileSync("package.json", "utf8"));
const exported = await readExports();
const [page, boot, helper, engine, optimizer, { PAGE_COLOURS, CONTENT_STYLE, PAGE_SCRIPT }] = await Promise.all([
  bundle("src/web/page/main.tsx"),
  bundle("src/web/page/boot.ts"),
  bundleHelper(),
  bundle("src/web/engine/worker.ts", { plugins: [fromHelper(exported), ...common.plugins] }),
  // The solver looks for its WebAssembly beside the program, and for Node's modules in Node alone.
  bundle("src/web/engine/optimizer.ts", {
    define: { "import.meta.url": "self.location.href" },
    external: ["node:module"],
  }),
  readStyle(),
]);
const catalogNames = fs.readdirSync("scenarios/catalog").filter((name) => name.endsWith(".yaml")).sort();
const shipped = {
  version,
  catalog: textsIn("scenarios/catalog", catalogNames, "catalog/"),
  scenarios: textsIn("scenarios", scenarios, ""),
  first: FIRST,
};
const inJson = (value) => inAscii(JSON.stringify(value)).replaceAll("<", "\\u003c");
const firstAnswer = await readFirstAnswer(shipped);
const { code: styles } = await transform(`${PAGE_COLOURS}${CONTENT_STYLE}${fs.readFileSync("src/web/page/page.css", "utf8")}`, {
  loader: "css",
  minify: true,
  target: common.target,
});
const scripts = [inScript(boot), inScript(page), PAGE_SCRIPT];
const policy = [
  "default-src 'none'",
  `script-src ${scripts.map((text) => `'sha256-${sha256(text)}'`).join(" ")} 'wasm-unsafe-eval'`,
  "worker-src blob:",
  "style-src 'unsafe-inline'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>Gigafleet</title><style>${styles}</style></head><body><div id="app"><noscript>This page computes in your browser and needs JavaScript. A report (report.html) does without.</noscript></div>
<script type="text/plain" id="helper">${inScript(helper)}</script>
<script type="text/plain" id="engine">${inScript(engine)}</script>
<script type="application/json" id="shipped">${inJson(shipped)}</script>
<script type="application/json" id="first">${inJson(firstAnswer)}</script>
${scripts.map((text) => `<script>${text}</script>`).join("")}
</body></html>
`;
const notices = makeNotices(root, folders);
const size = gzipSync(html, { level: 9 }).length;
fs.writeFileSync("dist/page/gigafleet.html", html);
fs.writeFileSync("dist/page/optimizer.js", optimizer);
fs.writeFileSync("dist/page/THIRD-PARTY-NOTICES.txt", notices);
console.log(`dist/page/gigafleet.html: ${Math.round(html.length / 1024)} KB, ${Math.round(size / 1024)} KB compressed`);
if (size > BUDGET) {
  console.error(`page: ${size} bytes compressed are more than the budget of ${BUDGET}`);
  process.exitCode = 1;
}
