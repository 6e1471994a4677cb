// Soft samples and their gradients, first half: the weights of each chunk of each row, relative to a reference of the
// chunk's own, and the chunk's mass. Where a row is one chunk, the second half follows at once.
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import { EXTREMES, extremesWgsl } from "./extremes.ts";
import { cotangentAtWgsl, finishRowWgsl } from "./finish.ts";
import { createKernel, type Kernel, type NoiseVariant } from "./kernel.ts";
import { isSoundWgsl, massWgsl } from "./mass.ts";
import { SUMMED, storeMass } from "./masses.ts";
import { pairWgsl } from "./pairs.ts";
import { blockAtWgsl, noiseAtWgsl, seenWgsl } from "./perturb.ts";
import { rowsWgsl } from "./rows.ts";
import { entryWgsl, type Reduction, reduceWgsl, type Team, teamDirectives } from "./team.ts";
import type { TensorBinding } from "./tensors.ts";

/** Variant of {@link weighKernel}. */
export interface WeighVariant {
  readonly team: Team;
  readonly noise: NoiseVariant;
  readonly hasUnitStep: boolean;
  /**
   * Whether a guess of the chunk's maximum, its first logits, is tried as the reference: then one pass suffices. It is
   * good enough where the maximum lies within the params' `reach`; elsewhere the weights are made again.
   */
  readonly isGuessed: boolean;
  /**
   * At temperature 1 guessed weights are `exp(logit)/E` with `E = −log u`: the second logarithm is not needed.
   */
  readonly isRace: boolean;
  /** Whether the products with a cotangent are summed too. */
  readonly isGradient: boolean;
  /** Whether a row is one chunk and gets its result here. */
  readonly isFused: boolean;
}

const SUMS: Reduction = { type: "Sums", fields: ["sum", "dot", "most"], merge: "add_sums" };

/** Sums of weights, of their products with the cotangent, and the bits of its largest magnitude. */
const sumsWgsl: string = /* wgsl */ `
struct Sums { sum: f32, dot: f32, most: u32 }
fn add_sums(a: Sums, b: Sums) -> Sums { return Sums(a.sum + b.sum, a.dot + b.dot, max(a.most, b.most)); }
`;

const FOUR = ["x", "y", "z", "w"];

/** Tensors: `logits`, `cotangent` for gradients, `output` or `weights` (the weights' place), `masses` unless fused. */
export function weighKernel(variant: WeighVariant, tensors: readonly TensorBinding[]): Kernel {
  const { team, noise, hasUnitStep, isGuessed, isGradient, isFused } = variant;
  const place = tensors.some(({ name }) => name === "weights") ? "weights" : "output";
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
      isGradient ? cotangentAtWgsl : "",
      isFused ? finishRowWgsl({ place, target: place, isGradient, isSaved: false }) : "",
      partWgsl,
      seenWgsl(noise),
      weighWgsl,
      isGuessed ? guessWgsl(variant, place) : "",
      exactWgsl(variant, place),
      /* wgsl */ `
fn work(job: Job) {
  let row = job.row + params.first_row;
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.classes);
  // Elements go by fours as long as every lane has four.
  let fours = begin + (end - begin) / (4u * LANES) * (4u * LANES);
  let part = Part(logits_start(row), row_start(job.row), row_start(row), row_counter(row), begin, fours, end, job.lane);
  ${
    isGuessed
      ? `var mass = weigh_by_guess(part);
  if (mass.top == 0u) { mass = weigh_exactly(part); }`
      : "let mass = weigh_exactly(part);"
  }
  ${isFused ? "finish_row(job.row, mass, mass, begin + job.lane, end, false);" : storeMass}
}
`,
    ],
  }));
}

/** A chunk: where its row starts in the tensors, and its categories. */
const partWgsl: string = /* wgsl */ `
struct Part {
  logits: u32, place: u32, cotangent: u32, counter: vec2<u32>, begin: u32, fours: u32, end: u32, lane: u32,
}
`;

/** `weighed_of_2`, `weighed_of_4`, `weighed`: weights of perturbed logits relative to a reference. */
const weighWgsl: string = /* wgsl */ `${pairWgsl({
  name: "weighed",
  result: "f32",
  shared: ["half_top: f32"],
  each: ["bits"],
  body: `let near = weight_of_2(fma(vec2(0.5f), bitcast<vec2<f32>>(bits), vec2(half_top)));
  return select(near, vec2(0f), bits == vec2(0xff800000u));`,
})}
fn weighed(half_top: f32, bits: u32) -> f32 {
  return select(weight(fma(0.5f, bitcast<f32>(bits), half_top)), 0f, is_masked(bits));
}
`;

/**
 * `fn weigh_by_guess(part: Part) -> Mass`: weights and mass in one pass over the logits, relative to the first logits
 * that are not masked. Of order 0 where that is not good enough, or where there are none.
 */
