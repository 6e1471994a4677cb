// The bound of each row: a key that at least as many elements reach as are needed.
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { entryWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import { SEGMENTS } from "./peaks-kernel.ts";

/** What a bound is besides a rank, in WGSL. */
export interface BoundOf {
  /** Names it, uniquely. */
  readonly name: string;
  /** `fn rank_of(row: u32) -> u32`: how many elements must reach the bound; 0: as few as there may be. */
  readonly rank: string;
  /** `fn bound_of(row: u32, ranked: u32, peak: u32) -> u32`: the bound, from that of the rank and the largest peak. */
  readonly bound: string;
}

/** Words of a row in the tensor `gathered`: elements, key of the largest, mass (hi, lo). */
export const GATHERED_WORDS = 4;
/** Words of a row in the tensor `bounds`: the bound, and the largest peak. */
export const BOUND_WORDS = 2;

/** Bits of a key that are found: enough for a 65,536th of the distance between the peaks. */
const ROUNDS = 16;

/** Clears `gathered` as well. Tensors: `peaks`, `bounds`, `gathered`, and those of the rule. */
export function boundKernel(
  group: ThreadGroup,
  { name, rank, bound }: BoundOf,
  tensors: readonly TensorBinding[],
): Kernel {
  return createKernel(`bound-${name}`, { group }, tensors, () => ({
    functions: [
      entryWgsl(group),
      rank,
      bound,
      /* wgsl */ `
var<workgroup> counts: array<atomic<u32>, ${ROUNDS}>;
var<workgroup> known: atomic<u32>;
var<workgroup> largest: atomic<u32>;
var<workgroup> smallest_inverted: atomic<u32>;
fn work(job: Job) {
  let first = job.row * ${SEGMENTS}u + job.lane;
  let end = (job.row + 1u) * ${SEGMENTS}u;
  var count = 0u;
  var most = 0u;
  var least = 0xffffffffu;
  for (var at = first; at < end; at += LANES) {
    let peak = load_peaks(at);
    count += u32(peak != 0u);
    most = max(most, peak);
    least = min(least, select(peak, 0xffffffffu, peak == 0u));
  }
  atomicAdd(&known, count);
  atomicMax(&largest, most);
  atomicMax(&smallest_inverted, ~least);
  workgroupBarrier();
  let peak = atomicLoad(&largest);
  // The largest key that enough peaks reach, bit by bit from where they differ; it may be a little too small.
  let rank = rank_of(job.row);
  let same = countLeadingZeros(peak ^ ~atomicLoad(&smallest_inverted));
  var ranked = select(peak & ~(0xffffffffu >> min(same, 31u)), peak, same >= 32u);
  for (var bit = 0u; bit < ${ROUNDS}u; bit++) {
    let next = select(ranked, ranked | (0x80000000u >> min(same + bit, 31u)), same + bit < 32u);
    count = 0u;
    for (var at = first; at < end; at += LANES) { count += u32(load_peaks(at) >= next); }
    atomicAdd(&counts[bit], count);
    workgroupBarrier();
    if (atomicLoad(&counts[bit]) >= rank) { ranked = next; }
  }
  if (atomicLoad(&known) < rank) { ranked = 0u; }
  if (job.lane == 0u) {
    store_bounds(${BOUND_WORDS}u * job.row, bound_of(job.row, ranked, peak));
    store_bounds(${BOUND_WORDS}u * job.row + 1u, peak);
    for (var word = 0u; word < ${GATHERED_WORDS}u; word++) { store_gathered(${GATHERED_WORDS}u * job.row + word, 0u); }
  }
}
`,
    ],
  }));
}
