// How invocations share the work on rows: alone, or as a workgroup that reduces over its lanes. WGSL text only.

/**
 * Who works on one chunk of one row: a single invocation, a workgroup that is exactly one subgroup, or a workgroup that
 * reduces through its own memory.
 */
export interface Team {
  readonly kind: "invocation" | "subgroup" | "workgroup";
  /** Invocations of a workgroup. */
  readonly workgroupSize: number;
}

/** Lanes that work on one chunk together. */
export function lanesOf({ kind, workgroupSize }: Team): number {
  return kind === "invocation" ? 1 : workgroupSize;
}

/**
 * Directives of a text with subgroup operations. Loops whose trip count depends on data may hold some: what they give
 * there is relied upon for nothing but skipping work.
 */
export const SUBGROUP_DIRECTIVES = "enable subgroups;\ndiagnostic(off, subgroup_uniformity);\n";

/** Directives that the text of a team must start with. */
export function teamDirectives({ kind }: Team): string {
  return kind === "subgroup" ? SUBGROUP_DIRECTIVES : "";
}

/**
 * `LANES`, `struct Job`, and the entry point `main`, which finds its job and calls `fn work(job: Job)`. Jobs of lone
 * invocations go through rows first, so that neighbours touch neighbouring elements.
 */
export function entryWgsl(team: Team): string {
  const { kind, workgroupSize } = team;
  const alone = kind === "invocation";
  return /* wgsl */ `
const LANES = ${lanesOf(team)}u;
struct Job { row: u32, chunk: u32, lane: u32 }
@compute @workgroup_size(${workgroupSize})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  read_params();
  let workgroup = group.x + groups.x * group.y;
  ${
    alone
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
export function reduceWgsl(team: Team, { type, fields, merge }: Reduction): string {
  const lower = type.toLowerCase();
  const signature = `fn reduce_${lower}(mine: ${type}, lane: u32) -> ${type}`;
  const lanes = lanesOf(team);
  if (lanes === 1) return `${signature} { return mine; }\n`;
  if (team.kind === "subgroup") {
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
  // Says that it is the same for all, so that what follows from it may hold barriers.
  return workgroupUniformLoad(&${shared}[0]);
}
`;
}
