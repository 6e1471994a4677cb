// The noise of a sampling graph: its inputs, and the perturbed logits.
import type { Precision } from "@gumbel/core";
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { cast } from "../nodes/cast.ts";
import { counters, countersInRow, countersOf } from "../nodes/counters.ts";
import { inWholePackets, logExponentialOfBits, logExponentialOfWord, signedBits } from "../nodes/noise.ts";
import { type Blocks, type Integers, threefry2x32 } from "../nodes/threefry-2x32.ts";
import type { Dims } from "./declared-dims.ts";

/**
 * Where a graph's noise comes from.
 * - `"threefry"`: made in the graph from the input `key` (uint32 `[hi, lo]`): the same samples everywhere.
 * - `"bits"`: made in the graph from the input `bits`, which {@link noiseBits} fills: the same samples, several times
 *   as fast.
 * - `"input"`: standard Gumbel noise comes in as the float32 input `noise`, of the shape of the samples.
 */
export type NoiseSource = "threefry" | "bits" | "input";

/** The noise of a graph, resolved. */
export interface GraphNoise {
  readonly noise: NoiseSource;
  readonly precision: Precision;
  readonly integers: Integers;
  readonly sharding: boolean;
}

/** Shape of the samples: the sample dimensions, declared as an input where they are one, and those of the logits. */
export function samplesOf(
  builder: GraphBuilder,
  sampleShape: readonly number[] | "input",
  logits: Value,
  dims?: Dims,
): { samples: Value | undefined; shape: Value } {
  const own = builder.node("Shape", [logits], "logits_shape");
  const samples = sampleShapeOf(builder, sampleShape, dims);
  return { samples, shape: afterSamples(builder, samples, own, "noise_shape") };
}

/** The sample dimensions, int64, declared as an input where they are one; undefined: none. */
export function sampleShapeOf(
  { input, constant }: GraphBuilder,
  sampleShape: readonly number[] | "input",
  dims: Dims,
): Value | undefined {
  if (sampleShape !== "input") return sampleShape.length === 0 ? undefined : constant("int64", sampleShape);
  // A graph that states its rank has one dimension of samples.
  return input("sample_shape", { type: "int64", dims: [dims === undefined ? "sample_rank" : 1] });
}

/** A shape after the sample dimensions, where there are any. */
export function afterSamples(
  { node }: GraphBuilder,
  samples: Value | undefined,
  shape: Value,
  name: string,
): Value {
  return samples === undefined ? shape : node("Concat", [samples, shape], name, { axis: 0 });
}

/** The axis of the logits in the samples, whose dimensions come first. */
export function sampleAxisOf(axis: number, sampleShape: readonly number[] | "input"): number {
  return axis < 0 || sampleShape === "input" ? axis : axis + sampleShape.length;
}

/** Elements of a noise shape whose noise alone is made. */
export interface Survivors {
  /** Their indices along the last dimension, int64; the shape is that of the noise but for this dimension. */
  readonly indices: Value;
  /** Shape of the whole noise. */
  readonly wholeShape: Value;
}

/** Which noise of a graph to make. */
export interface NoiseRequest {
  /** int64 vector: the shape of what is made. */
  readonly shape: Value;
  /** Dimensions that are stated for noise or bits that come in; undefined: any. */
  readonly dims?: Dims;
  /** Elements of a larger noise, which alone are made; `shape` is theirs. */
  readonly survivors?: Survivors | undefined;
  /** A key for each row, each of which then draws as if it were alone; undefined: one key. */
  readonly keys?: RowKeys | undefined;
}

/** Keys of rows: the input `key` holds a pair of words for each. */
export interface RowKeys {
  /** Dimensions of the rows that are stated for the input; undefined: any. */
  readonly dims: Dims;
  /** int64 vector: the noise shape of a row alone. */
  readonly rowShape: Value;
  /** int64 vector: the sample dimensions in it, where only survivors' noise is made; undefined: none. */
  readonly samples?: Value | undefined;
}

/** Noise of a graph, or its negative. */
export interface NoiseValue {
  readonly value: Value;
  readonly isNegative: boolean;
}

