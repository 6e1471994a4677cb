// Pages of the bench's report: every figure, an operation behind a disclosure each, and how right the samples are.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";

const REPORT = new URL("../../../bench/results/results.md", import.meta.url);
const FOLDER = new URL("../pages/benchmarks/", import.meta.url);

const FIGURES = `---
outline: false
editLink: false
aside: false
description: All contestants, operations and shapes of the last run of the bench, with spreads, ratios and processor time.
---

# Every figure of the bench

Nanoseconds of elapsed time per element of the logits, medians, of the last whole run. Every contestant was checked before it was timed, and all were
interleaved round by round; what is called wrong breaks a law of sampling, which is said below its table. In a clone:

\`\`\`sh
npx -y pnpm@12.21.0 bench   # --help lists flags
\`\`\`

`;

const QUALITY = `---
outline: 2
editLink: false
aside: false
description: Ties, rare categories, bias and repeated rows of samplers in JavaScript and Python, and how many samples one key gives alike on every backend.
---

# How right the samples are

Measured by the bench beside [the times](./figures.md): what each contestant's noise can and cannot draw.

`;

/** Writes both pages. Throws when the report is not built as it was. */
export async function writeBenchmarks() {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const report = (await readFile(REPORT, "utf8"))
    // Vue would evaluate these.
    .replaceAll("{{", "&#123;&#123;");
  const sections = report.split(/^(?=## )/m).slice(1);
  const isQuality = (/** @type {string} */ section) => section.startsWith("## Quality: ");
  const quality = sections.filter(isQuality);
  if (quality.length === 0 || !sections.some((section) => section.startsWith("## Categorical sample")))
    throw new Error("the report is not built as it was: adapt write-benchmarks.mjs");
  const figures = sections.filter((section) => !isQuality(section));
  await writeFile(new URL("figures.md", FOLDER), FIGURES + figures.map(disclosed).join("\n"));
  await writeFile(new URL("quality.md", FOLDER), QUALITY + quality.map(titled).join("\n"));
}

/**
 * A section whose title opens it.
 * @param {string} section
 */
function disclosed(section) {
  const [, title, body] = /^## (.*)\n([\s\S]*)$/.exec(section) ?? [];
  return `<details>\n<summary>${title}</summary>\n${body}\n</details>\n`;
}

/**
 * A section of its own page.
 * @param {string} section
 */
function titled(section) {
  return section.replace(/^## Quality: (.)/, (_, letter) => `## ${letter.toUpperCase()}`);
}
