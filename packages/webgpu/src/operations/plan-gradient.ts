// Vector-Jacobian products: weights and masses again from the key, then the gradient. Nothing is kept from the forward
// pass, unless the caller hands over the sample that it saved.
import type { ResolvedNoise, ResolvedSoftmax } from "@gumbel/core/adapter";
import { clearKernel } from "../kernels/clear.ts";
import { dotKernel } from "../kernels/dot.ts";
import { finishKernel } from "../kernels/finish.ts";
import { MASS_WORDS } from "../kernels/masses.ts";
import {
  gainParams,
  guessOf,
  noiseParams,
  type Params,
  rowParams,
  temperatureParams,
} from "../kernels/params.ts";
import { weighKernel } from "../kernels/weigh.ts";
import type { GpuFacts } from "../plan/gpu-facts.ts";
import { loneTeam, planRows } from "../plan/plan-rows.ts";
import { createPlanner, type Planner, type TensorPlaces, type Use } from "../plan/planner.ts";
import type { Program } from "../plan/program.ts";
import { noiseVariantOf } from "./rows.ts";

/** Scratch that the weights of several samples may take; more samples go in groups. 64 MiB, in words. */
const MOST_WEIGHT_WORDS = 2 ** 24;

/**
 * Plans the products. Tensors: `logits`, `cotangent`, `output`, and `sample` when the soft sample is given. Samples are
 * summed in their order, so that the result does not depend on how they are grouped.
 */
export function planGradient(
  facts: GpuFacts,
  call: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
  tensors: TensorPlaces,
): Program {
  const planner = createPlanner(facts, tensors);
  const { rows: layout } = call;
  const perSample = layout.outer * layout.inner;
  const words = perSample * layout.classes;
  if (layout.samples === 0) {
    const team = loneTeam(facts);
    const uses = [{ name: "output", access: "read_write" }] as const;
    planner.step((bound) => clearKernel(team, bound), { uses, params: {}, team, rows: words, jobsPerRow: 1 });
    return planner.program();
  }
  const isSaved = tensors.sample !== undefined;
  const group = isSaved
    ? layout.samples
    : Math.min(layout.samples, Math.max(1, Math.floor(MOST_WEIGHT_WORDS / words)));
  if (layout.samples > 1 && !isSaved) planner.scratch("weights", group * words);
  for (let first = 0; first < layout.samples; first += group) {
    planGroup(planner, call, noise, isSaved, first, Math.min(group, layout.samples - first));
  }
  return planner.program();
}

function planGroup(
  planner: Planner,
  { rows: layout, temperature }: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
  isSaved: boolean,
  first: number,
  count: number,
): void {
  const perSample = layout.outer * layout.inner;
  const rows = count * perSample;
  // One plan for both halves: the chunks are the same, and few rows of logits may have many samples.
  const { team, chunks, chunkLength } = planRows({ ...layout, rows: perSample }, planner.facts);
  const hasUnitStep = layout.inner === 1;
  const isSingle = layout.samples === 1;
  const isFused = isSingle && chunks === 1;
  const { isGuessed, isRace, params: reach } = guessOf(temperature, noise !== undefined, chunkLength);
  const params: Params = {
    ...reach,
    ...rowParams({ ...layout, samples: count }),
    ...temperatureParams(temperature),
    ...gainParams(temperature),
    ...(noise === undefined ? {} : noiseParams(noise, layout)),
    first_row: first * perSample,
    chunks,
    chunk_length: chunkLength,
    accumulate: first > 0 ? 1 : 0,
  };
  if (!isFused) planner.scratch("masses", MASS_WORDS * rows * chunks);
  const cotangent: Use = { name: "cotangent", access: "read" };
  const masses: Use[] = isFused ? [] : [{ name: "masses", access: "read_write" }];
  const output: Use = { name: "output", access: "read_write" };
  // The weights of a single sample wait in the output.
  const weights: Use[] = isSingle ? [output] : [{ name: "weights", access: "read_write" }];
  if (isSaved) {
    planner.step((bound) => dotKernel({ team, hasUnitStep, isFused }, bound), {
      uses: [{ name: "sample", access: "read" }, cotangent, ...masses, ...(isFused ? [output] : [])],
      params,
      team,
      rows,
      jobsPerRow: chunks,
    });
  } else {
    const variant = {
      team,
      ...noiseVariantOf(noise, layout),
      isGuessed,
      isRace,
      isGradient: true,
      isFused,
    };
    planner.step((bound) => weighKernel(variant, bound), {
      uses: [{ name: "logits", access: "read" }, cotangent, ...weights, ...masses],
      params,
      team,
      rows,
      jobsPerRow: chunks,
    });
  }
  if (isFused) return;
  const place = isSaved ? "sample" : isSingle ? "output" : "weights";
  planner.step((bound) => finishKernel({ team, hasUnitStep, place, isGradient: true, isSaved }, bound), {
    uses: [
      ...(isSaved
        ? [{ name: "sample", access: "read" } as const]
        : isSingle
          ? []
          : [{ name: "weights", access: "read" } as const]),
      cotangent,
      { name: "masses", access: "read" },
      output,
    ],
    params,
    team,
    rows: perSample,
    jobsPerRow: chunks,
  });
}
