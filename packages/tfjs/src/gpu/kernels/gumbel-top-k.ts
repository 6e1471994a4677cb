// gumbelTopK on a GPU: bitonic sorts of runs of categories, then the first of each two runs until one is left.
import { type ResolvedGumbelTopK, sizeOf } from "@gumbel/core/adapter";
import type { Gpu, TensorInfo } from "../gpu.ts";
import {
  categoriesProgram,
  exchangeProgram,
  mergeProgram,
  topIndicesProgram,
  topValuesProgram,
} from "../programs/gumbel-top-k.ts";
import { perturbed, replace, runOn, sampledRowsOf } from "../rows.ts";
import { rowUniforms, type UniformValues } from "../uniforms.ts";
import { perturb } from "./perturb.ts";

/** The `k` largest perturbed logits of each row and their categories, flat. `k` and the rows are not empty. */
export function gumbelTopKOf(
  gpu: Gpu,
  logits: TensorInfo,
  { layout, noise, temperature, k, outputShape }: ResolvedGumbelTopK,
): { values: TensorInfo; indices: TensorInfo } {
  const rows = sampledRowsOf(layout);
  const z = perturbed(logits, layout, noise, temperature);
  const { halves, maxima } = perturb(gpu, z);
  const width = 2 ** Math.ceil(Math.log2(k));
  let runs = Math.ceil(layout.categories / width);
  const common = { ...rowUniforms(layout), width };

  let order = gpu.run(categoriesProgram, "none", [], rows * runs * width, { ...common, runs });
  const exchange = (step: UniformValues): void => {
    const uniforms = { ...common, runs, ...step };
    const exchanged = gpu.run(exchangeProgram, "none", [halves, order], rows * runs * width, uniforms);
    order = replace(gpu, order, exchanged);
  };
  for (let length = 1; length < width; length *= 2) {
    exchange({ span: length, mirrored: 1 });
    for (let span = length / 2; span >= 1; span /= 2) exchange({ span });
  }
  while (runs > 1) {
    const fewer = Math.ceil(runs / 2);
    const merged = gpu.run(mergeProgram, "none", [halves, order], rows * fewer * width, { ...common, runs });
    order = replace(gpu, order, merged);
    runs = fewer;
    for (let span = width / 2; span >= 1; span /= 2) exchange({ span });
  }

  const uniforms = { width, places: k };
  const size = sizeOf(outputShape);
  const values = runOn(gpu, topValuesProgram, z, [order, maxima], size, uniforms);
  const indices = gpu.run(topIndicesProgram, "none", [logits, order, maxima], size, {
    ...common,
    ...uniforms,
  });
  for (const info of [halves, maxima, order]) gpu.dispose(info);
  return { values, indices };
}
