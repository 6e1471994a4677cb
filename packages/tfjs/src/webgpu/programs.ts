// The programs in WGSL, one function a program: `fn element(index: i32) -> f32` (or i32) computes one element of the
// output from its flat index. Rows are `(sample, outer, inner)`; element j of a row stands at `row_start + j·inner`.
import {
  blockWgsl,
  expCoreWgsl,
  noiseWgsl as functionsOfNoise,
  isDegenerateWgsl,
  isMaskedWgsl,
} from "@gumbel/webgpu/wgsl";
import type { NoiseVariant, ProgramName } from "../gpu/gpu-backend.ts";
import { PROGRAMS } from "../gpu/gpu-backend.ts";

const floatClassWgsl = isMaskedWgsl + isDegenerateWgsl;

/** `fn block_at(element: i32) -> vec2<u32>`: the Threefry block of an element of the noise. */
const blockAtWgsl = /* wgsl */ `
${blockWgsl}
fn block_at(element: i32) -> vec2<u32> {
  let row = element / uniforms.columns;
  let offset = bitcast<vec2<u32>>(vec2<i32>(uniforms.offsetHi, uniforms.offsetLo));
  let row_stride = bitcast<vec2<u32>>(vec2<i32>(uniforms.strideHi, uniforms.strideLo));
  let counter = counter_of(offset, row_stride, u32(row), u32(element - row * uniforms.columns));
  return threefry_2x32(bitcast<vec2<u32>>(vec2<i32>(uniforms.keyHi, uniforms.keyLo)), counter);
}
`;

/** `fn noise_at(element: i32) -> f32`, 0 for the variant without noise. */
function noiseAtWgsl(variant: NoiseVariant): string {
  if (variant === "none") return "fn noise_at(element: i32) -> f32 { return 0f; }";
  return `${blockAtWgsl}${functionsOfNoise(variant)}
fn noise_at(element: i32) -> f32 { return gumbel_of(block_at(element)); }
`;
}

const rowStartWgsl = /* wgsl */ `
fn row_start(row: i32) -> i32 {
  let front = row / uniforms.inner;
  return front * uniforms.classes * uniforms.inner + (row - front * uniforms.inner);
}
// Row of an element of the output, and its class.
fn place_of(element: i32) -> vec2<i32> {
  let upper = element / uniforms.inner;
  let front = upper / uniforms.classes;
  return vec2<i32>(front * uniforms.inner + (element - upper * uniforms.inner), upper - front * uniforms.classes);
}
`;

/** `fn perturbed_at(element: i32) -> f32`: masks and degenerate values are kept as they are, and found by their bits. */
const perturbedAtWgsl = /* wgsl */ `
fn perturbed_at(element: i32) -> f32 {
  let x = logits[element - (element / uniforms.block) * uniforms.block];
  let bits = bitcast<u32>(x);
  if (is_masked(bits) || is_degenerate(bits)) { return x; }
  return x + noise_at(element);
}
`;

/** `fn odds_of(z: f32, best: f32) -> f32`: `exp((z − best)/temperature)`. */
const oddsOfWgsl = /* wgsl */ `
fn odds_of(z: f32, best: f32) -> f32 {
  if (is_masked(bitcast<u32>(z))) { return 0f; }
  let half_distance = z * 0.5f - best * 0.5f;
  if (half_distance < -uniforms.cutoff) { return 0f; }
  return exp_core(min(half_distance * uniforms.scaleA * uniforms.scaleB, 0f));
}
`;

/** Sums by blocks of 16, so that rounding grows with the number of blocks and not of summands. */
function blockSum(summand: string, length: string): string {
  return `var total = 0f;
  var j = chunk;
  while (j < ${length}) {
    var part = 0f;
    for (var n = 0; n < 16 && j < ${length}; n++) {
      part += ${summand};
      j += uniforms.chunks;
    }
    total += part;
  }`;
}

/** `fn better_of(start: i32, a: i32, b: i32) -> i32`: the class that comes first; −1 stands for none, masked ones come last. */
const betterOfWgsl = /* wgsl */ `
fn better_of(start: i32, a: i32, b: i32) -> i32 {
  if (a < 0) { return b; }
  if (b < 0) { return a; }
  let za = perturbed[start + a * uniforms.inner];
  let zb = perturbed[start + b * uniforms.inner];
  let masked_a = is_masked(bitcast<u32>(za));
  let masked_b = is_masked(bitcast<u32>(zb));
  if (masked_a != masked_b) { return select(a, b, masked_a); }
  if (!masked_a && za > zb) { return a; }
  if (!masked_a && zb > za) { return b; }
  return min(a, b);
}
`;

