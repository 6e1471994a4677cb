// Perturbed logits as a tensor, for kernels that read them more than once.
import { rowCountOf, sizeOf } from "@gumbel/core/adapter";
import type { Gpu, TensorInfo } from "../gpu.ts";
import { perturbProgram } from "../programs/perturb.ts";
import { maximumOf, type Perturbed, runOn } from "../rows.ts";

/** What {@link perturb} gives; the caller disposes both. */
export interface PerturbedLogits {
  /** `(logit − max logit + temperature·g)/2`, of the noise's size. */
  readonly halves: TensorInfo;
  /** The largest logit of each row of the logits; NaN in a degenerate row. */
  readonly maxima: TensorInfo;
}

/** Draws the noise of logits. */
export function perturb(gpu: Gpu, z: Perturbed): PerturbedLogits {
  const { logits, layout } = z;
  const maxima = maximumOf(gpu, logits, rowCountOf(layout), layout);
  const halves = runOn(gpu, perturbProgram, z, [maxima], layout.samples * sizeOf(logits.shape));
  return { halves, maxima };
}
