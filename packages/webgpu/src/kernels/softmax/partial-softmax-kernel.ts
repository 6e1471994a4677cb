// Soft samples and their gradients, first half: of each chunk of each row, with z = logits + g, it computes
//   weights w_j = exp((z_j − m)/τ),  their sum Σ w_j,  and for gradients  Σ w_j·c_j,  m being near the chunk's maximum.
// Where a row is one chunk, the second half follows at once.
import { EXTREMES, extremesWgsl } from "../../shader/extremes.ts";
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import { noiseAtWgsl } from "../../shader/noise-at.ts";
import { type RowVariant, rowLayoutWgsl } from "../../shader/row-layout.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { directivesOf, entryWgsl, reduceWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import { normalizeRowWgsl } from "./normalize-kernel.ts";
import { partialWgsl, storePartialWgsl } from "./partial-softmax.ts";
import {
  chunkWgsl,
  estimatedWeightsWgsl,
  estimateWgsl,
  perturbedWeightsWgsl,
  SUMS,
  twoPassWeightsWgsl,
  weightsWgsl,
} from "./weights.ts";

/** Variant of {@link partialSoftmaxKernel}. */
export interface PartialSoftmaxVariant extends RowVariant {
  readonly group: ThreadGroup;
  /** Whether an estimate of the maximum is tried, and whether the weights are then those of a race: see max-estimate.ts. */
  readonly isEstimated: boolean;
  readonly isRace: boolean;
  /** Whether the products with a cotangent are summed too. */
  readonly isGradient: boolean;
  /** Whether a row is one chunk and gets its result here. */
  readonly isFused: boolean;
}

/** Tensors: `logits`, `cotangent` for gradients, `output` or `weights` (where weights go), `partials` unless fused. */
export function partialSoftmaxKernel(
  variant: PartialSoftmaxVariant,
  tensors: readonly TensorBinding[],
): Kernel {
  const { group, noise, hasUnitStep, isEstimated, isGradient, isFused } = variant;
  const target = tensors.some(({ name }) => name === "weights") ? "weights" : "output";
  return createKernel("partial-softmax", variant, tensors, () => ({
    directives: directivesOf(group),
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      extremesWgsl,
      partialWgsl,
      chunkWgsl,
      reduceWgsl(group, EXTREMES),
      reduceWgsl(group, SUMS),
      noiseAtWgsl(variant),
      isFused ? normalizeRowWgsl({ source: target, target, isGradient }) : storePartialWgsl,
      weightsWgsl,
      noise === "none" ? "" : perturbedWeightsWgsl,
      isEstimated || noise !== "none" ? estimateWgsl : "",
      isEstimated ? estimatedWeightsWgsl(variant, target) : "",
      twoPassWeightsWgsl(variant, target),
      /* wgsl */ `
fn work(job: Job) {
  let row = job.row + params.first_row;
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.categories);
  // Main loops: 4 elements a lane. Tails: one a lane.
  let tail = begin + (end - begin) / (4u * LANES) * (4u * LANES);
  let chunk = Chunk(logits_start(row), row_start(job.row), row_start(row), row_counter(row), begin, tail, end, job.lane);
  ${
    isEstimated
      ? `var partial = estimated_weights(chunk);
  if (partial.maximum == 0u) { partial = two_pass_weights(chunk); }`
      : "let partial = two_pass_weights(chunk);"
  }
  ${isFused ? "normalize_row(job.row, partial, partial, begin + job.lane, end, false);" : "store_partial(job, partial);"}
}
`,
    ],
  }));
}