const topPlaceWgsl = /* wgsl */ `
// Class at a place of the output, which is [outer, places, inner]; -1 in a degenerate row.
fn top_place(index: i32) -> vec2<i32> {
  let upper = index / uniforms.inner;
  let front = upper / uniforms.places;
  let row = front * uniforms.inner + (index - upper * uniforms.inner);
  if (winners[row] < 0) { return vec2<i32>(row, -1); }
  return vec2<i32>(row, order[row * uniforms.width + (upper - front * uniforms.places)]);
}
`;

/** Source of each program's `element`, with what it needs. */
const SOURCES: Record<ProgramName, (variant: NoiseVariant) => string> = {
  bits: () => `${blockAtWgsl}
fn element(index: i32) -> i32 {
  let block = block_at(index);
  return bitcast<i32>(block.x ^ block.y);
}`,

  noise: (variant) => `${noiseAtWgsl(variant)}
fn element(index: i32) -> f32 { return noise_at(index); }`,

  perturb: (variant) => `${floatClassWgsl}${noiseAtWgsl(variant)}${perturbedAtWgsl}
fn element(index: i32) -> f32 { return perturbed_at(index); }`,

  best: (variant) => `${floatClassWgsl}${noiseAtWgsl(variant)}${rowStartWgsl}
fn element(index: i32) -> i32 {
  let row = index / uniforms.chunks;
  let start = row_start(row);
  // A row lies within one sample.
  let first = start - (start / uniforms.block) * uniforms.block;
  var best = -1;
  var most = 0f;
  for (var j = index - row * uniforms.chunks; j < uniforms.classes; j += uniforms.chunks) {
    let x = logits[first + j * uniforms.inner];
    let bits = bitcast<u32>(x);
    if (is_degenerate(bits)) { return select(-1, -2, uniforms.chunks > 1); }
    if (is_masked(bits)) { continue; }
    let z = x + noise_at(start + j * uniforms.inner);
    if (best < 0 || z > most) {
      best = j;
      most = z;
    }
  }
  return best;
}`,

  better: (variant) => `${floatClassWgsl}${noiseAtWgsl(variant)}${rowStartWgsl}${perturbedAtWgsl}
fn element(index: i32) -> i32 {
  let row = index / uniforms.chunks;
  let start = row_start(row);
  var best = -1;
  var most = 0f;
  for (var c = index - row * uniforms.chunks; c < uniforms.count; c += uniforms.chunks) {
    let j = winners[row * uniforms.count + c];
    if (j == -2) { return select(-1, -2, uniforms.chunks > 1); }
    if (j < 0) { continue; }
    let z = perturbed_at(start + j * uniforms.inner);
    if (best < 0 || z > most || (z == most && j < best)) {
      best = j;
      most = z;
    }
  }
  return best;
}`,

  oneHot: () => `${rowStartWgsl}
fn element(index: i32) -> f32 {
  let place = place_of(index);
  let winner = winners[place.x];
  if (winner < 0) { return uniforms.NAN; }
  return select(0f, 1f, winner == place.y);
}`,

  mass: () => `${floatClassWgsl}${expCoreWgsl}${rowStartWgsl}${oddsOfWgsl}
fn element(index: i32) -> f32 {
  let row = index / uniforms.chunks;
  let chunk = index - row * uniforms.chunks;
  let start = row_start(row);
  let winner = winners[row];
  if (winner < 0) { return 0f; }
  let best = perturbed[start + winner * uniforms.inner];
  ${blockSum("odds_of(perturbed[start + j * uniforms.inner], best)", "uniforms.classes")}
  return total;
}`,

  soft: () => `${floatClassWgsl}${expCoreWgsl}${rowStartWgsl}${oddsOfWgsl}
fn element(index: i32) -> f32 {
  let row = place_of(index).x;
  let winner = winners[row];
  if (winner < 0) { return uniforms.NAN; }
  let best = perturbed[row_start(row) + winner * uniforms.inner];
  return min(odds_of(perturbed[index], best) / masses[row], 1f);
}`,

  dot: () => `${floatClassWgsl}${rowStartWgsl}
fn product_at(at: i32) -> f32 {
  let y = probabilities[at];
  // Where nothing is picked no cotangent counts, however large.
  if (is_degenerate(bitcast<u32>(y)) || y == 0f) { return 0f; }
  return y * cotangent[at];
}
fn element(index: i32) -> f32 {
  let row = index / uniforms.chunks;
  let chunk = index - row * uniforms.chunks;
  let start = row_start(row);
  ${blockSum("product_at(start + j * uniforms.inner)", "uniforms.classes")}
  return total;
}`,

  gradient: () => `${floatClassWgsl}${rowStartWgsl}
fn element(index: i32) -> f32 {
  let y = probabilities[index];
  if (is_degenerate(bitcast<u32>(y))) { return uniforms.NAN; }
  if (y == 0f) { return 0f; }
  return y * (cotangent[index] - dots[place_of(index).x]) * uniforms.rateA * uniforms.rateB;
}`,

  fold: () => `
fn checked(summand: f32, degenerate: ptr<function, bool>) -> f32 {
  *degenerate = *degenerate || (bitcast<u32>(summand) & 0x7fffffffu) > 0x7f800000u;
  return summand;
}
fn element(index: i32) -> f32 {
  let upper = index / uniforms.inner;
  let front = upper / uniforms.chunks;
  let chunk = upper - front * uniforms.chunks;
  let start = front * uniforms.count * uniforms.inner + (index - upper * uniforms.inner);
  var degenerate = false;
  ${blockSum("checked(summands[start + j * uniforms.inner], &degenerate)", "uniforms.count")}
  return select(total, uniforms.NAN, degenerate);
}`,

  order: () => `
fn element(index: i32) -> i32 {
  let padded = uniforms.runs * uniforms.width;
  let place = index - (index / padded) * padded;
  return select(-1, place, place < uniforms.classes);
}`,

  exchange: () => `${floatClassWgsl}${rowStartWgsl}${betterOfWgsl}
fn element(index: i32) -> i32 {
  let last = 2 * uniforms.span - 1;
  let within = index & last;
  let partner = select(index ^ uniforms.span, index - within + (last - within), uniforms.mirrored == 1);
  let lower = order[min(index, partner)];
  let upper = order[max(index, partner)];
  let better = better_of(row_start(index / (uniforms.runs * uniforms.width)), lower, upper);
  if (index < partner) { return better; }
  return select(lower, upper, better == lower);
}`,

  merge: () => `${floatClassWgsl}${rowStartWgsl}${betterOfWgsl}
fn element(index: i32) -> i32 {
  let fewer = (uniforms.runs + 1) / 2;
  let place = index & (uniforms.width - 1);
  let run = index / uniforms.width;
  let row = run / fewer;
  let first = 2 * (run - row * fewer);
  let start = (row * uniforms.runs + first) * uniforms.width;
  let one = order[start + place];
  if (first + 1 == uniforms.runs) { return one; }
  return better_of(row_start(row), one, order[start + 2 * uniforms.width - 1 - place]);
}`,

  topValues: () => `${rowStartWgsl}${topPlaceWgsl}
fn element(index: i32) -> f32 {
  let place = top_place(index);
  if (place.y < 0) { return uniforms.NAN; }
  return perturbed[row_start(place.x) + place.y * uniforms.inner];
}`,

  topIndices: () => `${floatClassWgsl}${rowStartWgsl}${topPlaceWgsl}
fn element(index: i32) -> i32 {
  let place = top_place(index);
  if (place.y < 0) { return -1; }
  let is_none = is_masked(bitcast<u32>(perturbed[row_start(place.x) + place.y * uniforms.inner]));
  return select(place.y, -1, is_none);
}`,
};

/** User code of a program for TensorFlow.js: inputs are arrays under their names, uniforms fields of `uniforms`. */
export function webgpuSource(program: ProgramName, variant: NoiseVariant): string {
  const setter = PROGRAMS[program].dtype === "int32" ? "setOutputAtIndexI32" : "setOutputAtIndex";
  return `${SOURCES[program](variant)}
fn main(index: i32) {
  if (index < uniforms.size) { ${setter}(index, element(index)); }
}
`;
}
