// The argmax of the perturbed logits of each row, or of each chunk of it; and of the chunks' partials.
import { extremesWgsl } from "../../shader/extremes.ts";
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import { noiseAtWgsl } from "../../shader/noise-at.ts";
import { type RowVariant, rowLayoutWgsl } from "../../shader/row-layout.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import {
  directivesOf,
  entryWgsl,
  laneCount,
  reduceWgsl,
  SUBGROUP_DIRECTIVES,
  type ThreadGroup,
} from "../../shader/thread-group.ts";
import {
  ARGMAX,
  ARGMAX_WORDS,
  type ArgmaxOutput,
  type ArgmaxResult,
  argmaxWgsl,
  storeArgmaxWgsl,
} from "./argmax.ts";
import { denseArgmaxWgsl } from "./dense-argmax.ts";
import { lazyArgmaxWgsl } from "./lazy-argmax.ts";

/** Variant of {@link argmaxKernel}. */
export interface ArgmaxVariant extends RowVariant {
  readonly group: ThreadGroup;
  readonly output: ArgmaxOutput;
  /** Whether logarithms are taken only where they matter; needs noise and counters that follow one another. */
  readonly isLazy: boolean;
  /** Whether subgroup operations may be used. */
  readonly hasSubgroups: boolean;
}

/** Tensors: `logits`, then `partials`, or `indices`, `values` and `indices`, or `output` for one-hot rows. */
export function argmaxKernel(variant: ArgmaxVariant, tensors: readonly TensorBinding[]): Kernel {
  const { group, noise, hasUnitStep, output, isLazy, hasSubgroups } = variant;
  const isReduced = laneCount(group) > 1 || output === "partials" || output === "values";
  return createKernel("argmax", variant, tensors, () => ({
    directives: isLazy && hasSubgroups ? SUBGROUP_DIRECTIVES : directivesOf(group),
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      argmaxWgsl,
      reduceWgsl(group, ARGMAX),
      noiseAtWgsl(variant),
      isLazy ? lazyArgmaxWgsl(group, hasSubgroups) : extremesWgsl + denseArgmaxWgsl(noise, isReduced),
      storeArgmaxWgsl(output),
      /* wgsl */ `
fn work(job: Job) {
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.categories);
  let argmax = argmax_of_chunk(logits_start(job.row), row_counter(job.row), begin, end, job.lane);
  store_argmax(reduce_argmax(argmax, job.lane), job);
}
`,
    ],
  }));
}

/** Variant of {@link reducePartialsKernel}. */
export interface ReducePartialsVariant {
  readonly group: ThreadGroup;
  /** Whether a row's elements follow one another. */
  readonly hasUnitStep: boolean;
  readonly output: ArgmaxResult;
}

/**
 * The argmax of each row's partials. One-hot rows are written chunk by chunk, each job reducing the row's partials again;
 * other outputs have one job a row. The params' `candidates` is the number of partials a row. Tensors: `partials`, then as
 * {@link argmaxKernel}.
 */
export function reducePartialsKernel(
  variant: ReducePartialsVariant,
  tensors: readonly TensorBinding[],
): Kernel {
  const { group, hasUnitStep, output } = variant;
  return createKernel("reduce-argmax", variant, tensors, () => ({
    directives: directivesOf(group),
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      argmaxWgsl,
      reduceWgsl(group, ARGMAX),
      storeArgmaxWgsl(output),
      /* wgsl */ `
fn work(job: Job) {
  var argmax = NO_ARGMAX;
  for (var c = job.lane; c < params.candidates; c += LANES) {
    let at = ${ARGMAX_WORDS}u * (job.row * params.candidates + c);
    argmax = larger(argmax, Argmax(load_partials(at), load_partials(at + 1u), load_partials(at + 2u)));
  }
  store_argmax(reduce_argmax(argmax, job.lane), job);
}
`,
    ],
  }));
}
