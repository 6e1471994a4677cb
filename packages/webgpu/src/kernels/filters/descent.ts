// Exact selection by a workgroup: where in a row's ranking a count or a mass is reached. Histograms in workgroup memory, level
// by level: of a row first of distances to the largest logit, then of the orders of one bin, then of the indices of equal logits.

/** Bins of a level; a power of two. */
export const BINS = 256;
/** Bins that a lane adds up before one of them is looked for. */
const RUN = 16;

const FOUR = ["x", "y", "z", "w"];

/**
 * - `struct Cut`: the last category that is kept, by its order and its index; `EVERYTHING`, `NOTHING`, and `BEYOND`, which is no cut.
 * - `fn reaches(cut: Cut, order: u32, category: u32) -> bool`: whether an element is kept.
 * - `fn tighter(a: Cut, b: Cut) -> Cut`: the one that keeps less.
 */
export const cutWgsl: string = /* wgsl */ `
struct Cut { order: u32, category: u32 }
const EVERYTHING = Cut(1u, 0xffffffffu);
const NOTHING = Cut(0xffffffffu, 0u);
const BEYOND = Cut(0u, 0u);
fn reaches(cut: Cut, order: u32, category: u32) -> bool {
  return order > cut.order || (order == cut.order && category <= cut.category);
}
fn tighter(a: Cut, b: Cut) -> Cut {
  let category = select(select(b.category, a.category, a.order > b.order), min(a.category, b.category), a.order == b.order);
  return Cut(max(a.order, b.order), category);
}
`;

/** What is descended: rows, rows and lists of some of their elements, or sketches. */
export type DescentSource = "rows" | "rows and lists" | "sketches";

/**
 * `fn descend(source: Source, base: Cut, weighs: bool, share: u32, given: vec2<u32>, lane: u32) -> Cut`: the cut of the first
 * elements of the ranking, among those that reach `base`, whose count reaches `given`, or where it `weighs` whose mass
 * reaches `share` of the mass `given` (of all of theirs, where that is 0; where `share` is WHOLE, `given` itself). Everything of
 * `base` where there are too few; BEYOND where their mass is too small, or `share` is WHOLE. All lanes call it with the same arguments. Of sketches the
 * cut is right but for 1/64 of `params.list_length` elements.
 *
 * `struct Source`: the row, or the list of some of its elements that starts at `first`, the largest of order `peak`;
 * where `tie` is not 0, the cut is among its elements of that order. Needs
 * logitsWgsl, distancesWgsl, cutWgsl, `filter_scale`, `filter_limit`; the tensor `list` where there is one; of sketches
 * `fn sketched(at: u32) -> vec3<u32>`: order, 0 where it does not count, category, and how many elements it stands for, and
 * `fn sketched_order(at: u32) -> u32`: the order, whether or not it counts.
 */
