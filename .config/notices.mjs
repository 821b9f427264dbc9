// The licences of the packages whose code the bundles contain; they ask for their notice wherever the code goes.
import fs from "node:fs";
import path from "node:path";

/** Folders below node_modules/ of the packages whose code is in a bundle, from esbuild's metafile. */
export function packagesIn({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  return new Set(
    inputs.map((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]).filter(Boolean),
  );
}

/**
 * The text that goes with the bundles: name, version, licence and notice of each package, sorted by name.
 *
 * Fails: throws where a package names no licence, since then its code may not be passed on.
 */
export function makeNotices(root, folders) {
  const notices = [...folders].sort().map((folder) => {
    const manifest = JSON.parse(fs.readFileSync(path.join(root, folder, "package.json"), "utf8"));
    const { name, version, author } = manifest;
    // Old packages list their licences.
    const license = manifest.license ?? manifest.licenses?.map(({ type }) => type).join(", ");
    if (!license) throw new Error(`${folder} names no licence, so it must not be bundled`);
    const files = fs.readdirSync(path.join(root, folder)).filter((one) => /^(licen[cs]e|copying|notice)([-.]|$)/i.test(one));
    const holder = typeof author === "string" ? author : author?.name;
    const texts = files.map((file) =>
      fs.readFileSync(path.join(root, folder, file), "utf8").replaceAll("\r\n", "\n").trim(),
    );
    if (files.length === 0)
      texts.push(`Licence: ${license}${holder ? `, by ${holder}` : ""}. The package holds no licence file.`);
    return `${name} ${version} (${license})\n\n${texts.join("\n\n")}\n`;
  });
  const head = "The files in this folder contain code of these packages.\n";
  // One version may lie in several folders.
  return [head, ...new Set(notices)].join(`\n${"-".repeat(80)}\n\n`);
}
