// Gathers the elements of a row that reach its bound into a short list, in any order, and finds its largest logit and, where
// it is needed, the mass of all of them. What a filter keeps is then found in the list.

import { EXTREMES, extremesWgsl } from "../../shader/extremes.ts";
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import { rowLayoutWgsl } from "../../shader/row-layout.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import {
  directivesOf,
  entryWgsl,
  type Reduction,
  reduceWgsl,
  SUBGROUP_DIRECTIVES,
  type ThreadGroup,
} from "../../shader/thread-group.ts";
import { BOUND_WORDS, type BoundOf, GATHERED_WORDS } from "../gather/bound-kernel.ts";
import type { Elements } from "../gather/elements.ts";
import { MOST_GATHERED } from "../gather/plan-bound.ts";
import { distancesWgsl } from "./distances.ts";
import { logitsWgsl, NO_MIN_P, NO_RANK, NO_TOP_P, optionOf } from "./row-options.ts";

/** A mass as 64 bits. */
export const MASS: Reduction = { type: "Mass", fields: ["hi", "lo"], merge: "add_masses" };

/** The struct of {@link MASS}. */
export const massWgsl: string = /* wgsl */ `
struct Mass { hi: u32, lo: u32 }
fn add_masses(a: Mass, b: Mass) -> Mass {
  let sum = add_64(vec2(a.hi, a.lo), vec2(b.hi, b.lo));
  return Mass(sum.x, sum.y);
}
`;

/** What the texts of kernels over filtered rows depend on. */
export interface LogitsVariant {
  readonly hasUnitStep: boolean;
  readonly hasMask: boolean;
}

/** Allowed logits, by their order. Tensors: `logits` and `masks`. */
export function logitElements(variant: LogitsVariant): Elements {
  return {
    variant,
    wgsl: () => /* wgsl */ `${rowLayoutWgsl(variant.hasUnitStep)}${logitsWgsl(variant.hasMask)}
fn begin_row(row: u32) -> u32 {
  begin_logits(row);
  return 0u;
}
fn keys_at(start: u32, j: vec4<u32>) -> vec4<u32> {
  let bits = vec4(logit_at(j.x), logit_at(j.y), logit_at(j.z), logit_at(j.w));
  let is_degenerate_of_4 = vec4(is_degenerate(bits.x), is_degenerate(bits.y), is_degenerate(bits.z), is_degenerate(bits.w));
  return select(orders_of(bits), vec4(0u), is_degenerate_of_4);
}
`,
  };
}

/**
 * The bound of a filtered row: that of its rank; where only minP filters it, or with topK, the order that minP asks for of the
 * largest logit seen so far, which the largest one of all can only raise. Tensors: `options`.
 */
export const FILTER_RULE: BoundOf = {
  name: "filters",
  rank: `fn rank_of(row: u32) -> u32 { return ${optionOf("rank", "row")}; }\n`,
  bound: /* wgsl */ `${distancesWgsl}
fn bound_of(row: u32, ranked: u32, peak: u32) -> u32 {
  let rank = rank_of(row);
  if (rank == ${NO_RANK} || peak == 0u) { return select(1u, 0xffffffffu, rank == ${NO_RANK}); }
  var bound = max(ranked, 1u);
  let min_p = ${optionOf("min_p", "row")};
  if (${optionOf("top_p", "row")} == ${NO_TOP_P} && min_p > ${NO_MIN_P}) {
    begin_distances(peak);
    let scale = ${optionOf("filter_scale", "row")};
    let limit = ${optionOf("filter_limit", "row")};
    let within = lowest_within(-min_p, scale, limit);
    bound = select(max(bound, within), within, ${optionOf("top_k", "row")} == 0u);
  }
  return bound;
}
`,
};

/** Variant of {@link gatherLogitsKernel}. */
export interface GatherLogitsVariant extends LogitsVariant {
  readonly group: ThreadGroup;
  /** Whether subgroup operations may be used. */
  readonly hasSubgroups: boolean;
  /** Whether it sums masses; the bounds' peaks are then the rows' largest logits. */
  readonly sumsMass: boolean;
}

