// A run from beginning to end: starts environments one after another, asks their services, gathers results.
import type { Arguments } from "./arguments.ts";
import { commitOf, load, machine, versionOf } from "./machine.ts";
import type { MeasureOptions } from "./measure/measure.ts";
import type { Progress } from "./progress.ts";
import { TAIL_GAPS } from "./quality/draws.ts";
import type { StreamOptions } from "./quality/noise.ts";
import { TAIL_VOCABULARY, VOCABULARY } from "./quality/vocabulary.ts";
import type { ContestantEntry, Environment, Operation, Quality, Results, Table } from "./results.ts";
import type { RosterEntry, Service } from "./service.ts";

/** An environment that is running. */
export interface RunningEnvironment {
  readonly environment: Environment;
  /** Contestants that ratios are to: the first of these that is in a table. */
  readonly preferred: readonly string[];
  readonly service: Service;
  close(): Promise<void>;
}

/** Starts an environment; its description stands in the results where it does not start. */
export interface EnvironmentStart {
  readonly environment: Environment;
  start(): Promise<RunningEnvironment>;
}

/** Operations in the order of reports. */
export const OPERATIONS: readonly Operation[] = [
  "categorical",
  "gumbelSoftmax",
  "gumbelSoftmaxVjp",
  "gumbel",
  "bits",
  "softmax",
  "read",
];

/** Rounds and turns. Floors move little and need few rounds. */
function measureOptions({ quick, budget }: Arguments, operation: Operation): MeasureOptions {
  const isFloor = operation === "bits" || operation === "softmax" || operation === "read";
  return {
    rounds: quick ? 5 : 25,
    turn: quick ? 10 : 50,
    budget: (isFloor ? 250 : 1000) * budget,
    longest: quick ? 500 : 2000,
  };
}

/** Noise values: of fewer than 10⁸ counts of NaN and infinities say little, and more than 10¹⁰ show nothing new. */
const VALUES = { quick: { least: 0, most: 1e8 }, full: { least: 1e8, most: 1e10 } };
const MOST_DRAWS = 100_000;

/**
 * Measures.
 *
 * @param folder of the bench: where packages are installed
 */
