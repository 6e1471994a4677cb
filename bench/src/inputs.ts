// Inputs: the same every time and everywhere.
import type { Inputs } from "./contestant.ts";

/** Logits as a model's: mostly within ±4; cotangents within ±½. */
export function inputsOf(shape: readonly [rows: number, classes: number]): Inputs {
  const size = shape[0] * shape[1];
  return { shape, logits: uniform(size, 1, 8), cotangent: uniform(size, 2, 1) };
}

/** Rows of equal logits. */
export function equalLogits(shape: readonly [rows: number, classes: number]): Inputs {
  const size = shape[0] * shape[1];
  return { shape, logits: new Float32Array(size), cotangent: new Float32Array(size) };
}

/** Values in ±width/2 of a linear congruential generator (Numerical Recipes' constants): no sampler may depend on it. */
function uniform(count: number, seed: number, width: number): Float32Array<ArrayBuffer> {
  let state = seed;
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = (state / 2 ** 32 - 0.5) * width;
  }
  return values;
}
