// What the program asks of an environment: who takes part, whether they are right, how long they take, how good they are.
// Runs in the child process and in the page; arguments and results are plain data.
import { type Contestant, type Entry, firstResult, type Start, type StreamOptions } from "./contestant.ts";
import { inputsOf } from "./inputs.ts";
import { check, malformed } from "./measure/check.ts";
import { type Clock, type MeasureOptions, measure, type Turn } from "./measure/measure.ts";
import { GAPS, lowerHalf, noiseQuality, rowQuality, tailByDraws } from "./quality.ts";
import type {
  ContestantEntry,
  Environment,
  Family,
  Figure,
  LogitsKind,
  Operation,
  Quality,
  Shape,
} from "./results.ts";

/** A contestant as data. */
export interface RosterEntry
  extends Omit<ContestantEntry, "environment" | "version" | "operations">,
    Pick<Contestant, "version" | "stream"> {
  readonly operations: readonly { readonly operation: Operation; readonly how: string }[];
}

/** What an environment knows of itself: contestants, processor time, GPU. */
export interface Host {
  readonly starts: readonly Start[] | Promise<readonly Start[]>;
  readonly clock?: Clock | undefined;
  readonly gpu?: () => Promise<Pick<Environment, "gpu" | "softwareGpu">>;
}

export type Service = ReturnType<typeof createService>;

/** Answers for the contestants of an environment. */
export function createService({ starts, clock, gpu = async () => ({}) }: Host) {
  const contestants = new Map<string, Contestant>();

  function entryOf(id: string, operation: Operation): Entry {
    const entry = contestants.get(id)?.operations[operation];
    if (entry === undefined) throw new Error(`${id} has no ${operation}`);
    return entry;
  }

  return {
    gpu,

    /** Starts the contestants of families. */
    async roster(families: readonly Family[]): Promise<RosterEntry[]> {
      for (const { start, ...about } of await starts) {
        if (!families.includes(about.family)) continue;
        const started = await start().catch((error): Contestant[] => [
          { ...about, name: about.library, operations: {}, absent: messageOf(error) },
        ]);
        for (const each of started) contestants.set(each.id, each);
      }
      return [...contestants.values()].map(({ operations, conforms: _, ...about }) => ({
        ...about,
        ours: about.library.startsWith("@gumbel/"),
        operations: Object.entries(operations).map(([name, { how }]) => ({
          operation: name as Operation,
          how,
        })),
      }));
    },

    check: async (id: string, operation: Operation) =>
      check(operation, entryOf(id, operation), contestants.get(id)?.conforms ?? false),

    /** Times those who have the operation, or of them only the contestants that are listed. */
    async measure(
      operation: Operation,
      shape: Shape,
      preferred: readonly string[],
      options: MeasureOptions,
      only: readonly string[] = [...contestants.keys()],
      kind?: LogitsKind,
    ) {
      const inputs = inputsOf(shape, kind);
      const turns: Turn[] = [];
      const failed: Figure[] = [];
      for (const contestant of only) {
        const entry = contestants.get(contestant)?.operations[operation];
        if (entry === undefined) continue;
        try {
          const ready = await entry.prepare(inputs);
          await ready.queue(1);
          await ready.done();
          turns.push({ contestant, ready, wrong: malformed(operation, inputs, await ready.result?.()) });
        } catch (error) {
          failed.push({ contestant, failed: String(error) });
        }
      }
      const measured = await measure(turns, shape[0] * shape[1], preferred, options, clock);
      for (const { ready } of turns) await ready.dispose();
      return { ...measured, figures: [...measured.figures, ...failed] };
    },

    /** Measures what a contestant's operations allow; `tails` only where there is no noise, which shows more, or if asked to. */
    async quality(id: string, stream: StreamOptions, draws: StreamOptions, withTails: boolean) {
      const { categorical, gumbel } = contestants.get(id)?.operations ?? {};
      const parts: Partial<Quality>[] = [];
      const errors: string[] = [];
      const attempt = async (make: () => Promise<Partial<Quality>>) => {
        const part = await make().catch((error) => void errors.push(messageOf(error)));
        if (part !== undefined) parts.push(part);
      };
      if (gumbel !== undefined) {
        await attempt(() => noiseQuality(id, gumbel, stream));
        await attempt(async () => ({ rows: [await rowQuality(id, "gumbel", gumbel)] }));
      }
      if (categorical !== undefined) {
        for (const gap of withTails || gumbel === undefined ? GAPS : [])
          await attempt(async () => ({ tails: [await tailByDraws(id, categorical, gap, draws)] }));
        await attempt(async () => ({ lowerHalf: [await lowerHalf(id, categorical, draws)] }));
        await attempt(async () => ({ rows: [await rowQuality(id, "categorical", categorical)] }));
      }
      return { parts, errors };
    },

    /** Samples of the first key, for a comparison with other contestants'. */
    samples: async (id: string) => firstResult(entryOf(id, "categorical"), inputsOf([4096, 64])),
  };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
