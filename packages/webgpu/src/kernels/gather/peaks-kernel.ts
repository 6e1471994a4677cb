// The largest element of each of a row's segments, of a sample of their elements: what the k-th largest of them is, at
// least k elements of the row reach. Neighbours are in different segments, which are as far apart as there are segments.
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { entryWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import type { Elements } from "./elements.ts";

/**
 * Of a segment every `params.segment_step`-th element is looked at. Tensors: those of the elements, `peaks`.
 *
 * @param hasPlaces whether `peaks` has the index of each segment's first largest element too, behind the keys of all rows
 */
export function peaksKernel(
  group: ThreadGroup,
  { variant, wgsl }: Elements,
  hasPlaces: boolean,
  tensors: readonly TensorBinding[],
): Kernel {
  const text = { group, ...variant, ...(hasPlaces ? { hasPlaces } : {}) };
  const raise = ["x", "y", "z", "w"]
    .map((c) => `if (keys.${c} > peak) { peak = keys.${c}; place = j.${c}; }`)
    .join("\n      ");
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
    ${hasPlaces ? "var place = first;" : ""}
    for (var base = first; base < params.categories; base += 4u * step) {
      let j = vec4(base) + vec4(0u, step, 2u * step, 3u * step);
      // Beyond the end an element again, which changes no maximum.
      let keys = keys_at(start, select(vec4(base), j, j < vec4(params.categories)));
      ${hasPlaces ? raise : "peak = max(peak, max(max(keys.x, keys.y), max(keys.z, keys.w)));"}
    }
    let at = job.row * params.segments + first;
    store_peaks(at, peak);
    ${hasPlaces ? "store_peaks(params.rows * params.segments + at, place);" : ""}
  }
}
`,
    ],
  }));
}