/** Tensors: `logits`, `options`, `masks`, `bounds`, `gathered`, `list`. */
export function gatherLogitsKernel(variant: GatherLogitsVariant, tensors: readonly TensorBinding[]): Kernel {
  const { group, hasSubgroups, hasUnitStep, hasMask, sumsMass } = variant;
  const any = (condition: string): string => (hasSubgroups ? `subgroupAny(${condition})` : condition);
  const weigh = ["x", "y", "z", "w"].map((c) => `weigh(orders.${c}, scale, limit)`);
  const append = ["x", "y", "z", "w"].map((c) => `append(job.row, orders.${c}, j.${c});`);
  const quad = "orders_of(vec4(logit_at(j.x), logit_at(j.y), logit_at(j.z), logit_at(j.w)))";
  return createKernel("gather-logits", variant, tensors, () => ({
    directives: hasSubgroups ? SUBGROUP_DIRECTIVES : directivesOf(group),
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      logitsWgsl(hasMask),
      extremesWgsl,
      reduceWgsl(group, EXTREMES),
      sumsMass ? distancesWgsl + massWgsl + reduceWgsl(group, MASS) + weighWgsl : "",
      /* wgsl */ `
// What an element must reach; nothing does once the list is full, which is then of no use.
var<private> bound: u32;
fn append(row: u32, order: u32, category: u32) {
  if (order < bound) { return; }
  let slot = add_gathered(${GATHERED_WORDS}u * row, 1u);
  if (slot >= ${MOST_GATHERED}u) {
    bound = 0xffffffffu;
    return;
  }
  let at = 2u * (row * ${MOST_GATHERED}u + slot);
  store_list(at, order);
  store_list(at + 1u, category);
}
fn work(job: Job) {
  begin_logits(job.row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.categories);
  let tail = begin + (end - begin) / (4u * LANES) * (4u * LANES);
  bound = load_bounds(${BOUND_WORDS}u * job.row);
  ${
    sumsMass
      ? `begin_distances(load_bounds(${BOUND_WORDS}u * job.row + 1u));
  let scale = ${optionOf("filter_scale", "job.row")};
  let limit = ${optionOf("filter_limit", "job.row")};
  var mass = vec2(0u);`
      : ""
  }
  var extremes = NO_EXTREMES;
  var base = begin;
  while (base < tail) {
    var next = base;
    loop {
      base = next;
      let j = quad_at(base + job.lane);
      let bits = vec4(logit_at(j.x), logit_at(j.y), logit_at(j.z), logit_at(j.w));
      extremes = include_4(extremes, bits);
      let orders = orders_of(bits);
      ${sumsMass ? `mass = add_64(mass, add_64(add_64(${weigh[0]}, ${weigh[1]}), add_64(${weigh[2]}, ${weigh[3]})));` : ""}
      let is_candidate = max(max(orders.x, orders.y), max(orders.z, orders.w)) >= bound;
      next += 4u * LANES;
      if (${any("is_candidate")} || next >= tail) { break; }
    }
    let j = quad_at(base + job.lane);
    let orders = ${quad};
    ${append.join("\n    ")}
    base = next;
  }
  for (var j = tail + job.lane; j < end; j += LANES) {
    let bits = logit_at(j);
    extremes = include(extremes, bits);
    ${sumsMass ? "mass = add_64(mass, weigh(order_of(bits), scale, limit));" : ""}
    append(job.row, order_of(bits), j);
  }
  let peak = maximum_of(reduce_extremes(extremes, job.lane));
  if (job.lane == 0u) { raise_gathered(${GATHERED_WORDS}u * job.row + 1u, peak); }
  ${
    sumsMass
      ? `let total = reduce_mass(Mass(mass.x, mass.y), job.lane);
  if (job.lane == 0u) {
    let old = add_gathered(${GATHERED_WORDS}u * job.row + 3u, total.lo);
    add_gathered(${GATHERED_WORDS}u * job.row + 2u, total.hi + u32(old + total.lo < old));
  }`
      : ""
  }
}
`,
    ],
  }));
}

const weighWgsl = /* wgsl */ `
fn weigh(order: u32, scale: f32, limit: f32) -> vec2<u32> {
  return select(vec2(0u), mass_of(distance_of(min(order, peak_of_row), scale, limit)), order != 0u);
}
`;