/** Declares the inputs of the noise and makes it, in float32. */
export function noiseOf(builder: GraphBuilder, options: GraphNoise, request: NoiseRequest): NoiseValue {
  if (options.noise === "input") {
    const whole = builder.input("noise", { type: "float32", dims: request.dims });
    return { value: partOf(builder, whole, request.survivors), isNegative: false };
  }
  return { value: logExponential(builder, options, request), isNegative: true };
}

/** `values + temperature·noise`; without a temperature, `values + noise`. */
export function perturbed(
  { node }: GraphBuilder,
  values: Value,
  { value, isNegative }: NoiseValue,
  temperature?: Value,
): Value {
  const scaled = temperature === undefined ? value : node("Mul", [value, temperature], "scaled_noise");
  return node(isNegative ? "Sub" : "Add", [values, scaled], "perturbed_logits");
}

/** Selects the survivors' values. */
function partOf(builder: GraphBuilder, whole: Value, survivors: Survivors | undefined): Value {
  if (survivors === undefined) return whole;
  return builder.node("GatherElements", [whole, survivors.indices], "of_survivors", { axis: -1 });
}

/** `log E = −g` of noise that is made in the graph. */
export function logExponential(builder: GraphBuilder, options: GraphNoise, request: NoiseRequest): Value {
  const { node, constant } = builder;
  const { noise, precision, integers } = options;
  const { shape } = request;
  const logarithm = integers === "uint64" ? "own" : "provider";
  const isWide = noise === "threefry" && integers === "uint64";
  const type = precision === "full" ? "int64" : isWide ? "uint64" : "uint32";
  const flattened = (bits: Value) =>
    node("Reshape", [bits, constant("int64", [-1])], "bits_flat", { allowzero: 1 });
  let bits: Value;
  if (noise === "bits") {
    bits = flattened(partOf(builder, builder.input("bits", { type, dims: request.dims }), request.survivors));
  } else {
    const blocks = blocksOfKey(builder, options, request);
    bits = precision === "full" ? signedBits(builder, integers, blocks) : blocks.word;
    if (request.keys !== undefined) bits = flattened(bits);
  }
  return builder.scope("gumbel", () => {
    const size = node("ReduceProd", [shape], "size", { keepdims: 1 });
    const flat = inWholePackets(builder, bits, type, size, (padded) =>
      type === "int64"
        ? logExponentialOfBits(builder, padded, logarithm)
        : logExponentialOfWord(builder, padded, type, logarithm),
    );
    return node("Reshape", [flat, shape], "log_exponential_shaped", { allowzero: 1 });
  });
}

/** Uint32 words of the given shape, from the key. */
export function wordsOfKey(builder: GraphBuilder, options: GraphNoise, shape: Value): Value {
  const { word } = blocksOfKey(builder, options, { shape });
  const words = options.integers === "uint64" ? cast(builder, word, "uint32", "words_uint32") : word;
  return builder.node("Reshape", [words, shape], "words_shaped", { allowzero: 1 });
}

/** Blocks of all elements, flat; with a key for each row, of shape [rows, elements of a row]. */
function blocksOfKey(
  builder: GraphBuilder,
  { integers, sharding }: GraphNoise,
  request: NoiseRequest,
): Blocks {
  const { shape, survivors, keys } = request;
  const dims = keys === undefined ? [] : keys.dims;
  const key = builder.input("key", { type: "uint32", dims: dims && [...dims, 2] });
  const shard = sharding
    ? {
        offset: builder.input("offset", { type: "int64", dims: [] }),
        rowStride: builder.input("row_stride", { type: "int64", dims: [] }),
      }
    : undefined;
  if (keys !== undefined) {
    const { node, constant } = builder;
    const pairs = node("Reshape", [key, constant("int64", [-1, 2])], "key_of_row");
    const places =
      survivors === undefined
        ? counters(builder, integers, keys.rowShape, shard)
        : countersInRow(builder, integers, survivors, keys.samples);
    return threefry2x32(builder, integers, pairs, places, "per-row");
  }
  const places =
    survivors === undefined
      ? counters(builder, integers, shape, shard)
      : countersOf(builder, integers, survivors);
  return threefry2x32(builder, integers, key, places);
}
