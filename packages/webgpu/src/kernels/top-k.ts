// The largest k perturbed logits of each row. Candidates are pairs of (order, category); a degenerate category sorts
// first, masks and padding last.
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import { createKernel, type Kernel, type NoiseVariant } from "./kernel.ts";
import { perturbWgsl } from "./perturb.ts";
import { rowsWgsl } from "./rows.ts";
import { entryWgsl, reduceWgsl, type Team, teamDirectives } from "./team.ts";
import type { TensorBinding } from "./tensors.ts";

/** `struct Candidate`, `fn precedes(a, b) -> bool`: the larger order first, the lower category on a tie. */
const candidateWgsl: string = /* wgsl */ `
struct Candidate { order: u32, category: u32 }
fn precedes(a: Candidate, b: Candidate) -> bool {
  return a.order > b.order || (a.order == b.order && a.category < b.category);
}
`;

/**
 * `fn emit(row: u32, place: u32, candidate: Candidate, first: u32)`: one place of the result; `first` is the order at
 * the row's first place, which tells whether the row is degenerate.
 */
const emitWgsl: string = /* wgsl */ `
fn emit(row: u32, place: u32, candidate: Candidate, first: u32) {
  let at = (row / params.inner * params.places + place) * params.inner + row % params.inner;
  let is_degenerate_row = first == 0u || first == ${DEGENERATE_ORDER};
  let is_empty = candidate.order == 0u;
  let value = select(bits_of_order(candidate.order), 0xff800000u, is_empty);
  store_output(at, select(value, 0x7fc00000u, is_degenerate_row));
  store_indices(at, select(candidate.category, 0xffffffffu, is_empty || is_degenerate_row));
}
`;

/** Variant of {@link sortKernel}. */
export interface SortVariant {
  /** Candidates that a workgroup sorts, a power of two. */
  readonly run: number;
  readonly workgroupSize: number;
  readonly noise: NoiseVariant;
  readonly hasUnitStep: boolean;
  /** Whether candidates come from the logits, or are pairs of an earlier dispatch. */
  readonly source: "logits" | "pairs";
  /** Whether the result is there, or pairs for a later dispatch. */
  readonly target: "pairs" | "output";
}

/**
 * Sorts runs of candidates in workgroup memory and keeps the first `places` of each. Tensors: `logits` or `pairs`, then
 * `kept`, or `output` and `indices`. With pairs the params' `candidates` is their number a row.
 */
export function sortKernel(variant: SortVariant, tensors: readonly TensorBinding[]): Kernel {
  const { run, workgroupSize, noise, hasUnitStep, source, target } = variant;
  const team: Team = { kind: "workgroup", workgroupSize };
  const load =
    source === "logits"
      ? "Candidate(perturbed_order(load_logits(start + j * params.inner), counter, j), j)"
      : "Candidate(load_pairs(2u * (job.row * params.candidates + j)), load_pairs(2u * (job.row * params.candidates + j) + 1u))";
  return createKernel("sort", variant, tensors, noise, () => ({
    directives: "",
    functions: [
      entryWgsl(team),
      rowsWgsl(hasUnitStep),
      candidateWgsl,
      source === "logits" ? perturbWgsl(noise) : "",
      target === "output" ? emitWgsl : "",
      /* wgsl */ `
const RUN = ${run}u;
var<workgroup> sorted: array<Candidate, RUN>;
fn work(job: Job) {
  ${source === "logits" ? "let start = logits_start(job.row);\n  let counter = row_counter(job.row);" : ""}
  let begin = job.chunk * RUN;
  for (var i = job.lane; i < RUN; i += LANES) {
    let j = begin + i;
    if (j < ${source === "logits" ? "params.classes" : "params.candidates"}) { sorted[i] = ${load}; }
    else { sorted[i] = Candidate(0u, 0xffffffffu); }
  }
  // A bitonic sort whose first step in each round mirrors, so that every comparison has the same direction.
  for (var width = 2u; width <= RUN; width *= 2u) {
    for (var distance = width / 2u; distance > 0u; distance /= 2u) {
      workgroupBarrier();
      let is_mirrored = distance == width / 2u;
      for (var pair = job.lane; pair < RUN / 2u; pair += LANES) {
        let low = pair / distance * distance * 2u + pair % distance;
        let high = select(low + distance, low ^ (2u * distance - 1u), is_mirrored);
        let a = sorted[low];
        let b = sorted[high];
        if (precedes(b, a)) {
          sorted[low] = b;
          sorted[high] = a;
        }
      }
    }
  }
  workgroupBarrier();
  for (var place = job.lane; place < min(params.places, RUN); place += LANES) {
    ${
      target === "output"
        ? "emit(job.row, place, sorted[place], sorted[0].order);"
        : `let at = 2u * ((job.row * params.chunks + job.chunk) * params.places + place);
    store_kept(at, sorted[place].order);
    store_kept(at + 1u, sorted[place].category);`
    }
  }
}
`,
    ],
  }));
}