function guessWgsl({ isRace, isGradient }: WeighVariant, place: string): string {
  const one = isRace
    ? "let w = weighed(half_top, bits) / exponential_of(block_at(part.counter, j));"
    : "let w = weighed(half_top, bits);";
  const seen = (width: string): string =>
    isRace ? "logit_bits" : `seen${width}(part.counter, j, logit_bits)`;
  const quad = isRace
    ? "let w = raced_of_4(half_top, part.counter, j, bits);"
    : "let w = weighed_of_4(half_top, bits);";
  // No product with a cotangent, nor a sum of them, may reach 2¹²⁷: the sum of the weights is larger than each.
  const isWithin = isGradient ? " && (bitcast<u32>(total.sum) >> 23u) + (total.most >> 23u) < 370u" : "";
  return /* wgsl */ `${
    isRace
      ? pairWgsl({
          name: "raced",
          result: "f32",
          shared: ["half_top: f32", "counter: vec2<u32>"],
          each: ["j", "bits"],
          body: "return weighed_of_2(half_top, bits) / exponential_of_2(blocks_at(counter, j));",
        })
      : ""
  }
fn weigh_by_guess(part: Part) -> Mass {
  var first = NOTHING_SEEN;
  for (var base = part.begin; base < part.fours; base += 4u * LANES) {
    let j = quad_at(base + part.lane);
    first = see_4(first, ${loadsOf("logits", "part.logits")});
    if (top_of(first) != 0u) { break; }
  }
  let guess = top_of(reduce_extremes(first, part.lane));
  var extremes = NOTHING_SEEN;
  var total = Sums(0f, 0f, 0u);
  if (is_sound(guess)) {
    let half_top = -0.5f * bitcast<f32>(bits_of_order(guess));
    ${addUp(
      `let logit_bits = ${loadsOf("logits", "part.logits")};
        let bits = ${seen("_of_4")};
        extremes = see_4(extremes, bits);
        ${quad}`,
      `let logit_bits = load_logits(place_of(part.logits, j));
      let bits = ${seen("")};
      extremes = see(extremes, bits);
      ${one}`,
      isGradient,
      place,
    )}
  }
  let top = top_of(reduce_extremes(extremes, part.lane));
  total = reduce_sums(total, part.lane);
  if (!is_sound(guess) || top == ${DEGENERATE_ORDER}) {
    return Mass(select(0u, ${DEGENERATE_ORDER}, top == ${DEGENERATE_ORDER} || guess == ${DEGENERATE_ORDER}), 0f, 0f);
  }
  let half = half_distance(bits_of_order(top), guess);
  return Mass(select(0u, guess, half <= params.reach${isWithin}), total.sum, total.dot);
}
`;
}

/** `fn weigh_exactly(part: Part) -> Mass`: the maximum in a first pass, weights relative to it and the mass in a second. */
function exactWgsl({ noise, isGradient }: WeighVariant, place: string): string {
  // Perturbed logits wait in the weights' place.
  const isKept = noise !== "none";
  const keep = (statement: string): string => (isKept ? statement : "");
  const [source, start] = isKept ? [place, "part.place"] : ["logits", "part.logits"];
  return /* wgsl */ `
fn weigh_exactly(part: Part) -> Mass {
  var extremes = NOTHING_SEEN;
  for (var base = part.begin; base < part.fours; base += 4u * LANES) {
    let j = quad_at(base + part.lane);
    let bits = seen_of_4(part.counter, j, ${loadsOf("logits", "part.logits")});
    ${keep(storesOf(place, "bits"))}
    extremes = see_4(extremes, bits);
  }
  for (var j = part.fours + part.lane; j < part.end; j += LANES) {
    let bits = seen(part.counter, j, load_logits(place_of(part.logits, j)));
    ${keep(`store_${place}(place_of(part.place, j), bits);`)}
    extremes = see(extremes, bits);
  }
  let top = top_of(reduce_extremes(extremes, part.lane));
  var total = Sums(0f, 0f, 0u);
  if (is_sound(top)) {
    let half_top = -0.5f * bitcast<f32>(bits_of_order(top));
    ${addUp(
      `let bits = ${loadsOf(source, start)};
        let w = weighed_of_4(half_top, bits);`,
      `let bits = load_${source}(place_of(${start}, j));
      let w = weighed(half_top, bits);`,
      isGradient,
      place,
    )}
  }
  total = reduce_sums(total, part.lane);
  return Mass(top, total.sum, total.dot);
}
`;
}

/** Goes through a chunk, stores the weights `w` that the statements make of the categories `j`, and sums into `total`. */
function addUp(quad: string, one: string, isGradient: boolean, place: string): string {
  const dots = FOUR.map((c) => addDot(`w.${c}`, `j.${c}`)).join("\n        ");
  return /* wgsl */ `for (var block = part.begin; block < part.fours; block += ${SUMMED}u * LANES) {
      var sums = Sums(0f, 0f, 0u);
      for (var base = block; base < min(part.fours, block + ${SUMMED}u * LANES); base += 4u * LANES) {
        let j = quad_at(base + part.lane);
        ${quad}
        let weights = bitcast<vec4<u32>>(w);
        ${storesOf(place, "weights")}
        sums.sum += (w.x + w.y) + (w.z + w.w);
        ${isGradient ? dots : ""}
      }
      total = add_sums(total, sums);
    }
    for (var j = part.fours + part.lane; j < part.end; j += LANES) {
      ${one}
      store_${place}(place_of(part.place, j), bitcast<u32>(w));
      var sums = Sums(w, 0f, 0u);
      ${isGradient ? addDot("w", "j") : ""}
      total = add_sums(total, sums);
    }`;
}

function loadsOf(tensor: string, start: string): string {
  return `vec4(${FOUR.map((c) => `load_${tensor}(place_of(${start}, j.${c}))`).join(", ")})`;
}

function storesOf(place: string, value: string): string {
  return FOUR.map((c) => `store_${place}(place_of(part.place, j.${c}), ${value}.${c});`).join("\n        ");
}

/** Adds a weight's product with its cotangent, which is not looked at where the weight is 0. */
function addDot(weight: string, category: string): string {
  return `if (${weight} != 0f) {
          let c = cotangent_at(place_of(part.cotangent, ${category}));
          sums.dot = fma(${weight}, c, sums.dot);
          sums.most = max(sums.most, bitcast<u32>(c) & 0x7fffffffu);
        }`;
}
