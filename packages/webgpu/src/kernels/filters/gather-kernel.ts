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
import { cutWgsl } from "./descent.ts";
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
  hasTies: true,
  rank: `fn rank_of(row: u32) -> u32 { return ${optionOf("rank", "row")}; }\n`,
  bound: /* wgsl */ `${distancesWgsl}
fn bound_of(row: u32, ranked: vec2<u32>, peak: u32) -> vec2<u32> {
  let rank = rank_of(row);
  if (rank == ${NO_RANK} || peak == 0u) { return vec2(select(1u, 0xffffffffu, rank == ${NO_RANK}), 0xffffffffu); }
  let counts = ${optionOf("top_k", "row")} != 0u;
  var bound = vec2(max(ranked.x, 1u), select(0xffffffffu, ranked.y, counts));
  let min_p = ${optionOf("min_p", "row")};
  if (${optionOf("top_p", "row")} == ${NO_TOP_P} && min_p > ${NO_MIN_P}) {
    begin_distances(peak);
    let within = lowest_within(-min_p, ${optionOf("filter_scale", "row")}, ${optionOf("filter_limit", "row")});
    if (within > bound.x || !counts) { bound = vec2(within, 0xffffffffu); }
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
  /** Whether there are windows, and masses are summed; the bounds' peaks are then the rows' largest logits. */
  readonly hasWindows: boolean;
}

/** Tensors: `logits`, `options`, `masks`, `bounds`, `gathered`, `list`. */
export function gatherLogitsKernel(variant: GatherLogitsVariant, tensors: readonly TensorBinding[]): Kernel {
  const { group, hasSubgroups, hasUnitStep, hasMask, hasWindows } = variant;
  const any = (condition: string): string => (hasSubgroups ? `subgroupAny(${condition})` : condition);
  const findAbove = hasWindows ? "let is_above = are_above(orders, j, window.hi);" : "";
  const gathered = hasWindows ? "are_within(orders, j) & !is_above" : "are_within(orders, j)";
  const weigh = ["x", "y", "z", "w"].map(
    (c) => `weights = weigh(weights, bits.${c}, orders.${c} == 0u, is_above.${c}, window);`,
  );
  const quad = "orders_of(vec4(logit_at(j.x), logit_at(j.y), logit_at(j.z), logit_at(j.w)))";
  return createKernel("gather-logits", variant, tensors, () => ({
    directives: hasSubgroups ? SUBGROUP_DIRECTIVES : directivesOf(group),
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      logitsWgsl(hasMask),
      extremesWgsl,
      reduceWgsl(group, EXTREMES),
      cutWgsl,
      hasWindows ? distancesWgsl + massWgsl + reduceWgsl(group, MASS) + weighWgsl : "",
      /* wgsl */ `
