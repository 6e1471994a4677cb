// Plans random words and Gumbel noise: one dispatch.
import { type ResolvedNoise, sizeOf } from "@gumbel/core/adapter";
import type { Plan } from "../../plan/planner.ts";
import { singleThread } from "../../plan/row-plan.ts";
import type { NoiseVariant } from "../../shader/kernel.ts";
import { noiseParams } from "../../shader/params.ts";
import { noiseKernel } from "./noise-kernel.ts";

/** `bits` (variant `"none"`) or `gumbel`. Tensors: `words` or `noise`. */
export function planNoise(call: ResolvedNoise, variant: NoiseVariant): Plan {
  return (planner) => {
    const group = singleThread(planner.facts);
    planner.step((bound) => noiseKernel(group, variant, bound), {
      uses: [{ name: "output", access: "read_write", of: variant === "none" ? "words" : "noise" }],
      params: noiseParams(call, { samples: 1, outer: 1, categories: call.columns, inner: 1 }),
      group,
      rows: sizeOf(call.shape),
      jobsPerRow: 1,
    });
  };
}
