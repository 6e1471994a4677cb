// What the filters of a row keep: the last category of its ranking that passes them all. One workgroup a row, which looks at
// the gathered list, or at the row itself where the list does not hold all that may be kept.

import { EXTREMES, extremesWgsl } from "../../shader/extremes.ts";
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import { rowLayoutWgsl } from "../../shader/row-layout.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { entryWgsl, reduceWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import { BOUND_WORDS, GATHERED_WORDS } from "../gather/bound-kernel.ts";
import { cutWgsl, descentWgsl } from "./descent.ts";
import { distancesWgsl } from "./distances.ts";
import { type LogitsVariant, MASS, massWgsl } from "./gather-kernel.ts";
import { logitsWgsl, NO_MIN_P, NO_RANK, NO_TOP_P, optionOf } from "./row-options.ts";

/** Words of a row in the tensor `cuts`: sortable bits of its largest logit, the cut, the list's length, the mass kept. */
export const CUT_WORDS = 6;

/** Variant of {@link cutKernel}. */
export interface CutVariant extends LogitsVariant {
  readonly group: ThreadGroup;
  /** Whether lists were gathered. */
  readonly hasList: boolean;
  /** Whether the mass of what is kept is summed, at the temperature of the draw. */
  readonly sumsKept: boolean;
}

/** Tensors: `logits`, `options`, `masks`, then `bounds`, `gathered`, `list`, then `cuts`. */
export function cutKernel(variant: CutVariant, tensors: readonly TensorBinding[]): Kernel {
  const { group, hasList, hasMask, hasUnitStep, sumsKept } = variant;
  return createKernel("cut", variant, tensors, () => ({
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      logitsWgsl(hasMask),
      distancesWgsl,
      cutWgsl,
      "var<private> filter_scale: f32;\nvar<private> filter_limit: f32;\n",
      descentWgsl(hasList ? "rows and lists" : "rows"),
      hasList ? "" : extremesWgsl + reduceWgsl(group, EXTREMES) + wholeRowWgsl,
      sumsKept ? massWgsl + reduceWgsl(group, MASS) + sumKeptWgsl(hasList) : "",
      /* wgsl */ `
var<workgroup> shared_row: u32;
var<workgroup> shared_cut: Cut;
fn store_cut(row: u32, peak: u32, cut: Cut, length: u32, mass: vec2<u32>) {
  let at = ${CUT_WORDS}u * row;
  store_cuts(at, peak);
  store_cuts(at + 1u, cut.order);
  store_cuts(at + 2u, cut.category);
  store_cuts(at + 3u, length);
  store_cuts(at + 4u, mass.x);
  store_cuts(at + 5u, mass.y);
}
fn work(job: Job) {
  if (job.lane == 0u) { shared_row = job.row; }
  let row = workgroupUniformLoad(&shared_row);
  begin_logits(row);
  ${hasList ? "" : "let extremes = extremes_of_row(job.lane);"}
  let peak = ${hasList ? `load_gathered(${GATHERED_WORDS}u * row + 1u)` : "maximum_of(extremes)"};
  if (peak == 0u || peak == 0xffffffffu) {
    if (job.lane == 0u) { store_cut(row, peak, BEYOND, 0u, vec2(0u)); }
    return;
  }
  begin_distances(peak);
  filter_scale = ${optionOf("filter_scale", "row")};
  filter_limit = ${optionOf("filter_limit", "row")};
  let top_k = ${optionOf("top_k", "row")};
  let top_p = ${optionOf("top_p", "row")};
  var source = Source(params.categories, false, 0u, peak, 0u);
  var cut = EVERYTHING;
  ${
    hasList
      ? `let at = ${GATHERED_WORDS}u * row;
  let count = load_gathered(at);
  let top = ${BOUND_WORDS}u * row;
  // Whether the list is all above its end, and what is needed of it beside what is above.
  var is_top = false;
  var above = vec2(0u);
  var total = vec2(0u);
  if (${optionOf("rank", "row")} != ${NO_RANK} && count <= params.list_length) {
    let highest = load_bounds(top + 3u);
    is_top = highest == NOTHING.order;
    source = Source(count, true, row * params.list_length, min(peak, highest), 0u);
    cut = Cut(load_bounds(top), load_bounds(top + 2u));
    total = vec2(load_gathered(at + 2u), load_gathered(at + 3u));
    above = vec2(load_gathered(at + 4u), load_gathered(at + 5u));
  }`
      : ""
  }
  // By topK, by topP, and by either of the row again where the list does not have the cut: one call, because texts inline it.
  for (var stage = select(1u, 0u, top_k != 0u); stage < ${hasList ? 4 : 2}u; stage++) {
    let weighs = (stage & 1u) == 1u;
    if (weighs && top_p == ${NO_TOP_P}) { break; }
    var share = select(0u, top_p, weighs);
    var given = select(vec2(0u, top_k), vec2(0u), weighs);
    ${
      hasList
        ? `var is_missed = false;
    if (source.is_list && select(!is_top, top_k == 0u, weighs)) {
      if (weighs) {
        given = share_of(total, top_p);
        if (given.x == 0u && given.y == 0u) { given.y = 1u; }
      }
      share = WHOLE;
      is_missed = !is_less(above, given);
      given = vec2(given.x - above.x - u32(given.y < above.y), given.y - above.y);
    }
    var next = BEYOND;
    if (!is_missed) { next = descend(source, cut, weighs, share, given, job.lane); }
    if (next.order == 0u) {
      source = Source(params.categories, false, 0u, peak, 0u);
      cut = EVERYTHING;
      stage = select(2u, 1u, top_k != 0u);
      continue;
    }
    cut = next;`
        : `if (extremes.negative == extremes.last) { cut = cut_of_equals(peak, cut, weighs, share, given); }
    else { cut = descend(source, cut, weighs, share, given, job.lane); }`
    }
    if (weighs) { break; }
  }
  // Every lane would find the same.
  if (job.lane == 0u) {
    shared_cut = cut;
    let min_p = ${optionOf("min_p", "row")};
    if (min_p > ${NO_MIN_P}) {
      shared_cut = tighter(cut, Cut(lowest_within(-min_p, filter_scale, filter_limit), 0xffffffffu));
    }
  }
  cut = workgroupUniformLoad(&shared_cut);
  ${hasList ? "let is_whole = is_top && source.is_list;" : ""}
  var kept = vec2(0u);
  ${sumsKept ? sumKept(hasList) : ""}
  if (job.lane == 0u) { store_cut(row, peak, cut, ${hasList ? "select(0u, source.length, is_whole)" : "0u"}, kept); }
}
`,
    ],
  }));
}

