// The weights of a chunk and their sums, in WGSL: with an estimate of the maximum in one pass, or with the maximum itself.
import { loadQuad } from "../../shader/row-layout.ts";
import type { Reduction } from "../../shader/thread-group.ts";
import { DEGENERATE } from "../../wgsl/sortable-bits.ts";
import type { PartialSoftmaxVariant } from "./partial-softmax-kernel.ts";

/** Sums of weights, of their products with the cotangent, and the bits of its largest magnitude. */
export const SUMS: Reduction = { type: "Sums", fields: ["sum", "dot", "largest"], merge: "add_sums" };

/**
 * Elements that a lane adds up before it adds to the chunk's sum: over 150,000 elements one float32 sum loses 3e-5,
 * sums of this many keep float32's own accuracy.
 */
const SUMMED = 64;

const FOUR = ["x", "y", "z", "w"];

/** `struct Chunk`: where its row starts in the tensors, and its categories; the struct of {@link SUMS}. */
export const chunkWgsl: string = /* wgsl */ `
struct Chunk {
  logits: u32, weights: u32, cotangent: u32, counter: vec2<u32>, begin: u32, tail: u32, end: u32, lane: u32,
}
struct Sums { sum: f32, dot: f32, largest: u32 }
fn add_sums(a: Sums, b: Sums) -> Sums { return Sums(a.sum + b.sum, a.dot + b.dot, max(a.largest, b.largest)); }
`;

/**
 * Weights relative to `half_maximum`, which is minus half of a logit, 0 of masks: `fn weights_of_4(logits: vec4<u32>,
 * half_maximum: f32) -> vec4<f32>`, and `weight_of_logit` of one.
 */
export const weightsWgsl: string = /* wgsl */ `
fn weights_of_2(logits: vec2<u32>, half_maximum: f32) -> vec2<f32> {
  let distances = fma(vec2(0.5f), bitcast<vec2<f32>>(logits), vec2(half_maximum));
  return select(weight_of_2(distances), vec2(0f), logits == vec2(0xff800000u));
}
fn weights_of_4(logits: vec4<u32>, half_maximum: f32) -> vec4<f32> {
  return vec4(weights_of_2(logits.xy, half_maximum), weights_of_2(logits.zw, half_maximum));
}
fn weight_of_logit(bits: u32, half_maximum: f32) -> f32 {
  return select(weight(fma(0.5f, bitcast<f32>(bits), half_maximum)), 0f, is_masked(bits));
}
`;

/** `fn estimate_maximum(chunk: Chunk) -> u32`: the largest of the first logits that are not masked, 0 where there are none. */
export const estimateWgsl: string = /* wgsl */ `
fn estimate_maximum(chunk: Chunk) -> u32 {
  var first = NO_EXTREMES;
  for (var base = chunk.begin; base < chunk.tail; base += 4u * LANES) {
    let j = quad_at(base + chunk.lane);
    first = include_4(first, ${loadQuad("logits", "chunk.logits")});
    if (maximum_of(first) != 0u) { break; }
  }
  return maximum_of(reduce_extremes(first, chunk.lane));
}
`;

/**
 * With noise.
 * - `fn half_distances_of_4(chunk, j, bits: vec4<u32>, half_maximum: f32) -> vec4<u32>`: bits of `(logit − maximum + g)/2`; of
 *   masks, NaN and +∞ the logit's own. `half_distance_at` the same of one.
 * - `fn perturbed_weights_of_4(bits: vec4<u32>, half_most: f32) -> vec4<f32>`: weights of half distances relative to another
 *   one, 0 of masks. `perturbed_weight` the same of one.
 */
export const perturbedWeightsWgsl: string = /* wgsl */ `
fn half_distances_of_4(chunk: Chunk, j: vec4<u32>, bits: vec4<u32>, half_maximum: f32) -> vec4<u32> {
  let logits = fma(vec4(0.5f), bitcast<vec4<f32>>(bits), vec4(half_maximum));
  let distances = bitcast<vec4<u32>>(fma(vec4(0.5f), gumbel_at_of_4(chunk.counter, j), logits));
  return select(distances, bits, (bits & vec4(0x7f800000u)) == vec4(0x7f800000u));
}
fn half_distance_at(chunk: Chunk, j: u32, bits: u32, half_maximum: f32) -> u32 {
  let distance = fma(0.5f, gumbel_at(chunk.counter, j), fma(0.5f, bitcast<f32>(bits), half_maximum));
  return select(bitcast<u32>(distance), bits, (bits & 0x7f800000u) == 0x7f800000u);
}
fn perturbed_weights_of_2(bits: vec2<u32>, half_most: f32) -> vec2<f32> {
  return select(weight_of_2(bitcast<vec2<f32>>(bits) - half_most), vec2(0f), bits == vec2(0xff800000u));
}
fn perturbed_weights_of_4(bits: vec4<u32>, half_most: f32) -> vec4<f32> {
  return vec4(perturbed_weights_of_2(bits.xy, half_most), perturbed_weights_of_2(bits.zw, half_most));
}
fn perturbed_weight(bits: u32, half_most: f32) -> f32 {
  return select(weight(bitcast<f32>(bits) - half_most), 0f, is_masked(bits));
}
`;

