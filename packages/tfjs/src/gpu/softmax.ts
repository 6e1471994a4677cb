// Soft and hard samples and their gradients on a GPU. Nothing is read back; intermediate tensors are freed here.
import type { ResolvedNoise, ResolvedSoftmax } from "@gumbel/core/adapter";
import type { GpuBackend, TensorInfo } from "./gpu-backend.ts";
import { elementCount, foldAll, perturb, replace, sumOverRows, winnersOf } from "./rows.ts";
import { rowUniforms, temperatureUniforms } from "./uniforms.ts";

/** `softmax((logits + g)/temperature)`, or its one-hot form, flat. Noise is left out for the plain softmax. */
export function softmaxOf(
  gpu: GpuBackend,
  logits: TensorInfo,
  call: ResolvedSoftmax,
  noise?: ResolvedNoise,
): TensorInfo {
  return call.hard ? hardOf(gpu, logits, call, noise) : softOf(gpu, logits, call, noise);
}

/** `y∘(c − Σ c∘y)/temperature` of the soft sample, summed over the samples, flat. */
export function softmaxVjpOf(
  gpu: GpuBackend,
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
  gpu: GpuBackend,
  y: TensorInfo,
  cotangent: TensorInfo,
  { rows, temperature }: ResolvedSoftmax,
): TensorInfo {
  const dots = sumOverRows(gpu, "dot", [y, cotangent], rows);
  const uniforms = { ...rowUniforms(rows), ...temperatureUniforms(temperature) };
  const inputs = [y, cotangent, dots];
  const gradient = replace(gpu, dots, gpu.run("gradient", "none", inputs, elementCount(rows), uniforms));
  return foldAll(gpu, gradient, rows.samples, 1, rows.outer * rows.classes * rows.inner);
}

function hardOf(
  gpu: GpuBackend,
  logits: TensorInfo,
  { rows }: ResolvedSoftmax,
  noise?: ResolvedNoise,
): TensorInfo {
  const winners = winnersOf(gpu, { logits, rows, noise });
  return replace(gpu, winners, gpu.run("oneHot", "none", [winners], elementCount(rows), rowUniforms(rows)));
}

function softOf(
  gpu: GpuBackend,
  logits: TensorInfo,
  { rows, temperature }: ResolvedSoftmax,
  noise?: ResolvedNoise,
): TensorInfo {
  // The noise is read three times, so it is made once and kept.
  const perturbed = noise === undefined ? logits : perturb(gpu, logits, rows, noise);
  const scale = temperatureUniforms(temperature);
  const winners = winnersOf(gpu, { logits: perturbed, rows });
  const masses = sumOverRows(gpu, "mass", [perturbed, winners], rows, scale);
  const inputs = [perturbed, winners, masses];
  const y = gpu.run("soft", "none", inputs, elementCount(rows), { ...rowUniforms(rows), ...scale });
  for (const info of inputs) if (info !== logits) gpu.dispose(info);
  return y;
}
