// What is gathered of a row whose cut topP, or a large topK, decides: its largest elements, where they will do, else a window of the
// ranking around where a sketch of the row has its cut. A window may miss the cut: sums over the whole row tell, and then the row
// itself is looked at. A sketch so costs time alone, never a result.
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import { rowLayoutWgsl } from "../../shader/row-layout.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { entryWgsl, type Reduction, reduceWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import { BOUND_WORDS, GATHERED_WORDS } from "../gather/bound-kernel.ts";
import { LARGEST_RANK } from "../gather/plan-bound.ts";
import { rankedKeyWgsl } from "../gather/ranked-key.ts";
import { BINS, cutWgsl, descentWgsl } from "./descent.ts";
import { FILTER_RULE, type LogitsVariant } from "./gather-kernel.ts";
import { logitsWgsl, NO_TOP_P, optionOf } from "./row-options.ts";

/** Sums over a sketch. */
const SUMS: Reduction = {
  type: "Sums",
  fields: ["all", "part", "count", "higher", "equal", "variance"],
  merge: "add_sums",
};

/** A window is as wide as this many standard errors of its middle, above and below it: by the normal law one in 400 misses the cut. */
const STANDARD_ERRORS = 3;

/** Fills `bounds` and clears `gathered`. Tensors: `logits`, `options`, `masks`, `peaks` with places, `bounds`, `gathered`. */
export function windowKernel(
  variant: LogitsVariant & { readonly group: ThreadGroup },
  tensors: readonly TensorBinding[],
): Kernel {
  const { group, hasMask, hasUnitStep } = variant;
  return createKernel("window", variant, tensors, () => ({
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      logitsWgsl(hasMask),
      FILTER_RULE.rank,
      FILTER_RULE.bound,
      rankedKeyWgsl("load_peaks(at)"),
      cutWgsl,
      "var<private> filter_scale: f32;\nvar<private> filter_limit: f32;\n",
      sketchWgsl,
      descentWgsl("sketches"),
      sumsWgsl,
      reduceWgsl(group, SUMS),
      sumsOfWgsl,
      endsWgsl,
      /* wgsl */ `
var<workgroup> shared_row: u32;
var<workgroup> shared_peak: u32;
// Whether the sketch is searched for the middle of a window.
var<workgroup> is_windowed: u32;
// The rank of its middle, elements above and below that, and of the middle's order: those above it, those equal to it, itself. Its
// ends, where a look at what is near has found them.
struct Window { rank: f32, half: f32, higher: f32, equal: f32, order: u32, ends: vec2<u32> }
var<workgroup> window: Window;
fn store_window(row: u32, lo: Cut, peak: u32, hi: Cut) {
  let at = ${BOUND_WORDS}u * row;
  store_bounds(at, lo.order);
  store_bounds(at + 1u, peak);
  store_bounds(at + 2u, lo.category);
  store_bounds(at + 3u, hi.order);
  store_bounds(at + 4u, hi.category);
}
fn work(job: Job) {
  if (job.lane == 0u) { shared_row = job.row; }
  let row = workgroupUniformLoad(&shared_row);
  let first = row * params.segments;
  let ranked = ranked_key(first, first + params.segments, rank_of(row), job.lane);
  if (job.lane == 0u) {
    shared_peak = largest_key();
    for (var word = 0u; word < ${GATHERED_WORDS}u; word++) { store_gathered(${GATHERED_WORDS}u * row + word, 0u); }
  }
  let peak = workgroupUniformLoad(&shared_peak);
  begin_logits(row);
  begin_distances(peak);
  begin_sketch(row);
  filter_scale = ${optionOf("filter_scale", "row")};
  filter_limit = ${optionOf("filter_limit", "row")};
  let top_k = ${optionOf("top_k", "row")};
  let top_p = ${optionOf("top_p", "row")};
  let weighs = top_k == 0u && top_p != ${NO_TOP_P};
  let counts = top_k > ${LARGEST_RANK}u && top_p == ${NO_TOP_P};
  let share = f32(top_p) * 0x1p-32f;
  let bound = bound_of(row, vec2(ranked, 0xffffffffu), peak).x;
  var lo = Cut(bound, 0xffffffffu);
  var hi = NOTHING;
  if (job.lane == 0u) { is_windowed = u32(peak != 0u && counts); }
  if (weighs && peak != 0u) {
    // The largest will do where they are few, and the others have, with a margin, no more than may be left out.
    let sums = sums_of(Cut(bound, 0xffffffffu), share, job.lane);
    let rest = 1.25f * (sums.all - sums.part);
    let is_long = 1.25f * sums.count > f32(params.list_length);
    // Equal logits, and none masked: ranks are categories.
    let length = f32(params.categories);
    let are_equal = bound == peak && abs(sums.equal - length) < 0.01f * length;
    if (are_equal) {
      let rank = share * length;
      let half = half_of(0f);
      lo = Cut(peak, u32(rank + half));
      hi = Cut(peak, u32(max(rank - half, 0f)));
    }
    if (job.lane == 0u) { is_windowed = u32(!are_equal && (is_long || rest > (1f - share) * sums.all)); }
  }
  if (workgroupUniformLoad(&is_windowed) == 0u) {
    if (job.lane == 0u) { store_window(row, lo, peak, hi); }
    return;
  }
  // The middle, then the ends: as many elements above and below it as a window has.
  if (job.lane == 0u) { window = Window(f32(top_k), ${STANDARD_ERRORS}f * sqrt(f32(sketch_step) * f32(top_k)), 0f, 0f, 0u, vec2(0u)); }
  lo = EVERYTHING;
  for (var stage = select(1u, 0u, weighs); stage < 3u; stage++) {
    let at = workgroupUniformLoad(&window);
    let half = half_of(at.half);
    let to = at.rank + select(half, -half, stage == 1u);
    if (stage == 1u && to < 1f) { continue; }
    // Among the elements that are equal to the middle, where they reach so far.
    let is_tie = stage != 0u && to > at.higher && to <= at.higher + at.equal;
    let end = select(at.ends.x, at.ends.y, stage == 1u);
    if (stage != 0u && !is_tie && end != 0u) {
      if (stage == 1u) { hi = Cut(end, 0xffffffffu); } else { lo = Cut(end, 0xffffffffu); }
      continue;
    }
    let source = Source(sketch_length(), false, 0u, peak, select(0u, at.order, is_tie));
    let given = select(vec2(0u, u32(select(to, to - at.higher, is_tie))), vec2(0u), stage == 0u);
    let cut = descend(source, EVERYTHING, stage == 0u, select(0u, top_p, stage == 0u), given, job.lane);
    if (stage == 1u) { hi = cut; } else { lo = cut; }
    if (stage == 0u) {
      let sums = sums_of(cut, share, job.lane);
      let weight = exp_core(max(-distance_of(cut.order, filter_scale, filter_limit), -88f));
      let half = ${STANDARD_ERRORS}f * sqrt(sums.variance) / weight;
      let ends = ends_near(cut.order, half_of(half), peak, job.lane);
      if (job.lane == 0u) { window = Window(sums.count, half, sums.higher, sums.equal, cut.order, ends); }
    }
  }
  if (job.lane == 0u) { store_window(row, lo, peak, hi); }
}
`,
    ],
  }));
}

