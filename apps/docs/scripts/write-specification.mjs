// The specification page, every clause of @gumbel/core with the cases of the conformance suite that check it, and the page of the cases.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { CASES } from "@gumbel/core/conformance";
import { CHAPTERS } from "@gumbel/core/spec";

const PAGE = new URL("../pages/specification.md", import.meta.url);
const CASES_PAGE = new URL("../pages/specification/cases.md", import.meta.url);
const STATUS = new URL("../data/conformance.json", import.meta.url);

const PREAMBLE = `---
outline: 2
editLink: false
---

<script setup>
import ClauseStatus from "../src/specification/clause-status.vue"
</script>

# The sampling specification

One key, one sample: the same key gives the same random bits on every backend, those of \`jax.random\`, and the same
sample away from provable near-ties. Each clause below has at least one case in the conformance suite, listed under it with its
result on each backend in the [last recorded test run](#status); a report names the clause that a backend breaks.
[Run the suite on this device](./conformance.md).

Notation: \`g\` is standard Gumbel noise, \`z\` the perturbed logits, \`y\` a soft sample, \`σ\` the logistic
function. "The reference" is the float64 implementation in \`@gumbel/core\`. A case is
*exact*, a *property* over random inputs, *statistical* at fixed keys, or about *robustness*.
`;

const CASES_PREAMBLE = `---
outline: 2
editLink: false
---

# Cases of the suite

What the conformance suite runs on a backend, by topic, and the clauses of the [specification](../specification.md) that each case can find
broken. \`npx -p @gumbel/core gumbel-conformance <module> --case <id>\` runs one of them, \`--case <topic>\` all of a topic.
`;

/** Writes both pages. Throws when a clause has no case. */
export async function writeSpecification() {
  /** @type {Status} */
  const status = JSON.parse(await readFile(STATUS, "utf8"));
  const chapters = CHAPTERS.map(
    ({ title, prefix, clauses }) => `## ${title} {#${prefix}}\n\n${clauses.map(section).join("\n\n")}\n`,
  );
  await writeFile(PAGE, `${PREAMBLE}\n${chapters.join("\n")}\n${statusTable(status)}`);
  await mkdir(new URL(".", CASES_PAGE), { recursive: true });
  await writeFile(CASES_PAGE, `${CASES_PREAMBLE}\n${caseLists()}`);
}

/**
 * @typedef {object} Status what a test run recorded, as tools/test writes it
 * @property {string} date
 * @property {string} commit
 * @property {string} machine
 * @property {string[]} cases
 * @property {string[]} [quick] backends on which cases ran with fewer inputs and smaller tensors
 * @property {Record<string, string>} backends a letter for each case: p(assed), f(ailed), s(kipped), or - where it was not run
 */

/** @param {import("@gumbel/core/spec").Clause} clause */
function section({ id, text }) {
  const cases = CASES.filter(({ clauses }) => clauses.includes(id));
  if (cases.length === 0) throw new Error(`no case checks ${id}`);
  const links = cases
    .map((test) => `[\`${test.id}\`](./specification/cases.md#${anchor(test.id)})`)
    .join(", ");
  const ids = cases.map((test) => `'${test.id}'`).join(", ");
  return `### ${id} {#${id}}\n\n${text}\n\n<ClauseStatus :cases="[${ids}]">\n\nChecked by ${links}.\n\n</ClauseStatus>`;
}

/** @param {Status} status */
function statusTable({ date, commit, machine, quick = [], backends }) {
  const day = date.slice(0, 10);
  const rows = Object.entries(backends).map(([name, letters]) => {
    /** @param {string} letter */
    const count = (letter) => [...letters].filter((one) => one === letter).length;
    return `| ${name}${quick.includes(name) ? ", quick run" : ""} | ${count("p")} | ${count("f")} | ${count("s")} | ${count("-")} |`;
  });
  return `## Status {#status}

The suite on every backend, in the test run of ${day} at commit \`${commit.slice(0, 10)}\` (${machine}; WebGPU and WebGL on a software GPU).
A case is skipped where a backend declares that it lacks what the case needs, and not run where only a part of the suite runs.

| backend | passed | failed | skipped | not run |
| --- | ---: | ---: | ---: | ---: |
${rows.join("\n")}
`;
}

/** A folded list of the suite's cases for each topic; clauses link to their items, which the theme then unfolds. */
function caseLists() {
  /** @type {Map<string, string[]>} */
  const topics = new Map();
  for (const { id, kind, title, clauses } of CASES) {
    const links = clauses.map((clause) => `[${clause}](../specification.md#${clause})`).join(", ");
    const item = `- <span id="${anchor(id)}"></span>\`${id}\` (${kind}): ${escapeHtml(title)}. ${links}`;
    const topic = id.split("/")[0];
    topics.set(topic, [...(topics.get(topic) ?? []), item]);
  }
  return Array.from(topics, ([topic, items]) => {
    const { title } = CASES.find(({ id }) => id.startsWith(`${topic}/`)) ?? {};
    const count = items.length === 1 ? "1 case" : `${items.length} cases, the first of which`;
    const summary = `${count}: ${escapeHtml(title ?? "")}`;
    return `## ${topic} {#topic-${topic}}\n\n<details>\n<summary>${summary}</summary>\n\n${items.join("\n")}\n\n</details>\n`;
  }).join("\n");
}

/** @param {string} id of a case */
function anchor(id) {
  return `case-${id.replaceAll(/[^\w-]/g, "-")}`;
}

/** @param {string} text */
function escapeHtml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("{{", "&#123;&#123;");
}
