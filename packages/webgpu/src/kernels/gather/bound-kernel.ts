// The bound of each row: a place in its ranking that at least as many elements reach as are needed.
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { entryWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import { rankedKeyWgsl, rankedPlaceWgsl } from "./ranked-key.ts";

/** What a bound is besides a rank, in WGSL. */
export interface BoundOf {
  /** Names it, uniquely. */
  readonly name: string;
  /** `fn rank_of(row: u32) -> u32`: how many elements must reach the bound; 0: as few as there may be. */
  readonly rank: string;
  /**
   * `fn bound_of(row: u32, ranked: vec2<u32>, peak: u32) -> vec2<u32>`: the bound, a key and the last index with that key, from
   * that of the rank and the largest peak.
   */
  readonly bound: string;
  /** Whether many elements may have the same key: then the bound of the rank tells them apart by their indices. */
  readonly hasTies: boolean;
}

/** Words of a row in the tensor `gathered`: elements, key of the largest, mass of all and of what is above a window (hi, lo). */
export const GATHERED_WORDS = 6;
/** Words of a row in the tensor `bounds`: the bound's key, the largest peak, the bound's index, and what else a window is. */
export const BOUND_WORDS = 5;

/** Clears `gathered` as well. Tensors: `peaks`, `bounds`, `gathered`, and those of the rule. */
export function boundKernel(
  group: ThreadGroup,
  { name, rank, bound, hasTies }: BoundOf,
  tensors: readonly TensorBinding[],
): Kernel {
  return createKernel(`bound-${name}`, { group }, tensors, () => ({
    functions: [
      entryWgsl(group),
      rank,
      bound,
      rankedKeyWgsl("load_peaks(at)"),
      hasTies ? rankedPlaceWgsl : "",
      /* wgsl */ `
var<workgroup> shared_rank: u32;
fn work(job: Job) {
  if (job.lane == 0u) { shared_rank = rank_of(job.row); }
  let rank = workgroupUniformLoad(&shared_rank);
  let first = job.row * params.segments;
  let ranked = ranked_key(first, first + params.segments, rank, job.lane);
  let place = ${hasTies ? "ranked_place(first, rank, ranked, job.lane)" : "vec2(ranked, 0xffffffffu)"};
  if (job.lane == 0u) {
    let peak = largest_key();
    let bound = bound_of(job.row, place, peak);
    store_bounds(${BOUND_WORDS}u * job.row, bound.x);
    store_bounds(${BOUND_WORDS}u * job.row + 1u, peak);
    store_bounds(${BOUND_WORDS}u * job.row + 2u, bound.y);
    store_bounds(${BOUND_WORDS}u * job.row + 3u, 0xffffffffu);
    store_bounds(${BOUND_WORDS}u * job.row + 4u, 0u);
    for (var word = 0u; word < ${GATHERED_WORDS}u; word++) { store_gathered(${GATHERED_WORDS}u * job.row + word, 0u); }
  }
}
`,
    ],
  }));
}
