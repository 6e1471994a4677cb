// Checks the options of a token sampler, once, at creation, and fills in defaults. A default key is drawn last.

import {
  assertInteger,
  assertKey,
  describe,
  FILTERS,
  type FilterName,
  operations,
} from "@gumbel/core/adapter";
import { type Key, type Mode, nextKey, UnsupportedError } from "@gumbel/core/shared";
import { defaultSampler } from "./default-sampler.ts";
import type { ArraySampler, TokenSamplerOptions, WatermarkOptions } from "./options.ts";
import { optionsOf } from "./options-of.ts";

/** Checked options. */
export interface Settings<M extends Mode = Mode> {
  readonly key: Key;
  /** Temperature and filters, as core's samplers take them. */
  readonly filters: Readonly<Record<string, unknown>>;
  /** τ; 0 is the most likely token. */
  readonly temperature: number;
  readonly bias: ReadonlyMap<number, number>;
  readonly repetitionPenalty: number;
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
  /** How many last tokens penalties look at; undefined: all. */
  readonly penaltyWindow: number | undefined;
  /** How many most likely tokens get log-probabilities; −1: none, not even the one that is picked. */
  readonly topLogProbs: number;
  readonly isProcessed: boolean;
  readonly watermark: ResolvedWatermark | undefined;
  readonly sampler: ArraySampler<M>;
}

/** A checked watermark. */
export interface ResolvedWatermark {
  readonly key: Key;
  readonly context: number;
}

const FILTER_OPTIONS = ["temperature", ...FILTERS, "order"] as const;

/** Names of the options. */
export const TOKEN_SAMPLER_OPTIONS: readonly string[] = [
  "key",
  ...FILTER_OPTIONS,
  "logitBias",
  "repetitionPenalty",
  "frequencyPenalty",
  "presencePenalty",
  "penaltyWindow",
  "logProbs",
  "logProbsMode",
  "watermark",
  "sampler",
];

/** @param of what is created, as errors name it */
export function resolveOptions<M extends Mode>(given: TokenSamplerOptions<M>, of: string): Settings<M> {
  const options = optionsOf(of, given, TOKEN_SAMPLER_OPTIONS);
  const filters = resolveFilters(options);
  const mode = options.logProbsMode ?? "raw";
  if (mode !== "raw" && mode !== "processed") {
    throw new RangeError(`logProbsMode must be "raw" or "processed", got ${describe(mode)}`);
  }
  const penaltyWindow = options.penaltyWindow ?? undefined;
  if (penaltyWindow !== undefined) assertInteger(penaltyWindow, "penaltyWindow", 1, Number.MAX_SAFE_INTEGER);
  const settings = {
    filters,
    temperature: options.temperature ?? 1,
    bias: resolveBias(options.logitBias ?? {}),
    repetitionPenalty: penaltyOf(options, "repetitionPenalty", 1, 0),
    frequencyPenalty: penaltyOf(options, "frequencyPenalty", 0),
    presencePenalty: penaltyOf(options, "presencePenalty", 0),
    penaltyWindow,
    topLogProbs: resolveLogProbs(options.logProbs ?? false),
    isProcessed: mode === "processed",
    watermark: options.watermark == null ? undefined : resolveWatermark(options.watermark),
  };
  const sampler = options.sampler ?? (defaultSampler() as ArraySampler<Mode> as ArraySampler<M>);
  assertSampler(sampler, options);
  if (options.key != null) assertKey(options.key, "key");
  const [hi, lo] = options.key ?? nextKey();
  const { watermark } = settings;
  if (watermark !== undefined && watermark.key[0] === hi && watermark.key[1] === lo) {
    throw new RangeError(
      "watermark.key must be another key than key: one is secret, the other chooses the reply",
    );
  }
  return { ...settings, sampler, key: [hi, lo] };
}

/** Tokens of a watermark's context at most: a key is folded once for each, at every step. */
const LONGEST_CONTEXT = 65_536;

