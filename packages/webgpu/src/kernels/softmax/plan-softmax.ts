// Plans soft samples: weights, then probabilities. One dispatch, or two where rows are cut into chunks. The weights wait
// in the output.
import { type ResolvedNoise, type ResolvedSoftmax, rowCountOf } from "@gumbel/core/adapter";
import type { Plan, Use } from "../../plan/planner.ts";
import { planRows } from "../../plan/row-plan.ts";
import { rowParams, temperatureParams } from "../../shader/params.ts";
import { rowVariantOf } from "../../shader/row-layout.ts";
import { planArgmax } from "../argmax/plan-argmax.ts";
import { estimateFor } from "./max-estimate.ts";
import { normalizeKernel } from "./normalize-kernel.ts";
import { PARTIAL_WORDS } from "./partial-softmax.ts";
import { partialSoftmaxKernel } from "./partial-softmax-kernel.ts";

const OUTPUT: Use = { name: "output", access: "read_write", of: "y" };

/** `softmax` and, with noise, `gumbelSoftmax`. Tensors: `logits`, `y`. */
export function planSoftmax(call: ResolvedSoftmax, noise?: ResolvedNoise): Plan {
  if (call.hard) return planArgmax(call, 1, noise, "one-hot");
  return (planner) => {
    const { layout, temperature } = call;
    const rows = layout.samples * rowCountOf(layout);
    const { group, chunks, chunkLength } = planRows({ ...layout, rows }, planner.facts);
    const isFused = chunks === 1;
    const { isEstimated, isRace, params } = estimateFor(temperature, noise !== undefined, chunkLength);
    const work = {
      params: [
        params,
        rowParams(layout, noise),
        temperatureParams(temperature),
        { chunks, chunk_length: chunkLength },
      ],
      group,
      rows,
      jobsPerRow: chunks,
    };
    const variant = {
      group,
      ...rowVariantOf(layout, noise),
      isEstimated,
      isRace,
      isGradient: false,
      isFused,
    };
    if (!isFused) planner.scratch("partials", PARTIAL_WORDS * rows * chunks);
    planner.step((bound) => partialSoftmaxKernel(variant, bound), {
      ...work,
      uses: [
        { name: "logits", access: "read" },
        OUTPUT,
        ...(isFused ? [] : [{ name: "partials", access: "read_write" } as const]),
      ],
    });
    if (isFused) return;
    const hasUnitStep = layout.inner === 1;
    planner.step(
      (bound) => normalizeKernel({ group, hasUnitStep, source: "output", isGradient: false }, bound),
      {
        ...work,
        uses: [OUTPUT, { name: "partials", access: "read" }],
        params: [work.params, { samples: 1 }],
      },
    );
  };
}
