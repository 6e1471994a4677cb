// The gradient that softmaxVjp and gumbelSoftmaxVjp share.
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import type { ResolvedSoftmax } from "../operations/softmax.ts";
import type { ResolvedNoise } from "../resolve.ts";
import { perturb, rowsOf, softmaxOfRow } from "./rows.ts";

/** `y∘(c − Σ c∘y)/temperature`, summed over the samples; exactly 0 where y is 0, as under a mask. */
export function backward(
  logits: NdArray,
  cotangent: NdArray,
  call: ResolvedSoftmax,
  noise?: ResolvedNoise,
): NdArray<Float64Array> {
  const data = new Float64Array(sizeOf(logits.shape));
  for (const row of rowsOf(logits, call, noise)) {
    const { start, logitsStart, stride, isDegenerate } = row;
    const y = softmaxOfRow(perturb(row, 1), call.temperature);
    let mean = 0;
    for (let j = 0; j < y.length; j++) if (y[j] !== 0) mean += cotangent.data[start + j * stride] * y[j];
    for (let j = 0; j < y.length; j++) {
      const at = logitsStart + j * stride;
      if (isDegenerate) data[at] = Number.NaN;
      else if (y[j] !== 0)
        data[at] += (y[j] * (cotangent.data[start + j * stride] - mean)) / call.temperature;
    }
  }
  return { data, shape: [...logits.shape] };
}
