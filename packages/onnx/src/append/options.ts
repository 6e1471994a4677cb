// Options of appendSampler: defaults and checks.
import { describe } from "@gumbel/core/adapter";
import {
  assertBoolean,
  assertInteger,
  type ExportNoiseOptions,
  type ExportTemperatureOptions,
  type IndexType,
  type ResolvedExportNoise,
  resolveExportNoise,
  resolveExportTemperature,
  resolveIndexType,
} from "../export/options.ts";

/** Options of `appendSampler`. */
export interface AppendSamplerOptions extends Omit<ExportNoiseOptions, "sharding"> {
  /** Name of the logits: an output of the model, or any value inside it. Unnormalised log-probabilities. */
  logits: string;
  /** Dimension of the logits that holds the categories; negative counts from the end. Default −1. */
  axis?: number | undefined;
  /**
   * What the logits are divided by before anything is drawn, positive and finite; `"input"` makes it a float32 scalar
   * input `temperature`. Default 1.
   */
  temperature?: ExportTemperatureOptions["temperature"];
  /**
   * Draw among the `topK` largest logits of each row only, and make noise for these alone: several times as fast. The
   * samples are those of the full row with every other category masked. Needs `axis` −1.
   */
  topK?: number | undefined;
  /** Add an output `soft` too: the Gumbel-softmax sample of the same noise, of the logits' shape. Default false. */
  soft?: boolean | undefined;
  /** τ of the soft sample, or `"input"` for a float32 scalar input `soft_temperature`. Default 1. */
  softTemperature?: ExportTemperatureOptions["temperature"];
  /** Type of the output `indices`; default `"int64"`. */
  indexType?: IndexType | undefined;
  /** Put before the names of the new inputs and outputs, where the model has these already. Default "". */
  prefix?: string | undefined;
}

/** Checked options. */
export interface ResolvedAppend {
  readonly logits: string;
  readonly axis: number;
  readonly topK: number | undefined;
  readonly soft: boolean;
  readonly prefix: string;
  readonly noise: ResolvedExportNoise;
  readonly temperature: number | "input";
  readonly softTemperature: number | "input";
  readonly indexType: IndexType;
}

/** Checks the options as far as the model does not matter. */
export function resolveAppend(options: AppendSamplerOptions): ResolvedAppend {
  const { logits, axis = -1, topK, soft = false, prefix = "" } = options;
  if (typeof logits !== "string" || logits === "") {
    throw new TypeError(`logits must be the name of a value of the model, got ${describe(logits)}`);
  }
  if (typeof prefix !== "string") throw new TypeError(`prefix must be a string, got ${describe(prefix)}`);
  assertInteger("axis", axis, -64, 63);
  assertBoolean("soft", soft);
  if (topK !== undefined) {
    assertInteger("topK", topK, 1, 2 ** 31 - 1);
    if (axis !== -1) throw new RangeError(`axis must be -1 with topK, got ${axis}`);
  }
  return {
    logits,
    axis,
    topK,
    soft,
    prefix,
    noise: resolveExportNoise(options),
    temperature: resolveExportTemperature(options.temperature),
    softTemperature: resolveExportTemperature(options.softTemperature),
    indexType: resolveIndexType(options.indexType),
  };
}
