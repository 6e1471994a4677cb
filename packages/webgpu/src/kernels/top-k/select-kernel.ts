// The k largest perturbed logits of short rows: each place is the largest candidate after that of the place before.
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { directivesOf, entryWgsl, reduceWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import { ARGMAX, argmaxWgsl } from "../argmax/argmax.ts";
import { emitWgsl, loadCandidateWgsl, precedesWgsl } from "./candidates.ts";

/** Tensors: `candidates`, filled by `candidatesKernel`, `values`, `indices`. */
export function selectKernel(group: ThreadGroup, tensors: readonly TensorBinding[]): Kernel {
  const variant = { group };
  return createKernel("select", variant, tensors, () => ({
    directives: directivesOf(group),
    functions: [
      entryWgsl(group),
      argmaxWgsl,
      precedesWgsl,
      loadCandidateWgsl,
      emitWgsl,
      reduceWgsl(group, ARGMAX),
      /* wgsl */ `
fn work(job: Job) {
  var previous = NO_ARGMAX;
  var first = 0u;
  for (var place = 0u; place < params.places; place++) {
    var largest = NO_ARGMAX;
    for (var j = job.lane; j < params.candidates; j += LANES) {
      let next = load_candidate(job.row * params.candidates + j);
      if ((place == 0u || precedes(previous, next)) && precedes(next, largest)) { largest = next; }
    }
    previous = reduce_argmax(largest, job.lane);
    if (place == 0u) { first = previous.key; }
    if (job.lane == 0u) { emit(job.row, place, previous.key, previous.category, first); }
  }
}
`,
    ],
  }));
}
