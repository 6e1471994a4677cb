// The programs in WGSL, one function a program: `fn element(index: i32) -> f32` (or i32) computes one element of the
// output from its flat index, `fn store(index: i32)` several of them and stores them. Rows are `(sample, outer, inner)`; element j of a row stands at `row_start + j·inner`.
import { expCoreWgsl, isDegenerateWgsl, isMaskedWgsl, type Rotation } from "@gumbel/webgpu/wgsl";
import type { NoiseVariant, ProgramName } from "../gpu/gpu-backend.ts";
import { PROGRAMS } from "../gpu/gpu-backend.ts";
import type { UniformValues } from "../gpu/uniforms.ts";
import { blocksOf2, noiseOf2, perturbedOf2Wgsl } from "./wgsl/noise.ts";
import { blockSum, rowStartWgsl, spansOf, spanWgsl } from "./wgsl/rows.ts";

const floatClassWgsl = isMaskedWgsl + isDegenerateWgsl;

/** `fn odds_of(z: f32, best: f32) -> f32`: `exp((z − best)/temperature)`. */
const oddsOfWgsl = /* wgsl */ `
fn odds_of(z: f32, best: f32) -> f32 {
  if (is_masked(bitcast<u32>(z))) { return 0f; }
  let half_distance = z * 0.5f - best * 0.5f;
  if (half_distance < -uniforms.cutoff) { return 0f; }
  return exp_core(min(half_distance * uniforms.scaleA * uniforms.scaleB, 0f));
}
`;

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

/** Stores two neighbours, `at` and the next. */
function storePair(values: string, setter: string): string {
  return `if (at < uniforms.size) { ${setter}(at, ${values}.x); }
  if (at + 1 < uniforms.size) { ${setter}(at + 1, ${values}.y); }`;
}

const pairsOf = (size: number): number => Math.ceil(size / 2);

/** Programs that compute several elements an invocation, and how many invocations they take. */
const INVOCATIONS: Partial<Record<ProgramName, (size: number, classes: number) => number>> = {
  bits: pairsOf,
  noise: pairsOf,
  perturb: pairsOf,
  oneHot: spansOf,
  soft: spansOf,
  gradient: spansOf,
};

