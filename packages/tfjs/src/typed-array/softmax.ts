// Soft and hard samples and their vector-Jacobian product, a row at a time in float64.
import type { ResolvedNoise, ResolvedSoftmax } from "@gumbel/core/adapter";
import { expNearZero, INVERSE_POWERS, LN2 } from "./log-core.ts";
import { perturb } from "./perturb.ts";
import { forEachRow, maximumOf } from "./rows.ts";

/** `exp` of anything below is less than half of float32's smallest subnormal, 2⁻¹⁴⁹. */
const SMALLEST_EXPONENT = -150 * LN2;

/** The sample, or the plain softmax without noise: float32, of the output shape. */
export function softmaxOf(logits: Float32Array, call: ResolvedSoftmax, noise?: ResolvedNoise): Float32Array {
  const z = perturb(logits, call.rows, noise);
  return call.hard ? hardOf(z, call) : softOf(z, call);
}

/** The gradient with respect to the logits: float32. The sample is made again, so `hard` changes nothing. */
export function softmaxVjpOf(
  logits: Float32Array,
  cotangent: Float32Array,
  call: ResolvedSoftmax,
  noise?: ResolvedNoise,
): Float32Array {
  return softmaxVjpOfSample(softOf(perturb(logits, call.rows, noise), call), cotangent, call);
}

/** The same from the soft sample. NaN marks a degenerate row; a probability of 0 keeps its gradient at exactly 0. */
export function softmaxVjpOfSample(
  y: Float32Array,
  cotangent: Float32Array,
  { rows, temperature }: ResolvedSoftmax,
): Float32Array {
  const { outer, classes, inner } = rows;
  // Summed over the samples in float64, rounded once.
  const gradient = new Float64Array(outer * classes * inner);
  forEachRow(rows, (start, logitsStart) => {
    addGradientOfRow(gradient, logitsStart, y, cotangent, start, classes, inner, temperature);
  });
  return new Float32Array(gradient);
}

function softOf(z: Float64Array, { rows, temperature }: ResolvedSoftmax): Float32Array {
  const { classes, inner } = rows;
  forEachRow(rows, (start) => softenRow(z, start, classes, inner, temperature));
  return new Float32Array(z);
}

function hardOf(z: Float64Array, { rows }: ResolvedSoftmax): Float32Array {
  const { classes, inner } = rows;
  const y = new Float32Array(z.length);
  forEachRow(rows, (start) => hardenRow(y, z, start, classes, inner));
  return y;
}

// The loops stand in functions of their own rather than in the closures above, whose variables V8 reads from memory.

/** Replaces a row of z by its probabilities. */
function softenRow(
  z: Float64Array,
  start: number,
  classes: number,
  stride: number,
  temperature: number,
): void {
  const maximum = maximumOf(z, start, classes, stride);
  const end = start + classes * stride;
  // The maximum goes first, before dividing: then no positive temperature can overflow. NaN stays NaN throughout.
  let sum = 0;
  for (let at = start; at < end; at += stride) {
    const y = expOf((z[at] - maximum) / temperature);
    z[at] = y;
    sum += y;
  }
  for (let at = start; at < end; at += stride) z[at] /= sum;
}

/** Sets a row of y to the one-hot of the maximum of z, or to NaN where it is degenerate. */
function hardenRow(y: Float32Array, z: Float64Array, start: number, classes: number, stride: number): void {
  const maximum = maximumOf(z, start, classes, stride);
  if (Number.isNaN(maximum)) {
    for (let j = 0, at = start; j < classes; j++, at += stride) y[at] = Number.NaN;
    return;
  }
  // The first that reaches the maximum: the lowest index on a tie.
  let at = start;
  while (z[at] !== maximum) at += stride;
  y[at] = 1;
}

function addGradientOfRow(
  gradient: Float64Array,
  logitsStart: number,
  y: Float32Array,
  cotangent: Float32Array,
  start: number,
  classes: number,
  stride: number,
  temperature: number,
): void {
  const end = start + classes * stride;
  let mean = 0;
  for (let at = start; at < end; at += stride) if (y[at] !== 0) mean += cotangent[at] * y[at];
  for (let at = start, to = logitsStart; at < end; at += stride, to += stride) {
    if (y[at] !== 0) gradient[to] += (y[at] * (cotangent[at] - mean)) / temperature;
  }
}

/** `exp(x)` for x ≤ 0, 0 where float32 has nothing smaller left, and NaN for NaN. */
function expOf(x: number): number {
  if (x < SMALLEST_EXPONENT) return 0;
  const halvings = (0.5 - x * Math.LOG2E) | 0;
  return expNearZero(x + halvings * LN2) * INVERSE_POWERS[halvings];
}
