// Gumbel-softmax samples of rows whose noise has consecutive counters: softmax((logits + g)/temperature).
// The row's largest logit is subtracted before the noise is added, so that logits of any size leave the noise its digits.
import { fillExponentials } from "./gumbel";
import { minusLog, minusLogSixteen } from "./log";
import { CHUNK, PARTIAL_BYTES, PARTIALS, RESULT, TILE, WORDS } from "./memory-layout";
import {
  exponentiate,
  lanesBelow,
  maximum,
  maxLane,
  multiply,
  normalize,
  storeEmpty,
  storePartial,
  storeUpTo,
} from "./partial-softmax";

const INFINITY: f32 = f32.MAX_VALUE * 2;

/** Replaces logits by z = (logit − shift) + g, where g = −log E, and returns the largest z. Overwrites E. */
function perturbRelative(logits: usize, exponentials: usize, count: u32, shift: f32): f32 {
  const shifts = f32x4.splat(shift);
  const lowest = f32x4.splat(-INFINITY);
  const end = (<usize>count) << 2;
  const grouped = (<usize>(count & ~15)) << 2;
  let maxima = lowest;
  for (let i: usize = 0; i < grouped; i += 64) {
    minusLogSixteen(exponentials + i, 0);
    const z0 = f32x4.add(f32x4.sub(v128.load(logits + i), shifts), v128.load(exponentials + i));
    const z1 = f32x4.add(f32x4.sub(v128.load(logits + i, 16), shifts), v128.load(exponentials + i, 16));
    const z2 = f32x4.add(f32x4.sub(v128.load(logits + i, 32), shifts), v128.load(exponentials + i, 32));
    const z3 = f32x4.add(f32x4.sub(v128.load(logits + i, 48), shifts), v128.load(exponentials + i, 48));
    v128.store(logits + i, z0);
    v128.store(logits + i, z1, 16);
    v128.store(logits + i, z2, 32);
    v128.store(logits + i, z3, 48);
    maxima = f32x4.pmax(maxima, f32x4.pmax(f32x4.pmax(z0, z1), f32x4.pmax(z2, z3)));
  }
  for (let i = grouped; i < end; i += 16) {
    const g = minusLog(v128.load(exponentials + i), f32x4.splat(0));
    const z = f32x4.add(f32x4.sub(v128.load(logits + i), shifts), g);
    storeUpTo(logits + i, z, (end - i) >> 2);
    maxima = f32x4.pmax(maxima, v128.bitselect(z, lowest, lanesBelow((end - i) >> 2)));
  }
  return maxLane(maxima);
}

/**
 * Replaces a chunk of logits by exp((logit + g − m)·inverse), inverse being 1/temperature, and stores its partial
 * softmax, whose maximum is m.
 *
 * At temperature 1 as an exponential race: exp(l + g) = exp(l)/E with the exponential variate E = −log u = exp(−g). That needs one
 * logarithm less, and m may be the largest logit instead of the largest logit + g.
 */
function sampleChunkTo(
  partial: usize, logits: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool, inverse: f32,
): void {
  const shift = maximum(logits, count);
  if (!(shift > -INFINITY)) {
    storeEmpty(partial, logits, count, shift);
    return;
  }
  const isRace = inverse == 1;
  let sum: f64 = 0;
  let largest: f32 = -INFINITY;
  for (let done: u32 = 0; done < count; done += TILE) {
    const tile = logits + ((<usize>done) << 2);
    const length = min(TILE, count - done);
    fillExponentials(length, k0, k1, hi, lo + done, isJax);
    if (isRace) sum += exponentiate(tile, length, shift, 1, WORDS);
    else largest = max(largest, perturbRelative(tile, WORDS, length, shift));
  }
  if (isRace) storePartial(partial, 0, shift, sum);
  else storePartial(partial, largest, shift, exponentiate(logits, count, largest, inverse));
}

/**
 * Replaces a chunk of a row's logits by exp((logit + g − m)/temperature), where m is the largest logit + g of the chunk or, at
 * temperature 1, its largest logit. Results: its partial softmax, with m = shift + max. max is NaN if the chunk holds NaN or
 * +∞, and −∞ if all of it is masked, which gives zeros.
 */
export function gumbelSoftmaxChunk(
  logits: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool, temperature: f64,
): void {
  sampleChunkTo(RESULT, logits, count, k0, k1, hi, lo, isJax, <f32>(1 / temperature));
}

/** Replaces rows of logits by their samples, degenerate rows by NaN. */
export function gumbelSoftmaxRows(
  logits: usize, rows: u32, categories: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool, temperature: f64,
): void {
  const inverse = <f32>(1 / temperature);
  if (categories <= TILE) {
    sampleShortRows(logits, rows, categories, k0, k1, hi, lo, isJax, inverse);
    return;
  }
  for (let row: u32 = 0; row < rows; row++, logits += (<usize>categories) << 2) {
    for (let begin: u32 = 0, partial = PARTIALS; begin < categories; begin += CHUNK, partial += PARTIAL_BYTES) {
      const chunk = logits + ((<usize>begin) << 2);
      const count = min(CHUNK, categories - begin);
      sampleChunkTo(partial, chunk, count, k0, k1, hi, lo, isJax, inverse);
      lo += count;
    }
    normalize(logits, categories, inverse);
  }
}

/** The same for short rows: the noise of all rows that fit into a tile is computed together. */
function sampleShortRows(
  logits: usize, rows: u32, categories: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool, inverse: f32,
): void {
  const bytes = (<usize>categories) << 2;
  const most = TILE / categories;
  for (let done: u32 = 0; done < rows; done += most) {
    const count = min(most, rows - done) * categories;
    fillExponentials(count, k0, k1, hi, lo, isJax);
    lo += count;
    for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += bytes, logits += bytes) {
      const shift = maximum(logits, categories);
      let sum: f64 = NaN;
      if (shift > -INFINITY) {
        if (inverse == 1) sum = exponentiate(logits, categories, shift, 1, WORDS + i);
        else {
          const largest = perturbRelative(logits, WORDS + i, categories, shift);
          sum = exponentiate(logits, categories, largest, inverse);
        }
      }
      multiply(logits, categories, <f32>(1 / sum));
    }
  }
}
