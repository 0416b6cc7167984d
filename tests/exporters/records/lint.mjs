// Lints Markdown files with the markdownlint installed in a folder: node lint.mjs FOLDER FILES.json
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, list] = process.argv.slice(2);
const resolve = createRequire(pathToFileURL(`${folder}/`)).resolve;
const { lint } = await import(pathToFileURL(resolve("markdownlint/sync")));
const files = JSON.parse(readFileSync(list, "utf8"));
// Every rule but the length of lines: paragraphs are one line each, so that differences show what changed.
const found = lint({ files, config: { default: true, MD013: false } });
let bad = 0;
for (const [file, faults] of Object.entries(found)) {
  for (const fault of faults) {
    bad += 1;
    console.log(`${file}:${fault.lineNumber} ${fault.ruleNames.join("/")} ${fault.errorDetail ?? ""} ${fault.errorContext ?? ""}`);
  }
}
console.log(bad ? `${bad} faults` : `${files.length} read`);
