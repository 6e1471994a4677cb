// Partial softmaxes of chunks of rows, the online-softmax state as the engine stores it: the maximum is shift + max (two float32),
// sumExp (float64) the sum of exponentials relative to it. 16 bytes each.
import type { Scalars } from "../engine/kernel.ts";

/** Floats that a partial softmax takes. */
export const PARTIAL_FLOATS = 4;

/** A number of partial softmaxes. */
export interface Partials {
  /** What the engine reads. */
  readonly floats: Float32Array<ArrayBuffer>;
  max(index: number): number;
  shift(index: number): number;
  sumExp(index: number): number;
  /** Sets one from the scalars of a call. */
  set(index: number, scalars: Scalars): void;
  /** Sets several, the first at an index, from what a call left in a buffer. */
  store(index: number, floats: Float32Array): void;
}

/** Room for a number of partial softmaxes. */
export function createPartials(count: number): Partials {
  const floats = new Float32Array(PARTIAL_FLOATS * count);
  const doubles = new Float64Array(floats.buffer);
  return {
    floats,
    max: (index) => floats[PARTIAL_FLOATS * index],
    shift: (index) => floats[PARTIAL_FLOATS * index + 1],
    sumExp: (index) => doubles[2 * index + 1],
    set(index, [max, shift, sumExp]) {
      floats[PARTIAL_FLOATS * index] = max;
      floats[PARTIAL_FLOATS * index + 1] = shift;
      doubles[2 * index + 1] = sumExp;
    },
    store: (index, values) => floats.set(values, PARTIAL_FLOATS * index),
  };
}
