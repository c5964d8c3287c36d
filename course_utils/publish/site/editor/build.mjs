// Puts the editor and all that it needs into one file, and their licenses beside it.
import { build } from "esbuild";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const read = (path) => readFileSync(path, "utf8");
const { packages } = JSON.parse(read("package-lock.json"));
const done = await build({
  entryPoints: ["entry.js"], outfile: "codemirror.js", bundle: true, minify: true, format: "esm", target: "es2020",
  charset: "utf8", legalComments: "none", metafile: true, write: false,
});
const used = [...new Set(Object.keys(done.metafile.inputs).map((file) => file.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean))].sort();
const named = used.map((name) => `${name} ${packages[`node_modules/${name}`].version}`);
writeFileSync("codemirror.js", `// Made by build.mjs out of entry.js and ${named.join(", ")}; LICENSES.txt has their licenses (MIT).\n${done.outputFiles[0].text}`);
const license = (name) => read([`node_modules/${name}/LICENSE`, `node_modules/${name}/LICENSE.md`].find(existsSync));
writeFileSync("LICENSES.txt", `${used.map((name) => `${name}\n\n${license(name).trim()}\n`).join("\n\n")}`);
