// The k largest perturbed logits of long rows: runs sorted in workgroup memory, or a sort through memory where k is beyond
// what a workgroup sorts.
import { createKernel, type Kernel, type NoiseVariant } from "../../shader/kernel.ts";
import { noiseAtWgsl } from "../../shader/noise-at.ts";
import { type RowVariant, rowLayoutWgsl } from "../../shader/row-layout.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { entryWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import { argmaxWgsl } from "../argmax/argmax.ts";
import { GATHERED_WORDS } from "../gather/bound-kernel.ts";
import { MOST_GATHERED } from "../gather/plan-bound.ts";
import { bitonicSortWgsl } from "./bitonic-sort.ts";
import {
  candidateAtWgsl,
  emitWgsl,
  loadCandidateWgsl,
  precedesWgsl,
  storeCandidateWgsl,
} from "./candidates.ts";

/** Variant of {@link sortKernel}. */
export interface SortVariant extends RowVariant {
  /** Candidates that a workgroup sorts, a power of two. */
  readonly run: number;
  readonly workgroupSize: number;
  /** Whether candidates come from the logits, or are those of an earlier dispatch. */
  readonly source: "logits" | "candidates";
  /** Whether the result is stored, or candidates for a later dispatch. */
  readonly target: "result" | "kept";
  /** Whether it is for the rows whose gathered list overflows: workgroups of the others return at once. */
  readonly isFallback: boolean;
}

/**
 * Sorts runs of candidates in workgroup memory and keeps the first `places` of each. From candidates the params'
 * `candidates` is their number a row. Tensors: `logits` or `candidates`, `gathered` in a fallback,
 * then `kept`, or `values` and `indices`.
 */
export function sortKernel(variant: SortVariant, tensors: readonly TensorBinding[]): Kernel {
  const { run, workgroupSize, noise, hasUnitStep, source, target, isFallback } = variant;
  const group: ThreadGroup = { kind: "workgroup", workgroupSize };
  const [length, load, categoryOf] =
    source === "logits"
      ? ["params.categories", "candidate_at(job.row, begin + slot)", "begin + slot"]
      : [
          "params.candidates",
          "load_candidate(job.row * params.candidates + begin + slot)",
          "load_candidate(job.row * params.candidates + begin + slot).category",
        ];
  const store =
    target === "result"
      ? "emit(job.row, place, entry.key, category, sorted[0].key);"
      : `let at = (job.row * params.chunks + job.chunk) * params.places + place;
    store_candidate(at, Argmax(entry.key, rests[slot], category));`;
  return createKernel("sort", variant, tensors, () => ({
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      argmaxWgsl,
      noise === "none" ? "" : noiseAtWgsl(variant) + candidateAtWgsl,
      source === "candidates" ? loadCandidateWgsl : "",
      target === "result" ? emitWgsl : storeCandidateWgsl("kept"),
      /* wgsl */ `
const RUN = ${run}u;
// What moves is small: the key, and the slot that the candidate had before the sort. Rests stay in their slots.
struct Entry { key: u32, slot: u32 }
var<workgroup> sorted: array<Entry, RUN>;
var<workgroup> rests: array<u32, RUN>;
var<workgroup> has_ties: atomic<u32>;
${isFallback ? "var<workgroup> gathered_count: u32;" : ""}
fn precedes_by_key(a: Entry, b: Entry) -> bool { return a.key > b.key || (a.key == b.key && a.slot < b.slot); }
fn precedes_by_rest(a: Entry, b: Entry) -> bool {
  let rest_a = rests[a.slot];
  let rest_b = rests[b.slot];
  let is_first = rest_a > rest_b || (rest_a == rest_b && a.slot < b.slot);
  return a.key > b.key || (a.key == b.key && is_first);
}
${bitonicSortWgsl("by_key")}${bitonicSortWgsl("by_rest")}
fn work(job: Job) {
  ${
    isFallback
      ? `if (job.lane == 0u) { gathered_count = load_gathered(${GATHERED_WORDS}u * job.row); }
  if (workgroupUniformLoad(&gathered_count) <= ${MOST_GATHERED}u) { return; }`
      : ""
  }
  let begin = job.chunk * RUN;
  for (var slot = job.lane; slot < RUN; slot += LANES) {
    var candidate = NO_ARGMAX;
    if (begin + slot < ${length}) { candidate = ${load}; }
    sorted[slot] = Entry(candidate.key, slot);
    rests[slot] = candidate.rest;
  }
  sort_by_key(job.lane, RUN);
  for (var place = job.lane + 1u; place < RUN; place += LANES) {
    let entry = sorted[place];
    let previous = sorted[place - 1u];
    let is_tie = entry.key == previous.key && entry.key != 0u;
    if (is_tie && rests[entry.slot] != rests[previous.slot]) { atomicStore(&has_ties, 1u); }
  }
  // Rounded sums tie in one run of sixty; comparing rests everywhere would take 30 % longer.
  if (workgroupUniformLoad(&has_ties) != 0u) { sort_by_rest(job.lane, RUN); }
  for (var place = job.lane; place < min(params.places, RUN); place += LANES) {
    let entry = sorted[place];
    let slot = entry.slot;
    var category = 0xffffffffu;
    if (begin + slot < ${length}) { category = ${categoryOf}; }
    ${store}
  }
}
`,
    ],
  }));
}

