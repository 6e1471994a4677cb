// Quality of a contestant's samples: of a stream of its noise (invalid values, ties of the largest, the mass of its upper tail),
// and of its indices alone.
import { type Entry, firstResult, type Inputs, resultsOf, type StreamOptions } from "./contestant.ts";
import { equalLogits } from "./inputs.ts";
import { distinctRows } from "./measure/check.ts";

/** Qwen 2.5's vocabulary. */
export const VOCABULARY = 151_936;
/** DeepSeek V3's vocabulary, with which vLLM's maintainers tested their noise. */
export const TAIL_VOCABULARY = 129_280;
/** How far below the likely category all others lie. */
export const GAPS: readonly number[] = [18, 20];
/** Draws that vLLM's test makes. */
const EXPECTED_DRAWS = 100_000;
/** Noise this far below the gap adds nothing to a tail: the likely category's noise is never below −4. */
const BELOW_GAP = 4;

/** Probability of all categories but the likely one. */
export function rareProbability(gap: number): number {
  const others = (TAIL_VOCABULARY - 1) * Math.exp(-gap);
  return others / (1 + others);
}

/** Measures blocks of noise, each of which is one draw from equal logits. */
export async function noiseQuality(contestant: string, entry: Entry, options: StreamOptions) {
  let [blocks, nan, infinite, tied, excess] = [0, 0, 0, 0, 0];
  let [largest, smallest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const beats = GAPS.map(() => 0);
  const near = Math.min(...GAPS) - BELOW_GAP;
  for await (const values of resultsOf(entry, equalLogits([1, VOCABULARY]), options)) {
    let max = Number.NEGATIVE_INFINITY;
    let times = 0;
    for (let i = 0; i < values.length; i++) {
      const g = values[i];
      if (g > max) {
        max = g;
        times = 1;
      } else if (g === max) times++;
      if (g > near)
        GAPS.forEach((gap, k) => {
          // The probability that a category of logit −gap with this noise beats the likely one, of logit 0.
          beats[k] += Math.exp(-Math.exp(gap - g));
        });
      if (g < smallest && g !== Number.NEGATIVE_INFINITY) smallest = g;
      // A comparison with NaN is false, so both are counted here only.
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
  return { noise: [noise], tails: GAPS.map((gap, k) => tailByNoise(contestant, gap, draws, beats[k])) };
}

/**
 * Of two independent Gumbel variates the second beats the first by `gap` with probability p = 1/(1 + e^gap), which is the
 * mean of F(g − gap); the mean of its square is 1/(1 + 2e^gap), the probability of beating two.
 */
function tailByNoise(contestant: string, gap: number, values: number, beats: number) {
  const p = 1 / (1 + Math.exp(gap));
  const events = values * p;
  const z = (beats - events) / Math.sqrt(values * (1 / (1 + 2 * Math.exp(gap)) - p * p));
  const observed = (beats * (TAIL_VOCABULARY - 1) * EXPECTED_DRAWS) / values;
  const expected = rareProbability(gap) * EXPECTED_DRAWS;
  return {
    contestant,
    gap,
    by: "noise" as const,
    draws: EXPECTED_DRAWS,
    values,
    observed,
    expected,
    events,
    z,
  };
}

/** Rows at once: fewer calls, but a tensor of 150 MB is too large for some. */
const ROWS = 8;

/** Not at an end, where faults gather. */
const LIKELY = 64_640;

/** Draws from one likely category and many rare ones. */
export async function tailByDraws(contestant: string, entry: Entry, gap: number, options: StreamOptions) {
  const inputs = equalLogits([ROWS, TAIL_VOCABULARY]);
  for (let row = 0; row < ROWS; row++) inputs.logits[row * TAIL_VOCABULARY + LIKELY] = gap;
  const p = rareProbability(gap);
  const { draws, hits: observed } = await countDraws(entry, inputs, options, (index) => index !== LIKELY);
  const expected = draws * p;
  const z = (observed - expected) / Math.sqrt(expected * (1 - p));
  return { contestant, gap, by: "draws" as const, draws, observed, expected, events: expected, z };
}

export async function lowerHalf(contestant: string, entry: Entry, options: StreamOptions) {
  const inputs = equalLogits([ROWS, VOCABULARY]);
  const { draws, hits: lower } = await countDraws(entry, inputs, options, (index) => index < VOCABULARY / 2);
  return { contestant, draws, lower, z: (lower - draws / 2) / Math.sqrt(draws / 4) };
}

async function countDraws(
  entry: Entry,
  inputs: Inputs,
  options: StreamOptions,
  isHit: (index: number) => boolean,
) {
  let [draws, hits] = [0, 0];
  for await (const indices of resultsOf(entry, inputs, options)) {
    draws += indices.length;
    hits += Array.from(indices).filter(isHit).length;
  }
  return { draws, hits };
}

/** Whether rows of equal logits are independent samples. */
export async function rowQuality(contestant: string, of: "gumbel" | "categorical", entry: Entry) {
  const [rows, categories] = [64, 4096];
  const { count: distinct } = distinctRows(await firstResult(entry, equalLogits([rows, categories])), rows);
  const expected = of === "gumbel" ? rows : categories * (1 - (1 - 1 / categories) ** rows);
  return { contestant, of, shape: [rows, categories] as const, distinct, expected };
}
