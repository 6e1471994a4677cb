// Soft samples and their gradients, first half: the weights of each chunk of each row, relative to the chunk's own
// maximum, and the chunk's mass. Where a row is one chunk, the second half follows at once.
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import { EXTREMES, extremesWgsl } from "./extremes.ts";
import { cotangentAtWgsl, finishRowWgsl } from "./finish.ts";
import { createKernel, type Kernel, type NoiseVariant } from "./kernel.ts";
import { isSoundWgsl, MASS, massWgsl } from "./mass.ts";
import { pairWgsl } from "./pairs.ts";
import { blockAtWgsl, noiseAtWgsl } from "./perturb.ts";
import { rowsWgsl } from "./rows.ts";
import { entryWgsl, type Reduction, reduceWgsl, type Team, teamDirectives } from "./team.ts";
import type { TensorBinding } from "./tensors.ts";

/** Variant of {@link weighKernel}. */
export interface WeighVariant {
  readonly team: Team;
  readonly noise: NoiseVariant;
  readonly hasUnitStep: boolean;
  /**
   * At temperature 1 the weights are `exp(logit)/E` with `E = −log u`: the second logarithm is not needed. Takes the
   * chunk's largest *logit* as its reference.
   */
  readonly isRace: boolean;
  /** Whether the products with a cotangent are summed too. */
  readonly isGradient: boolean;
  /** Whether a row is one chunk and gets its result here. */
  readonly isFused: boolean;
}

const SUMS: Reduction = { type: "Sums", fields: ["sum", "dot"], merge: "add_sums" };

const sumsWgsl: string = /* wgsl */ `
struct Sums { sum: f32, dot: f32 }
fn add_sums(a: Sums, b: Sums) -> Sums { return Sums(a.sum + b.sum, a.dot + b.dot); }
`;

/**
 * Elements that a lane adds up before it adds to the chunk's sum: over 150,000 elements one float32 sum loses 3e-5,
 * blocks of this size keep float32's own accuracy.
 */
const SUMMED = 64;

/** Tensors: `logits`, `cotangent` for gradients, `output` or `weights` (the weights' place), `masses` unless fused. */
export function weighKernel(variant: WeighVariant, tensors: readonly TensorBinding[]): Kernel {
  const { team, noise, hasUnitStep, isRace, isGradient, isFused } = variant;
  const place = tensors.some(({ name }) => name === "weights") ? "weights" : "output";
  const keepsLogits = noise !== "none" && !isRace;
  const four = ["x", "y", "z", "w"];
  const loads = (tensor: string, row: string): string =>
    `vec4(${four.map((c) => `load_${tensor}(place_of(${row}, j.${c}))`).join(", ")})`;
  const stores = (value: string): string =>
    four.map((c) => `store_${place}(place_of(at, j.${c}), ${value}.${c});`).join("\n      ");
  return createKernel("weigh", variant, tensors, noise, () => ({
    directives: teamDirectives(team),
    functions: [
      entryWgsl(team),
      rowsWgsl(hasUnitStep),
      extremesWgsl,
      massWgsl,
      isSoundWgsl,
      sumsWgsl,
      reduceWgsl(team, EXTREMES),
      reduceWgsl(team, SUMS),
      noise === "none" ? "" : blockAtWgsl + noiseAtWgsl(hasUnitStep),
      nearWgsl(isRace),
      isGradient ? cotangentAtWgsl : "",
      isFused ? finishRowWgsl({ place, target: place, isGradient, isSaved: false }) : "",
      /* wgsl */ `
// Of masks, NaN and +∞ the bits stay as they are.
fn is_special(bits: u32) -> bool { return (bits & 0x7f800000u) == 0x7f800000u; }
fn work(job: Job) {
  let row = job.row + params.first_row;
  let start = logits_start(row);
  let at = row_start(job.row);
  let cotangent_row = row_start(row);
  let counter = row_counter(row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.classes);
  // Elements go by fours as long as every lane has four.
  let fours = begin + (end - begin) / (4u * LANES) * (4u * LANES);
  var extremes = NOTHING_SEEN;
  for (var base = begin; base < fours; base += 4u * LANES) {
    let j = quad_at(base + job.lane);
    let bits = ${loads("logits", "start")};
    ${
      keepsLogits
        ? `let z = bitcast<vec4<u32>>(bitcast<vec4<f32>>(bits) + gumbel_at_of_4(counter, j));
    let seen = select(z, bits, (bits & vec4(0x7f800000u)) == vec4(0x7f800000u));
    ${stores("seen")}`
        : "let seen = bits;"
    }
    extremes = see_4(extremes, seen);
  }
  for (var j = fours + job.lane; j < end; j += LANES) {
    let bits = load_logits(place_of(start, j));
    ${
      keepsLogits
        ? `let z = bitcast<u32>(bitcast<f32>(bits) + gumbel_of(block_at(counter, j)));
    let seen = select(z, bits, is_special(bits));
    store_${place}(place_of(at, j), seen);`
        : "let seen = bits;"
    }
    extremes = see(extremes, seen);
  }
  let top = top_of(reduce_extremes(extremes, job.lane));
  var total = Sums(0f, 0f);
  if (is_sound(top)) {
    let half_top = -0.5f * bitcast<f32>(bits_of_order(top));
    for (var block = begin; block < fours; block += ${SUMMED}u * LANES) {
      var sums = Sums(0f, 0f);
      for (var base = block; base < min(fours, block + ${SUMMED}u * LANES); base += 4u * LANES) {
        let j = quad_at(base + job.lane);
        let bits = ${keepsLogits ? loads(place, "at") : loads("logits", "start")};
        let near = near_of_4(half_top, counter, j, bits);
        let w = select(near, vec4(0f), bits == vec4(0xff800000u));
        let weights = bitcast<vec4<u32>>(w);
        ${stores("weights")}
        sums.sum += (w.x + w.y) + (w.z + w.w);
        ${isGradient ? four.map((c) => addDot(`w.${c}`, `j.${c}`)).join("\n        ") : ""}
      }
      total = add_sums(total, sums);
    }
    for (var j = fours + job.lane; j < end; j += LANES) {
      let bits = ${keepsLogits ? `load_${place}(place_of(at, j))` : "load_logits(place_of(start, j))"};
      let near = weight(fma(0.5f, bitcast<f32>(bits), half_top));
      let w = select(near${isRace ? " / exponential_of(block_at(counter, j))" : ""}, 0f, is_masked(bits));
      store_${place}(place_of(at, j), bitcast<u32>(w));
      var sums = Sums(w, 0f);
      ${isGradient ? addDot("w", "j") : ""}
      total = add_sums(total, sums);
    }
  }
  total = reduce_sums(total, job.lane);
  let mass = Mass(top, total.sum, total.dot);
  ${isFused ? "finish_row(job.row, mass, mass, begin + job.lane, end, false);" : storeMass}
}
`,
    ],
  }));
}

