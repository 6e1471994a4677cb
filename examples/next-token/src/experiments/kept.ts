// Which part of each step's distribution a filter keeps, along one text.
import { foldIn, type Key } from "@gumbel/core";
import type { WasmSampler } from "@gumbel/wasm";
import type { Decoder } from "@gumbel-tools/tiny-decoder";
import { generate } from "../generate.ts";
import type { Setting } from "../setting.ts";

/** Tokens of the highest rank that are shown one by one. */
const RANKS = 12;

const FILTERS: readonly Setting[] = [
  { temperature: 1, topK: 5 },
  { temperature: 1, topP: 0.7 },
  { temperature: 1, minP: 0.1 },
  { temperature: 1, typicalP: 0.5 },
  { temperature: 1, epsilonCutoff: 0.02 },
  { temperature: 1, etaCutoff: 0.1 },
  { temperature: 1, topNSigma: 3 },
];

/** One step under one filter. */
export interface KeptStep {
  /** Probability of the token of each rank before the filter, the most likely first. */
  readonly p: readonly number[];
  /** Whether the filter keeps it. */
  readonly isKept: readonly boolean[];
  /** Probability of all that the filter keeps, ranks that are not shown included. */
  readonly mass: number;
}

/** A filter along a text. */
export interface KeptFilter {
  readonly setting: Setting;
  readonly steps: readonly KeptStep[];
}

/** Filters along a text. */
export interface Kept {
  /** Tokens of the text, drawn without a filter. */
  readonly ids: readonly number[];
  readonly filters: readonly KeptFilter[];
}

/** Draws a text, and asks at each step what each filter would keep. */
export async function measureKept(
  decoder: Decoder,
  prompt: readonly number[],
  tokens: number,
  key: Key,
  sampler: WasmSampler,
): Promise<Kept> {
  const filters = FILTERS.map((setting) => ({ setting, steps: [] as KeptStep[] }));
  const [ids] = await generate(decoder, [prompt], tokens, (logits, step) => {
    for (const { setting, steps } of filters)
      steps.push(keptStep(sampler, logits.data, setting, foldIn(key, step)));
    return sampler.categorical(logits, { key: foldIn(key, step) }).data;
  });
  return { ids, filters };
}

function keptStep(sampler: WasmSampler, logits: Float32Array, setting: Setting, key: Key): KeptStep {
  const ranked = Array.from(logits.keys())
    .sort((a, b) => logits[b] - logits[a] || a - b)
    .slice(0, RANKS);
  const p = ranked.map((token) => Math.exp(logits[token]));
  // A token that the filter keeps, wherever it ranks: its probability grows by 1/(what is kept).
  const { data: drawn } = sampler.categorical({ data: logits, shape: [logits.length] }, { ...setting, key });
  const asked = Int32Array.from([...ranked, drawn[0]]);
  const repeated = new Float32Array(asked.length * logits.length);
  for (let i = 0; i < asked.length; i++) repeated.set(logits, i * logits.length);
  const { data } = sampler.logProb(
    { data: repeated, shape: [asked.length, logits.length] },
    { data: asked, shape: [asked.length] },
    setting,
  );
  const isKept = Array.from(data.subarray(0, RANKS), (value) => value > Number.NEGATIVE_INFINITY);
  return { p, isKept, mass: Math.min(1, Math.exp(logits[drawn[0]] - data[RANKS])) };
}
