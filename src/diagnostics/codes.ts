/** The severity of a diagnostic: an `error` stops the run, a `warning` does not. */
export type Severity = "error" | "warning";

/** Texts that fill a headline. `path` is set by `diagnose` from the diagnostic's own path. */
export type DiagnosticValues = Readonly<Record<string, string>>;

/** One row of the table of codes: all texts about one kind of fault. */
export type CodeEntry<ValueName extends string = string> = {
  readonly severity: Severity;
  /** Names of the values the headline needs. */
  readonly values: readonly ValueName[];
  /** One line, lower case, no full stop: the thing, what it needs, and what it got. */
  readonly headline: (values: DiagnosticValues) => string;
  /** Words beside the carets, if they say more than the headline. */
  readonly label?: (values: DiagnosticValues) => string;
  /** The fault and why it is one, for `gigafleet explain CODE`. */
  readonly explanation: string;
  /** The remedy. */
  readonly remedy: string;
};

/**
 * The table of codes: one row for each fault in the user's input.
 *
 * A code names the fault, not its remedy, in words of a closed vocabulary. All texts about faults are here; a `help` or
 * `expected` that depends on the place is added where the fault is found.
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
    "The same key occurs twice in one map. YAML would silently keep one of them, so neither is used.",
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
    "The keys `__proto__`, `constructor` and `prototype` have a special meaning in JavaScript and are never accepted.",
    "Choose another name.",
  ),
  "too-large": error(
    ["subject", "got", "limit"],
    (v) => `${v.subject} is out of range: ${v.got}, at most ${v.limit}`,
    "The input exceeds a size limit. The limits make it safe to run a scenario from a stranger.",
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
    "A file named by the scenario or the command line does not exist or cannot be read. Paths are relative to the file that contains them.",
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
    "The scenario was written for a version of the scenario language that this program does not read.",
    "Update the program, or rewrite the scenario as described in the changelog and set `schema_version`.",
  ),

  // Structure: keys, fields, references.
  "unknown-key": error(
    ["key"],
    (v) => `unknown key ${quote(v.key)}${within(v, v.key)}`,
    "No field has this name here. Unknown keys are errors, because a misspelt key would silently leave a default in force.",
    "Use one of the names offered, or see the list of fields in docs/reference.",
  ),
  "unknown-reference": error(
    ["kind", "name"],
    (v) => `${thing(v)} names an unknown ${v.kind} ${quote(v.name)}`,
    "The value must be a name defined elsewhere in the scenario, and this name is not.",
    "Correct the name, or define it.",
  ),
  "unknown-chip": error(
    ["name"],
    (v) => `${thing(v)} names an unknown chip ${quote(v.name)}`,
    "The chip is neither in the catalog nor under `chips` in the scenario.",
    "Use a chip of the catalog (`gigafleet catalog` lists them), or define it under `chips`.",
  ),
  "missing-field": error(
    ["field"],
    (v) => `missing ${quote(v.field)}${within(v, v.field)}`,
    "A required field is missing, so there is no value to simulate with.",
    "Add the field.",
  ),
  "conflict-fields": error(
    ["fields"],
    (v) => `conflict${within(v, "")}: ${v.fields} exclude each other`,
    "Two fields express the same thing in different ways and could contradict each other.",
    "Keep one of them.",
  ),
  "misplaced-field": error(
    ["field", "kind"],
    (v) => `${quote(v.field)}${within(v, v.field)} does not apply to ${quote(v.kind)}`,
    "The field belongs to another kind of workload, or to another choice of a related field, and would have no effect.",
    "Delete it, or correct the choice.",
  ),
  "circular-extends": error(
    ["chain"],
    (v) => `invalid \`extends\`: the files extend each other in a circle (${v.chain})`,
    "A file extends itself, directly or through others, so there is no base file.",
    "Remove one `extends` of the circle.",
  ),
  "unknown-override": error(
    ["name"],
    (v) => `unknown override ${quote(v.name)}`,
    "A scenario or the command line names an override that the file does not define.",
    "Use a name defined under `overrides`.",
  ),
  "duplicate-override": error(
    ["field", "first", "second"],
    (v) => `duplicate override: ${quote(v.field)} is set by both ${quote(v.first)} and ${quote(v.second)}`,
    "Two overrides that are applied together set the same field; their order must not decide the result.",
    "Remove the field from one of them, or move it to a third override.",
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
    "The catalog holds the same thing twice: one name in two files, or one chip under two names. The order of the files would decide which entry counts.",
    "Keep one entry. To try other figures, change them in a scenario.",
  ),
  "sparse-rate": error(
    ["text", "reason"],
    (v) => `invalid rate ${quote(v.text)}${for_(v)}, which looks sparse: ${v.reason}`,
    "Peak rates in the catalog are dense. Vendors often publish the rate with structured sparsity, usually twice as high, which no model reaches. A rate is rejected if its own note calls it sparse, if it is four times that of the next wider format, or if per provisioned watt it is 2.5 times that of the best chip sold until then.",
    "Enter the dense rate, and name the sparse one in the note if you like.",
  ),
  "implausible-value": error(
    ["needs", "got"],
    (v) => `${thing(v)} is physically implausible: needs ${v.needs}, got ${v.got}`,
    "The figure contradicts others of the catalog by more than is physically possible: ten times the FLOP per watt of the best chip, memory read hundreds of times per second, or a package that needs more power than is provisioned for it. It is almost always a mistake in the unit or the magnitude.",
    "Check the figure, and those it is compared with, against their sources.",
  ),
  "unknown-warning": error(
    ["name"],
    (v) => `unknown warning ${quote(v.name)} in \`allow\``,
    "Only the code of a warning can be allowed. Errors cannot be allowed.",
    "Use the code shown in brackets in the warning.",
  ),

  // Values.
  "invalid-type": error(
    ["needs", "got"],
    (v) => `${thing(v)} needs ${v.needs}, got ${v.got}`,
    "The value has a different form than the field needs, such as a map instead of a text.",
    "Write a value in the form shown.",
    (v) => v.got ?? "",
  ),
  "invalid-value": error(
    ["text", "reason"],
    (v) => `invalid value ${quote(v.text)}${for_(v)}: ${v.reason}`,
    "The field cannot take this value.",
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
    "Names are used in expressions, so they start with a lower-case letter, continue with lower-case letters, digits and `_`, and must not be a unit, function or word of the language. A name such as `h` would silently replace the hour.",
    "Choose a longer name, such as `hours_worked` for `h`.",
  ),
  "invalid-mix": error(
    ["reason"],
    (v) => `invalid mix${for_(v)}: ${v.reason}`,
    "The shares of a mix are fractions between 0 and 1 that add to 1, with at most one part `rest`. An uncertain share needs a `rest` to absorb the difference.",
    "Correct the shares, or write `rest` for the last part.",
  ),
  "invalid-schedule": error(
    ["reason"],
    (v) => `invalid schedule${for_(v)}: ${v.reason}`,
    "A commitment schedule splits the whole commitment over intervals. Each runs from its date to the next, and the first begins with the contract.",
    "Correct the dates and shares so that they begin with the contract and add to 100 %.",
  ),
  "circular-condition": error(
    ["name", "chain"],
    (v) => `condition of ${quote(v.name)} reads its own effect: ${v.chain}`,
    "A fleet that waits for a tranche cannot unlock it: the tranche would wait for the fleet and the fleet for the tranche.",
    "Let the condition read another fleet, or drop `funded_by`.",
  ),
  "missing-rate": error(
    ["currency"],
    (v) => `missing rate${for_(v)}: nothing says what one ${v.currency} is in dollars`,
    "Results are in US dollars. An amount in another currency needs the rate of that currency under `money.rates`: a value, a table by date, or a range.",
    "Add the rate, or write the amount in USD.",
  ),
  "mixed-currency-years": error(
    ["outer", "inner"],
    (v) => `conflict${for_(v)}: money of ${v.outer} made from money of ${v.inner}`,
    "An amount with a `currency_year` is inflated to the month it is paid in. If it is computed from another amount with a `currency_year`, it would be inflated twice.",
    "Keep the `currency_year` where the amount is first written, and remove it from amounts computed from it.",
  ),
  "invalid-distribution": error(
    ["reason"],
    (v) => `invalid distribution${for_(v)}: ${v.reason}`,
    "The parameters do not describe a distribution: quantiles must rise, a standard deviation must not be negative, a lognormal must be positive, and chances must add to 1.",
    "Correct the parameters.",
  ),
  "invalid-correlation": error(
    ["reason"],
    (v) => `invalid correlation${for_(v)}: ${v.reason}`,
    "A correlation joins two uncertain values, each a distribution of its own. Several correlations must be consistent: if a moves with b and b with c, then a cannot move against c. Mathematically, their matrix must be positive definite.",
    "Correct the marked place; if several correlations contradict each other, use the nearest consistent values, which are suggested.",
  ),
  "invalid-table": error(
    ["reason"],
    (v) => `invalid table${for_(v)}: ${v.reason}`,
    "A table of values by date needs one month and one value in each row, with each month once and in order.",
    "Correct the marked row.",
  ),
  "out-of-range": error(
    ["needs", "got"],
    (v) => `${thing(v)} is out of range: needs ${v.needs}, got ${v.got}`,
    "The value has the right unit but is outside the range of the field. The ranges are wide; a value outside is almost always a mistake in the unit or the magnitude.",
    "Check the prefix (kW, MW, GW) and the magnitude (million, billion).",
    (v) => v.got ?? "",
  ),
  "not-finite": error(
    ["text"],
    (v) => `invalid value ${quote(v.text)}${for_(v)}: not a finite number`,
    "The value, or the result of its expression, is infinite or not a number, for example after a division by zero.",
    "Write a finite number, or prevent the division by zero.",
  ),

  // Units.
  "unknown-unit": error(
    ["unit"],
    (v) => `unknown unit ${quote(v.unit)}${for_(v)}`,
    "No unit has this name. Case matters: `GW` is a gigawatt, but `gw` is unknown; `MW` is a megawatt, `mW` a milliwatt; `B` is a byte, never a billion.",
    "Use one of the names suggested; magnitudes are the words thousand, million, billion and trillion.",
  ),
  "unit-mismatch": error(
    ["needs", "got"],
    (v) => `${thing(v)} needs ${v.needs}, got ${v.got}`,
    "The value has a different dimension than the field, such as an energy (MWh) instead of a power (MW).",
    "Write the value in a unit of the right kind.",
    (v) => v.got ?? "",
  ),
  "missing-unit": error(
    ["needs", "text"],
    (v) => `missing unit${for_(v)}: needs ${v.needs}, got the bare number ${quote(v.text)}`,
    "The field needs a quantity, but the value has no unit. Units are never guessed.",
    "Add the unit after the number.",
    () => "no unit",
  ),

  // Expressions.
  "unknown-name": error(
    ["name"],
    (v) => `unknown name ${quote(v.name)} in the expression${for_(v)}`,
    "An expression may use names defined under `let`, units, functions, and, if the field varies by month, calendar names.",
    "Correct the name, or define it under `let`.",
  ),
  "unused-setting": error(
    ["name"],
    (v) => `unused name ${quote(v.name)}: nothing reads it, so setting ${thing(v)} changes nothing`,
    "The scenario has no such name under `let` and nothing reads it, so that giving it a value by `--set` or an axis of a sweep moves no figure. Often it is misspelt: the scenario would run unchanged.",
    "Correct the name; `gigafleet show FILE` lists those of the scenario.",
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
    "Expressions are arithmetic only: numbers with units, names, operators and the functions listed in docs/reference. Assignments, text, arrays, indexing and all other functions are rejected, which makes it safe to run a scenario from a stranger.",
    "Rewrite it with the listed functions.",
  ),
  "circular-let": error(
    ["chain"],
    (v) => `invalid \`let\`: the names depend on each other in a circle (${v.chain})`,
    "A name is defined by itself, directly or through others.",
    "Give one of the names a value that does not use the others.",
  ),

  // Output and command line.
  "unsafe-output-name": error(
    ["name"],
    (v) => `invalid output name ${quote(v.name)}`,
    "Names that become file names must not leave the output folder or be invalid on any operating system: no `/`, `\\`, `..`, leading dot or device name.",
    "Use letters, digits, `_` and `-`.",
  ),
  "unwritable-output": error(
    ["file", "reason"],
    (v) => `cannot write ${quote(v.file)}: ${v.reason}`,
    "The results could not be written. No partial results remain.",
    "Check the folder, its permissions and the free space, or choose another folder with `--out`.",
  ),
  "unknown-metric": error(
    ["name"],
    (v) => `unknown metric ${quote(v.name)}`,
    "No metric has this name.",
    "Use one of the names suggested; docs/reference/metrics.md lists all.",
  ),
  "missing-figure": error(
    ["name", "hits"],
    (v) => `${quote(v.name)} does not exist in ${v.hits}`,
    "A figure that is missing in some trials, such as a payback that is never reached or a cost per chip-hour without chip-hours, has no variance to attribute to inputs.",
    "Choose another metric, or change the inputs that make it missing; `run` reports the share of trials in which a figure exists.",
  ),

  // Parts of a job on several machines.
  "missing-part": error(
    ["parts", "shards", "folder"],
    (v) => `${quote(v.folder)} lacks parts ${v.parts} of ${v.shards}`,
    "The results are joined from the parts of all shards. A part is missing until its task has begun.",
    "Run the tasks that are named; whole parts are skipped.",
  ),
  "invalid-part": error(
    ["part", "reason"],
    (v) => `invalid part ${quote(v.part)}: ${v.reason}`,
    "A part counts once its last line is there and every line is as it was written, in order. A task that was killed leaves a part without its end.",
    "Run the task of this part again: it keeps the lines that are whole, and does the rest.",
  ),
  "conflict-parts": error(
    ["part", "reason"],
    (v) => `conflicting parts, see ${quote(v.part)}: ${v.reason}`,
    "All parts of a folder must come from one command, with the same scenario, catalog, seed and options, run by the same version of the program. Others cannot be joined into one table.",
    "Run the tasks of the other parts again, or give each job a folder of its own.",
  ),

  // Decisions.
  "invalid-point": error(
    ["point", "sets", "reason"],
    (v) => `invalid point ${quote(v.point)} of the sweep (${v.sets}): ${v.reason}`,
    "The values of an axis make the scenario faulty at this point. Its row has no figures, and the column `fault` says why; all other points stand.",
    "Change the values of the axis, or ignore the point.",
  ),
  "invalid-axis": error(
    ["axis", "reason"],
    (v) => `invalid axis ${quote(v.axis)}: ${v.reason}`,
    "An axis of a sweep is a dotted path with its values, as `from..to..step` or a list. Every value must be valid for `--set`, and something must read a name under `let`.",
    "Write an axis such as `let.share=0 %..100 %..5 %` or `sites.main.delay=[0 months, 6 months]`.",
  ),
  "invalid-condition": error(
    ["text", "reason"],
    (v) => `invalid condition ${quote(v.text)}: ${v.reason}`,
    "A condition compares a figure of a scenario with that of the first: `METRIC.ratio`, `METRIC.difference`, `METRIC.value` or, with a sample, `METRIC.` and a column of the metric in compare.csv, such as `probability_best`; then a comparison and a number. A ratio or per cent is meaningless if the figure is 0 or may be negative.",
    "Write a condition such as `cost_provider_pv_usd.ratio > 1.05`; if the figure may be negative, compare the `difference` with an amount.",
  ),
  "failed-condition": error(
    ["text", "scenario", "got"],
    (v) => `the condition ${quote(v.text)} holds for ${quote(v.scenario)}: it is ${v.got}`,
    "A condition of the option `--fail-on` is true.",
    "Look for the change in compare.csv, or change the condition.",
  ),
  "infeasible-program": error(
    ["limits"],
    (v) => `no plan exists: ${v.limits}`,
    "No purchase of the allowed chips meets all limits. The limits named are a minimal conflicting set: without any one of them, the others could be met. There may be further conflicts.",
    "Relax one of the limits named, or allow other chips, other sites or earlier landing.",
  ),
  "unbounded-program": error(
    ["reason"],
    (v) => `the best plan is unbounded: ${v.reason}`,
    "Nothing limits the purchases, so there is no best plan.",
    "Set a budget, or limits of power or chips.",
  ),
  "unfit-program": error(
    ["reason"],
    (v) => `nothing to optimise: ${v.reason}`,
    "The program needs fleets to plan anew, chips to choose from, sites with power, and months for landing.",
    "Correct the section `optimize`, or the options of the command.",
  ),
  "unmet-plan": error(
    ["reason"],
    (v) => `no plan was found: ${v.reason}`,
    "The time limit ended before a plan was found, or the program is numerically too difficult for the solver.",
    "Allow more time with `--time-limit`, or set `optimize.landing: quarter` to land by quarter.",
  ),

  // Warnings.
  "unused-site": warning(
    ["name"],
    (v) => `unused site ${quote(v.name)}: no fleet is placed there`,
    "The site has power but no fleet, so it only adds its fixed cost.",
    "Place a fleet there, or delete the site.",
  ),
  "unused-contract": warning(
    ["name"],
    (v) => `unused contract ${quote(v.name)}: no fleet draws on it`,
    "Nothing is billed against the commitment, so under take-or-pay all of it is a shortfall.",
    "Name it in the `procurement.contract` of a fleet, or delete it.",
  ),
  "unreachable-contract": warning(
    ["name", "end", "fleet", "first"],
    (v) =>
      `unreachable contract ${quote(v.name)}: it ends ${v.end}, but fleet ${quote(v.fleet)} lands from ${v.first}`,
    "The fleet's hours begin after the last contract in its list has ended, so none of them is billed. They earn something only with `after_term`.",
    "Correct the dates, or add a contract that is in force when the fleet lands.",
  ),
  "unused-name": warning(
    ["name"],
    (v) => `unused name ${quote(v.name)}`,
    "Nothing reads this name under `let`, so what a file, an override or a mix gives it has no effect. Often it is misspelt.",
    "Correct the name, use it, or delete it.",
  ),
  "without-effect": warning(
    ["count", "span"],
    (v) => `${thing(v)} has ${v.count} outside the horizon ${v.span}, unused`,
    "Values dated outside the simulated months never take effect.",
    "Correct the dates, move `start`, or raise `years`.",
  ),
  "empty-scenario": warning(
    [],
    () => "missing sites and fleets: there is nothing to simulate",
    "A scenario without sites and fleets runs, but all its figures are 0. This may be intended for a file that others extend.",
    "Add a site with `power` under `sites`, and a fleet with `chip`, `site`, `size` and `deliver` under `fleets`.",
  ),
  "doubtful-unit": warning(
    ["unit", "meaning"],
    (v) => `doubtful unit ${quote(v.unit)}${for_(v)}: it is a ${v.meaning}`,
    "Case matters: `mW` is a milliwatt and `MW` a megawatt, `Gb` is a gigabit and `GB` a gigabyte. The smaller unit is valid, but almost always a typo.",
    "Write the suggested unit; if the smaller one is meant, write it as a word or allow the warning.",
  ),
  "doubtful-value": warning(
    ["text", "reason"],
    (v) => `doubtful value ${quote(v.text)}${for_(v)}: ${v.reason}`,
    "The value is valid but probably unintended: a site with less power than a household, a design PUE below the mean PUE, chips that retire before they are productive, or a chip with ten times the FLOP per watt of the best one sold.",
    "Check the unit and the magnitude, and the value it is compared with.",
  ),
  "decimal-comma": warning(
    ["file", "example"],
    (v) => `${quote(v.file)}${for_(v)} is read with decimal commas: ${quote(v.example)}`,
    "A CSV file whose cells stand between semicolons or tabs comes from a spreadsheet whose numbers have decimal commas, such as one of German locale. Its commas are read as decimal signs.",
    "Check one value with `show`, and allow the warning; or save the file with commas between cells and decimal points.",
  ),
  "stranded-fleet": warning(
    ["fleet", "site", "needs", "has", "stranded"],
    (v) =>
      `fleet ${quote(v.fleet)} needs ${v.needs} of facility power, but site ${quote(v.site)} has at most ${v.has}: ${v.stranded} never run`,
    "Chips beyond the power of their site are paid for and stay stranded. Only a fleet by itself is looked at, at medians; `stranded-site` is about fleets that share a site.",
    "Give the site more power, or the fleet fewer chips. `basis: it` sizes a fleet by IT power, which the design PUE multiplies.",
  ),
  "stranded-site": warning(
    ["site", "fleets", "needs", "has", "excess", "month"],
    (v) =>
      `fleets ${v.fleets} together need ${v.needs} at site ${quote(v.site)} in ${v.month}, but it has at most ${v.has}: ${v.excess} of chips do not run`,
    "Each fleet fits the site by itself, but all that stand there in one month need more power than the site ever has. Chips without power are paid for and stay stranded until others retire. Counted at medians, from the month in which a fleet has landed whole until its first chips may retire.",
    "Give the site more power, make the fleets smaller, deliver the later one when the earlier one retires, or let it wait with `deliver.wait_for_power`.",
  ),
  "missing-value": warning(
    ["effect"],
    (v) => `missing value for ${thing(v)}: ${v.effect}`,
    "A key with nothing behind it is read as `null`, which removes what the catalog or an extended file says there. More often the value, or the lines below the key, were forgotten.",
    "Fill in the value, delete the line, or write `null` to remove the earlier value on purpose.",
  ),
  "free-refit": warning(
    ["chip", "needs", "had", "fleet", "site"],
    (v) =>
      `racks of ${quote(v.chip)} take ${v.needs}, those it replaces in fleet ${quote(v.fleet)} ${v.had}: refitting site ${quote(v.site)} costs nothing`,
    "A hall laid out for one rack seldom takes one of more than 1.5 times its power without new cooling and power distribution. The field `retrofit` is 0.",
    "State `sites.NAME.retrofit`, the share of the facility's price that refitting costs.",
  ),
  "unused-field": warning(
    ["field", "reason"],
    (v) => `unused ${quote(v.field)}${within(v, v.field)}: ${v.reason}`,
    "The field belongs to another kind of site, so nothing reads it.",
    "Delete it, or change the field that decides the kind.",
  ),
  "defaulted-pue-design": warning(
    ["value"],
    (v) => `missing \`pue_design\`${within(v, "pue_design")}: ${v.value} is used`,
    "The design PUE, not that of an average month, determines how much IT power a site can feed. If it is not given, a value is derived, and the installed capacity depends on it.",
    "Add `pue_design`.",
  ),
  "different-horizons": warning(
    ["name", "horizon", "first", "firstHorizon"],
    (v) => `${quote(v.name)} covers ${v.horizon}, ${quote(v.first)} covers ${v.firstHorizon}`,
    "The compared scenarios cover different months. Each figure refers to its own scenario's horizon, and each present value to its own `start`. So totals, peaks and last months differ by the calendar as well as by the plan; only rates such as a levelised cost remain comparable.",
    "Give both the same months, for example with `--set start=2026-01 --set years=8`, which applies to every scenario.",
  ),
  "unreachable-basis": warning(
    ["basis", "reason"],
    (v) => `no comparison on ${v.basis}: ${v.reason}`,
    "Mixes are equalised by the `let` value that `compare.scale` names: it must scale a mix's purchases, both size and power. If no scale between 1/1000 and 1000 makes a mix equal to the first, the comparison on that basis is left out. All mixes are still compared as written.",
    "Multiply the size of the fleets that differ, and the power of their site, by the `let` value, or delete `compare.scale`.",
  ),
  "stranded-basis": warning(
    ["basis", "name", "scale", "share", "stranded"],
    (v) =>
      `at ${v.basis}, ${quote(v.name)} is scaled by ${v.scale} and strands ${v.share} of its chips, at most ${v.stranded}`,
    "A scale that multiplies chips but not the power of their site makes plans equal with chips that never run. They are paid for, so the comparison on that basis tells more about the missing power than about the mixes. The share is that of chip-months over the horizon, at medians.",
    "Multiply the power of the sites by the `let` value too, or read only the comparison as written.",
  ),
  "truncated-distribution": warning(
    ["chance", "range"],
    (v) => `${thing(v)} is out of range with a chance of ${v.chance}, cut to ${v.range}`,
    "Part of the distribution is outside the range of the field. It is truncated and drawn from the rest, which shifts the mean.",
    "Narrow the interval, or use a distribution with bounds, such as pert or triangular.",
  ),
  "model-without-room": warning(
    ["needs", "has"],
    (v) =>
      `${thing(v)} fits on no chip of its fleets: needs ${v.needs}, the largest scale-up domain holds ${v.has}`,
    "The weights of a model must fit in the memory of the chips of one scale-up network, less the reserve. Otherwise nothing is served, and everything is reported as unserved, bound by `fit`.",
    "Allow a fleet of chips with a larger domain, store the weights in a narrower format, or use a smaller model.",
  ),
  "never-served": warning(
    ["cause", "reason"],
    (v) =>
      `nothing of ${thing(v)} is served in any month${v.scenarios ? ` of ${v.scenarios}` : ""}: bound by ${v.cause}, ${v.reason}`,
    "The workload has demand, but no chip it may run on ever serves any of it, so all of it is reported as unserved. The cause is that of the last month.",
    "Allow other fleets, ask for less speed or fewer chips at once, deliver chips earlier, or give the workload a higher priority.",
  ),
} as const satisfies Readonly<Record<string, CodeEntry>>;

/** The name of a kind of fault, such as `unit-mismatch`. */
export type DiagnosticCode = keyof typeof CODES;

