// Inputs: the same every time and everywhere.
import type { Inputs } from "./contestant.ts";
import type { Shape } from "./results.ts";

/** Logits as a model's: mostly within ±4; cotangents within ±½. */
export function inputsOf(shape: Shape): Inputs {
  const size = shape[0] * shape[1];
  return { shape, logits: uniform(size, 1, 8), cotangent: uniform(size, 2, 1) };
}

/** Rows that all have these logits. */
export function equalRows(rows: number, logits: ArrayLike<number>): Inputs {
  const size = rows * logits.length;
  return {
    shape: [rows, logits.length],
    logits: Float32Array.from({ length: size }, (_, i) => logits[i % logits.length]),
    cotangent: new Float32Array(size),
  };
}

/** Rows of equal logits. */
export function equalLogits([rows, categories]: Shape): Inputs {
  return equalRows(rows, new Float32Array(categories));
}

/** Values in ±width/2 of a linear congruential generator (Numerical Recipes' constants): no sampler may depend on it. */
function uniform(count: number, seed: number, width: number): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) * width;
  });
}