/** Source of each program with what it needs: `element(index)`, or `store(index)` where it is among {@link INVOCATIONS}. */
const SOURCES: Record<ProgramName, (variant: NoiseVariant, rotation: Rotation) => string> = {
  bits: (_, rotation) => `${blocksOf2(rotation)}
fn store(index: i32) {
  let at = 2 * index;
  let blocks = blocks_of_2(counter_at(at), counter_at(at + 1));
  let words = bitcast<vec2<i32>>(blocks.xy ^ blocks.zw);
  ${storePair("words", "setOutputAtIndexI32")}
}`,

  noise: (variant, rotation) => `${noiseOf2(variant, rotation)}
fn store(index: i32) {
  let at = 2 * index;
  let g = noise_of_2(counter_at(at), counter_at(at + 1));
  ${storePair("g", "setOutputAtIndex")}
}`,

  perturb: (variant, rotation) => `${noiseOf2(variant, rotation)}${perturbedOf2Wgsl}
fn logit_at(element: i32) -> f32 { return logits[element - (element / uniforms.block) * uniforms.block]; }
fn store(index: i32) {
  let at = 2 * index;
  let z = perturbed_of_2(vec2<f32>(logit_at(at), logit_at(at + 1)), counter_at(at), counter_at(at + 1));
  ${storePair("z", "setOutputAtIndex")}
}`,

  best: (variant, rotation) => `${floatClassWgsl}${noiseOf2(variant, rotation)}${rowStartWgsl}
fn element(index: i32) -> i32 {
  let row = index / uniforms.chunks;
  let chunk = index - row * uniforms.chunks;
  let start = row_start(row);
  // A row lies within one sample.
  let first = start - (start / uniforms.block) * uniforms.block;
  let class_step = bitcast<vec2<u32>>(vec2<i32>(uniforms.stepHi, uniforms.stepLo));
  let step = multiply_64(class_step, u32(uniforms.chunks));
  var counter = counter_at(start + chunk * uniforms.inner);
  var best = -1;
  var most = 0f;
  var degenerate = false;
  for (var j = chunk; j < uniforms.classes; j += 2 * uniforms.chunks) {
    // The second of two may lie behind the end: the first again, which wins nothing.
    let k = select(j, j + uniforms.chunks, j + uniforms.chunks < uniforms.classes);
    let x = vec2<f32>(logits[first + j * uniforms.inner], logits[first + k * uniforms.inner]);
    let bits = bitcast<vec2<u32>>(x);
    let next = add_64(counter, step);
    let z = x + noise_of_2(counter, next);
    counter = add_64(next, step);
    degenerate = degenerate || is_degenerate(bits.x) || is_degenerate(bits.y);
    if (!is_masked(bits.x) && (best < 0 || z.x > most)) {
      best = j;
      most = z.x;
    }
    if (k != j && !is_masked(bits.y) && (best < 0 || z.y > most)) {
      best = k;
      most = z.y;
    }
  }
  return select(best, select(-1, -2, uniforms.chunks > 1), degenerate);
}`,

  better: (variant, rotation) => `${noiseOf2(variant, rotation)}${perturbedOf2Wgsl}${rowStartWgsl}
fn element(index: i32) -> i32 {
  let row = index / uniforms.chunks;
  let start = row_start(row);
  var best = -1;
  var most = 0f;
  for (var c = index - row * uniforms.chunks; c < uniforms.count; c += uniforms.chunks) {
    let j = winners[row * uniforms.count + c];
    if (j == -2) { return select(-1, -2, uniforms.chunks > 1); }
    if (j < 0) { continue; }
    let at = start + j * uniforms.inner;
    let x = logits[at - (at / uniforms.block) * uniforms.block];
    let counter = counter_at(at);
    let z = perturbed_of_2(vec2<f32>(x), counter, counter).x;
    if (best < 0 || z > most || (z == most && j < best)) {
      best = j;
      most = z;
    }
  }
  return best;
}`,

  oneHot: () => `${rowStartWgsl}
fn store(index: i32) {
  ${spanWgsl}
  let winner = winners[row];
  for (var j = index - row * spans; j < uniforms.classes; j += spans) {
    setOutputAtIndex(start + j * uniforms.inner, select(select(0f, 1f, winner == j), uniforms.NAN, winner < 0));
  }
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
fn store(index: i32) {
  ${spanWgsl}
  let winner = winners[row];
  let best = perturbed[start + max(winner, 0) * uniforms.inner];
  let mass = masses[row];
  for (var j = index - row * spans; j < uniforms.classes; j += spans) {
    let at = start + j * uniforms.inner;
    setOutputAtIndex(at, select(min(odds_of(perturbed[at], best) / mass, 1f), uniforms.NAN, winner < 0));
  }
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
fn gradient_at(at: i32, dot: f32) -> f32 {
  let y = probabilities[at];
  if (is_degenerate(bitcast<u32>(y))) { return uniforms.NAN; }
  if (y == 0f) { return 0f; }
  return y * (cotangent[at] - dot) * uniforms.rateA * uniforms.rateB;
}
fn store(index: i32) {
  ${spanWgsl}
  let dot = dots[row];
  for (var j = index - row * spans; j < uniforms.classes; j += spans) {
    let at = start + j * uniforms.inner;
    setOutputAtIndex(at, gradient_at(at, dot));
  }
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
export function webgpuSource(program: ProgramName, variant: NoiseVariant, rotation: Rotation): string {
  const source = SOURCES[program](variant, rotation);
  if (program in INVOCATIONS) return `${source}\nfn main(index: i32) { store(index); }\n`;
  const setter = PROGRAMS[program].dtype === "int32" ? "setOutputAtIndexI32" : "setOutputAtIndex";
  return `${source}
fn main(index: i32) {
  if (index < uniforms.size) { ${setter}(index, element(index)); }
}
`;
}

/** Invocations of a program with an output of `size` elements. */
export function invocationsOf(program: ProgramName, size: number, { classes = 1 }: UniformValues): number {
  return INVOCATIONS[program]?.(size, classes) ?? size;
}
