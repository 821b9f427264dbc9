// What differs between two results of a case: `{ code, stdout, stderr, files }` each. Knows no program and no disk.

/**
 * Lists the differences, each `{ kind, file, column?, ... }`:
 *
 * - `exit`: the exit codes differ; then nothing else is compared but the faults
 * - `faults`: the faults of the messages differ by code or place
 * - `words`: messages or screens differ, or descriptions of a data package; faults and figures may be the same
 * - `file`: only one of the two wrote it
 * - `column`: only one of the two has it, or type, unit or order differ
 * - `rows`: rows that only one of the two has, or that stand in another order
 * - `cells`: cells of a column differ: how many of how many, the largest relative difference and where it is
 * - `text`: a file that is no table differs
 */
export function compareResults(old, now) {
  const found = [...compareScreens(old, now)];
  if (found.some(({ kind }) => kind === "exit")) return found;
  for (const name of new Set([...old.files.keys(), ...now.files.keys()])) {
    const [one, other] = [old.files.get(name), now.files.get(name)];
    if (one === other) continue;
    if (one === undefined || other === undefined) {
      found.push({
        kind: "file",
        file: name,
        what: `only the ${one === undefined ? "new" : "old"} program writes it`,
      });
    } else if (name === "datapackage.json") {
      found.push(...comparePackages(JSON.parse(one), JSON.parse(other)));
    } else if (name.endsWith(".csv")) {
      found.push(...compareTables(name, one, other, keysOf(name, old, now)));
    } else {
      found.push({ kind: "text", file: name, ...firstDifference(one, other) });
    }
  }
  return found;
}

function compareScreens(old, now) {
  const found = [];
  if (old.code !== now.code) {
    const [first = ""] = now.stderr.split("\n");
    found.push({ kind: "exit", file: "messages", what: `exit ${old.code} → ${now.code}: ${first}` });
  }
  const [before, after] = [faultsOf(old.stderr), faultsOf(now.stderr)];
  const gone = missingFrom(after, before);
  const come = missingFrom(before, after);
  if (gone.length + come.length > 0) {
    const what = [...gone.map((fault) => `gone: ${fault}`), ...come.map((fault) => `new: ${fault}`)].join(
      "; ",
    );
    found.push({ kind: "faults", file: "messages", what });
  }
  for (const [stream, file] of Object.entries({ stderr: "messages", stdout: "screen" })) {
    if (old[stream] !== now[stream])
      found.push({ kind: "words", file, ...firstDifference(old[stream], now[stream]) });
  }
  return found;
}

/** `error[unknown-key] a.yaml:3:1` of each fault. */
function faultsOf(text) {
  return [...text.matchAll(/^(\w+\[[\w-]+\]):.*\n(?: *--> (.*))?/gm)].map(([, code, place]) =>
    place ? `${code} ${place}` : code,
  );
}

