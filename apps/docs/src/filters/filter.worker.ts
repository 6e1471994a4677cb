// Explains filters and draws through them in a worker: with the SIMD engine, or the reference where there is no SIMD.
import { createSampler as createReference, key, type NdArray, type Sampler } from "@gumbel/core";
import { createSampler, hasSimd } from "@gumbel/wasm";
import { explainFilters } from "./explain-filters.ts";
import { optionsOf } from "./filter-settings.ts";
import type { FilterAnswer, FilterEvent, FilterRequest } from "./messages.ts";

const sampler: Promise<Sampler<NdArray, "sync">> = open();

self.onmessage = async ({ data }: MessageEvent<FilterRequest>) => {
  try {
    post({ answer: answerOf(await sampler, data) });
  } catch (error) {
    post({ error: error instanceof Error ? error.message : String(error) });
  }
};

function answerOf(
  sampler: Sampler<NdArray, "sync">,
  { logits, settings, seed, draws }: FilterRequest,
): FilterAnswer {
  const row: NdArray = { data: Float32Array.from(logits), shape: [logits.length] };
  const options = { key: key(seed), ...optionsOf(settings) };
  const { temperature } = settings;
  const counts = new Int32Array(logits.length);
  for (const index of Array.from(sampler.categorical(row, { ...options, sampleShape: [draws] }).data))
    counts[index]!++;
  return {
    ...explainFilters(sampler, logits, settings),
    ...{ logits, settings, seed, draws, counts },
    token: sampler.categorical(row, options).data[0]!,
    unfiltered: sampler.categorical(row, { key: options.key, temperature }).data[0]!,
  };
}

async function open(): Promise<Sampler<NdArray, "sync">> {
  return hasSimd() ? ((await createSampler()) as Sampler<NdArray, "sync">) : createReference();
}

function post(event: FilterEvent): void {
  self.postMessage(event);
}