/**
 * `struct Sums`: weights of all elements; of those that reach a cut weights and number; numbers of those whose order is higher than its
 * and equal to it; how far the weight of what reaches the cut may be from p of all, squared.
 */
const sumsWgsl = /* wgsl */ `
struct Sums { all: f32, part: f32, count: f32, higher: f32, equal: f32, variance: f32 }
fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(
    a.all + b.all, a.part + b.part, a.count + b.count, a.higher + b.higher, a.equal + b.equal, a.variance + b.variance
  );
}
`;

/** `fn sums_of(cut: Cut, share: f32, lane: u32) -> Sums`, rounded. */
const sumsOfWgsl = /* wgsl */ `
fn sums_of(cut: Cut, share: f32, lane: u32) -> Sums {
  var sums = Sums(0f, 0f, 0f, 0f, 0f, 0f);
  let length = sketch_length();
  for (var at = lane; at < length; at += LANES) {
    let element = sketched(at);
    let count = select(f32(element.z), 0f, element.x == 0u);
    let distance = distance_of(max(element.x, LOWEST_ORDER), filter_scale, filter_limit);
    let weight = exp_core(max(-distance, -88f));
    let is_part = reaches(cut, element.x, element.y);
    let error = weight * select(share, 1f - share, is_part);
    sums = add_sums(sums, Sums(
      weight * count,
      select(0f, weight * count, is_part),
      select(0f, count, is_part),
      select(0f, count, element.x > cut.order),
      select(0f, count, element.x == cut.order),
      error * error * count * max(count - 1f, 0f),
    ));
  }
  return reduce_sums(sums, lane);
}
`;

