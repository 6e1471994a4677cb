// Options of the exported graphs: names, defaults and checks. An option that is null or undefined is left out.
import type { Precision } from "@gumbel/core";
import { assertBoolean, assertInteger, assertOneOf, assertShape, describe } from "@gumbel/core/adapter";
import type { Dimension } from "../graph/graph-builder.ts";
import type { GraphNoise, NoiseSource } from "../models/noise-inputs.ts";
import { type Kernels, kernelsFor } from "../nodes/kernels.ts";
import type { IndexType } from "../nodes/rows.ts";
import { type GraphTemperature, TEMPERATURE_RANGE } from "../nodes/temperature.ts";
import type { Integers } from "../nodes/threefry-2x32.ts";
import { LARGEST_RANK, resolveShape } from "./declared-shape.ts";

export type { NoiseSource } from "../models/noise-inputs.ts";
export type { IndexType } from "../nodes/rows.ts";

/** How a graph draws its noise. */
export interface ExportNoiseOptions {
  /** Default `"threefry"`. */
  noise?: NoiseSource | null | undefined;
  /** Default `"full"`. */
  precision?: Precision | null | undefined;
  /**
   * Integer type of the generator; default `"uint32"`. `"uint64"` makes a graph for WebGPU, whatever its noise: logarithms of
   * `"threefry"` and `"bits"` as additions and multiplications, and maxima by reductions, because TopK sorts whole rows there.
   */
  integers?: Integers | null | undefined;
  /** Adds int64 scalar inputs `offset` and `row_stride` to `"threefry"`, for a shard of a larger tensor. Default false. */
  sharding?: boolean | null | undefined;
}

/** Options of every exported graph. */
export interface ExportOptions extends ExportNoiseOptions {
  /** Dimension of the logits that holds the categories; negative counts from the end. Default −1. */
  axis?: number | null | undefined;
  /**
   * Shape of the logits as the graph states it: sizes, and names of sizes that vary, as in `["batch", 32000]`. ONNX Runtime
   * refuses logits of another rank. Default `["batch", "categories"]`, or the smallest shape that has the axis.
   */
  shape?: readonly (number | string)[] | null | undefined;
  /** Operator set, from 18 to 21; default 18. */
  opset?: number | null | undefined;
  /**
   * τ, in [2⁻⁴⁰, 2⁴⁰]; `"input"` makes it a float32 scalar input `temperature`, which is clamped to that range. Default 1.
   * For `exportCategorical` it may be 0, as a constant or fed: the mode.
   */
  temperature?: number | "input" | null | undefined;
}

/** Options of graphs that may draw several samples. */
export interface ExportSampleOptions extends ExportOptions {
  /** Leading dimensions of independent samples; `"input"` makes one, an int64 vector input `sample_shape` of length 1. Default []. */
  sampleShape?: readonly number[] | "input" | null | undefined;
}

/** Options of {@link exportGumbelSoftmax}. */
export interface ExportGumbelSoftmaxOptions extends ExportSampleOptions {
  /** Give the exact one-hot of `argmax(logits + g)`. Default false. */
  hard?: boolean | null | undefined;
}

/** Options of {@link exportGumbelSoftmaxVjp}. */
export interface ExportGumbelSoftmaxVjpOptions extends ExportSampleOptions {}

/** Type of the output `indices`. */
export interface ExportIndexOptions {
  /** Default `"int64"`, the type of ArgMax and of most decoders' token input. */
  indexType?: IndexType | null | undefined;
}

/** Options of {@link exportCategorical}. */
export interface ExportCategoricalOptions extends ExportSampleOptions, ExportIndexOptions {}

/** Options of {@link exportGumbelTopK}. */
export interface ExportGumbelTopKOptions extends ExportOptions, ExportIndexOptions {
  /** Number of categories; `"input"`, the default, makes it an int64 vector input `k` of length 1. */
  k?: number | "input" | null | undefined;
}

/** Names of the options that every exported graph has. */
export const EXPORT_OPTIONS = [
  "noise",
  "precision",
  "integers",
  "sharding",
  "axis",
  "shape",
  "opset",
  "temperature",
] as const;

/** Checks the options that draw noise. */
export function resolveExportNoise(options: ExportNoiseOptions): GraphNoise {
  const noise = options.noise ?? "threefry";
  const precision = options.precision ?? "full";
  const integers = options.integers ?? "uint32";
  const sharding = options.sharding ?? false;
  assertOneOf(noise, "noise", ["threefry", "bits", "input"]);
  assertOneOf(precision, "precision", ["full", "jax"]);
  assertOneOf(integers, "integers", ["uint32", "uint64"]);
  assertBoolean(sharding, "sharding");
  if (sharding && noise !== "threefry") {
    throw new RangeError(`sharding needs noise "threefry", got noise ${describe(noise)}`);
  }
  return { noise, precision, integers, sharding };
}

/** What every exported graph resolves to, beside its own options. */
export interface ResolvedExport {
  readonly axis: number;
  readonly shape: readonly Dimension[];
  readonly temperature: GraphTemperature;
  readonly noise: GraphNoise;
  readonly kernels: Kernels;
  readonly opset: number;
  readonly isGuarded: true;
}

/** Checks the options of every exported graph. */
export function resolveExport(options: ExportOptions, allowsZero = false): ResolvedExport {
  const opset = options.opset ?? 18;
  assertInteger(opset, "opset", 18, 21);
  const noise = resolveExportNoise(options);
  const axis = resolveAxis(options.axis);
  return {
    axis,
    shape: resolveShape(options.shape, axis),
    temperature: resolveGraphTemperature("temperature", options.temperature, allowsZero),
    noise,
    kernels: kernelsFor(noise.integers),
    opset,
    isGuarded: true,
  };
}

/** Checks the axis: any integer that may be one, for the rank is not known yet. */
export function resolveAxis(axis: number | null | undefined): number {
  const given = axis ?? -1;
  assertInteger(given, "axis", -LARGEST_RANK, LARGEST_RANK - 1);
  return given;
}

/** Checks a temperature. */
export function resolveGraphTemperature(
  name: string,
  given: number | "input" | null | undefined,
  allowsZero = false,
): GraphTemperature {
  const temperature = given ?? 1;
  if (temperature === "input") return temperature;
  const [least, most] = TEMPERATURE_RANGE;
  if (typeof temperature === "number") {
    if (temperature >= least && temperature <= most) return temperature;
    if (allowsZero && temperature === 0) return 0;
  }
  const range = `a number in [2^-40, 2^40]${allowsZero ? ", 0 for the mode" : ""} or "input"`;
  const message = `${name} must be ${range}, got ${describe(temperature)}`;
  throw typeof temperature === "number" ? new RangeError(message) : new TypeError(message);
}

/** Checks the type of indices. */
export function resolveIndexType(indexType: IndexType | null | undefined): IndexType {
  const given = indexType ?? "int64";
  assertOneOf(given, "indexType", ["int64", "int32"]);
  return given;
}

/** Checks a sample shape, and that the axis can be found behind it. */
export function resolveSampleShape(
  shape: readonly number[] | "input" | null | undefined,
  axis: number,
): readonly number[] | "input" {
  const given = shape ?? [];
  if (given === "input") {
    if (axis < 0) return given;
    throw new RangeError(`axis must count from the end where sampleShape is "input", got ${axis}`);
  }
  assertShape(given, "sampleShape");
  return [...given];
}
