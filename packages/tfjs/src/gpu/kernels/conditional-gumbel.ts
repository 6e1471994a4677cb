// conditionalGumbel on a GPU.
import { type ResolvedConditionalGumbel, rowCountOf, sizeOf } from "@gumbel/core/adapter";
import type { Gpu, TensorInfo } from "../gpu.ts";
import { conditionProgram } from "../programs/condition.ts";
import { sumExpProgram } from "../programs/softmax.ts";
import { maximumOf, sumOverRows } from "../rows.ts";
import { rowUniforms, temperatureUniforms } from "../uniforms.ts";
import { noiseOf } from "./noise.ts";

/** Gumbel noise given that the index of each row is `argmax(logits/temperature + noise)`, flat. */
export function conditionalGumbelOf(
  gpu: Gpu,
  logits: TensorInfo,
  indices: TensorInfo,
  { layout, noise, temperature, outputShape }: ResolvedConditionalGumbel,
): TensorInfo {
  const rows = rowCountOf(layout);
  const scale = temperatureUniforms(temperature);
  const maxima = maximumOf(gpu, logits, rows, layout);
  const sums = sumOverRows(gpu, sumExpProgram, [logits, maxima], rows, layout, scale);
  const unconditional = noiseOf(gpu, noise);
  const inputs = [logits, maxima, sums, indices, unconditional];
  const uniforms = { ...rowUniforms(layout), ...scale };
  const conditional = gpu.run(conditionProgram, "none", inputs, sizeOf(outputShape), uniforms);
  for (const info of [maxima, sums, unconditional]) gpu.dispose(info);
  return conditional;
}
