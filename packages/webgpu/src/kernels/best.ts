// The largest perturbed logit of each row, or of each chunk of it: categorical samples and hard ones.
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import { createKernel, type Kernel, type NoiseVariant } from "./kernel.ts";
import { blockAtWgsl, noiseAtWgsl, seenWgsl } from "./perturb.ts";
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

/**
 * `fn best_of_chunk(start: u32, counter: vec2<u32>, begin: u32, end: u32, lane: u32) -> Best`: the best of a lane's share of
 * a chunk. Orders are signed here, by flipping their highest bit: CPUs compare only those. A lane goes through its
 * categories upwards, so that the first of equals stays.
 */
const denseWgsl: string = /* wgsl */ `
const NO_RANK = bitcast<i32>(0x80000000u);
struct Lead { rank: i32, category: u32, highest: i32, last: u32 }
fn rank_of_4(bits: vec4<u32>, z: vec4<u32>) -> vec4<i32> {
  let signed_z = bitcast<vec4<i32>>(select(z, vec4(0u), z == vec4(0x80000000u)));
  let rank = select(signed_z, signed_z ^ vec4(0x7fffffffi), signed_z < vec4(0i));
  return select(rank, vec4(NO_RANK), bits == vec4(0xff800000u));
}
fn lead_of_4(lead: Lead, j: vec4<u32>, bits: vec4<u32>, z: vec4<u32>) -> Lead {
  let rank = rank_of_4(bits, z);
  let signed_bits = bitcast<vec4<i32>>(bits);
  let xy = select(j.x, j.y, rank.y > rank.x);
  let zw = select(j.z, j.w, rank.w > rank.z);
  let of_xy = max(rank.x, rank.y);
  let of_zw = max(rank.z, rank.w);
  let of_4 = max(of_xy, of_zw);
  let category = select(xy, zw, of_zw > of_xy);
  return Lead(
    max(lead.rank, of_4),
    select(lead.category, category, of_4 > lead.rank),
    max(lead.highest, max(max(signed_bits.x, signed_bits.y), max(signed_bits.z, signed_bits.w))),
    max(lead.last, max(max(bits.x, bits.y), max(bits.z, bits.w))),
  );
}
fn best_of_chunk(start: u32, counter: vec2<u32>, begin: u32, end: u32, lane: u32) -> Best {
  // Elements go by fours as long as every lane has four; the others are masks' neighbours in a four of their own.
  let fours = begin + (end - begin) / (4u * LANES) * (4u * LANES);
  var lead = Lead(NO_RANK, 0xffffffffu, 0i, 0u);
  for (var base = begin; base < fours; base += 4u * LANES) {
    let j = quad_at(base + lane);
    let bits = vec4(load_logits(place_of(start, j.x)), load_logits(place_of(start, j.y)),
      load_logits(place_of(start, j.z)), load_logits(place_of(start, j.w)));
    lead = lead_of_4(lead, j, bits, seen_of_4(counter, j, bits));
  }
  for (var j = fours + lane; j < end; j += LANES) {
    let bits = vec4(load_logits(place_of(start, j)), vec3(0xff800000u));
    lead = lead_of_4(lead, vec4(j), bits, vec4(seen(counter, j, bits.x)));
  }
  // NaN or +∞: seen by the bits, whatever the sign.
  if (lead.highest >= 0x7f800000i || lead.last > 0xff800000u) { return Best(${DEGENERATE_ORDER}, 0u); }
  return Best(bitcast<u32>(lead.rank) ^ 0x80000000u, lead.category);
}
`;

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
      noise === "none" ? "" : blockAtWgsl + noiseAtWgsl(hasUnitStep),
      isLazy ? scanWgsl(team, hasSubgroups) : seenWgsl(noise) + denseWgsl,
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
      : "let best = best_of_chunk(start, counter, begin, end, job.lane);"
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