/** Names of the values that the headline of `Code` needs. */
export type ValueNameOf<Code extends DiagnosticCode> = (typeof CODES)[Code]["values"][number];

/**
 * Finds the row of a code given from outside, such as the argument of `gigafleet explain`.
 *
 * Fails: never; `undefined` for a word that is not a code, including `__proto__` and the like.
 */
export function findCode(word: string): CodeEntry | undefined {
  return Object.hasOwn(CODES, word) ? CODES[word as DiagnosticCode] : undefined;
}

/** The longest part of a user's text that a headline quotes [characters]. */
const QUOTED_LENGTH = 60;

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

/** The user's text in backticks, shortened in the middle if it is long. */
function quote(text: string | undefined): string {
  const shown = text ?? "?";
  if (shown.length <= QUOTED_LENGTH) return `\`${shown}\``;
  const half = (QUOTED_LENGTH - 1) >> 1;
  return `\`${shown.slice(0, half)}…${shown.slice(-half)}\``;
}

/** The faulty field as the subject of a sentence. */
function thing(values: DiagnosticValues): string {
  return values.path ? quote(values.path) : "the value";
}

/** ` for PATH`, or nothing if the path is unknown. */
function for_(values: DiagnosticValues): string {
  return values.path ? ` for ${quote(values.path)}` : "";
}

/** ` in PATH`, without the key at its end; nothing at the top of the file. */
function within(values: DiagnosticValues, key: string | undefined): string {
  const path = values.path ?? "";
  const parent = path === key ? "" : key && path.endsWith(`.${key}`) ? path.slice(0, -key.length - 1) : path;
  return parent ? ` in ${quote(parent)}` : "";
}