/**
 * - `fn half_of(half: f32) -> f32`: elements above and below the middle of a window, for which there is room.
 * - `fn ends_near(order: u32, half: f32, peak: u32, lane: u32) -> vec2<u32>`: orders between which there are as many elements above and
 *   below an order, in one look at those of about its distance; zeros where they are not so near, or do not fit. Of lane 0 alone.
 */
const endsWgsl = /* wgsl */ `
fn half_of(half: f32) -> f32 { return clamp(half, f32(params.list_length) / 32f, 0.45f * f32(params.list_length)); }
fn ends_near(order: u32, half: f32, peak: u32, lane: u32) -> vec2<u32> {
  let bin = bin_of(distance_of(order, filter_scale, filter_limit));
  let lo = lowest_in(bin + 1u);
  var hi = peak;
  if (bin > 1u) { hi = lowest_in(bin - 2u) - 1u; }
  let shift = shift_of(hi - lo);
  fill_bins(Source(sketch_length(), false, 0u, peak, 0u), EVERYTHING, Level(1u, lo, hi, shift, 0u), false, lane);
  if (lane != 0u) { return vec2(0u); }
  let middle = (hi - order) >> shift;
  let wanted = u32(half);
  var above = 0u;
  var first = middle;
  while (first > 0u && above < wanted) {
    first--;
    above += atomicLoad(&bins_lo[first]);
  }
  var below = 0u;
  var last = middle;
  while (last < ${BINS - 1}u && below < wanted) {
    last++;
    below += atomicLoad(&bins_lo[last]);
  }
  if (min(above, below) < wanted || above + atomicLoad(&bins_lo[middle]) + below > params.list_length) { return vec2(0u); }
  return vec2(hi - min(hi - lo, (last << shift) | ((1u << shift) - 1u)), hi - (first << shift) + 1u);
}
`;

/**
 * `fn sketched(at: u32) -> vec3<u32>`: an element of the row's sketch: order, 0 where it does not count, category, and how many it
 * stands for. The peaks of all segments stand for themselves, others, one of `params.sketch_step`, for as many: what is rare and heavy is
 * so known exactly. There are 2ⁿ segments. `fn begin_sketch(row: u32)`, `fn sketch_length() -> u32`.
 */
const sketchWgsl = /* wgsl */ `
var<private> peaks_of_row: u32;
var<private> places_of_row: u32;
var<private> segments: u32;
var<private> sketch_step: u32;
var<private> last_category: u32;
fn begin_sketch(row: u32) {
  segments = params.segments;
  sketch_step = params.sketch_step;
  last_category = params.categories - 1u;
  peaks_of_row = row * segments;
  places_of_row = (params.rows + row) * segments;
}
fn sketch_length() -> u32 {
  return params.segments + (params.categories - 1u) / params.sketch_step + 1u;
}
// At a place that depends on nothing regular.
fn sampled(i: u32) -> u32 {
  let within = (((i * 0x9e3779b1u) >> 16u) * sketch_step) >> 16u;
  return min(i * sketch_step + within, last_category);
}
fn sketched_order(at: u32) -> u32 {
  if (at < segments) { return load_peaks(peaks_of_row + at); }
  return order_at(sampled(at - segments));
}
fn sketched(at: u32) -> vec3<u32> {
  if (at < segments) { return vec3(load_peaks(peaks_of_row + at), load_peaks(places_of_row + at), 1u); }
  let j = sampled(at - segments);
  let is_peak = load_peaks(places_of_row + (j & (segments - 1u))) == j;
  return vec3(select(order_at(j), 0u, is_peak), j, sketch_step);
}
`;
