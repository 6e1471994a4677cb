// Interleaved measurement: in every round each contestant runs once, so that whatever else the machine does falls on all.
import { check } from "./check.ts";
import type { Contestant, Ready } from "./contestant.ts";

/** A contestant's figures at a shape. */
export interface Figure {
  readonly name: string;
  readonly task: string;
  /** Nanoseconds per element: median, and the quartiles. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** The best round: what the machine does when nothing else runs. */
  readonly least: number;
  /** Microseconds of one run, queueing and waiting included. */
  readonly microseconds: number;
  /** What is wrong with the results, or undefined. */
  readonly fault: string | undefined;
}

/** Options of {@link measure}. */
export interface MeasureOptions {
  readonly rounds: number;
  /** Milliseconds that one contestant's turn should last. */
  readonly turn: number;
}

/** Measures contestants at one shape. */
export async function measure(
  contestants: readonly Contestant[],
  [rows, classes]: readonly [number, number],
  { rounds, turn }: MeasureOptions,
): Promise<Figure[]> {
  const logits = logitsOf(rows * classes);
  const turns: {
    contestant: Contestant;
    ready: Ready;
    times: number;
    samples: number[];
    fault: string | undefined;
  }[] = [];
  for (const contestant of contestants) {
    const ready = await contestant.prepare([rows, classes], logits);
    if (ready === undefined) continue;
    // The first run compiles; it says nothing of the others.
    await time(ready, 1);
    // Warm up until the time of a run is known well enough to fill a turn.
    let [times, elapsed] = [1, 0];
    for (let i = 0; i < 12 && elapsed < turn; i++) {
      elapsed = await time(ready, times);
      if (elapsed < turn)
        times = Math.max(times + 1, Math.min(times * 4, Math.ceil((times * turn) / Math.max(elapsed, 0.05))));
    }
    const fault = await check(contestant.task, [rows, classes], logits, ready);
    turns.push({ contestant, ready, times: Math.min(times, 2000), samples: [], fault });
  }
  for (let round = 0; round < rounds; round++) {
    for (const each of turns) each.samples.push((await time(each.ready, each.times)) / each.times);
  }
  return turns.map(({ contestant, ready, samples, fault }) => {
    ready.dispose();
    const sorted = samples.sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
    const perElement = 1e6 / (rows * classes);
    return {
      name: contestant.name,
      task: contestant.task,
      median: at(0.5) * perElement,
      low: at(0.25) * perElement,
      high: at(0.75) * perElement,
      least: at(0) * perElement,
      microseconds: at(0.5) * 1000,
      fault,
    };
  });
}

async function time(ready: Ready, times: number): Promise<number> {
  const start = performance.now();
  await ready.queue(times);
  await ready.done();
  return performance.now() - start;
}

/** Logits as a model's: mostly small, some large; the same every time. */
export function logitsOf(count: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) * 8;
  });
}
