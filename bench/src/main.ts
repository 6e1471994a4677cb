// The command `pnpm bench`: flags in; results and report out.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { HELP, parseArguments } from "./arguments.ts";
import { startChild } from "./node/start-child.ts";
import { createProgress } from "./progress.ts";
import { markdownOf } from "./report/markdown.ts";
import { assertResults, type Results, rounded } from "./results.ts";
import { type EnvironmentStart, run } from "./run.ts";

const FOLDER = fileURLToPath(new URL("..", import.meta.url));
const parameters = parseArguments(process.argv.slice(2));
if (parameters.help) {
  process.stdout.write(HELP);
  process.exit();
}
if (parameters.gpu) {
  const { gpuTime } = await import("./gpu-time/gpu-time.ts");
  const { hardware, gpuShapes: shapes, gpuRounds: rounds, out } = parameters;
  const isRight = await gpuTime({ hardware, shapes, rounds, out });
  // Dawn's threads would keep the process.
  process.exit(isRight ? 0 : 1);
}
if (parameters.against !== undefined) {
  // Imported only here, as Chromium is below: a machine for one purpose need not have all libraries.
  const { compare } = await import("./against.ts");
  const { markdown, problems } = await compare(parameters, FOLDER, createProgress());
  process.stdout.write(markdown);
  process.exit(problems.length === 0 ? 0 : 1);
}

async function measured(): Promise<Results> {
  const { dawn, families, hardware } = parameters;
  const starts: EnvironmentStart[] = [
    { id: "node", runtime: `Node ${process.versions.node}`, start: async () => startChild("node") },
  ];
  const chromium = async () => (await import("./chromium/start-chromium.ts")).startChromium(FOLDER, hardware);
  const inNode = async () => startChild(hardware ? "dawn" : "dawn-software");
  // The family wasm is measured in Node only.
  if (families.some((family) => family !== "wasm"))
    starts.push(
      dawn
        ? { id: "dawn", runtime: "Dawn for Node", start: inNode }
        : { id: "chromium", runtime: "Chromium", start: chromium },
    );
  return rounded(await run(parameters, starts, FOLDER, createProgress()));
}

const results: unknown =
  parameters.from === undefined ? await measured() : JSON.parse(readFileSync(parameters.from, "utf8"));
assertResults(results);
const out = resolve(parameters.out ?? join(FOLDER, parameters.whole ? "results" : "out"));
mkdirSync(out, { recursive: true });
const markdown = markdownOf(results);
writeFileSync(join(out, "results.json"), `${JSON.stringify(results)}\n`);
writeFileSync(join(out, "results.md"), markdown);
process.stdout.write(markdown);
process.stderr.write(`\nwritten to ${out}\n`);
process.exit();
