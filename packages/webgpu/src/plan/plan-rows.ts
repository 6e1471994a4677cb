// How the rows of a call are shared out: which team works on a chunk, and into how many chunks a row is cut. Pure
// arithmetic on shapes and what the device can do; touches no GPU.
import type { Team } from "../kernels/team.ts";
import { lanesOf } from "../kernels/team.ts";
import type { GpuFacts } from "./gpu-facts.ts";

/** The work on rows. */
export interface RowPlan {
  readonly team: Team;
  /** Chunks of each row, at least 1. */
  readonly chunks: number;
  /** Categories of each chunk but the last. */
  readonly chunkLength: number;
}

/** What is planned. */
export interface RowWork {
  /** Rows, samples included. */
  readonly rows: number;
  readonly classes: number;
  readonly inner: number;
}

/** Subgroups up to this size are those of a CPU's SIMD unit: workgroups run one by one on few cores. */
const SOFTWARE_SUBGROUP = 8;
/**
 * Rows up to this length are read by one invocation each. On a CPU a workgroup costs as much as some hundred elements;
 * a GPU would read rows side by side, each from far away.
 */
const SHORT_ROW = { hardware: 16, software: 256 };
/** Below this length a row is no work for a workgroup of several subgroups. */
const WORKGROUP_ROW = 1024;
/** Jobs that keep a device busy: some for each of up to 150 multiprocessors, or a few for each core. */
const BUSY_JOBS = { hardware: 512, software: 32 };
/** Invocations that keep a GPU busy when each works alone. */
const BUSY_INVOCATIONS = 16_384;
/** Fewer elements than this a lane are not worth a chunk of their own, nor a second dispatch. */
const SHORTEST_LANE = 8;
/** Fewer elements than this are not worth a job of one subgroup on a CPU, or of one invocation. */
const SHORTEST_CHUNK = 512;
/** Invocations of a workgroup whose invocations work alone; a multiple of every GPU's subgroup. */
const LONE_WORKGROUP = 64;

/** Plans reductions over rows. */
export function planRows({ rows, classes, inner }: RowWork, facts: GpuFacts): RowPlan {
  const team = teamFor({ rows, classes, inner }, facts);
  const lanes = lanesOf(team);
  const isSoftware = isSoftwareGpu(facts);
  const busy =
    team.kind === "invocation" && !isSoftware
      ? BUSY_INVOCATIONS
      : isSoftware
        ? BUSY_JOBS.software * (team.kind === "invocation" ? team.workgroupSize : 1)
        : BUSY_JOBS.hardware;
  const shortest =
    team.kind === "workgroup" || !isSoftware ? Math.max(lanes * SHORTEST_LANE, 64) : SHORTEST_CHUNK;
  const wanted = Math.ceil(busy / Math.max(1, rows));
  const most = Math.ceil(classes / shortest);
  const chunkLength = Math.ceil(classes / Math.max(1, Math.min(wanted, most)));
  return { team, chunks: Math.max(1, Math.ceil(classes / chunkLength)), chunkLength };
}

/** The team for chunks of rows. Neighbouring invocations read neighbouring elements wherever that is possible. */
function teamFor({ classes, inner }: RowWork, facts: GpuFacts): Team {
  const { subgroupSize, maxWorkgroupSize } = facts;
  const isSoftware = isSoftwareGpu(facts);
  if (inner > 1 || classes <= SHORT_ROW[isSoftware ? "software" : "hardware"]) return loneTeam(facts);
  const isShort = isSoftware || classes <= WORKGROUP_ROW;
  if (subgroupSize !== undefined && isShort) return { kind: "subgroup", workgroupSize: subgroupSize };
  return {
    kind: "workgroup",
    workgroupSize: Math.min(classes <= WORKGROUP_ROW ? 64 : 256, maxWorkgroupSize),
  };
}

/** Invocations that work alone. */
export function loneTeam({ maxWorkgroupSize }: GpuFacts): Team {
  return { kind: "invocation", workgroupSize: Math.min(LONE_WORKGROUP, maxWorkgroupSize) };
}

/** Whether the GPU is a CPU. */
export function isSoftwareGpu({ subgroupSize }: GpuFacts): boolean {
  return subgroupSize !== undefined && subgroupSize <= SOFTWARE_SUBGROUP;
}
