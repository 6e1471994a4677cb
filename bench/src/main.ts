// The command `pnpm bench`: flags in, results, table and charts out.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { HELP, parseArguments } from "./arguments.ts";
import { startChromium } from "./chromium/start-chromium.ts";
import { startNode } from "./node/start-node.ts";
import { createProgress } from "./progress.ts";
import { chartsOf } from "./report/charts.ts";
import { markdownOf } from "./report/markdown.ts";
import { rounded } from "./report/rounded.ts";
import type { Results } from "./results.ts";
import { assertResults } from "./results-schema.ts";
import { type EnvironmentStart, run } from "./run.ts";

const FOLDER = fileURLToPath(new URL("..", import.meta.url));
const flags = process.argv.slice(2).filter((flag) => flag !== "--");
const parameters = parseArguments(flags);
if (parameters.help) {
  process.stdout.write(HELP);
  process.exit();
}

async function measured(): Promise<Results> {
  const starts: EnvironmentStart[] = [
    { environment: { id: "node", runtime: `Node ${process.versions.node}` }, start: startNode },
    {
      environment: { id: "chromium", runtime: "Chromium" },
      start: () => startChromium(FOLDER, parameters.hardware),
    },
  ];
  // The CPU's engines are measured in Node: there is nothing in Chromium for this family.
  const needed = starts.filter(
    ({ environment: { id } }) => id !== "chromium" || parameters.families.some((family) => family !== "wasm"),
  );
  return rounded(await run(parameters, flags, needed, FOLDER, createProgress()));
}

const results: unknown =
  parameters.from === undefined ? await measured() : JSON.parse(readFileSync(parameters.from, "utf8"));
assertResults(results);
const out = resolve(parameters.out ?? join(FOLDER, parameters.whole ? "results" : "out"));
mkdirSync(out, { recursive: true });
const charts = chartsOf(results);
const markdown = markdownOf(results, charts);
writeFileSync(join(out, "results.json"), `${JSON.stringify(results)}\n`);
writeFileSync(join(out, "results.md"), markdown);
for (const { file, svg } of charts) writeFileSync(join(out, file), svg);
process.stdout.write(markdown);
process.stderr.write(`\nwritten to ${out}\n`);
process.exit();
