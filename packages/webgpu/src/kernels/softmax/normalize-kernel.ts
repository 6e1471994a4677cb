// Soft samples and their gradients, second half: with a row's maximum m and Z = Σ exp((z_j − m)/τ), it computes
//   y_j = exp((z_j − m)/τ)/Z,  or the gradient  y_j·(c_j − Σ c·y)/τ.
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import { rowLayoutWgsl } from "../../shader/row-layout.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { directivesOf, entryWgsl, reduceWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import { DEGENERATE } from "../../wgsl/sortable-bits.ts";
import { loadPartialWgsl, PARTIAL, partialWgsl } from "./partial-softmax.ts";

/** How {@link normalizeRowWgsl} reads and writes. */
export interface NormalizeRow {
  /** The tensor that holds the weights. */
  readonly source: "output" | "weights";
  /** The tensor that gets the result, often the same. */
  readonly target: "output" | "weights";
  readonly isGradient: boolean;
}

const FOUR = ["x", "y", "z", "w"];

/**
 * `fn normalize_row(row: u32, partial: Partial, total: Partial, first: u32, end: u32, adds: bool)`: the results of a lane's
 * elements of a row, whose weights are relative to the maximum of `partial` and whose whole state is `total`. A gradient
 * is added to what is there when `adds`; it goes to the row of the logits. Rows are local to the dispatch.
 */
export function normalizeRowWgsl({ source, target, isGradient }: NormalizeRow): string {
  const result = isGradient
    ? /* wgsl */ `
  let c = bitcast<f32>(load_cotangent(index_of(rows.cotangent, j)));
  // exactly 0 where the probability is, whatever the cotangent holds there
  var value = select((c - rows.mean) * y * params.inverse_temperature, 0f, y == 0f);
  if (rows.adds) { value += bitcast<f32>(load_${target}(index_of(rows.destination, j))); }`
    : "let value = y;";
  // Four at a time, whose loads do not wait for one another.
  const loads = FOUR.map((c) => `load_${source}(index_of(rows.source, j.${c}))`).join(", ");
  const stores = FOUR.map(
    (c) => `store_${target}(index_of(rows.destination, j.${c}), normalized(rows, j.${c}, bits.${c}));`,
  );
  return /* wgsl */ `
struct Rows { source: u32, cotangent: u32, destination: u32, is_masked: bool, scale: f32, mean: f32, adds: bool }
fn normalized(rows: Rows, j: u32, bits: u32) -> u32 {
  // A chunk of masks has no weights: its memory holds anything.
  let w = bitcast<f32>(select(bits, 0u, rows.is_masked));
  let y = min(w * rows.scale, 1f);
  ${result}
  return bitcast<u32>(value);
}
fn normalize_row(row: u32, partial: Partial, total: Partial, first: u32, end: u32, adds: bool) {
  let source = row_start(row);
  let destination = ${isGradient ? "logits_start(row)" : "source"};
  if (total.maximum == 0u || total.maximum == ${DEGENERATE}) {
    for (var j = first; j < end; j += LANES) { store_${target}(index_of(destination, j), 0x7fc00000u); }
    return;
  }
  let cotangent = ${isGradient ? "row_start(row + params.first_row)" : "0u"};
  let scale = rescale(partial, total) / total.sum;
  let mean = ${isGradient ? "total.dot / total.sum" : "0f"};
  let rows = Rows(source, cotangent, destination, partial.maximum == 0u, scale, mean, adds);
  var base = first;
  for (; base + 3u * LANES < end; base += 4u * LANES) {
    let j = quad_at(base);
    let bits = vec4(${loads});
    ${stores.join("\n    ")}
  }
  for (var j = base; j < end; j += LANES) {
    store_${target}(index_of(destination, j), normalized(rows, j, load_${source}(index_of(source, j))));
  }
}
`;
}

/** Variant of {@link normalizeKernel}. */
export interface NormalizeVariant extends Omit<NormalizeRow, "target"> {
  readonly group: ThreadGroup;
  /** Whether a row's elements follow one another. */
  readonly hasUnitStep: boolean;
}

/**
 * Results of each chunk of each row, from the weights and partials of `partialSoftmaxKernel`. For gradients the jobs are
 * rows of the logits, and each sums over the params' `samples`. Tensors: `weights` (unless they are in the output),
 * `cotangent` for gradients, `partials`, `output`.
 */
export function normalizeKernel(variant: NormalizeVariant, tensors: readonly TensorBinding[]): Kernel {
  const { group, hasUnitStep, source, isGradient } = variant;
  return createKernel("normalize", variant, tensors, () => ({
    directives: directivesOf(group),
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      partialWgsl,
      loadPartialWgsl,
      reduceWgsl(group, PARTIAL),
      normalizeRowWgsl({ source, target: "output", isGradient }),
      /* wgsl */ `
fn work(job: Job) {
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.categories);
  for (var sample = 0u; sample < params.samples; sample++) {
    let row = sample * params.rows + job.row;
    let first = row * params.chunks;
    var total = NO_PARTIAL;
    for (var c = job.lane; c < params.chunks; c += LANES) { total = merge_partials(total, load_partial(first + c)); }
    total = reduce_partial(total, job.lane);
    let adds = params.accumulate != 0u || sample > 0u;
    normalize_row(row, load_partial(first + job.chunk), total, begin + job.lane, end, adds);
  }
}
`,
    ],
  }));
}
