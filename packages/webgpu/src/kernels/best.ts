// The largest perturbed logit of each row, or of each chunk of it: categorical samples and hard ones.
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import { createKernel, type Kernel, type NoiseVariant } from "./kernel.ts";
import { noiseAtWgsl, perturbWgsl } from "./perturb.ts";
import { rowsWgsl } from "./rows.ts";
import { scanWgsl } from "./scan.ts";
import {
  entryWgsl,
  type Reduction,
  reduceWgsl,
  SUBGROUP_DIRECTIVES,
  type Team,
  teamDirectives,
} from "./team.ts";
import type { TensorBinding } from "./tensors.ts";

/**
 * What becomes of the winners: pairs of (order, category) for a later kernel, categories alone, categories and their
 * perturbed logits, or one-hot rows.
 */
export type BestOutput = "pairs" | "indices" | "values" | "one-hot";

const BEST: Reduction = { type: "Best", fields: ["order", "category"], merge: "better" };

/** `struct Best`, order 0 standing for no category; `better` takes the lower category on a tie. */
const bestWgsl: string = /* wgsl */ `
struct Best { order: u32, category: u32 }
fn better(a: Best, b: Best) -> Best {
  let takes_b = b.order > a.order || (b.order == a.order && b.category < a.category);
  return Best(select(a.order, b.order, takes_b), select(a.category, b.category, takes_b));
}
`;

/** `fn finish(best: Best, job: Job)`: every lane calls it with the winner of a whole row (for pairs, of the chunk). */
function finishWgsl(output: BestOutput): string {
  if (output === "pairs") {
    return /* wgsl */ `
fn finish(best: Best, job: Job) {
  if (job.lane == 0u) {
    let at = 2u * (job.row * params.chunks + job.chunk);
    store_pairs(at, best.order);
    store_pairs(at + 1u, best.category);
  }
}
`;
  }
  if (output === "one-hot") {
    return /* wgsl */ `
fn finish(best: Best, job: Job) {
  let is_sound = best.order != 0u && best.order != ${DEGENERATE_ORDER};
  let cold = select(0x7fc00000u, 0u, is_sound);
  let hot = select(0x7fc00000u, 0x3f800000u, is_sound);
  let start = row_start(job.row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.classes);
  for (var j = begin + job.lane; j < end; j += LANES) {
    store_output(place_of(start, j), select(cold, hot, j == best.category));
  }
}
`;
  }
  const value = /* wgsl */ `
    // The first place of a row without a sound category is degenerate: NaN.
    store_output(job.row, select(0x7fc00000u, bits_of_order(best.order), is_sound));
    store_indices(job.row, category);`;
  return /* wgsl */ `
fn finish(best: Best, job: Job) {
  if (job.lane == 0u) {
    let is_sound = best.order != 0u && best.order != ${DEGENERATE_ORDER};
    let category = select(0xffffffffu, best.category, is_sound);
    ${output === "values" ? value : "store_output(job.row, category);"}
  }
}
`;
}

/** Variant of {@link bestKernel}. */
export interface BestVariant {
  readonly team: Team;
  readonly noise: NoiseVariant;
  readonly hasUnitStep: boolean;
  readonly output: BestOutput;
  /** Whether logarithms are taken only where they matter; needs noise and counters that follow one another. */
  readonly isLazy: boolean;
  /** Whether subgroup operations may be used. */
  readonly hasSubgroups: boolean;
}

/** Tensors: `logits`, then `pairs`, or `output` and for values `indices`. */
export function bestKernel(variant: BestVariant, tensors: readonly TensorBinding[]): Kernel {
  const { team, noise, hasUnitStep, output, isLazy, hasSubgroups } = variant;
  return createKernel("best", variant, tensors, noise, () => ({
    directives: isLazy && hasSubgroups ? SUBGROUP_DIRECTIVES : teamDirectives(team),
    functions: [
      entryWgsl(team),
      rowsWgsl(hasUnitStep),
      bestWgsl,
      reduceWgsl(team, BEST),
      noise === "none" ? "" : noiseAtWgsl(hasUnitStep),
      isLazy ? scanWgsl(team, hasSubgroups) : perturbWgsl(noise),
      finishWgsl(output),
      /* wgsl */ `
fn work(job: Job) {
  let row = job.row + params.first_row;
  let start = logits_start(row);
  let counter = row_counter(row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.classes);
  ${
    isLazy
      ? "let best = scan_chunk(start, counter, begin, end, job.lane);"
      : `let fours = begin + (end - begin) / (4u * LANES) * (4u * LANES);
  var best = Best(0u, 0xffffffffu);
  for (var base = begin; base < fours; base += 4u * LANES) {
    let j = quad_at(base + job.lane);
    let bits = vec4(${["x", "y", "z", "w"].map((c) => `load_logits(place_of(start, j.${c}))`).join(", ")});
    let z = ${noise === "none" ? "bits" : "bitcast<vec4<u32>>(bitcast<vec4<f32>>(bits) + gumbel_at_of_4(counter, j))"};
    ${["x", "y", "z", "w"].map((c) => `best = better(best, Best(order_among(bits.${c}, z.${c}), j.${c}));`).join("\n    ")}
  }
  for (var j = fours + job.lane; j < end; j += LANES) {
    best = better(best, Best(perturbed_order(load_logits(place_of(start, j)), counter, j), j));
  }`
  }
  finish(reduce_best(best, job.lane), job);
}
`,
    ],
  }));
}

/** Variant of {@link settleKernel}. */
export interface SettleVariant {
  readonly team: Team;
  /** Whether a row's elements follow one another. */
  readonly hasUnitStep: boolean;
  readonly output: Exclude<BestOutput, "pairs">;
}

/**
 * The best of each row's pairs. One-hot rows are written chunk by chunk, each job finding the row's winner again; other
 * outputs have one job a row. Tensors: `pairs`, `output`, and for values `indices`. The params' `candidates` is the
 * number of pairs a row.
 */
export function settleKernel(variant: SettleVariant, tensors: readonly TensorBinding[]): Kernel {
  const { team, hasUnitStep, output } = variant;
  return createKernel("settle", variant, tensors, "none", () => ({
    directives: teamDirectives(team),
    functions: [
      entryWgsl(team),
      rowsWgsl(hasUnitStep),
      bestWgsl,
      reduceWgsl(team, BEST),
      finishWgsl(output),
      /* wgsl */ `
fn work(job: Job) {
  var best = Best(0u, 0xffffffffu);
  for (var c = job.lane; c < params.candidates; c += LANES) {
    let at = 2u * (job.row * params.candidates + c);
    best = better(best, Best(load_pairs(at), load_pairs(at + 1u)));
  }
  finish(reduce_best(best, job.lane), job);
}
`,
    ],
  }));
}
