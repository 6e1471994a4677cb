// Compares two checkouts: the same contestants of both in one process, interleaved, so that a cell is one ratio of times.
// The contract between checkouts: tsdown.config.ts, the modules in MODULES, and what a Contestant is.
import { join, resolve } from "node:path";
import { quantileSorted } from "simple-statistics";
import { build } from "tsdown";
import type { Arguments } from "./arguments.ts";
import { SIDES } from "./node/pair-starts.ts";
import { startChild } from "./node/start-child.ts";
import type { Progress } from "./progress.ts";
import { cell, compactTable, figure, shapeName } from "./report/words.ts";
import { FAMILIES, type Operation, type Shape } from "./results.ts";
import type { Service } from "./service.ts";

const MODULES = { starts: "src/node/starts.ts", "gumbel-webgpu": "src/contestants/gumbel-webgpu.ts" };
/** Starters that are compared, by family; each has a process of its own. */
const STARTS = {
  wasm: ["gumbel-wasm", "gumbel-core"],
  webgpu: ["gumbel-webgpu"],
  onnx: ["onnx-node"],
  tfjs: ["tfjs-cpu", "tfjs-wasm"],
};
const OPERATIONS: readonly Operation[] = ["categorical", "gumbelSoftmax", "gumbelSoftmaxVjp"];

/** A slower cell has a larger ratio; a call over few elements consists mostly of checks of its arguments. */
const PERCENT = { few: 6, many: 3 };
const FEW_ELEMENTS = 1000;
/** Milliseconds of a turn: short, so that both sides of a pair see the same load. The median needs many rounds. */
const TURN = 10;
const ROUNDS = 2000;
const AGAIN = 4; // times as long is a doubtful cell measured in another process
const DEVIATIONS = 2.58; // of the median's interval: 99 %

/** Time here over time there: medians of paired ratios of elapsed and processor time, with their confidence intervals. */
interface Cell {
  readonly text: string;
  readonly verdict: "as fast" | "undecided" | "slower";
}

/**
 * Measures every cell, and those that are slower or undecided again, for longer and in another process. Returns a report, and in
 * words what is slower, could not be compared or is wrong.
 */
export async function compare(
  { against = "", families, shapes, budget, hardware }: Arguments,
  folder: string,
  progress: Progress,
): Promise<{ markdown: string; problems: string[] }> {
  const benches = [resolve(against, "bench"), folder];
  const bundles = benches.map((_, side) => join(folder, "dist", SIDES[side]));
  // Each as its own configuration says; both use the libraries that are installed here, found from this folder.
  process.chdir(folder);
  for (const [side, bench] of benches.entries()) {
    const entry = Object.entries(MODULES).map(([name, path]) => [name, join(bench, path)]);
    await build({
      cwd: bench,
      config: join(bench, "tsdown.config.ts"),
      entry: Object.fromEntries(entry),
      outDir: bundles[side],
      logLevel: "error",
    });
  }
  /** Cells by shape, by row: contestant and operation. */
  const rows = new Map<string, Map<string, Cell>>();
  const problems = new Set<string>();
  for (const start of families.flatMap((family) => STARTS[family])) {
    const before = rows.size;
    for (const seconds of [budget, AGAIN * budget]) {
      const doubtful = (row: string, shape: string) =>
        (rows.get(row)?.get(shape)?.verdict ?? "as fast") !== "as fast";
      const isAgain = seconds !== budget;
      const all = [...rows].slice(before).flatMap(([, cells]) => [...cells.values()]);
      if (isAgain && all.every(({ verdict }) => verdict === "as fast")) continue;
      const { service, close } = startChild("pair", start, hardware ? "hardware" : "software", ...bundles);
      try {
        for (const pair of await pairsOf(service, problems)) {
          const row = `${pair[1].slice(SIDES[1].length + 1)} ${pair[2]}`;
          const cells = rows.get(row) ?? new Map<string, Cell>();
          rows.set(row, cells);
          for (const shape of shapes) {
            if (isAgain && !doubtful(row, shapeName(shape))) continue;
            progress.add(1);
            progress.step(`${isAgain ? "again " : ""}${row} of ${shapeName(shape)}`);
            cells.set(shapeName(shape), await measureCell(service, pair, shape, seconds));
          }
        }
      } catch (error) {
        problems.add(`${start}: ${error}`);
      } finally {
        await close();
      }
    }
  }
  progress.end();
  const table = [...rows].map(([row, cells]) => {
    for (const [shape, { text, verdict }] of cells)
      if (verdict === "slower") problems.add(`slower: ${row} of ${shape}, ${text}`);
    const texts = shapes.map((shape) => cells.get(shapeName(shape))?.text ?? "failed");
    return [row, ...texts];
  });
  const parts = [
    `Elapsed time here over that in ${against}: the median of paired ratios ± half of its 99 % interval; in parentheses processor time. Bold: slower in both by more than ${PERCENT.many} % (up to ${FEW_ELEMENTS} elements ${PERCENT.few} %): other load changes elapsed time alone. A question mark: undecided; a larger --budget or a quieter machine decides.`,
    compactTable([["", ...shapes.map(shapeName)], ...table]),
    problems.size === 0 ? "Nothing is slower." : [...problems].map((each) => `- ${cell(each)}`).join("\n"),
  ];
  return { markdown: `${parts.join("\n\n")}\n`, problems: [...problems] };
}

