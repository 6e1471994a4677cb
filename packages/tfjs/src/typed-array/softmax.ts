// Soft and hard samples and their vector-Jacobian product, a row at a time in float64.
import type { ResolvedNoise, ResolvedSoftmax } from "@gumbel/core/adapter";
import { perturb } from "./perturb.ts";
import { forEachRow, maximumOf } from "./rows.ts";

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
      z[at] = Math.exp((z[at] - maximum) / temperature);
      sum += z[at];
    }
    for (let at = start; at < end; at += inner) y[at] = z[at] / sum;
  });
  return y;
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
