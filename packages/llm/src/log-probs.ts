// Log-probabilities of a token that was picked, and of the most likely ones.
import { after, all } from "./after.ts";
import type { ArraySampler, NextToken } from "./options.ts";
import type { Settings } from "./resolve-options.ts";

/** One row of a call. */
export interface PickedRow {
  /** The model's logits. */
  readonly raw: Float32Array;
  /** The same after bias and penalties. */
  readonly adjusted: Float32Array;
  /** What the row was drawn with. */
  readonly filters: Readonly<Record<string, unknown>>;
  /** The token, or −1. */
  readonly token: number;
}

/** Adds the log-probabilities that the settings ask for. */
export function withLogProbs(picked: PickedRow, settings: Settings): NextToken | Promise<NextToken> {
  const { topLogProbs, isProcessed, sampler } = settings;
  const { token } = picked;
  if (topLogProbs < 0) return { token };
  if (token < 0) return { token, logProb: Number.NaN, ...(topLogProbs > 0 && { topLogProbs: [] }) };
  // The model's own are told from the most likely token's.
  const count = Math.max(isProcessed ? 0 : 1, topLogProbs);
  const top = topIndices(isProcessed ? picked.adjusted : picked.raw, count);
  const tokens = [token, ...top.slice(0, topLogProbs)];
  const logProbs = isProcessed
    ? processedLogProbs(picked, tokens, settings)
    : rawLogProbs(picked.raw, tokens, top[0], sampler);
  return after(logProbs, ([logProb, ...others]) => {
    if (topLogProbs === 0) return { token, logProb };
    return { token, logProb, topLogProbs: others.map((value, i) => ({ token: top[i], logProb: value })) };
  });
}

/** `log_softmax` at tokens: that of the most likely one, which float32 holds best, less exact differences of logits. */
function rawLogProbs(
  row: Float32Array,
  tokens: readonly number[],
  mode: number,
  sampler: ArraySampler,
): number[] | Promise<number[]> {
  return after(sampler.logProb(rowOf(row), scalar(mode)), ({ data }) =>
    tokens.map((token) => data[0] + (row[token] - row[mode])),
  );
}

/** Of the distribution that is drawn from: only the sampler knows what its filters keep. */
function processedLogProbs(
  { adjusted, filters }: PickedRow,
  tokens: readonly number[],
  { temperature, sampler }: Settings,
): number[] | Promise<number[]> {
  // At temperature 0 the mode is all there is.
  if (temperature === 0) return tokens.map((token) => (token === tokens[0] ? 0 : Number.NEGATIVE_INFINITY));
  const answers = tokens.map((token) => sampler.logProb(rowOf(adjusted), scalar(token), filters));
  return after(all(answers), (results) => results.map(({ data }) => data[0]));
}

function rowOf(data: Float32Array): { data: Float32Array; shape: number[] } {
  return { data, shape: [data.length] };
}

function scalar(index: number): { data: Int32Array; shape: number[] } {
  return { data: Int32Array.of(index), shape: [] };
}

/** Indices of the largest values, falling, equal ones by rising index. NaN counts for nothing. */
function topIndices(row: Float32Array, count: number): number[] {
  const top: number[] = [];
  if (count === 0) return top;
  let least = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < row.length; i++) {
    const value = row[i];
    if (top.length === count && !(value > least)) continue;
    if (Number.isNaN(value)) continue;
    let place = top.length;
    while (place > 0 && row[top[place - 1]] < value) place--;
    top.splice(place, 0, i);
    if (top.length > count) top.pop();
    least = row[top[top.length - 1]];
  }
  return top;
}
