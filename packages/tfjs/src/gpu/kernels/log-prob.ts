// logProb on a GPU.
import { type ResolvedLogProb, sizeOf } from "@gumbel/core/adapter";
import type { Gpu, TensorInfo } from "../gpu.ts";
import { logProbProgram } from "../programs/log-prob.ts";
import { sumExpProgram } from "../programs/softmax.ts";
import { maximumOf, sumOverRows } from "../rows.ts";
import { rowUniforms, temperatureUniforms } from "../uniforms.ts";

/** The logarithm of `softmax(logits/temperature)` at the index of each row, flat. */
export function logProbOf(
  gpu: Gpu,
  logits: TensorInfo,
  indices: TensorInfo,
  { layout, temperature, outputShape }: ResolvedLogProb,
): TensorInfo {
  const rows = sizeOf(outputShape);
  const scale = temperatureUniforms(temperature);
  const maxima = maximumOf(gpu, logits, rows, layout);
  const sums = sumOverRows(gpu, sumExpProgram, [logits, maxima], rows, layout, scale);
  const uniforms = { ...rowUniforms(layout), ...scale };
  const logProbs = gpu.run(logProbProgram, "none", [logits, maxima, sums, indices], rows, uniforms);
  for (const info of [maxima, sums]) gpu.dispose(info);
  return logProbs;
}
