// Top-k on a GPU: bitonic sorts of runs of classes, then the best of each two runs until one is left. No value moves,
// only classes do.
import { type ResolvedTopK, sizeOf } from "@gumbel/core/adapter";
import type { GpuBackend, TensorInfo } from "./gpu-backend.ts";
import { perturb, replace, rowCount, winnersOf } from "./rows.ts";
import { rowUniforms, type UniformValues } from "./uniforms.ts";

/** The `k` largest perturbed logits of each row and their classes, flat. `k` and the rows are not empty. */
export function topKOf(
  gpu: GpuBackend,
  logits: TensorInfo,
  { rows, noise, k, outputShape }: ResolvedTopK,
): { values: TensorInfo; indices: TensorInfo } {
  const { classes } = rows;
  const count = rowCount(rows);
  const perturbed = perturb(gpu, logits, rows, noise);
  const winners = winnersOf(gpu, { logits: perturbed, rows });
  const width = 2 ** Math.ceil(Math.log2(k));
  let runs = Math.ceil(classes / width);
  const common = { ...rowUniforms(rows), width };

  let order = gpu.run("order", "none", [], count * runs * width, { ...common, runs });
  const exchange = (step: UniformValues): void => {
    const uniforms = { ...common, runs, ...step };
    order = replace(
      gpu,
      order,
      gpu.run("exchange", "none", [perturbed, order], count * runs * width, uniforms),
    );
  };
  for (let sorted = 1; sorted < width; sorted *= 2) {
    exchange({ span: sorted, mirrored: 1 });
    for (let span = sorted / 2; span >= 1; span /= 2) exchange({ span });
  }
  while (runs > 1) {
    const fewer = Math.ceil(runs / 2);
    const merged = gpu.run("merge", "none", [perturbed, order], count * fewer * width, { ...common, runs });
    order = replace(gpu, order, merged);
    runs = fewer;
    for (let span = width / 2; span >= 1; span /= 2) exchange({ span });
  }

  const inputs = [perturbed, order, winners];
  const uniforms = { ...common, places: k };
  const values = gpu.run("topValues", "none", inputs, sizeOf(outputShape), uniforms);
  const indices = gpu.run("topIndices", "none", inputs, sizeOf(outputShape), uniforms);
  for (const info of inputs) gpu.dispose(info);
  return { values, indices };
}
