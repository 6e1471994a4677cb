// Options of appendSampler: names, defaults and checks.
import { assertBoolean, assertInteger, assertOneOf, describe, readOptions } from "@gumbel/core/adapter";
import { assertDimensions } from "../export/declared-shape.ts";
import {
  type ExportNoiseOptions,
  type ExportOptions,
  type ExportSampleOptions,
  type IndexType,
  resolveAxis,
  resolveExportNoise,
  resolveGraphTemperature,
  resolveIndexType,
  resolveSampleShape,
} from "../export/options.ts";
import type { Dimension } from "../graph/graph-builder.ts";
import type { Decoding } from "../models/decoding.ts";
import type { GraphNoise } from "../models/noise-inputs.ts";
import type { RowParameter } from "../nodes/row-parameters.ts";
import type { GraphTemperature } from "../nodes/temperature.ts";

/** Options of `appendSampler`. */
export interface AppendSamplerOptions extends Omit<ExportNoiseOptions, "sharding"> {
  /** Name of the logits: an output of the model, or any value inside it. Unnormalised log-probabilities. */
  logits: string;
  /** Dimension of the logits that holds the categories; negative counts from the end. Default −1. */
  axis?: number | null | undefined;
  /**
   * Which position of logits `[…, sequence, categories]` to draw at: `"last"`, or that which the int64 input `position` (of
   * shape `[…]`) names for each row, from 0 on or, negative, from the end; index −1 where there is none. The samples are those
   * of the logits of that position alone, and so is their cost. Left out, every position is drawn at.
   */
  position?: "last" | "input" | null | undefined;
  /**
   * Leading dimensions of independent samples, as `[5]` for five draws of each row; `"input"` makes one, an int64 vector input
   * `sample_shape` of length 1. Filters are computed once a row. The outputs are of shape `[...sampleShape, ...]`. Default [].
   */
  sampleShape?: ExportSampleOptions["sampleShape"];
  /**
   * Divides the logits before the noise is added: a number in [2⁻⁴⁰, 2⁴⁰], or 0 for the mode. Default 1.
   *
   * As with each filter below, `"input"` makes it an input of the graph, here a float32 scalar `temperature`, and `"per-row"`
   * one of the shape of `indices` without the samples, with a value for each row. A value that is fed out of range counts as the nearest in it,
   * and NaN gives index −1.
   */
  temperature?: number | "input" | "per-row" | null | undefined;
  /**
   * Draw among the `topK` largest logits of each row only, of equal ones those of the lowest index, and make noise for these
   * alone: several times as fast. The samples are those of the full row with every other category masked. Input: int64
   * `top_k`. 0 is off, and so is a fed value below 1.
   */
  topK?: number | "input" | "per-row" | null | undefined;
  /**
   * Draw among the smallest set of the most likely categories whose probability, at the temperature, reaches this, in [0, 1];
   * with `topK` among those. Input: float32 `top_p`. 1 is off.
   */
  topP?: number | "input" | "per-row" | null | undefined;
  /** Draw among the categories of at least this share of the largest probability, in [0, 1]. Input: float32 `min_p`. 0 is off. */
  minP?: number | "input" | "per-row" | null | undefined;
  /**
   * Adds an input `mask` of the categories that are allowed; another one counts as a logit of −∞. `"bool"`: bool, true for an allowed
   * one, of the shape of the logits that are drawn from, without the sequence where there is a `position`. `"packed"`: int32 words
   * along the last dimension, as xgrammar and llguidance fill them: bit `v mod 32` of word `⌊v/32⌋`. Of either a dimension of
   * the rows may be 1: the same for all of them.
   */
  mask?: "bool" | "packed" | null | undefined;
  /**
   * How many of the largest logits `topP` without `topK` looks at first; where these do not hold the mass in every row, it sorts
   * whole rows. It decides on the time alone. Default 1024.
   */
  candidates?: number | null | undefined;
  /**
   * `"per-row"`: the input `key` holds a key for each row, `[…rows, 2]`, rows being the shape of `indices` without the
   * samples, and each row draws as if it were alone: `jax.vmap`. Default `"input"`: one key, `[2]`.
   */
  key?: "input" | "per-row" | null | undefined;
  /** Add an output `log_prob`, float32: the log-probability of each index under the same temperature and filters. Default false. */
  logProb?: boolean | null | undefined;
  /** Add an output `soft` too: the Gumbel-softmax sample of the same noise, of the samples' and the logits' shape. Default false. */
  soft?: boolean | null | undefined;
  /** τ of the soft sample, or `"input"` for a float32 scalar input `soft_temperature`. Default 1. */
  softTemperature?: ExportOptions["temperature"];
  /** Type of the output `indices`; default `"int64"`. */
  indexType?: IndexType | null | undefined;
  /** Put before the names of the new inputs and outputs, where the model has these already. Default "". */
  prefix?: string | null | undefined;
  /**
   * Add the sampler as one node, which calls a function that the model then holds (`gumbel.Categorical`), rather than as the nodes
   * themselves. Viewers show it as one box; ONNX Runtime puts the nodes in its place when it makes a session. Default false.
   */
  asFunction?: boolean | null | undefined;
  /** Element type of the logits, where the model does not state it. */
  type?: "float32" | "float16" | "float64" | "bfloat16" | null | undefined;
  /** Shape of the logits, where the model does not state it: sizes, and names of sizes that vary. */
  shape?: readonly (number | string)[] | null | undefined;
}

