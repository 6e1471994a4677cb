// Gathers the candidates of a row that reach its bound into a short list, in any order. Logarithms are taken only where an
// upper bound reaches it too.
import type { Precision } from "@gumbel/core/shared";
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import { noiseAtWgsl } from "../../shader/noise-at.ts";
import { loadQuad, type RowVariant, rowLayoutWgsl } from "../../shader/row-layout.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { entryWgsl, SUBGROUP_DIRECTIVES, type ThreadGroup } from "../../shader/thread-group.ts";
import { DEGENERATE } from "../../wgsl/sortable-bits.ts";
import { argmaxWgsl } from "../argmax/argmax.ts";
import { lazyBoundWgsl } from "../argmax/lazy-argmax.ts";
import { BOUND_WORDS, GATHERED_WORDS } from "../gather/bound-kernel.ts";
import type { Elements } from "../gather/elements.ts";
import { MOST_GATHERED } from "../gather/plan-bound.ts";
import { storeCandidateWgsl } from "./candidates.ts";

/** Perturbed logits, by the sortable bits of their rounded sum. Tensors: `logits`. */
export function perturbedElements(variant: RowVariant & { readonly noise: Precision }): Elements {
  const keys = ["x", "y", "z", "w"].map(
    (c) => `select(argmax_of(bits.${c}, gumbel.${c}, 0u).key, 0u, is_degenerate(bits.${c}))`,
  );
  return {
    variant,
    wgsl: () => /* wgsl */ `${rowLayoutWgsl(variant.hasUnitStep)}${argmaxWgsl}${noiseAtWgsl(variant)}
var<private> counter_of_row: vec2<u32>;
fn begin_row(row: u32) -> u32 {
  counter_of_row = row_counter(row);
  return logits_start(row);
}
fn keys_at(start: u32, j: vec4<u32>) -> vec4<u32> {
  let bits = ${loadQuad("logits", "start")};
  let gumbel = gumbel_at_of_4(counter_of_row, j);
  return vec4(${keys.join(", ")});
}
`,
  };
}

/** Variant of {@link gatherKernel}. */
export interface GatherVariant extends RowVariant {
  readonly noise: Precision;
  readonly group: ThreadGroup;
  /** Whether subgroup operations may be used. */
  readonly hasSubgroups: boolean;
}

/** A row with NaN or +∞ gets a candidate that says so. Tensors: `logits`, `bounds`, `gathered`, `list`. */
export function gatherKernel(variant: GatherVariant, tensors: readonly TensorBinding[]): Kernel {
  const { group, hasSubgroups, hasUnitStep } = variant;
  const any = (condition: string): string => (hasSubgroups ? `subgroupAny(${condition})` : condition);
  const append = ["x", "y", "z", "w"]
    .map((c, i) => {
      const isElement = `base + job.lane + ${i}u * LANES < end`;
      return `append(job.row, ${isElement}, argmax_of(bits.${c}, gumbel.${c}, j.${c}));`;
    })
    .join("\n    ");
  return createKernel("gather-candidates", variant, tensors, () => ({
    directives: hasSubgroups ? SUBGROUP_DIRECTIVES : "",
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      argmaxWgsl,
      noiseAtWgsl(variant),
      lazyBoundWgsl(),
      storeCandidateWgsl("list"),
      /* wgsl */ `
// What a key must reach, and a bound of its element; nothing does once the list is full, which is then of no use.
var<private> bound: u32;
var<private> threshold: f32;
fn append(row: u32, is_element: bool, candidate: Argmax) {
  if (candidate.key < bound || !is_element) { return; }
  let slot = add_gathered(${GATHERED_WORDS}u * row, 1u);
  if (slot >= ${MOST_GATHERED}u) {
    bound = 0xffffffffu;
    threshold = 3.4028234e38f;
    return;
  }
  store_candidate(row * ${MOST_GATHERED}u + slot, candidate);
}
fn work(job: Job) {
  let start = logits_start(job.row);
  let counter = row_counter(job.row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.categories);
  bound = load_bounds(${BOUND_WORDS}u * job.row);
  threshold = threshold_of(select(bound, 0u, bound == 1u));
  let noise_per_bit = -LOG_PER_BIT * params.temperature;
  var positive = 0i;
  var last = 0u;
  var base = begin;
  while (base < end) {
    var next = base;
    loop {
      base = next;
      let j = indices_at(base + job.lane, end);
      let words = word_at_of_4(counter, j);
      let bits = bits_at(start, j);
      let signed = bitcast<vec4<i32>>(bits);
      positive = max(positive, max(max(signed.x, signed.y), max(signed.z, signed.w)));
      last = max(last, max(max(bits.x, bits.y), max(bits.z, bits.w)));
      let bounds = bound_of_4(words, bits, noise_per_bit);
      let is_candidate = max(max(bounds.x, bounds.y), max(bounds.z, bounds.w)) >= threshold;
      next += 4u * LANES;
      if (${any("is_candidate")} || next >= end) { break; }
    }
    let j = indices_at(base + job.lane, end);
    let bits = bits_at(start, j);
    let gumbel = gumbel_at_of_4(counter, j);
    ${append}
    base = next;
  }
  if (positive >= 0x7f800000i || last > 0xff800000u) { append(job.row, true, Argmax(${DEGENERATE}, NO_REST, 0u)); }
}
`,
    ],
  }));
}