/** Those of `list` that are not in `other`, as often as they are too many. */
function missingFrom(other, list) {
  const left = [...other];
  return list.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function firstDifference(one, other) {
  const [before, after] = [one.split("\n"), other.split("\n")];
  const line = before.findIndex((text, index) => text !== after[index]);
  const at = line < 0 ? before.length : line;
  return { where: `line ${at + 1}`, old: before[at] ?? "(end)", new: after[at] ?? "(end)" };
}

/** Columns of a data package: hashes and versions differ by nature. */
function comparePackages(old, now) {
  const file = "datapackage.json";
  const found = [];
  const tables = (content) => new Map(content.resources.map((resource) => [resource.path, resource]));
  const [before, after] = [tables(old), tables(now)];
  for (const [name, resource] of after) {
    const previous = before.get(name);
    if (!previous) continue;
    const columns = new Map(previous.schema.fields.map((field) => [field.name, field]));
    for (const field of resource.schema.fields) {
      const column = `${name}: ${field.name}`;
      const known = columns.get(field.name);
      if (!known) continue;
      for (const property of ["type", "unit"]) {
        if (known[property] !== field[property])
          found.push({
            kind: "column",
            file,
            column,
            what: `${property} ${known[property]} → ${field[property]}`,
          });
      }
      if (known.description !== field.description)
        found.push({ kind: "words", file, column, old: known.description, new: field.description });
    }
    const keys = [previous, resource].map(({ schema }) => schema.primaryKey.join(" "));
    if (keys[0] !== keys[1])
      found.push({ kind: "column", file, column: name, what: `key ${keys.join(" → ")}` });
  }
  return found;
}

/** The key columns of a table, as the data packages give them; none if they disagree. */
function keysOf(file, ...results) {
  const [one, other] = results.map(({ files }) => {
    const content = JSON.parse(files.get("datapackage.json") ?? "{}");
    return content.resources?.find(({ path }) => path === file)?.schema.primaryKey ?? [];
  });
  return one.filter((column) => other.includes(column));
}

/** Compares two tables, rows by their keys or, where these do not tell rows apart, by their place. */
export function compareTables(file, old, now, keys = []) {
  const [before, after] = [parseCsv(old), parseCsv(now)];
  const found = compareHeaders(file, before.header, after.header);
  const names = keys.length > 0 ? keys : textColumns(before);
  const [rows, others] = [before, after].map((table) => rowsByKey(table, names));
  const isKeyed = rows && others;
  const [left, right] = isKeyed ? [rows, others] : [before, after].map(({ rows }) => rowsByPlace(rows));
  const gone = [...left.keys()].filter((key) => !right.has(key));
  const come = [...right.keys()].filter((key) => !left.has(key));
  if (gone.length > 0)
    found.push({
      kind: "rows",
      file,
      what: `${gone.length} of ${left.size} rows are gone, such as ${gone[0]}`,
    });
  if (come.length > 0)
    found.push({
      kind: "rows",
      file,
      what: `${come.length} of ${right.size} rows are new, such as ${come[0]}`,
    });
  const common = [...left.keys()].filter((key) => right.has(key));
  if (isKeyed && common.join("\n") !== [...right.keys()].filter((key) => left.has(key)).join("\n"))
    found.push({ kind: "rows", file, what: "rows stand in another order" });
  // A table of figures has a row a figure, which says more than the column.
  const metricAt = keys.includes("metric") ? before.header.indexOf("metric") : -1;
  const cells = new Map();
  for (const [column, name] of before.header.entries()) {
    const place = after.header.indexOf(name);
    if (place < 0) continue;
    for (const key of common) {
      const [row, other] = [left.get(key), right.get(key)];
      noteCell(
        cells,
        metricAt < 0 ? name : `${row[metricAt]}: ${name}`,
        key,
        row[column] ?? "",
        other[place] ?? "",
      );
    }
  }
  for (const [column, { cells: count, of, relative, scale, furthest, where, ...values }] of cells) {
    if (count === 0) continue;
    const ofLargest = scale > 0 ? furthest / scale : 0;
    found.push({ kind: "cells", file, column, cells: count, of, relative, ofLargest, where, ...values });
  }
  // Bytes that no cell shows: quotes, ends of lines.
  if (found.length === 0) found.push({ kind: "text", file, ...firstDifference(old, now) });
  return found;
}

function compareHeaders(file, before, after) {
  const gone = before.filter((name) => !after.includes(name));
  const come = after.filter((name) => !before.includes(name));
  const found = [
    ...gone.map((column) => ({ kind: "column", file, column, what: "is gone" })),
    ...come.map((column) => ({ kind: "column", file, column, what: "is new" })),
  ];
  const order = (header) => header.filter((name) => before.includes(name) && after.includes(name)).join();
  if (order(before) !== order(after))
    found.push({ kind: "column", file, what: "columns stand in another order" });
  return found;
}

/** Counts a pair of cells, and keeps the pair that is relatively furthest apart. */
function noteCell(cells, column, where, old, now) {
  const noted = cells.get(column) ?? { cells: 0, of: 0, relative: -1, scale: 0, furthest: 0 };
  cells.set(column, noted);
  noted.of++;
  const [one, other] = [old, now].map((text) => (text === "" ? Number.NaN : Number(text)));
  const apart = Math.abs(one - other);
  if (Number.isFinite(apart)) noted.scale = Math.max(noted.scale, Math.abs(one), Math.abs(other));
  if (old === now) return;
  noted.cells++;
  // A text, or a number that came or went, is as far from another as can be.
  const isNumber = Number.isFinite(apart);
  const relative = isNumber ? apart / Math.max(Math.abs(one), Math.abs(other), Number.MIN_VALUE) : Infinity;
  if (isNumber) noted.furthest = Math.max(noted.furthest, apart);
  if (relative > noted.relative) Object.assign(noted, { relative, where, old, new: now });
}

/** The first column of texts, which names the rows of a table without a data package. */
function textColumns({ header, rows }) {
  return header.filter((_, at) => rows.some((row) => Number.isNaN(Number(row[at])))).slice(0, 1);
}

function rowsByPlace(rows) {
  return new Map(rows.map((row, index) => [`row ${index + 1}`, row]));
}

function rowsByKey({ header, rows }, keys) {
  const places = keys.map((key) => header.indexOf(key));
  if (keys.length === 0 || places.includes(-1)) return undefined;
  const byKey = new Map(rows.map((row) => [places.map((place) => row[place]).join(" "), row]));
  return byKey.size === rows.length ? byKey : undefined;
}

/** Cells of a table as the program writes it: commas, quotes where needed, and doubled within. */
function parseCsv(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\n") rows.push([]);
    if (end === "") break;
  }
  // After the last end of line there is one empty cell.
  if (rows.at(-1).join("") === "") rows.pop();
  const [header = [], ...body] = rows;
  return { header, rows: body };
}
