// How the sampler over sessions is made, as types.
import type { NoiseOptions } from "@gumbel/core";
import type { Integers } from "../nodes/threefry-2x32.ts";
import type { SessionOptions } from "./session-cache.ts";

/**
 * Makes standard Gumbel noise of a shape in float32, row-major: what `gumbel(shape, options)` of any conforming sampler is.
 * The array must not change until the call that asked for it is done.
 */
export type NoiseMaker = (
  shape: readonly number[],
  options: Required<{ [Name in keyof NoiseOptions]: NonNullable<NoiseOptions[Name]> }>,
) => Float32Array;

/** Options of {@link createSampler}, and those of `InferenceSession.create`, which every session is created with. */
export interface SamplerOptions extends SessionOptions {
  /**
   * How noise is made; the samples are the same. By default by `@gumbel/wasm`, all of it, where that package is installed, and
   * otherwise as with `"bits"`, or `"input"` with the provider `"webgpu"`, whose logarithm is not accurate enough. `"bits"`: bits
   * in JavaScript, which is several times as fast as in the graph, and logarithms in the graph. `"input"`: all of it in
   * JavaScript. `"threefry"`: all of it in the graph. A function: by that.
   */
  readonly noise?: "bits" | "input" | "threefry" | NoiseMaker | null | undefined;
  /**
   * Integers of the generator in the graph; default `"uint32"`, with the provider `"webgpu"` `"uint64"`, which is the only
   * one that is accurate there.
   */
  readonly integers?: Integers | null | undefined;
}
