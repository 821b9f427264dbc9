// Scripts in ASCII: a text of single bytes is read without decoding, and takes half the memory of one with any other sign.

/** Escapes all else in a script or in JSON: esbuild leaves its regular expressions as they are, where the same escapes mean the same. */
export function inAscii(script) {
  return script.replace(/(.?)([^\0-\x7f])/g, (_match, before, sign) => {
    if (before === "\\") throw new Error(`a backslash before \`${sign}\` in a regular expression; write its code`);
    return `${inAscii(before)}\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
