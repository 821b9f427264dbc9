/**
 * Resolves a path that a file writes against the folder of that file, without touching a file system.
 *
 * `./b.yaml` in `scenarios/a.yaml` is `scenarios/b.yaml`; `..` goes up as far as there are folders, and is kept beyond.
 * Absolute paths stay. Both slashes are read, `/` is written.
 *
 * @param from      the file that writes the path, empty for the command line
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

/** The last part of a path without its extension. */
export function baseName(path: string): string {
  return (slashes(path).split("/").at(-1) ?? "").replace(/(?<=.)\.[^.]*$/, "");
}

function isAbsolute(path: string): boolean {
  return /^(?:[A-Za-z]:)?[/\\]/.test(path);
}

/** Backslashes separate folders on Windows; elsewhere no scenario has them in its name. */
function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
