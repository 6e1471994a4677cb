// Words and Gumbel noise: one dispatch.
import type { Precision } from "@gumbel/core";
import type { ResolvedNoise } from "@gumbel/core/adapter";
import { sizeOf } from "@gumbel/core/adapter";
import { noiseKernel } from "../kernels/noise.ts";
import { noiseParams } from "../kernels/params.ts";
import type { GpuFacts } from "../plan/gpu-facts.ts";
import { loneTeam } from "../plan/plan-rows.ts";
import { createPlanner, type TensorPlaces } from "../plan/planner.ts";
import type { Program } from "../plan/program.ts";

/** Plans `bits` (without a precision) or `gumbel`. Tensors: `output`. */
export function planNoise(
  facts: GpuFacts,
  noise: ResolvedNoise,
  precision: Precision | undefined,
  tensors: TensorPlaces,
): Program {
  const planner = createPlanner(facts, tensors);
  const team = loneTeam(facts);
  planner.step((bound) => noiseKernel(team, precision ?? "none", bound), {
    uses: [{ name: "output", access: "read_write" }],
    params: noiseParams(noise, { samples: 1, outer: 1, classes: noise.columns, inner: 1 }),
    team,
    rows: sizeOf(noise.shape),
    jobsPerRow: 1,
  });
  return planner.program();
}
