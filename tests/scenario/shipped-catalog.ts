import fs from "node:fs";
import { packCatalog } from "../../src/scenario/pack-catalog.ts";

const folder = new URL("../../scenarios/catalog/", import.meta.url);

/** Names of the shipped catalog's files, without folders. */
export const catalogNames: readonly string[] = fs.readdirSync(folder).sort();

/** The same files from the root of the repository. */
export const catalogFiles = catalogNames.map((name) => `scenarios/catalog/${name}`);

/**
 * The shipped catalog, parsed once for all tests of a worker: parsing is most of the time that a scenario takes to load.
 * packed-catalog.test.ts shows that it says the same as its files.
 */
export const packed = packCatalog(
  Object.fromEntries(catalogNames.map((name) => [name, fs.readFileSync(new URL(name, folder), "utf8")])),
);