export function descentWgsl(of: DescentSource): string {
  const isSketch = of === "sketches";
  const massOf = (distance: string) =>
    isSketch ? `multiply_64(mass_of(${distance}), count)` : `mass_of(${distance})`;
  return /* wgsl */ `
const WHOLE = 0xffffffffu;
struct Source { length: u32, is_list: bool, first: u32, peak: u32, tie: u32 }
// Of a level: 0 by distance, 1 by order, 2 by index, all from lo to hi.
struct Level { kind: u32, lo: u32, hi: u32, shift: u32, tie: u32 }
// What a level has found: the cut, or the positions among which it is, and what is needed of those.
struct Found { is_beyond: u32, is_cut: u32, lo: u32, hi: u32, need: vec2<u32> }
var<workgroup> bins_hi: array<atomic<u32>, ${BINS}>;
var<workgroup> bins_lo: array<atomic<u32>, ${BINS}>;
// Of a level by order: the orders that are there, so that few values take few levels.
var<workgroup> least_orders: array<atomic<u32>, ${BINS}>;
var<workgroup> largest_orders: array<atomic<u32>, ${BINS}>;
var<workgroup> runs: array<vec2<u32>, ${BINS / RUN}>;
var<workgroup> found: Found;

fn bin_of(distance: f32) -> u32 {
  return min((bitcast<u32>(1f + distance) - 0x3f800000u) >> 18u, ${BINS - 1}u);
}
// The smallest order of a bin or of those above it.
fn lowest_in(bin: u32) -> u32 {
  var low = LOWEST_ORDER;
  var high = peak_of_row;
  for (var step = 0u; step < 32u && low < high; step++) {
    let middle = low + (high - low) / 2u;
    if (bin_of(distance_of(middle, filter_scale, filter_limit)) <= bin) { high = middle; } else { low = middle + 1u; }
  }
  return high;
}
// By distance once, by order and by index four times each: 8 of 32 bits at a time.
const MOST_PASSES = 9u;
fn shift_of(span: u32) -> u32 {
  let bits = 32u - countLeadingZeros(span);
  return select(0u, bits - 8u, bits > 8u);
}
fn visit(order: u32, category: u32, count: u32, base: Cut, level: Level, weighs: bool) {
  if (order == 0u || !reaches(base, order, category)) { return; }
  let position = select(order, category, level.kind == 2u);
  if (position < level.lo || position > level.hi) { return; }
  if (level.kind == 2u && order != level.tie) { return; }
  let bin = select(level.hi - position, position - level.lo, level.kind == 2u) >> level.shift;
  var weight = vec2(0u, count);
  if (weighs) { weight = ${massOf("distance_of(order, filter_scale, filter_limit)")}; }
  if (level.kind == 1u) {
    atomicMin(&least_orders[bin], order);
    atomicMax(&largest_orders[bin], order);
  }
  add_to_bin(bin, weight);
}
// At the level by distance, where every element counts.
fn visit_distance(order: u32, category: u32, count: u32, base: Cut, weighs: bool) {
  if (order == 0u || !reaches(base, order, category)) { return; }
  let distance = distance_of(order, filter_scale, filter_limit);
  var weight = vec2(0u, count);
  if (weighs) { weight = ${massOf("distance")}; }
  add_to_bin(bin_of(distance), weight);
}
fn add_to_bin(bin: u32, weight: vec2<u32>) {
  let old = atomicAdd(&bins_lo[bin], weight.y);
  let hi = weight.x + u32(old + weight.y < old);
  if (hi != 0u) { atomicAdd(&bins_hi[bin], hi); }
}
${isSketch ? visitSketchWgsl : visitRowWgsl(of === "rows and lists")}
fn fill_bins(source: Source, base: Cut, level: Level, weighs: bool, lane: u32) {
  for (var bin = lane; bin < ${BINS}u; bin += LANES) {
    atomicStore(&bins_hi[bin], 0u);
    atomicStore(&bins_lo[bin], 0u);
    atomicStore(&least_orders[bin], 0xffffffffu);
    atomicStore(&largest_orders[bin], 0u);
  }
  workgroupBarrier();
  visit_all(source, base, level, weighs, lane);
  workgroupBarrier();
}
fn find_bin(level: Level, is_first: bool, weighs: bool, share: u32, given: vec2<u32>) {
  var need = given;
  if (is_first) {
    var total = vec2(0u);
    for (var run = 0u; run < ${BINS / RUN}u; run++) { total = add_64(total, runs[run]); }
    if (weighs && share != WHOLE) {
      need = share_of(select(given, total, given.x == 0u && given.y == 0u), share);
      if (need.x == 0u && need.y == 0u) { need = vec2(0u, 1u); }
    }
    if (is_less(total, need)) {
      found = Found(1u, 0u, 0u, 0u, need);
      return;
    }
  }
  var before = vec2(0u);
  var run = 0u;
  while (run < ${BINS / RUN - 1}u && is_less(add_64(before, runs[run]), need)) {
    before = add_64(before, runs[run]);
    run++;
  }
  var bin = ${RUN}u * run;
  var sum = vec2(atomicLoad(&bins_hi[bin]), atomicLoad(&bins_lo[bin]));
  for (; bin < ${RUN}u * run + ${RUN - 1}u && is_less(add_64(before, sum), need);) {
    before = add_64(before, sum);
    bin++;
    sum = vec2(atomicLoad(&bins_hi[bin]), atomicLoad(&bins_lo[bin]));
  }
  need = vec2(need.x - before.x - u32(need.y < before.y), need.y - before.y);
  var lo = 0u;
  var hi = peak_of_row;
  if (level.kind == 0u) {
    lo = lowest_in(bin);
    if (bin > 0u) { hi = lowest_in(bin - 1u) - 1u; }
  } else if (level.kind == 1u) {
    lo = atomicLoad(&least_orders[bin]);
    hi = atomicLoad(&largest_orders[bin]);
  } else {
    lo = level.lo + (bin << level.shift);
    hi = lo + min((1u << level.shift) - 1u, level.hi - lo);
  }
  // All of the bin is kept, or it holds ${isSketch ? "few elements" : "one element: the lightest one weighs two thirds of the sum and more"}.
  var weight = vec2(0u, 1u);
  if (weighs) { weight = mass_of(distance_of(select(lo, level.tie, level.kind == 2u), filter_scale, filter_limit)); }
  ${
    isSketch
      ? `let enough = multiply_64(weight, params.list_length / 64u);`
      : `let enough = add_64(weight, vec2(weight.x / 2u, weight.y / 2u + (weight.x & 1u) * 0x80000000u));`
  }
  let is_whole = (sum.x == need.x && sum.y == need.y) || !is_less(enough, sum);
  found = Found(0u, u32(is_whole || (level.kind == 2u && lo == hi)), lo, hi, need);
}
fn descend(source: Source, base: Cut, weighs: bool, share: u32, given: vec2<u32>, lane: u32) -> Cut {
  var level = Level(0u, 0u, 0u, 0u, 0u);
  if (source.is_list) {
    // A list's orders are few and close.
    let lowest = max(base.order, LOWEST_ORDER);
    level = Level(1u, lowest, source.peak, shift_of(source.peak - lowest), 0u);
  }
  if (source.tie != 0u) {
    level = Level(2u, 0u, params.categories - 1u, shift_of(params.categories - 1u), source.tie);
  }
  var need = given;
  for (var passes = 0u; passes < MOST_PASSES; passes++) {
    fill_bins(source, base, level, weighs, lane);
    for (var run = lane; run < ${BINS / RUN}u; run += LANES) {
      var sum = vec2(0u);
      for (var bin = ${RUN}u * run; bin < ${RUN}u * run + ${RUN}u; bin++) {
        sum = add_64(sum, vec2(atomicLoad(&bins_hi[bin]), atomicLoad(&bins_lo[bin])));
      }
      runs[run] = sum;
    }
    workgroupBarrier();
    if (lane == 0u) { find_bin(level, passes == 0u, weighs, share, need); }
    let here = workgroupUniformLoad(&found);
    if (here.is_beyond != 0u) {
      if (weighs || share == WHOLE) { return BEYOND; }
      return base;
    }
    need = here.need;
    if (here.is_cut != 0u) {
      if (level.kind == 2u) { return tighter(base, Cut(level.tie, here.hi)); }
      return tighter(base, Cut(here.lo, 0xffffffffu));
    }
    if (level.kind == 2u) { level = Level(2u, here.lo, here.hi, shift_of(here.hi - here.lo), level.tie); }
    else if (here.lo < here.hi) { level = Level(1u, here.lo, here.hi, shift_of(here.hi - here.lo), 0u); }
    else { level = Level(2u, 0u, params.categories - 1u, shift_of(params.categories - 1u), here.lo); }
  }
  return base;
}
`;
}

