/** How bad a diagnostic is: an `error` stops the run, a `warning` does not. */
export type Severity = "error" | "warning";

/** Texts that fill a headline. `path` is set by `diagnose` from the diagnostic's own path. */
export type DiagnosticValues = Readonly<Record<string, string>>;

/** One row of the table of codes: everything that is ever said about a kind of fault. */
export type CodeEntry<ValueName extends string = string> = {
  readonly severity: Severity;
  /** Names of the values the headline cannot do without. */
  readonly values: readonly ValueName[];
  /** One line, lower case, no full stop: which thing, what it needs, what it got. */
  readonly headline: (values: DiagnosticValues) => string;
  /** Words beside the carets, where they say more than the headline. */
  readonly label?: (values: DiagnosticValues) => string;
  /** What the fault is and why it is one, for `gigafleet explain CODE`. */
  readonly explanation: string;
  /** What to type instead. */
  readonly remedy: string;
};

/**
 * The table of codes: one row for each fault that can be found in what a user wrote.
 *
 * A code names the fault, not its cure, in words of a closed vocabulary. All prose about faults lives here;
 * a `help` or `expected` that depends on the place is added where the fault is found.
 */
export const CODES = {
  // Reading the file.
  "empty-file": error(
    ["file"],
    (v) => `${quote(v.file)} holds no scenario`,
    "The file has no content, or only comments, so there is nothing to simulate.",
    "Write at least `schema_version`, `start`, `years`, one site and one fleet.",
  ),
  "invalid-yaml": error(
    ["reason"],
    (v) => `invalid YAML: ${v.reason}`,
    "The file could not be read as YAML. Usual causes are a tab in the indentation, a missing space after a colon, or a bracket or quote left open.",
    "Correct the marked place; put text that holds `: ` or ` #` in quotes.",
  ),
  "duplicate-key": error(
    ["key"],
    (v) => `duplicate key ${quote(v.key)}${within(v, v.key)}`,
    "The same key stands twice in one map. YAML would silently keep one of the two, so neither is trusted.",
    "Delete or rename one of the two.",
  ),
  "alias-bomb": error(
    ["limit"],
    (v) => `the file's aliases expand to more than ${v.limit} values`,
    "YAML aliases (`*name`) that repeat each other grow without bound, enough to exhaust memory. Real scenarios stay far below the limit.",
    "Write the values out, or use `let` and `extends` to share them.",
  ),
  "unsafe-key": error(
    ["key"],
    (v) => `invalid key ${quote(v.key)}${within(v, v.key)}: the name is reserved`,
    "The keys `__proto__`, `constructor` and `prototype` mean something to JavaScript itself and are never accepted.",
    "Choose another name.",
  ),
  "too-large": error(
    ["subject", "got", "limit"],
    (v) => `${v.subject} is out of range: ${v.got}, at most ${v.limit}`,
    "A limit on the size of input was passed. Limits keep a scenario from a stranger safe to run.",
    "Make it smaller, for example by moving a long table into a CSV file beside the scenario.",
  ),
  "too-deep": error(
    ["subject", "limit"],
    (v) => `${v.subject} is nested more than ${v.limit} levels deep`,
    "Values or expressions nested this deeply are never needed and could exhaust the stack.",
    "Give the inner parts names under `let` and use those.",
  ),
  "missing-file": error(
    ["file"],
    (v) => `missing file ${quote(v.file)}`,
    "A file that the scenario or the command line names does not exist or cannot be read. Paths are relative to the file that writes them.",
    "Correct the path, or create the file.",
  ),
  "invalid-encoding": error(
    ["file", "got"],
    (v) => `${quote(v.file)} is not UTF-8; it looks like ${v.got}`,
    "Files are read as UTF-8. Read as anything else, letters beyond ASCII would change without a word.",
    "Save the file as UTF-8 in the editor, or convert it with `iconv`; spreadsheets offer `CSV UTF-8`.",
  ),
  "invalid-csv": error(
    ["file", "reason"],
    (v) => `invalid CSV in ${quote(v.file)}: ${v.reason}`,
    "A table beside the scenario could not be read: a row has too many or too few cells, or a quote is left open.",
    "Correct the row; the first row holds the column names and every row has as many cells.",
  ),
  "unsupported-version": error(
    ["got", "known"],
    (v) => `unknown schema version ${quote(v.got)}, this program reads ${v.known}`,
    "The scenario was written for another version of the scenario language than this program reads.",
    "Update the program, or rewrite the scenario as the changelog says and set `schema_version`.",
  ),

  // Structure: keys, fields, references.
  "unknown-key": error(
    ["key"],
    (v) => `unknown key ${quote(v.key)}${within(v, v.key)}`,
    "No field of this name exists here. Unknown keys are errors, because a misspelt key would otherwise leave a default in force unseen.",
    "Use one of the names offered, or see the list of fields in docs/reference.",
  ),
  "unknown-reference": error(
    ["kind", "name"],
    (v) => `${thing(v)} names an unknown ${v.kind} ${quote(v.name)}`,
    "The value must be the name of something defined elsewhere in the scenario, and nothing has that name.",
    "Correct the name, or define it.",
  ),
  "unknown-chip": error(
    ["name"],
    (v) => `${thing(v)} names an unknown chip ${quote(v.name)}`,
    "The chip is neither in the catalog nor under `chips` of the scenario.",
    "Use a chip of the catalog (`gigafleet catalog` lists them), or describe it under `chips`.",
  ),
  "missing-field": error(
    ["field"],
    (v) => `missing ${quote(v.field)}${within(v, v.field)}`,
    "A field without a default is absent, so there is no value to simulate with.",
    "Add the field.",
  ),
  "conflict-fields": error(
    ["fields"],
    (v) => `conflict${within(v, "")}: ${v.fields} exclude each other`,
    "Two fields say the same thing in two ways, and they could disagree.",
    "Keep one of them.",
  ),
  "misplaced-field": error(
    ["field", "kind"],
    (v) => `${quote(v.field)}${within(v, v.field)} is of no use for ${quote(v.kind)}`,
    "The field belongs to another kind of workload, or to another choice made beside it, and would have no effect.",
    "Delete it, or correct the choice.",
  ),
  "circular-extends": error(
    ["chain"],
    (v) => `invalid \`extends\`: the files extend each other in a circle (${v.chain})`,
    "A file extends, directly or through others, itself, so no file is the base.",
    "Remove one `extends` of the circle.",
  ),
  "unknown-override": error(
    ["name"],
    (v) => `unknown override ${quote(v.name)}`,
    "A scenario or the command line names an override that the file does not define.",
    "Use a name that stands under `overrides`.",
  ),
  "duplicate-override": error(
    ["field", "first", "second"],
    (v) => `duplicate override: ${quote(v.field)} is set by both ${quote(v.first)} and ${quote(v.second)}`,
    "Two overrides that are applied together set the same field, and their order must not decide the result.",
    "Remove the field from one of the two, or make a third override of it.",
  ),
  "unknown-scenario": error(
    ["name"],
    (v) => `unknown scenario ${quote(v.name)}`,
    "The file defines no scenario of this name under `scenarios`.",
    "Use one of the names offered.",
  ),
  "missing-source": error(
    ["field"],
    (v) => `missing source for ${quote(v.field)}`,
    "Every number of the catalog carries its source, URL, date and quality. A number without an origin cannot be checked or updated.",
    "Add `source`, `url`, `as_of` and `quality`; an estimate of your own has quality `assumed`.",
  ),
  "duplicate-entry": error(
    ["name"],
    (v) => `duplicate entry ${quote(v.name)} in the catalog`,
    "The catalog holds the same thing twice: one name in two files, or one chip under two names. Which of the two counts would depend on the order of the files.",
    "Keep one entry. To try other figures, change it in a scenario.",
  ),
  "sparse-rate": error(
    ["text", "reason"],
    (v) => `invalid rate ${quote(v.text)}${for_(v)}, which looks sparse: ${v.reason}`,
    "Peak rates of the catalog are dense. Vendors often print the rate with structured sparsity, usually twice as high, which no model reaches. A rate is refused if its own note calls it sparse, if it is four times the next wider format's, or if per provisioned watt it is 2.5 times the best chip sold until then.",
    "Enter the dense rate, and name the sparse one in the note if you like.",
  ),
  "implausible-value": error(
    ["needs", "got"],
    (v) => `${thing(v)} is outside physical sense: needs ${v.needs}, got ${v.got}`,
    "The figure contradicts others of the catalog by more than any chip could: ten times the FLOP per watt of the best one, memory read hundreds of times a second, or a package that takes more power than is provisioned for it. It is nearly always a slip of unit or of magnitude.",
    "Check the figure and those it is compared with against their sources.",
  ),
  "unknown-warning": error(
    ["name"],
    (v) => `unknown warning ${quote(v.name)} in \`allow\``,
    "Only the code of a warning can be allowed. Errors cannot be allowed.",
    "Use the code as it stands in brackets in the warning.",
  ),

  // Values.
  "invalid-type": error(
    ["needs", "got"],
    (v) => `${thing(v)} needs ${v.needs}, got ${v.got}`,
    "The value has another shape than the field takes, such as a map where one text is due.",
    "Write a value of the shape shown.",
    (v) => v.got ?? "",
  ),
  "invalid-value": error(
    ["text", "reason"],
    (v) => `invalid value ${quote(v.text)}${for_(v)}: ${v.reason}`,
    "The text is not a value this field can take.",
    "Write a value like the one shown.",
  ),
  "invalid-date": error(
    ["text"],
    (v) => `invalid month ${quote(v.text)}${for_(v)}`,
    "Time runs in whole months, written as year and month.",
    "Write `YYYY-MM`, such as `2027-01`.",
  ),
  "invalid-name": error(
    ["name", "reason"],
    (v) => `invalid name ${quote(v.name)}: ${v.reason}`,
    "Names are used in expressions, so they start with a lower-case letter, go on with lower-case letters, digits and `_`, and are no unit, function or word of the language. A name such as `h` would silently take the place of the hour.",
    "Choose a longer name, such as `hours_worked` for `h`.",
  ),
  "invalid-mix": error(
    ["reason"],
    (v) => `invalid mix${for_(v)}: ${v.reason}`,
    "The shares of a mix are fractions that make up the whole fleet: between 0 and 1, together 1, with at most one part `rest`. An uncertain share needs a `rest` to take up the difference.",
    "Correct the shares, or write `rest` for the last part.",
  ),
  "invalid-schedule": error(
    ["reason"],
    (v) => `invalid schedule${for_(v)}: ${v.reason}`,
    "A commitment schedule splits the whole commitment over intervals, each from its date to the next, the first from the contract's start on.",
    "Correct the dates and shares so that they begin with the contract and add to 100 %.",
  ),
  "circular-condition": error(
    ["name", "chain"],
    (v) => `condition of ${quote(v.name)} reads its own effect: ${v.chain}`,
    "A fleet that waits for a tranche cannot be what unlocks it: the tranche would wait for the fleet and the fleet for the tranche.",
    "Let the condition read another fleet, or drop `funded_by`.",
  ),
  "mixed-currency-years": error(
    ["outer", "inner"],
    (v) => `conflict${for_(v)}: money of ${v.outer} made from money of ${v.inner}`,
    "An amount with a `currency_year` is carried to the month it is paid in by inflation. Made from another amount that has a `currency_year` of its own, it would be inflated twice.",
    "Keep the `currency_year` where the amount is first written, and leave it out of what is made from it.",
  ),
  "invalid-distribution": error(
    ["reason"],
    (v) => `invalid distribution${for_(v)}: ${v.reason}`,
    "The parameters do not describe a distribution: quantiles must rise, a deviation is not negative, a lognormal is positive, chances sum to 1.",
    "Correct the parameters.",
  ),
  "invalid-correlation": error(
    ["reason"],
    (v) => `invalid correlation${for_(v)}: ${v.reason}`,
    "A correlation joins two uncertain values, each a distribution of its own. Several of them must be possible at once: if a moves with b and b with c, then a cannot move against c. In numbers, the matrix of all of them is positive definite.",
    "Correct the marked place; where several cannot hold at once, use the nearest values that can, which are offered.",
  ),
  "invalid-table": error(
    ["reason"],
    (v) => `invalid table${for_(v)}: ${v.reason}`,
    "A table of values by date needs one month and one value in each row, each month once and in order.",
    "Correct the marked row.",
  ),
  "out-of-range": error(
    ["needs", "got"],
    (v) => `${thing(v)} is out of range: needs ${v.needs}, got ${v.got}`,
    "The value has the right unit but lies beyond what the field allows. The limits are wide; a value outside is nearly always a slip of unit or of magnitude.",
    "Check the prefix (kW, MW, GW) and the magnitude (million, billion).",
    (v) => v.got ?? "",
  ),
  "not-finite": error(
    ["text"],
    (v) => `invalid value ${quote(v.text)}${for_(v)}: not a finite number`,
    "The value is, or computes to, infinity or no number at all, for example by a division by zero.",
    "Write a finite number, or guard the division.",
  ),

  // Units.
  "unknown-unit": error(
    ["unit"],
    (v) => `unknown unit ${quote(v.unit)}${for_(v)}`,
    "No unit has this name. Case matters: `GW` is a gigawatt, `gw` is nothing; `MW` is a megawatt, `mW` a milliwatt; `B` is a byte, never a billion.",
    "Use one of the names offered; magnitudes are the words thousand, million, billion and trillion.",
  ),
  "unit-mismatch": error(
    ["needs", "got"],
    (v) => `${thing(v)} needs ${v.needs}, got ${v.got}`,
    "The value measures another thing than the field does, such as an energy (MWh) where a power (MW) is due.",
    "Write the value in a unit of the kind the field needs.",
    (v) => v.got ?? "",
  ),
  "missing-unit": error(
    ["needs", "text"],
    (v) => `missing unit${for_(v)}: needs ${v.needs}, got the bare number ${quote(v.text)}`,
    "A bare number stands where a quantity is due. Units are never guessed.",
    "Add the unit after the number.",
    () => "no unit",
  ),

  // Expressions.
  "unknown-name": error(
    ["name"],
    (v) => `unknown name ${quote(v.name)} in the expression${for_(v)}`,
    "An expression may use names defined under `let`, units, functions, and, where the field varies by month, the calendar names.",
    "Correct the name, or define it under `let`.",
  ),
  "invalid-expression": error(
    ["reason"],
    (v) => `invalid expression${for_(v)}: ${v.reason}`,
    "The text could not be read as an expression.",
    "Correct the marked place; use `*` to multiply names and brackets to group.",
  ),
  "forbidden-expression": error(
    ["what"],
    (v) => `invalid expression${for_(v)}: ${v.what} may not be used`,
    "Expressions are arithmetic only: numbers with units, names, operators and the functions listed in docs/reference. Assignments, text, arrays, indexing and every other function are refused, so that a scenario from a stranger is safe to run.",
    "Rewrite it with the functions listed.",
  ),
  "circular-let": error(
    ["chain"],
    (v) => `invalid \`let\`: the names depend on each other in a circle (${v.chain})`,
    "A name is, directly or through others, defined by itself.",
    "Give one of the names a value that does not use the others.",
  ),

  // Output and command line.
  "unsafe-output-name": error(
    ["name"],
    (v) => `invalid output name ${quote(v.name)}`,
    "Names that become file names may not leave the output folder or be refused by an operating system: no `/`, `\\`, `..`, leading dot or device name.",
    "Use letters, digits, `_` and `-`.",
  ),
  "unwritable-output": error(
    ["file", "reason"],
    (v) => `cannot write ${quote(v.file)}: ${v.reason}`,
    "The results could not be written. Nothing is left half written.",
    "Check the folder, its permissions and the free space, or choose another with `--out`.",
  ),
  "unknown-metric": error(
    ["name"],
    (v) => `unknown metric ${quote(v.name)}`,
    "No metric has this name.",
    "Use one of the names offered; docs/reference/metrics.md has them all.",
  ),
  "missing-figure": error(
    ["name", "hits"],
    (v) => `${quote(v.name)} does not exist in ${v.hits}`,
    "What does not exist in every trial, such as a payback that never comes or a cost per chip-hour of none, has no variance that inputs could share.",
    "Explain another metric, or set what keeps it from existing; `run` says in which share of the trials a figure exists.",
  ),

  // Decisions.
  "invalid-axis": error(
    ["axis", "reason"],
    (v) => `invalid axis ${quote(v.axis)}: ${v.reason}`,
    "An axis of a sweep is a dotted path with the values it takes, as `from..to..step` or a list. Every value must be one that `--set` would take, and a name under `let` must be one that the scenario has.",
    "Write an axis such as `let.share=0 %..100 %..5 %` or `sites.main.delay=[0 months, 6 months]`.",
  ),
  "invalid-condition": error(
    ["text", "reason"],
    (v) => `invalid condition ${quote(v.text)}: ${v.reason}`,
    "A condition compares a figure of one scenario with that of the first: `METRIC.ratio`, `METRIC.difference`, `METRIC.value` or, where a sample is taken, `METRIC.` and a column that compare.csv has of it, such as `probability_best`; then a comparison and a number. A ratio or per cent says nothing of a figure that may be negative or is 0.",
    "Write a condition such as `cost_provider_pv_usd.ratio > 1.05`; where the figure may be negative, compare the `difference` with an amount.",
  ),
  "failed-condition": error(
    ["text", "scenario", "got"],
    (v) => `the condition ${quote(v.text)} holds for ${quote(v.scenario)}: it is ${v.got}`,
    "The option `--fail-on` names what must not happen; it has happened.",
    "Look at compare.csv for what moved, or change the condition.",
  ),
  "infeasible-program": error(
    ["limits"],
    (v) => `no plan exists: ${v.limits}`,
    "No purchase of the chips allowed meets all limits. The limits named are in conflict: without any one of them the others named could be met, though there may be further conflicts.",
    "Relax one of the limits named, or allow other chips, sites or an earlier landing.",
  ),
  "unbounded-program": error(
    ["reason"],
    (v) => `the best plan is without end: ${v.reason}`,
    "Nothing limits what is bought, so there is no best plan.",
    "Give a budget, or limits of power or chips.",
  ),
  "unfit-program": error(
    ["reason"],
    (v) => `nothing to optimise: ${v.reason}`,
    "The program needs fleets to plan anew, chips to choose from, sites with power and months to land in.",
    "Correct the section `optimize`, or the options of the command.",
  ),
  "unmet-plan": error(
    ["reason"],
    (v) => `no plan was found: ${v.reason}`,
    "The time allowed ended before any plan was found, or the numbers of the program defeat the solver.",
    "Allow more time with `--time-limit`, or land by quarter with `optimize.landing: quarter`.",
  ),

  // Warnings.
  "unused-site": warning(
    ["name"],
    (v) => `unused site ${quote(v.name)}: no fleet stands in it`,
    "The site has power but no fleet, so it adds nothing but its fixed cost.",
    "Place a fleet in it, or delete it.",
  ),
  "unused-contract": warning(
    ["name"],
    (v) => `unused contract ${quote(v.name)}: no fleet draws on it`,
    "Nothing is billed against the commitment, so under take-or-pay the whole of it falls short.",
    "Name it in the `procurement.contract` of a fleet, or delete it.",
  ),
  "unreachable-contract": warning(
    ["name", "end", "fleet", "first"],
    (v) =>
      `unreachable contract ${quote(v.name)}: it ends ${v.end}, fleet ${quote(v.fleet)} lands from ${v.first}`,
    "The fleet's hours begin after the last contract of its list has ended, so all of them are overage.",
    "Correct the dates, or add a contract that is open when the fleet lands.",
  ),
  "unused-name": warning(
    ["name"],
    (v) => `unused name ${quote(v.name)}`,
    "A name under `let` is read by no field. A slip in the name where it should be used is a usual cause.",
    "Use it, or delete it.",
  ),
  "without-effect": warning(
    ["count", "span"],
    (v) => `${thing(v)} has ${v.count} outside the horizon ${v.span}, unused`,
    "Values dated before the start or after the end of the simulated months never take effect.",
    "Correct the dates, move `start`, or raise `years`.",
  ),
  "empty-scenario": warning(
    [],
    () => "missing sites and fleets: there is nothing to simulate",
    "A scenario without a site and without a fleet runs, and every figure of it is 0. A file that others extend may be so on purpose.",
    "Add a site with `power` under `sites`, and a fleet with `chip`, `site`, `size` and `deliver` under `fleets`.",
  ),
  "doubtful-unit": warning(
    ["unit", "meaning"],
    (v) => `doubtful unit ${quote(v.unit)}${for_(v)}: it is a ${v.meaning}`,
    "Case matters: `mW` is a milliwatt and `MW` a megawatt, `Gb` is a gigabit and `GB` a gigabyte. The small one is a unit, and nearly always a slip.",
    "Write the unit offered; if the small one is meant, write it as a word or allow the warning.",
  ),
  "doubtful-value": warning(
    ["text", "reason"],
    (v) => `doubtful value ${quote(v.text)}${for_(v)}: ${v.reason}`,
    "The value is admissible but hardly meant: a site with less power than a household, a design PUE below the mean one, chips that retire before they are productive.",
    "Check the unit and the magnitude, and the value it is compared with.",
  ),
  "unused-field": warning(
    ["field", "reason"],
    (v) => `unused ${quote(v.field)}${within(v, v.field)}: ${v.reason}`,
    "The field belongs to another kind of site than this one is, so it is read by nothing.",
    "Delete it, or change the field that decides.",
  ),
  "defaulted-pue-design": warning(
    ["value"],
    (v) => `missing \`pue_design\`${within(v, "pue_design")}: ${v.value} is used`,
    "How much IT power a site can feed is set by the PUE it was designed for, not by the PUE of an average month. Where it is not given, a value is derived, and installed capacity depends on it.",
    "Add `pue_design`.",
  ),
  "different-horizons": warning(
    ["name", "horizon", "first", "firstHorizon"],
    (v) => `${quote(v.name)} is of ${v.horizon}, ${quote(v.first)} of ${v.firstHorizon}`,
    "Scenarios that are compared run over other months. Each figure is of its own scenario's horizon, and a present value is at its own `start`: totals, peaks and last months then differ by the calendar as well as by the plan, and only rates such as a levelised cost stay near each other.",
    "Give both the same months, as in `--set start=2026-01 --set years=8`, which sets them in every scenario that is compared.",
  ),
  "unreachable-basis": warning(
    ["basis", "reason"],
    (v) => `no comparison on ${v.basis}: ${v.reason}`,
    "Mixes are made equal by the `let` value that `compare.scale` names: it has to scale what a mix buys, its size and its power. Where no scale between 1/1000 and 1000 makes a mix equal to the first, the comparison on that basis is left out; as written all are compared.",
    "Multiply the size of the fleets that differ, and the power of their site, by the `let` value, or delete `compare.scale`.",
  ),
  "truncated-distribution": warning(
    ["chance", "range"],
    (v) => `${thing(v)} is out of range with a chance of ${v.chance}, cut to ${v.range}`,
    "Part of the distribution lies beyond the range of the field; it is cut there and drawn from what is left, which shifts the mean.",
    "Narrow the interval, or use a distribution with bounds, such as pert or triangular.",
  ),
  "model-without-room": warning(
    ["needs", "has"],
    (v) =>
      `${thing(v)} fits on no chip of its fleets: needs ${v.needs}, the largest scale-up domain holds ${v.has}`,
    "The weights of a model must fit in the memory of the chips that share one scale-up network, less the reserve. Where they do not, nothing is served and all is reported as unserved, bound by `fit`.",
    "Allow a fleet of chips with a larger domain, store the weights in a narrower format, or take a smaller model.",
  ),
  "never-served": warning(
    ["cause", "reason"],
    (v) => `nothing of ${thing(v)} is served in any month: bound by ${v.cause}, ${v.reason}`,
    "The workload requires something, and no chip it may run on ever gives any of it: all of it is reported as unserved. The cause is that of the last month.",
    "Allow other fleets, ask for less speed or fewer chips at once, deliver chips earlier, or give the workload a higher priority.",
  ),
} as const satisfies Readonly<Record<string, CodeEntry>>;