/**
 * `fn estimated_weights(chunk: Chunk) -> Partial`: weights and state in one pass over the logits, relative to the first
 * logits that are not masked. Its maximum is 0 where that is not good enough, or where there are none.
 */
export function estimatedWeightsWgsl(
  { noise, isRace, isGradient }: Pick<PartialSoftmaxVariant, "noise" | "isRace" | "isGradient">,
  target: string,
): string {
  // Without noise, and in a race, where it divides the weights, only the logits must be within the tolerance.
  const isPlain = isRace || noise === "none";
  const quad = isRace
    ? "let w = raced_of_4(logits, half_maximum, chunk.counter, j);"
    : isPlain
      ? "let w = weights_of_4(logits, half_maximum);"
      : `let distances = half_distances_of_4(chunk, j, logits, half_maximum);
        let w = perturbed_weights_of_4(distances, 0f);`;
  const one = isRace
    ? "let w = weight_of_logit(logit, half_maximum) / exponential_of(block_at(chunk.counter, j));"
    : isPlain
      ? "let w = weight_of_logit(logit, half_maximum);"
      : `let distance = half_distance_at(chunk, j, logit, half_maximum);
      let w = perturbed_weight(distance, 0f);`;
  const race = /* wgsl */ `
fn raced_of_2(logits: vec2<u32>, half_maximum: f32, counter: vec2<u32>, j: vec2<u32>) -> vec2<f32> {
  return weights_of_2(logits, half_maximum) / exponential_of_2(blocks_at(counter, j));
}
fn raced_of_4(logits: vec4<u32>, half_maximum: f32, counter: vec2<u32>, j: vec4<u32>) -> vec4<f32> {
  return vec4(
    raced_of_2(logits.xy, half_maximum, counter, j.xy), raced_of_2(logits.zw, half_maximum, counter, j.zw),
  );
}`;
  // No product with a cotangent, nor a sum of them, may reach 2¹²⁷: the sum of the weights is larger than each.
  const isWithin = isGradient ? " && (bitcast<u32>(total.sum) >> 23u) + (total.largest >> 23u) < 370u" : "";
  return /* wgsl */ `${isRace ? race : ""}
fn estimated_weights(chunk: Chunk) -> Partial {
  let estimate = estimate_maximum(chunk);
  var extremes = NO_EXTREMES;
  var total = Sums(0f, 0f, 0u);
  if (!is_degenerate_row(estimate)) {
    let half_maximum = -0.5f * bitcast<f32>(bits_of_sortable(estimate));
    ${sumWeights(
      `let logits = ${loadQuad("logits", "chunk.logits")};
        ${quad}
        extremes = include_4(extremes, ${isPlain ? "logits" : "distances"});`,
      `let logit = load_logits(index_of(chunk.logits, j));
      ${one}
      extremes = include(extremes, ${isPlain ? "logit" : "distance"});`,
      isGradient,
      target,
    )}
  }
  let most = maximum_of(reduce_extremes(extremes, chunk.lane));
  total = reduce_sums(total, chunk.lane);
  if (most == ${DEGENERATE} || estimate == ${DEGENERATE}) { return Partial(${DEGENERATE}, 0f, 0f, 0f); }
  if (is_degenerate_row(estimate)) { return NO_PARTIAL; }
  let distance = ${isPlain ? "half_distance(bits_of_sortable(most), estimate)" : "bitcast<f32>(bits_of_sortable(most))"};
  let is_near = distance <= params.tolerance${isWithin};
  return Partial(select(0u, estimate, is_near), 0f, total.sum, total.dot);
}
`;
}

/**
 * `fn two_pass_weights(chunk: Chunk) -> Partial`. Without noise the first pass finds the largest logit. With noise it stores
 * half distances to a reference where the weights go, and finds the largest of these. The reference is an estimate of the
 * largest logit; where the maximum turns out to be more than 16 away, its rounded value is the reference of a second
 * try. The last pass computes weights relative to the maximum.
 */
