// How the rows of a call are shared out: which thread group works on a chunk, and into how many chunks a row is cut. Pure
// arithmetic on shapes and what the device can do; touches no GPU.
import { laneCount, type ThreadGroup } from "../shader/thread-group.ts";
import type { GpuFacts } from "./gpu-facts.ts";

/** The work on rows. */
export interface RowPlan {
  readonly group: ThreadGroup;
  /** Chunks of each row, at least 1. */
  readonly chunks: number;
  /** Categories of each chunk but the last. */
  readonly chunkLength: number;
}

/** What is planned. */
export interface RowWork {
  /** Rows, samples included. */
  readonly rows: number;
  readonly categories: number;
  readonly inner: number;
}

/** The numbers that sharing out depends on. */
export interface RowTuning {
  /** Rows up to this length are read by one thread each; longer ones are read by neighbours side by side. */
  readonly shortRow: number;
  /** Up to this length a row is no work for a workgroup of several subgroups. */
  readonly workgroupRow: number;
  /** Sizes of workgroups that reduce through their memory, for rows up to 1024 and longer ones. */
  readonly workgroupSizes: readonly [number, number];
  /** Sizes of workgroups that sort. */
  readonly sortWorkgroup: number;
  /** Segments of a row that is gathered from, at least; a power of two. */
  readonly fewestSegments: number;
  /** Elements of a row's sketch beside its peaks. With half as many one window in 200 of a row by Zipf's law misses its cut. */
  readonly sketched: number;
  /** Jobs that keep a device busy, and jobs of single threads. */
  readonly busyJobs: number;
  readonly busyThreads: number;
  /** Shortest chunk of a job that is not a workgroup's; undefined: as for workgroups. */
  readonly shortestChunk?: number;
}

/** A GPU: some jobs for each of up to 150 multiprocessors. */
export const HARDWARE_TUNING: RowTuning = {
  shortRow: 16,
  workgroupRow: 1024,
  workgroupSizes: [64, 256],
  sortWorkgroup: 256,
  // A thread for each, so that one row keeps some multiprocessors busy.
  fewestSegments: 1024,
  sketched: 8192,
  busyJobs: 512,
  busyThreads: 16_384,
};

/** Fewer elements than this a lane are not worth a chunk of their own, nor a second dispatch. */
const SHORTEST_LANE = 8;
/** Nor are fewer than this a chunk. */
const SHORTEST_CHUNK = 64;
/** Threads of a workgroup that work alone; a multiple of every GPU's subgroup. */
const SINGLE_THREADS = 64;

/** Plans reductions over rows. */
export function planRows({ rows, categories, inner }: RowWork, facts: GpuFacts): RowPlan {
  const { tuning } = facts;
  const group = groupFor({ rows, categories, inner }, facts);
  const busy = group.kind === "single-thread" ? tuning.busyThreads : tuning.busyJobs;
  const ofLanes = Math.max(laneCount(group) * SHORTEST_LANE, SHORTEST_CHUNK);
  const shortest = tuning.shortestChunk ?? ofLanes;
  const wanted = Math.ceil(busy / Math.max(1, rows));
  const most = Math.ceil(categories / shortest);
  const chunkLength = Math.ceil(categories / Math.max(1, Math.min(wanted, most)));
  return { group, chunks: Math.max(1, Math.ceil(categories / chunkLength)), chunkLength };
}

/** The group for chunks of rows. Neighbouring threads read neighbouring elements wherever that is possible. */
function groupFor({ categories, inner }: RowWork, facts: GpuFacts): ThreadGroup {
  const { subgroupSize, maxWorkgroupSize, tuning } = facts;
  if (inner > 1 || categories <= tuning.shortRow) return singleThread(facts);
  if (subgroupSize !== undefined && categories <= tuning.workgroupRow) {
    return { kind: "subgroup", workgroupSize: subgroupSize };
  }
  const [shorter, longer] = tuning.workgroupSizes;
  const size = categories <= HARDWARE_TUNING.workgroupRow ? shorter : longer;
  return { kind: "workgroup", workgroupSize: Math.min(size, maxWorkgroupSize) };
}

/** Threads that work alone. */
export function singleThread({ maxWorkgroupSize }: GpuFacts): ThreadGroup {
  return { kind: "single-thread", workgroupSize: Math.min(SINGLE_THREADS, maxWorkgroupSize) };
}
