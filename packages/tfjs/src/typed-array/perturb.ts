// Perturbed logits z = logits + g of a whole call, in float64, so that near-ties are the reference's own.
import { type ResolvedNoise, type RowLayout, sizeOf } from "@gumbel/core/adapter";
import { blocksOf, gumbelOfWord } from "./noise.ts";

/** `logits + g` over the noise shape; without noise, the logits. */
export function perturb(logits: Float32Array, { samples }: RowLayout, noise?: ResolvedNoise): Float64Array {
  if (noise === undefined) return Float64Array.from(logits);
  const z = new Float64Array(sizeOf(noise.shape));
  const { words, lows } = blocksOf(noise);
  const { precision } = noise;
  let at = 0;
  for (let sample = 0; sample < samples; sample++) {
    for (let i = 0; i < logits.length; i++, at++) {
      z[at] = logits[i] + gumbelOfWord(words[at], lows[at], precision);
    }
  }
  return z;
}
