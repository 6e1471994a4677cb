// Compares results of contestants that conform to the sampling spec with the float64 reference. Bounds are the spec's.
import {
  bits,
  foldIn,
  gumbel,
  gumbelSoftmax,
  gumbelSoftmaxVjp,
  type Key,
  key,
  type NdArray,
} from "@gumbel/core";
import type { Inputs } from "../contestant.ts";
import type { Operation } from "../results.ts";

const ROOT: Key = key(1);

/** The key of a run, for every contestant that takes a key of ours. */
export function keyOf(run: number): Key {
  return foldIn(ROOT, run);
}

/** Error bound of logits and noise together, relative to their size: NOISE and GS clauses. */
const LOGIT_BOUND = 2 ** -18;
const SOFT_BOUND = 2 ** -20;
const NOISE_BOUND = 2 ** -20;
/** The gradient is a product of two soft values and a difference of cotangents within ±½: a few of their bounds. */
const GRADIENT_BOUND = 2 ** -14;

/** What differs from the reference in the results of run 0, in words; undefined when nothing does. */
export function differenceFromReference(
  operation: Operation,
  { shape, logits: data, cotangent }: Inputs,
  got: ArrayLike<number>,
): string | undefined {
  const options = { key: keyOf(0) };
  const logits: NdArray = { data, shape };
  switch (operation) {
    case "bits":
      // TensorFlow.js has no unsigned integers.
      return firstBeyond(
        Array.from(got, (word) => word >>> 0),
        bits(shape, options).data,
        () => 0,
      );
    case "gumbel":
      return firstBeyond(got, gumbel(shape, options).data, (g) => NOISE_BOUND * Math.max(1, Math.abs(g)));
    case "categorical":
      return notBest(perturbed(shape, data), shape, got);
    case "gumbelSoftmax": {
      const z = perturbed(shape, data);
      const scale = z.reduce(
        (most, value) => Math.max(most, Number.isFinite(value) ? Math.abs(value) : 0),
        1,
      );
      return firstBeyond(got, gumbelSoftmax(logits, options).data, () => LOGIT_BOUND * scale + SOFT_BOUND);
    }
    case "gumbelSoftmaxVjp": {
      const expected = gumbelSoftmaxVjp(logits, { data: cotangent, shape }, options).data;
      return firstBeyond(got, expected, () => GRADIENT_BOUND);
    }
    default:
      return undefined;
  }
}

function perturbed(shape: readonly number[], logits: Float32Array): Float64Array {
  return gumbel(shape, { key: keyOf(0) }).data.map((g, i) => g + logits[i]);
}

function firstBeyond(
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  bound: (expected: number) => number,
): string | undefined {
  if (got.length !== expected.length) return `${got.length} values for ${expected.length}`;
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(got[i] - expected[i]) <= bound(expected[i])))
      return `element ${i} is ${got[i]}, by the reference ${expected[i]}`;
  }
  return undefined;
}

/** A near-tie may go either way. */
function notBest(
  z: Float64Array,
  [rows, classes]: Inputs["shape"],
  got: ArrayLike<number>,
): string | undefined {
  if (got.length !== rows) return `${got.length} indices for ${rows} rows`;
  for (let row = 0; row < rows; row++) {
    const values = z.subarray(row * classes, (row + 1) * classes);
    const best = Math.max(...values);
    if (!(values[got[row]] >= best - LOGIT_BOUND * Math.max(1, Math.abs(best))))
      return `row ${row} drew ${got[row]}, by the reference ${values.indexOf(best)}`;
  }
  return undefined;
}
