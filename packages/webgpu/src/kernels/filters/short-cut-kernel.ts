// The cut of each of many short rows, by a thread a row that compares every two categories: no lists, no histograms. The same cut as
// cut-kernel.ts finds.
import { extremesWgsl } from "../../shader/extremes.ts";
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import { rowLayoutWgsl } from "../../shader/row-layout.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { entryWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import { DEGENERATE } from "../../wgsl/sortable-bits.ts";
import { CUT_WORDS } from "./cut-kernel.ts";
import { cutWgsl } from "./descent.ts";
import { distancesWgsl } from "./distances.ts";
import type { LogitsVariant } from "./gather-kernel.ts";
import { logitsWgsl, NO_MIN_P, NO_TOP_P, optionOf } from "./row-options.ts";

/** Rows up to this length are compared category by category. */
export const SHORT_ROW = 32;

/** Tensors: `logits`, `options`, `masks`, then `cuts`. @param variant of a group of single threads */
export function shortCutKernel(
  variant: LogitsVariant & { readonly group: ThreadGroup },
  tensors: readonly TensorBinding[],
): Kernel {
  const { group, hasMask, hasUnitStep } = variant;
  return createKernel("short-cut", variant, tensors, () => ({
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      logitsWgsl(hasMask),
      distancesWgsl,
      cutWgsl,
      extremesWgsl,
      /* wgsl */ `
// The mass of the categories that reach a cut.
fn mass_within(cut: Cut, scale: f32, limit: f32) -> vec2<u32> {
  var mass = vec2(0u);
  for (var j = 0u; j < params.categories; j++) {
    let order = order_at(j);
    if (order != 0u && reaches(cut, order, j)) { mass = add_64(mass, mass_of(distance_of(order, scale, limit))); }
  }
  return mass;
}
// The category that ranks last among those before which there are fewer than top_k, or less mass than needed.
fn last_within(base: Cut, top_k: u32, need: vec2<u32>, scale: f32, limit: f32) -> Cut {
  var last = Cut(0xffffffffu, 0u);
  for (var j = 0u; j < params.categories; j++) {
    let order = order_at(j);
    // Ahead of the last one so far it changes nothing.
    if (order == 0u || !reaches(base, order, j) || reaches(last, order, j)) { continue; }
    var count = 0u;
    var before = vec2(0u);
    for (var i = 0u; i < params.categories; i++) {
      let other = order_at(i);
      if (other == 0u || i == j || !reaches(Cut(order, j), other, i)) { continue; }
      count++;
      if (top_k == 0u) { before = add_64(before, mass_of(distance_of(other, scale, limit))); }
    }
    if (select(is_less(before, need), count < top_k, top_k != 0u)) { last = Cut(order, j); }
  }
  return tighter(base, last);
}
fn work(job: Job) {
  begin_logits(job.row);
  var extremes = NO_EXTREMES;
  for (var j = 0u; j < params.categories; j++) { extremes = include(extremes, logit_at(j)); }
  let peak = maximum_of(extremes);
  var cut = BEYOND;
  var kept = vec2(0u);
  if (peak != 0u && peak != ${DEGENERATE}) {
    begin_distances(peak);
    let scale = ${optionOf("filter_scale", "job.row")};
    let limit = ${optionOf("filter_limit", "job.row")};
    let top_k = ${optionOf("top_k", "job.row")};
    let top_p = ${optionOf("top_p", "job.row")};
    let min_p = ${optionOf("min_p", "job.row")};
    cut = EVERYTHING;
    if (top_k != 0u) { cut = last_within(cut, top_k, vec2(0u), scale, limit); }
    if (top_p != ${NO_TOP_P}) {
      var need = share_of(mass_within(cut, scale, limit), top_p);
      if (need.x == 0u && need.y == 0u) { need.y = 1u; }
      cut = last_within(cut, 0u, need, scale, limit);
    }
    if (min_p > ${NO_MIN_P}) { cut = tighter(cut, Cut(lowest_within(-min_p, scale, limit), 0xffffffffu)); }
    kept = mass_within(cut, ${optionOf("scale", "job.row")}, ${optionOf("limit", "job.row")});
  }
  let at = ${CUT_WORDS}u * job.row;
  store_cuts(at, peak);
  store_cuts(at + 1u, cut.order);
  store_cuts(at + 2u, cut.category);
  store_cuts(at + 3u, 0u);
  store_cuts(at + 4u, kept.x);
  store_cuts(at + 5u, kept.y);
}
`,
    ],
  }));
}
