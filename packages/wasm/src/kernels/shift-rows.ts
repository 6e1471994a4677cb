// Rows less their largest logit, for noise that is added in float32: logits of any size leave the noise its digits.
import type { RowLayout } from "@gumbel/core/adapter";

/** `(logits − max)/temperature` of each row of one sample. A degenerate row stays one. */
export function shiftRows(
  logits: Float32Array,
  { outer, categories, inner }: RowLayout,
  temperature: number,
): Float32Array {
  const inverseTemperature = 1 / temperature;
  const shifted = new Float32Array(logits.length);
  const maxima = new Float32Array(inner);
  for (let o = 0; o < outer; o++) {
    const start = o * categories * inner;
    const end = start + categories * inner;
    maxima.fill(Number.NEGATIVE_INFINITY);
    // Neighbouring rows together, in the order of the memory. NaN is never the larger one, and stays where it is.
    for (let at = start; at < end; at += inner) raise(maxima, logits, at);
    for (let at = start; at < end; at += inner) subtract(shifted, logits, at, maxima, inverseTemperature);
  }
  return shifted;
}

function raise(maxima: Float32Array, logits: Float32Array, at: number): void {
  for (let i = 0; i < maxima.length; i++) {
    const logit = logits[at + i];
    if (logit > maxima[i]) maxima[i] = logit;
  }
}

function subtract(
  shifted: Float32Array,
  logits: Float32Array,
  at: number,
  maxima: Float32Array,
  inverse: number,
): void {
  for (let i = 0; i < maxima.length; i++) shifted[at + i] = (logits[at + i] - maxima[i]) * inverse;
}