// What an element must reach; nothing does once the list is full, which is then of no use.
var<private> bound: u32;
var<private> bound_index: u32;
fn append(row: u32, order: u32, category: u32) {
  let slot = add_gathered(${GATHERED_WORDS}u * row, 1u);
  if (slot >= params.list_length) {
    bound = 0xffffffffu;
    return;
  }
  let at = 2u * (row * params.list_length + slot);
  store_list(at, order);
  store_list(at + 1u, category);
}
// Which of four elements reach the bound.
fn are_within(orders: vec4<u32>, j: vec4<u32>) -> vec4<bool> {
  return (orders > vec4(bound)) | ((orders == vec4(bound)) & (j <= vec4(bound_index)));
}
fn work(job: Job) {
  begin_logits(job.row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.categories);
  let tail = begin + (end - begin) / (4u * LANES) * (4u * LANES);
  bound = load_bounds(${BOUND_WORDS}u * job.row);
  bound_index = load_bounds(${BOUND_WORDS}u * job.row + 2u);
  ${
    hasWindows
      ? `let peak_of_bounds = load_bounds(${BOUND_WORDS}u * job.row + 1u);
  begin_distances(peak_of_bounds);
  let window = Window(
    Cut(load_bounds(${BOUND_WORDS}u * job.row + 3u), load_bounds(${BOUND_WORDS}u * job.row + 4u)),
    ${optionOf("top_k", "job.row")} != 0u,
    0.5f * bitcast<f32>(bits_of_sortable(peak_of_bounds)),
    ${optionOf("filter_scale", "job.row")},
    ${optionOf("filter_limit", "job.row")},
    params.mass_scale,
  );
  var weights = NO_WEIGHTS;
  var mass = vec2(0u);
  var above = vec2(0u);
  var flushed = begin;`
      : ""
  }
  var extremes = NO_EXTREMES;
  var base = begin;
  while (base < tail) {
    var next = base;
    let stop = ${hasWindows ? `min(tail, flushed + ${MOST_OF_LANE}u * LANES)` : "tail"};
    loop {
      base = next;
      let j = quad_at(base + job.lane);
      let bits = vec4(logit_at(j.x), logit_at(j.y), logit_at(j.z), logit_at(j.w));
      extremes = include_4(extremes, bits);
      let orders = orders_of(bits);
      ${findAbove}
      ${hasWindows ? weigh.join("\n      ") : ""}
      next += 4u * LANES;
      if (${any(`any(${gathered})`)} || next >= stop) { break; }
    }
    ${
      hasWindows
        ? `if (next >= stop) {
      mass = add_64(mass, joined(weights.xy));
      above = add_64(above, joined(weights.zw));
      weights = NO_WEIGHTS;
      flushed = next;
    }`
        : ""
    }
    let j = quad_at(base + job.lane);
    let orders = ${quad};
    ${findAbove}
    let gathered = ${gathered};
    for (var i = 0u; i < 4u; i++) {
      if (gathered[i]) { append(job.row, orders[i], j[i]); }
    }
    base = next;
  }
  for (var j = tail + job.lane; j < end; j += LANES) {
    let bits = logit_at(j);
    let order = order_of(bits);
    extremes = include(extremes, bits);
    ${
      hasWindows
        ? `let is_above = reaches(window.hi, order, j);
    weights = weigh(weights, bits, order == 0u, is_above, window);`
        : ""
    }
    if (reaches(Cut(bound, bound_index), order, j)${hasWindows ? " && !is_above" : ""}) { append(job.row, order, j); }
  }
  let peak = maximum_of(reduce_extremes(extremes, job.lane));
  if (job.lane == 0u) { raise_gathered(${GATHERED_WORDS}u * job.row + 1u, peak); }
  ${
    hasWindows
      ? `add_mass(job, 2u, add_64(mass, joined(weights.xy)));
  add_mass(job, 4u, add_64(above, joined(weights.zw)));`
      : ""
  }
}
`,
    ],
  }));
}

/** Elements of a lane at most whose masses are summed without carries: in halves of at most 2²⁰ each. */
const MOST_OF_LANE = 1024;

/**
 * - `struct Window`: what is gathered, from `hi`, which is not, to the bound, which is; whether the row counts what is above; half of its peak,
 *   and how it is weighed.
 * - `fn are_above(orders: vec4<u32>, j: vec4<u32>, hi: Cut) -> vec4<bool>`: which of four elements are above a window.
 * - `fn weigh(weights: vec4<i32>, bits: u32, is_masked: bool, is_above: bool, window: Window) -> vec4<i32>`: adds the mass of an element
 *   to that of all, and to that of what is above the window. In halves, without carries and branches: neighbours differ.
 */
const weighWgsl = /* wgsl */ `
struct Window { hi: Cut, counts: bool, half_peak: f32, scale: f32, limit: f32, mass_scale: f32 }
const NO_WEIGHTS = vec4(0i);
fn are_above(orders: vec4<u32>, j: vec4<u32>, hi: Cut) -> vec4<bool> {
  return (orders > vec4(hi.order)) | ((orders == vec4(hi.order)) & (j <= vec4(hi.category)));
}
fn weigh(weights: vec4<i32>, bits: u32, is_masked: bool, is_above: bool, window: Window) -> vec4<i32> {
  let half = veiled(window.half_peak - 0.5f * bitcast<f32>(bits));
  let distance = min(half, window.limit) * window.scale;
  let halves = halves_of(select(exp_core(max(-distance, -88f)) * window.mass_scale, 0f, is_masked));
  return weights + vec4(halves, select(vec2(0i), select(halves, vec2(0i, 1i), window.counts), is_above));
}
fn add_mass(job: Job, word: u32, mine: vec2<u32>) {
  let total = reduce_mass(Mass(mine.x, mine.y), job.lane);
  if (job.lane == 0u) {
    let at = ${GATHERED_WORDS}u * job.row + word;
    let old = add_gathered(at + 1u, total.lo);
    add_gathered(at, total.hi + u32(old + total.lo < old));
  }
}
`;
