// What the program asks of an environment, whichever it is: who takes part, whether they are right, how long they take, how
// good they are. Runs in the child process and in the page; arguments and answers are plain data.
import type { Absent, Contestant, Entry, Starter } from "./contestant.ts";
import { inputsOf } from "./inputs.ts";
import { check, malformed, type Verdict } from "./measure/check.ts";
import { type Measured, type MeasureOptions, measure, type Turn } from "./measure/measure.ts";
import { lowerHalf, rowQuality, samples, tailByDraws } from "./quality/draws.ts";
import { noiseQuality, type StreamOptions } from "./quality/noise.ts";
import type {
  Family,
  Figure,
  LowerHalfQuality,
  NoiseQuality,
  Operation,
  RowQuality,
  TailQuality,
} from "./results.ts";

/** A starter, with what is said of its contestants where it fails. */
export interface Start extends Pick<Absent, "id" | "name" | "family" | "ours" | "library"> {
  readonly start: Starter;
}

/** A contestant as data. */
export interface RosterEntry extends Omit<Absent, "absent"> {
  readonly operations: readonly { readonly operation: Operation; readonly how: string }[];
  readonly absent?: string;
}

/** The questions. */
export interface Service {
  roster(families: readonly Family[]): Promise<RosterEntry[]>;
  check(id: string, operation: Operation): Promise<Verdict>;
  measure(
    operation: Operation,
    shape: readonly [number, number],
    preferred: readonly string[],
    options: MeasureOptions,
  ): Promise<Measured>;
  noise(id: string, options: StreamOptions): Promise<{ noise: NoiseQuality; tails: TailQuality[] }>;
  tail(id: string, gap: number, options: StreamOptions): Promise<TailQuality>;
  lowerHalf(id: string, options: StreamOptions): Promise<LowerHalfQuality>;
  rows(id: string, of: RowQuality["of"]): Promise<RowQuality>;
  samples(id: string): Promise<number[]>;
}

/**
 * Answers for the contestants of an environment.
 *
 * @param processor milliseconds of processor time so far
 */
export function createService(starts: readonly Start[], processor?: () => number | Promise<number>): Service {
  const contestants = new Map<string, Contestant>();

  function entryOf(id: string, operation: Operation): Entry {
    const entry = contestants.get(id)?.operations[operation];
    if (entry === undefined) throw new Error(`${id} has no ${operation}`);
    return entry;
  }

  return {
    async roster(families) {
      const roster: RosterEntry[] = [];
      for (const { start, ...about } of starts) {
        if (!families.includes(about.family)) continue;
        try {
          for (const contestant of await start()) {
            if ("operations" in contestant) contestants.set(contestant.id, contestant);
            roster.push(rosterEntry(contestant));
          }
        } catch (error) {
          roster.push({
            ...about,
            operations: [],
            absent: error instanceof Error ? error.message : String(error),
          });
        }
      }
      return roster;
    },
    check: (id, operation) =>
      check(operation, entryOf(id, operation), contestants.get(id)!.conforms ?? false),
    async measure(operation, shape, preferred, options) {
      const inputs = inputsOf(shape);
      const turns: Turn[] = [];
      const failed: Figure[] = [];
      for (const { id, operations } of contestants.values()) {
        const entry = operations[operation];
        if (entry === undefined) continue;
        try {
          const ready = await entry.prepare(inputs);
          await ready.queue(1);
          await ready.done();
          const wrong = malformed(operation, inputs, await ready.result?.());
          turns.push({ contestant: id, ready, ...(wrong === undefined ? {} : { wrong }) });
        } catch (error) {
          failed.push({ contestant: id, failed: String(error) });
        }
      }
      const measured = await measure(turns, shape[0] * shape[1], preferred, options, processor);
      for (const { ready } of turns) await ready.dispose();
      return { ...measured, figures: [...measured.figures, ...failed] };
    },
    noise: (id, options) => noiseQuality(id, entryOf(id, "gumbel"), options),
    tail: (id, gap, options) => tailByDraws(id, entryOf(id, "categorical"), gap, options),
    lowerHalf: (id, options) => lowerHalf(id, entryOf(id, "categorical"), options),
    rows: (id, of) => rowQuality(id, of, entryOf(id, of)),
    samples: (id) => samples(entryOf(id, "categorical")),
  };
}

function rosterEntry(contestant: Contestant | Absent): RosterEntry {
  const { operations, ...about } = { operations: {}, ...contestant } as Contestant;
  return {
    ...about,
    operations: Object.entries(operations).map(([operation, { how }]) => ({
      operation: operation as Operation,
      how,
    })),
  };
}
