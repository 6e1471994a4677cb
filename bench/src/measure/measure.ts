// Interleaved measurement: in every round each contestant has one turn, so that other load on the machine affects all alike.
// Environment-neutral: the clock of processor time is an argument.
import { quantileSorted } from "simple-statistics";
import type { Ready } from "../contestant.ts";
import type { Figure, Spread } from "../results.ts";

/**
 * Rounds at most, and milliseconds: of a turn, longer than clocks and schedulers are coarse; of all rounds together, after which no
 * further round begins; of the longest run, above which a contestant is timed once, outside the rounds.
 */
export type MeasureOptions = Readonly<Record<"rounds" | "turn" | "budget" | "longest", number>>;

/** A contestant that is ready at the shape and has run once: the first run includes compilation. */
export interface Turn {
  readonly contestant: string;
  readonly ready: Ready;
  readonly wrong?: string | undefined;
}

export type Clock = () => number | Promise<number>;

/** Milliseconds of one run; of the processor NaN where there is no clock of processor milliseconds. */
type Sample = Readonly<Record<"wall" | "processor", number>>;

interface Player extends Turn {
  readonly samples: Sample[];
  runs: number;
  failed?: string;
  /** The only sample of one that is too slow for rounds. */
  single?: Sample;
}

/** Fewer have no quartiles. */
const LEAST_ROUNDS = 3;
/** Warm-up ends when this many turns in a row took the same time within a tenth; on a busy machine nothing is ever stable. */
const STABLE_TURNS = 3;
const STABLE_WITHIN = 0.1;
const WARM_UP_TURNS = 10;
/** A run this many times as long as a turn is its own warm-up. */
const LONG_RUN = 4;
/** Runs of a turn at most: no queue should grow without bound. */
const MOST_RUNS = 5000;

/** Quartiles of at least one value, each multiplied by `scale`. */
export function spreadOf(values: readonly number[], scale = 1): Spread {
  if (values.length === 0) throw new RangeError("values must not be empty");
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => quantileSorted(sorted, share) * scale;
  return [at(0.25), at(0.5), at(0.75)];
}

/**
 * Measures what is ready, and disposes nothing. Figures are per element of the logits; ratios, of which those of all samples are
 * returned too, refer to the first preferred contestant that finished, else to the first of all.
 */
export async function measure(
  turns: readonly Turn[],
  elements: number,
  preferred: readonly string[],
  { rounds, turn, budget, longest }: MeasureOptions,
  clock?: Clock,
): Promise<{ baseline: string | undefined; figures: Figure[]; ratios: Record<string, Sample[]> }> {
  const players = turns.map((each): Player => ({ ...each, runs: 1, samples: [] }));
  const attempt = async (player: Player, act: () => Promise<unknown>) => {
    await act().catch((error) => {
      player.failed = String(error);
    });
  };
  for (const player of players) {
    await attempt(player, async () => {
      const first = await timed(player.ready, 1, clock);
      if (first.wall > longest) player.single = first;
      else player.runs = await warmUp(player.ready, turn);
    });
  }
  const isPlaying = ({ failed, single }: Player) => failed === undefined && single === undefined;
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    if (round >= LEAST_ROUNDS && performance.now() - start > budget) break;
    // Each round begins with another contestant, so that nobody always follows the same one.
    for (let i = 0; i < players.length; i++) {
      const player = players[(i + round) % players.length];
      if (!isPlaying(player)) continue;
      await attempt(player, async () => player.samples.push(await timed(player.ready, player.runs, clock)));
    }
  }
  const finished = players.filter(isPlaying);
  const find = (id: string) => finished.find(({ contestant }) => contestant === id);
  const baseline = preferred.map(find).find((each) => each !== undefined) ?? finished[0];
  const ratios: Record<string, Sample[]> = {};
  for (const { contestant, samples } of finished)
    ratios[contestant] = samples.map(({ wall, processor }, round) => {
      const to = baseline.samples[round];
      return { wall: wall / to.wall, processor: processor / to.processor };
    });
  const figures = players.map(({ contestant, failed, wrong, single, samples }): Figure => {
    if (failed !== undefined) return { contestant, failed };
    const taken = single === undefined ? samples : [single];
    const of = (name: keyof Sample) =>
      spreadOf(
        taken.map((each) => each[name]),
        1e6 / elements,
      );
    return {
      contestant,
      ...(wrong === undefined ? {} : { wrong }),
      rounds: taken.length,
      wall: of("wall"),
      ...(single === undefined ? { ratio: spreadOf(ratios[contestant].map(({ wall }) => wall))[1] } : {}),
      ...(Number.isNaN(taken[0].processor) ? {} : { processor: of("processor")[1] }),
    };
  });
  return { baseline: baseline?.contestant, figures, ratios };
}

/** Runs until times are stable; returns how many runs fill a turn. */
async function warmUp(ready: Ready, turn: number): Promise<number> {
  let runs = 1;
  let stable: number[] = [];
  for (let i = 0; i < WARM_UP_TURNS; i++) {
    const { wall } = await timed(ready, runs);
    if (runs === 1 && wall > LONG_RUN * turn) break;
    const wanted = Math.min(MOST_RUNS, Math.ceil(turn / Math.max(wall, 1e-4)));
    // Grows by steps: the first times are far too long.
    const next = Math.max(1, Math.min(wanted, runs * 8));
    stable = next > runs * 1.5 ? [] : [...stable, wall].slice(-STABLE_TURNS);
    runs = next;
    const isStable = Math.max(...stable) <= Math.min(...stable) * (1 + STABLE_WITHIN);
    if (stable.length === STABLE_TURNS && isStable) break;
  }
  return runs;
}

async function timed(ready: Ready, runs: number, environment?: Clock): Promise<Sample> {
  const clock = ready.processor?.bind(ready) ?? environment ?? (() => Number.NaN);
  const before = await clock();
  const start = performance.now();
  await ready.queue(runs);
  await ready.done();
  const wall = (performance.now() - start) / runs;
  return { wall, processor: ((await clock()) - before) / runs };
}
