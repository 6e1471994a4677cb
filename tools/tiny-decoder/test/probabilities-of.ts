// An n-gram model's probabilities by its definition, in float64.
import type { NgramModel } from "../src/count-ngrams.ts";

/** p(· | context), [V]. What lies before the context counts as token 0. */
export function probabilitiesOf(model: NgramModel, context: readonly number[]): number[] {
  let p = Array.from(model.unigrams);
  for (const { contextLength, backoff, width, tokens, values, rows } of model.orders) {
    const padded = [...Array<number>(contextLength).fill(0), ...context].slice(-contextLength);
    const row = rows.get(padded.reduce((number, token) => number * model.vocabularySize + token, 0)) ?? 0;
    p = p.map((value) => backoff[row] * value);
    for (let i = row * width; i < (row + 1) * width; i++) p[tokens[i]] += values[i];
  }
  return p;
}
