/** Names that stay inside the folder and that every operating system takes. */
const SAFE_NAME = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_-])?$/i;

/** True for a name that can be that of a file or folder everywhere and leads nowhere else. */
export function isSafeName(name: string): boolean {
  return SAFE_NAME.test(name) && name.length <= 200;
}
