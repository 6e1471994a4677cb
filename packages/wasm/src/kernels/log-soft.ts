// Logarithms of soft results and their gradient: log softmax((logits + g)/temperature), in float64 from the engine's perturbed logits.
import {
  FLT_MAX,
  type ResolvedNoise,
  type ResolvedSoftmax,
  rowCountOf,
  rowStartOf,
  sizeOf,
} from "@gumbel/core/adapter";
import type { MemoryLayout, Steps } from "../engine/kernel.ts";
import { logSumExpOf } from "./log-sum-exp.ts";
import { perturbed } from "./noise-tasks.ts";

/** The log-sample, or the log-softmax without noise: −∞ under a mask, NaN in a degenerate row. */
export function* logSoftOf(
  memory: MemoryLayout,
  logits: Float32Array,
  { layout, temperature, outputShape }: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
): Steps<Float32Array<ArrayBuffer>> {
  const size = sizeOf(outputShape);
  const z = noise ? yield* perturbed(memory, logits, layout, noise, 1, 0, size) : logits;
  const logs = new Float32Array(size);
  const { categories, inner, samples } = layout;
  for (let row = 0; row < samples * rowCountOf(layout); row++) {
    const start = rowStartOf(layout, row);
    const { max, logSum } = logSumExpOf(z, start, layout, temperature);
    for (let at = start; at < start + categories * inner; at += inner) {
      // A perturbed logit may have left float32: only a logit says that it is a mask.
      const isMasked = logits[at % logits.length] === Number.NEGATIVE_INFINITY;
      const value = (z[at] - max) / temperature - logSum;
      logs[at] = isMasked ? value : Math.max(-FLT_MAX, value);
    }
  }
  return logs;
}

/** `(c − y·Σ c)/temperature` of logarithms of y, over the categories that are not masked, summed over the samples. */
export function vjpOfLogs(
  logs: Float32Array,
  cotangent: Float32Array,
  { layout, temperature, shape }: ResolvedSoftmax,
): Float32Array<ArrayBuffer> {
  const { categories, inner, samples } = layout;
  const gradient = new Float64Array(sizeOf(shape));
  for (let row = 0; row < samples * rowCountOf(layout); row++) {
    const start = rowStartOf(layout, row);
    const to = (start % gradient.length) - start;
    const end = start + categories * inner;
    let sum = 0;
    for (let at = start; at < end; at += inner)
      if (logs[at] !== Number.NEGATIVE_INFINITY) sum += cotangent[at];
    for (let at = start; at < end; at += inner) {
      if (logs[at] !== Number.NEGATIVE_INFINITY)
        gradient[at + to] += (cotangent[at] - Math.exp(logs[at]) * sum) / temperature;
    }
  }
  return Float32Array.from(gradient);
}