/** Ids of the contestants, and the operation. */
type Pair = readonly [there: string, here: string, operation: Operation];

/** Contestants and operations that both sides have. Adds to problems what does not start or is wrong here. */
async function pairsOf(service: Service, problems: Set<string>): Promise<Pair[]> {
  const roster = await service.roster(FAMILIES);
  const pairs: Pair[] = [];
  for (const { id: here, operations, absent } of roster) {
    if (absent !== undefined) problems.add(`${here}: ${absent}`);
    if (!here.startsWith(SIDES[1])) continue;
    const find = (id: string) => roster.find((each) => each.id === id);
    const name = here.replace(SIDES[1], SIDES[0]);
    // Older checkouts have the engine that @gumbel/tfjs now takes by default as a contestant of its own.
    const hasOwn = find(`${here}-engine`) !== undefined;
    const there = (hasOwn ? undefined : find(`${name}-engine`)) ?? find(name);
    for (const { operation } of operations.filter((each) => OPERATIONS.includes(each.operation))) {
      if (!there?.operations.some((each) => each.operation === operation)) continue;
      pairs.push([there.id, here, operation]);
      // Of both sides, so that engines compile both alike.
      await service.check(there.id, operation);
      const { faults } = await service.check(here, operation);
      for (const { law, found } of faults) problems.add(`${here} ${operation}: not so: ${law} (${found})`);
    }
  }
  return pairs;
}

async function measureCell(service: Service, pair: Pair, shape: Shape, seconds: number): Promise<Cell> {
  const [there, here, operation] = pair;
  const options = { rounds: ROUNDS, turn: TURN, budget: 1000 * seconds, longest: Number.POSITIVE_INFINITY };
  const { ratios, figures } = await service.measure(operation, shape, [there], options, [there, here]);
  const failed = figures.find((each) => each.failed !== undefined);
  if (failed !== undefined) throw new Error(`${failed.contestant} ${operation}: ${failed.failed}`);
  const [wall, processor] = (["wall", "processor"] as const).map((clock) => {
    const sorted = ratios[here].map((each) => each[clock]).sort((a, b) => a - b);
    // Ranks around the median, by the normal approximation of the binomial distribution.
    const half = Math.min(0.5, DEVIATIONS / (2 * Math.sqrt(sorted.length)));
    const [low, ratio, high] = [0.5 - half, 0.5, 0.5 + half].map((share) => quantileSorted(sorted, share));
    return { low, high, text: `${figure(ratio)} ±${((100 * (high - low)) / 2).toFixed(1)}%` };
  });
  const text = `${wall.text} (${processor.text})`;
  const limit = 1 + PERCENT[shape[0] * shape[1] <= FEW_ELEMENTS ? "few" : "many"] / 100;
  if (Math.min(wall.low, processor.low) > limit) return { text: `**${text}**`, verdict: "slower" };
  if (Math.min(wall.high, processor.high) > limit) return { text: `${text} ?`, verdict: "undecided" };
  return { text, verdict: "as fast" };
}
