/**
 * Resolves a path written in a file relative to that file's folder, without touching a file system.
 *
 * `./b.yaml` in `scenarios/a.yaml` is `scenarios/b.yaml`; `..` goes up one folder, and is kept beyond the topmost one.
 * Absolute paths stay. Reads both kinds of slashes and writes `/`.
 *
 * @param from      the file that contains the path, empty for the command line
 * @param reference the path as written
 *
 * Fails: never.
 */
export function resolvePath(from: string, reference: string): string {
  const base = isAbsolute(reference) ? "" : slashes(from).replace(/[^/]*$/, "");
  const joined = `${base}${slashes(reference)}`;
  const root = /^(?:[A-Za-z]:)?\/+/.exec(joined)?.[0] ?? "";
  const kept: string[] = [];
  for (const part of joined.slice(root.length).split("/")) {
    if (part === "" || part === ".") continue;
    const last = kept.at(-1);
    if (part !== ".." || (root === "" && (last === undefined || last === ".."))) kept.push(part);
    else kept.pop();
  }
  return `${root}${kept.join("/")}`;
}

/** The last part of a path. */
export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The last part of a path, without its extension. */
export function baseName(path: string): string {
  return (slashes(path).split("/").at(-1) ?? "").replace(/(?<=.)\.[^.]*$/, "");
}

function isAbsolute(path: string): boolean {
  return /^(?:[A-Za-z]:)?[/\\]/.test(path);
}

/** Backslashes separate folders on Windows; elsewhere no scenario name contains them. */
function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
