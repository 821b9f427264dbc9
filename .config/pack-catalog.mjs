/** Packs a catalog, parsed and checked, for the build and for the benchmark, whose catalog is that of another day. */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { importSource } from "./import-source.mjs";

const source = fileURLToPath(new URL("../src/scenario/pack-catalog.ts", import.meta.url));

/** The text of a packed catalog; undefined where a file of the folder has faults. */
export async function packedCatalog(folder) {
  const { packCatalog, writePacked } = await importSource(source);
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const texts = names.map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]);
  const packed = packCatalog(Object.fromEntries(texts));
  return packed && writePacked(packed);
}
