// What the filters of a row keep: the last category of its ranking that passes them all. One workgroup a row, which looks at
// the gathered list, or at the row itself where the list does not hold all that may be kept.

import { EXTREMES, extremesWgsl } from "../../shader/extremes.ts";
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import { rowLayoutWgsl } from "../../shader/row-layout.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { entryWgsl, reduceWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import { BOUND_WORDS, GATHERED_WORDS } from "../gather/bound-kernel.ts";
import { MOST_GATHERED } from "../gather/plan-bound.ts";
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
      descentWgsl(hasList),
      hasList ? "" : extremesWgsl + reduceWgsl(group, EXTREMES) + largestWgsl,
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
  let peak = ${hasList ? `load_gathered(${GATHERED_WORDS}u * row + 1u)` : "largest_logit(job.lane)"};
  if (peak == 0u || peak == 0xffffffffu) {
    if (job.lane == 0u) { store_cut(row, peak, BEYOND, 0u, vec2(0u)); }
    return;
  }
  begin_distances(peak);
  filter_scale = ${optionOf("filter_scale", "row")};
  filter_limit = ${optionOf("filter_limit", "row")};
  let top_k = ${optionOf("top_k", "row")};
  let top_p = ${optionOf("top_p", "row")};
  var source = Source(params.categories, false, 0u, peak);
  var cut = EVERYTHING;
  var mass = vec2(0u);
  ${
    hasList
      ? `let count = load_gathered(${GATHERED_WORDS}u * row);
  if (${optionOf("rank", "row")} != ${NO_RANK} && count <= ${MOST_GATHERED}u) {
    source = Source(count, true, row * ${MOST_GATHERED}u, peak);
    cut = Cut(load_bounds(${BOUND_WORDS}u * row), 0xffffffffu);
    mass = vec2(load_gathered(${GATHERED_WORDS}u * row + 2u), load_gathered(${GATHERED_WORDS}u * row + 3u));
  }`
      : ""
  }
  // By topK, by topP, and by topP of the row again where the list is too short: one call, because texts inline it.
  for (var stage = select(1u, 0u, top_k != 0u); stage < ${hasList ? 3 : 2}u; stage++) {
    let weighs = stage > 0u;
    if (weighs && top_p == ${NO_TOP_P}) { break; }
    let given = select(vec2(0u, top_k), select(mass, vec2(0u), top_k != 0u), weighs);
    let next = descend(source, cut, weighs, top_p, given, job.lane);
    if (next.order == 0u) {
      source = Source(params.categories, false, 0u, peak);
      cut = EVERYTHING;
      mass = vec2(0u);
      continue;
    }
    cut = next;
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
  let kept = ${sumsKept ? `sum_kept(source, cut, ${optionOf("scale", "row")}, ${optionOf("limit", "row")}, job.lane)` : "vec2(0u)"};
  if (job.lane == 0u) { store_cut(row, peak, cut, select(0u, source.length, source.is_list), kept); }
}
`,
    ],
  }));
}

/** `fn largest_logit(lane: u32) -> u32`: sortable bits, 0 of masks alone, all ones where there is NaN or +∞. */
const largestWgsl = /* wgsl */ `
fn largest_logit(lane: u32) -> u32 {
  var extremes = NO_EXTREMES;
  for (var i = lane; i < params.categories; i += 4u * LANES) {
    let j = min(quad_at(i), vec4(params.categories - 1u));
    extremes = include_4(extremes, vec4(logit_at(j.x), logit_at(j.y), logit_at(j.z), logit_at(j.w)));
  }
  return maximum_of(reduce_extremes(extremes, lane));
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
