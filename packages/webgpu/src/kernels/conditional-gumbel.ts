// Gumbel noise of rows given their argmax: with exponentials E of the row's own noise and p = softmax(logits/τ), it computes
//   −log(E/p) at the index of each row, and −log(E + p·E_index) elsewhere.
// Two dispatches: the partial softmaxes of the logits' rows, then the noise, which is drawn there.
import {
  CONDITIONAL_MARGIN,
  CONDITIONAL_PUSH,
  type ResolvedConditionalGumbel,
  rowCountOf,
} from "@gumbel/core/adapter";
import type { Plan } from "../plan/planner.ts";
import { planRows } from "../plan/row-plan.ts";
import { createKernel, type Kernel } from "../shader/kernel.ts";
import { noiseAtWgsl } from "../shader/noise-at.ts";
import { rowParams, temperatureParams } from "../shader/params.ts";
import { type RowVariant, rowLayoutWgsl, rowVariantOf } from "../shader/row-layout.ts";
import type { TensorBinding } from "../shader/tensors.ts";
import { directivesOf, entryWgsl, reduceWgsl, type ThreadGroup } from "../shader/thread-group.ts";
import { DEGENERATE } from "../wgsl/sortable-bits.ts";
import { sumKernel } from "./log-prob.ts";
import { loadPartialWgsl, PARTIAL, PARTIAL_WORDS, partialWgsl } from "./softmax/partial-softmax.ts";

/** Tensors: `logits`, `indices`, `noise`. */
export function planConditionalGumbel({ layout, noise, temperature }: ResolvedConditionalGumbel): Plan {
  return (planner) => {
    const rows = rowCountOf(layout);
    const summing = planRows({ ...layout, rows }, planner.facts);
    const params = [rowParams(layout, noise), temperatureParams(temperature), { logits_rows: rows }];
    planner.scratch("partials", PARTIAL_WORDS * rows * summing.chunks);
    const { group } = summing;
    planner.step((bound) => sumKernel({ group, hasUnitStep: layout.inner === 1, isFused: false }, bound), {
      uses: [
        { name: "logits", access: "read" },
        { name: "partials", access: "read_write" },
      ],
      params: [params, { chunks: summing.chunks, chunk_length: summing.chunkLength }],
      group,
      rows,
      jobsPerRow: summing.chunks,
    });
    const sampled = rows * layout.samples;
    const drawing = planRows({ ...layout, rows: sampled }, planner.facts);
    const variant = { group: drawing.group, ...rowVariantOf(layout, noise) };
    planner.step((bound) => conditionKernel(variant, bound), {
      uses: [
        { name: "logits", access: "read" },
        { name: "partials", access: "read" },
        { name: "indices", access: "read" },
        { name: "output", access: "read_write", of: "noise" },
      ],
      params: [
        params,
        { candidates: summing.chunks, chunks: drawing.chunks, chunk_length: drawing.chunkLength },
      ],
      group: drawing.group,
      rows: sampled,
      jobsPerRow: drawing.chunks,
    });
  };
}

function conditionKernel(
  variant: RowVariant & { readonly group: ThreadGroup },
  tensors: readonly TensorBinding[],
): Kernel {
  const { group, hasUnitStep } = variant;
  return createKernel("condition", variant, tensors, () => ({
    directives: directivesOf(group),
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      noiseAtWgsl(variant),
      partialWgsl,
      loadPartialWgsl,
      reduceWgsl(group, PARTIAL),
      /* wgsl */ `
// A little above the least distance, so that no sum of it overflows once it is lifted.
fn scaled_logit(bits: u32, maximum: u32) -> f32 {
  let least = -params.half_limit * ${1 - 2 ** -19}f;
  return max(half_distance(bits, maximum), least) * params.twice_inverse_temperature;
}
fn work(job: Job) {
  let logits_row = job.row % params.logits_rows;
  var total = NO_PARTIAL;
  let first = logits_row * params.candidates;
  for (var c = job.lane; c < params.candidates; c += LANES) { total = merge_partials(total, load_partial(first + c)); }
  total = reduce_partial(total, job.lane);
  let index = load_indices(job.row);
  let start = row_start(job.row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.categories);
  let logits = logits_start(job.row);
  let winner = min(index, params.categories - 1u);
  let bits_of_winner = load_logits(index_of(logits, winner));
  let is_degenerate_row = total.maximum == 0u || total.maximum == ${DEGENERATE};
  if (is_degenerate_row || index >= params.categories || is_masked(bits_of_winner)) {
    for (var j = begin + job.lane; j < end; j += LANES) { store_output(index_of(start, j), 0x7fc00000u); }
    return;
  }
  let counter = row_counter(job.row);
  let exponential = exponential_of(block_at(counter, winner));
  let z = log_core(total.sum) - log_core(exponential);
  let limit = z - ${CONDITIONAL_MARGIN}f * max(1f, abs(z));
  let share = exponential / total.sum;
  for (var j = begin + job.lane; j < end; j += LANES) {
    let bits = load_logits(index_of(logits, j));
    let own = exponential_of(block_at(counter, j));
    var noise = -log_core(own);
    if (!is_masked(bits)) {
      let s = scaled_logit(bits, total.maximum);
      if (j == winner) { noise = z - s * ${1 + CONDITIONAL_PUSH}f; } else {
        let joined = weight(min(half_distance(bits, total.maximum), 0f)) * share;
        noise = min(-log_core(own + joined), limit - s * ${1 - CONDITIONAL_MARGIN}f);
      }
    }
    store_output(index_of(start, j), bitcast<u32>(noise));
  }
}
`,
    ],
  }));
}
