// The benchmarks page: the bench's report as it wrote it, its charts for any width, and a way to measure here.
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

How fast the packages sample beside what else there is, and how right: a fast sampler that is wrong is no peer. Every contestant
is checked before it is timed, all are interleaved round by round, and each table and chart below comes from one command:

\`\`\`sh
npx -y pnpm@12.21.0 bench   # in a clone; --help lists flags
\`\`\`

Ratios hold within one environment. GPU figures come from a software GPU unless the table says otherwise: they compare amounts of work,
and say little of a real one. So measure on yours:

<BenchHere />

`;

/** A chart of the report and the table behind it. */
const CHARTED = /!\[[^\]]*\]\((\w+)-(\w+)\.svg\)\n\n((?:\|.*\n)+)/g;

/** Writes the page. Throws when the report has no chart, or one without its table. */
export async function writeBenchmarks() {
  const report = await readFile(REPORT, "utf8");
  const body = report
    .replace(/^# .*\n/, "## The run\n")
    .replaceAll(CHARTED, (_, environment, operation, table) => {
      const chart = `<TimesChart environment="${environment}" operation="${operation}" />`;
      return `${chart}\n\n<details>\n<summary>Every shape, with spreads, ratios and processor time</summary>\n\n${table}\n</details>\n`;
    })
    // Vue would take these for its own.
    .replaceAll("{{", "&#123;&#123;");
  if (!body.includes("<TimesChart") || body.includes(".svg)")) {
    throw new Error("the report's charts are not where they were: adapt write-benchmarks.mjs");
  }
  await writeFile(PAGE, PREAMBLE + body);
}
