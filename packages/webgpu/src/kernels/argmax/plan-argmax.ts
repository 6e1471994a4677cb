// Plans the argmax of perturbed logits: categorical samples, hard soft samples, and top-k of one place. One dispatch, or
// two where rows are cut into chunks.
import { type ResolvedLogits, type ResolvedNoise, rowCountOf } from "@gumbel/core/adapter";
import type { Plan, Use } from "../../plan/planner.ts";
import { planRows } from "../../plan/row-plan.ts";
import { rowParams, temperatureParams } from "../../shader/params.ts";
import { rowVariantOf } from "../../shader/row-layout.ts";
import { ARGMAX_WORDS, type ArgmaxResult } from "./argmax.ts";
import { argmaxKernel, reducePartialsKernel } from "./argmax-kernels.ts";

const RESULTS: Readonly<Record<ArgmaxResult, readonly Use[]>> = {
  indices: [{ name: "indices", access: "read_write" }],
  values: [
    { name: "values", access: "read_write" },
    { name: "indices", access: "read_write" },
  ],
  "one-hot": [{ name: "output", access: "read_write", of: "y" }],
};

/** Tensors: `logits`, and `indices`, `values` and `indices`, or `y`. Without noise: the mode. */
export function planArgmax(
  { layout }: Pick<ResolvedLogits, "layout">,
  temperature: number,
  noise: ResolvedNoise | undefined,
  output: ArgmaxResult,
): Plan {
  return (planner) => {
    const { facts } = planner;
    const { categories, inner } = layout;
    const rows = layout.samples * rowCountOf(layout);
    const { group, chunks, chunkLength } = planRows({ rows, categories, inner }, facts);
    const rowVariant = rowVariantOf(layout, noise);
    const isLazy = noise !== undefined && rowVariant.hasUnitStep && group.kind !== "single-thread";
    const variant = { group, ...rowVariant, isLazy, hasSubgroups: isLazy && facts.hasSubgroups };
    const isCut = chunks > 1;
    const params = [
      rowParams(layout, noise),
      temperatureParams(temperature),
      { chunks, chunk_length: chunkLength },
    ];
    if (isCut) planner.scratch("partials", ARGMAX_WORDS * rows * chunks);
    planner.step((bound) => argmaxKernel({ ...variant, output: isCut ? "partials" : output }, bound), {
      uses: [
        { name: "logits", access: "read" },
        ...(isCut ? [{ name: "partials", access: "read_write" } as const] : RESULTS[output]),
      ],
      params,
      group,
      rows,
      jobsPerRow: chunks,
    });
    if (!isCut) return;
    // One-hot rows are written by all who computed the partials; anything else by one job a row.
    const reduced =
      output === "one-hot"
        ? { group, chunks, chunkLength }
        : { ...planRows({ rows, categories: chunks, inner }, facts), chunks: 1, chunkLength: categories };
    const reduceVariant = { group: reduced.group, hasUnitStep: inner === 1, output };
    planner.step((bound) => reducePartialsKernel(reduceVariant, bound), {
      uses: [{ name: "partials", access: "read" }, ...RESULTS[output]],
      params: [params, { candidates: chunks, chunks: reduced.chunks, chunk_length: reduced.chunkLength }],
      group: reduced.group,
      rows,
      jobsPerRow: reduced.chunks,
    });
  };
}
