// relaxedBernoulli and its density on a GPU.
import { type ResolvedElements, type ResolvedRelaxedBernoulli, sizeOf } from "@gumbel/core/adapter";
import type { Gpu, TensorInfo } from "../gpu.ts";
import { tossDensityProgram, tossProgram } from "../programs/toss.ts";
import { replace } from "../rows.ts";
import { temperatureUniforms, type UniformValues } from "../uniforms.ts";
import { noiseOf } from "./noise.ts";

/** Relaxed coin tosses, flat. */
export function relaxedBernoulliOf(gpu: Gpu, logits: TensorInfo, call: ResolvedRelaxedBernoulli): TensorInfo {
  const program = tossProgram(call.hard ? "hard" : call.logit ? "logit" : "soft");
  const noise = noiseOf(gpu, call.noise);
  const y = gpu.run(program, "none", [logits, noise], sizeOf(call.outputShape), uniformsOf(call));
  return replace(gpu, noise, y);
}

/** Densities of the logits of relaxed coin tosses, flat. */
export function relaxedBernoulliLogProbOf(
  gpu: Gpu,
  logits: TensorInfo,
  samples: TensorInfo,
  call: ResolvedElements,
): TensorInfo {
  return gpu.run(tossDensityProgram, "none", [logits, samples], sizeOf(call.outputShape), uniformsOf(call));
}

function uniformsOf({ shape, temperature }: ResolvedElements): UniformValues {
  return { block: sizeOf(shape), ...temperatureUniforms(temperature) };
}