/** Checks a watermark, of a sampler or of a detector. */
export function resolveWatermark(options: WatermarkOptions, of = "watermark"): ResolvedWatermark {
  const { key, context } = optionsOf(of, options, ["key", "context"]);
  assertKey(key, `${of}.key`);
  assertInteger(context ?? 4, `${of}.context`, 1, LONGEST_CONTEXT);
  return { key: [key[0], key[1]], context: context ?? 4 };
}

/** Core checks them as it will check every call: of any length of the vocabulary that the mask has words for. */
function resolveFilters(options: TokenSamplerOptions): Record<string, unknown> {
  const filters: Record<string, unknown> = {};
  for (const name of FILTER_OPTIONS) {
    const value: unknown = options[name];
    if (value == null) continue;
    if (name !== "mask" && typeof value === "object") {
      throw new TypeError(`${name} must be a number, got ${describe(value)}`);
    }
    filters[name] = name === "mask" && ArrayBuffer.isView(value) ? (value as Int32Array).slice() : value;
  }
  const { mask } = options;
  const categories = ArrayBuffer.isView(mask) ? Math.max(1, mask.length * 32) : 1;
  operations.categorical.resolve({ shape: [categories] }, { ...filters, key: [0, 0] });
  return filters;
}

function resolveBias(given: unknown): Map<number, number> {
  // By name: a Map may come of another realm, and what is neither has no entries that a loop would see.
  const kind = Object.prototype.toString.call(given);
  if (kind !== "[object Map]" && kind !== "[object Object]") {
    throw new TypeError(
      `logitBias must be a Map or an object from token ids to numbers, got ${describe(given)}`,
    );
  }
  const bias = new Map<number, number>();
  for (const [name, value] of kind === "[object Map]"
    ? (given as ReadonlyMap<unknown, unknown>)
    : entriesOf(given as object)) {
    const token = typeof name === "string" && /^\d+$/.test(name) ? Number(name) : name;
    if (!Number.isSafeInteger(token) || (token as number) < 0) {
      throw new RangeError(`logitBias must have token ids, integers >= 0, as keys, got ${describe(name)}`);
    }
    if (typeof value !== "number") {
      throw new TypeError(`logitBias must hold numbers, got ${describe(value)} for token ${token}`);
    }
    if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) {
      throw new RangeError(
        `logitBias must hold finite numbers, or -Infinity, got ${value} for token ${token}`,
      );
    }
    bias.set(token as number, value);
  }
  return bias;
}

/** The entries of an object, those that it inherits too. */
function entriesOf(given: object): [string, unknown][] {
  const entries: [string, unknown][] = [];
  for (const name in given) entries.push([name, (given as Record<string, unknown>)[name]]);
  return entries;
}

type Penalty = "repetitionPenalty" | "frequencyPenalty" | "presencePenalty";

/** @param above what it must be larger than */
function penaltyOf(options: TokenSamplerOptions, name: Penalty, off: number, above?: number): number {
  const value = options[name] ?? off;
  const message = () =>
    `${name} must be a ${above === 0 ? "number > 0" : "finite number"}, got ${describe(value)}`;
  if (typeof value !== "number") throw new TypeError(message());
  if (!Number.isFinite(value) || (above !== undefined && value <= above)) throw new RangeError(message());
  return value;
}

function resolveLogProbs(given: boolean | number): number {
  if (typeof given === "boolean") return given ? 0 : -1;
  if (typeof given === "number" && Number.isInteger(given) && given >= 0) return given === 0 ? -1 : given;
  const message = `logProbs must be a boolean, or an integer >= 0, got ${describe(given)}`;
  throw typeof given === "number" ? new RangeError(message) : new TypeError(message);
}

/** Refuses a sampler that lacks what the options need, before the first token. */
function assertSampler(sampler: ArraySampler, options: TokenSamplerOptions): void {
  if (typeof sampler.categorical !== "function" || typeof sampler.logProb !== "function") {
    throw new TypeError(`sampler must be a sampler, such as createSampler() gives, got ${describe(sampler)}`);
  }
  const { filters, perRow } = sampler.capabilities;
  if (!perRow) throw new UnsupportedError("a key for each row", sampler.backend);
  const lack = FILTERS.find((name: FilterName) => options[name] != null && !filters.includes(name));
  if (lack !== undefined) throw new UnsupportedError(lack, sampler.backend);
}