export async function run(
  parameters: Arguments,
  flags: readonly string[],
  starts: readonly EnvironmentStart[],
  folder: string,
  progress: Progress,
): Promise<Results> {
  const begin = performance.now();
  const before = { date: new Date().toISOString(), commit: commitOf(folder), machine: machine() };
  const environments: Environment[] = [];
  const contestants: ContestantEntry[] = [];
  const tables: Table[] = [];
  const quality: Mutable<Quality> = {
    vocabulary: VOCABULARY,
    tailVocabulary: TAIL_VOCABULARY,
    noise: [],
    tails: [],
    lowerHalf: [],
    rows: [],
    reproducibility: [],
  };
  const streams = new Map<string, { contestant: string; samples: readonly number[] }[]>();
  for (const { environment, start } of starts) {
    progress.add(1);
    progress.step(`starting ${environment.runtime}`);
    let running: RunningEnvironment;
    try {
      running = await start();
    } catch (error) {
      environments.push({ ...environment, absent: error instanceof Error ? error.message : String(error) });
      continue;
    }
    try {
      environments.push(running.environment);
      const roster = await running.service.roster(parameters.families);
      contestants.push(...(await entriesOf(running, roster, folder, progress)));
      if (parameters.times) tables.push(...(await tablesOf(running, roster, parameters, progress)));
      if (parameters.quality) await addQuality(quality, streams, running, roster, parameters, progress);
    } catch (error) {
      // What it gave before stays.
      environments[environments.length - 1] = { ...running.environment, absent: `ended early: ${error}` };
    } finally {
      await running.close();
    }
  }
  quality.reproducibility = [...streams].flatMap(([group, members]) => compare(group, members));
  progress.end();
  return {
    schema: 1,
    date: before.date,
    commit: before.commit,
    flags,
    quick: parameters.quick,
    seconds: Math.round((performance.now() - begin) / 1000),
    machine: { ...before.machine, loadAfter: load() },
    environments,
    contestants,
    tables,
    quality: quality as Quality,
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

async function entriesOf(
  { environment, service }: RunningEnvironment,
  roster: readonly RosterEntry[],
  folder: string,
  progress: Progress,
): Promise<ContestantEntry[]> {
  progress.add(roster.length);
  const entries: ContestantEntry[] = [];
  for (const { id, name, family, ours, library, version, operations, approximate, absent } of roster) {
    const checked = [];
    progress.step(`${environment.id}: is ${id} right?`);
    for (const { operation, how } of operations) {
      checked.push({ operation, how, ...(await service.check(id, operation)) });
    }
    entries.push({
      id,
      environment: environment.id,
      name,
      family,
      ours,
      library,
      version: version ?? versionOf(folder, library),
      operations: checked,
      ...(approximate === undefined ? {} : { approximate }),
      ...(absent === undefined ? {} : { absent }),
    });
  }
  return entries;
}

async function tablesOf(
  { environment, service, preferred }: RunningEnvironment,
  roster: readonly RosterEntry[],
  parameters: Arguments,
  progress: Progress,
): Promise<Table[]> {
  const operations = OPERATIONS.filter((operation) =>
    roster.some((entry) => entry.operations.some((each) => each.operation === operation)),
  );
  progress.add(operations.length * parameters.shapes.length);
  const tables: Table[] = [];
  for (const operation of operations) {
    for (const shape of parameters.shapes) {
      progress.step(`${environment.id}: timing ${operation} of [${shape.join(", ")}]`);
      const options = measureOptions(parameters, operation);
      const { baseline, figures } = await service.measure(operation, shape, preferred, options);
      tables.push({
        environment: environment.id,
        operation,
        shape,
        baseline: baseline ?? "",
        figures,
      });
    }
  }
  return tables;
}

async function addQuality(
  quality: Mutable<Quality>,
  streams: Map<string, { contestant: string; samples: readonly number[] }[]>,
  { environment, service, preferred }: RunningEnvironment,
  roster: readonly RosterEntry[],
  { quick, budget }: Arguments,
  progress: Progress,
): Promise<void> {
  const whole = roster.filter(({ approximate }) => approximate === undefined);
  const has = (entry: RosterEntry, operation: Operation) =>
    entry.operations.some((each) => each.operation === operation);
  const noisy = whole.filter((entry) => has(entry, "gumbel"));
  const drawing = whole.filter((entry) => has(entry, "categorical"));
  // Where there is noise to look at, that says more in the same time; but for one of ours, where both are compared.
  const rare = drawing.filter((entry) => !has(entry, "gumbel") || entry.id === preferred[0]);
  const stream: StreamOptions = { budget: 2000 * budget, ...VALUES[quick ? "quick" : "full"] };
  const draws: StreamOptions = { budget: 500 * budget, least: 0, most: MOST_DRAWS };
  // A contestant that cannot do it is left out here: that it is wrong stands in its checks.
  const step = async (what: string, make: () => Promise<void>) => {
    progress.step(`${environment.id}: ${what}`);
    await make().catch((error) => process.stderr.write(`${what}: ${error}\n`));
  };
  progress.add(noisy.length * 2 + rare.length * TAIL_GAPS.length + drawing.length * 3);
  for (const { id } of noisy) {
    await step(`noise of ${id}`, async () => {
      const { noise, tails } = await service.noise(id, stream);
      quality.noise.push(noise);
      quality.tails.push(...tails);
    });
    await step(`rows of ${id}`, async () => {
      quality.rows.push(await service.rows(id, "gumbel"));
    });
  }
  for (const { id } of rare)
    for (const gap of TAIL_GAPS)
      await step(`draws of ${id} at a gap of ${gap}`, async () => {
        quality.tails.push(await service.tail(id, gap, { ...draws, budget: 2 * draws.budget }));
      });
  for (const { id, stream: group } of drawing) {
    await step(`draws of ${id} from equal logits`, async () => {
      quality.lowerHalf.push(await service.lowerHalf(id, draws));
    });
    await step(`rows of ${id}`, async () => {
      quality.rows.push(await service.rows(id, "categorical"));
    });
    await step(`samples of ${id}`, async () => {
      if (group === undefined) return;
      const member = { contestant: id, samples: await service.samples(id) };
      streams.set(group, [...(streams.get(group) ?? []), member]);
    });
  }
}

function compare(
  group: string,
  [first, ...others]: readonly { contestant: string; samples: readonly number[] }[],
): Quality["reproducibility"][number][] {
  return others.map(({ contestant, samples }) => ({
    group,
    contestant,
    against: first.contestant,
    samples: samples.length,
    equal: samples.filter((sample, i) => sample === first.samples[i]).length,
  }));
}
