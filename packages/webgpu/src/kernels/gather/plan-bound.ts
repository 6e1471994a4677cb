// Plans the first half of a gather: a bound that as many elements of each row reach as are needed, and few more.
import type { Planner, Use } from "../../plan/planner.ts";
import type { Params } from "../../shader/params.ts";
import type { ThreadGroup } from "../../shader/thread-group.ts";
import { BOUND_WORDS, type BoundOf, boundKernel, GATHERED_WORDS } from "./bound-kernel.ts";
import type { Elements } from "./elements.ts";
import { peaksKernel } from "./peaks-kernel.ts";

/** Elements that are kept of a row, at most: a workgroup sorts them. */
export const MOST_GATHERED = 1024;
/** Rows from this length on are gathered from: in shorter ones the list would take more memory than the logits and a half. */
export const SHORTEST_GATHERED = 2048;
/** The largest rank that a bound is made for: about 480 elements reach it, and every element is looked at. */
export const LARGEST_RANK = 384;

/** Most segments of a row. */
const MOST_SEGMENTS = 1024;

/** The peaks that are planned. */
export interface PeaksWork {
  readonly elements: Elements;
  /** Tensors of the elements. */
  readonly uses: readonly Use[];
  readonly params: Params;
  readonly rows: number;
  /** The largest rank. */
  readonly rank: number;
}

/** The bounds that are planned. */
export interface BoundWork extends PeaksWork {
  readonly rule: BoundOf;
  /** Tensors of the rule. */
  readonly ruleUses: readonly Use[];
}

/** How a bound for a rank is found. */
interface Sampling {
  /** Segments of a row. */
  readonly segments: number;
  /** Of so many elements one is looked at. */
  readonly every: number;
}

/**
 * Of S segments with the k largest peaks −S·ln(1 − k/S) elements reach the k-th peak; in a row that is larger than the sample as
 * many more, which must be well below {@link MOST_GATHERED}: at most 590 for S ≥ 4k, and 481 at the largest rank.
 */
function samplingOf(rank: number, fewestSegments: number): Sampling {
  const segments = Math.min(MOST_SEGMENTS, Math.max(fewestSegments, 4 * 2 ** Math.ceil(Math.log2(rank))));
  return { segments, every: rank <= 64 ? 8 : rank <= 128 ? 4 : rank <= 256 ? 2 : 1 };
}

/** Fills `bounds` and clears `gathered`. */
export function planBound(planner: Planner, { rule, ruleUses, ...work }: BoundWork): void {
  const { group, params } = planPeaks(planner, work, rule.hasTies);
  planner.step((bound) => boundKernel(group, rule, bound), {
    uses: [{ name: "peaks", access: "read" }, ...BOUND_USES, ...ruleUses],
    params,
    group,
    rows: work.rows,
    jobsPerRow: 1,
  });
}

/** What a kernel that makes bounds writes. */
export const BOUND_USES: readonly Use[] = [
  { name: "bounds", access: "read_write" },
  { name: "gathered", access: "read_write" },
];

/** Fills `peaks`, and says which group and params are for the kernel that makes bounds of them. */
export function planPeaks(
  planner: Planner,
  { elements, uses, params, rows, rank }: PeaksWork,
  hasPlaces: boolean,
): { readonly group: ThreadGroup; readonly params: Params } {
  const { maxWorkgroupSize, tuning } = planner.facts;
  const workgroupSize = Math.min(tuning.workgroupSizes[1], maxWorkgroupSize);
  const group: ThreadGroup = { kind: "workgroup", workgroupSize };
  const { segments, every } = samplingOf(rank, tuning.fewestSegments);
  // A workgroup costs as much as some hundred elements where it runs on a CPU.
  const chunkLength = Math.max(workgroupSize, tuning.shortestChunk === undefined ? 0 : segments / 8);
  const chunks = Math.ceil(segments / chunkLength);
  planner.scratch("peaks", (hasPlaces ? 2 : 1) * segments * rows);
  planner.scratch("bounds", BOUND_WORDS * rows);
  planner.scratch("gathered", GATHERED_WORDS * rows);
  planner.step((bound) => peaksKernel(group, elements, hasPlaces, bound), {
    uses: [...uses, { name: "peaks", access: "read_write" }],
    params: [params, { segments, chunks, chunk_length: chunkLength, segment_step: segments * every }],
    group,
    rows,
    jobsPerRow: chunks,
  });
  return { group, params: [params, { segments, chunks: 1 }] };
}
