/** Workbooks: hucre stores its files in an archive instead of compressing them (stand-ins/archive.mjs). */
import { fileURLToPath } from "node:url";

export const storedArchive = {
  name: "stored-archive",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\.\/zip\/writer\.mjs$/ }, ({ importer }) =>
      /node_modules.hucre.dist/.test(importer)
        ? { path: fileURLToPath(new URL("stand-ins/archive.mjs", import.meta.url)) }
        : undefined,
    );
  },
};
