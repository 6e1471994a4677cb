// Soft samples and their gradients, first half: the weights of each chunk of each row, relative to the chunk's own
// maximum, and the chunk's mass. Where a row is one chunk, the second half follows at once.
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import { cotangentAtWgsl, finishRowWgsl } from "./finish.ts";
import { createKernel, type Kernel, type NoiseVariant } from "./kernel.ts";
import { isSoundWgsl, MASS, massWgsl, TOP } from "./mass.ts";
import { blockAtWgsl, perturbWgsl } from "./perturb.ts";
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
  const order = keepsLogits ? "perturbed_order(bits, counter, j)" : "plain_order(bits)";
  const keep = keepsLogits
    ? `store_${place}(at + j * params.inner, select(bits_of_order(order), 0xff800000u, order == 0u));`
    : "";
  const bits = keepsLogits ? `load_${place}(at + j * params.inner)` : "load_logits(start + j * params.inner)";
  const race = isRace ? " / exponential_of(block_at(counter, j))" : "";
  return createKernel("weigh", variant, tensors, noise, () => ({
    directives: teamDirectives(team),
    functions: [
      entryWgsl(team),
      rowsWgsl(hasUnitStep),
      massWgsl,
      isSoundWgsl,
      sumsWgsl,
      reduceWgsl(team, TOP),
      reduceWgsl(team, SUMS),
      keepsLogits ? perturbWgsl(noise) : plainOrderWgsl,
      isRace ? blockAtWgsl : "",
      isGradient ? cotangentAtWgsl : "",
      isFused ? finishRowWgsl({ place, target: place, isGradient, isSaved: false }) : "",
      /* wgsl */ `
fn work(job: Job) {
  let row = job.row + params.first_row;
  let start = logits_start(row);
  let at = row_start(job.row);
  let counter = row_counter(row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.classes);
  var largest = Top(0u);
  for (var j = begin + job.lane; j < end; j += LANES) {
    let bits = load_logits(start + j * params.inner);
    let order = ${order};
    ${keep}
    largest.order = max(largest.order, order);
  }
  let top = reduce_top(largest, job.lane).order;
  var total = Sums(0f, 0f);
  if (is_sound(top)) {
    for (var block = begin + job.lane; block < end; block += LANES * ${SUMMED}u) {
      var sums = Sums(0f, 0f);
      for (var j = block; j < min(end, block + LANES * ${SUMMED}u); j += LANES) {
        let bits = ${bits};
        let w = select(weight(half_distance(bits, top))${race}, 0f, is_masked(bits));
        store_${place}(at + j * params.inner, bitcast<u32>(w));
        sums.sum += w;
        ${isGradient ? `if (w != 0f) { sums.dot = fma(w, cotangent_at(row_start(row) + j * params.inner), sums.dot); }` : ""}
      }
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

const plainOrderWgsl: string = /* wgsl */ `
fn plain_order(bits: u32) -> u32 {
  return select(select(order_of(bits), 0u, is_masked(bits)), ${DEGENERATE_ORDER}, is_degenerate(bits));
}
`;

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
  readonly isFused: boolean;
}

/**
 * The gradient's first half from a saved soft sample: the product of sample and cotangent of each chunk; no noise is
 * made. Tensors: `sample`, `cotangent`, and `output` when fused, `masses` when not.
 */
export function dotKernel(variant: DotVariant, tensors: readonly TensorBinding[]): Kernel {
  const { team, isFused } = variant;
  return createKernel("dot", variant, tensors, "none", () => ({
    directives: teamDirectives(team),
    functions: [
      entryWgsl(team),
      rowsWgsl(true),
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
      let bits = load_sample(at + j * params.inner);
      if (is_degenerate(bits)) { total.top = ${DEGENERATE_ORDER}; }
      if ((bits & 0x7fffffffu) != 0u) {
        dot = fma(bitcast<f32>(bits), cotangent_at(at + j * params.inner), dot);
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
