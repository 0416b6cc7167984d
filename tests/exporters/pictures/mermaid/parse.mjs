// Parses every .mmd file of a folder with Mermaid's own parser; prints each file it refuses, then a count.
// Usage: node parse.mjs FOLDER_WITH_NODE_MODULES FOLDER
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const modules = createRequire(pathToFileURL(join(resolve(process.argv[2]), "index.js")));
const { JSDOM } = modules("jsdom");
const dom = new JSDOM("<!DOCTYPE html><body></body>");
globalThis.window = dom.window;
globalThis.document = dom.window.document;
const { default: mermaid } = await import(
  pathToFileURL(join(resolve(process.argv[2]), "node_modules/mermaid/dist/mermaid.core.mjs")).href
);

let read = 0;
for (const file of readdirSync(process.argv[3]).filter((name) => name.endsWith(".mmd")).sort()) {
  try {
    await mermaid.parse(readFileSync(join(process.argv[3], file), "utf8"));
    read += 1;
  } catch (error) {
    console.log(`${file}: ${String(error.message).split("\n").slice(0, 3).join(" ")}`);
  }
}
console.log(`${read} read`);
