// Soft and hard samples and their gradients on a GPU. Nothing is read back; intermediate tensors are freed here.
import { type ResolvedNoise, type ResolvedSoftmax, sizeOf } from "@gumbel/core/adapter";
import type { Gpu, TensorInfo } from "../gpu.ts";
import { oneHotProgram } from "../programs/argmax.ts";
import {
  dotProgram,
  gradientProgram,
  logNormalizeProgram,
  normalizeProgram,
  sumExpProgram,
} from "../programs/softmax.ts";
import {
  argmaxOf,
  maximumOf,
  perturbed,
  replace,
  sampledRowsOf,
  sumMiddle,
  sumOverRows,
  unperturbed,
} from "../rows.ts";
import { rowUniforms, temperatureUniforms } from "../uniforms.ts";
import { perturb } from "./perturb.ts";

/** `softmax((logits + g)/temperature)`, its logarithm, or its one-hot form, flat. Noise is left out for the plain softmax. */
export function softmaxOf(
  gpu: Gpu,
  logits: TensorInfo,
  call: ResolvedSoftmax,
  noise?: ResolvedNoise,
): TensorInfo {
  return call.hard ? hardOf(gpu, logits, call, noise) : softOf(gpu, logits, call, noise);
}

/** `y∘(c − Σ c∘y)/temperature` of the soft sample, summed over the samples, flat. */
export function softmaxVjpOf(
  gpu: Gpu,
  logits: TensorInfo,
  cotangent: TensorInfo,
  call: ResolvedSoftmax,
  noise?: ResolvedNoise,
): TensorInfo {
  const y = softOf(gpu, logits, call, noise);
  return replace(gpu, y, softmaxVjpOfSample(gpu, y, cotangent, call));
}

/** The same from the soft sample y, flat. */
export function softmaxVjpOfSample(
  gpu: Gpu,
  y: TensorInfo,
  cotangent: TensorInfo,
  { layout, temperature }: ResolvedSoftmax,
): TensorInfo {
  const uniforms = { ...rowUniforms(layout), ...temperatureUniforms(temperature) };
  const dots = sumOverRows(gpu, dotProgram, [y, cotangent], sampledRowsOf(layout), layout);
  const products = gpu.run(gradientProgram, "none", [y, cotangent, dots], sizeOf(y.shape), uniforms);
  gpu.dispose(dots);
  return sumMiddle(gpu, products, layout.samples, 1, sizeOf(y.shape) / layout.samples);
}

function hardOf(
  gpu: Gpu,
  logits: TensorInfo,
  { layout, outputShape }: ResolvedSoftmax,
  noise?: ResolvedNoise,
): TensorInfo {
  const z = noise === undefined ? unperturbed(logits, layout) : perturbed(logits, layout, noise, 1);
  const argmaxes = argmaxOf(gpu, z);
  const y = gpu.run(oneHotProgram, "none", [argmaxes], sizeOf(outputShape), rowUniforms(layout));
  return replace(gpu, argmaxes, y);
}

function softOf(
  gpu: Gpu,
  logits: TensorInfo,
  { layout, temperature, outputShape, log }: ResolvedSoftmax,
  noise?: ResolvedNoise,
): TensorInfo {
  // The noise is read three times, so it is drawn once and kept, in halves of perturbed logits.
  const kept = noise && perturb(gpu, perturbed(logits, layout, noise, 1));
  const z = kept?.halves ?? logits;
  const scale = temperatureUniforms(kept === undefined ? temperature : temperature / 2);
  const rows = sampledRowsOf(layout);
  const maxima = maximumOf(gpu, z, rows, layout);
  const sums = sumOverRows(gpu, sumExpProgram, [z, maxima], rows, layout, scale);
  const uniforms = { ...rowUniforms(layout), ...scale };
  const normalize = log ? logNormalizeProgram : normalizeProgram;
  const y = gpu.run(normalize, "none", [z, maxima, sums], sizeOf(outputShape), uniforms);
  for (const info of [kept?.halves, kept?.maxima, maxima, sums]) if (info !== undefined) gpu.dispose(info);
  return y;
}
