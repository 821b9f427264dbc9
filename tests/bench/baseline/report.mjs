// The report of a comparison: the same difference in many cases is one line, and a figure with its statistics too.

/** Columns of a table that are listed without --all. */
const MOST_COLUMNS = 12;
const STATISTIC = /_(mean|se|share|p[\d_]+)$/;

/** The lines of a report; `found` has the command and case of each difference beside what compareResults says. */
export function reportLines(found, { isWhole, cases }) {
  const lines = [];
  for (const [command, inCommand] of groupBy(found, ({ command }) => command)) {
    const files = [...groupBy(inCommand, ({ file }) => file)];
    for (const [file, inFile] of files.sort(([one], [other]) => isPrinted(one) - isPrinted(other))) {
      lines.push("", `${command} · ${file}`);
      const groups = [...groupBy(inFile, groupOf).values()].map(summarise);
      groups.sort((one, other) => other.cases - one.cases || other.relative - one.relative);
      const shown = isWhole ? groups : groups.slice(0, MOST_COLUMNS);
      for (const group of shown) lines.push(...groupLines(group, cases.get(command)));
      if (groups.length > shown.length)
        lines.push(`  … and ${groups.length - shown.length} more (--all lists them)`);
    }
  }
  return lines;
}

/** What is printed mostly follows from the tables, so it comes after them. */
const isPrinted = (file) => file === "screen" || file === "messages";

function groupBy(list, key) {
  const groups = new Map();
  for (const one of list) {
    const name = key(one);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(one);
  }
  return groups;
}

/** What is alike: of cells the column without its statistic, of all else what is said. */
function groupOf({ kind, column = "", what = "" }) {
  const shape = what.replace(/\d+/g, "0").replace(/, such as .*/, "");
  return [kind, column.replace(STATISTIC, ""), kind === "rows" || kind === "column" ? shape : ""].join("\n");
}

function summarise(group) {
  const worst = group.reduce((best, one) => ((one.relative ?? 0) > (best.relative ?? 0) ? one : best));
  const sum = (key) => group.reduce((total, one) => total + (one[key] ?? 0), 0);
  const columns = [...new Set(group.map(({ column }) => column))];
  return {
    ...worst,
    column: columns.length > 1 ? `${columns[0]} and ${columns.length - 1} of its statistics` : columns[0],
    cases: new Set(group.map((one) => one.case)).size,
    cells: sum("cells"),
    of: sum("of"),
    relative: worst.relative ?? 0,
    ofLargest: Math.max(...group.map(({ ofLargest }) => ofLargest ?? 0)),
  };
}

function groupLines({ kind, column, what, where, cases, cells, of, relative, ofLargest, ...one }, most) {
  const name = [kind, column].filter(Boolean).join(" ");
  const count = `${cases} of ${most} cases`;
  const sample = [one.case, where].filter(Boolean).join(", ");
  const values = "old" in one ? [`      old ${cut(one.old)}`, `      new ${cut(one.new)}`] : [];
  if (kind !== "cells")
    return [`  ${name}: ${count}${what ? `; ${cut(what)}` : ""}`, `    ${sample}`, ...values];
  const size = Number.isFinite(relative)
    ? `up to ${relative.toExponential(1)} relative, ${ofLargest.toExponential(1)} of the column's largest`
    : "texts, or numbers that came or went";
  return [
    `  ${name}: ${count}, ${cells} of ${of} cells, ${size}`,
    `    ${sample}: ${cut(one.old)} → ${cut(one.new)}`,
  ];
}

function cut(text = "") {
  const shown = text === "" ? "(empty)" : text;
  return shown.length > 160 ? `${shown.slice(0, 160)}…` : shown;
}