/** Checked options. */
export interface ResolvedAppend {
  readonly logits: string;
  readonly axis: number;
  readonly position: "last" | "input" | undefined;
  readonly sampleShape: readonly number[] | "input";
  readonly decoding: Decoding;
  readonly mask: "bool" | "packed" | undefined;
  readonly hasRowKeys: boolean;
  readonly logProb: boolean;
  readonly soft: boolean;
  readonly prefix: string;
  readonly asFunction: boolean;
  readonly noise: GraphNoise;
  readonly softTemperature: GraphTemperature;
  readonly indexType: IndexType;
  readonly type: AppendSamplerOptions["type"];
  readonly shape: readonly Dimension[] | undefined;
}

const OPTIONS = [
  "logits",
  "axis",
  "position",
  "sampleShape",
  "temperature",
  "topK",
  "topP",
  "minP",
  "mask",
  "candidates",
  "key",
  "logProb",
  "soft",
  "softTemperature",
  "indexType",
  "prefix",
  "asFunction",
  "noise",
  "precision",
  "integers",
  "type",
  "shape",
] as const;

/** Checks the options as far as the model does not matter. */
export function resolveAppend(given: AppendSamplerOptions): ResolvedAppend {
  const options = readOptions("appendSampler", given, OPTIONS);
  const { logits } = options;
  const soft = options.soft ?? false;
  const logProb = options.logProb ?? false;
  const prefix = options.prefix ?? "";
  const asFunction = options.asFunction ?? false;
  const key = options.key ?? "input";
  const position = options.position ?? undefined;
  const mask = options.mask ?? undefined;
  const type = options.type ?? undefined;
  const candidates = options.candidates ?? 1024;
  const shape = options.shape ?? undefined;
  if (typeof logits !== "string" || logits === "") {
    throw new TypeError(`logits must be the name of a value of the model, got ${describe(logits)}`);
  }
  if (typeof prefix !== "string") throw new TypeError(`prefix must be a string, got ${describe(prefix)}`);
  assertBoolean(soft, "soft");
  assertBoolean(logProb, "logProb");
  assertBoolean(asFunction, "asFunction");
  assertInteger(candidates, "candidates", 1, 2 ** 31 - 1);
  assertOneOf(key, "key", ["input", "per-row"]);
  if (position !== undefined) assertOneOf(position, "position", ["last", "input"]);
  if (mask !== undefined) assertOneOf(mask, "mask", ["bool", "packed"]);
  if (type !== undefined) assertOneOf(type, "type", ["float32", "float16", "float64", "bfloat16"]);
  if (shape !== undefined) assertDimensions(shape, "shape");
  const noise = resolveExportNoise(options);
  const hasRowKeys = key === "per-row";
  if (hasRowKeys && noise.noise !== "threefry") {
    throw new RangeError(`key "per-row" needs noise "threefry", got noise ${describe(noise.noise)}`);
  }
  // Neither a soft sample nor a log-probability has a limit at 0.
  const temperature = resolveTemperature(options.temperature, !soft && !logProb);
  const axis = resolveAxis(options.axis);
  return {
    logits,
    axis,
    position,
    sampleShape: resolveSampleShape(options.sampleShape, axis),
    decoding: {
      temperature,
      topK: resolveFilter("topK", options.topK, 0, "an integer >= 0", 2 ** 31 - 1),
      topP: resolveFilter("topP", options.topP, 1, "a number in [0, 1]", 1),
      minP: resolveFilter("minP", options.minP, 0, "a number in [0, 1]", 1),
      isTemperatureLast: false,
      candidates,
    },
    mask,
    hasRowKeys,
    logProb,
    soft,
    prefix,
    asFunction,
    noise,
    softTemperature: resolveGraphTemperature("softTemperature", options.softTemperature),
    indexType: resolveIndexType(options.indexType),
    type,
    shape: shape && [...shape],
  };
}

function resolveTemperature(given: AppendSamplerOptions["temperature"], allowsZero: boolean): RowParameter {
  if (given === "per-row") return given;
  return resolveGraphTemperature("temperature", given, allowsZero);
}

/** Checks a filter; undefined where it is off. */
function resolveFilter(
  name: string,
  given: number | "input" | "per-row" | null | undefined,
  off: number,
  allowed: string,
  most: number,
): RowParameter | undefined {
  if (given == null || given === off) return undefined;
  if (given === "input" || given === "per-row") return given;
  const message = `${name} must be ${allowed}, "input" or "per-row", got ${describe(given)}`;
  if (typeof given !== "number") throw new TypeError(message);
  const isWhole = name !== "topK" || Number.isInteger(given);
  if (!(given >= 0 && given <= most && isWhole)) throw new RangeError(message);
  return given;
}