/** The word that names a kind of fault, such as `unit-mismatch`. */
export type DiagnosticCode = keyof typeof CODES;

/** Names of the values the headline of `Code` needs. */
export type ValueNameOf<Code extends DiagnosticCode> = (typeof CODES)[Code]["values"][number];

/**
 * Finds the row of a code that comes from outside, such as the argument of `gigafleet explain`.
 *
 * Fails: never; `undefined` for a word that is no code, `__proto__` and the like included.
 */
export function findCode(word: string): CodeEntry | undefined {
  return Object.hasOwn(CODES, word) ? CODES[word as DiagnosticCode] : undefined;
}

/** The longest piece of a user's text that a headline repeats [characters]. */
const quotedLength = 60;

function error<const Name extends string>(
  values: readonly Name[],
  headline: CodeEntry["headline"],
  explanation: string,
  remedy: string,
  label?: CodeEntry["label"],
): CodeEntry<Name> {
  return { severity: "error", values, headline, explanation, remedy, ...(label ? { label } : {}) };
}

function warning<const Name extends string>(
  values: readonly Name[],
  headline: CodeEntry["headline"],
  explanation: string,
  remedy: string,
): CodeEntry<Name> {
  return { severity: "warning", values, headline, explanation, remedy };
}

/** The user's text in backticks, cut in the middle where it is long. */
function quote(text: string | undefined): string {
  const shown = text ?? "?";
  if (shown.length <= quotedLength) return `\`${shown}\``;
  const half = (quotedLength - 1) >> 1;
  return `\`${shown.slice(0, half)}…${shown.slice(-half)}\``;
}

/** The faulty thing as the subject of a sentence. */
function thing(values: DiagnosticValues): string {
  return values.path ? quote(values.path) : "the value";
}

/** ` for PATH`, or nothing where no path is known. */
function for_(values: DiagnosticValues): string {
  return values.path ? ` for ${quote(values.path)}` : "";
}

/** ` in PATH`, with the key itself taken off the end of the path; nothing at the top of the file. */
function within(values: DiagnosticValues, key: string | undefined): string {
  const path = values.path ?? "";
  const parent = path === key ? "" : key && path.endsWith(`.${key}`) ? path.slice(0, -key.length - 1) : path;
  return parent ? ` in ${quote(parent)}` : "";
}