/** `fn visit_all`: a row, or where there are lists a list. */
function visitRowWgsl(hasList: boolean): string {
  return /* wgsl */ `
// Orders of four elements, 0 of those after the last.
fn orders_within(j: vec4<u32>, last: vec4<u32>) -> vec4<u32> {
  let at = min(j, last);
  return select(vec4(0u), orders_of(vec4(logit_at(at.x), logit_at(at.y), logit_at(at.z), logit_at(at.w))), j <= last);
}
fn visit_all(source: Source, base: Cut, level: Level, weighs: bool, lane: u32) {
  ${
    hasList
      ? `if (source.is_list) {
    for (var i = lane; i < source.length; i += LANES) {
      let at = 2u * (source.first + i);
      visit(load_list(at), load_list(at + 1u), 1u, base, level, weighs);
    }
    return;
  }`
      : ""
  }
  let is_first = level.kind == 0u;
  let last = vec4(source.length - 1u);
  for (var i = lane; i < select(0u, source.length, is_first); i += 4u * LANES) {
    let j = quad_at(i);
    let orders = orders_within(j, last);
    ${FOUR.map((c) => `visit_distance(orders.${c}, j.${c}, 1u, base, weighs);`).join("\n    ")}
  }
  let window = select(vec2(level.lo, level.hi), vec2(level.tie), level.kind == 2u);
  var at = select(lane, source.length, is_first);
  while (at < source.length) {
    // The loop is left for what counts, which is rare.
    var next = at;
    var orders = vec4(0u);
    loop {
      at = next;
      orders = orders_within(quad_at(at), last);
      next += 4u * LANES;
      if (any((orders >= vec4(window.x)) & (orders <= vec4(window.y))) || next >= source.length) { break; }
    }
    let j = quad_at(at);
    ${FOUR.map((c) => `visit(orders.${c}, j.${c}, 1u, base, level, weighs);`).join("\n    ")}
    at = next;
  }
}
`;
}

const visitSketchWgsl = /* wgsl */ `
fn visit_all(source: Source, base: Cut, level: Level, weighs: bool, lane: u32) {
  let is_first = level.kind == 0u;
  for (var at = lane; at < select(0u, source.length, is_first); at += LANES) {
    let element = sketched(at);
    visit_distance(element.x, element.y, element.z, base, weighs);
  }
  let range = select(vec2(level.lo, level.hi), vec2(level.tie), level.kind == 2u);
  var at = select(lane, source.length, is_first);
  while (at < source.length) {
    // The loop is left for what counts, as for rows.
    var next = at;
    loop {
      at = next;
      let order = sketched_order(at);
      next += LANES;
      if ((order >= range.x && order <= range.y) || next >= source.length) { break; }
    }
    let element = sketched(at);
    visit(element.x, element.y, element.z, base, level, weighs);
    at = next;
  }
}
`;
