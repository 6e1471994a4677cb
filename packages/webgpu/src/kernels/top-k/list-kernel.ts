// The places of a row from its gathered list: the candidates that reach the last place's key, sorted.
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { entryWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import { argmaxWgsl } from "../argmax/argmax.ts";
import { GATHERED_WORDS } from "../gather/bound-kernel.ts";
import { MOST_GATHERED } from "../gather/plan-bound.ts";
import { fallBackWgsl } from "../gather/plan-fallback.ts";
import { rankedKeyWgsl } from "../gather/ranked-key.ts";
import { bitonicSortWgsl } from "./bitonic-sort.ts";
import { emitWgsl, loadCandidateWgsl, precedesWgsl } from "./candidates.ts";

/** A workgroup a row. Tensors: `candidates`, `gathered`, those of the fallback for lists that overflow, `values`, `indices`. */
export function listKernel(workgroupSize: number, tensors: readonly TensorBinding[]): Kernel {
  const group: ThreadGroup = { kind: "workgroup", workgroupSize };
  return createKernel("list", { group }, tensors, () => ({
    functions: [
      entryWgsl(group),
      argmaxWgsl,
      loadCandidateWgsl,
      precedesWgsl,
      emitWgsl,
      fallBackWgsl,
      /* wgsl */ `
const NO_SLOT = 0xffffffffu;
// A key, and the candidate's place in the list.
struct Entry { key: u32, slot: u32 }
var<workgroup> keys: array<u32, ${MOST_GATHERED}>;
var<workgroup> sorted: array<Entry, ${MOST_GATHERED}>;
var<workgroup> length: atomic<u32>;
var<workgroup> has_ties: atomic<u32>;
var<workgroup> gathered_count: u32;
var<private> list: u32;
fn precedes_by_key(a: Entry, b: Entry) -> bool { return a.key > b.key; }
fn precedes_by_rest(a: Entry, b: Entry) -> bool {
  if (a.key != b.key || a.slot == NO_SLOT || b.slot == NO_SLOT) { return a.key > b.key; }
  return precedes(load_candidate(list + a.slot), load_candidate(list + b.slot));
}
${rankedKeyWgsl("keys[at]")}${bitonicSortWgsl("by_key")}${bitonicSortWgsl("by_rest")}
fn work(job: Job) {
  if (job.lane == 0u) { gathered_count = load_gathered(${GATHERED_WORDS}u * job.row); }
  let count = workgroupUniformLoad(&gathered_count);
  if (count > ${MOST_GATHERED}u) {
    if (job.lane == 0u) { fall_back(); }
    return;
  }
  list = job.row * ${MOST_GATHERED}u;
  for (var slot = job.lane; slot < count; slot += LANES) { keys[slot] = load_candidate(list + slot).key; }
  // Each lane ranks the keys that it has stored.
  let last = max(ranked_key(0u, count, params.places, job.lane), 1u);
  for (var slot = job.lane; slot < count; slot += LANES) {
    if (keys[slot] >= last) { sorted[atomicAdd(&length, 1u)] = Entry(keys[slot], slot); }
  }
  let kept = workgroupUniformLoad(&length);
  let run = 2u << firstLeadingBit(max(max(kept, params.places), 2u) - 1u);
  for (var place = kept + job.lane; place < run; place += LANES) { sorted[place] = Entry(0u, NO_SLOT); }
  sort_by_key(job.lane, run);
  for (var place = job.lane + 1u; place < kept; place += LANES) {
    if (sorted[place].key == sorted[place - 1u].key) { atomicStore(&has_ties, 1u); }
  }
  if (workgroupUniformLoad(&has_ties) != 0u) { sort_by_rest(job.lane, run); }
  for (var place = job.lane; place < params.places; place += LANES) {
    let entry = sorted[place];
    var category = 0xffffffffu;
    if (entry.slot != NO_SLOT) { category = load_candidate(list + entry.slot).category; }
    emit(job.row, place, entry.key, category, sorted[0].key);
  }
}
`,
    ],
  }));
}