export function twoPassWeightsWgsl(
  { noise, isGradient }: Pick<PartialSoftmaxVariant, "noise" | "isGradient">,
  target: string,
): string {
  if (noise === "none") {
    return /* wgsl */ `
fn two_pass_weights(chunk: Chunk) -> Partial {
  var extremes = NO_EXTREMES;
  for (var base = chunk.begin; base < chunk.tail; base += 4u * LANES) {
    let j = quad_at(base + chunk.lane);
    extremes = include_4(extremes, ${loadQuad("logits", "chunk.logits")});
  }
  for (var j = chunk.tail + chunk.lane; j < chunk.end; j += LANES) {
    extremes = include(extremes, load_logits(index_of(chunk.logits, j)));
  }
  let maximum = maximum_of(reduce_extremes(extremes, chunk.lane));
  if (is_degenerate_row(maximum)) { return Partial(maximum, 0f, 0f, 0f); }
  let half_maximum = -0.5f * bitcast<f32>(bits_of_sortable(maximum));
  var total = Sums(0f, 0f, 0u);
  ${sumWeights(
    `let w = weights_of_4(${loadQuad("logits", "chunk.logits")}, half_maximum);`,
    "let w = weight_of_logit(load_logits(index_of(chunk.logits, j)), half_maximum);",
    isGradient,
    target,
  )}
  total = reduce_sums(total, chunk.lane);
  return Partial(maximum, 0f, total.sum, total.dot);
}
`;
  }
  return /* wgsl */ `
fn two_pass_weights(chunk: Chunk) -> Partial {
  var reference = estimate_maximum(chunk);
  var half_most = 0f;
  for (var tries = 0u; tries < 2u; tries++) {
    // 0, where there is no estimate.
    reference = select(reference, 0x80000000u, is_degenerate_row(reference));
    let half_reference = 0.5f * bitcast<f32>(bits_of_sortable(reference));
    var extremes = NO_EXTREMES;
    for (var base = chunk.begin; base < chunk.tail; base += 4u * LANES) {
      let j = quad_at(base + chunk.lane);
      let bits = half_distances_of_4(chunk, j, ${loadQuad("logits", "chunk.logits")}, -half_reference);
      ${storeQuad(target, "bits")}
      extremes = include_4(extremes, bits);
    }
    for (var j = chunk.tail + chunk.lane; j < chunk.end; j += LANES) {
      let bits = half_distance_at(chunk, j, load_logits(index_of(chunk.logits, j)), -half_reference);
      store_${target}(index_of(chunk.weights, j), bits);
      extremes = include(extremes, bits);
    }
    let most = maximum_of(reduce_extremes(extremes, chunk.lane));
    if (is_degenerate_row(most)) { return Partial(most, 0f, 0f, 0f); }
    half_most = bitcast<f32>(bits_of_sortable(most));
    if (abs(half_most) <= 8f) { break; }
    let next = 2f * clamp(half_most + half_reference, -1.7014117e38f, 1.7014117e38f);
    if (tries == 0u) { reference = sortable_bits(bitcast<u32>(next)); }
  }
  var total = Sums(0f, 0f, 0u);
  ${sumWeights(
    `let w = perturbed_weights_of_4(${loadQuad(target, "chunk.weights")}, half_most);`,
    `let w = perturbed_weight(load_${target}(index_of(chunk.weights, j)), half_most);`,
    isGradient,
    target,
  )}
  total = reduce_sums(total, chunk.lane);
  return Partial(reference, half_most, total.sum, total.dot);
}
`;
}

/**
 * Goes through a chunk, stores the weights `w` that the statements compute of the categories `j`, and sums into `total`.
 */
function sumWeights(quad: string, one: string, isGradient: boolean, target: string): string {
  return /* wgsl */ `for (var block = chunk.begin; block < chunk.tail; block += ${SUMMED}u * LANES) {
      var sums = Sums(0f, 0f, 0u);
      for (var base = block; base < min(chunk.tail, block + ${SUMMED}u * LANES); base += 4u * LANES) {
        let j = quad_at(base + chunk.lane);
        ${quad}
        let weights = bitcast<vec4<u32>>(w);
        ${storeQuad(target, "weights")}
        sums.sum += (w.x + w.y) + (w.z + w.w);
        ${isGradient ? addDots("xy") + addDots("zw") : ""}
      }
      total = add_sums(total, sums);
    }
    for (var j = chunk.tail + chunk.lane; j < chunk.end; j += LANES) {
      ${one}
      store_${target}(index_of(chunk.weights, j), bitcast<u32>(w));
      var sums = Sums(w, 0f, 0u);
      ${isGradient ? addDot("w", "j") : ""}
      total = add_sums(total, sums);
    }`;
}

function storeQuad(target: string, value: string): string {
  const stores = FOUR.map((c) => `store_${target}(index_of(chunk.weights, j.${c}), ${value}.${c});`);
  return stores.join("\n        ");
}

/** Adds products of a weight with its cotangent, which does not count where the weight is 0. */
function addDot(weight: string, category: string): string {
  return `let c = select(${loadCotangent(category)}, 0u, ${weight} == 0f);
      sums.dot = fma(${weight}, bitcast<f32>(c), sums.dot);
      sums.largest = c & 0x7fffffffu;`;
}

/** {@link addDot} for two of the four categories `j`, without a branch: those cost as much as the noise. */
function addDots(two: string): string {
  const loads = Array.from(two, (c) => loadCotangent(`j.${c}`)).join(", ");
  return `{
          let c = select(vec2(${loads}), vec2(0u), w.${two} == vec2(0f));
          sums.dot += dot(w.${two}, bitcast<vec2<f32>>(c));
          let magnitudes = c & vec2(0x7fffffffu);
          sums.largest = max(sums.largest, max(magnitudes.x, magnitudes.y));
        }
        `;
}

function loadCotangent(category: string): string {
  return `load_cotangent(index_of(chunk.cotangent, ${category}))`;
}
