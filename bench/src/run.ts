// A run from beginning to end: starts environments one after another, asks their services, gathers results.
import type { Arguments } from "./arguments.ts";
import { isFiltered } from "./filtered.ts";
import { commitOf, load, machine, versionOf } from "./machine.ts";
import type { Progress } from "./progress.ts";
import { TAIL_VOCABULARY, VOCABULARY } from "./quality.ts";
import { columnName } from "./report/words.ts";
import type { ContestantEntry, Environment, Operation, Quality, Results, Table } from "./results.ts";
import { LOGITS, OPERATIONS } from "./results.ts";
import { messageOf, type RosterEntry, type Service } from "./service.ts";

/** How to start an environment; it is absent, with the error as reason, where `start` rejects. */
export interface EnvironmentStart extends Pick<Environment, "id" | "runtime"> {
  start(): Promise<Running>;
}

/** An environment that is running. */
export interface Running {
  /** Replaces that of the start, where the version is known only now. */
  readonly runtime?: string;
  readonly service: Service;
  close(): Promise<void>;
}

/** Contestants that ratios refer to: the first of these that is in a table. */
const PREFERRED = ["wasm", "webgpu", "tfjs-cpu", "onnx-node", "tfjs-webgpu", "onnx-webgpu", "tfjs-webgl"].map(
  (name) => `gumbel-${name}`,
);
/** They vary little and need few rounds. */
const FLOORS: readonly Operation[] = ["bits", "softmax", "read"];
/** Noise values: of fewer than 10⁸ counts of NaN and infinities mean little, and more than 10¹⁰ show nothing new. */
const VALUES = { quick: { least: 0, most: 1e8 }, full: { least: 1e8, most: 1e10 } };
const MOST_DRAWS = 100_000;

/** Measures with the packages that are installed in the folder of the bench. */
export async function run(
  parameters: Arguments,
  starts: readonly EnvironmentStart[],
  folder: string,
  progress: Progress,
): Promise<Results> {
  const begin = performance.now();
  const [date, commit, before] = [new Date().toISOString(), commitOf(folder), machine()];
  const { flags, quick, budget, shapes, filteredShapes } = parameters;
  const environments: Environment[] = [];
  const contestants: ContestantEntry[] = [];
  const tables: Table[] = [];
  const quality: Partial<Quality>[] = [];
  /** Samples of the first contestant of each stream. */
  const streams = new Map<string, { contestant: string; samples: readonly number[] }>();

  async function checkAll(environment: Environment["id"], service: Service, roster: RosterEntry[]) {
    progress.add(roster.length);
    for (const { stream: _, version, operations, ...about } of roster) {
      progress.step(`${environment}: is ${about.id} right?`);
      const checked = [];
      for (const each of operations)
        checked.push({ ...each, ...(await service.check(about.id, each.operation)) });
      const known = version ?? versionOf(folder, about.library);
      contestants.push({ ...about, environment, version: known, operations: checked });
    }
  }

  async function timeAll(
    { id: environment, softwareGpu }: Environment,
    service: Service,
    roster: RosterEntry[],
  ) {
    const operations = OPERATIONS.filter((operation) => roster.some((entry) => has(entry, operation)));
    const cells = operations.flatMap((operation) => cellsOf(operation, softwareGpu));
    progress.add(cells.length);
    for (const cell of cells) {
      const { operation, shape, logits } = cell;
      progress.step(`${environment}: timing ${operation} of ${columnName(cell)}`);
      const options = {
        rounds: quick ? 5 : 25,
        turn: quick ? 10 : 50,
        budget: (FLOORS.includes(operation) ? 250 : 1000) * budget,
        longest: quick ? 500 : 2000,
      };
      const measured = await service.measure(operation, shape, PREFERRED, options, undefined, logits);
      const { baseline = "", figures } = measured;
      tables.push({ environment, ...cell, baseline, figures });
    }
  }

  /** Shapes of an operation, and the kinds of logits where they matter. Peers that sort many rows on a software GPU take minutes. */
  function cellsOf(
    operation: Operation,
    softwareGpu = false,
  ): Pick<Table, "operation" | "shape" | "logits">[] {
    if (!isFiltered(operation)) return shapes.map((shape) => ({ operation, shape }));
    return filteredShapes
      .filter(([rows]) => rows === 1 || !softwareGpu)
      .flatMap((shape) => LOGITS.map((logits) => ({ operation, shape, logits })));
  }

  async function judgeAll(environment: Environment["id"], service: Service, roster: RosterEntry[]) {
    const stream = { budget: 2000 * budget, ...VALUES[quick ? "quick" : "full"] };
    const draws = { budget: 500 * budget, least: 0, most: MOST_DRAWS };
    const baseline = PREFERRED.find((id) => roster.some((entry) => entry.id === id));
    const exact = roster.filter(({ approximate }) => approximate === undefined);
    progress.add(exact.length);
    for (const entry of exact) {
      const { id: contestant, stream: group } = entry;
      progress.step(`${environment}: quality of ${contestant}`);
      const { parts, errors } = await service.quality(contestant, stream, draws, contestant === baseline);
      quality.push(...parts);
      // What fails is left out: the checks report what is wrong.
      for (const error of errors) process.stderr.write(`quality of ${contestant}: ${error}\n`);
      if (group === undefined || !has(entry, "categorical")) continue;
      const samples = await service.samples(contestant).catch(() => []);
      const first = streams.get(group);
      if (first === undefined) streams.set(group, { contestant, samples });
      else {
        const equal = samples.filter((sample, i) => sample === first.samples[i]).length;
        const compared = { group, contestant, against: first.contestant, samples: samples.length, equal };
        quality.push({ reproducibility: [compared] });
      }
    }
  }

  for (const { start, ...about } of starts) {
    progress.step(`starting ${about.runtime}`);
    let environment: Environment = about;
    let running: Running | undefined;
    try {
      running = await start();
      const { service, runtime = about.runtime } = running;
      environment = { ...about, runtime, ...(await service.gpu()) };
      const roster = await service.roster(parameters.families);
      await checkAll(about.id, service, roster);
      if (parameters.times) await timeAll(environment, service, roster);
      if (parameters.quality) await judgeAll(about.id, service, roster);
    } catch (error) {
      // What was gathered before stays.
      environment = { ...environment, absent: messageOf(error) };
    } finally {
      environments.push(environment);
      await running?.close();
    }
  }
  progress.end();
  return {
    schema: 1,
    date,
    commit,
    flags,
    quick,
    seconds: Math.round((performance.now() - begin) / 1000),
    machine: { ...before, loadAfter: load() },
    environments,
    contestants,
    tables,
    quality: {
      vocabulary: VOCABULARY,
      tailVocabulary: TAIL_VOCABULARY,
      noise: quality.flatMap(({ noise = [] }) => noise),
      tails: quality.flatMap(({ tails = [] }) => tails),
      lowerHalf: quality.flatMap(({ lowerHalf = [] }) => lowerHalf),
      rows: quality.flatMap(({ rows = [] }) => rows),
      reproducibility: quality.flatMap(({ reproducibility = [] }) => reproducibility),
    },
  };
}

function has({ operations }: RosterEntry, operation: Operation): boolean {
  return operations.some((each) => each.operation === operation);
}