/** `near_of_2`, `near_of_4`: weights of elements, which say nothing where the element is masked. */
function nearWgsl(isRace: boolean): string {
  const noise = isRace ? " / exponential_of_2(blocks_at(counter, j))" : "";
  return pairWgsl({
    name: "near",
    result: "f32",
    shared: ["half_top: f32", "counter: vec2<u32>"],
    each: ["j", "bits"],
    body: `return weight_of_2(fma(vec2(0.5f), bitcast<vec2<f32>>(bits), vec2(half_top)))${noise};`,
  });
}

/** Adds a weight's product with its cotangent, which is not looked at where the weight is 0. */
function addDot(weight: string, category: string): string {
  const cotangent = `cotangent_at(place_of(cotangent_row, ${category}))`;
  return `if (${weight} != 0f) { sums.dot = fma(${weight}, ${cotangent}, sums.dot); }`;
}

/** Words of a mass in the `masses` tensor. */
export const MASS_WORDS = 3;

const storeMass: string = /* wgsl */ `if (job.lane == 0u) {
    let slot = ${MASS_WORDS}u * (job.row * params.chunks + job.chunk);
    store_masses(slot, mass.top);
    store_masses(slot + 1u, bitcast<u32>(mass.sum));
    store_masses(slot + 2u, bitcast<u32>(mass.dot));
  }`;

/** Variant of {@link dotKernel}. */
export interface DotVariant {
  readonly team: Team;
  /** Whether a row's elements follow one another. */
  readonly hasUnitStep: boolean;
  readonly isFused: boolean;
}

/**
 * The gradient's first half from a saved soft sample: the product of sample and cotangent of each chunk; no noise is
 * made. Tensors: `sample`, `cotangent`, and `output` when fused, `masses` when not.
 */
export function dotKernel(variant: DotVariant, tensors: readonly TensorBinding[]): Kernel {
  const { team, hasUnitStep, isFused } = variant;
  return createKernel("dot", variant, tensors, "none", () => ({
    directives: teamDirectives(team),
    functions: [
      entryWgsl(team),
      rowsWgsl(hasUnitStep),
      massWgsl,
      isSoundWgsl,
      reduceWgsl(team, MASS),
      cotangentAtWgsl,
      isFused ? finishRowWgsl({ place: "sample", target: "output", isGradient: true, isSaved: true }) : "",
      /* wgsl */ `
fn work(job: Job) {
  let at = row_start(job.row + params.first_row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.classes);
  // Every sound chunk has the same reference, so that merging adds.
  var total = Mass(0x80000000u, 0f, 0f);
  for (var block = begin + job.lane; block < end; block += LANES * ${SUMMED}u) {
    var dot = 0f;
    for (var j = block; j < min(end, block + LANES * ${SUMMED}u); j += LANES) {
      let bits = load_sample(place_of(at, j));
      if (is_degenerate(bits)) { total.top = ${DEGENERATE_ORDER}; }
      if ((bits & 0x7fffffffu) != 0u) {
        dot = fma(bitcast<f32>(bits), cotangent_at(place_of(at, j)), dot);
      }
    }
    total.dot += dot;
  }
  let mass = reduce_mass(total, job.lane);
  ${isFused ? "finish_row(job.row, mass, mass, begin + job.lane, end, false);" : storeMass}
}
`,
    ],
  }));
}