/** Variant of {@link candidatesKernel}. */
export interface CandidatesVariant extends RowVariant {
  readonly noise: Exclude<NoiseVariant, "none">;
  readonly group: ThreadGroup;
}

/**
 * Candidates of whole rows, padded to the params' `candidates` a row. A row of the jobs is a row, a chunk one candidate.
 * Tensors: `logits`, `candidates`.
 */
export function candidatesKernel(variant: CandidatesVariant, tensors: readonly TensorBinding[]): Kernel {
  return createKernel("candidates", variant, tensors, () => ({
    functions: [
      entryWgsl(variant.group),
      rowLayoutWgsl(variant.hasUnitStep),
      argmaxWgsl,
      noiseAtWgsl(variant),
      candidateAtWgsl,
      storeCandidateWgsl("candidates"),
      /* wgsl */ `
fn work(job: Job) {
  var candidate = NO_ARGMAX;
  if (job.chunk < params.categories) { candidate = candidate_at(job.row, job.chunk); }
  store_candidate(job.row * params.candidates + job.chunk, candidate);
}
`,
    ],
  }));
}

/** One step of a bitonic sort in memory. A row of the jobs is a row, a chunk one comparison. Tensors: `candidates`. */
export function exchangeKernel(group: ThreadGroup, tensors: readonly TensorBinding[]): Kernel {
  const variant = { group };
  return createKernel("exchange", variant, tensors, () => ({
    functions: [
      entryWgsl(group),
      argmaxWgsl,
      precedesWgsl,
      loadCandidateWgsl,
      storeCandidateWgsl("candidates"),
      /* wgsl */ `
fn work(job: Job) {
  let distance = params.distance;
  let low = job.chunk / distance * distance * 2u + job.chunk % distance;
  let high = select(low + distance, low ^ (2u * distance - 1u), params.mirrored != 0u);
  let row = job.row * params.candidates;
  let a = load_candidate(row + low);
  let b = load_candidate(row + high);
  if (precedes(b, a)) {
    store_candidate(row + low, b);
    store_candidate(row + high, a);
  }
}
`,
    ],
  }));
}

/** Stores the first places of sorted candidates. A chunk is one place. Tensors: `candidates`, `values`, `indices`. */
export function emitKernel(group: ThreadGroup, tensors: readonly TensorBinding[]): Kernel {
  const variant = { group };
  return createKernel("emit", variant, tensors, () => ({
    functions: [
      entryWgsl(group),
      argmaxWgsl,
      loadCandidateWgsl,
      emitWgsl,
      /* wgsl */ `
fn work(job: Job) {
  let row = job.row * params.candidates;
  let candidate = load_candidate(row + job.chunk);
  emit(job.row, job.chunk, candidate.key, candidate.category, load_candidate(row).key);
}
`,
    ],
  }));
}
