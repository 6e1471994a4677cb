// categorical on a GPU.
import type { ResolvedCategorical } from "@gumbel/core/adapter";
import type { Gpu, TensorInfo } from "../gpu.ts";
import { argmaxOf, perturbed, unperturbed } from "../rows.ts";

/** `argmax(logits/temperature + g)` of each row, flat; at temperature 0 the mode. */
export function categoricalOf(
  gpu: Gpu,
  logits: TensorInfo,
  { layout, noise, temperature }: ResolvedCategorical,
): TensorInfo {
  const z = temperature === 0 ? unperturbed(logits, layout) : perturbed(logits, layout, noise, temperature);
  return argmaxOf(gpu, z);
}
