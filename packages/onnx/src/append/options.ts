// Options of appendSampler: names, defaults and checks.
import { assertBoolean, assertInteger, describe } from "@gumbel/core/adapter";
import {
  assertOptions,
  type ExportNoiseOptions,
  type ExportOptions,
  type IndexType,
  resolveAxis,
  resolveExportNoise,
  resolveGraphTemperature,
  resolveIndexType,
} from "../export/options.ts";
import type { GraphNoise } from "../models/noise-inputs.ts";
import type { GraphTemperature } from "../nodes/temperature.ts";

/** Options of `appendSampler`. */
export interface AppendSamplerOptions extends Omit<ExportNoiseOptions, "sharding"> {
  /** Name of the logits: an output of the model, or any value inside it. Unnormalised log-probabilities. */
  logits: string;
  /** Dimension of the logits that holds the categories; negative counts from the end. Default −1. */
  axis?: number | null | undefined;
  /**
   * Divides the logits before the noise is added, in [2⁻⁴⁰, 2⁴⁰]; `"input"` makes it a float32 scalar input
   * `temperature`. 0, as a constant or fed, is the mode. Default 1.
   */
  temperature?: ExportOptions["temperature"];
  /**
   * Draw among the `topK` largest logits of each row only, and make noise for these alone: several times as fast. The
   * samples are those of the full row with every other category masked. Needs `axis` −1.
   */
  topK?: number | null | undefined;
  /** Add an output `soft` too: the Gumbel-softmax sample of the same noise, of the logits' shape. Default false. */
  soft?: boolean | null | undefined;
  /** τ of the soft sample, or `"input"` for a float32 scalar input `soft_temperature`. Default 1. */
  softTemperature?: ExportOptions["temperature"];
  /** Type of the output `indices`; default `"int64"`. */
  indexType?: IndexType | null | undefined;
  /** Put before the names of the new inputs and outputs, where the model has these already. Default "". */
  prefix?: string | null | undefined;
}

/** Checked options. */
export interface ResolvedAppend {
  readonly logits: string;
  readonly axis: number;
  readonly topK: number | undefined;
  readonly soft: boolean;
  readonly prefix: string;
  readonly noise: GraphNoise;
  readonly temperature: GraphTemperature;
  readonly softTemperature: GraphTemperature;
  readonly indexType: IndexType;
}

const OPTIONS = [
  "logits",
  "axis",
  "temperature",
  "topK",
  "soft",
  "softTemperature",
  "indexType",
  "prefix",
  "noise",
  "precision",
  "integers",
] as const;

/** Checks the options as far as the model does not matter. */
export function resolveAppend(options: AppendSamplerOptions): ResolvedAppend {
  assertOptions("appendSampler", options, OPTIONS);
  const { logits } = options;
  const topK = options.topK ?? undefined;
  const soft = options.soft ?? false;
  const prefix = options.prefix ?? "";
  if (typeof logits !== "string" || logits === "") {
    throw new TypeError(`logits must be the name of a value of the model, got ${describe(logits)}`);
  }
  if (typeof prefix !== "string") throw new TypeError(`prefix must be a string, got ${describe(prefix)}`);
  const axis = resolveAxis(options.axis);
  assertBoolean(soft, "soft");
  if (topK !== undefined) {
    assertInteger(topK, "topK", 1, 2 ** 31 - 1);
    if (axis !== -1) throw new RangeError(`axis must be -1 with topK, got ${axis}`);
  }
  return {
    logits,
    axis,
    topK,
    soft,
    prefix,
    noise: resolveExportNoise(options),
    // A soft sample has no limit at 0.
    temperature: resolveGraphTemperature("temperature", options.temperature, !soft),
    softTemperature: resolveGraphTemperature("softTemperature", options.softTemperature),
    indexType: resolveIndexType(options.indexType),
  };
}
