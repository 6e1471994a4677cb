// The rows of a call as the checks see them: perturbed logits of the reference, and where each row stands.
import { degeneracyOf } from "../../degenerate.ts";
import { gumbel } from "../../reference/noise.ts";
import {
  type ResolvedLogits,
  type ResolvedNoise,
  resolveCategorical,
  resolveGumbelSoftmax,
  resolveSoftmax,
  resolveTopK,
} from "../../resolve.ts";
import type { Call } from "../call.ts";

/** Any call that reads logits. */
export type LogitsCall = Exclude<Call, { operation: "bits" | "gumbel" }>;

/** One row of a call. Element `j` stands at `start + j·stride` in the noise and in results that keep the axis. */
export interface CheckedRow {
  /** Row-major index of the row over `(sample, outer, inner)`: its place in a result without the axis. */
  readonly index: number;
  readonly start: number;
  readonly stride: number;
  /** The same start in the logits, which have no sample dimensions. */
  readonly logitsStart: number;
  /** The reference's perturbed logits; the logits themselves where the operation draws no noise. */
  readonly z: Float64Array;
  readonly degenerate: boolean;
}

/** Walks the rows of a call with the reference's perturbed logits. */
export function* checkedRows(call: LogitsCall): Generator<CheckedRow> {
  const { rows, noise } = resolve(call);
  const { samples, outer, classes, inner } = rows;
  const g = noise === undefined ? undefined : gumbel(noise.shape, noise).data;
  const block = classes * inner;
  let index = 0;
  for (let sample = 0; sample < samples; sample++) {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        const logitsStart = o * block + i;
        const start = sample * outer * block + logitsStart;
        const z = new Float64Array(classes);
        for (let j = 0; j < classes; j++) z[j] = call.logits.data[logitsStart + j * inner];
        const degenerate = degeneracyOf(z) !== undefined;
        if (g !== undefined) for (let j = 0; j < classes; j++) z[j] += g[start + j * inner];
        yield { index: index++, start, stride: inner, logitsStart, z, degenerate };
      }
    }
  }
}

function resolve(call: LogitsCall): { rows: ResolvedLogits["rows"]; noise?: ResolvedNoise } {
  const { shape } = call.logits;
  switch (call.operation) {
    case "softmax":
    case "softmaxVjp":
      return resolveSoftmax(shape, call.options);
    case "gumbelSoftmax":
    case "gumbelSoftmaxVjp":
      return resolveGumbelSoftmax(shape, call.options);
    case "categorical":
      return resolveCategorical(shape, call.options);
    case "topK":
      return resolveTopK(shape, call.k, call.options);
  }
}
