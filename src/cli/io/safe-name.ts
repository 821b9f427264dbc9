/** Names that stay inside the folder and that every operating system takes. */
const safeName = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_-])?$/i;

/** True for a name that can be that of a file or folder everywhere and leads nowhere else. */
export function isSafeName(name: string): boolean {
  return safeName.test(name) && name.length <= 200;
}
