// The benchmarks page: the bench's report with a chart of each operation, and a bench that runs in the page.
import { readFile, writeFile } from "node:fs/promises";

const REPORT = new URL("../../../bench/results/results.md", import.meta.url);
const PAGE = new URL("../pages/benchmarks.md", import.meta.url);

const PREAMBLE = `---
outline: 2
editLink: false
aside: false
---

<script setup>
import BenchHere from "../src/bench/bench-here.vue"
import TimesChart from "../src/bench/times-chart.vue"
</script>

# Benchmarks and quality

How fast and how right the packages sample, compared with other libraries. Every contestant is checked before it is timed, all are
interleaved round by round, and each table and chart below comes from one command:

\`\`\`sh
npx -y pnpm@12.21.0 bench   # in a clone; --help lists flags
\`\`\`

Ratios hold within one environment. GPU figures come from a software GPU unless the table says otherwise: they compare amounts of work,
and say little of a real one. So measure on yours:

<BenchHere />

`;

/** Operations with a chart, by their titles in the report. */
const CHARTED = {
  "Categorical sample": "categorical",
  "Gumbel-softmax sample": "gumbelSoftmax",
  "Gradient through a Gumbel-softmax sample": "gumbelSoftmaxVjp",
  "Gumbel noise": "gumbel",
};
/** Environments with a chart, by the first word of their runtimes. */
const ENVIRONMENTS = { Node: "node", Chromium: "chromium" };

/** The times of an operation in an environment. */
const TIMES = /^## (.*), (Node|Chromium) (.*)\n\n((?:\|.*\n)+)/gm;

/** Writes the page. Throws when the report has no times to chart. */
export async function writeBenchmarks() {
  const report = await readFile(REPORT, "utf8");
  const body = report
    .replace(/^# .*\n/, "## The run\n")
    .replaceAll(TIMES, (whole, title, runtime, version, table) => {
      const operation = CHARTED[title];
      if (operation === undefined) return whole;
      const chart = `<TimesChart environment="${ENVIRONMENTS[runtime]}" operation="${operation}" />`;
      return `## ${title}, ${runtime} ${version}\n\n${chart}\n\n<details>\n<summary>Every shape, with spreads, ratios and processor time</summary>\n\n${table}\n</details>\n`;
    })
    // Vue would evaluate these.
    .replaceAll("{{", "&#123;&#123;");
  if (!body.includes("<TimesChart")) {
    throw new Error("the report's times are not where they were: adapt write-benchmarks.mjs");
  }
  await writeFile(PAGE, PREAMBLE + body);
}
