// Plans vector-Jacobian products of soft samples: weights and their product with the cotangent, then the gradient. Nothing
// is kept from the forward pass: the noise is made again from the key.
import { type ResolvedNoise, type ResolvedSoftmax, rowCountOf } from "@gumbel/core/adapter";
import type { Plan, Planner, Use } from "../../plan/planner.ts";
import { planRows } from "../../plan/row-plan.ts";
import { rowParams, temperatureParams } from "../../shader/params.ts";
import { rowVariantOf } from "../../shader/row-layout.ts";
import { estimateFor } from "./max-estimate.ts";
import { normalizeKernel } from "./normalize-kernel.ts";
import { PARTIAL_WORDS } from "./partial-softmax.ts";
import { partialSoftmaxKernel } from "./partial-softmax-kernel.ts";

/** Scratch that the weights of several samples may take; more samples go in groups. 64 MiB, in words. */
const MOST_WEIGHT_WORDS = 2 ** 24;

const OUTPUT: Use = { name: "output", access: "read_write", of: "gradient" };
const COTANGENT: Use = { name: "cotangent", access: "read" };

/**
 * `softmaxVjp` and, with noise, `gumbelSoftmaxVjp`. Tensors: `logits`, `cotangent`, `gradient`. Samples are summed in their
 * order, so that the result does not depend on how they are grouped.
 */
export function planVjp(call: ResolvedSoftmax, noise?: ResolvedNoise): Plan {
  return (planner) => {
    const { layout } = call;
    const words = rowCountOf(layout) * layout.categories;
    const group = Math.min(layout.samples, Math.max(1, Math.floor(MOST_WEIGHT_WORDS / words)));
    if (layout.samples > 1) planner.scratch("weights", group * words);
    for (let first = 0; first < layout.samples; first += group) {
      planSamples(planner, call, noise, first, Math.min(group, layout.samples - first));
    }
  };
}

/** The gradients of `count` samples, added to those of the samples before. */
function planSamples(
  planner: Planner,
  { layout, temperature }: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
  first: number,
  count: number,
): void {
  const rowsPerSample = rowCountOf(layout);
  const rows = count * rowsPerSample;
  // One plan for both halves: the chunks are the same, and few rows of logits may have many samples.
  const { group, chunks, chunkLength } = planRows({ ...layout, rows: rowsPerSample }, planner.facts);
  const isSingle = layout.samples === 1;
  const isFused = isSingle && chunks === 1;
  const { isEstimated, isRace, params } = estimateFor(temperature, noise !== undefined, chunkLength);
  const work = {
    params: [
      params,
      rowParams({ ...layout, samples: count }, noise),
      temperatureParams(temperature),
      { first_row: first * rowsPerSample, accumulate: first > 0 ? 1 : 0, chunks, chunk_length: chunkLength },
    ],
    group,
    jobsPerRow: chunks,
  };
  // The weights of a single sample wait in the output.
  const weights: Use = isSingle ? OUTPUT : { name: "weights", access: "read_write" };
  if (!isFused) planner.scratch("partials", PARTIAL_WORDS * rows * chunks);
  const variant = { group, ...rowVariantOf(layout, noise), isEstimated, isRace, isGradient: true, isFused };
  planner.step((bound) => partialSoftmaxKernel(variant, bound), {
    ...work,
    uses: [
      { name: "logits", access: "read" },
      COTANGENT,
      weights,
      ...(isFused ? [] : [{ name: "partials", access: "read_write" } as const]),
    ],
    rows,
  });
  if (isFused) return;
  const source = isSingle ? "output" : "weights";
  const hasUnitStep = layout.inner === 1;
  planner.step((bound) => normalizeKernel({ group, hasUnitStep, source, isGradient: true }, bound), {
    ...work,
    uses: [
      ...(isSingle ? [] : [{ name: "weights", access: "read" } as const]),
      COTANGENT,
      { name: "partials", access: "read" },
      OUTPUT,
    ],
    rows: rowsPerSample,
  });
}