/** Sums the mass of what is kept: over the list and what is above it, where that is known at the temperature of the draw. */
function sumKept(hasList: boolean): string {
  const sum = "sum_kept(source, cut, scale, limit, job.lane)";
  return `let scale = ${optionOf("scale", "row")};
  let limit = ${optionOf("limit", "row")};
  ${
    hasList
      ? `let is_known = scale == filter_scale && limit == filter_limit && top_k == 0u &&
    ${optionOf("min_p", "row")} == ${NO_MIN_P};
  if (source.is_list && !is_top && !is_known) { source = Source(params.categories, false, 0u, peak, 0u); }
  kept = ${sum};
  if (source.is_list && !is_top) { kept = add_64(kept, above); }`
      : `kept = ${sum};`
  }`;
}

/**
 * - `fn extremes_of_row(lane: u32) -> Extremes`: of its logits; `negative` and `last` are alike where all are equal, and none masked.
 * - `fn cut_of_equals(peak: u32, base: Cut, weighs: bool, share: u32, given: vec2<u32>) -> Cut`: what `descend` finds among such logits.
 */
const wholeRowWgsl = /* wgsl */ `
fn extremes_of_row(lane: u32) -> Extremes {
  var extremes = NO_EXTREMES;
  for (var i = lane; i < params.categories; i += 4u * LANES) {
    let j = min(quad_at(i), vec4(params.categories - 1u));
    extremes = include_4(extremes, vec4(logit_at(j.x), logit_at(j.y), logit_at(j.z), logit_at(j.w)));
  }
  return reduce_extremes(extremes, lane);
}
fn cut_of_equals(peak: u32, base: Cut, weighs: bool, share: u32, given: vec2<u32>) -> Cut {
  let length = min(base.category, params.categories - 1u) + 1u;
  var count = given.y;
  if (weighs) {
    // A multiple of 2³².
    let mass = joined(halves_of(params.mass_scale));
    let need = share_of(multiply_64(mass, length), share);
    count = max(1u, need.x / mass.x + u32(need.x % mass.x != 0u || need.y != 0u));
  }
  return Cut(peak, min(count, length) - 1u);
}
`;

/** `fn sum_kept(source: Source, cut: Cut, scale: f32, limit: f32, lane: u32) -> vec2<u32>`: the mass of what is kept. */
function sumKeptWgsl(hasList: boolean): string {
  return /* wgsl */ `
fn sum_kept(source: Source, cut: Cut, scale: f32, limit: f32, lane: u32) -> vec2<u32> {
  var mass = vec2(0u);
  for (var i = lane; i < source.length; i += LANES) {
    var order = 0u;
    var category = i;
    ${
      hasList
        ? `if (source.is_list) {
      order = load_list(2u * (source.first + i));
      category = load_list(2u * (source.first + i) + 1u);
    } else { order = order_at(i); }`
        : "order = order_at(i);"
    }
    if (order != 0u && reaches(cut, order, category)) { mass = add_64(mass, mass_of(distance_of(order, scale, limit))); }
  }
  let total = reduce_mass(Mass(mass.x, mass.y), lane);
  return vec2(total.hi, total.lo);
}
`;
}
