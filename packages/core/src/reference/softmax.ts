// softmax and gumbelSoftmax with their vector-Jacobian products, in plain float64 loops.
import { type NdArray, sizeOf } from "../nd-array.ts";
import type { GumbelSoftmaxOptions, GumbelSoftmaxVjpOptions, SoftmaxOptions } from "../options.ts";
import {
  type ResolvedNoise,
  type ResolvedSoftmax,
  resolveGumbelSoftmax,
  resolveGumbelSoftmaxVjp,
  resolveSoftmax,
  resolveSoftmaxVjp,
} from "../resolve.ts";
import { argmax, assertNdArray, rowsOf } from "./rows.ts";

/** `softmax(logits/temperature)`; with `hard` the one-hot of the maximum, which is not a sample. */
export function softmax(logits: NdArray, options?: SoftmaxOptions): NdArray<Float64Array> {
  return forward(logits, resolveSoftmax(logits.shape, options));
}

/** A Gumbel-softmax sample, `softmax((logits + g)/temperature)`; with `hard` the one-hot of `argmax(logits + g)`. */
export function gumbelSoftmax(logits: NdArray, options?: GumbelSoftmaxOptions): NdArray<Float64Array> {
  const call = resolveGumbelSoftmax(logits.shape, options);
  return forward(logits, call, call.noise);
}

/** Gradient of `Σ cotangent∘softmax(logits)` with respect to the logits. */
export function softmaxVjp(
  logits: NdArray,
  cotangent: NdArray,
  options?: SoftmaxOptions,
): NdArray<Float64Array> {
  return backward(logits, cotangent, resolveSoftmaxVjp(logits.shape, cotangent.shape, options));
}

/** Gradient of `Σ cotangent∘gumbelSoftmax(logits)` with respect to the logits, at the same key. */
export function gumbelSoftmaxVjp(
  logits: NdArray,
  cotangent: NdArray,
  options: GumbelSoftmaxVjpOptions,
): NdArray<Float64Array> {
  const call = resolveGumbelSoftmaxVjp(logits.shape, cotangent.shape, options);
  return backward(logits, cotangent, call, call.noise);
}

function forward(logits: NdArray, call: ResolvedSoftmax, noise?: ResolvedNoise): NdArray<Float64Array> {
  assertNdArray(logits, "logits");
  const data = new Float64Array(sizeOf(call.outputShape));
  for (const { start, stride, z, degenerate } of rowsOf(logits, call, noise)) {
    const y = call.hard ? oneHotOfMaximum(z) : softmaxOfRow(z, call.temperature);
    for (let j = 0; j < z.length; j++) data[start + j * stride] = degenerate ? Number.NaN : y[j];
  }
  return { data, shape: [...call.outputShape] };
}

/** `dlogits = y∘(c − Σ c∘y)/temperature`, summed over the samples; exactly 0 where y is 0, as under a mask. */
function backward(
  logits: NdArray,
  cotangent: NdArray,
  call: ResolvedSoftmax,
  noise?: ResolvedNoise,
): NdArray<Float64Array> {
  assertNdArray(logits, "logits");
  assertNdArray(cotangent, "cotangent");
  const data = new Float64Array(sizeOf(logits.shape));
  for (const { start, logitsStart, stride, z, degenerate } of rowsOf(logits, call, noise)) {
    const y = softmaxOfRow(z, call.temperature);
    let mean = 0;
    for (let j = 0; j < z.length; j++) if (y[j] !== 0) mean += cotangent.data[start + j * stride] * y[j];
    for (let j = 0; j < z.length; j++) {
      const at = logitsStart + j * stride;
      if (degenerate) data[at] = Number.NaN;
      else if (y[j] !== 0)
        data[at] += (y[j] * (cotangent.data[start + j * stride] - mean)) / call.temperature;
    }
  }
  return { data, shape: [...logits.shape] };
}

/** The maximum goes first, before dividing: then no positive temperature, however small, can overflow. */
function softmaxOfRow(z: Float64Array, temperature: number): Float64Array {
  const maximum = z[argmax(z)];
  const y = z.map((value) => Math.exp((value - maximum) / temperature));
  const sum = y.reduce((total, value) => total + value, 0);
  return y.map((value) => value / sum);
}

function oneHotOfMaximum(z: Float64Array): Float64Array {
  const y = new Float64Array(z.length);
  if (z.length > 0) y[argmax(z)] = 1;
  return y;
}
