// The benchmarks page: the bench's report and charts as it wrote them, with a way to measure here.
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";

const RESULTS = new URL("../../../bench/results/", import.meta.url);
const PAGES = new URL("../pages/", import.meta.url);
const CHARTS = new URL("public/bench/", PAGES);

const PREAMBLE = `---
outline: 2
editLink: false
aside: false
---

<script setup>
import BenchHere from "../src/bench/bench-here.vue"
</script>

# Benchmarks and quality

How fast the packages sample beside what else there is, and how right: a fast sampler that is wrong is no peer. Every contestant
is checked before it is timed, all are interleaved round by round, and each table and chart below was written by one command:

\`\`\`sh
npx -y pnpm@12.21.0 bench   # in a clone; --help lists flags
\`\`\`

Ratios hold within one environment. GPU figures come from a software GPU unless the table says otherwise: they compare amounts of work,
and say little of a real one. So measure on yours:

<BenchHere />

`;

/** Writes the page and copies the charts. */
export async function writeBenchmarks() {
  const report = await readFile(new URL("results.md", RESULTS), "utf8");
  await rm(CHARTS, { recursive: true, force: true });
  await mkdir(CHARTS, { recursive: true });
  for (const name of await readdir(RESULTS)) {
    if (name.endsWith(".svg")) await cp(new URL(name, RESULTS), new URL(name, CHARTS));
  }
  const body = report
    .replace(/^# .*\n/, "## The run\n")
    .replaceAll(/!\[([^\]]*)\]\(([\w-]+\.svg)\)/g, "![$1](/bench/$2)")
    // Vue would take these for its own.
    .replaceAll("{{", "&#123;&#123;");
  await writeFile(new URL("benchmarks.md", PAGES), PREAMBLE + body);
}
