// The gradient's first half from a saved soft sample: products of sample and cotangent; no noise is made.
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import { cotangentAtWgsl, finishRowWgsl } from "./finish.ts";
import { createKernel, type Kernel } from "./kernel.ts";
import { isSoundWgsl, MASS, massWgsl } from "./mass.ts";
import { SUMMED, storeMass } from "./masses.ts";
import { rowsWgsl } from "./rows.ts";
import { entryWgsl, reduceWgsl, type Team, teamDirectives } from "./team.ts";
import type { TensorBinding } from "./tensors.ts";

/** Variant of {@link dotKernel}. */
export interface DotVariant {
  readonly team: Team;
  /** Whether a row's elements follow one another. */
  readonly hasUnitStep: boolean;
  readonly isFused: boolean;
}

/**
 * The gradient's first half from a saved soft sample: the product of sample and cotangent of each chunk; no noise is
 * made. Tensors: `sample`, `cotangent`, and `output` when fused, `masses` when not.
 */
export function dotKernel(variant: DotVariant, tensors: readonly TensorBinding[]): Kernel {
  const { team, hasUnitStep, isFused } = variant;
  return createKernel("dot", variant, tensors, "none", () => ({
    directives: teamDirectives(team),
    functions: [
      entryWgsl(team),
      rowsWgsl(hasUnitStep),
      massWgsl,
      isSoundWgsl,
      reduceWgsl(team, MASS),
      cotangentAtWgsl,
      isFused ? finishRowWgsl({ place: "sample", target: "output", isGradient: true, isSaved: true }) : "",
      /* wgsl */ `
fn work(job: Job) {
  let at = row_start(job.row + params.first_row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.classes);
  // Every sound chunk has the same reference, so that merging adds.
  var total = Mass(0x80000000u, 0f, 0f);
  for (var block = begin + job.lane; block < end; block += LANES * ${SUMMED}u) {
    var dot = 0f;
    for (var j = block; j < min(end, block + LANES * ${SUMMED}u); j += LANES) {
      let bits = load_sample(place_of(at, j));
      if (is_degenerate(bits)) { total.top = ${DEGENERATE_ORDER}; }
      if ((bits & 0x7fffffffu) != 0u) {
        dot = fma(bitcast<f32>(bits), cotangent_at(place_of(at, j)), dot);
      }
    }
    total.dot += dot;
  }
  let mass = reduce_mass(total, job.lane);
  ${isFused ? "finish_row(job.row, mass, mass, begin + job.lane, end, false);" : storeMass}
}
`,
    ],
  }));
}
