// Options of the exported graphs: defaults and checks, in the words of the sampling spec.

import type { Precision } from "@gumbel/core";
import { describe } from "@gumbel/core/adapter";
import type { Integers } from "../nodes/threefry-2x32.ts";

/**
 * Where a graph's noise comes from.
 * - `"threefry"`: made in the graph from the input `key` (uint32 `[hi, lo]`): the same samples everywhere.
 * - `"bits"`: made in the graph from the input `bits`, which {@link noiseBits} fills: the same samples, several times
 *   as fast.
 * - `"input"`: standard Gumbel noise comes in as the float32 input `noise`, of the shape of the samples.
 * - `"native"`: ONNX Runtime's RandomUniformLike. It conforms to nothing: its streams differ between providers and
 *   versions, two nodes or sessions may repeat each other, and small seeds favour index 0.
 */
export type NoiseSource = "threefry" | "bits" | "input" | "native";

/** How a graph draws its noise. */
export interface ExportNoiseOptions {
  /** Default `"threefry"`. */
  noise?: NoiseSource | undefined;
  /** Default `"full"`. */
  precision?: Precision | undefined;
  /**
   * The integers that `"threefry"` adds in; default `"uint32"`. `"uint64"` makes a graph for WebGPU, whatever its noise: own
   * logarithms of `"threefry"` and `"bits"`, and maxima found by reductions, because TopK sorts whole rows there.
   */
  integers?: Integers | undefined;
  /** Adds int64 scalar inputs `offset` and `row_stride` to `"threefry"`, for a shard of a larger tensor. Default false. */
  sharding?: boolean | undefined;
  /** Seed of `"native"`, a float; left out, ONNX Runtime chooses. */
  seed?: number | undefined;
}

/** Options of every exported graph. */
export interface ExportOptions extends ExportNoiseOptions {
  /** Dimension of the logits that holds the categories; negative counts from the end. Default −1. */
  axis?: number | undefined;
  /** Operator set, from 18 to 21; default 18. */
  opset?: number | undefined;
}

/** Options of graphs that may draw several samples. */
export interface ExportSampleOptions extends ExportOptions {
  /** Leading dimensions of independent samples; `"input"` makes them an int64 vector input `sample_shape`. Default []. */
  sampleShape?: readonly number[] | "input" | undefined;
}

/** Options of graphs that divide by a temperature. */
export interface ExportTemperatureOptions {
  /** τ, positive and finite; `"input"` makes it a float32 scalar input `temperature`. Default 1. */
  temperature?: number | "input" | undefined;
}

/** Options of {@link exportGumbelSoftmax}. */
export interface ExportGumbelSoftmaxOptions extends ExportSampleOptions, ExportTemperatureOptions {
  /** Give the exact one-hot of `argmax(logits + g)`. Default false. */
  hard?: boolean | undefined;
}

/** Options of {@link exportGumbelSoftmaxGradient}. */
export interface ExportGumbelSoftmaxGradientOptions extends ExportSampleOptions, ExportTemperatureOptions {}

/** Type of the output `indices`. */
export interface ExportIndexOptions {
  /** Default `"int64"`, the type of ArgMax and of most decoders' token input. */
  indexType?: IndexType | undefined;
}

/** Integer types of indices. */
export type IndexType = "int64" | "int32";

/** Options of {@link exportCategorical}. */
export interface ExportCategoricalOptions extends ExportSampleOptions, ExportIndexOptions {}

/** Options of {@link exportTopK}. */
export interface ExportTopKOptions extends ExportOptions, ExportIndexOptions {
  /** Number of categories; `"input"`, the default, makes it an int64 vector input `k` of length 1. */
  k?: number | "input" | undefined;
}

/** A graph's noise, checked. */
export interface ResolvedExportNoise {
  readonly noise: NoiseSource;
  readonly precision: Precision;
  readonly integers: Integers;
  readonly sharding: boolean;
  readonly seed: number | undefined;
}

/** Checks the options that draw noise. */
export function resolveExportNoise(options: ExportNoiseOptions): ResolvedExportNoise {
  const { noise = "threefry", precision = "full", integers = "uint32", sharding = false, seed } = options;
  assertOneOf("noise", noise, ["threefry", "bits", "input", "native"]);
  assertOneOf("precision", precision, ["full", "jax"]);
  assertOneOf("integers", integers, ["uint32", "int32", "uint64"]);
  assertBoolean("sharding", sharding);
  if (sharding && noise !== "threefry") {
    throw new RangeError(`sharding needs noise "threefry", got noise ${describe(noise)}`);
  }
  if (seed !== undefined && (noise !== "native" || typeof seed !== "number" || !Number.isFinite(seed))) {
    throw new RangeError(
      `seed must be a finite number with noise "native", and is left out otherwise, got ${describe(seed)}`,
    );
  }
  return { noise, precision, integers, sharding, seed };
}

/** Checks the operator set. */
export function resolveOpset(opset = 18): number {
  assertInteger("opset", opset, 18, 21);
  return opset;
}

/** Checks the axis: any integer, for the rank is not known yet. */
export function resolveAxis(axis = -1): number {
  assertInteger("axis", axis, -64, 63);
  return axis;
}

/** Checks a temperature. */
export function resolveExportTemperature(temperature: number | "input" = 1): number | "input" {
  if (temperature === "input") return temperature;
  if (typeof temperature === "number" && temperature > 0 && temperature < Number.POSITIVE_INFINITY) {
    return temperature;
  }
  const message = `temperature must be a positive finite number or "input", got ${describe(temperature)}`;
  throw typeof temperature === "number" ? new RangeError(message) : new TypeError(message);
}

/** Checks the type of indices. */
export function resolveIndexType(indexType: IndexType = "int64"): IndexType {
  assertOneOf("indexType", indexType, ["int64", "int32"]);
  return indexType;
}

/** Checks a sample shape. */
export function resolveSampleShape(shape: readonly number[] | "input" = []): readonly number[] | "input" {
  if (shape === "input") return shape;
  if (!Array.isArray(shape)) {
    throw new TypeError(`sampleShape must be an array of integers or "input", got ${describe(shape)}`);
  }
  for (const dimension of shape) assertInteger("sampleShape", dimension, 0, 2 ** 31 - 1);
  return shape;
}

/** Where the logits' axis stands in the samples, whose dimensions come first. */
export function resolveSampleAxis(axis: number, sampleShape: readonly number[] | "input"): number {
  if (axis < 0) return axis;
  if (sampleShape === "input") {
    throw new RangeError(`axis must count from the end where sampleShape is "input", got ${axis}`);
  }
  return axis + sampleShape.length;
}

/** Checks that a value is one of a few words. */
export function assertOneOf(argument: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.includes(value as string)) return;
  const words = allowed.map((word) => `"${word}"`);
  const list = `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
  throw new RangeError(`${argument} must be ${list}, got ${describe(value)}`);
}

/** Checks an integer. */
export function assertInteger(argument: string, value: unknown, minimum: number, maximum: number): void {
  if (Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum) return;
  const message = `${argument} must be an integer in [${minimum}, ${maximum}], got ${describe(value)}`;
  throw typeof value === "number" ? new RangeError(message) : new TypeError(message);
}

/** Checks a boolean. */
export function assertBoolean(argument: string, value: unknown): void {
  if (typeof value !== "boolean")
    throw new TypeError(`${argument} must be a boolean, got ${describe(value)}`);
}
