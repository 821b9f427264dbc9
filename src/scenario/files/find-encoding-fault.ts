import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";

/**
 * Finds signs that a file was not UTF-8 when its bytes were read as UTF-8: bytes that mean nothing there, as Latin-1 and
 * Windows code pages leave them, or the zero bytes of UTF-16.
 *
 * Fails: never.
 */
export function findEncodingFault(text: string, file: string): Diagnostic | undefined {
  const zeros = text.slice(0, 200).split("\0").length - 1;
  // A byte order mark of UTF-16 reads as two bytes that mean nothing.
  const isWide = zeros > 20 || /^\ufffd{1,2}[^\ufffd]?\0/.test(text);
  const index = isWide ? 0 : text.indexOf("\ufffd");
  if (index < 0) return undefined;
  const before = text.slice(0, index).split(/\r\n|\n|\r/);
  const span = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, length: 1 };
  return diagnose("invalid-encoding", {
    values: { file, got: isWide ? "UTF-16" : "an older encoding, such as Latin-1 or Windows-1252" },
    span,
    help: `save it as UTF-8 (Excel: \`CSV UTF-8\`), or convert it: \`iconv -f ${isWide ? "UTF-16" : "WINDOWS-1252"} -t UTF-8\``,
  });
}
