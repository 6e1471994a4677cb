// Walks the rows of a call: gathers one row of logits, adds its noise, knows whether it is degenerate.
import { blockOf } from "../counter.ts";
import { assertNoDegenerateRow, degeneracyOf } from "../degenerate.ts";
import { type NdArray, sizeOf } from "../nd-array.ts";
import { gumbelOf } from "../noise.ts";
import type { ResolvedLogits, ResolvedNoise } from "../resolve.ts";

/** One row of a call: where it stands, and its values along the axis. */
export interface Row {
  /** Index of element 0 in the output and the noise; element `j` stands at `start + j·stride`. */
  readonly start: number;
  /** The same in the logits, which have no sample dimensions. */
  readonly logitsStart: number;
  /** Distance between neighbours along the axis. */
  readonly stride: number;
  /** `logits`, or `logits + g` where there is noise: the perturbed logits z. */
  readonly z: Float64Array;
  /** Whether the logits hold NaN or +∞, or nothing but −∞. */
  readonly degenerate: boolean;
}

/** The rows of a call in row-major order of `(sample, outer, inner)`; without noise, z is the logits. */
export function* rowsOf(logits: NdArray, call: ResolvedLogits, noise?: ResolvedNoise): Generator<Row> {
  const { samples, outer, classes, inner } = call.rows;
  if (call.validate) assertNoDegenerateRow(logits.data, call.rows);
  for (let sample = 0; sample < samples; sample++) {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        const logitsStart = o * classes * inner + i;
        const start = sample * outer * classes * inner + logitsStart;
        const z = Float64Array.from({ length: classes }, (_, j) => logits.data[logitsStart + j * inner]);
        const degenerate = degeneracyOf(z) !== undefined;
        if (noise !== undefined) {
          for (let j = 0; j < classes; j++) z[j] += gumbelAt(noise, start + j * inner);
        }
        yield { start, logitsStart, stride: inner, z, degenerate };
      }
    }
  }
}

/** The Gumbel variate of element `index` of a noise shape. */
export function gumbelAt(noise: ResolvedNoise, index: number): number {
  const [x0, x1] = blockOf(noise.key, noise, index);
  return gumbelOf(x0, x1, noise.precision);
}

/** Index of the largest value, the lowest one on a tie. */
export function argmax(values: Float64Array): number {
  let best = 0;
  for (let j = 1; j < values.length; j++) if (values[j] > values[best]) best = j;
  return best;
}

/** Checks that the data of an array fill its shape. */
export function assertNdArray(array: NdArray, argument: string): void {
  const size = sizeOf(array.shape);
  if (array.data.length !== size) {
    throw new RangeError(`${argument}.data must hold ${size} values for its shape, got ${array.data.length}`);
  }
}
