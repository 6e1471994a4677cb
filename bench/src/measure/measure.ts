// Interleaved measurement: in every round each contestant has one turn, so that whatever else the machine does falls on all.
// Environment-neutral: clocks come from outside.
import type { Ready } from "../contestant.ts";
import type { Figure } from "../results.ts";
import { spreadOf } from "./spread.ts";

/** How long and how often. */
export interface MeasureOptions {
  /** Rounds at most. */
  readonly rounds: number;
  /** Milliseconds that a turn should last: longer than clocks and schedulers are coarse. */
  readonly turn: number;
  /** Milliseconds for all rounds together, after which no further round begins. */
  readonly budget: number;
  /** Milliseconds of a run above which a contestant is timed once and takes no part in rounds: it would use up the budget. */
  readonly longest: number;
}

/** A contestant that is ready at the shape, and has run once: the first run compiles, and says nothing of the others. */
export interface Turn {
  /** Id of the contestant. */
  readonly contestant: string;
  readonly ready: Ready;
  readonly wrong?: string;
}

/** What came out. */
export interface Measured {
  /** Contestant that ratios are to; none where nobody finished. */
  readonly baseline: string | undefined;
  readonly figures: readonly Figure[];
}

/** Rounds that are made even past the budget: fewer have no quartiles. */
const LEAST_ROUNDS = 3;
/** Warm-up ends when this many turns in a row took the same time within a tenth, … */
const STABLE_TURNS = 3;
const STABLE_WITHIN = 0.1;
/** … or after so many turns: on a busy machine nothing is ever stable. */
const WARM_UP_TURNS = 10;
/** A run so many times as long as a turn needs no more than one run of warm-up: a second one would show the same. */
const LONG_RUN = 4;
/** Runs of a turn at most: no queue should grow without bound. */
const MOST_RUNS = 5000;

/**
 * Measures what is ready, and disposes nothing.
 *
 * @param elements of the logits, that figures are per
 * @param preferred contestants that ratios are to, if they are there: the first that is; else the first of all
 * @param processor milliseconds of processor time so far, where there is such a clock
 */
export async function measure(
  turns: readonly Turn[],
  elements: number,
  preferred: readonly string[],
  { rounds, turn, budget, longest }: MeasureOptions,
  processor?: () => number | Promise<number>,
): Promise<Measured> {
  const players: Player[] = [];
  const failed: Figure[] = [];
  const single: Player[] = [];
  for (const each of turns) {
    try {
      const sample = await timed(each.ready, 1, processor);
      if (sample.wall > longest) single.push({ ...each, runs: 1, samples: [sample] });
      else players.push({ ...each, runs: await warmUp(each.ready, turn), samples: [] });
    } catch (error) {
      failed.push({ contestant: each.contestant, failed: String(error) });
    }
  }
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    if (round >= LEAST_ROUNDS && performance.now() - start > budget) break;
    // Each round begins with another contestant: nobody always follows the same one.
    for (let i = 0; i < players.length; i++) {
      const player = players[(i + round) % players.length];
      if (player.failed !== undefined) continue;
      try {
        player.samples.push(await timed(player.ready, player.runs, processor));
      } catch (error) {
        player.failed = String(error);
        failed.push({ contestant: player.contestant, failed: player.failed });
      }
    }
  }
  const finished = players.filter((player) => player.failed === undefined);
  const isThere = (id: string) => finished.some(({ contestant }) => contestant === id);
  const baseline = preferred.find(isThere) ?? finished[0]?.contestant;
  const to = finished.find(({ contestant }) => contestant === baseline);
  const figures = [
    ...finished.map((player) => figureOf(player, elements, to)),
    ...single.map((player) => figureOf(player, elements)),
    ...failed,
  ];
  return { baseline, figures };
}

interface Player extends Turn {
  failed?: string;
  readonly runs: number;
  readonly samples: Sample[];
}

interface Sample {
  /** Milliseconds of one run. */
  readonly wall: number;
  readonly processor: number | undefined;
}

/** Runs until times are stable, and finds how many runs fill a turn. */
async function warmUp(ready: Ready, turn: number): Promise<number> {
  let runs = 1;
  let last: number[] = [];
  for (let i = 0; i < WARM_UP_TURNS; i++) {
    const { wall } = await timed(ready, runs);
    if (runs === 1 && wall > LONG_RUN * turn) break;
    const wanted = Math.min(MOST_RUNS, Math.ceil(turn / Math.max(wall, 1e-4)));
    // Grow by steps: the first times are too long by far.
    const next = Math.max(1, Math.min(wanted, runs * 8));
    if (next > runs * 1.5) last = [];
    else last.push(wall);
    runs = next;
    const recent = last.slice(-STABLE_TURNS);
    if (recent.length < STABLE_TURNS) continue;
    if (Math.max(...recent) <= Math.min(...recent) * (1 + STABLE_WITHIN)) break;
  }
  return runs;
}

async function timed(
  ready: Ready,
  runs: number,
  environment?: () => number | Promise<number>,
): Promise<Sample> {
  const processor = ready.processor?.bind(ready) ?? environment;
  const before = await processor?.();
  const start = performance.now();
  await ready.queue(runs);
  await ready.done();
  const wall = (performance.now() - start) / runs;
  const after = await processor?.();
  return {
    wall,
    processor: before === undefined || after === undefined ? undefined : (after - before) / runs,
  };
}

function figureOf(player: Player, elements: number, baseline?: Player): Figure {
  const { contestant, wrong, samples } = player;
  const perElement = 1e6 / elements;
  const wall = samples.map((sample) => sample.wall);
  const processor = samples.map((sample) => sample.processor);
  return {
    contestant,
    ...(wrong === undefined ? {} : { wrong }),
    rounds: samples.length,
    wall: spreadOf(wall, perElement),
    ...(baseline === undefined
      ? {}
      : { ratio: spreadOf(wall.map((time, round) => time / baseline.samples[round].wall))[1] }),
    ...(isAll(processor) ? { processor: spreadOf(processor, perElement)[1] } : {}),
  };
}

function isAll(values: readonly (number | undefined)[]): values is number[] {
  return values.every((value) => value !== undefined);
}
