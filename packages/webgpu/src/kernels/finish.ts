// Soft samples and their gradients, second half: weights become probabilities, or gradients.
import { createKernel, type Kernel } from "./kernel.ts";
import { isSoundWgsl, MASS, massWgsl } from "./mass.ts";
import { rowsWgsl } from "./rows.ts";
import { entryWgsl, reduceWgsl, type Team, teamDirectives } from "./team.ts";
import type { TensorBinding } from "./tensors.ts";

/** How {@link finishRowWgsl} reads and writes. */
export interface FinishRow {
  /** The tensor that holds the weights. */
  readonly place: "output" | "weights" | "sample";
  /** The tensor that gets the result, often the same. */
  readonly target: "output" | "weights";
  readonly isGradient: boolean;
  /** The weights are a saved sample, already of sum 1. */
  readonly isSaved: boolean;
}

/**
 * `fn finish_row(row: u32, mass: Mass, total: Mass, first: u32, end: u32, adds: bool)`: the results of a lane's elements
 * of a row, whose weights are relative to `mass.top` and whose whole mass is `total`. A gradient is added to what is
 * there when `adds`; it goes to the row of the logits. Rows are local to the dispatch.
 */
export function finishRowWgsl({ place, target, isGradient, isSaved }: FinishRow): string {
  const saved = place === "sample" ? "row + params.first_row" : "row";
  const probability = isSaved ? "w" : "min(w * scale, 1f)";
  const result = isGradient
    ? /* wgsl */ `
  let c = cotangent_at(place_of(finish.cotangent, j));
  // exactly 0 where the probability is, whatever the cotangent holds there
  var value = select((c - finish.mean) * params.gain_a * params.gain_b * y, 0f, y == 0f);
  if (finish.adds) { value += bitcast<f32>(load_${target}(place_of(finish.to, j))); }`
    : "let value = y;";
  // Four at a time, whose loads do not wait for one another.
  const four = (statement: (j: string, c: string) => string): string =>
    ["x", "y", "z", "w"].map((c) => statement(`j.${c}`, c)).join("\n    ");
  return /* wgsl */ `
struct Finish { source: u32, cotangent: u32, to: u32, is_empty: bool, scale: f32, mean: f32, adds: bool }
fn finished(finish: Finish, j: u32, bits: u32) -> u32 {
  let scale = finish.scale;
  // A chunk of masks has no weights: what lies in their place is anything.
  let w = bitcast<f32>(select(bits, 0u, finish.is_empty));
  let y = ${probability};
  ${result}
  return bitcast<u32>(value);
}
fn finish_row(row: u32, mass: Mass, total: Mass, first: u32, end: u32, adds: bool) {
  let source = row_start(${saved});
  let to = ${isGradient ? "logits_start(row)" : "source"};
  if (!is_sound(total.top)) {
    for (var j = first; j < end; j += LANES) { store_${target}(place_of(to, j), 0x7fc00000u); }
    return;
  }
  let finish = Finish(
    source,
    ${isGradient ? "row_start(row + params.first_row)" : "0u"},
    to,
    mass.top == 0u,
    ${isSaved ? "1f" : "rescale(mass.top, total.top) / total.sum"},
    ${isGradient ? `total.dot${isSaved ? "" : " / total.sum"}` : "0f"},
    adds,
  );
  var base = first;
  for (; base + 3u * LANES < end; base += 4u * LANES) {
    let j = quad_at(base);
    let bits = vec4(${four((j) => `load_${place}(place_of(source, ${j})),`)});
    ${four((j, c) => `store_${target}(place_of(to, ${j}), finished(finish, ${j}, bits.${c}));`)}
  }
  for (var j = base; j < end; j += LANES) {
    store_${target}(place_of(to, j), finished(finish, j, load_${place}(place_of(source, j))));
  }
}
`;
}

/** `fn cotangent_at(index: u32) -> f32`: a cotangent with the first part of the gain. */
export const cotangentAtWgsl: string = /* wgsl */ `
fn cotangent_at(index: u32) -> f32 {
  let bits = load_cotangent(index);
  // A subnormal number would be read as 0, and 1/temperature can make it count: its integer is m·2⁻¹⁴⁹.
  let m = f32(bits & 0x7fffffu) * params.gain_first * 0x1p-100f * 0x1p-49f;
  let subnormal = select(m, -m, (bits >> 31u) != 0u);
  return select(bitcast<f32>(bits) * params.gain_first, subnormal, (bits & 0x7f800000u) == 0u);
}
`;

/** Variant of {@link finishKernel}. */
export interface FinishVariant extends Omit<FinishRow, "target"> {
  readonly team: Team;
  /** Whether a row's elements follow one another. */
  readonly hasUnitStep: boolean;
}

/**
 * Results of each chunk of each row, from the weights and masses of `weighKernel` or `dotKernel`. For gradients the jobs
 * are rows of the logits, and each sums over the params' `samples`. Tensors: `weights` or `sample` (unless the weights
 * are in the output), `cotangent` for gradients, `masses`, `output`.
 */
export function finishKernel(variant: FinishVariant, tensors: readonly TensorBinding[]): Kernel {
  const { team, hasUnitStep, place, isGradient, isSaved } = variant;
  return createKernel("finish", variant, tensors, "none", () => ({
    directives: teamDirectives(team),
    functions: [
      entryWgsl(team),
      rowsWgsl(hasUnitStep),
      massWgsl,
      isSoundWgsl,
      reduceWgsl(team, MASS),
      isGradient ? cotangentAtWgsl : "",
      finishRowWgsl({ place, target: "output", isGradient, isSaved }),
      /* wgsl */ `
fn load_mass(row: u32, chunk: u32) -> Mass {
  let slot = 3u * (row * params.chunks + chunk);
  return Mass(load_masses(slot), bitcast<f32>(load_masses(slot + 1u)), bitcast<f32>(load_masses(slot + 2u)));
}
fn work(job: Job) {
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.classes);
  for (var sample = 0u; sample < params.samples; sample++) {
    let row = sample * params.rows + job.row;
    var total = Mass(0u, 0f, 0f);
    for (var c = job.lane; c < params.chunks; c += LANES) { total = merge_mass(total, load_mass(row, c)); }
    total = reduce_mass(total, job.lane);
    finish_row(row, load_mass(row, job.chunk), total, begin + job.lane, end, params.accumulate != 0u || sample > 0u);
  }
}
`,
    ],
  }));
}
