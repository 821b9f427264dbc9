// In the place of hucre's archive: what it writes is unpacked at once, and to load what a platform compresses with takes as long as
// to write it.
import { zipSync } from "fflate";

export class ZipWriter {
  #files = {};

  add(path, data) {
    this.#files[path] = data;
  }

  async build() {
    return zipSync(this.#files, { level: 0 });
  }
}
