// Inputs: the same every time and everywhere.
import type { Inputs } from "./contestant.ts";
import type { LogitsKind, Shape } from "./results.ts";

/** Logits as a model's, mostly within ±4, or of a kind; cotangents within ±½. */
export function inputsOf(shape: Shape, kind?: LogitsKind): Inputs {
  const size = shape[0] * shape[1];
  if (kind === undefined) return { shape, logits: uniform(size, 1, 8), cotangent: uniform(size, 2, 1) };
  return { shape, logits: ofKind[kind](shape), cotangent: new Float32Array(size) };
}

/** Of the median rank's logit, less than the first's. */
const ZIPF_DEPTH = 20;

const ofKind: Readonly<Record<LogitsKind, (shape: Shape) => Float32Array<ArrayBuffer>>> = {
  // Zipf's law in another order in each row: −a·ln(rank).
  zipf([rows, categories]) {
    const logits = new Float32Array(rows * categories);
    const order = uniform(logits.length, 3, 1);
    const slope = ZIPF_DEPTH / Math.log(categories / 2);
    for (let row = 0; row < rows; row++) {
      const begin = row * categories;
      for (let rank = 0; rank < categories; rank++) logits[begin + rank] = -slope * Math.log(rank + 1);
      for (let i = categories - 1; i > 0; i--) {
        const j = Math.floor((order[begin + i] + 0.5) * (i + 1));
        [logits[begin + i], logits[begin + j]] = [logits[begin + j], logits[begin + i]];
      }
    }
    return logits;
  },
  // Normal, of standard deviation 2, by Box and Muller's transform.
  flat([rows, categories]) {
    const variates = uniform(2 * rows * categories, 4, 1);
    return Float32Array.from({ length: rows * categories }, (_, i) => {
      const radius = Math.sqrt(-2 * Math.log(Math.max(variates[2 * i] + 0.5, 2 ** -32)));
      return 2 * radius * Math.cos(2 * Math.PI * variates[2 * i + 1]);
    });
  },
  equal: ([rows, categories]) => new Float32Array(rows * categories).fill(1.5),
};

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
