// Stands in for Node's Buffer where the page's CSV writer asks for it: a browser has none, and no value there is one.
export const Buffer = {
  isBuffer: () => false,
  /** Called for the byte order mark alone. */
  from: (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(bytes)),
};
