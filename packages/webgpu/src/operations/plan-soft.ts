// Soft samples: weights, then probabilities. One dispatch, or two where rows are cut. The weights wait in the output.
import type { ResolvedNoise, ResolvedSoftmax } from "@gumbel/core/adapter";
import { finishKernel } from "../kernels/finish.ts";
import { MASS_WORDS } from "../kernels/masses.ts";
import { guessOf, noiseParams, rowParams, temperatureParams } from "../kernels/params.ts";
import { weighKernel } from "../kernels/weigh.ts";
import type { GpuFacts } from "../plan/gpu-facts.ts";
import { planRows } from "../plan/plan-rows.ts";
import { createPlanner, type TensorPlaces } from "../plan/planner.ts";
import type { Program } from "../plan/program.ts";
import { planBest } from "./plan-best.ts";
import { noiseVariantOf, rowCount } from "./rows.ts";

/** Plans `softmax` and, with noise, `gumbelSoftmax`. Tensors: `logits`, `output`. */
export function planSoftmax(
  facts: GpuFacts,
  call: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
  tensors: TensorPlaces,
): Program {
  if (call.hard) return planBest(facts, call, noise, "one-hot", tensors);
  const { rows: layout, temperature } = call;
  const { inner } = layout;
  const planner = createPlanner(facts, tensors);
  const rows = rowCount(layout);
  const { team, chunks, chunkLength } = planRows({ ...layout, rows }, facts);
  const isFused = chunks === 1;
  const { isGuessed, isRace, params: reach } = guessOf(temperature, noise !== undefined, chunkLength);
  const params = {
    ...rowParams(layout),
    ...reach,
    ...temperatureParams(temperature),
    ...(noise === undefined ? {} : noiseParams(noise, layout)),
    chunks,
    chunk_length: chunkLength,
  };
  const variant = {
    team,
    ...noiseVariantOf(noise, layout),
    isGuessed,
    isRace,
    isGradient: false,
    isFused,
  };
  if (!isFused) planner.scratch("masses", MASS_WORDS * rows * chunks);
  planner.step((bound) => weighKernel(variant, bound), {
    uses: [
      { name: "logits", access: "read" },
      { name: "output", access: "read_write" },
      ...(isFused ? [] : [{ name: "masses", access: "read_write" } as const]),
    ],
    params,
    team,
    rows,
    jobsPerRow: chunks,
  });
  if (!isFused) {
    const finish = {
      team,
      hasUnitStep: inner === 1,
      place: "output",
      isGradient: false,
      isSaved: false,
    } as const;
    planner.step((bound) => finishKernel(finish, bound), {
      uses: [
        { name: "output", access: "read_write" },
        { name: "masses", access: "read" },
      ],
      params: { ...params, samples: 1 },
      team,
      rows,
      jobsPerRow: chunks,
    });
  }
  return planner.program();
}
