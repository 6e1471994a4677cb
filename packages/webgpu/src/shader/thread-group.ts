// How invocations share the work on rows: alone, or as a group that reduces over its lanes. WGSL text only.

/**
 * Who works on one chunk of one row: a single thread, a workgroup that is exactly one subgroup, or a workgroup that
 * reduces through its own memory.
 */
export interface ThreadGroup {
  readonly kind: "single-thread" | "subgroup" | "workgroup";
  /** Invocations of a workgroup. */
  readonly workgroupSize: number;
}

/** Lanes that work on one chunk together. */
export function laneCount({ kind, workgroupSize }: ThreadGroup): number {
  return kind === "single-thread" ? 1 : workgroupSize;
}

/**
 * Directives of a text with subgroup operations. Some stand in loops whose trip count depends on data: what they return
 * there decides only what is skipped.
 */
export const SUBGROUP_DIRECTIVES = "enable subgroups;\ndiagnostic(off, subgroup_uniformity);\n";

/** Directives that the text of a thread group must start with. */
export function directivesOf({ kind }: ThreadGroup): string {
  return kind === "subgroup" ? SUBGROUP_DIRECTIVES : "";
}

/**
 * `LANES`, `struct Job`, and the entry point `main`, which finds its job and calls `fn work(job: Job)`. Jobs of single
 * threads go through rows first, so that neighbours access neighbouring elements.
 */
export function entryWgsl(group: ThreadGroup): string {
  const { kind, workgroupSize } = group;
  return /* wgsl */ `
const LANES = ${laneCount(group)}u;
struct Job { row: u32, chunk: u32, lane: u32 }
@compute @workgroup_size(${workgroupSize})
fn main(
  @builtin(workgroup_id) id: vec3<u32>,
  @builtin(num_workgroups) grid: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  read_params();
  let workgroup = id.x + grid.x * id.y;
  ${
    kind === "single-thread"
      ? `let job = workgroup * ${workgroupSize}u + local;
  if (job >= params.jobs) { return; }
  work(Job(job % params.rows, job / params.rows, 0u));`
      : `if (workgroup >= params.jobs) { return; }
  work(Job(workgroup / params.chunks, workgroup % params.chunks, local));`
  }
}
`;
}

/** A WGSL struct of 32-bit scalars that lanes reduce: its name, its fields, and a commutative `merge(a, b)`. */
export interface Reduction {
  readonly type: string;
  readonly fields: readonly string[];
  readonly merge: string;
}

/** `fn reduce_<type>(mine: T, lane: u32) -> T`. Every lane gets the same result, and every lane must call it. */
export function reduceWgsl(group: ThreadGroup, { type, fields, merge }: Reduction): string {
  const lower = type.toLowerCase();
  const signature = `fn reduce_${lower}(mine: ${type}, lane: u32) -> ${type}`;
  const lanes = laneCount(group);
  if (lanes === 1) return `${signature} { return mine; }\n`;
  if (group.kind === "subgroup") {
    const steps = Array.from({ length: Math.log2(lanes) }, (_, i) => {
      const other = fields.map((field) => `subgroupShuffleXor(total.${field}, ${2 ** i}u)`).join(", ");
      return `total = ${merge}(total, ${type}(${other}));`;
    });
    return `${signature} {
  var total = mine;
  ${steps.join("\n  ")}
  return total;
}
`;
  }
  const shared = `shared_${lower}`;
  return /* wgsl */ `
var<workgroup> ${shared}: array<${type}, ${lanes}>;
${signature} {
  // The first barrier keeps a slow lane's read of the last result from this one's writes.
  workgroupBarrier();
  ${shared}[lane] = mine;
  for (var half = ${lanes / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { ${shared}[lane] = ${merge}(${shared}[lane], ${shared}[lane + half]); }
  }
  // A uniform load tells the compiler that all lanes have the same value, so that barriers may depend on it.
  return workgroupUniformLoad(&${shared}[0]);
}
`;
}