/**
 * Fills the candidates of whole rows, padded to the params' `candidates` a row. Tensors: `logits`, `pairs`. A row of the
 * jobs is a row, a chunk one candidate.
 */
export function candidatesKernel(
  team: Team,
  noise: NoiseVariant,
  hasUnitStep: boolean,
  tensors: readonly TensorBinding[],
): Kernel {
  return createKernel("candidates", { team, hasUnitStep }, tensors, noise, () => ({
    directives: "",
    functions: [
      entryWgsl(team),
      rowsWgsl(hasUnitStep),
      perturbWgsl(noise),
      /* wgsl */ `
fn work(job: Job) {
  let at = 2u * (job.row * params.candidates + job.chunk);
  var order = 0u;
  if (job.chunk < params.classes) {
    let bits = load_logits(logits_start(job.row) + job.chunk * params.inner);
    order = perturbed_order(bits, row_counter(job.row), job.chunk);
  }
  store_pairs(at, order);
  store_pairs(at + 1u, job.chunk);
}
`,
    ],
  }));
}

/**
 * One step of a bitonic sort in memory, for k beyond what a workgroup sorts. Tensors: `pairs`. A row of the jobs is a
 * row, a chunk one comparison.
 */
export function exchangeKernel(team: Team, tensors: readonly TensorBinding[]): Kernel {
  return createKernel("exchange", { team }, tensors, "none", () => ({
    directives: "",
    functions: [
      entryWgsl(team),
      candidateWgsl,
      /* wgsl */ `
fn work(job: Job) {
  let distance = params.distance;
  let low = job.chunk / distance * distance * 2u + job.chunk % distance;
  let high = select(low + distance, low ^ (2u * distance - 1u), params.mirrored != 0u);
  let first = 2u * (job.row * params.candidates + low);
  let second = 2u * (job.row * params.candidates + high);
  let a = Candidate(load_pairs(first), load_pairs(first + 1u));
  let b = Candidate(load_pairs(second), load_pairs(second + 1u));
  if (precedes(b, a)) {
    store_pairs(first, b.order);
    store_pairs(first + 1u, b.category);
    store_pairs(second, a.order);
    store_pairs(second + 1u, a.category);
  }
}
`,
    ],
  }));
}

/** Writes the first places of sorted candidates. Tensors: `pairs`, `output`, `indices`. A chunk is one place. */
export function emitKernel(team: Team, tensors: readonly TensorBinding[]): Kernel {
  return createKernel("emit", { team }, tensors, "none", () => ({
    directives: "",
    functions: [
      entryWgsl(team),
      candidateWgsl,
      emitWgsl,
      /* wgsl */ `
fn work(job: Job) {
  let row = 2u * job.row * params.candidates;
  let at = row + 2u * job.chunk;
  emit(job.row, job.chunk, Candidate(load_pairs(at), load_pairs(at + 1u)), load_pairs(row));
}
`,
    ],
  }));
}

/**
 * Picks the places of short rows one after another, each the best that follows the last. Tensors: `pairs` (filled by
 * {@link candidatesKernel}), `output`, `indices`.
 */
export function selectKernel(team: Team, tensors: readonly TensorBinding[]): Kernel {
  return createKernel("select", { team }, tensors, "none", () => ({
    directives: teamDirectives(team),
    functions: [
      entryWgsl(team),
      candidateWgsl,
      `fn earlier(a: Candidate, b: Candidate) -> Candidate {
  let takes_b = precedes(b, a);
  return Candidate(select(a.order, b.order, takes_b), select(a.category, b.category, takes_b));
}
`,
      reduceWgsl(team, { type: "Candidate", fields: ["order", "category"], merge: "earlier" }),
      emitWgsl,
      /* wgsl */ `
fn work(job: Job) {
  var last = Candidate(0u, 0u);
  var first = 0u;
  for (var place = 0u; place < params.places; place++) {
    var best = Candidate(0u, 0xffffffffu);
    for (var j = job.lane; j < params.candidates; j += LANES) {
      let at = 2u * (job.row * params.candidates + j);
      let next = Candidate(load_pairs(at), load_pairs(at + 1u));
      if ((place == 0u || precedes(last, next)) && precedes(next, best)) { best = next; }
    }
    last = reduce_candidate(best, job.lane);
    if (place == 0u) { first = last.order; }
    if (job.lane == 0u) { emit(job.row, place, last, first); }
  }
}
`,
    ],
  }));
}
