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
    const end = start + classes * inner;
    let mean = 0;
    for (let at = start; at < end; at += inner) if (y[at] !== 0) mean += cotangent[at] * y[at];
    for (let at = start, to = logitsStart; at < end; at += inner, to += inner) {
      if (y[at] !== 0) gradient[to] += (y[at] * (cotangent[at] - mean)) / temperature;
    }
  });
  return Float32Array.from(gradient);
}

function softOf(z: Float64Array, { rows, temperature }: ResolvedSoftmax): Float32Array {
  const { classes, inner } = rows;
  const y = new Float32Array(z.length);
  forEachRow(rows, (start) => {
    const maximum = maximumOf(z, start, classes, inner);
    const end = start + classes * inner;
    if (Number.isNaN(maximum)) {
      for (let at = start; at < end; at += inner) y[at] = Number.NaN;
      return;
    }
    // The maximum goes first, before dividing: then no positive temperature can overflow.
    let sum = 0;
    for (let at = start; at < end; at += inner) {
      z[at] = expOf((z[at] - maximum) / temperature);
      sum += z[at];
    }
    for (let at = start; at < end; at += inner) y[at] = z[at] / sum;
  });
  return y;
}

/** `exp(x)` for x ≤ 0, and 0 where float32 has nothing smaller left. */
function expOf(x: number): number {
  if (x < SMALLEST_EXPONENT) return 0;
  const halvings = (0.5 - x * Math.LOG2E) | 0;
  return expNearZero(x + halvings * LN2) * INVERSE_POWERS[halvings];
}

function hardOf(z: Float64Array, { rows }: ResolvedSoftmax): Float32Array {
  const { classes, inner } = rows;
  const y = new Float32Array(z.length);
  forEachRow(rows, (start) => {
    const maximum = maximumOf(z, start, classes, inner);
    let at = start;
    if (Number.isNaN(maximum)) {
      for (let j = 0; j < classes; j++, at += inner) y[at] = Number.NaN;
      return;
    }
    // The first that reaches the maximum: the lowest index on a tie.
    while (z[at] !== maximum) at += inner;
    y[at] = 1;
  });
  return y;
}
