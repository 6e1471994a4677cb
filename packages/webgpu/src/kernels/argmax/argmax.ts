// The argmax of perturbed logits as lanes and chunks reduce it, in WGSL. It compares real numbers:
//   argmax over j of  logit_j + τ·g_j,  the lowest j on a tie.
// The float32 sum alone would lose the noise beside a large logit, so that what rounding leaves of it is compared next.

import type { Reduction } from "../../shader/thread-group.ts";
import { DEGENERATE } from "../../wgsl/sortable-bits.ts";

export const ARGMAX: Reduction = { type: "Argmax", fields: ["key", "rest", "category"], merge: "larger" };

/** Words of an argmax in the `partials` tensor. */
export const ARGMAX_WORDS = 3;

/**
 * - `struct Argmax`: `key` is the sortable bits of the rounded sum (0: no category, DEGENERATE: NaN or +∞ in the row),
 *   `rest` those of what rounding left of the exact one.
 * - `fn larger(a: Argmax, b: Argmax) -> Argmax`.
 * - `fn argmax_of(bits: u32, gumbel: f32, category: u32) -> Argmax`: of one category, by its logit's bits and its noise.
 *
 * The rest is Knuth's two-sum. WGSL (15.7.5) lets a compiler reassociate it into 0, which Metal does; `opaque`, an
 * exclusive or with a uniform that is always 0, keeps each operation apart from the next.
 */
export const argmaxWgsl: string = argmaxAtWgsl("params.temperature");

/** {@link argmaxWgsl} at the temperature of a WGSL expression. */
export function argmaxAtWgsl(temperature: string): string {
  return /* wgsl */ `
struct Argmax { key: u32, rest: u32, category: u32 }
const NO_ARGMAX = Argmax(0u, 0u, 0xffffffffu);
const NO_REST = 0x80000000u;
fn larger(a: Argmax, b: Argmax) -> Argmax {
  let is_tied = b.key == a.key;
  let wins_tie = b.rest > a.rest || (b.rest == a.rest && b.category < a.category);
  let takes_b = b.key > a.key || (is_tied && wins_tie);
  return Argmax(
    select(a.key, b.key, takes_b), select(a.rest, b.rest, takes_b), select(a.category, b.category, takes_b),
  );
}
fn opaque(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ params.zero); }
fn argmax_of(bits: u32, gumbel: f32, category: u32) -> Argmax {
  let logit = bitcast<f32>(bits);
  let noise = opaque(${temperature} * gumbel);
  let sum = opaque(logit + noise);
  let is_logit_larger = abs(logit) >= abs(noise);
  let rest = select(logit, noise, is_logit_larger) - opaque(sum - select(noise, logit, is_logit_larger));
  let key = select(sortable_bits(bitcast<u32>(sum)), 0u, is_masked(bits));
  return Argmax(key, sortable_bits(bitcast<u32>(rest)), category);
}
`;
}

/**
 * What becomes of a row's argmax: an {@link ArgmaxResult}, or words in `partials` for a later kernel. `values` is
 * category and perturbed logit.
 */
export type ArgmaxOutput = "partials" | ArgmaxResult;

/** Category, category and perturbed logit, or a one-hot row. */
export type ArgmaxResult = "indices" | "values" | "one-hot";

/** `fn store_argmax(argmax: Argmax, job: Job)`: every lane calls it with the argmax of a whole row (for partials, of the chunk). */
export function storeArgmaxWgsl(output: ArgmaxOutput): string {
  if (output === "partials") {
    return /* wgsl */ `
fn store_argmax(argmax: Argmax, job: Job) {
  if (job.lane == 0u) {
    let at = ${ARGMAX_WORDS}u * (job.row * params.chunks + job.chunk);
    store_partials(at, argmax.key);
    store_partials(at + 1u, argmax.rest);
    store_partials(at + 2u, argmax.category);
  }
}
`;
  }
  const isDegenerate = `argmax.key == 0u || argmax.key == ${DEGENERATE}`;
  if (output === "one-hot") {
    return /* wgsl */ `
fn store_argmax(argmax: Argmax, job: Job) {
  let is_degenerate_row = ${isDegenerate};
  let zero = select(0u, 0x7fc00000u, is_degenerate_row);
  let one = select(0x3f800000u, 0x7fc00000u, is_degenerate_row);
  let start = row_start(job.row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.categories);
  for (var j = begin + job.lane; j < end; j += LANES) {
    store_output(index_of(start, j), select(zero, one, j == argmax.category));
  }
}
`;
  }
  const value = `
    let value = bitcast<u32>(perturbed_value(bitcast<f32>(bits_of_sortable(argmax.key))));
    store_values(job.row, select(value, 0x7fc00000u, is_degenerate_row));`;
  return /* wgsl */ `${output === "values" ? perturbedValueWgsl : ""}
fn store_argmax(argmax: Argmax, job: Job) {
  if (job.lane == 0u) {
    let is_degenerate_row = ${isDegenerate};
    store_indices(job.row, select(argmax.category, 0xffffffffu, is_degenerate_row));${output === "values" ? value : ""}
  }
}
`;
}

/** `fn perturbed_value(sum: f32) -> f32`: `(logit + τ·g)/τ`, at most ±FLT_MAX. */
export const perturbedValueWgsl: string = /* wgsl */ `
fn perturbed_value(sum: f32) -> f32 {
  let limit = params.value_limit;
  let value = clamp(sum, -limit, limit) * params.inverse_temperature;
  return select(value, select(-3.4028234e38f, 3.4028234e38f, sum > 0f), abs(sum) > limit && params.temperature < 1f);
}
`;
