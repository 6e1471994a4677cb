// What a stream of a contestant's noise is like: faults of value, ties of the largest, and the mass of its winning tail.
import type { Entry } from "../contestant.ts";
import { equalLogits } from "../inputs.ts";
import type { NoiseQuality, TailQuality } from "../results.ts";
import { EXPECTED_DRAWS, GAPS, rareMass, TAIL_VOCABULARY, VOCABULARY } from "./vocabulary.ts";

/** How long to look. */
export interface StreamOptions {
  /** Milliseconds after which no further block is made, … */
  readonly budget: number;
  /** … unless there are fewer values than these. */
  readonly least: number;
  /** Values that are enough. */
  readonly most: number;
}

/** Noise values weigh nothing in a tail this far below the gap: the likely category's noise is never below −4. */
const REACH = 4;

/** Looks at blocks of noise, each of which is one draw from equal logits. */
export async function noiseQuality(
  contestant: string,
  entry: Entry,
  { budget, least, most }: StreamOptions,
): Promise<{ noise: NoiseQuality; tails: TailQuality[] }> {
  const ready = await entry.prepare(equalLogits([1, VOCABULARY]));
  let [blocks, nan, infinite, tied, excess] = [0, 0, 0, 0, 0];
  let [largest, smallest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const beats = GAPS.map(() => 0);
  const near = Math.min(...GAPS) - REACH;
  try {
    const start = performance.now();
    const seen = () => blocks * VOCABULARY;
    while (seen() < most && (seen() < Math.max(1, least) || performance.now() - start < budget)) {
      await ready.queue(1);
      await ready.done();
      const values = await ready.result!();
      let best = Number.NEGATIVE_INFINITY;
      let times = 0;
      for (let i = 0; i < values.length; i++) {
        const g = values[i];
        if (g > best) {
          best = g;
          times = 1;
        } else if (g === best) times++;
        if (g > near)
          GAPS.forEach((gap, k) => {
            // The chance that the likely category, of logit 0, is beaten by one of logit −gap with this noise.
            beats[k] += Math.exp(-Math.exp(gap - g));
          });
        if (g < smallest && g !== Number.NEGATIVE_INFINITY) smallest = g;
        // A comparison with NaN is false, so that both are looked for only here.
        if (!(g - g === 0)) {
          if (Number.isNaN(g)) nan++;
          else infinite++;
        } else if (g > largest) largest = g;
      }
      blocks++;
      if (times > 1) {
        tied++;
        excess += 0.5 - 2 ** -times;
      }
    }
  } finally {
    await ready.dispose();
  }
  const draws = blocks * VOCABULARY;
  const noise = {
    contestant,
    draws,
    nan,
    infinite,
    largest,
    smallest,
    blocks,
    tied,
    excess: excess / blocks,
  };
  const tails = GAPS.map((gap, k) => tailOf(contestant, gap, draws, beats[k]));
  return { noise, tails };
}

/**
 * Of two independent Gumbel variates the second beats the first by `gap` with probability p = 1/(1 + e^gap), which is the
 * mean of F(g − gap); the mean of its square is 1/(1 + 2e^gap), the probability of beating two.
 */
function tailOf(contestant: string, gap: number, values: number, beats: number): TailQuality {
  const p = 1 / (1 + Math.exp(gap));
  const deviation = Math.sqrt(values * (1 / (1 + 2 * Math.exp(gap)) - p * p));
  const scale = ((TAIL_VOCABULARY - 1) * EXPECTED_DRAWS) / values;
  return {
    contestant,
    gap,
    by: "noise",
    draws: EXPECTED_DRAWS,
    values,
    observed: beats * scale,
    expected: rareMass(gap) * EXPECTED_DRAWS,
    events: values * p,
    z: (beats - values * p) / deviation,
  };
}
