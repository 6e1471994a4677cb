// Categorical samples, hard samples and top-1: the best category of each row. One dispatch, or two where rows are cut.
import type { ResolvedLogits, ResolvedNoise } from "@gumbel/core/adapter";
import { type BestOutput, bestKernel, settleKernel } from "../kernels/best.ts";
import { noiseParams, rowParams } from "../kernels/params.ts";
import type { GpuFacts } from "../plan/gpu-facts.ts";
import { planRows, type RowPlan } from "../plan/plan-rows.ts";
import { createPlanner, type TensorPlaces, type Use } from "../plan/planner.ts";
import type { Program } from "../plan/program.ts";
import { noiseVariantOf, rowCount } from "./rows.ts";

/** Plans the best of each row. Tensors: `logits`, `output`, and for values `indices`. */
export function planBest(
  facts: GpuFacts,
  { rows: layout }: Pick<ResolvedLogits, "rows">,
  noise: ResolvedNoise | undefined,
  output: Exclude<BestOutput, "pairs">,
  tensors: TensorPlaces,
): Program {
  const planner = createPlanner(facts, tensors);
  const { classes, inner } = layout;
  const rows = rowCount(layout);
  const { team, chunks, chunkLength } = planRows({ rows, classes, inner }, facts);
  const noisy = noiseVariantOf(noise, layout);
  const isLazy = noise !== undefined && noisy.hasUnitStep && team.kind !== "invocation";
  const variant = { team, ...noisy, isLazy, hasSubgroups: isLazy && facts.hasSubgroups };
  const results: Use[] = [
    { name: "output", access: "read_write" },
    ...(output === "values" ? [{ name: "indices", access: "read_write" } as const] : []),
  ];
  const params = {
    ...rowParams(layout),
    ...(noise === undefined ? {} : noiseParams(noise, layout)),
    chunks,
    chunk_length: chunkLength,
  };
  const isCut = chunks > 1;
  if (isCut) planner.scratch("pairs", 2 * rows * chunks);
  planner.step((bound) => bestKernel({ ...variant, output: isCut ? "pairs" : output }, bound), {
    uses: [
      { name: "logits", access: "read" },
      ...(isCut ? [{ name: "pairs", access: "read_write" } as const] : results),
    ],
    params,
    team,
    rows,
    jobsPerRow: chunks,
  });
  if (isCut) {
    // One-hot rows are written by all who found the pairs; anything else by one job a row.
    const settling: RowPlan =
      output === "one-hot"
        ? { team, chunks, chunkLength }
        : { ...planRows({ rows, classes: chunks, inner }, facts), chunks: 1, chunkLength: classes };
    planner.step((bound) => settleKernel({ team: settling.team, hasUnitStep: inner === 1, output }, bound), {
      uses: [{ name: "pairs", access: "read" }, ...results],
      params: {
        ...rowParams(layout),
        candidates: chunks,
        chunks: settling.chunks,
        chunk_length: settling.chunkLength,
      },
      team: settling.team,
      rows,
      jobsPerRow: settling.chunks,
    });
  }
  return planner.program();
}
