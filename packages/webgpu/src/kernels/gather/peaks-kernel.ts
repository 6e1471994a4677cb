// The largest element of each of a row's segments, of a sample of their elements: what the k-th largest of them is, at
// least k elements of the row reach. Neighbours are in different segments, which are as far apart as there are segments.
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { entryWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import type { Elements } from "./elements.ts";

/** Of a segment every `params.segment_step`-th element is looked at. Tensors: those of the elements, `peaks`. */
export function peaksKernel(
  group: ThreadGroup,
  { variant, wgsl }: Elements,
  tensors: readonly TensorBinding[],
): Kernel {
  const text = { group, ...variant };
  return createKernel("peaks", text, tensors, () => ({
    functions: [
      entryWgsl(group),
      wgsl(),
      /* wgsl */ `
fn work(job: Job) {
  let start = begin_row(job.row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.segments);
  let step = params.segment_step;
  for (var first = begin + job.lane; first < end; first += LANES) {
    var peak = 0u;
    for (var base = first; base < params.categories; base += 4u * step) {
      let j = vec4(base) + vec4(0u, step, 2u * step, 3u * step);
      // Beyond the end an element again, which changes no maximum.
      let keys = keys_at(start, select(vec4(base), j, j < vec4(params.categories)));
      peak = max(peak, max(max(keys.x, keys.y), max(keys.z, keys.w)));
    }
    store_peaks(job.row * params.segments + first, peak);
  }
}
`,
    ],
  }));
}
