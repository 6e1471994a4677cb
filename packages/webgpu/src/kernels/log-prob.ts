// Log-probability of one category of each row. With a row's largest logit m, it computes
//   (logit_i − m)/τ − log Σ exp((logit_j − m)/τ).
// One dispatch, or two where rows are cut into chunks.
import { type ResolvedLogProb, rowCountOf } from "@gumbel/core/adapter";
import type { Plan, Use } from "../plan/planner.ts";
import { planRows } from "../plan/row-plan.ts";
import { EXTREMES, extremesWgsl } from "../shader/extremes.ts";
import { createKernel, type Kernel } from "../shader/kernel.ts";
import { rowParams, temperatureParams } from "../shader/params.ts";
import { loadQuad, rowLayoutWgsl } from "../shader/row-layout.ts";
import type { TensorBinding } from "../shader/tensors.ts";
import { directivesOf, entryWgsl, reduceWgsl, type ThreadGroup } from "../shader/thread-group.ts";
import { log1pCoreWgsl, logCoreWgsl } from "../wgsl/index.ts";
import {
  loadPartialWgsl,
  PARTIAL,
  PARTIAL_WORDS,
  partialWgsl,
  storePartialWgsl,
} from "./softmax/partial-softmax.ts";
import { weightsWgsl } from "./softmax/weights.ts";

const RESULT: readonly Use[] = [
  { name: "indices", access: "read" },
  { name: "output", access: "read_write", of: "logProbs" },
];

/** Tensors: `logits`, `indices`, `logProbs`. */
export function planLogProb({ layout, temperature }: ResolvedLogProb): Plan {
  return (planner) => {
    const rows = rowCountOf(layout);
    const hasUnitStep = layout.inner === 1;
    const { group, chunks, chunkLength } = planRows({ ...layout, rows }, planner.facts);
    const params = [rowParams(layout), temperatureParams(temperature), { chunks, chunk_length: chunkLength }];
    const isFused = chunks === 1;
    if (!isFused) planner.scratch("partials", PARTIAL_WORDS * rows * chunks);
    planner.step((bound) => sumKernel({ group, hasUnitStep, isFused }, bound), {
      uses: [
        { name: "logits", access: "read" },
        ...(isFused ? RESULT : [{ name: "partials", access: "read_write" } as const]),
      ],
      params,
      group,
      rows,
      jobsPerRow: chunks,
    });
    if (isFused) return;
    const reducing = planRows({ ...layout, rows, categories: chunks }, planner.facts).group;
    planner.step((bound) => reduceKernel({ group: reducing, hasUnitStep }, bound), {
      uses: [{ name: "logits", access: "read" }, { name: "partials", access: "read" }, ...RESULT],
      params: [params, { candidates: chunks, chunks: 1 }],
      group: reducing,
      rows,
      jobsPerRow: 1,
    });
  };
}

/** `fn store_log_prob(job: Job, total: Partial)`: NaN in a degenerate row and for an index that the row does not have. */
const storeLogProbWgsl: string = /* wgsl */ `${log1pCoreWgsl}${logCoreWgsl}
fn store_log_prob(job: Job, total: Partial) {
  if (job.lane != 0u) { return; }
  let index = load_indices(job.row);
  if (is_degenerate_row(total.maximum) || index >= params.categories) {
    store_output(job.row, 0x7fc00000u);
    return;
  }
  let bits = load_logits(index_of(logits_start(job.row), index));
  let distance = max(half_distance(bits, total.maximum), -params.half_limit) * params.twice_inverse_temperature;
  let log_prob = max(distance - log_core(total.sum), -3.4028234e38f);
  store_output(job.row, select(bitcast<u32>(log_prob), 0xff800000u, is_masked(bits)));
}
`;

interface SumVariant {
  readonly group: ThreadGroup;
  readonly hasUnitStep: boolean;
  /** Whether a row is one chunk and gets its result here. */
  readonly isFused: boolean;
}

/** The largest logit of each chunk, and the sum of exponentials relative to it. */
export function sumKernel(variant: SumVariant, tensors: readonly TensorBinding[]): Kernel {
  const { group, hasUnitStep, isFused } = variant;
  return createKernel("log-prob", variant, tensors, () => ({
    directives: directivesOf(group),
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      extremesWgsl,
      reduceWgsl(group, EXTREMES),
      partialWgsl,
      reduceWgsl(group, PARTIAL),
      weightsWgsl,
      isFused ? storeLogProbWgsl : storePartialWgsl,
      /* wgsl */ `
fn work(job: Job) {
  let start = logits_start(job.row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.categories);
  let tail = begin + (end - begin) / (4u * LANES) * (4u * LANES);
  var extremes = NO_EXTREMES;
  for (var base = begin; base < tail; base += 4u * LANES) {
    let j = quad_at(base + job.lane);
    extremes = include_4(extremes, ${loadQuad("logits", "start")});
  }
  for (var j = tail + job.lane; j < end; j += LANES) { extremes = include(extremes, load_logits(index_of(start, j))); }
  let maximum = maximum_of(reduce_extremes(extremes, job.lane));
  var partial = Partial(maximum, 0f, 0f, 0f);
  if (!is_degenerate_row(maximum)) {
    let half_maximum = -0.5f * bitcast<f32>(bits_of_sortable(maximum));
    // Sums of 64 elements first: one float32 sum over 150,000 loses 3e-5.
    for (var block = begin; block < tail; block += 64u * LANES) {
      var sum = 0f;
      for (var base = block; base < min(tail, block + 64u * LANES); base += 4u * LANES) {
        let j = quad_at(base + job.lane);
        let w = weights_of_4(${loadQuad("logits", "start")}, half_maximum);
        sum += (w.x + w.y) + (w.z + w.w);
      }
      partial.sum += sum;
    }
    for (var j = tail + job.lane; j < end; j += LANES) {
      partial.sum += weight_of_logit(load_logits(index_of(start, j)), half_maximum);
    }
  }
  partial = reduce_partial(partial, job.lane);
  ${isFused ? "store_log_prob(job, partial);" : "store_partial(job, partial);"}
}
`,
    ],
  }));
}

/** The result of each row, from its chunks' partials. */
function reduceKernel(
  variant: { readonly group: ThreadGroup; readonly hasUnitStep: boolean },
  tensors: readonly TensorBinding[],
): Kernel {
  const { group, hasUnitStep } = variant;
  return createKernel("reduce-log-prob", variant, tensors, () => ({
    directives: directivesOf(group),
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      extremesWgsl,
      partialWgsl,
      loadPartialWgsl,
      reduceWgsl(group, PARTIAL),
      storeLogProbWgsl,
      /* wgsl */ `
fn work(job: Job) {
  var total = NO_PARTIAL;
  let first = job.row * params.candidates;
  for (var c = job.lane; c < params.candidates; c += LANES) { total = merge_partials(total, load_partial(first + c)); }
  store_log_prob(job, reduce_partial(total, job.lane));
}
`,
    ],
  }));
}
